//! The scripts of the project, and what their imports name.

use std::cell::OnceCell;

use arrears_core::source::RelPath;
use rustc_hash::FxHashMap;

use super::value::FileId;
use crate::frontend::{Frontend, Origin, Target};
use crate::project::ProjectModel;
use crate::script::ScriptFacts;
use crate::script::value::{CallSite, LambdaId, Values};

/// A script whose values were read.
pub(super) struct File<'p> {
    pub(super) path: &'p RelPath,
    pub(super) text: &'p str,
    pub(super) facts: &'p ScriptFacts,
    pub(super) values: &'p Values,
    names: OnceCell<FxHashMap<&'p str, Vec<usize>>>,
    imports: OnceCell<FxHashMap<&'p str, (&'p str, &'p str)>>,
    sites: OnceCell<FxHashMap<LambdaId, Vec<CallSite>>>,
}

impl<'p> File<'p> {
    /// Returns the places among the bindings where a name gets a value.
    pub(super) fn bindings(&self, name: &str) -> &[usize] {
        let names = self.names.get_or_init(|| {
            let mut names: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
            for (at, binding) in self.values.bindings.iter().enumerate() {
                names.entry(binding.name.slice(self.text)).or_default().push(at);
            }
            names
        });
        names.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the module and the name that a local name is imported from.
    pub(super) fn imported(&self, name: &str) -> Option<(&'p str, &'p str)> {
        let imports = self.imports.get_or_init(|| {
            let each = self.facts.imports.iter();
            each.flat_map(|it| it.names.iter().map(|name| (&*name.local, (&*it.module, &*name.imported)))).collect()
        });
        imports.get(name).copied()
    }

    /// Returns the functions around a place, from the inside.
    pub(super) fn owners(&self, owner: Option<LambdaId>) -> impl Iterator<Item = LambdaId> {
        let next = |id: &LambdaId| self.values.lambda(*id).and_then(|it| it.owner).filter(|outer| outer < id);
        std::iter::successors(owner, next)
    }

    /// Returns the calls in a function, those of inner functions too.
    pub(super) fn sites(&self, lambda: LambdaId) -> &[CallSite] {
        let sites = self.sites.get_or_init(|| {
            let mut sites: FxHashMap<LambdaId, Vec<CallSite>> = FxHashMap::default();
            for site in &self.values.calls {
                for owner in self.owners(site.owner).take(20) {
                    sites.entry(owner).or_default().push(*site);
                }
            }
            sites
        });
        sites.get(&lambda).map_or(&[], Vec::as_slice)
    }
}

/// What a name or the specifier of an import stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named<'p> {
    /// A name of a module; empty for the expression that is its default export.
    Local(FileId, &'p str),
    /// A whole module.
    Module(FileId),
    /// A name of a package; `*` for the whole.
    Package(String, &'p str),
    /// Something that is not there or was not read.
    Missing,
}

/// The scripts of the project.
pub(super) struct Modules<'a, 'p> {
    pub(super) files: Vec<File<'p>>,
    by_path: FxHashMap<&'p str, FileId>,
    frontend: &'a Frontend<'p>,
}

impl<'a, 'p> Modules<'a, 'p> {
    pub(super) fn find(model: &'a ProjectModel<'p>) -> Self {
        let mut files = Vec::new();
        let mut by_path = FxHashMap::default();
        for file in model.files() {
            let Some(facts) = file.facts.script() else { continue };
            let Some(values) = facts.values.as_deref() else { continue };
            if is_elsewhere(file.source.path.as_str(), &file.source.text) {
                continue;
            }
            by_path.insert(file.source.path.as_str(), u32::try_from(files.len()).unwrap_or(u32::MAX));
            files.push(File {
                path: &file.source.path,
                text: &file.source.text,
                facts,
                values,
                names: OnceCell::new(),
                imports: OnceCell::new(),
                sites: OnceCell::new(),
            });
        }
        Self { files, by_path, frontend: model.frontend() }
    }

    pub(super) fn file(&self, id: FileId) -> Option<&File<'p>> {
        self.files.get(id as usize)
    }

    /// Returns what the specifier of an import names.
    pub(super) fn resolve(&self, from: FileId, specifier: &str) -> Named<'p> {
        let Some(file) = self.file(from) else { return Named::Missing };
        match self.frontend.resolve(file.path, specifier) {
            Target::File(path) => self.by_path.get(path.as_str()).map_or(Named::Missing, |id| Named::Module(*id)),
            Target::External(_) => Named::Package(specifier.to_owned(), "*"),
            Target::Asset | Target::Unresolved => Named::Missing,
        }
    }

    /// Returns what a name that a module imports stands for.
    pub(super) fn imported(&self, from: FileId, local: &'p str) -> Named<'p> {
        match self.file(from) {
            Some(file) => self.named(self.frontend.origin(file.path, local)),
            None => Named::Missing,
        }
    }

    /// Returns what a module exports under a name.
    pub(super) fn export(&self, file: FileId, name: &'p str) -> Named<'p> {
        match self.file(file) {
            Some(file) => self.named(self.frontend.export_origin(file.path, name)),
            None => Named::Missing,
        }
    }

    fn named(&self, origin: Origin<'p, 'p>) -> Named<'p> {
        match origin {
            Origin::Code(path, name) => match (self.by_path.get(path.as_str()), name) {
                (Some(id), "*") => Named::Module(*id),
                (Some(id), name) => Named::Local(*id, name),
                (None, _) => Named::Missing,
            },
            Origin::Package(module, name) => Named::Package(module.to_owned(), name),
            Origin::Unknown => Named::Missing,
        }
    }
}

/// Returns whether a script is written elsewhere: a library among static files, a client made from a schema.
fn is_elsewhere(path: &str, text: &str) -> bool {
    let is_library = path.contains("static/") && ["/lib/", "/libs/", "/vendor/"].iter().any(|it| path.contains(it));
    is_library || is_generated(path, text)
}

/// Returns whether a script was made from the schema of an API.
pub(super) fn is_generated(path: &str, text: &str) -> bool {
    let head = text.get(..text.floor_char_boundary(800)).unwrap_or(text).to_ascii_lowercase();
    path.contains("/generated/")
        || [
            "openapi generator",
            "openapi-generator",
            "auto generated",
            "autogenerated",
            "auto-generated",
            "orval",
            "@hey-api",
        ]
        .iter()
        .any(|it| head.contains(it))
}
