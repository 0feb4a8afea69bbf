//! Which modules are reached from where a program starts, and what keeps that from being known.

use std::collections::BTreeMap;

use arrears_core::source::{Language, RelPath, Roles};
use arrears_core::text::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::alias;
use super::entry::{EntryKind, is_opaque};
use super::files::stem;
use super::mention::{Names, quoted};
use super::paths::{fits, is_below, join};
use super::start::{computed_entries, entries};
use super::{Frontend, Target, is_script};
use crate::project::ProjectFile;

/// The joined modules.
pub(crate) struct Graph<'p> {
    /// The modules that nobody has to import.
    pub(crate) entries: BTreeMap<&'p RelPath, EntryKind>,
    pub(crate) reached: FxHashSet<&'p str>,
    /// What only tests and stories reach.
    pub(crate) tested: FxHashSet<&'p str>,
    pub(crate) gaps: Vec<Gap<'p>>,
    /// The modules that import a module, whether they are reached or not.
    importers: FxHashMap<&'p str, Vec<&'p RelPath>>,
    /// The folders of the packages whose start is known.
    started: FxHashSet<&'p str>,
}

/// A place where it is not known what is loaded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The place.
    pub range: TextRange,
    /// What is not known.
    pub reason: String,
    /// What may be loaded.
    scope: Scope,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    /// Any module below a folder.
    Folder(String),
    /// A module whose path ends so, without extension.
    Tail(String),
}

impl<'p> Gap<'p> {
    /// A place that may load any module below a folder.
    pub(crate) fn below(folder: &str, path: &'p RelPath, range: TextRange, reason: String) -> Self {
        Self { path, range, reason, scope: Scope::Folder(folder.to_owned()) }
    }

    /// Returns whether the module may be what is loaded.
    pub(crate) fn may_hold(&self, path: &str) -> bool {
        match &self.scope {
            Scope::Folder(folder) => is_below(path, folder),
            Scope::Tail(tail) => {
                let bare = stem(path);
                let bare = bare.strip_suffix("/index").unwrap_or(bare);
                bare.strip_suffix(tail.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            }
        }
    }
}

impl<'p> Frontend<'p> {
    /// Returns whether a module is reached from where the product starts.
    pub fn is_reachable(&self, path: &RelPath) -> bool {
        self.graph().reached.contains(path.as_str())
    }

    /// Returns whether only tests and stories reach a module.
    pub fn reached_by_tests_only(&self, path: &RelPath) -> bool {
        !self.is_reachable(path) && self.graph().tested.contains(path.as_str())
    }

    /// Returns the modules that nobody has to import, sorted by path.
    pub fn entries(&self) -> &BTreeMap<&'p RelPath, EntryKind> {
        &self.graph().entries
    }

    /// Returns where it is not known what is loaded.
    pub fn gaps(&self) -> &[Gap<'p>] {
        &self.graph().gaps
    }

