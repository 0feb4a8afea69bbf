//! Components whose code is loaded later, and routes whose code is not.

use std::collections::BTreeMap;

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::render::{Cover, Use};
use super::{Frontend, Origin, Target, paths};
use crate::project::ProjectFile;
use crate::script::{ImportForm, ScriptFacts};

/// A component made by React's `lazy`.
#[derive(Debug, Clone, Copy)]
pub struct LazyComponent<'p> {
    /// The module.
    pub path: &'p RelPath,
    /// Its name.
    pub name: &'p str,
    /// The string that names the module it loads.
    pub range: TextRange,
}

/// What is shown while a component is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loading<'p> {
    /// Something, or it is not known.
    Shown,
    /// Nothing; where it is rendered.
    Bare(Option<Use<'p>>),
}

/// A table of routes whose components are all loaded with the first page.
#[derive(Debug, Clone)]
pub struct EagerRoutes<'p> {
    /// The module.
    pub path: &'p RelPath,
    /// The first component of the table.
    pub range: TextRange,
    /// How many modules of components it has.
    pub count: usize,
}

/// Frameworks that wait for the code of a route themselves, or split it by files.
const SPLITTING: [&str; 10] = [
    "next",
    "@react-router/dev",
    "@remix-run/react",
    "gatsby",
    "expo-router",
    "@tanstack/react-router",
    "umi",
    "@umijs/max",
    "@docusaurus/core",
    "@ice/app",
];

/// Routers that are given tables of components.
const ROUTERS: [&str; 5] = ["react-router-dom", "react-router", "wouter", "@reach/router", "universal-router"];

