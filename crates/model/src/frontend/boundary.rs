//! Error boundaries of the frontend: which there are, and whether one is around the whole application.

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::entry::EntryKind;
use super::render::{Use, body_of};
use super::{Frontend, Origin, mount};
use crate::project::ProjectFile;
use crate::script::boundary::is_boundary_name;
use crate::script::{Function, ScriptFacts};

/// A component that catches the errors of its children.
#[derive(Debug, Clone, Copy)]
pub struct CatchingComponent<'p> {
    /// The module.
    pub path: &'p RelPath,
    /// Its name.
    pub name: &'p str,
    /// Where the name stands.
    pub range: TextRange,
}

/// The start of an application on a screen.
#[derive(Debug, Clone, Copy)]
pub struct Root<'p> {
    /// The module.
    pub path: &'p RelPath,
    /// Its outermost component, as far as it has a name.
    pub name: &'p str,
    /// Where that is rendered, or declared.
    pub range: TextRange,
    /// Whether it runs in an application for phones.
    pub is_native: bool,
}

/// What catches errors of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Catching<'p> {
    /// Something around all of it.
    Root,
    /// Only something around a part.
    Part(Use<'p>),
    /// Nothing.
    Nothing,
}

/// Packages that put a boundary of their own around the application, or its pages.
const CATCHING: [&str; 12] = [
    "next",
    "@react-router/dev",
    "@remix-run/react",
    "gatsby",
    "react-admin",
    "@refinedev/core",
    "@docusaurus/core",
    "@tanstack/react-router",
    "@tanstack/react-start",
    "@umijs/max",
    "umi",
    "@ice/app",
];

