//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{field, parts, range};
use tree_sitter::Node;

rule! {
    /// Finds `raise Exception(...)`.
    ///
    /// Nobody can catch it without catching everything: each one forces an `except Exception` on its callers.
    ///
    /// ```python bad
    /// def pay(order):
    ///     if order.is_paid:
    ///         raise Exception("order is paid already")
    /// ```
    /// ```python good
    /// class AlreadyPaid(ValueError):
    ///     """The order is paid already."""
    ///
    /// def pay(order):
    ///     if order.is_paid:
    ///         raise AlreadyPaid(order.pk)
    /// ```
    ///
    /// Not flagged in tests, commands and scripts. Ruff's TRY002 and pylint's W0719 report the same.
    pub(crate) const RULE = {
        code: "errors/raise-vanilla-exception",
        summary: "bare `Exception` is raised",
        check: Check::Node { language: Family::Python, kinds: &["raise_statement"], run: check },
        severity: Severity::Info,
        preset: Preset::Strict,
        precision: Precision::VeryHigh,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION).union(Roles::COMMAND),
    }
}

fn check<'t>(raise: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    let Some(raised) = parts(raise).next() else { return };
    let class = if raised.kind() == "call" { field(raised, "function") } else { Some(raised) };
    let Some(class) = class.filter(|it| it.kind() == "identifier") else { return };
    let canonical = ctx.python().names.canonical(ctx.slice(class), range(class).start());
    if matches!(&*canonical, "Exception" | "BaseException") {
        let message = format!("raising `{canonical}` forces callers into `except {canonical}`");
        ctx.report(range(class), message).help("raise a class of its own, or the builtin one that says what is wrong");
    }
}
