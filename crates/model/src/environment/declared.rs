//! Where variables are set: `.env` files, services of compose files.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_syntax::document::Document;
use arrears_syntax::document::tree::Item;

use crate::flow::Place;
use crate::project::ProjectModel;

/// A variable that some file sets or shows.
#[derive(Debug, Clone)]
pub struct Declared<'p> {
    /// The name, where it is written.
    pub place: Place<'p>,
    /// The name.
    pub name: String,
    /// By what.
    pub source: Source,
    /// Whether it only shows what may be set: a line that is a comment.
    pub is_comment: bool,
}

/// What sets a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A `.env` file.
    File(EnvFile),
    /// A service of a compose file.
    Compose,
}

/// What a `.env` file is for, by its name and its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvFile {
    /// `.env.example`: tells what there is.
    Example,
    /// `.env.test`, `.env.ci`
    Test,
    /// `.env.development`, `.env.docker`, `.envs/.local/…`
    Development,
    /// `.env`, `.env.production`
    Real,
}

impl EnvFile {
    /// Returns what a file is for.
    pub fn of(path: &RelPath) -> Self {
        let name = path.file_name().to_ascii_lowercase();
        let folder = path.folders().filter(|it| it.starts_with('.') || it.contains("env")).last().unwrap_or("");
        let folder = folder.to_ascii_lowercase();
        let has = |words: &[&str]| {
            let is_word = |text: &str| text.split(['.', '-', '_']).any(|part| words.contains(&part));
            is_word(&name) || is_word(&folder)
        };
        if has(&[
            "example",
            "sample",
            "template",
            "templates",
            "dist",
            "default",
            "defaults",
            "tmpl",
            "tpl",
            "schema",
            "skeleton",
        ]) {
            Self::Example
        } else if has(&["test", "tests", "testing", "ci", "e2e", "vitest", "jest"]) {
            Self::Test
        } else if has(&["dev", "local", "development", "docker", "compose", "codespaces", "devcontainer", "demo"]) {
            Self::Development
        } else {
            Self::Real
        }
    }
}

/// Finds what is set.
pub(super) fn find<'p>(project: &ProjectModel<'p>) -> Vec<Declared<'p>> {
    let mut found = Vec::new();
    for (file, document) in project.documents() {
        let path = &file.source.path;
        let mut add = |name: &str, range: TextRange, source: Source, is_comment: bool| {
            let place = Place { path, range };
            found.push(Declared { place, name: name.to_owned(), source, is_comment });
        };
        match document {
            Document::Env(variables) => {
                let source = Source::File(EnvFile::of(path));
                for variable in variables.iter().filter(|it| !it.is_comment || is_variable(&it.name)) {
                    add(&variable.name, variable.name_range, source, variable.is_comment);
                }
            }
            Document::Tree(tree) if path.file_name().contains("compose") => {
                let services = tree.root().and_then(|root| root.get("services"));
                for service in services.iter().flat_map(|services| services.entries()) {
                    let environment = service.value.get("environment");
                    environment.iter().for_each(|it| service_variables(*it, &mut add));
                }
            }
            _ => {}
        }
    }
    found
}

/// Takes the variables of a service: a map, or a list of `NAME=value` and `NAME`.
fn service_variables(environment: Item<'_>, add: &mut dyn FnMut(&str, TextRange, Source, bool)) {
    for entry in environment.entries() {
        add(entry.key, entry.key_range, Source::Compose, false);
    }
    for item in environment.items() {
        let name = item.scalar().map_or("", |text| text.split('=').next().unwrap_or(text)).trim();
        add(name, item.range(), Source::Compose, false);
    }
}

/// Returns whether the name in a comment is written like a variable's; other comments are prose.
fn is_variable(name: &str) -> bool {
    name.len() > 2 && !name.contains(|next: char| next.is_ascii_lowercase())
}
