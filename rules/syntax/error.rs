//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, RuleMeta};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds files that do not parse or do not compile: Python, TypeScript, JavaScript, and configuration in TOML, YAML and
    /// JSON.
    ///
    /// Nothing can import such a module; whatever does, fails at start-up, in the build or at the first request. The
    /// other rules see only the parts of the file that parse, and claims that something does *not* exist are off for
    /// what the file might hold.
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
    /// One finding for each file: the first error. Beside what does not parse: parameters in a wrong order, `await`
    /// outside an asynchronous function, a `try` without handlers, Python 2's statements, JSX tags that do not match.
    ///
    /// Not flagged: syntax that is valid in any Python from 3.0 to 3.14 or in TypeScript 5, and Flow, whose files are
    /// left out and counted. Every other linter and compiler reports this too; here it tells what the run could not
    /// see.
    pub(crate) const RULE = {
        code: "syntax/error",
        summary: "file does not parse",
        check: Check::Project { run: check },
        severity: Severity::Error,
        precision: Precision::VeryHigh,
        exempt: RuleMeta::MACHINE_MADE,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for file in model.files() {
        if let Some(defect) = &file.facts.defect {
            let help = match (file.source.language.family(), file.facts.has_errors) {
                (None, _) => "no tool can read the file; rules that need it are silent",
                (Some(_), true) => "the module cannot be imported until this parses",
                (Some(_), false) => "the module cannot be imported until this compiles",
            };
            ctx.report(&file.source.path, defect.range, defect.message.clone()).help(help);
        }
    }
}
