//! Which distributions of Python are imported and not declared, and where two manifests drifted apart.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{RelPath, Roles, SourceFile};
use arrears_core::text::TextRange;

use super::companions::{BROUGHT, is_tool};
use super::corpus::{Module, token};
use super::names::{distribution_of, imports_of, may_bring, normalised};
use super::python_use::Judge;
use super::stdlib::is_standard;
use super::{Declaration, Ecosystem, Kind, Manifest, Set, Undeclared, Why, is_within};
use crate::flow::Place;

impl<'a, 'p> Judge<'a, 'p> {
    /// Returns the modules that are imported although no manifest declares them, sorted by folder and module.
    pub(super) fn undeclared(&self) -> Vec<Undeclared<'p>> {
        let mut found: BTreeMap<(&'p str, String), Undeclared<'p>> = BTreeMap::new();
        let mut settled: BTreeSet<(&'p str, &'p str)> = BTreeSet::new();
        for module in self.corpus.modules.iter().filter(|it| is_product(it)) {
            let path = &module.file.source.path;
            let sets = self.dependencies.around(path, Ecosystem::Python);
            let Some(folder) = self.judged_folder(path, &sets) else { continue };
            for target in &module.imports {
                let head = target.split('.').next().unwrap_or(target);
                if settled.contains(&(folder, head)) {
                    continue;
                }
                if is_standard(head)
                    || is_foreign(head)
                    || self.is_local(path, head)
                    || self.is_extension(folder, head)
                    || self.is_installed(&sets, head)
                {
                    settled.insert((folder, head));
                    continue;
                }
                let imports =
                    module.facts.names.imports().iter().filter(|it| it.target.split('.').next() == Some(head));
                let text = &module.file.source.text;
                let guarded =
                    imports.map(|it| (guard(text, it.range), it.range)).filter(|(it, _)| *it != Guard::Condition);
                let Some((guard, range)) = guarded.min_by_key(|(guard, range)| (*guard, range.start())) else {
                    continue;
                };
                let place = Place { path, range };
                let is_brought = || self.is_brought(&sets, head);
                let entry = found.entry((folder, head.to_owned())).or_insert_with(|| Undeclared {
                    ecosystem: Ecosystem::Python,
                    name: head.to_owned(),
                    distribution: distribution_of(head),
                    places: Vec::new(),
                    manifest: self.main_manifest(&sets),
                    why: Why::Guarded,
                });
                if guard == Guard::None && entry.why == Why::Guarded {
                    entry.why = if is_brought() { Why::Brought } else { Why::Imported };
                    entry.places.clear();
                }
                let is_new = entry.places.last().is_none_or(|it| it.path != path);
                if is_new && (guard == Guard::None || entry.why == Why::Guarded) {
                    entry.places.push(place);
                }
            }
        }
        found.into_values().chain(self.drifted()).collect()
    }

