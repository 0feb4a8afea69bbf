//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::handler::{Breadth, Handler, Setting};
use arrears_model::python::handling::Outcome;

rule! {
    /// Finds `except Exception` that neither raises again nor records the traceback.
    ///
    /// The one failure that was expected and every mistake in the code end in the same branch. A message with
    /// `str(error)` says `'NoneType' object has no attribute 'id'` and not where: finding the line takes hours.
    ///
    /// ```python bad
    /// import logging
    /// logger = logging.getLogger(__name__)
    ///
    /// def parse(text):
    ///     try:
    ///         return int(text)
    ///     except Exception as error:
    ///         logger.error("cannot parse: %s", error)
    /// ```
    /// ```python good
    /// import logging
    /// logger = logging.getLogger(__name__)
    ///
    /// def parse(text):
    ///     try:
    ///         return int(text)
    ///     except ValueError as error:
    ///         logger.warning("cannot parse: %s", error)
    /// ```
    ///
    /// Handled, and not flagged: `raise` on some path, `logger.exception`, `exc_info=`, `traceback.print_exc`,
    /// `capture_exception`, a function of the project that does one of these (up to two calls deep, across modules),
    /// `self.retry(exc=…)`, `future.set_exception`, `form.add_error`, the exception object stored or handed to code
    /// that reports it, `sys.exit` in a command. Notes: import guards and health checks. Aliases, tuples, `except*`
    /// and constants of other modules are seen through. Ruff's BLE001 does not see wrappers or aliases.
    pub(crate) const RULE = {
        code: "errors/generic-except",
        summary: "`except Exception` hides which failure is expected",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        scope: Scope::Project,
        fix: Applicability::Unsafe,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    for handler in &ctx.python().handlers {
        if !matches!(handler.breadth, Breadth::Broad | Breadth::Imported) || is_handled(handler, ctx) {
            continue;
        }
        let fix = fix(handler, ctx);
        let finding = ctx.report(handler.clause, message(handler, ctx.text()));
        finding.help(help(handler));
        if handler.outcome.contains(Outcome::HEALTH) || handler.setting.contains(Setting::GUARDS_IMPORT) {
            finding.severity(Severity::Info);
        }
        if handler.breadth == Breadth::Imported {
            finding.only_if(Condition::CatchesEverything(handler.types.clone()));
        }
        if !handler.given_to.is_empty() {
            finding.only_if(Condition::GivenInVain(handler.given_to.clone()));
        }
        if !handler.calls.is_empty() {
            finding.only_if(Condition::NoCallHandles(handler.calls.clone()));
        }
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    }
}

fn is_handled(handler: &Handler, ctx: &FileContext<'_, '_>) -> bool {
    let is_silent = handler.silence.is_some() && !handler.setting.contains(Setting::GUARDS_IMPORT);
    let ends_command = handler.outcome.contains(Outcome::EXITS) && ctx.source().roles.contains(Roles::COMMAND);
    is_silent || handler.is_handled() || ends_command
}

fn message(handler: &Handler, text: &str) -> String {
    let shown = handler.shown(text);
    if handler.setting.contains(Setting::GUARDS_IMPORT) {
        return format!("`{shown}` hides errors inside the imported module, not only its absence");
    }
    if handler.types.len() > 1 {
        return format!(
            "`{shown}` catches everything: the other types are redundant, and which failure is expected is hidden"
        );
    }
    if handler.outcome.contains(Outcome::LOGS) {
        return format!("`{shown}` logs a message but loses the traceback and hides which failure is expected");
    }
    format!("`{shown}` hides which failure is expected, and its traceback is lost")
}

fn help(handler: &Handler) -> String {
    if handler.setting.contains(Setting::GUARDS_IMPORT) {
        return "catch `ImportError`".to_owned();
    }
    match handler.expected.as_slice() {
        [] => "catch the exception that is expected here, or record the traceback with `logger.exception`".to_owned(),
        expected => format!("catch what the `try` body raises: `{}`", expected.join("`, `")),
    }
}

fn fix(handler: &Handler, ctx: &FileContext<'_, '_>) -> Option<Fix> {
    if let (true, [only]) = (handler.setting.contains(Setting::GUARDS_IMPORT), handler.types.as_slice()) {
        return Some(Fix::unsafe_edit("Catch `ImportError`", Edit::replace(*only, "ImportError")));
    }
    handler.narrowed(ctx.text())
}
