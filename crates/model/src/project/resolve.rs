//! Which file a module name means, and which definition a dotted name means.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{Language, RelPath};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{ClassRef, FunctionRef, ProjectFile, ProjectModel};
use crate::python::ClassId;
use crate::python::names::{Value, join};

/// How many imports and re-exports a name is followed through.
const STEPS: u32 = 12;

/// The Python modules of a repository, and the folders that absolute imports start from.
///
/// The folders are found, not configured: those that hold a `manage.py`, a `pyproject.toml` or a `setup.py`, every
/// `src`, the parent of every top-most package, and the root.
#[derive(Debug)]
pub struct Modules<'p> {
    roots: BTreeSet<&'p str>,
    by_path: FxHashMap<&'p str, &'p RelPath>,
    stems: FxHashMap<&'p str, Vec<&'p RelPath>>,
}

/// One search for a name: what was looked at already, and what counts.
#[derive(Debug, Default)]
struct Search<'p> {
    /// Names that were looked for in modules that import all names of others.
    seen: FxHashSet<(&'p RelPath, String)>,
    /// Whether a base is looked for: no method is one, and to look for it would be to look for bases again.
    is_base: bool,
}

/// What a dotted name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Symbol<'p> {
    /// A function or method of the project.
    Function(FunctionRef<'p>),
    /// A class of the project.
    Class(ClassRef<'p>),
    /// A variable at the top of a module of the project.
    Variable(&'p RelPath, String),
    /// A module of the project.
    Module(&'p RelPath),
    /// A name from outside the project, or a builtin: `celery.shared_task`.
    External(String),
}

impl<'p> Modules<'p> {
    /// Finds modules and roots.
    pub fn find(files: &BTreeMap<&'p RelPath, ProjectFile<'p>>) -> Self {
        let python: Vec<&'p RelPath> = files
            .values()
            .filter(|file| file.source.language == Language::Python)
            .map(|file| &file.source.path)
            .collect();
        let packages: BTreeSet<&str> =
            python.iter().filter(|path| path.file_name() == "__init__.py").map(|path| path.folder()).collect();
        let mut roots: BTreeSet<&'p str> = BTreeSet::from([""]);
        for path in files.keys() {
            let is_mark = matches!(path.file_name(), "manage.py" | "setup.py" | "pyproject.toml");
            // A `src` that is a package itself is imported as `src.models`.
            let is_source = path.folder().rsplit('/').next() == Some("src") && !packages.contains(path.folder());
            if is_mark || is_source {
                roots.insert(path.folder());
            }
        }
        for package in &packages {
            let parent = package.rsplit_once('/').map_or("", |(parent, _)| parent);
            if !packages.contains(parent)
                && let Some(root) = python.iter().map(|path| path.folder()).find(|folder| folder.starts_with(parent))
            {
                roots.insert(&root[..parent.len()]);
            }
        }
        let mut stems: FxHashMap<&'p str, Vec<&'p RelPath>> = FxHashMap::default();
        for path in &python {
            let stem = path.file_name().strip_suffix(".py").unwrap_or("");
            let stem = if stem == "__init__" { path.folder().rsplit('/').next().unwrap_or("") } else { stem };
            stems.entry(stem).or_default().push(path);
            if path.file_name() == "__init__.py" {
                stems.entry("__init__").or_default().push(path);
            }
        }
        Self { roots, by_path: python.iter().map(|path| (path.as_str(), *path)).collect(), stems }
    }

    /// Returns the file that a module name means in `from`; leading dots make it relative.
    pub fn module(&self, from: &RelPath, name: &str) -> Option<&'p RelPath> {
        let dots = name.len() - name.trim_start_matches('.').len();
        let tail = name[dots..].replace('.', "/");
        if dots > 0 {
            let mut folder = from.folder();
            for _ in 1..dots {
                folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
            }
            return self.at(folder, &tail);
        }
        // Most names that are asked for are no module at all.
        let named = self.stems.get(tail.rsplit('/').next().unwrap_or(&tail))?;
        // The nearest root around the importing file wins; then any other root; then the file's own folder, as for
        // scripts, never for modules of packages. `import celery` beside a `celery.py` means Celery, or nothing would run.
        let below = named.iter().filter_map(|path| {
            let root_before = |end: &str| {
                let root = path.as_str().strip_suffix(end)?.strip_suffix(tail.as_str())?;
                if root.is_empty() { Some(root) } else { root.strip_suffix('/') }
            };
            let package = root_before("/__init__.py").map(|root| (root, false));
            let (root, is_plain) = package.or_else(|| root_before(".py").map(|root| (root, true)))?;
            let is_around = is_within(from.folder(), root);
            let rank = if is_around { (0, usize::MAX - root.len(), "") } else { (1, 0, root) };
            self.roots.contains(root).then_some(((rank, is_plain), *path))
        });
        let own = || self.at(from.folder(), &tail).filter(|_| self.at(from.folder(), "").is_none());
        let found = below.min_by_key(|(rank, _)| *rank).map(|(_, path)| path).or_else(own);
        found.filter(|found| *found != from && (tail != "celery" || found.file_name() != "celery.py"))
    }

    /// Returns whether a name is a package of the repository: a folder of modules below one of the roots.
    pub fn is_package(&self, name: &str) -> bool {
        self.roots.iter().any(|root| {
            let folder = if root.is_empty() { format!("{name}/") } else { format!("{root}/{name}/") };
            self.by_path.keys().any(|path| path.starts_with(&folder))
        })
    }

    fn at(&self, folder: &str, tail: &str) -> Option<&'p RelPath> {
        if !tail.is_empty() && !self.stems.contains_key(tail.rsplit('/').next().unwrap_or(tail)) {
            return None;
        }
        let base = match (folder.is_empty(), tail.is_empty()) {
            (true, _) => tail.to_owned(),
            (false, true) => folder.to_owned(),
            (false, false) => format!("{folder}/{tail}"),
        };
        let found = |path: String| self.by_path.get(path.as_str()).copied();
        if base.is_empty() {
            return found("__init__.py".to_owned());
        }
        found(format!("{base}/__init__.py")).or_else(|| found(format!("{base}.py")))
    }

    /// Returns the dotted names under which a file can be imported, the shortest first.
    pub fn names_of(&self, path: &RelPath) -> Vec<String> {
        let stem = path.as_str().strip_suffix(".py").unwrap_or(path.as_str());
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        let within = self.roots.iter().rev().filter(|root| is_within(path.folder(), root));
        within
            .map(|root| stem[root.len()..].trim_start_matches('/').replace('/', "."))
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// Returns whether some module could be meant by the first part of a dotted name.
    pub fn knows_package(&self, head: &str) -> bool {
        self.stems.contains_key(head) || self.by_path.keys().any(|path| path.split('/').any(|segment| segment == head))
    }
}

fn is_within(folder: &str, root: &str) -> bool {
    root.is_empty() || folder == root || folder.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

impl<'p> ProjectModel<'p> {
    /// Returns the modules of the project.
    pub fn modules(&self) -> &Modules<'p> {
        &self.modules
    }

    /// Returns what a dotted name means at an offset of a file; `None` where it is a local variable or not known.
    pub fn resolve(&self, path: &'p RelPath, name: &str, at: u32) -> Option<Symbol<'p>> {
        self.resolve_as(path, name, at, false)
    }

    fn resolve_as(&self, path: &'p RelPath, name: &str, at: u32, is_base: bool) -> Option<Symbol<'p>> {
        let search = &mut Search { is_base, ..Search::default() };
        let facts = self.python(path)?;
        let head = name.split('.').next().unwrap_or(name);
        if matches!(head, "self" | "cls") {
            return self.resolve_self(path, name, at);
        }
        if facts.names.import(head, at).is_none()
            && !matches!(facts.names.assignment(head).map(|it| &it.value), Some(Value::Name(_)))
        {
            return self.member(path, name, STEPS, search).or_else(|| Some(Symbol::External(name.to_owned())));
        }
        self.resolve_canonical(path, &facts.names.canonical(name, at), STEPS, search)
    }

    /// Returns what a dotted name means inside a module.
    pub fn lookup(&self, file: &'p RelPath, name: &str) -> Option<Symbol<'p>> {
        if let Some(found) = self.member(file, name, STEPS, &mut Search::default()) {
            return Some(found);
        }
        // `package.module` where nothing imports the module.
        if file.file_name() != "__init__.py" {
            return None;
        }
        self.modules.module(file, &format!(".{name}")).map(Symbol::Module)
    }

    /// Returns what a canonical name means: a relative one is searched from `path`.
    fn resolve_canonical(
        &self,
        path: &'p RelPath,
        canonical: &str,
        steps: u32,
        search: &mut Search<'p>,
    ) -> Option<Symbol<'p>> {
        let steps = steps.checked_sub(1)?;
        let dots = canonical.len() - canonical.trim_start_matches('.').len();
        let segments: Vec<&str> = canonical[dots..].split('.').collect();
        // The longest prefix that is a module; what follows is looked up in it.
        for length in (1..=segments.len()).rev() {
            let module = format!("{}{}", &canonical[..dots], segments[..length].join("."));
            let Some(file) = self.modules.module(path, &module) else { continue };
            if length == segments.len() {
                return Some(Symbol::Module(file));
            }
            return self.member(file, &segments[length..].join("."), steps, search);
        }
        if dots > 0 {
            let package = self.modules.module(path, &canonical[..dots])?;
            return self.member(package, &segments.join("."), steps, search);
        }
        Some(Symbol::External(canonical.to_owned()))
    }

    /// Returns what a dotted name means inside a module: its own definitions, then its imports, then its star imports.
    fn member(&self, file: &'p RelPath, name: &str, steps: u32, search: &mut Search<'p>) -> Option<Symbol<'p>> {
        let steps = steps.checked_sub(1)?;
        let facts = self.python(file)?;
        let (head, rest) = name.split_once('.').map_or((name, None), |(head, rest)| (head, Some(rest)));
        if let Some(id) = facts.top_class(head) {
            return match rest {
                None => Some(Symbol::Class(ClassRef { path: file, id })),
                Some(_) if search.is_base => None,
                Some(method) => self.method(ClassRef { path: file, id }, method, steps).map(Symbol::Function),
            };
        }
        if let Some(id) = facts.top_function(head) {
            return rest.is_none().then_some(Symbol::Function(FunctionRef { path: file, id }));
        }
        if let Some(import) =
            facts.names.import(head, 0).or_else(|| facts.names.imports().iter().find(|it| it.local == head))
        {
            let target = rest.map_or_else(|| import.target.clone(), |rest| join(&import.target, rest));
            return self.resolve_canonical(file, &target, steps, search);
        }
        if let Some(assignment) = facts.names.assignment(head) {
            return match (&assignment.value, rest) {
                (Value::Name(next), _) if next != head => {
                    self.member(file, &rest.map_or_else(|| next.clone(), |rest| join(next, rest)), steps, search)
                }
                (_, None) => Some(Symbol::Variable(file, head.to_owned())),
                (_, Some(_)) => None,
            };
        }
        if facts.names.stars.is_empty() || !search.seen.insert((file, name.to_owned())) {
            return None;
        }
        facts.names.stars.iter().find_map(|star| {
            let module = self.modules.module(file, star)?;
            self.member(module, name, steps, search)
        })
    }

    /// Returns a method of a class, looking at its bases from left to right.
    pub fn method(&self, class: ClassRef<'p>, name: &str, steps: u32) -> Option<FunctionRef<'p>> {
        self.method_within(class, name, steps, &mut FxHashSet::default())
    }

    /// Looks for a method; what several classes descend from is looked at once.
    fn method_within(
        &self,
        class: ClassRef<'p>,
        name: &str,
        steps: u32,
        seen: &mut FxHashSet<ClassRef<'p>>,
    ) -> Option<FunctionRef<'p>> {
        let steps = steps.checked_sub(1)?;
        if !seen.insert(class) {
            return None;
        }
        let facts = self.python(class.path)?;
        if let Some(id) = facts.method(class.id, name) {
            return Some(FunctionRef { path: class.path, id });
        }
        self.bases(class).into_iter().find_map(|base| match base {
            Symbol::Class(base) => self.method_within(base, name, steps, seen),
            _ => None,
        })
    }

    /// Returns what the bases of a class mean; one that is not known is left out.
    pub fn bases(&self, class: ClassRef<'p>) -> Vec<Symbol<'p>> {
        let Some(facts) = self.python(class.path).and_then(|facts| facts.class(class.id)) else { return Vec::new() };
        // `class Inner(self.Base)` in a method: to look for the base would be to look through the bases again.
        let is_named = |base: &&String| !matches!(base.split('.').next(), Some("self" | "cls"));
        facts
            .bases
            .iter()
            .filter(is_named)
            .filter_map(|base| self.resolve_as(class.path, base, facts.range.start(), true))
            .collect()
    }

    /// Returns whether a class is, or descends from, one whose external name satisfies `is_wanted`.
    pub fn descends_from(&self, class: ClassRef<'p>, is_wanted: &dyn Fn(&str) -> bool) -> bool {
        self.descends(class, is_wanted, STEPS, &mut FxHashSet::default())
    }

    fn descends(
        &self,
        class: ClassRef<'p>,
        is_wanted: &dyn Fn(&str) -> bool,
        steps: u32,
        seen: &mut FxHashSet<ClassRef<'p>>,
    ) -> bool {
        let Some(steps) = steps.checked_sub(1).filter(|_| seen.insert(class)) else { return false };
        self.bases(class).into_iter().any(|base| match base {
            Symbol::External(name) => is_wanted(&name),
            Symbol::Class(base) => self.descends(base, is_wanted, steps, seen),
            Symbol::Function(_) | Symbol::Variable(..) | Symbol::Module(_) => false,
        })
    }

    fn resolve_self(&self, path: &'p RelPath, name: &str, at: u32) -> Option<Symbol<'p>> {
        let facts = self.python(path)?;
        let (_, method) = name.split_once('.')?;
        if method.contains('.') {
            return None;
        }
        let place = arrears_core::text::TextRange::empty(at);
        let class = (0..)
            .map(ClassId)
            .zip(&facts.classes)
            .filter(|(_, class)| class.range.contains(place))
            .map(|(id, _)| id)
            .last()?;
        self.method(ClassRef { path, id: class }, method, STEPS).map(Symbol::Function)
    }

    /// Returns a function's facts.
    pub fn function(&self, function: FunctionRef<'p>) -> Option<&'p crate::python::function::Function> {
        self.python(function.path)?.function(function.id)
    }

    /// Returns the id of the function that a symbol is, if it is one.
    pub fn as_function(symbol: Option<Symbol<'p>>) -> Option<FunctionRef<'p>> {
        match symbol? {
            Symbol::Function(function) => Some(function),
            Symbol::Class(_) | Symbol::Variable(..) | Symbol::Module(_) | Symbol::External(_) => None,
        }
    }
}
