//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::settings::SettingsModule;
use arrears_model::settings::fallback::Fallback;

rule! {
    /// Finds secrets that fall back to a literal of the code when their variable is missing.
    ///
    /// Where the variable was forgotten, mistyped or lost in a move, the program starts as if nothing were wrong, and signs with
    /// a key that everybody can read. A program that does not start is noticed at once.
    ///
    /// ```python bad path=shop/config.py
    /// import os
    ///
    /// JWT_SECRET = os.getenv("JWT_SECRET", "s3cr3t-of-the-shop")
    /// ```
    /// ```python good path=shop/config.py
    /// import os
    ///
    /// JWT_SECRET = os.environ["JWT_SECRET"]
    /// ```
    ///
    /// Defaults of `os.environ.get`, django-environ (also `Env(SECRET_KEY=(str, "…"))`), decouple, environs, own helpers, and fields
    /// of pydantic's `BaseSettings`. In Django's settings only what production comes to counts. A password is a warning, a key an
    /// error; the message says how long the literal is, never what it is. Not flagged: empty defaults, public keys, paths, values
    /// that the settings check and refuse, development, tests and scripts, stand-ins for keys of services outside.
    pub(crate) const RULE = {
        code: "settings/insecure-secret-fallback",
        summary: "a secret falls back to a literal",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
        follows_values: true,
        security_severity: "8.1",
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    for module in model.settings().served(model) {
        for fallback in module.fallbacks() {
            if seen.insert(fallback.place) {
                report(model, ctx, &fallback, Some(module));
            }
        }
    }
    for fallback in model.fallbacks() {
        if seen.insert(fallback.place) {
            report(model, ctx, &fallback, None);
        }
    }
}

fn report(
    model: &ProjectModel<'_>,
    ctx: &mut ProjectContext<'_>,
    fallback: &Fallback<'_>,
    module: Option<&SettingsModule<'_>>,
) {
    let Fallback { name, place, length, is_key } = fallback;
    // With a password that no server takes, nothing is opened.
    if !is_key && !model.deployed(name).is_empty() {
        return;
    }
    let message = format!("`{name}` falls back to a literal of {length} letters when the variable is missing");
    let finding = ctx.report(place.path, place.range, message);
    finding.help("read it without a default: the program then does not start without it");
    if !is_key {
        finding.severity(Severity::Warning);
    }
    if let Some(module) = module {
        finding.label_origin(module, *place);
    }
}
