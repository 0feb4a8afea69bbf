//! Error tracking: which kits a repository has, and whether they are started.

use std::collections::BTreeSet;

use arrears_core::source::{RelPath, Roles};

use super::corpus::quoted;
use super::kits::{KITS, NODE_REPORTERS, REPORTERS};
use super::python_use::Judge;
use super::{Dependencies, Ecosystem, Kind, Manifest, Set, is_within};
use crate::flow::Place;
use crate::frontend::entry::EntryKind;
use crate::project::{ProjectFile, ProjectModel};
use crate::python::{Call, PythonFacts};

/// A part of the product that nothing reports errors from.
#[derive(Debug, Clone)]
pub struct Untracked<'p> {
    /// The manifest, at what makes it an application.
    pub manifest: Place<'p>,
    /// Whether it is the frontend.
    pub is_frontend: bool,
}

/// A kit that is declared and not started.
#[derive(Debug, Clone)]
pub struct Unstarted<'p> {
    /// The kit.
    pub kit: &'static str,
    /// The package as it is declared, and where.
    pub package: String,
    /// The manifest.
    pub manifest: Place<'p>,
    /// Whether anything imports it.
    pub import: Option<Place<'p>>,
    /// The call that would start it, in a function that nothing calls.
    pub start: Option<(Place<'p>, String)>,
}

impl<'p> Dependencies<'p> {
    /// Returns the applications from which nothing reports errors.
    pub fn untracked(&self, model: &ProjectModel<'p>) -> Vec<Untracked<'p>> {
        let judge = Judge::new(model, self);
        let mut found = Vec::new();
        for set in self.sets.iter().filter(|it| !it.has_gaps) {
            let members = self.members(set);
            let place = match set.ecosystem {
                Ecosystem::Python => server_of(model, set, &members).filter(|_| !judge.is_reported(set, &members)),
                Ecosystem::Node => page_of(model, self, set, &members).filter(|_| !self.is_page_reported(model, set)),
            };
            found.extend(place.map(|manifest| Untracked { manifest, is_frontend: set.ecosystem == Ecosystem::Node }));
        }
        found
    }

    /// Returns the kits that are declared and never started.
    pub fn unstarted(&self, model: &ProjectModel<'p>) -> Vec<Unstarted<'p>> {
        let judge = Judge::new(model, self);
        let mut found = Vec::new();
        for set in &self.sets {
            for manifest in set.members.iter().filter_map(|at| self.manifests.get(*at)) {
                let declared = manifest.declarations.iter().filter(|it| it.kind == Kind::Runtime && !manifest.is_lock);
                for declaration in declared.filter(|_| manifest.kind == Kind::Runtime) {
                    let at = Place { path: manifest.path, range: declaration.range };
                    let unstarted = match set.ecosystem {
                        Ecosystem::Python => judge.unstarted_server(set, &declaration.key, at),
                        Ecosystem::Node => unstarted_page(model, set, &declaration.key, at),
                    };
                    found.extend(unstarted);
                }
            }
        }
        found
    }

    /// Returns whether something reports the errors of a frontend: its own packages, those around it, those it shares.
    fn is_page_reported(&self, model: &ProjectModel<'p>, set: &Set<'p>) -> bool {
        let reports = |name: &str| NODE_REPORTERS.iter().any(|it| name.starts_with(it));
        let is_near = |it: &&Manifest<'p>| {
            it.ecosystem == Ecosystem::Node
                && (is_within(set.folder, it.covers) || it.covers == set.folder || !is_application(it))
        };
        let declares = |it: &Manifest<'p>| it.declarations.iter().any(|it| reports(&it.key));
        self.manifests.iter().filter(is_near).any(declares)
            || ["Sentry", "LogRocket", "Bugsnag", "Rollbar", "crashlytics", "newrelic", "GlitchTip"].iter().any(
                |word| {
                    model.files_with_word(word).any(|file| {
                        let is_code =
                            file.facts.script().is_some() || matches!(file.source.path.extension(), "html" | "ejs");
                        is_code && is_within(file.source.path.as_str(), set.folder) && has_live(&file.source.text, word)
                    })
                },
            )
            || reports_itself(model, set.folder)
    }
}

/// Returns whether a word stands on a line that is no comment.
fn has_live(text: &str, word: &str) -> bool {
    text.lines().any(|line| {
        let plain = line.trim_start();
        plain.contains(word) && !["//", "*", "/*", "#", "<!--", "{/*"].iter().any(|mark| plain.starts_with(mark))
    })
}

/// Returns whether the frontend sends errors to the server itself: a global handler that asks for something.
fn reports_itself(model: &ProjectModel<'_>, folder: &str) -> bool {
    ["unhandledrejection", "onerror", "reportError", "logErrorToServer"].iter().any(|word| {
        model.files_with_word(word).any(|file| {
            file.facts.script().is_some()
                && is_within(file.source.path.as_str(), folder)
                && !file.source.roles.intersects(Roles::TEST | Roles::VENDORED | Roles::MINIFIED)
                && has_live(&file.source.text, word)
                && ["fetch(", "axios", "sendBeacon", ".post("].iter().any(|it| file.source.text.contains(it))
        })
    })
}

/// Returns where the manifests of a set name the framework of a server that the folder holds.
fn server_of<'p>(model: &ProjectModel<'p>, set: &Set<'p>, members: &[&Manifest<'p>]) -> Option<Place<'p>> {
    if members.iter().any(|it| it.is_library) || set.folder.split('/').any(is_aside) {
        return None;
    }
    let is_below = |path: &str| is_within(path, set.folder);
    let has_project =
        model.files().any(|file| file.source.path.file_name() == "manage.py" && is_below(file.source.path.as_str()));
    let has_application = || {
        model.files_with_word("FastAPI").any(|file| {
            let facts = file.facts.python().filter(|_| is_below(file.source.path.as_str()));
            let names = facts.into_iter().flat_map(|it| &it.names.assignments);
            let is_product = !file.source.roles.intersects(Roles::TEST | Roles::SEEDER);
            is_product
                && names.into_iter().any(|it| it.value == crate::python::names::Value::Call("FastAPI".to_owned()))
        })
    };
    let of = |name: &str| {
        let found =
            members.iter().filter(|it| it.kind == Kind::Runtime).filter_map(|it| Some((it, it.declaration(name)?)));
        found.min_by_key(|(it, _)| it.is_lock).map(|(it, found)| Place { path: it.path, range: found.range })
    };
    match (of("django"), of("fastapi")) {
        (Some(place), _) if has_project => Some(place),
        (_, Some(place)) if has_application() => Some(place),
        _ => None,
    }
}