    /// Returns the folder of the set that is to declare what a module imports; none, where that is not known.
    fn judged_folder(&self, path: &RelPath, sets: &[&Set<'p>]) -> Option<&'p str> {
        let is_around = sets.iter().all(|set| is_within(path.as_str(), set.folder));
        let is_whole = sets.iter().all(|set| !set.has_gaps);
        let has_framework =
            |set: &&&Set<'p>| self.dependencies.members(set).iter().any(|manifest| manifest.has_framework());
        sets.iter().find(has_framework).filter(|_| is_around && is_whole).map(|set| set.folder)
    }

    /// Returns whether some folder of the repository may be what a module's name means.
    pub(super) fn is_local(&self, path: &RelPath, head: &str) -> bool {
        let modules = self.model.modules();
        if modules.module(path, head).is_some() || modules.is_package(head) {
            return true;
        }
        let inventory = self.model.inventory();
        let is_module = |folder: &str| {
            let base = super::within(folder, head);
            inventory.has_file(&format!("{base}.py"))
                || inventory.has_folder(&base) && {
                    inventory.files_below(&base).any(|it| matches!(it.extension(), "py" | "pyi" | "pyx" | "so"))
                }
        };
        let is_root = |folder: &str| !inventory.has_file(&super::within(folder, "__init__.py"));
        is_module("")
            || is_module(path.folder())
            || inventory.folders().any(|folder| is_root(folder) && is_module(folder))
    }

    /// Returns whether a module is called after the product: an extension that is kept elsewhere.
    fn is_extension(&self, folder: &str, head: &str) -> bool {
        let inventory = self.model.inventory();
        inventory.folders().any(|path| {
            let own = path.rsplit('/').next().unwrap_or(path);
            own.len() > 4
                && head.starts_with(own)
                && path.split('/').count() <= folder.split('/').filter(|it| !it.is_empty()).count() + 1
                && inventory.has_file(&super::within(path, "__init__.py"))
        })
    }

    /// Returns whether a manifest declares the distribution of a module, or a command installs it.
    fn is_installed(&self, sets: &[&Set<'p>], head: &str) -> bool {
        let is_it = |declaration: &Declaration| {
            let same = |name: &String| name == head || name.split('.').next() == Some(head);
            declaration.key == normalised(head)
                || imports_of(&declaration.key).iter().any(same)
                || may_bring(&declaration.key, head)
                || declaration.extras.iter().any(|extra| normalised(extra) == normalised(head))
        };
        let is_declared = sets
            .iter()
            .any(|set| self.dependencies.members(set).iter().any(|manifest| manifest.declarations.iter().any(is_it)));
        is_declared || self.is_installed_by_command(head)
    }

    fn is_installed_by_command(&self, head: &str) -> bool {
        let name = distribution_of(head).to_ascii_lowercase();
        self.corpus.configuration.iter().any(|file| {
            let text = &file.source.text;
            let may = file.facts.words.may_contain("install") || file.facts.words.may_contain("add");
            may && [name.as_str(), head].iter().any(|word| {
                token(text, word).is_some()
                    && text.lines().any(|line| token(line, word).is_some() && { !line.trim_start().starts_with('#') })
            })
        })
    }

    /// Returns whether a declared distribution is known to bring a module along.
    fn is_brought(&self, sets: &[&Set<'p>], head: &str) -> bool {
        let brings = |key: &str| {
            let at = BROUGHT.binary_search_by_key(&key, |(name, _)| name);
            at.ok().and_then(|at| BROUGHT.get(at)).is_some_and(|(_, modules)| modules.split(' ').any(|it| it == head))
        };
        let members = |set: &&Set<'p>| self.dependencies.members(set);
        sets.iter().flat_map(members).any(|manifest| manifest.declarations.iter().any(|it| brings(&it.key)))
    }

    /// Returns the manifest that is to declare what is missing, at its first declaration.
    fn main_manifest(&self, sets: &[&Set<'p>]) -> Option<Place<'p>> {
        let members = sets.iter().flat_map(|set| self.dependencies.members(set)).filter(|it| it.has_framework());
        let manifest = members.min_by_key(|it| (it.is_lock, it.kind, it.path))?;
        let first = manifest.declarations.iter().find(|it| it.kind == Kind::Runtime)?;
        Some(Place { path: manifest.path, range: first.range })
    }

    /// Returns what one of two manifests of a folder declares and the code uses, and the other lacks.
    fn drifted(&self) -> Vec<Undeclared<'p>> {
        let mut found = Vec::new();
        for set in self.dependencies.sets().iter().filter(|it| it.ecosystem == Ecosystem::Python) {
            let members = set.members.iter().filter_map(|at| self.dependencies.manifests().get(*at));
            let is_whole =
                |it: &&Manifest<'p>| it.kind == Kind::Runtime && it.has_framework() && !it.is_lock && it.is_complete;
            let whole: Vec<&Manifest<'p>> = members.filter(is_whole).collect();
            for lacking in &whole {
                for other in &whole {
                    let is_linked = |a: &Manifest<'p>, b: &Manifest<'p>| self.dependencies.includes(a, b.path);
                    if lacking.path != other.path && !is_linked(lacking, other) && !is_linked(other, lacking) {
                        found.extend(self.lacking(set, lacking, other));
                    }
                }
            }
        }
        found
    }

    fn lacking(&self, set: &Set<'p>, manifest: &Manifest<'p>, other: &Manifest<'p>) -> Vec<Undeclared<'p>> {
        let own = self.closure(manifest);
        let modules: BTreeSet<String> = own.iter().flat_map(|it| imports_of(&it.key)).collect();
        let is_missing = |it: &&Declaration| {
            it.kind == Kind::Runtime
                && !is_tool(&it.key)
                && is_known_or_named(it)
                && !imports_of(&it.key).iter().any(|name| modules.contains(name))
        };
        let missing: Vec<&Declaration> = other.declarations.iter().filter(is_missing).collect();
        let used = missing.into_iter().filter(|it| self.is_used(set, it));
        let lacks = |declaration: &Declaration| {
            let is_near = |it: &&Declaration| declaration.key.starts_with(&format!("{}-", it.key));
            let near = manifest.declarations.iter().filter(is_near).max_by_key(|it| it.key.len());
            let at = near.or(manifest.declarations.first())?;
            Some(Undeclared {
                ecosystem: Ecosystem::Python,
                name: declaration.name.clone(),
                distribution: declaration.name.clone(),
                places: vec![Place { path: manifest.path, range: at.range }],
                manifest: Some(Place { path: other.path, range: declaration.range }),
                why: Why::Drifted,
            })
        };
        used.filter_map(lacks).collect()
    }

    /// Returns all that a manifest declares, with the manifests that it takes over.
    fn closure(&self, manifest: &'a Manifest<'p>) -> Vec<&'a Declaration> {
        let all = self.dependencies.manifests().iter();
        let taken = all.filter(|it| it.path == manifest.path || self.dependencies.includes(manifest, it.path));
        taken.flat_map(|it| &it.declarations).collect()
    }
}

fn is_known_or_named(declaration: &Declaration) -> bool {
    !declaration.is_addressed && !declaration.name.is_empty()
}

/// Returns whether a module is part of the product: no test, no script that is run by hand.
fn is_product(module: &Module<'_>) -> bool {
    const OTHERS: [&str; 33] = [
        "archive",
        "archived",
        "deprecated",
        "legacy",
        "obsolete",
        "old",
        "alembic",
        "bench",
        "benchmark",
        "benchmarks",
        "bin",
        "ci",
        "contrib",
        "deploy",
        "deployment",
        "dev",
        "doc",
        "docs",
        "example",
        "examples",
        "hack",
        "infra",
        "infrastructure",
        "load_testing",
        "notebooks",
        "script",
        "scripts",
        "templates",
        "test",
        "tests",
        "tools",
        "utilities",
        "docker",
    ];
    let is_other = |folder: &str| {
        OTHERS.contains(&folder.to_ascii_lowercase().as_str())
            || folder.starts_with('.')
            || folder.split('_').any(|word| matches!(word, "test" | "tests" | "fixtures"))
    };
    let source = module.file.source;
    let exempt = Roles::TEST | Roles::SEEDER | Roles::GENERATED | Roles::VENDORED | Roles::MINIFIED;
    let name = source.path.file_name();
    !source.roles.intersects(exempt)
        && !module.file.facts.has_errors
        && !source.path.folders().any(is_other)
        && !matches!(
            name,
            "setup.py"
                | "conf.py"
                | "conftest.py"
                | "noxfile.py"
                | "fabfile.py"
                | "tasks_local.py"
                | "locustfile.py"
                | "gunicorn.conf.py"
        )
        && !name.starts_with("test")
        && !is_run_by_hand(source)
        && source.path.extension() == "py"
}

/// Returns whether a module is a program for itself: nothing of Django is in it, and it runs what it defines.
fn is_run_by_hand(source: &SourceFile) -> bool {
    let text = &source.text;
    !source.path.folder().contains('/')
        && !matches!(source.path.file_name(), "manage.py" | "main.py" | "app.py" | "server.py" | "wsgi.py" | "asgi.py")
        && (text.contains("__name__ == \"__main__\"") || text.contains("__name__ == '__main__'"))
}

/// Modules that no index offers: those of Python 2, of the system, of servers.
fn is_foreign(head: &str) -> bool {
    const MODULES: [&str; 36] = [
        "ConfigParser",
        "Queue",
        "StringIO",
        "Tkinter",
        "_typeshed",
        "__builtin__",
        "apt",
        "apt_pkg",
        "builtins",
        "bpy",
        "cPickle",
        "cStringIO",
        "commands",
        "cookielib",
        "dbus",
        "gi",
        "google",
        "httplib",
        "mod_wsgi",
        "modal",
        "osgeo",
        "pkg_resources",
        "pyspark",
        "pythoncom",
        "rpm",
        "setuptools",
        "pip",
        "settings_local",
        "local_settings",
        "thread",
        "urllib2",
        "urlparse",
        "uwsgi",
        "uwsgidecorators",
        "wheel",
        "xmlrpclib",
    ];
    MODULES.contains(&head) || head.starts_with("win32") || head.starts_with('_') || head.is_empty()
}

/// What an import stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Guard {
    /// Nothing that would keep the module from failing without it.
    None,
    /// `try`
    Try,
    /// A condition: for types only, for one platform.
    Condition,
}

/// Returns what an import stands in, by the lines above it that are less indented.
fn guard(text: &str, range: TextRange) -> Guard {
    let at = range.to_usize().start;
    let start = text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut inner = text.get(start..).and_then(|it| it.lines().next()).map_or(0, indent);
    let mut found = Guard::None;
    for line in text.get(..start).unwrap_or("").lines().rev().take(400) {
        if inner == 0 {
            break;
        }
        let trimmed = line.trim();
        let depth = indent(line);
        if trimmed.is_empty() || depth >= inner || trimmed.starts_with('#') || trimmed.starts_with(')') {
            continue;
        }
        let opens = |words: &[&str]| words.iter().any(|it| trimmed.starts_with(it));
        if opens(&["if ", "else:", "elif "]) {
            return Guard::Condition;
        }
        if opens(&["try:", "except", "with suppress", "with contextlib", "finally"]) {
            found = Guard::Try;
        }
        inner = depth;
    }
    found
}
