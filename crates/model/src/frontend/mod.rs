//! The module graph of the frontend: which file a specifier means, what a name in it stands for, what is reached
//! from where a program starts.

mod alias;
pub mod boundary;
pub mod context;
pub mod entry;
mod export;
mod files;
pub mod graph;
mod json;
pub mod later;
pub mod localisation;
mod mention;
pub(crate) mod mount;
pub mod package;
pub(crate) mod paths;
pub mod render;
mod resolve;
mod start;
#[cfg(test)]
mod tests;
mod tsconfig;

use std::sync::OnceLock;

use arrears_core::source::{Language, RelPath};

use crate::project::{ProjectFile, ProjectModel};
use crate::script::ScriptFacts;
use alias::Aliases;
use files::Files;
use graph::Graph;
use package::{Package, Packages};
use render::Use;
use tsconfig::Configs;

/// The module graph of the frontend.
pub struct Frontend<'p> {
    files: Files<'p>,
    packages: Packages<'p>,
    configs: Configs,
    aliases: Aliases,
    graph: OnceLock<Graph<'p>>,
}

/// What a specifier means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target<'p> {
    /// A module of the repository.
    File(&'p RelPath),
    /// A file that holds no code: styles, images, data.
    Asset,
    /// A package that lies outside, by its name, or a module of the runtime.
    External(String),
    /// It is not known what.
    Unresolved,
}

/// What a name stands for in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'p, 'a> {
    /// A name of a module of the repository; the empty name is an expression that is the default export, `*` is the
    /// whole module.
    Code(&'p RelPath, &'a str),
    /// What a package outside exports under a name: the specifier as it is written, and the name.
    Package(&'a str, &'a str),
    /// It is not known what.
    Unknown,
}

impl<'p> Frontend<'p> {
    /// Reads the packages and configurations of a project.
    pub fn find(model: &ProjectModel<'p>) -> Self {
        let files = Files::find(model.files());
        let packages = Packages::find(&files);
        let configs = Configs::find(&files, &packages);
        let aliases = Aliases::find(&files);
        Self { files, packages, configs, aliases, graph: OnceLock::new() }
    }

    /// Returns the packages of the repository, sorted by folder.
    pub fn packages(&self) -> impl Iterator<Item = &Package<'p>> {
        self.packages.all()
    }

    /// Returns the package that a file belongs to.
    pub fn package_of(&self, path: &RelPath) -> Option<&Package<'p>> {
        self.packages.around(path.folder())
    }

    /// Returns the facts of a module.
    pub fn script(&self, path: &RelPath) -> Option<&'p ScriptFacts> {
        self.files.get(path.as_str())?.facts.script()
    }

    /// Returns the modules of TypeScript and JavaScript, sorted by path.
    pub fn scripts(&self) -> impl Iterator<Item = (ProjectFile<'p>, &'p ScriptFacts)> {
        self.files.all().iter().filter_map(|file| Some((*file, file.facts.script()?)))
    }
}

/// Joins a folder and a relative path; `None` where it leads out of the root.
pub(crate) fn join_paths(folder: &str, relative: &str) -> Option<String> {
    paths::join(folder, relative)
}

/// Returns whether a package is a module of the runtime.
pub(crate) fn is_builtin(name: &str) -> bool {
    resolve::is_builtin(name)
}

fn is_script(file: ProjectFile<'_>) -> bool {
    matches!(file.source.language, Language::TypeScript | Language::Tsx | Language::JavaScript)
}