fn is_aside(folder: &str) -> bool {
    matches!(
        folder,
        "docs"
            | "doc"
            | "examples"
            | "example"
            | "tests"
            | "test"
            | "e2e"
            | "scripts"
            | "tools"
            | "load_testing"
            | "storybook"
    )
}

/// Returns where a `package.json` names what makes it an application that people open.
fn page_of<'p>(
    model: &ProjectModel<'p>,
    dependencies: &Dependencies<'p>,
    set: &Set<'p>,
    members: &[&Manifest<'p>],
) -> Option<Place<'p>> {
    let manifest = members.iter().find(|it| it.covers == set.folder && it.ecosystem == Ecosystem::Node)?;
    let is_inner = dependencies.manifests().iter().any(|it| {
        it.ecosystem == Ecosystem::Node
            && it.covers != set.folder
            && is_within(it.covers, set.folder)
            && is_application(it)
    });
    if !is_application(manifest) || is_inner || set.folder.split('/').any(is_aside) {
        return None;
    }
    let is_start = |path: &RelPath, kind: EntryKind| {
        matches!(kind, EntryKind::App | EntryKind::Route) && is_within(path.as_str(), set.folder)
    };
    if !model.frontend().entries().iter().any(|(path, kind)| is_start(path, *kind)) {
        return None;
    }
    let is_of_library =
        |it: &Manifest<'p>| it.ecosystem == Ecosystem::Python && it.is_library && it.covers == set.folder;
    if dependencies.manifests().iter().any(is_of_library) {
        return None;
    }
    let names = ["next", "expo", "react-native", "react-dom", "react"];
    let found = names.iter().find_map(|name| manifest.declarations.iter().find(|it| it.key == *name))?;
    Some(Place { path: manifest.path, range: found.range })
}

