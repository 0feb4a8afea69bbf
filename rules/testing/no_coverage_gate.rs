//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pipeline::work::Work;
use arrears_model::project::manifest::is_aside;
use arrears_model::project::{ProjectFile, ProjectModel};

rule! {
    /// Finds projects that measure what their tests cover, and let it sink.
    ///
    /// A number that nothing compares with is looked at once. With a floor at today's share, a change without tests is
    /// noticed in the review that it is part of.
    ///
    /// ```toml bad path=pyproject.toml
    /// [tool.pytest.ini_options]
    /// addopts = "--cov=shop"
    /// ```
    /// ```python bad path=orders/tests.py
    /// from django.test import TestCase
    ///
    /// class OrderTests(TestCase):
    ///     def test_total(self):
    ///         self.assertEqual(total([1, 2]), 3)
    /// ```
    /// ```toml good path=pyproject.toml
    /// [tool.pytest.ini_options]
    /// addopts = "--cov=shop --cov-fail-under=80"
    /// ```
    /// ```python good path=orders/tests.py
    /// from django.test import TestCase
    ///
    /// class OrderTests(TestCase):
    ///     def test_total(self):
    ///         self.assertEqual(total([1, 2]), 3)
    /// ```
    ///
    /// Looked for are `fail_under`, `--cov-fail-under`, `coverageThreshold` and `thresholds`, anywhere in configuration and
    /// scripts. Not flagged where a service such as Codecov, Coveralls or Sonar is configured, which has a floor of
    /// its own.
    pub(crate) const RULE = {
        code: "testing/no-coverage-gate",
        summary: "coverage is measured but not enforced",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
    }
}

/// What measures, in a configuration; a step of continuous integration may do it, too.
const MARKS: [&str; 7] =
    ["--cov", "[tool.coverage", "[coverage:run]", "[run]", "collectCoverage", "--coverage", "coverage run"];

const GATES: [&str; 8] = [
    "fail_under",
    "fail-under",
    "coverageThreshold",
    "thresholds",
    "check-coverage",
    "checkCoverage",
    "diff-cover",
    "minimum_coverage",
];

const SERVICES: [&str; 7] = ["codecov", "coveralls", "sonar", "codacy", "codeclimate", "qlty", "coverage-comment"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    if model.suites().count() == 0 || has_service(model) {
        return;
    }
    let own = || model.files().filter(|it| !is_aside(&it.source.path) && it.source.text.len() < 1 << 18);
    if own().any(|it| is_configuration(&it) && GATES.iter().any(|gate| it.source.text.contains(gate))) {
        return;
    }
    let Some((path, range)) = own().find_map(|it| measured(&it)) else { return };
    ctx.report(path, range, "coverage is measured, and no share is asked for").help(
        "set `fail_under` (or `thresholds` of vitest, `coverageThreshold` of jest) to today's share, and raise it",
    );
}

fn is_configuration(file: &ProjectFile<'_>) -> bool {
    let name = file.source.path.file_name();
    file.facts.python().is_none() && file.source.language.family().is_none() && file.source.path.extension() != "md"
        || name.contains(".config.")
        || name.starts_with("noxfile")
}

fn measured<'p>(file: &ProjectFile<'p>) -> Option<(&'p RelPath, TextRange)> {
    let path = &file.source.path;
    let name = path.file_name();
    let is_read =
        matches!(name, "pyproject.toml" | "setup.cfg" | "tox.ini" | "pytest.ini" | ".coveragerc" | "package.json")
            || name.starts_with("vitest.config")
            || name.starts_with("jest.config");
    let text = &file.source.text;
    // `[run]` is a section of `.coveragerc` only.
    let marks = MARKS.iter().filter(|it| **it != "[run]" || name == ".coveragerc");
    let at = marks.filter(|_| is_read).find_map(|it| Some((text.find(it)?, it.len())));
    let (at, length) = at?;
    Some((path, TextRange::of(at..at + length)))
}

fn has_service(model: &ProjectModel<'_>) -> bool {
    let speaks = |text: &str| SERVICES.iter().any(|it| text.contains(it));
    let by_file = model.inventory().files().any(|it| speaks(&it.file_name().to_ascii_lowercase()));
    let by_action = model.pipelines().workflows.iter().any(|workflow| {
        workflow.work().contains(Work::GATE)
            || workflow.steps().any(|step| {
                step.uses.as_deref().is_some_and(|it| speaks(&it.to_ascii_lowercase()))
                    || step.scripts.iter().any(|it| speaks(&it.text))
            })
    });
    by_file || by_action
}
