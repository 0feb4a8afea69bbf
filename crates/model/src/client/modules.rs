//! The scripts of the project, and what their imports name.

use std::cell::OnceCell;

use arrears_core::source::RelPath;
use rustc_hash::FxHashMap;

use super::value::FileId;
use crate::project::ProjectModel;
use crate::script::ScriptFacts;
use crate::script::value::{CallSite, LambdaId, Values};

/// How many modules a name is followed through.
const STEPS: u32 = 12;

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

/// What the specifier of an import names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'p> {
    /// A script of the project.
    File(FileId),
    /// A package.
    Package(&'p str),
    /// Something of the project that is not there or was not read.
    Missing,
}

/// The scripts of the project.
pub(super) struct Modules<'p> {
    pub(super) files: Vec<File<'p>>,
    by_path: FxHashMap<&'p str, FileId>,
}

impl<'p> Modules<'p> {
    pub(super) fn find(model: &ProjectModel<'p>) -> Self {
        let mut files = Vec::new();
        let mut by_path = FxHashMap::default();
        for file in model.files() {
            let Some(facts) = file.facts.script() else { continue };
            let Some(values) = facts.values.as_deref() else { continue };
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
        Self { files, by_path }
    }

    pub(super) fn file(&self, id: FileId) -> Option<&File<'p>> {
        self.files.get(id as usize)
    }

    /// Returns what an import names.
    pub(super) fn resolve(&self, from: FileId, specifier: &'p str) -> Target<'p> {
        let Some(file) = self.file(from) else { return Target::Missing };
        let folder = file.path.folder();
        if specifier.starts_with('.') {
            return join(folder, specifier).and_then(|path| self.at(&path)).map_or(Target::Missing, Target::File);
        }
        if let Some(rest) = ["@/", "~/", "src/", "#/"].iter().find_map(|it| specifier.strip_prefix(it)) {
            let mut at = Some(folder);
            while let Some(folder) = at {
                let found = [join(folder, rest), join(folder, &format!("src/{rest}"))];
                if let Some(id) = found.into_iter().flatten().find_map(|path| self.at(&path)) {
                    return Target::File(id);
                }
                at = if folder.is_empty() { None } else { Some(folder.rsplit_once('/').map_or("", |(up, _)| up)) };
            }
            return Target::Missing;
        }
        Target::Package(specifier)
    }

    fn at(&self, path: &str) -> Option<FileId> {
        const ENDINGS: [&str; 10] =
            ["", ".ts", ".tsx", ".js", ".jsx", "/index.ts", "/index.tsx", "/index.js", "/index.jsx", ".mjs"];
        let found = ENDINGS.iter().find_map(|ending| self.by_path.get(format!("{path}{ending}").as_str()));
        let stem = path.strip_suffix(".js");
        found.or_else(|| stem.and_then(|it| self.by_path.get(format!("{it}.ts").as_str()))).copied()
    }

    /// Returns the module and the local name that a module exports under a name; the empty name is its default
    /// expression.
    pub(super) fn export(&self, file: FileId, name: &'p str) -> Option<Exported<'p>> {
        let mut left = STEPS;
        self.export_within(file, name, &mut left)
    }

    fn export_within(&self, at: FileId, name: &'p str, left: &mut u32) -> Option<Exported<'p>> {
        *left = left.checked_sub(1)?;
        let file = self.file(at)?;
        if let Some(export) = file.facts.exports.iter().find(|it| it.name == name && it.name != "*") {
            return match &export.module {
                None => Some(Exported::Local(at, &export.local)),
                Some(module) => match self.resolve(at, module) {
                    Target::File(next) if export.local == "*" => Some(Exported::Module(next)),
                    Target::File(next) => self.export_within(next, &export.local, left),
                    Target::Package(module) => Some(Exported::Package(module, &export.local)),
                    Target::Missing => None,
                },
            };
        }
        let stars = file.facts.exports.iter().filter(|it| it.name == "*" && name != "default");
        for module in stars.filter_map(|it| it.module.as_deref()) {
            if let Target::File(next) = self.resolve(at, module)
                && let Some(found) = self.export_within(next, name, left)
            {
                return Some(found);
            }
        }
        None
    }
}

/// What an export stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Exported<'p> {
    /// A name of a module; empty for the expression that is its default export.
    Local(FileId, &'p str),
    /// A whole module.
    Module(FileId),
    /// A name of a package.
    Package(&'p str, &'p str),
}

/// Joins a folder and a relative path; nothing where that leads out of the repository.
fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
