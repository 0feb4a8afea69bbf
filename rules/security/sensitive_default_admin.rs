//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{range, text};
use arrears_syntax::python::{callee, positional, string_value};
use tree_sitter::Node;

rule! {
    /// Finds Django's admin at `/admin/`.
    ///
    /// Every scanner knows the address. Another one keeps the log free of a thousand tries at night, and a leaked password
    /// from being tried there by a program; it replaces no second factor.
    ///
    /// ```python bad path=shop/urls.py
    /// from django.contrib import admin
    /// from django.urls import path
    ///
    /// urlpatterns = [path("admin/", admin.site.urls)]
    /// ```
    /// ```python good path=shop/urls.py
    /// from django.conf import settings
    /// from django.contrib import admin
    /// from django.urls import path
    ///
    /// urlpatterns = [path(settings.ADMIN_PATH, admin.site.urls)]
    /// ```
    ///
    /// Not flagged: an admin that is served only under a condition, such as `if settings.DEBUG`.
    pub(crate) const RULE = {
        code: "security/sensitive-default-admin",
        summary: "the admin is served at its well-known address",
        check: Check::Node { language: Family::Python, kinds: &["call"], run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["urls"],
    }
}

fn check<'t>(call: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    let Some("path" | "re_path" | "url") = callee(call, ctx.text()).and_then(|it| it.rsplit('.').next()) else {
        return;
    };
    let mut given = positional(call);
    let (Some(pattern), Some(view)) = (given.next(), given.next()) else { return };
    let is_admin = text(view, ctx.text()).ends_with("site.urls");
    let Some(address) = string_value(pattern, ctx.text()) else { return };
    let plain = address.trim_start_matches(['^', '/']).trim_end_matches(['/', '$']);
    if !is_admin || plain != "admin" {
        return;
    }
    let is_playground =
        ctx.source().path.folders().any(|it| matches!(it, "example" | "examples" | "demo" | "sandbox" | "docs"));
    if is_playground || ctx.enclosing().any(|it| it.kind() == "if_statement") || in_if(call) {
        return;
    }
    ctx.report(range(pattern), "the admin is served at `/admin/`, where every scanner looks first")
        .help("serve it at an address of your own, read from the environment");
}

/// Returns whether a call stands under a condition of the module.
fn in_if(call: Node<'_>) -> bool {
    arrears_syntax::node::ancestors(call).take(12).any(|it| it.kind() == "if_statement")
}
