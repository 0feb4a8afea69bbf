//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pipeline::work::Work;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds repositories with tests and with continuous integration, where nothing runs the tests.
    ///
    /// Tests that only run on somebody's machine stop passing within weeks, and nobody learns which change broke them.
    ///
    /// ```python bad path=orders/tests.py
    /// from django.test import TestCase
    ///
    /// class OrderTests(TestCase):
    ///     def test_number(self):
    ///         self.assertEqual(next_number(), 1)
    /// ```
    /// ```yaml bad path=.github/workflows/lint.yml
    /// on: [push]
    /// jobs:
    ///   lint:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: actions/checkout@v4
    ///       - run: pip install ruff && ruff check .
    /// ```
    /// ```python good path=orders/tests.py
    /// from django.test import TestCase
    ///
    /// class OrderTests(TestCase):
    ///     def test_number(self):
    ///         self.assertEqual(next_number(), 1)
    /// ```
    /// ```yaml good path=.github/workflows/lint.yml
    /// on: [push]
    /// jobs:
    ///   lint:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: actions/checkout@v4
    ///       - run: pip install -r requirements.txt && make check
    /// ```
    ///
    /// Make targets, scripts of packages, tox, and scripts of the repository are followed. Said once, at the workflow that
    /// comes nearest. Not flagged where some step runs what is not read: a workflow of another repository, a
    /// container, a script that is not there; nor where another service is configured beside.
    pub(crate) const RULE = {
        code: "ops/ci-without-tests",
        summary: "continuous integration does not run the tests",
        check: Check::Project { run: check },
        scope: Scope::Repository,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let pipelines = model.pipelines();
    let tests = model.suites().count();
    if tests == 0 || !pipelines.others.is_empty() || tests_elsewhere(model) {
        return;
    }
    let all = pipelines.running().fold(Work::empty(), |all, it| all | it.work());
    if all.intersects(Work::TEST | Work::UNKNOWN) {
        return;
    }
    let nearness = |work: Work| (work.is_check(), work.bits());
    let candidates = pipelines.running().filter(|it| it.runs_on_changes());
    let Some(workflow) = candidates.max_by_key(|it| nearness(it.work())) else { return };
    let count = pipelines.running().count();
    let what = if tests == 1 { "the one test".to_owned() } else { format!("the {tests} tests") };
    let message = match count {
        1 => format!("this workflow does not run {what} of the repository, and there is no other"),
        _ => format!("none of the {count} workflows runs {what} of the repository"),
    };
    ctx.report(workflow.path, workflow.place, message)
        .help("add a job that installs the dependencies and runs them, and let the branch protection ask for it");
}

/// Returns whether images or hooks run tests.
fn tests_elsewhere(model: &ProjectModel<'_>) -> bool {
    let runs = |text: &str| {
        ["pytest", "manage.py test", "npm test", "npm run test", "yarn test", "pnpm test", "tox"]
            .iter()
            .any(|it| text.contains(it))
    };
    model.files().any(|file| {
        let name = file.source.path.file_name();
        let is_elsewhere =
            name.starts_with("Dockerfile") || name.contains("cloudbuild") || name == ".pre-commit-config.yaml";
        is_elsewhere && runs(&file.source.text)
    })
}
