//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Preset, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::python::handler::Handler;
use arrears_model::python::handling::{Outcome, is_logger};
use arrears_syntax::node::{descendants, field, range};
use arrears_syntax::python::{called_name, keyword_argument, receiver};
use tree_sitter::Node;

rule! {
    /// Finds exceptions that are logged as a message, without the traceback.
    ///
    /// `logger.error("failed: %s", error)` tells what, not where. `logger.exception("failed")` tells both, at the
    /// same level.
    ///
    /// ```python bad
    /// import logging
    /// logger = logging.getLogger(__name__)
    ///
    /// try:
    ///     total = int(text)
    /// except ValueError as error:
    ///     logger.error("cannot parse: %s", error)
    /// ```
    /// ```python good
    /// import logging
    /// logger = logging.getLogger(__name__)
    ///
    /// try:
    ///     total = int(text)
    /// except ValueError:
    ///     logger.exception("cannot parse")
    /// ```
    ///
    /// Not flagged: a specific exception that is logged below `error`, a handler that raises or records the
    /// traceback elsewhere. Ruff's TRY400 sees `error` only.
    pub(crate) const RULE = {
        code: "errors/log-without-traceback",
        summary: "exception is logged without its traceback",
        check: Check::Node { language: Family::Python, kinds: &["except_clause"], run: check },
        severity: Severity::Info,
        preset: Preset::Strict,
        fix: Applicability::Safe,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["except"],
    }
}

fn check<'t>(clause: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    let start = range(clause).start();
    let Some(handler) = ctx.python().handlers.iter().find(|it| it.clause.start() == start) else { return };
    if handler.outcome.intersects(Outcome::RAISES | Outcome::RECORDS) {
        return;
    }
    let mut nodes = descendants(clause);
    while let Some(node) = nodes.next() {
        match node.kind() {
            // A nested handler is judged by itself.
            "try_statement" | "function_definition" => nodes.skip_children(),
            "call" => check_call(node, handler, ctx),
            _ => {}
        }
    }
}

fn check_call<'t>(call: Node<'t>, handler: &Handler, ctx: &mut FileContext<'_, 't>) {
    let Some(name) = called_name(call, ctx.text()) else { return };
    let is_flagged = matches!(name, "error" | "critical") || name == "warning" && handler.is_broad();
    let Some(logger) = receiver(call).filter(|object| is_flagged && is_logger(*object, ctx.text())) else { return };
    let mentions = handler.binding.as_deref().is_some_and(|binding| {
        field(call, "arguments")
            .is_some_and(|list| descendants(list).any(|node| node.kind() == "identifier" && ctx.slice(node) == binding))
    });
    if !mentions || keyword_argument(call, "exc_info", ctx.text()).is_some() {
        return;
    }
    let Some(function) = field(call, "function") else { return };
    let method = field(function, "attribute").map(range);
    let message = format!("`{}.{name}` logs the exception without its traceback", ctx.slice(logger));
    let finding = ctx.report(range(function), message);
    match (name, method) {
        ("error", Some(method)) => {
            finding.help("call `.exception(…)`, which logs at the same level with the traceback");
            finding.fix(Fix::safe_edit("Call `.exception(…)`", Edit::replace(method, "exception")));
        }
        _ => {
            finding.help("pass `exc_info=True`");
        }
    }
}
