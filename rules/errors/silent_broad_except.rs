//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::RuleMeta;
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::handler::{Breadth, Handler, Setting, Silence};

rule! {
    /// Finds `except Exception` that discards every error: the body is only `pass`, `...`, `continue`, `break` or
    /// the return of a constant.
    ///
    /// A typing error, a renamed field or a lost database looks the same as the one failure that was meant. Nothing
    /// is logged, so nobody learns of it until the data is wrong.
    ///
    /// ```python bad
    /// def rate(order):
    ///     try:
    ///         return order.customer.discount.rate
    ///     except Exception:
    ///         return 0
    /// ```
    /// ```python good
    /// def rate(order):
    ///     try:
    ///         return order.customer.discount.rate
    ///     except AttributeError:
    ///         return 0
    /// ```
    ///
    /// Lower severity: cleaning up (`close`, `unlink`, `release`), which is a note, and a handler whose comment says
    /// why, which is a warning. Not flagged: import guards (`errors/generic-except` has them) and `__del__`. Ruff's
    /// S110 and S112 see `pass` and `continue` only.
    pub(crate) const RULE = {
        code: "errors/silent-broad-except",
        summary: "`except Exception` discards every error",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        severity: Severity::Error,
        fix: Applicability::DisplayOnly,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    for handler in &ctx.python().handlers {
        let Some(silence) = handler.silence else { continue };
        let is_exempt = handler.setting.intersects(Setting::GUARDS_IMPORT | Setting::IN_FINALIZER);
        if is_exempt || !matches!(handler.breadth, Breadth::Broad | Breadth::Imported) {
            continue;
        }
        let message =
            format!("`{}` discards every error: nothing is logged, raised or reported", handler.shown(ctx.text()));
        let help = match handler.expected.as_slice() {
            [] => "catch the exception that is expected here, or log it with `logger.exception`".to_owned(),
            expected => format!("catch what the `try` body raises: `{}`", expected.join("`, `")),
        };
        let suggestion = suggestion(handler, silence, ctx);
        let finding = ctx.report(handler.clause, message);
        finding.help(help);
        if handler.setting.intersects(Setting::CLEANS_UP | Setting::IN_FINALLY) {
            finding.severity(Severity::Info);
        } else if handler.setting.contains(Setting::COMMENTED) {
            finding.severity(Severity::Warning);
        }
        if handler.breadth == Breadth::Imported {
            finding.only_if(Condition::CatchesEverything(handler.types.clone()));
        }
        if let Some(fix) = suggestion {
            finding.fix(fix);
        }
    }
}

/// Offers the types that the `try` body raises, or a line that logs where the module has a logger.
fn suggestion(handler: &Handler, silence: Silence, ctx: &FileContext<'_, '_>) -> Option<Fix> {
    if let Some(fix) = handler.narrowed(ctx.text()) {
        return Some(fix);
    }
    let logger =
        ["logger", "log", "LOG", "LOGGER"].into_iter().find(|name| ctx.python().names.assignment(name).is_some())?;
    let text = ctx.text();
    let line = ctx.source().lines.line_range(ctx.source().lines.line(handler.body.start()));
    let indent = TextRange::new(line.start(), handler.body.start()).slice(text);
    if !indent.trim().is_empty() {
        return None;
    }
    let call = format!("{logger}.exception(\"unexpected error\")");
    let edit = match silence {
        Silence::Pass => Edit::replace(handler.body, call),
        Silence::Continue | Silence::Break | Silence::Return => {
            Edit::insert(handler.body.start(), format!("{call}\n{indent}"))
        }
    };
    Some(Fix::suggestion("Log the exception", edit))
}
