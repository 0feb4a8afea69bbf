//! What the manifests of a repository declare, and what the code makes of it.
//!
//! Each manifest is read with its places; those that cover the same folder form a set. `python_use` and `script_use`
//! ask which declared packages are used, and which used ones are not declared.

mod companions;
mod corpus;
mod kits;
pub mod legacy;
pub mod names;
mod node_tables;
pub mod npm;
pub mod pip;
pub mod pyproject;
mod python_need;
mod python_use;
mod script_use;
pub mod stdlib;
mod table;
#[cfg(test)]
mod tests;
pub mod tracking;
pub mod wiring;

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use crate::flow::Place;
use crate::project::{ProjectFile, ProjectModel};
use python_use::Judge;
use script_use::ScriptJudge;

/// The manifests of a repository.
#[derive(Debug, Default)]
pub struct Dependencies<'p> {
    manifests: Vec<Manifest<'p>>,
    sets: Vec<Set<'p>>,
}

/// A file that declares packages.
#[derive(Debug)]
pub struct Manifest<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// Where its packages come from.
    pub ecosystem: Ecosystem,
    /// What it is for, by its name.
    pub kind: Kind,
    /// The folder whose code it is for.
    pub covers: &'p str,
    /// What it declares, in the order of the file.
    pub declarations: Vec<Declaration>,
    /// The manifests that it takes over.
    pub includes: Vec<&'p RelPath>,
    /// Whether all that it declares is seen: nothing is computed, and nothing is included that is not there.
    pub is_complete: bool,
    /// Whether a program wrote it from another: also what other packages need stands in it.
    pub is_lock: bool,
    /// Whether it describes a package that others install.
    pub is_library: bool,
}

/// Where packages come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ecosystem {
    /// Distributions of Python.
    Python,
    /// Packages of Node.
    Node,
}

/// What a package is declared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The product needs it when it runs.
    Runtime,
    /// An extra, or an optional dependency.
    Optional,
    /// Development, tests, documentation.
    Dev,
    /// The package that uses this one has to have it.
    Peer,
    /// The build.
    Build,
}

/// A package that a manifest declares.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// The name as it is written.
    pub name: String,
    /// The name as the index knows it: `django-redis` for `Django_Redis`.
    pub key: String,
    /// Where the name is written.
    pub range: TextRange,
    /// What for.
    pub kind: Kind,
    /// The extras.
    pub extras: Vec<String>,
    /// What versions are allowed, as it is written; empty, where any is.
    pub versions: String,
    /// Whether it is installed only under some condition.
    pub is_conditional: bool,
    /// Whether it comes from an address or a path.
    pub is_addressed: bool,
    /// The comments that stand behind it and above it.
    pub comment: String,
}

/// The manifests that cover one folder: `pyproject.toml` and `requirements/*.txt`, or one `package.json`.
#[derive(Debug)]
pub struct Set<'p> {
    /// The folder.
    pub folder: &'p str,
    /// Where the packages come from.
    pub ecosystem: Ecosystem,
    /// The manifests, sorted by path.
    pub members: Vec<usize>,
    /// Manifests that are not read lie in the folder: lists of Conda, files that are too large or broken.
    pub has_gaps: bool,
    /// Whether a lock file lies in the folder or above it.
    pub has_lock: bool,
}

/// A declared package that nothing uses.
#[derive(Debug, Clone)]
pub struct Unused<'p> {
    /// Where the package comes from.
    pub ecosystem: Ecosystem,
    /// The manifest.
    pub manifest: &'p RelPath,
    /// What it declares there.
    pub declaration: Declaration,
    /// Whether it is not declared for the product, but for an extra, for development or tests.
    pub is_minor: bool,
    /// Whether there is code that could use it.
    pub has_code: bool,
}

/// A package that is used and not declared.
#[derive(Debug, Clone)]
pub struct Undeclared<'p> {
    /// Where the package comes from.
    pub ecosystem: Ecosystem,
    /// The module, or the package as another manifest names it.
    pub name: String,
    /// What is installed for it.
    pub distribution: String,
    /// Where it is imported, sorted by path; the manifest that lacks it, where another one has it.
    pub places: Vec<Place<'p>>,
    /// The manifest that is to declare it, at its first declaration; the one that declares it, where another lacks it.
    pub manifest: Option<Place<'p>>,
    /// Why it is to be declared.
    pub why: Why,
}

/// A list that leaves versions open.
#[derive(Debug, Clone)]
pub struct Unbound<'a, 'p> {
    /// The manifest.
    pub manifest: &'p RelPath,
    /// What may come in any version.
    pub declarations: Vec<&'a Declaration>,
}

