//! Which declared distributions of Python are used, and which used ones are not declared.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{RelPath, Roles, SourceFile};
use arrears_core::text::TextRange;

use super::companions::{BROUGHT, COMPANIONS, Sign, is_tool};
use super::corpus::{Corpus, Module, parts, token};
use super::names::{distribution_of, imports_of, is_known, may_bring, normalised, telling_words};
use super::stdlib::is_standard;
use super::tracking::is_kit;
use super::{Declaration, Dependencies, Ecosystem, Kind, Manifest, Set, Undeclared, Unused, Why, is_within};
use crate::flow::Place;
use crate::project::ProjectModel;

/// How many packages stand between one that is used and one that is used by it.
const STEPS: u32 = 3;

/// What is asked of one repository.
pub(super) struct Judge<'a, 'p> {
    pub(super) model: &'a ProjectModel<'p>,
    pub(super) dependencies: &'a Dependencies<'p>,
    pub(super) corpus: Corpus<'p>,
    known: RefCell<BTreeMap<(&'p str, String), bool>>,
}

impl<'a, 'p> Judge<'a, 'p> {
    pub(super) fn new(model: &'a ProjectModel<'p>, dependencies: &'a Dependencies<'p>) -> Self {
        let corpus = Corpus::find(model, dependencies);
        Self { model, dependencies, corpus, known: RefCell::default() }
    }

    /// Returns the declared distributions that nothing uses, in the order of the manifests.
    pub(super) fn unused(&self) -> Vec<Unused<'p>> {
        let mut found = Vec::new();
        for set in self.dependencies.sets().iter().filter(|it| it.ecosystem == Ecosystem::Python) {
            if self.corpus.modules_of(set.folder).next().is_none() {
                continue;
            }
            let has_notebooks = self.model.inventory().files_below(set.folder).any(|path| path.extension() == "ipynb");
            for manifest in set.members.iter().filter_map(|at| self.dependencies.manifests().get(*at)) {
                for declaration in manifest.declarations.iter().filter(|it| self.is_judged(manifest, it)) {
                    let is_open = has_notebooks && !declaration.key.contains("django");
                    let is_left =
                        self.is_left_to_settings(set, &declaration.key) || is_kit(Ecosystem::Python, &declaration.key);
                    if !is_open && !is_left && !self.is_used(set, declaration) {
                        let is_minor = kind_of(manifest, declaration) != Kind::Runtime;
                        let declaration = declaration.clone();
                        found.push(Unused {
                            ecosystem: Ecosystem::Python,
                            manifest: manifest.path,
                            declaration,
                            is_minor,
                            has_code: true,
                        });
                    }
                }
            }
        }
        found
    }

    pub(super) fn is_judged(&self, manifest: &Manifest<'p>, declaration: &Declaration) -> bool {
        is_judged(manifest, declaration)
    }

    /// Returns whether something names one of some distributions, or a command installs one.
    pub(super) fn is_any_named(&self, sets: &[&Set<'p>], keys: &[&str]) -> bool {
        let names: Vec<String> = keys.iter().flat_map(|key| imports_of(key)).collect();
        let imports = |set: &Set<'p>| {
            self.corpus.modules_of(set.folder).any(|module| names.iter().any(|name| module.imports(name)))
        };
        let words: Vec<&str> = keys.iter().copied().chain(names.iter().map(String::as_str)).collect();
        let debian: Vec<String> = keys.iter().map(|key| format!("python3-{key}")).collect();
        let debian: Vec<&str> = debian.iter().map(String::as_str).collect();
        sets.iter().any(|set| imports(set))
            || self.corpus.configured(&words).is_some()
            || self.corpus.configured(&debian).is_some()
    }

    /// Returns whether something uses a declared distribution.
    pub(super) fn is_used(&self, set: &Set<'p>, declaration: &Declaration) -> bool {
        self.is_key_used(set, &declaration.key, STEPS)
    }

    fn is_key_used(&self, set: &Set<'p>, key: &str, steps: u32) -> bool {
        let at = (set.folder, key.to_owned());
        if let Some(known) = self.known.borrow().get(&at) {
            return *known;
        }
        let is_used = self.is_named(set, key) || self.has_sign(set, key, steps);
        if steps == STEPS {
            self.known.borrow_mut().insert(at, is_used);
        }
        is_used
    }

