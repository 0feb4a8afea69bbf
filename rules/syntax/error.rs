//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, RuleMeta};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;

rule! {
    /// Finds Python files that do not parse or do not compile.
    ///
    /// Nothing can import such a module; whatever does, fails at start-up or at the first request. The other rules
    /// see only the parts of the file that parse, and claims that something does *not* exist are off for what the
    /// file might hold.
    ///
    /// ```python bad
    /// def total(price=0, count):
    ///     return price * count
    /// ```
    /// ```python good
    /// def total(count, price=0):
    ///     return price * count
    /// ```
    ///
    /// One finding for each file: the first error. Every other linter reports this too; here it tells what the run
    /// could not see.
    pub(crate) const RULE = {
        code: "syntax/error",
        summary: "file does not parse",
        check: Check::File { language: arrears_core::source::Family::Python, kinds: &[], run: check },
        severity: Severity::Error,
        precision: Precision::VeryHigh,
        exempt: RuleMeta::MACHINE_MADE,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    if let Some(error) = arrears_syntax::parse::first_error(ctx.root(), ctx.text()) {
        ctx.report(error.range, error.message).help("the module cannot be imported until this parses");
    } else if let Some(error) = ctx.python().compile_errors.first() {
        ctx.report(error.range, error.message.clone()).help("the module cannot be imported until this compiles");
    }
}