    /// Returns the modules that import a module, sorted by path.
    pub fn importers(&self, path: &RelPath) -> impl Iterator<Item = &'p RelPath> {
        self.graph().importers.get(path.as_str()).into_iter().flatten().copied()
    }

    /// Returns whether it is certain that nothing but tests reaches a module: where its package starts is known, and
    /// nothing unknown may load it.
    pub fn is_unused(&self, path: &RelPath) -> bool {
        let graph = self.graph();
        let Some(file) = self.files.get(path.as_str()).filter(|it| it.facts.script().is_some()) else { return false };
        let exempt = Roles::TEST | Roles::STORY | Roles::GENERATED | Roles::VENDORED | Roles::MINIFIED;
        let Some(package) = self.packages.around(path.folder()) else { return false };
        !graph.reached.contains(path.as_str())
            && !graph.entries.contains_key(path)
            && !file.source.roles.intersects(exempt)
            && graph.started.contains(package.folder)
            && !is_loaded_by_name(file)
            && !path.folders().any(|folder| folder == "generated")
            && !(graph.tested.contains(path.as_str()) && is_for_tests(path))
            && !graph.gaps.iter().any(|gap| gap.may_hold(path.as_str()))
    }

    /// Returns whether all modules that may use a module are known: where its package starts, and what is loaded there.
    pub fn is_whole_around(&self, path: &RelPath) -> bool {
        let graph = self.graph();
        let Some(package) = self.packages.around(path.folder()) else { return false };
        let is_started = graph.started.contains(package.folder);
        is_started && !graph.gaps.iter().any(|gap| gap.may_hold(path.as_str()))
    }

    pub(crate) fn graph(&self) -> &Graph<'p> {
        self.graph.get_or_init(|| Graph::find(self))
    }

    /// Calls a function with each module that a module loads, names or passes on; unknown ones go to `gaps`.
    fn each_loaded(
        &self,
        file: ProjectFile<'p>,
        names: &Names<'p>,
        gaps: &mut Vec<Gap<'p>>,
        found: &mut dyn FnMut(&'p RelPath),
    ) {
        let path = &file.source.path;
        let text = &file.source.text;
        let mut load = |specifier: &str, range: TextRange, gaps: &mut Vec<Gap<'p>>| match self.resolve(path, specifier)
        {
            Target::File(target) => {
                self.files.variants(target.as_str()).iter().copied().chain([target]).for_each(&mut *found)
            }
            Target::Unresolved => gaps.push(unresolved(path, range, specifier)),
            Target::Asset | Target::External(_) => {}
        };
        let facts = file.facts.script().filter(|_| !file.facts.has_errors);
        for import in facts.iter().flat_map(|facts| &facts.imports) {
            load(&import.module, import.range, gaps);
        }
        if facts.is_none() {
            for specifier in alias::specifiers(text) {
                load(specifier, TextRange::empty(0), gaps);
            }
        }
        for dynamic in facts.iter().flat_map(|facts| &facts.dynamic) {
            self.each_matching(path, dynamic.pattern.as_deref(), dynamic.range, gaps, found);
        }
        names.each(quoted(text), path.folder(), &self.files, &self.packages, found);
    }

    /// Calls a function with each module that a computed name may mean.
    fn each_matching(
        &self,
        path: &'p RelPath,
        pattern: Option<&str>,
        range: TextRange,
        gaps: &mut Vec<Gap<'p>>,
        found: &mut dyn FnMut(&'p RelPath),
    ) {
        let fixed = pattern.and_then(|it| it.split('*').next()).unwrap_or("");
        if fixed.is_empty() || pattern.is_some_and(|it| it.starts_with('!')) {
            if pattern.is_none_or(|it| !it.starts_with('!')) {
                let reason = "the name of the module is computed".to_owned();
                gaps.push(Gap::below(path.folder(), path, range, reason));
            }
            return;
        }
        let pattern = pattern.unwrap_or("");
        for full in self.expanded(path, pattern) {
            let full = full.replace("**/", "*").replace("**", "*");
            let matching = self.files.all().iter().filter(|it| is_script(**it)).map(|it| &it.source.path);
            matching.filter(|it| fits(&full, it.as_str()) || fits(&full, stem(it.as_str()))).for_each(&mut *found);
        }
    }

    /// Returns the paths from the root that a pattern may stand for.
    fn expanded(&self, path: &RelPath, pattern: &str) -> Vec<String> {
        if pattern.starts_with("./") || pattern.starts_with("../") {
            return join(path.folder(), pattern).into_iter().collect();
        }
        if let Some(rest) = pattern.strip_prefix('/') {
            return self.packages.enclosing(path.folder()).filter_map(|it| join(it.folder, rest)).collect();
        }
        let configs = self.configs.around(path.folder()).flat_map(|(_, config)| config.mapped(pattern));
        configs.chain(self.aliases.around(path.folder()).filter_map(|alias| alias.mapped(pattern))).collect()
    }
}

impl<'p> Graph<'p> {
    fn find(frontend: &Frontend<'p>) -> Self {
        let names = Names::find(&frontend.files);
        let entries = entries(frontend, &names);
        let mut graph = Self {
            reached: FxHashSet::default(),
            tested: FxHashSet::default(),
            gaps: Vec::new(),
            importers: importers(frontend),
            started: FxHashSet::default(),
            entries,
        };
        let of_kind = |wanted: fn(EntryKind) -> bool| {
            graph.entries.iter().filter(|(_, kind)| wanted(**kind)).map(|(path, _)| *path).collect::<Vec<_>>()
        };
        let (product, tests) = (of_kind(EntryKind::is_production), of_kind(|kind| !kind.is_production()));
        let mut gaps = Vec::new();
        walk(frontend, &names, product, &mut graph.reached, &mut gaps);
        // What a test cannot load holds nothing that the product needs.
        let mut tested = graph.reached.clone();
        walk(frontend, &names, tests, &mut tested, &mut Vec::new());
        graph.tested = tested;
        for package in frontend.packages.all() {
            if let Some(name) = is_opaque(package) {
                let reason = format!("`{name}` has modules of its own kind, which are not read");
                gaps.push(Gap::below(package.folder, package.path, TextRange::empty(0), reason));
            }
        }
        gaps.extend(computed_entries(frontend, &graph.entries));
        gaps.sort();
        gaps.dedup();
        graph.gaps = gaps;
        graph.started = started(frontend, &graph);
        graph
    }
}

fn walk<'p>(
    frontend: &Frontend<'p>,
    names: &Names<'p>,
    starts: Vec<&'p RelPath>,
    reached: &mut FxHashSet<&'p str>,
    gaps: &mut Vec<Gap<'p>>,
) {
    let mut open: Vec<&RelPath> = starts.into_iter().filter(|path| reached.insert(path.as_str())).collect();
    while let Some(path) = open.pop() {
        let Some(file) = frontend.files.get(path.as_str()) else { continue };
        frontend.each_loaded(file, names, gaps, &mut |target| {
            if reached.insert(target.as_str()) {
                open.push(target);
            }
        });
    }
}