    /// Returns whether code or configuration names a distribution or what it is imported as.
    fn is_named(&self, set: &Set<'p>, key: &str) -> bool {
        let names = imports_of(key);
        let names_it = |module: &Module<'p>| {
            let is_unread = module.file.facts.has_errors;
            names.iter().any(|name| {
                module.imports(name)
                    || module.quoted(name).is_some()
                    || is_unread && parts(name).all(|part| module.file.facts.words.may_contain(part))
            })
        };
        let mut words: Vec<&str> = names.iter().map(String::as_str).filter(|it| it.len() > 2).collect();
        let underscored = key.replace('-', "_");
        words.extend([key, underscored.as_str()]);
        self.corpus.modules_of(set.folder).any(names_it)
            || self.corpus.configured(&words).is_some()
            || self.is_meant(set, key)
    }

    /// Returns whether a distribution that is not known may be what an import or a text means that nothing else explains.
    fn is_meant(&self, set: &Set<'p>, key: &str) -> bool {
        let members = self.dependencies.members(set);
        let is_other = |head: &str| {
            let is_its = |it: &Declaration| {
                it.key != key && (it.key == normalised(head) || imports_of(&it.key).iter().any(|name| name == head))
            };
            is_standard(head) || members.iter().any(|manifest| manifest.declarations.iter().any(is_its))
        };
        let words: Vec<String> = telling_words(key).into_iter().filter(|word| !is_other(word)).collect();
        if words.is_empty() {
            return false;
        }
        self.corpus.modules_of(set.folder).any(|module| {
            let heads = module.imports.iter().map(|it| it.split('.').next().unwrap_or(it));
            let mut foreign = heads.filter(|head| may_bring(key, head) && !is_other(head));
            foreign.any(|head| !self.is_local(&module.file.source.path, head))
                || words
                    .iter()
                    .any(|word| word.len() > 4 && module.quoted(word).is_some_and(|at| is_dotted(module, at.range)))
        })
    }

    /// Returns whether there is a sign of what is used without being named.
    fn has_sign(&self, set: &Set<'p>, key: &str, steps: u32) -> bool {
        let Ok(at) = COMPANIONS.binary_search_by_key(&key, |(name, _)| name) else { return false };
        let signs = COMPANIONS.get(at).map_or(&[] as &[Sign], |(_, signs)| signs);
        signs.iter().any(|sign| match sign {
            Sign::Word(word) => self.corpus.modules_of(set.folder).any(|it| it.file.facts.words.may_contain(word)),
            Sign::Text(text) => self.has_text(set, text),
            Sign::Package(other) => {
                let members = self.dependencies.members(set);
                let is_declared = members.iter().any(|it| it.declaration(other).is_some());
                steps > 0 && is_declared && self.is_key_used(set, other, steps - 1)
            }
        })
    }

    fn has_text(&self, set: &Set<'p>, wanted: &str) -> bool {
        let holds = |text: &str| {
            text.match_indices(wanted).take(200).any(|(at, _)| {
                let line = text.get(..at).and_then(|it| it.rsplit('\n').next()).unwrap_or("").trim_start();
                !line.starts_with('#')
            })
        };
        self.corpus.modules_of(set.folder).any(|it| holds(&it.file.source.text))
            || self.corpus.configuration.iter().any(|it| holds(&it.source.text))
    }

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
    fn is_local(&self, path: &RelPath, head: &str) -> bool {
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

/// Returns whether a text goes on with a dot: it names something of a module.
fn is_dotted(module: &Module<'_>, range: TextRange) -> bool {
    module.file.source.text.get(range.to_usize().end..).is_some_and(|rest| rest.starts_with('.'))
}

fn is_known_or_named(declaration: &Declaration) -> bool {
    !declaration.is_addressed && !declaration.name.is_empty()
}

fn kind_of(manifest: &Manifest<'_>, declaration: &Declaration) -> Kind {
    if manifest.kind == Kind::Runtime { declaration.kind } else { manifest.kind }
}

/// Returns whether it can be said of a declaration that nothing uses it.
fn is_judged(manifest: &Manifest<'_>, declaration: &Declaration) -> bool {
    const KEPT: [&str; 13] = [
        "transitive",
        "cve-",
        "security",
        "vulnerab",
        "pin",
        "needed by",
        "needed for",
        "required by",
        "required for",
        "used by",
        "dependency of",
        "indirect",
        "via ",
    ];
    let comment = declaration.comment.to_ascii_lowercase();
    let is_for_pages = manifest.path.as_str().split(['/', '.', '-', '_']).any(|word| matches!(word, "doc" | "docs"));
    let is_plain = !declaration.name.is_empty()
        && !is_for_pages
        && !declaration.is_conditional
        && (!declaration.is_addressed || is_known(&declaration.key))
        && !is_tool(&declaration.key)
        && !KEPT.iter().any(|word| comment.contains(word));
    let is_asked_for =
        !manifest.is_lock || manifest.path.extension() == "txt" && is_root(&declaration.key) && comment.is_empty();
    let is_judged = match kind_of(manifest, declaration) {
        Kind::Runtime => true,
        Kind::Optional | Kind::Dev => is_known(&declaration.key),
        Kind::Peer | Kind::Build => false,
    };
    is_plain && is_asked_for && is_judged
}

/// Returns whether nothing else is known to need a distribution, so that who lists it asks for it.
fn is_root(key: &str) -> bool {
    const NEEDED: [&str; 12] = [
        "django-appconf",
        "django-classy-tags",
        "django-crispy-forms",
        "django-filter",
        "django-formtools",
        "django-ipware",
        "django-js-asset",
        "django-otp",
        "django-permissionedforms",
        "django-sekizai",
        "django-stubs-ext",
        "django-timezone-field",
    ];
    let is_app = ["django-", "djangorestframework-", "drf-"].iter().any(|start| key.starts_with(start));
    is_app && !NEEDED.contains(&key) && is_known(key)
        || matches!(key, "gunicorn" | "whitenoise" | "psycopg2-binary" | "channels-redis" | "python-decouple")
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
    let is_other = |folder: &str| OTHERS.contains(&folder.to_ascii_lowercase().as_str()) || folder.starts_with('.');
    let source = module.file.source;
    let exempt = Roles::TEST | Roles::SEEDER | Roles::GENERATED | Roles::VENDORED | Roles::MINIFIED;
    let name = source.path.file_name();
    !source.roles.intersects(exempt)
        && !module.file.facts.has_errors
        && !source.path.folders().any(is_other)
        && !matches!(
            name,
            "setup.py"
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
