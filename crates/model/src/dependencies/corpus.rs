//! What the texts of a repository name: imports, texts in quotes, words of commands.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{Language, RelPath};
use arrears_core::text::TextRange;

use super::{Dependencies, Ecosystem};
use crate::flow::Place;
use crate::project::{ProjectFile, ProjectModel};
use crate::python::PythonFacts;

/// The files in which packages of Python may be used.
pub(super) struct Corpus<'p> {
    /// The modules of Python with the names they import.
    pub(super) modules: Vec<Module<'p>>,
    /// Configuration and scripts.
    pub(super) configuration: Vec<ProjectFile<'p>>,
    /// The folders of the sets around each module.
    around: BTreeMap<&'p RelPath, Vec<&'p str>>,
}

/// A module of Python.
pub(super) struct Module<'p> {
    pub(super) file: ProjectFile<'p>,
    pub(super) facts: &'p PythonFacts,
    /// The modules and names that it imports from elsewhere, dotted.
    pub(super) imports: BTreeSet<&'p str>,
}

impl<'p> Corpus<'p> {
    pub(super) fn find(model: &ProjectModel<'p>, dependencies: &Dependencies<'p>) -> Self {
        let module = |(file, facts): (ProjectFile<'p>, &'p PythonFacts)| {
            let targets = facts.names.imports().iter().map(|it| it.target.as_str());
            let stars = facts.names.stars.iter().map(String::as_str);
            let imports = targets.chain(stars).filter(|it| !it.starts_with('.')).collect();
            Module { file, facts, imports }
        };
        let modules: Vec<Module<'p>> =
            model.python_files().filter(|(file, _)| file.source.path.file_name() != "setup.py").map(module).collect();
        let configuration = model.files().filter(|file| is_configuration(model, dependencies, *file)).collect();
        let of = |path: &'p RelPath| {
            (path, dependencies.around(path, Ecosystem::Python).iter().map(|set| set.folder).collect())
        };
        let around = modules.iter().map(|it| of(&it.file.source.path)).collect();
        Self { modules, configuration, around }
    }

    /// Returns the modules that the set in a folder is for.
    pub(super) fn modules_of(&self, folder: &str) -> impl Iterator<Item = &Module<'p>> {
        let is_its = move |module: &&Module<'p>| {
            self.around.get(&module.file.source.path).is_some_and(|folders| folders.contains(&folder))
        };
        self.modules.iter().filter(is_its)
    }

    /// Returns where configuration names one of some words on a line that is no comment.
    pub(super) fn configured(&self, words: &[&str]) -> Option<Place<'p>> {
        self.configuration.iter().find_map(|file| {
            let at = words.iter().find_map(|word| {
                let may = parts(word).all(|part| file.facts.words.may_contain(part));
                if may { token(&file.source.text, word) } else { None }
            })?;
            Some(Place { path: &file.source.path, range: at })
        })
    }
}

impl<'p> Module<'p> {
    /// Returns whether the module imports a module or something of it.
    pub(super) fn imports(&self, name: &str) -> bool {
        let from_name = self.imports.range(name..).take_while(|it| it.starts_with(name));
        let is_it =
            |it: &&str| it.len() == name.len() || it.get(name.len()..).is_some_and(|rest| rest.starts_with('.'));
        from_name.into_iter().any(is_it) || self.is_part(name)
    }

    /// `import google.cloud.storage` binds `google`, `from google.cloud import storage` names the rest apart.
    fn is_part(&self, name: &str) -> bool {
        let Some((first, _)) = name.split_once('.') else { return false };
        let of_first = |it: &&str| **it == *first || it.starts_with(&format!("{first}."));
        self.imports.iter().any(of_first) && self.file.source.text.contains(name)
    }

    /// Returns where a text in quotes begins with a name: `"whitenoise.middleware.WhiteNoiseMiddleware"`.
    pub(super) fn quoted(&self, name: &str) -> Option<Place<'p>> {
        if !parts(name).all(|part| self.file.facts.words.may_contain(part)) {
            return None;
        }
        let range = quoted(&self.file.source.text, name)?;
        Some(Place { path: &self.file.source.path, range })
    }
}

/// Returns the words that a name is made of.
pub(super) fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).filter(|it| !it.is_empty())
}

/// Returns where a text of a program begins with a name, behind a quote, on a line that is no comment.
pub(super) fn quoted(text: &str, name: &str) -> Option<TextRange> {
    text.match_indices(name).take(400).find_map(|(at, _)| {
        let before = text.get(..at)?;
        let after = text.get(at + name.len()..)?;
        let is_text =
            before.ends_with(['"', '\'', '`']) && after.starts_with(['"', '\'', '`', '.', ':', '/', '[', '+', ' ']);
        (is_text && !is_comment(before)).then(|| TextRange::of(at..at + name.len()))
    })
}

/// Returns where a name stands by itself on a line that is no comment.
pub(super) fn token(text: &str, name: &str) -> Option<TextRange> {
    let is_inner = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    text.match_indices(name).take(400).find_map(|(at, _)| {
        let before = text.get(..at)?;
        let after = text.get(at + name.len()..)?;
        let is_whole = !before.ends_with(is_inner) && !after.starts_with(is_inner);
        (is_whole && !is_comment(before)).then(|| TextRange::of(at..at + name.len()))
    })
}

/// Returns whether what follows a text stands in a comment that takes the line from its beginning.
fn is_comment(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before).trim_start();
    line.starts_with('#') && !line.starts_with("#!") || line.starts_with("//") || line.starts_with("; ")
}

/// Returns whether a file configures or starts something: no manifest, no list of locked versions, no data.
fn is_configuration(model: &ProjectModel<'_>, dependencies: &Dependencies<'_>, file: ProjectFile<'_>) -> bool {
    let path = &file.source.path;
    let name = path.file_name();
    let is_data = matches!(path.extension(), "html" | "htm" | "djhtml" | "json" | "xml" | "txt" | "in" | "env")
        || name.contains("lock")
        || name.starts_with(".env")
        || matches!(name, ".gitignore" | ".dockerignore" | "dependabot.yml" | "renovate.json" | "CITATION.cff")
        || name.contains("mypy");
    let is_manifest =
        || matches!(name, "pyproject.toml" | "setup.cfg" | "Pipfile") || dependencies.manifest(path).is_some();
    let is_list = || model.document(path).is_some_and(|it| it.requirements().is_some());
    file.source.language == Language::Text && !is_data && !is_manifest() && !is_list()
}