/// Returns whether a `package.json` describes an application: it renders, and something builds it.
fn is_application(manifest: &Manifest<'_>) -> bool {
    let has =
        |name: &str, kinds: &[Kind]| manifest.declarations.iter().any(|it| it.key == name && kinds.contains(&it.kind));
    let any = [Kind::Runtime, Kind::Dev];
    let renders = ["react-dom", "react-native", "next", "expo"].iter().any(|it| has(it, &[Kind::Runtime]));
    let builds = [
        "vite",
        "next",
        "expo",
        "react-scripts",
        "webpack",
        "parcel",
        "@rsbuild/core",
        "@react-router/dev",
        "@remix-run/dev",
        "gatsby",
        "react-native",
        "@craco/craco",
        "rolldown-vite",
    ]
    .iter()
    .any(|it| has(it, &any));
    renders && builds && !manifest.is_library && !has("@docusaurus/core", &any) && !has("react", &[Kind::Peer])
}

impl<'p> Judge<'_, 'p> {
    /// Returns whether something reports the errors of a server.
    fn is_reported(&self, set: &Set<'p>, members: &[&Manifest<'p>]) -> bool {
        const SIGNS: [&str; 19] = [
            "AdminEmailHandler",
            "mail_admins",
            "sentry_sdk",
            "raven",
            "rollbar",
            "bugsnag",
            "honeybadger",
            "newrelic",
            "ddtrace",
            "elasticapm",
            "scout_apm",
            "opentelemetry",
            "watchtower",
            "logtail",
            "graypy",
            "airbrake",
            "got_request_exception",
            "appsignal",
            "logfire",
        ];
        let is_kit = |key: &str| REPORTERS.contains(&key) || key.starts_with("opentelemetry") || key.contains("sentry");
        let declares = members.iter().any(|it| it.declarations.iter().any(|it| is_kit(&it.key)));
        let names = || {
            SIGNS.iter().any(|word| {
                self.corpus.modules_of(set.folder).any(|module| {
                    let is_product = !module.file.source.roles.contains(Roles::TEST);
                    is_product && module.file.facts.words.may_contain(word) && has_live(&module.file.source.text, word)
                }) || self.corpus.configured(&[word]).is_some()
            })
        };
        let is_known = !self
            .corpus
            .modules_of(set.folder)
            .any(|it| it.file.facts.has_errors && !it.file.source.roles.contains(Roles::TEST));
        declares || !is_known || names()
    }

    /// Returns a kit of Python that is declared and not started.
    fn unstarted_server(&self, set: &Set<'p>, key: &str, manifest: Place<'p>) -> Option<Unstarted<'p>> {
        let kit = KITS.iter().find(|kit| kit.python.0 == key)?;
        let (_, module, start) = kit.python;
        let (mut import, mut unreached) = (None, None);
        let mut has_modules = false;
        for code in self.corpus.modules_of(set.folder) {
            let source = code.file.source;
            has_modules = true;
            if code.file.facts.has_errors && code.file.facts.words.may_contain(module) {
                return None;
            }
            if kit.settings.iter().any(|name| quoted(&source.text, name).is_some()) {
                return None;
            }
            if source.roles.contains(Roles::TEST) || !code.imports(module) {
                continue;
            }
            let imported = code.facts.names.imports().iter().find(|it| it.target.split('.').next() == Some(module));
            import = import.or(imported.map(|it| Place { path: &source.path, range: it.range }));
            let wanted = format!("{module}.{start}");
            let is_start = |call: &&Call| {
                code.facts.names.canonical(call.callee.slice(&source.text), call.callee.start()) == wanted
            };
            for call in code.facts.calls.iter().filter(is_start) {
                match self.uncalled(code.file, code.facts, call) {
                    None => return None,
                    Some(name) => unreached = Some((Place { path: &source.path, range: call.callee }, name)),
                }
            }
        }
        // Something of the kit that is handed on may start it.
        let is_open = self.corpus.configured(&[module, key]).is_some() && unreached.is_none();
        let is_handed_on = unreached.is_none() && import.is_some_and(|_| self.mentions_start(set, module, start));
        (has_modules && !is_open && !is_handed_on).then(|| Unstarted {
            kit: kit.name,
            package: key.to_owned(),
            manifest,
            import,
            start: unreached,
        })
    }

    /// Returns whether a module that imports the kit mentions what starts it in some other way.
    fn mentions_start(&self, set: &Set<'p>, module: &str, start: &str) -> bool {
        self.corpus.modules_of(set.folder).any(|code| {
            let text = &code.file.source.text;
            code.file.facts.words.may_contain(module) && text.contains(&format!("{module}.{start}")) || {
                code.imports(&format!("{module}.{start}"))
            }
        })
    }

    /// Returns the function around a call, where no code of the product calls it.
    fn uncalled(&self, file: ProjectFile<'p>, facts: &'p PythonFacts, call: &Call) -> Option<String> {
        let mut function = facts.function(call.function?)?;
        while let Some(outer) = function.outer.and_then(|id| facts.function(id)) {
            function = outer;
        }
        const RUN_BY_OTHERS: [&str; 8] =
            ["ready", "main", "__init__", "lifespan", "handle", "setup", "startup", "on_startup"];
        let path = &file.source.path;
        let is_run = !function.decorators.is_empty()
            || RUN_BY_OTHERS.contains(&function.name.as_str())
            || self.model.is_called(path, function.name_range);
        if is_run {
            return None;
        }
        // A name that is handed on is not called here: `on_startup=[start_tracking]`.
        let is_handed_on = self.model.files_with_word(&function.name).any(|other| {
            let text = &other.source.text;
            let is_own = other.source.path == *path;
            !other.source.roles.contains(Roles::TEST)
                && text.match_indices(function.name.as_str()).any(|(at, _)| {
                    let line = text.get(..at).and_then(|it| it.rsplit('\n').next()).unwrap_or("").trim_start();
                    let after = text.get(at + function.name.len()..).unwrap_or("");
                    let is_import = line.starts_with("from ")
                        || line.starts_with("import ")
                        || line.starts_with('#')
                        || line.starts_with("def ")
                        || line.starts_with("async def ");
                    let is_listed = after.starts_with(['"', '\'']);
                    !is_import && !is_listed && (!is_own || after.starts_with([',', ')', ']']))
                })
        });
        (!is_handed_on).then(|| function.name.clone())
    }
}

