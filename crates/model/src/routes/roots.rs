//! Where routes start, and what is run before they are collected.

use std::collections::BTreeSet;

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::expand::{Expander, Prefix};
use super::interpret::Interpreter;
use super::{Root, RootKind, Routes};
use crate::project::ProjectModel;
use crate::python::PythonFacts;
use crate::python::body::{Expr, Stmt};
use crate::python::names::Value;
use crate::words::WordSet;

/// Words of files that make routes.
const MAKERS: [&str; 7] =
    ["urlpatterns", "include_router", "APIRouter", "FastAPI", "websocket_urlpatterns", "URLRouter", "add_api_route"];

/// Files whose routes are nobody's.
const ASIDE: Roles = Roles::TEST.union(Roles::MIGRATION).union(Roles::VENDORED).union(Roles::GENERATED);

/// Reads all routes.
pub(super) fn routes<'p>(project: &ProjectModel<'p>) -> Routes<'p> {
    let mut interpreter = Interpreter::new(project);
    let has_fast_api = project.files_with_word("FastAPI").next().is_some();
    let makers: Vec<&'p RelPath> = project
        .python_files()
        .filter(|(file, facts)| {
            facts.bodies.is_some()
                && !file.source.roles.intersects(ASIDE)
                && (makes_routes(&file.facts.words) || has_fast_api && serves(facts))
        })
        .map(|(file, _)| &file.source.path)
        .collect();
    let roots = settled(project);
    for root in &roots {
        interpreter.run_module(root.path);
    }
    for path in &makers {
        interpreter.run_module(path);
    }
    let mut expander = Expander::new(&mut interpreter);
    let mut found = Routes::default();
    for (at, root) in roots.iter().enumerate() {
        expander.root = at;
        expander.module(root.path, &Prefix::default(), None);
    }
    found.roots = roots;
    if found.roots.is_empty() {
        guess(project, &makers, &mut expander, &mut found.roots);
    }
    expander.applications(&mut found);
    expander.sockets(&mut found);
    found.routes = expander.routes;
    found.gaps.append(&mut expander.gaps);
    found.build_index();
    found
}

fn makes_routes(words: &WordSet) -> bool {
    let has = |word: &&str| words.may_contain(word);
    MAKERS.iter().any(&has) || has(&"register") && ["DefaultRouter", "SimpleRouter", "router"].iter().any(has)
}

/// Returns whether a module may add to an application that another one makes.
fn serves(facts: &PythonFacts) -> bool {
    let is_operation = |path: &str| {
        path.rsplit_once('.').is_some_and(|(_, name)| {
            matches!(name, "get" | "post" | "put" | "patch" | "delete" | "websocket" | "api_route" | "route")
        })
    };
    let is_app = |name: &str| matches!(name, "app" | "application" | "api");
    facts.functions.iter().flat_map(|it| &it.decorators).any(|it| is_operation(&it.path))
        || facts.names.assignments.iter().any(|it| is_app(&it.name) && matches!(it.value, Value::Call(_)))
}

/// Returns the modules that settings name.
fn settled<'p>(project: &ProjectModel<'p>) -> Vec<Root<'p>> {
    let mut found: Vec<Root<'p>> = Vec::new();
    for file in project.files_with_word("ROOT_URLCONF") {
        let Some(facts) = file.facts.python() else { continue };
        let Some(bodies) = facts.bodies.as_deref() else { continue };
        let text: &str = &file.source.text;
        let blocks = std::iter::once(bodies.top).chain(bodies.classes.iter().map(|class| class.block));
        for stmt in blocks.flat_map(|block| bodies.statements(block)) {
            let (Stmt::Assign { target, value } | Stmt::Annotated { target, value: Some(value), .. }) =
                bodies.stmt(stmt)
            else {
                continue;
            };
            let is_root =
                matches!(bodies.expr(target), Expr::Name) && bodies.span(target).slice(text).ends_with("URLCONF");
            let Some(name) = bodies.string(value, text).filter(|_| is_root) else { continue };
            let Some(path) = project.modules().module(&file.source.path, name) else { continue };
            if !found.iter().any(|root| root.path == path) {
                found.push(Root { path, kind: RootKind::Settings, range: list_range(project, path) });
            }
        }
    }
    found
}

/// Returns where a module's list of routes stands.
fn list_range<'p>(project: &ProjectModel<'p>, path: &'p RelPath) -> TextRange {
    let names = project.python(path).map(|facts| &facts.names);
    let first = names.and_then(|names| names.assignments.iter().find(|it| it.name == "urlpatterns"));
    first.map_or(TextRange::empty(0), |it| it.range)
}

/// Where no settings are found: modules called `urls` that nobody includes.
fn guess<'p>(
    project: &ProjectModel<'p>,
    makers: &[&'p RelPath],
    expander: &mut Expander<'_, '_, 'p>,
    roots: &mut Vec<Root<'p>>,
) {
    let candidates: Vec<&'p RelPath> = makers
        .iter()
        .copied()
        .filter(|path| path.file_name() == "urls.py" || path.as_str().ends_with("urls/__init__.py"))
        .collect();
    let mut included: BTreeSet<&RelPath> = BTreeSet::new();
    for path in &candidates {
        included.extend(expander.probe(path));
    }
    for path in candidates.into_iter().filter(|path| !included.contains(path)) {
        expander.root = roots.len();
        roots.push(Root { path, kind: RootKind::Guess, range: list_range(project, path) });
        expander.module(path, &Prefix::default(), None);
    }
}

impl<'p> Expander<'_, '_, 'p> {
    /// Returns the modules below one, and keeps nothing else of it.
    fn probe(&mut self, path: &'p RelPath) -> BTreeSet<&'p RelPath> {
        let (routes, gaps) = (self.routes.len(), self.gaps.len());
        let before = std::mem::take(&mut self.included);
        self.module(path, &Prefix::default(), None);
        let mut found = std::mem::replace(&mut self.included, before);
        self.routes.truncate(routes);
        self.gaps.truncate(gaps);
        found.remove(path);
        found
    }
}