/// Finds who imports what.
fn importers<'p>(frontend: &Frontend<'p>) -> FxHashMap<&'p str, Vec<&'p RelPath>> {
    let mut found: FxHashMap<&str, Vec<&RelPath>> = FxHashMap::default();
    for (file, facts) in frontend.scripts() {
        for import in &facts.imports {
            if let Target::File(target) = frontend.resolve(&file.source.path, &import.module) {
                let importers = found.entry(target.as_str()).or_default();
                if importers.last() != Some(&&file.source.path) {
                    importers.push(&file.source.path);
                }
            }
        }
    }
    found
}

/// Returns the folders of the packages whose start is known: some of their modules are reached from there.
fn started<'p>(frontend: &Frontend<'p>, graph: &Graph<'p>) -> FxHashSet<&'p str> {
    let mut counts: BTreeMap<&str, (usize, usize, bool)> = BTreeMap::new();
    for (file, _) in frontend.scripts() {
        let path = &file.source.path;
        let Some(package) = frontend.packages.around(path.folder()) else { continue };
        let (all, reached, has_start) = counts.entry(package.folder).or_default();
        let kind = graph.entries.get(path).copied();
        *has_start |= matches!(kind, Some(EntryKind::App | EntryKind::Route | EntryKind::Library));
        if kind.is_none() {
            *all += 1;
            *reached += usize::from(graph.reached.contains(path.as_str()));
        }
    }
    let is_known = |(all, reached, has_start): &(usize, usize, bool)| *has_start && *reached * 5 >= *all;
    counts.into_iter().filter(|(_, count)| is_known(count)).map(|(folder, _)| folder).collect()
}

fn unresolved<'p>(path: &'p RelPath, range: TextRange, specifier: &str) -> Gap<'p> {
    let bare = specifier.trim_end_matches('/');
    let bare = stem(bare);
    let bare = bare.strip_suffix("/index").unwrap_or(bare);
    let tail = bare.rsplit('/').next().unwrap_or(bare);
    let tail = if matches!(tail, "." | ".." | "") { path.folder().rsplit('/').next().unwrap_or("") } else { tail };
    let reason = format!("it is not known what `{specifier}` means");
    Gap { path, range, reason, scope: Scope::Tail(tail.to_owned()) }
}

/// What tests share.
pub(crate) fn is_for_tests(path: &RelPath) -> bool {
    let is_word = |word: &str| {
        matches!(
            word,
            "test" | "tests" | "testing" | "mock" | "mocks" | "fixture" | "fixtures" | "spec" | "storybook" | "stories"
        )
    };
    path.as_str().split(|it: char| !it.is_ascii_alphanumeric()).any(|word| is_word(&word.to_ascii_lowercase()))
}

/// A script that neither imports nor exports is loaded by its name, from a page that may lie anywhere.
fn is_loaded_by_name(file: ProjectFile<'_>) -> bool {
    let Some(facts) = file.facts.script() else { return true };
    file.source.language == Language::JavaScript && facts.imports.is_empty() && facts.exports.is_empty()
        || facts.imports.is_empty() && facts.exports.is_empty() && file.source.text.contains("declare ")
}