/// Why a package is to be declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is imported.
    Imported,
    /// It is imported, and known to come along with another package.
    Brought,
    /// It is imported where it may be missing: in `try`.
    Guarded,
    /// Another manifest of the same folder declares it.
    Drifted,
}

impl<'p> Dependencies<'p> {
    /// Returns the declared packages that nothing uses.
    pub fn unused(&self, model: &ProjectModel<'p>) -> Vec<Unused<'p>> {
        let mut found = Judge::new(model, self).unused();
        found.extend(ScriptJudge::new(model, self).unused());
        found
    }

    /// Returns the packages that are used and not declared.
    pub fn undeclared(&self, model: &ProjectModel<'p>) -> Vec<Undeclared<'p>> {
        let mut found = Judge::new(model, self).undeclared();
        found.extend(ScriptJudge::new(model, self).undeclared());
        found
    }

    /// Returns the packages that settings have to name and do not.
    pub fn unwired(&self, model: &ProjectModel<'p>) -> Vec<wiring::Unwired<'p>> {
        Judge::new(model, self).unwired()
    }

    /// Returns the lists of requirements that leave versions open which nothing else fixes.
    pub fn unbound<'a>(&'a self, model: &ProjectModel<'p>) -> Vec<Unbound<'a, 'p>> {
        let mut found = Vec::new();
        for set in self.sets.iter().filter(|it| it.ecosystem == Ecosystem::Python && !it.has_lock) {
            let members = || set.members.iter().filter_map(|at| self.manifests.get(*at));
            if members().any(|it| it.is_lock || it.is_library) {
                continue;
            }
            for manifest in members().filter(|it| it.kind == Kind::Runtime && !pip::is_constrained(model, it.path)) {
                let is_open = |it: &&Declaration| {
                    it.kind == Kind::Runtime && it.versions.is_empty() && !it.is_addressed && !it.name.is_empty()
                };
                let declarations: Vec<&Declaration> = manifest.declarations.iter().filter(is_open).collect();
                if !declarations.is_empty() {
                    found.push(Unbound { manifest: manifest.path, declarations });
                }
            }
        }
        found
    }

    /// Reads the manifests of a project.
    pub fn find(model: &ProjectModel<'p>) -> Self {
        let mut manifests = Vec::new();
        for file in model.files().filter(|file| is_own(*file)) {
            let path = &file.source.path;
            manifests.extend(match path.file_name() {
                "pyproject.toml" => pyproject::read(model, file),
                "setup.cfg" => legacy::setup_cfg(file),
                "setup.py" => legacy::setup_py(file),
                "Pipfile" => legacy::pipfile(file),
                "package.json" => npm::read(file),
                _ => pip::read(model, file),
            });
        }
        pip::mark_compiled(&mut manifests);
        let sets = sets(model, &manifests);
        Self { manifests, sets }
    }

    /// Returns all manifests, sorted by path.
    pub fn manifests(&self) -> &[Manifest<'p>] {
        &self.manifests
    }

    /// Returns the sets of manifests, sorted by folder.
    pub fn sets(&self) -> &[Set<'p>] {
        &self.sets
    }

    /// Returns the manifests of a set, and those that they take over.
    pub fn members<'a>(&'a self, set: &Set<'p>) -> Vec<&'a Manifest<'p>> {
        let mut found: BTreeMap<&RelPath, &Manifest<'p>> = BTreeMap::new();
        let mut open: Vec<&Manifest<'p>> = set.members.iter().filter_map(|at| self.manifests.get(*at)).collect();
        while let Some(manifest) = open.pop() {
            if found.insert(manifest.path, manifest).is_none() {
                open.extend(manifest.includes.iter().filter_map(|path| self.manifest(path)));
            }
        }
        found.into_values().collect()
    }

    /// Returns a manifest.
    pub fn manifest(&self, path: &RelPath) -> Option<&Manifest<'p>> {
        self.manifests.iter().find(|it| it.path == path)
    }

    /// Returns the sets whose folder is around a file, the innermost first; all of the ecosystem where none is.
    pub fn around(&self, path: &RelPath, ecosystem: Ecosystem) -> Vec<&Set<'p>> {
        let of_kind = || self.sets.iter().filter(|set| set.ecosystem == ecosystem);
        let mut found: Vec<&Set<'p>> = of_kind().filter(|set| is_within(path.as_str(), set.folder)).collect();
        found.sort_by_key(|set| usize::MAX - set.folder.len());
        if found.is_empty() { of_kind().collect() } else { found }
    }

    /// Returns whether a manifest takes another one over, through others too.
    pub fn includes(&self, manifest: &Manifest<'p>, other: &RelPath) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![manifest]);
        while let Some(at) = open.pop() {
            if at.includes.contains(&other) {
                return true;
            }
            let new = at.includes.iter().filter_map(|path| self.manifest(path)).filter(|it| seen.insert(it.path));
            open.extend(new.collect::<Vec<_>>());
        }
        false
    }
}

