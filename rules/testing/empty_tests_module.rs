//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, RuleMeta};
use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;

rule! {
    /// Finds `tests.py` as `startapp` made it: an import and an invitation, no test.
    ///
    /// The file looks like tests in every listing of the project, and the runner passes over it in silence.
    ///
    /// ```python bad path=orders/tests.py
    /// from django.test import TestCase
    ///
    /// # Create your tests here.
    /// ```
    /// ```python good path=orders/tests.py
    /// from django.test import TestCase
    ///
    /// class OrderTests(TestCase):
    ///     def test_total(self):
    ///         self.assertEqual(total([1, 2]), 3)
    /// ```
    ///
    /// Not flagged: a module that imports something beside, or that holds any function, class or statement of its own.
    pub(crate) const RULE = {
        code: "testing/empty-tests-module",
        summary: "`tests.py` is the template of `startapp`",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        severity: Severity::Info,
        precision: Precision::VeryHigh,
        exempt: RuleMeta::MACHINE_MADE,
        mentions: &["TestCase"],
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    if ctx.source().path.file_name() != "tests.py" || ctx.source().path.folders().any(|it| it.contains("template")) {
        return;
    }
    let text = ctx.text();
    let mut import: Option<TextRange> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or("").trim();
        let at = start;
        start += line.len();
        match code {
            "" => {}
            "from django.test import TestCase" => import = Some(TextRange::of(at..at + code.len())),
            _ if code.starts_with("\"\"\"") && code.len() > 5 && code.ends_with("\"\"\"") => {}
            _ => return,
        }
    }
    let Some(range) = import else { return };
    ctx.report(range, "this module holds no test: it is what `startapp` made of it")
        .help("write the first test here, or delete the file and keep the tests where the others are");
}
