//! Python modules that nothing leads to.

use std::collections::BTreeMap;

use arrears_core::source::{Language, RelPath, Roles};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{ProjectFile, ProjectModel};
use crate::python::PythonFacts;

/// A module that no import, name in a text or convention leads to.
#[derive(Debug, Clone, Copy)]
pub struct UnusedModule<'p> {
    /// The module.
    pub path: &'p RelPath,
    /// A module that imports it: a test, or one that is unused itself.
    pub importer: Option<&'p RelPath>,
    /// Whether tests lead to it.
    pub is_tested: bool,
}

/// Files that are run, or that Django and others look for by their names.
const FOUND_BY_NAME: [&str; 62] = [
    "__init__",
    "__main__",
    "admin",
    "api",
    "app",
    "application",
    "apps",
    "asgi",
    "autocomplete",
    "blocks",
    "celery",
    "checks",
    "cli",
    "commands",
    "conf",
    "config",
    "conftest",
    "constants",
    "consumers",
    "context_processors",
    "cron",
    "dashboard",
    "documents",
    "fabfile",
    "factories",
    "feeds",
    "filters",
    "forms",
    "handlers",
    "indexes",
    "jobs",
    "main",
    "manage",
    "middleware",
    "models",
    "noxfile",
    "panels",
    "permissions",
    "plugins",
    "receivers",
    "resources",
    "routers",
    "routing",
    "rules",
    "search_indexes",
    "serializers",
    "server",
    "settings",
    "setup",
    "signals",
    "sitemaps",
    "tables",
    "tasks",
    "templatetags",
    "tests",
    "toolbars",
    "translation",
    "urls",
    "views",
    "wagtail_hooks",
    "worker",
    "wsgi",
];

/// Folders whose modules are run by hand, by a tool, or found by their place.
const FOUND_BY_PLACE: [&str; 32] = [
    "alembic",
    "benchmarks",
    "bin",
    "ci",
    "commands",
    "deploy",
    "deployment",
    "development",
    "doc",
    "docs",
    "example",
    "examples",
    "fixtures",
    "hooks",
    "infra",
    "infrastructure",
    "management",
    "migrations",
    "notebooks",
    "ops",
    "plugins",
    "reports",
    "samples",
    "script",
    "scripts",
    "seeds",
    "templatetags",
    "test",
    "tests",
    "tools",
    "utilities",
    "versions",
];

impl<'p> ProjectModel<'p> {
    /// Returns the Python modules that nothing leads to, sorted by path. Where the program starts must be known.
    pub fn unused_modules(&self) -> Vec<UnusedModule<'p>> {
        let imports = self.imported_modules();
        let candidates: Vec<ProjectFile<'p>> =
            self.python_files().filter(|(file, facts)| is_candidate(*file, facts)).map(|(file, _)| file).collect();
        let mut open: FxHashSet<&RelPath> = candidates.iter().map(|it| &it.source.path).collect();
        let dynamic = self.dynamic_importers();
        let mut live: Vec<&'p RelPath> = self
            .python_files()
            .filter(|(file, _)| !open.contains(&file.source.path) && !file.source.roles.contains(Roles::TEST))
            .map(|(file, _)| &file.source.path)
            .collect();
        spread(&mut live, &mut open, &imports);
        // To look for a name in all texts is slow: only those that no import leads to are looked for.
        for file in &candidates {
            let path = &file.source.path;
            if open.contains(path) && (self.is_named(*file) || dynamic.iter().any(|it| may_load(*it, *file))) {
                open.remove(path);
                live.push(path);
                spread(&mut live, &mut open, &imports);
            }
        }
        let unused: Vec<ProjectFile<'p>> =
            candidates.iter().copied().filter(|it| open.contains(&it.source.path)).collect();
        let counts = share(&candidates, &unused);
        let kept = unused.into_iter().filter(|file| {
            let (all, idle) = counts.get(area(&file.source.path)).copied().unwrap_or((0, 0));
            // Where most modules seem unused, it is the start that was not found.
            idle * 2 <= all && all >= 4
        });
        kept.map(|file| self.described(&file.source.path, &imports)).collect()
    }

    fn described(&self, path: &'p RelPath, imports: &BTreeMap<&'p RelPath, Vec<&'p RelPath>>) -> UnusedModule<'p> {
        let importers = || {
            imports.iter().filter(|(from, targets)| **from != path && targets.contains(&path)).map(|(from, _)| *from)
        };
        let is_test = |it: &&RelPath| self.file(it).is_some_and(|file| file.source.roles.contains(Roles::TEST));
        let test = importers().find(is_test);
        UnusedModule { path, importer: test.or_else(|| importers().next()), is_tested: test.is_some() }
    }

    /// Returns the modules that each module imports, sorted by path.
    fn imported_modules(&self) -> BTreeMap<&'p RelPath, Vec<&'p RelPath>> {
        let mut found = BTreeMap::new();
        for (file, facts) in self.python_files() {
            let path = &file.source.path;
            let targets: &mut Vec<&RelPath> = found.entry(path).or_default();
            let names = facts
                .names
                .imports()
                .iter()
                .map(|it| it.target.as_str())
                .chain(facts.names.stars.iter().map(String::as_str));
            for name in names {
                let mut at = name;
                // `a.b.c` may be a module, or a name in `a.b`; both packages above are loaded, too.
                for _ in 0..8 {
                    if let Some(module) = self.modules().module(path, at).filter(|it| *it != path)
                        && !targets.contains(&module)
                    {
                        targets.push(module);
                    }
                    let Some(cut) = at.rfind('.').filter(|cut| *cut > 0 && !at[..*cut].ends_with('.')) else { break };
                    at = &at[..cut];
                }
                let dots = name.len() - name.trim_start_matches('.').len();
                if dots > 0 {
                    targets.extend(self.modules().module(path, &name[..dots]).filter(|it| *it != path));
                }
            }
        }
        found
    }

    /// Returns the modules that load others by names they compute.
    fn dynamic_importers(&self) -> Vec<ProjectFile<'p>> {
        const WORDS: [&str; 8] = [
            "import_module",
            "__import__",
            "iter_modules",
            "walk_packages",
            "autodiscover_modules",
            "spec_from_file_location",
            "load_module",
            "import_string",
        ];
        let is_dynamic = |file: &ProjectFile<'p>| WORDS.iter().any(|word| file.facts.words.may_contain(word));
        let python = self.python_files().map(|(file, _)| file);
        python.filter(|file| !file.source.roles.contains(Roles::TEST)).filter(is_dynamic).collect()
    }

    /// Whether some text names the module: by a dotted name, a path, its file, as `module:app`.
    fn is_named(&self, module: ProjectFile<'p>) -> bool {
        let path = &module.source.path;
        let stem = stem(path);
        let parent = path.folder().rsplit('/').next().unwrap_or("");
        let names = [format!("{parent}.{stem}"), format!("{parent}/{stem}"), format!("{stem}.py"), format!("{stem}:")];
        let plain: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
        self.files_with_word(stem)
            .filter(|file| file.source.path != *path && !file.source.roles.contains(Roles::TEST))
            .any(|file| {
                let text = &file.source.text;
                if file.source.language == Language::Text {
                    return names.iter().any(|name| holds(text, name));
                }
                if file.facts.has_errors {
                    return plain.iter().any(|name| holds(text, name)) || text.contains(&format!("import {stem}"));
                }
                plain.iter().any(|name| text.contains(*name))
                    && text.lines().any(|line| {
                        let line = line.trim_start();
                        !line.starts_with("from ")
                            && !line.starts_with("import ")
                            && plain.iter().any(|name| holds(line, name))
                    })
            })
    }
}