impl Manifest<'_> {
    /// Returns the first declaration of a package, by the name that the index knows.
    pub fn declaration(&self, key: &str) -> Option<&Declaration> {
        self.declarations.iter().find(|it| it.key == key)
    }

    /// Returns whether the manifest names the framework of a server: it is for a whole application.
    pub fn has_framework(&self) -> bool {
        const FRAMEWORKS: [&str; 6] = ["django", "fastapi", "flask", "starlette", "djangorestframework", "wagtail"];
        self.declarations.iter().any(|it| FRAMEWORKS.contains(&it.key.as_str()))
    }
}

/// Returns whether a path lies in a folder; the root holds every path.
pub(crate) fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Returns whether a file belongs to the project, not to an example, a template or a package that is kept here.
fn is_own(file: ProjectFile<'_>) -> bool {
    const OTHERS: [&str; 29] = [
        "cookiecutter",
        "example",
        "examples",
        "fixtures",
        "node_modules",
        "project_template",
        "project_templates",
        "sample",
        "samples",
        "site-packages",
        "skeleton",
        "static",
        "staticfiles",
        "template",
        "templates",
        "test",
        "testdata",
        "tests",
        "third_party",
        "vendor",
        "vendored",
        "archive",
        "archived",
        "backup",
        "backups",
        "deprecated",
        "legacy",
        "obsolete",
        "old",
    ];
    let path = &file.source.path;
    !file.source.roles.contains(Roles::VENDORED)
        && !path.folders().any(|folder| OTHERS.contains(&folder.to_ascii_lowercase().as_str()) || folder.contains("{{"))
}

/// Groups manifests by ecosystem and folder.
fn sets<'p>(model: &ProjectModel<'p>, manifests: &[Manifest<'p>]) -> Vec<Set<'p>> {
    let mut members: BTreeMap<(Ecosystem, &'p str), Vec<usize>> = BTreeMap::new();
    for (at, manifest) in manifests.iter().enumerate() {
        members.entry((manifest.ecosystem, manifest.covers)).or_default().push(at);
    }
    let set = |((ecosystem, folder), members): ((Ecosystem, &'p str), Vec<usize>)| {
        let is_whole = members.iter().filter_map(|at| manifests.get(*at)).all(|it| it.is_complete);
        let has_gaps = !is_whole || has_unread(model, folder, ecosystem);
        Set { folder, ecosystem, members, has_gaps, has_lock: has_lock(model, folder, ecosystem) }
    };
    members.into_iter().map(set).collect()
}

/// Returns whether a folder holds a manifest that is not read.
fn has_unread(model: &ProjectModel<'_>, folder: &str, ecosystem: Ecosystem) -> bool {
    const FOREIGN: [&str; 9] = [
        "environment.yml",
        "environment.yaml",
        "conda.yml",
        "conda.yaml",
        "pixi.toml",
        "meta.yaml",
        "shell.nix",
        "flake.nix",
        "requirements.pip",
    ];
    let inventory = model.inventory();
    if ecosystem == Ecosystem::Python && FOREIGN.iter().any(|name| inventory.has_file(&within(folder, name))) {
        return true;
    }
    let is_broken = |name: &str| {
        let path = RelPath::new(&within(folder, name));
        inventory.has_file(path.as_str()) && model.document(&path).is_none()
    };
    match ecosystem {
        Ecosystem::Python => ["pyproject.toml", "requirements.txt", "Pipfile"].iter().any(|name| is_broken(name)),
        Ecosystem::Node => is_broken("package.json"),
    }
}

fn has_lock(model: &ProjectModel<'_>, folder: &str, ecosystem: Ecosystem) -> bool {
    let locks: &[&str] = match ecosystem {
        Ecosystem::Python => {
            &["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "requirements.lock", "pylock.toml", "pixi.lock"]
        }
        Ecosystem::Node => {
            &["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb", "bun.lock", "npm-shrinkwrap.json"]
        }
    };
    upwards(folder).any(|folder| locks.iter().any(|name| model.inventory().has_file(&within(folder, name))))
}

/// Returns a folder and the folders around it, the root last.
pub(crate) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| {
        if at.is_empty() { None } else { Some(at.rsplit_once('/').map_or("", |(outer, _)| outer)) }
    })
}

/// Joins a folder and the name of a file in it.
pub(crate) fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