/// Returns a kit of the frontend that is declared and not started.
fn unstarted_page<'p>(
    model: &ProjectModel<'p>,
    set: &Set<'p>,
    key: &str,
    manifest: Place<'p>,
) -> Option<Unstarted<'p>> {
    let kit = KITS.iter().find(|kit| kit.node.0.iter().any(|start| key.starts_with(start)))?;
    const PARTS: [&str; 7] = ["plugin", "cli", "/types", "/tracing", "/browser", "profiling", "/core"];
    if PARTS.iter().any(|it| key.contains(it)) {
        return None;
    }
    let frontend = model.frontend();
    let (mut import, mut unreached) = (None, None);
    let names: BTreeSet<&str> = kit.node.0.iter().copied().collect();
    let is_kit = |module: &str| names.iter().any(|it| module.starts_with(it));
    let mut has_code = false;
    for (file, facts) in frontend.scripts().filter(|(file, _)| is_within(file.source.path.as_str(), set.folder)) {
        let source = file.source;
        has_code = true;
        let mentions = || names.iter().any(|it| source.text.contains(it));
        let Some(found) = facts.imports.iter().find(|it| is_kit(&it.module)) else {
            if file.facts.has_errors && mentions() || source.path.file_name().contains("config") && mentions() {
                return None;
            }
            continue;
        };
        let place = Place { path: &source.path, range: found.range };
        let starts = kit
            .node
            .1
            .iter()
            .any(|it| source.text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(it)));
        if starts && !frontend.is_unused(&source.path) {
            return None;
        }
        if starts {
            unreached = Some((place, source.path.file_name().to_owned()));
        }
        import = import.or(Some(place));
    }
    has_code.then(|| Unstarted { kit: kit.name, package: key.to_owned(), manifest, import, start: unreached })
}
