//! Where modules are named as the settings to run with: `manage.py`, `wsgi.py`, a Dockerfile.

use std::collections::BTreeMap;

use arrears_core::source::{Language, RelPath, Roles};
use arrears_core::text::TextRange;

use super::condition::has_word;
use super::deployed::{Deployment, deployment};
use super::{Entry, EntryKind};
use crate::flow::Place;
use crate::project::{ProjectFile, ProjectModel};

/// The name of the variable that names the settings.
const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";

/// Returns where modules are named as the settings to run with.
pub(super) fn entries<'p>(project: &ProjectModel<'p>) -> BTreeMap<&'p RelPath, Vec<Entry<'p>>> {
    let mut found: BTreeMap<&'p RelPath, Vec<Entry<'p>>> = BTreeMap::new();
    for file in project.files_with_word(VARIABLE) {
        if file.source.roles.contains(Roles::TEST) {
            continue;
        }
        let path = &file.source.path;
        let name = path.file_name();
        let kind = match name.split('.').next().unwrap_or(name) {
            "wsgi" | "asgi" => EntryKind::Server,
            stem if stem.contains("celery") || stem.contains("asgi") || stem.contains("wsgi") => EntryKind::Server,
            "__init__" if path.folder().ends_with("asgi") || path.folder().ends_with("wsgi") => EntryKind::Server,
            _ if file.source.language == Language::Python => EntryKind::Script,
            _ if deployment(file.source) == Some(Deployment::Production) => EntryKind::Deployment,
            _ => EntryKind::Configuration,
        };
        let is_tests = has_word(name, &["tox", "pytest", "test", "tests", "ci"])
            || path.folders().any(|it| it == ".github" || it == ".circleci");
        for (module, range) in named_in(project, &file) {
            if !is_tests {
                found.entry(module).or_default().push(Entry { kind, place: Place { path, range } });
            }
        }
    }
    found
}

/// Returns the modules that a file names after the variable, with their places.
fn named_in<'p>(project: &ProjectModel<'p>, file: &ProjectFile<'p>) -> Vec<(&'p RelPath, TextRange)> {
    let text: &'p str = &file.source.text;
    let mut found = Vec::new();
    for (at, _) in text.match_indices(VARIABLE).take(20) {
        let from = at + VARIABLE.len();
        let line_end = text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        if text.get(line_end..at).is_some_and(|before| before.trim_start().starts_with('#')) {
            continue;
        }
        let end = text.floor_char_boundary((from + 200).min(text.len()));
        let rest = text.get(from..end).unwrap_or("");
        let mut read = 0;
        for word in rest.split(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '_' | '.'))) {
            let start = from + rest.get(read..).and_then(|it| it.find(word)).map_or(read, |it| read + it);
            read = start + word.len() - from;
            let module = word.trim_matches('.');
            let is_quoted = text.get(..start).is_some_and(|before| before.ends_with(['"', '\'']));
            if file.source.language == Language::Python && !is_quoted {
                continue;
            }
            if module.is_empty() || module == VARIABLE || !module.contains("settings") && !module.contains('.') {
                continue;
            }
            if let Some(path) = project.modules().module(&file.source.path, module) {
                found.push((path, TextRange::of(start..start + word.len())));
                break;
            }
        }
    }
    found
}
