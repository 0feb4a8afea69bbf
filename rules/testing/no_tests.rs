//! See [`RULE`].

use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::suite::{Suites, TestFile, Unit, UnitKind};

rule! {
    /// Finds what is deployed and has no automated test: applications of the frontend, applications of Django, or the
    /// whole project.
    ///
    /// Every change is then tried out by hand, by somebody who remembers what else it may touch.
    ///
    /// ```json bad path=web/package.json
    /// { "name": "shop-web", "dependencies": { "next": "15" } }
    /// ```
    /// ```ts bad path=web/src/a.ts
    /// export const a = 1;
    /// ```
    /// ```ts bad path=web/src/b.ts
    /// export const b = 1;
    /// ```
    /// ```ts bad path=web/src/c.ts
    /// export const c = 1;
    /// ```
    /// ```ts bad path=web/src/d.ts
    /// export const d = 1;
    /// ```
    /// ```ts bad path=web/src/e.ts
    /// export const e = 1;
    /// ```
    /// ```ts bad path=web/src/f.ts
    /// export const f = 1;
    /// ```
    /// ```ts bad path=web/src/g.ts
    /// export const g = 1;
    /// ```
    /// ```ts bad path=web/src/h.ts
    /// export const h = 1;
    /// ```
    /// ```json good path=web/package.json
    /// { "name": "shop-web", "dependencies": { "next": "15" } }
    /// ```
    /// ```ts good path=web/src/a.test.ts
    /// it("adds", () => expect(add(1, 2)).toBe(3));
    /// ```
    ///
    /// Counted are test functions, not files: `test_…` in modules and classes of tests, `it()` and `test()`. A folder
    /// `tests/` of a product about exams is none. Not flagged: packages of components, types or configuration, whatever
    /// has fewer than eight modules; a frontend that end-to-end tests drive; an application that any test names;
    /// repositories with tests in languages that are not read.
    pub(crate) const RULE = {
        code: "testing/no-tests",
        summary: "nothing tests what is deployed",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        exempt: RuleMeta::MACHINE_MADE,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let suites = model.suites();
    if suites.has_others {
        return;
    }
    let is_driven = suites.files.iter().any(|it| it.is_end_to_end);
    for unit in suites.units.iter().filter(|it| it.kind == UnitKind::Package && !is_driven) {
        if suites.below(unit.folder).any(|it| !it.is_python) || is_named(model, suites, unit, false) {
            continue;
        }
        let message = format!("`{}` has no automated test: {} modules, none of them tested", unit.name, unit.modules);
        ctx.report(unit.path, unit.range, message)
            .help("set up vitest or jest, and begin with the flow that would cost most if it broke");
    }
    let applications: Vec<&Unit<'_>> = suites.units.iter().filter(|it| it.kind == UnitKind::Application).collect();
    if applications.is_empty() {
        return;
    }
    if !suites.files.iter().any(|it| it.is_python) {
        check_project(model, &applications, ctx);
        return;
    }
    for unit in applications {
        let own = |it: &TestFile<'_>| it.is_python;
        if unit.modules < FEW || suites.below(unit.folder).any(own) || is_named(model, suites, unit, true) {
            continue;
        }
        let message = format!("application `{}` has no automated test: no test lies in it or names it", unit.name);
        ctx.report(unit.path, unit.range, message)
            .help("begin with the view or the method that would cost most if it broke");
    }
}

/// An application of Django with fewer modules has little of its own.
const FEW: usize = 2;

/// Says it once, where there is not a single test of Python.
fn check_project(model: &ProjectModel<'_>, applications: &[&Unit<'_>], ctx: &mut ProjectContext<'_>) {
    let modules: usize = applications.iter().map(|it| it.modules).sum();
    let Some(first) = applications.iter().max_by_key(|it| it.modules).filter(|_| modules >= FEW) else { return };
    let manage = model.manifest().filter(|(path, _)| path.file_name() == "manage.py");
    let (path, range) = manage.unwrap_or((first.path, first.range));
    let names: Vec<String> = applications.iter().take(4).map(|it| format!("`{}`", it.name)).collect();
    let more = if applications.len() > names.len() { ", …" } else { "" };
    let message = format!("the server has no automated test: not one in {}{more}", names.join(", "));
    ctx.report(path, range, message)
        .help("begin with the view that would cost most if it broke; `manage.py test` finds it");
}

/// Returns whether some test names a unit: by its folder, or as a part of a dotted name.
fn is_named(model: &ProjectModel<'_>, suites: &Suites<'_>, unit: &Unit<'_>, is_python: bool) -> bool {
    let folder = unit.folder.rsplit('/').next().unwrap_or(unit.folder);
    if folder.is_empty() {
        return suites.files.iter().any(|it| it.is_python == is_python);
    }
    let by_suite = suites.files.iter().filter(|it| it.is_python == is_python).any(|test| {
        let names = model.file(test.path).is_some_and(|it| it.facts.words.may_contain(folder));
        names || test.path.as_str().contains(folder)
    });
    // A helper of the tests may be what names it.
    by_suite
        || model
            .files_with_word(folder)
            .any(|it| it.source.roles.contains(Roles::TEST) && it.facts.python().is_some() == is_python)
}