/// Takes away all that the living modules import, directly or through others.
fn spread<'p>(
    live: &mut Vec<&'p RelPath>,
    open: &mut FxHashSet<&'p RelPath>,
    imports: &BTreeMap<&'p RelPath, Vec<&'p RelPath>>,
) {
    while let Some(path) = live.pop() {
        for target in imports.get(path).into_iter().flatten() {
            if open.remove(target) {
                live.push(target);
            }
        }
    }
}

/// Whether a module may load another by a name it computes: it lies beside or above it, or names its folder or itself.
fn may_load(loader: ProjectFile<'_>, module: ProjectFile<'_>) -> bool {
    let (path, text) = (&module.source.path, &loader.source.text);
    let is_below = |folder: &str| {
        path.folder() == folder || path.folder().strip_prefix(folder).is_some_and(|it| it.starts_with('/'))
    };
    let is_near = !loader.source.path.folder().is_empty() && is_below(loader.source.path.folder());
    let is_quoted = |word: &str| {
        ['"', '\''].iter().any(|quote| text.contains(&format!("{quote}{word}{quote}")))
            || text.contains(&format!(".{word}"))
    };
    is_near || is_quoted(stem(path)) || path.folders().last().is_some_and(is_quoted)
}

fn is_candidate(file: ProjectFile<'_>, facts: &PythonFacts) -> bool {
    let path = &file.source.path;
    let kept = Roles::TEST
        | Roles::MIGRATION
        | Roles::SETTINGS
        | Roles::GENERATED
        | Roles::VENDORED
        | Roles::SEEDER
        | Roles::COMMAND;
    let stem = stem(path);
    let has_definitions = !facts.functions.is_empty() || !facts.classes.is_empty();
    !file.source.roles.intersects(kept)
        && !file.facts.has_errors
        && path.extension() == "py"
        && !path.folder().is_empty()
        && has_definitions
        && FOUND_BY_NAME.binary_search(&stem).is_err()
        && !["test", "run", "start", "celery", "gunicorn", "setup_", "conf"].iter().any(|it| stem.starts_with(it))
        && !path.folders().any(|folder| {
            FOUND_BY_PLACE.binary_search(&folder).is_ok()
                || folder.starts_with("test")
                || folder.to_ascii_lowercase().starts_with("archive")
        })
        && !["_server", "_worker", "_cli", "_job", "_bot", "_daemon", "_main", "_test", "_tests"]
            .iter()
            .any(|it| stem.ends_with(it))
        && !file.facts.words.may_contain("register")
        && !is_registered(&file.source.text)
}

/// Whether loading the module does something by itself: a decorator registers what stands under it.
fn is_registered(text: &str) -> bool {
    ["@receiver", "@shared_task", "@app.task", "@celery", "__all__ = ()", "@hooks."].iter().any(|it| text.contains(it))
}

fn share<'p>(all: &[ProjectFile<'p>], unused: &[ProjectFile<'p>]) -> FxHashMap<&'p str, (usize, usize)> {
    let mut counts: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    for file in all {
        counts.entry(area(&file.source.path)).or_default().0 += 1;
    }
    for file in unused {
        counts.entry(area(&file.source.path)).or_default().1 += 1;
    }
    counts
}

/// The two outermost folders.
fn area(path: &RelPath) -> &str {
    let folder = path.folder();
    let second = folder.match_indices('/').nth(1).map_or(folder.len(), |(at, _)| at);
    folder.get(..second).unwrap_or(folder)
}

fn stem(path: &RelPath) -> &str {
    let name = path.file_name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether a text holds a name that is no part of a longer one.
fn holds(text: &str, name: &str) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    text.match_indices(name).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
        !is_part(before) && !is_part(text.as_bytes().get(at + name.len()))
    })
}