impl<'p> Frontend<'p> {
    /// Returns the components that the product loads with React's `lazy`.
    pub fn lazy_components(&self) -> Vec<LazyComponent<'p>> {
        let mut found = Vec::new();
        for (file, facts) in self.scripts() {
            let path = &file.source.path;
            let lazy = || facts.imports.iter().filter(|it| it.form == ImportForm::Lazy);
            if lazy().next().is_none() || !self.is_reachable(path) || self.splits_itself(path) {
                continue;
            }
            let is_of_react =
                facts.imported("lazy").is_some_and(|(module, _)| module == "react" || module == "preact/compat")
                    || facts.imported("lazy").is_none() && file.source.text.contains("React.lazy(");
            let names =
                lazy().filter(|_| is_of_react).flat_map(|import| import.names.iter().map(move |name| (import, name)));
            found.extend(names.map(|(import, name)| LazyComponent { path, name: &name.local, range: import.range }));
        }
        found
    }

    /// Returns what is shown while a component is loaded.
    pub fn loading(&self, lazy: &LazyComponent<'p>) -> Loading<'p> {
        let is_suspense = |_: &RelPath, name: &str| name.contains("Suspense") || name.contains("Async");
        let uses: Vec<Use<'p>> = self.local_uses(lazy);
        if uses.is_empty() {
            return Loading::Shown;
        }
        let folder = self.package_of(lazy.path).map_or("", |it| it.folder);
        let is_nowhere = || {
            !self.scripts().any(|(file, facts)| {
                let text = &file.source.text;
                paths::is_below(file.source.path.as_str(), folder)
                    && (facts.elements.iter().any(|it| is_suspense(&file.source.path, it.name.slice(text)))
                        || file.facts.words.may_contain("Suspense") && facts.imported("Suspense").is_some())
            })
        };
        let mut is_unknown = false;
        for it in &uses {
            match self.cover(it.path, it.range, &is_suspense) {
                Cover::Yes => return Loading::Shown,
                Cover::Unknown => is_unknown = true,
                Cover::No => {}
            }
        }
        if is_unknown && !is_nowhere() { Loading::Shown } else { Loading::Bare(uses.first().copied()) }
    }

    /// Returns where a lazy component is used: in its own module, and in those it is exported to.
    fn local_uses(&self, lazy: &LazyComponent<'p>) -> Vec<Use<'p>> {
        let Some(file) = self.files.get(lazy.path.as_str()) else { return Vec::new() };
        let Some(facts) = file.facts.script() else { return Vec::new() };
        let text = &file.source.text;
        let declared = facts.imports.iter().find(|it| it.range == lazy.range).map_or(0, |it| it.range.start());
        let own = facts.mentions.iter().copied().filter(|it| it.slice(text) == lazy.name);
        // The declaration itself comes before the string that it loads.
        let own = own.filter(|it| it.start() > declared || declared - it.start() > 120);
        own.map(|range| Use { path: lazy.path, range }).collect()
    }

    /// Returns the tables of routes of which none is loaded later.
    pub fn eager_routes(&self, at_least: usize) -> Vec<EagerRoutes<'p>> {
        let mut found = Vec::new();
        for (file, facts) in self.scripts() {
            let path = &file.source.path;
            let kept = Roles::TEST | Roles::STORY;
            let has_router = || {
                let declares =
                    |name: &&str| self.packages.enclosing(path.folder()).any(|package| package.declares(name));
                ROUTERS.iter().any(declares)
            };
            let is_asked = !file.source.roles.intersects(kept)
                && self.is_reachable(path)
                && !self.splits_itself(path)
                && has_router();
            let is_later =
                |form: ImportForm| matches!(form, ImportForm::Lazy | ImportForm::Loadable | ImportForm::Dynamic);
            if !is_asked || facts.imports.iter().any(|it| is_later(it.form)) || !facts.dynamic.is_empty() {
                continue;
            }
            let modules = self.route_modules(file, facts);
            let first = modules.values().min_by_key(|it| it.start()).copied();
            if let Some(range) = first.filter(|_| modules.len() >= at_least) {
                found.push(EagerRoutes { path, range, count: modules.len() });
            }
        }
        found
    }

    /// Returns the modules that the routes of a table show, and where the first of each is named.
    fn route_modules(&self, file: ProjectFile<'p>, facts: &'p ScriptFacts) -> BTreeMap<&'p str, TextRange> {
        let text = &file.source.text;
        let path = &file.source.path;
        let routes: Vec<TextRange> =
            facts.elements.iter().filter(|it| it.name.slice(text).ends_with("Route")).map(|it| it.range).collect();
        let mut found = BTreeMap::new();
        for range in facts.mentions.iter().copied() {
            let before = text.get(..range.to_usize().start).unwrap_or("").trim_end_matches(['<', ' ', '\n']);
            let is_key = ["element:", "component:", "Component:", "element={", "component={", "Component={"]
                .iter()
                .any(|key| before.ends_with(key));
            let is_in_route = || routes.iter().any(|route| route.contains(range)) || is_beside_path(text, range);
            if !is_key || !is_in_route() {
                continue;
            }
            let Some((module, _)) = facts.imported(range.slice(text)) else { continue };
            if let (Target::File(_), Origin::Code(target, _)) =
                (self.resolve(path, module), self.origin(path, range.slice(text)))
            {
                found.entry(target.as_str()).or_insert(range);
            }
        }
        found
    }

    fn splits_itself(&self, path: &RelPath) -> bool {
        self.packages.enclosing(path.folder()).any(|package| SPLITTING.iter().any(|name| package.declares(name)))
    }

    /// Returns whether a module belongs to an application for phones, whose code is not loaded over the net.
    pub fn is_native(&self, path: &RelPath) -> bool {
        self.packages.enclosing(path.folder()).any(|package| package.declares("react-native"))
    }
}

/// Whether the object around a place has a `path`, too.
fn is_beside_path(text: &str, range: TextRange) -> bool {
    let before = text.get(..range.to_usize().start).unwrap_or("");
    let open = before.rfind('{').and_then(|at| before.get(at..)).unwrap_or("");
    let after = text.get(range.to_usize().end..).unwrap_or("");
    let close = after.split('}').next().unwrap_or("");
    open.contains("path:") || open.contains("index:") || close.contains("path:")
}
