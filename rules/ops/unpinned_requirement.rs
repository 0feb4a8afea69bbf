//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds requirements without any bound on their version, where no lock file fixes it.
    ///
    /// Two builds of the same commit install different code. The next major version of the framework arrives with a
    /// deployment that was meant to change a colour.
    ///
    /// ```text bad path=requirements.txt
    /// django
    /// celery>=5.4,<6
    /// ```
    /// ```python bad path=shop/tasks.py
    /// from celery import shared_task
    /// from django.db import models
    /// ```
    /// ```text good path=requirements.txt
    /// django>=5.2,<6
    /// celery>=5.4,<6
    /// ```
    /// ```python good path=shop/tasks.py
    /// from celery import shared_task
    /// from django.db import models
    /// ```
    ///
    /// Lists for production are looked at, one finding for each. A lock file, a list that was compiled from this one, and
    /// constraints that the list names fix what it leaves open. Libraries leave versions open on purpose.
    pub(crate) const RULE = {
        code: "ops/unpinned-requirement",
        summary: "requirement without a version, and no lock file",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for unbound in model.dependencies().unbound(model) {
        let Some(first) = unbound.declarations.first() else { continue };
        let names: Vec<String> = unbound.declarations.iter().take(4).map(|it| format!("`{}`", it.name)).collect();
        let more = unbound.declarations.len().saturating_sub(names.len());
        let (list, verb) = match (names.as_slice(), more) {
            ([only], _) => (only.clone(), "has"),
            ([others @ .., last], 0) => (format!("{} and {last}", others.join(", ")), "have"),
            _ => (format!("{} and {more} more", names.join(", ")), "have"),
        };
        let message = format!("{list} {verb} no version bound, and no lock file fixes one");
        let finding = ctx.report(unbound.manifest, first.range, message);
        finding.help("write the range that is known to work, such as `>=5.2,<6`, or commit a lock file");
        for other in unbound.declarations.iter().skip(1).take(3) {
            finding.label(other.range, "any version");
        }
    }
}
