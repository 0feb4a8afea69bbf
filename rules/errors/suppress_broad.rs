//! See [`RULE`].

use arrears_core::rule::{Precision, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::python::handler::{Breadth, plain_breadth};
use arrears_syntax::node::range;
use arrears_syntax::python::{callee, dotted, positional};
use tree_sitter::Node;

rule! {
    /// Finds `contextlib.suppress(Exception)`: an `except Exception: pass` that is easy to overlook.
    ///
    /// Every mistake inside the block disappears without a line in the log.
    ///
    /// ```python bad
    /// from contextlib import suppress
    ///
    /// with suppress(Exception):
    ///     index.refresh()
    /// ```
    /// ```python good
    /// from contextlib import suppress
    ///
    /// with suppress(ConnectionError):
    ///     index.refresh()
    /// ```
    ///
    /// Other linters do not report it; ruff's SIM105 even proposes it.
    pub(crate) const RULE = {
        code: "errors/suppress-broad",
        summary: "`suppress(Exception)` discards every error",
        check: Check::Node { language: Family::Python, kinds: &["call"], run: check },
        precision: Precision::VeryHigh,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["suppress"],
    }
}

fn check<'t>(call: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    let Some(path) = callee(call, ctx.text()) else { return };
    let names = &ctx.python().names;
    let at = range(call).start();
    if names.canonical(path, at) != "contextlib.suppress" {
        return;
    }
    let broad = positional(call)
        .filter_map(|argument| dotted(argument, ctx.text()))
        .find(|path| plain_breadth(&names.canonical(path, at)) > Breadth::Imported);
    if let Some(broad) = broad {
        let message = format!("`suppress({broad})` discards every error: nothing is logged, raised or reported");
        ctx.report(range(call), message).help("name the exception that is expected here");
    }
}
