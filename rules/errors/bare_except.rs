//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Precision, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::handler::Breadth;
use arrears_model::python::handling::Outcome;

rule! {
    /// Finds `except:` and `except BaseException` that do not raise again.
    ///
    /// They also catch `SystemExit`, `KeyboardInterrupt` and the cancellation of a task: a worker that is told to
    /// stop goes on, and Ctrl-C does nothing.
    ///
    /// ```python bad
    /// try:
    ///     total = price * count
    /// except:
    ///     total = 0
    /// ```
    /// ```python good
    /// try:
    ///     total = price * count
    /// except TypeError:
    ///     total = 0
    /// ```
    ///
    /// Not flagged: a handler that raises, or that stores the exception for whoever waits for it. Ruff's E722 and
    /// pylint's W0702 find the bare form, Sonar's S5754 `BaseException`; this is the union of them.
    pub(crate) const RULE = {
        code: "errors/bare-except",
        summary: "bare `except` swallows `SystemExit` and `KeyboardInterrupt`",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        severity: Severity::Error,
        precision: Precision::VeryHigh,
        fix: Applicability::Unsafe,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    for handler in ctx.python().handlers.iter().filter(|it| matches!(it.breadth, Breadth::Bare | Breadth::Base)) {
        if handler.outcome.intersects(Outcome::RAISES | Outcome::STORES) {
            continue;
        }
        let message = format!(
            "`{}` also swallows SystemExit, KeyboardInterrupt and task cancellation",
            handler.shown(ctx.text())
        );
        let help = match handler.expected.as_slice() {
            [] => "catch the exceptions that are expected here, or `Exception` with the traceback recorded".to_owned(),
            expected => format!("catch what the `try` body raises: `{}`", expected.join("`, `")),
        };
        let finding = ctx.report(handler.clause, message);
        finding.help(help);
        if !handler.given_to.is_empty() {
            finding.only_if(Condition::GivenInVain(handler.given_to.clone()));
        }
        if handler.breadth == Breadth::Bare {
            let keyword_end = handler.clause.start() + 6;
            let tail = TextRange::new(keyword_end, handler.clause.end());
            finding.fix(Fix::unsafe_edit("Catch `Exception` only", Edit::replace(tail, " Exception")));
        }
    }
}