impl<'p> Frontend<'p> {
    /// Returns the components of the repository that catch errors, tests and stories left out.
    pub fn boundaries(&self) -> Vec<CatchingComponent<'p>> {
        let mut found = Vec::new();
        let kept = Roles::TEST | Roles::STORY | Roles::GENERATED | Roles::VENDORED | Roles::MINIFIED;
        for (file, facts) in self.scripts().filter(|(file, _)| !file.source.roles.intersects(kept)) {
            let path = &file.source.path;
            if super::graph::is_for_tests(path) {
                continue;
            }
            let is_outer = |range| facts.outer_owner_at(range).is_none_or(|(_, outer)| range.contains(outer));
            for class in
                facts.classes.iter().filter(|it| !it.name.is_empty() && is_outer(it.range) && catches(facts, it.range))
            {
                found.push(CatchingComponent { path, name: &class.name, range: class.name_range });
            }
            let is_wrapper = |it: &&Function| it.is_component && is_boundary_name(&it.name) && is_outer(it.range);
            for function in facts.functions.iter().filter(is_wrapper) {
                let inner = facts.elements.iter().filter(|it| function.range.contains(it.range));
                let is_around = inner
                    .map(|it| it.name.slice(&file.source.text))
                    .any(|it| it != function.name && self.is_boundary(path, it));
                if is_around {
                    found.push(CatchingComponent { path, name: &function.name, range: function.name_range });
                }
            }
        }
        found
    }

    /// Returns whether an element of that name, in a module, catches the errors of its children.
    pub fn is_boundary(&self, path: &RelPath, written: &str) -> bool {
        let last = written.rsplit('.').next().unwrap_or(written);
        let is_named = |name: &str| {
            (name.contains("Boundary")
                || name.ends_with("Catcher")
                || name.ends_with("ErrorHandler")
                || name.ends_with("ErrorGuard"))
                && !matches!(name, "QueryErrorResetBoundary" | "SuspenseBoundary")
        };
        match self.origin(path, written) {
            Origin::Code(file, name) => {
                let name = if name.is_empty() { last } else { name };
                let Some(facts) = self.script(file) else { return is_named(name) };
                let class = facts.classes.iter().find(|it| it.name == name);
                match class {
                    Some(class) => catches(facts, class.range) || is_named(name),
                    None => is_named(name),
                }
            }
            Origin::Package(module, name) => {
                module == "react-error-boundary" && name != "*" || is_named(name) || is_named(last)
            }
            Origin::Unknown => is_named(last),
        }
    }

    /// Returns where applications are put onto the screen whose framework catches nothing by itself.
    pub fn roots(&self) -> Vec<Root<'p>> {
        let mut found = Vec::new();
        for (path, kind) in self.entries() {
            let Some(file) = self.files.get(path.as_str()) else { continue };
            let (Some(facts), Some(package)) = (file.facts.script(), self.package_of(path)) else { continue };
            let declares = |name: &str| self.packages.enclosing(path.folder()).any(|it| it.declares(name));
            if !declares("react") || CATCHING.iter().any(|name| package.declares(name)) || file.facts.has_errors {
                continue;
            }
            let place = path.as_str().get(package.folder.len()..).unwrap_or("").trim_start_matches('/');
            let is_native = declares("react-native");
            let is_layout =
                *kind == EntryKind::Route && matches!(super::files::stem(place), "app/_layout" | "src/app/_layout");
            let root = if is_layout && package.declares("expo-router") {
                default_export(facts).map(|(name, range)| Root { path, name, range, is_native })
            } else if *kind == EntryKind::App && mount::is_start(file) {
                outermost(file, facts).map(|(name, range)| Root { path, name, range, is_native })
            } else {
                None
            };
            found.extend(root);
        }
        found
    }

    /// Returns what catches the errors of an application.
    pub fn catching(&self, root: &Root<'p>) -> Catching<'p> {
        let Some(own) = self.files.get(root.path.as_str()) else { return Catching::Root };
        let Some(facts) = own.facts.script() else { return Catching::Root };
        let mut near: Vec<(&'p RelPath, Option<TextRange>)> = vec![(root.path, None)];
        let exports_one = facts.exports.iter().any(|it| it.name == "ErrorBoundary");
        if exports_one || self.is_caught_in(own) {
            return Catching::Root;
        }
        // The file itself, the components it renders, and those that these render.
        let (mut at, mut ends) = (0, [0, 0, 0]);
        for level in 0..3 {
            let Some(end) = ends.get_mut(level) else { break };
            *end = near.len();
            while at < *end {
                let Some((path, body)) = near.get(at).copied() else { break };
                at += 1;
                let Some(file) = self.files.get(path.as_str()) else { continue };
                let Some(facts) = file.facts.script() else { return Catching::Root };
                for range in facts.mentions.iter().copied().filter(|it| body.is_none_or(|body| body.contains(*it))) {
                    let written = range.slice(&file.source.text);
                    if self.is_boundary(path, written) || is_catching_router(written) {
                        return Catching::Root;
                    }
                    let Origin::Code(module, local) = self.origin(path, written) else { continue };
                    let next = (module, self.script(module).and_then(|facts| body_of(facts, local)));
                    let is_caught =
                        level == 0 && self.files.get(module.as_str()).is_some_and(|it| self.is_caught_in(it));
                    if is_caught {
                        return Catching::Root;
                    }
                    if level < 2 && module != root.path && !near.contains(&next) && near.len() < 400 {
                        near.push(next);
                    }
                }
            }
        }
        self.partly_caught(root)
    }

    /// Whether a module names what catches errors in a way that elements do not show.
    fn is_caught_in(&self, file: ProjectFile<'p>) -> bool {
        const WORDS: [&str; 9] = [
            "ErrorBoundary",
            "withErrorBoundary",
            "errorElement",
            "componentDidCatch",
            "getDerivedStateFromError",
            "createBrowserRouter",
            "createHashRouter",
            "onUncaughtError",
            "setJSExceptionHandler",
        ];
        WORDS.iter().any(|word| file.facts.words.may_contain(word))
    }

    fn partly_caught(&self, root: &Root<'p>) -> Catching<'p> {
        let folder = self.package_of(root.path).map_or("", |it| it.folder);
        for (file, facts) in self.scripts() {
            let path = &file.source.path;
            if !super::paths::is_below(path.as_str(), folder) || !self.is_reachable(path) {
                continue;
            }
            for element in &facts.elements {
                let written = element.name.slice(&file.source.text);
                if written.contains("Boundary") && self.is_boundary(path, written) {
                    return Catching::Part(Use { path, range: element.name });
                }
            }
        }
        Catching::Nothing
    }
}

/// Routers of data show an error of a page themselves.
fn is_catching_router(name: &str) -> bool {
    matches!(name, "RouterProvider" | "HydratedRouter" | "ErrorUtils")
}

fn catches(facts: &ScriptFacts, class: TextRange) -> bool {
    let is_method = |name: &str| matches!(name, "componentDidCatch" | "getDerivedStateFromError");
    facts.functions.iter().any(|it| is_method(&it.name) && class.contains(it.range))
}

fn default_export(facts: &ScriptFacts) -> Option<(&str, TextRange)> {
    let local = &facts.exports.iter().find(|it| it.name == "default")?.local;
    let function = facts.functions.iter().find(|it| it.name == *local)?;
    Some((&function.name, function.name_range))
}

/// Returns the component that a module puts onto the screen: the first element that is none of React itself.
fn outermost<'p>(file: ProjectFile<'p>, facts: &'p ScriptFacts) -> Option<(&'p str, TextRange)> {
    let text = &file.source.text;
    let is_own =
        |name: &str| !matches!(name, "StrictMode" | "React.StrictMode" | "Fragment" | "React.Fragment" | "Suspense");
    let app = facts.elements.iter().find(|it| it.name.slice(text) == "App");
    let mut elements: Vec<_> = facts.elements.iter().filter(|it| is_own(it.name.slice(text))).collect();
    elements.sort_by_key(|it| it.name.start());
    let element = app.or_else(|| elements.first().copied()).map(|it| it.name);
    let mention = || facts.mentions.iter().copied().rfind(|it| facts.imported(it.slice(text)).is_some());
    let found = element.or_else(mention)?;
    Some((found.slice(text), found))
}
