//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pages::claim::unsupported;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds technologies that a page says are in use, and that nothing in code or configuration shows.
    ///
    /// A list of what is done is what decisions are made by. Compression that nobody turned on, an error tracker that was
    /// never installed: the page says they need no more thought.
    ///
    /// ```markdown bad path=README.md
    /// # Shop
    ///
    /// - ✅ Response compression (GZip) configured
    /// ```
    /// ```python bad path=shop/settings.py
    /// MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    /// ```
    /// ```python bad path=shop/urls.py
    /// urlpatterns = []
    /// ```
    /// ```python bad path=shop/models.py
    /// from django.db import models
    /// ```
    /// ```python bad path=shop/admin.py
    /// from django.contrib import admin
    /// ```
    /// ```python bad path=shop/apps.py
    /// from django.apps import AppConfig
    /// ```
    /// ```markdown good path=README.md
    /// # Shop
    ///
    /// - ✅ Response compression (GZip) configured
    /// - [ ] Sentry
    /// ```
    /// ```python good path=shop/settings.py
    /// MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", "django.middleware.security.SecurityMiddleware"]
    /// ```
    ///
    /// A claim is an item of a list or a row of a table that is marked as done (`✅`, `[x]`, "configured", "implemented"), or
    /// that stands under a heading such as "Tech stack". About fifty technologies are known, each with the words of which
    /// some file would hold one: a dependency, a setting, an import, a header.
    ///
    /// Not flagged: what is planned, optional or recommended; pages of some day, plans, archives; repositories with code in
    /// languages that are not read.
    pub(crate) const RULE = {
        code: "docs/claim-unsupported",
        summary: "a page claims a technology that nothing shows",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        exempt: Roles::empty(),
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for (page, claim) in unsupported(model, &model.pages().all) {
        let name = claim.technology.name;
        let looked = list(claim.technology.shown);
        ctx.report(
            &page.source.path,
            claim.range,
            format!("the page claims {name}; nothing in code or configuration shows it"),
        )
        .help(format!("set it up, or take the claim away; looked for {looked}"));
    }
}

/// Joins the first few signs.
fn list(signs: &[&str]) -> String {
    signs.iter().take(4).map(|sign| format!("`{sign}`")).collect::<Vec<_>>().join(", ")
}
