//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Scope};
use arrears_core::source::RelPath;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pipeline::System;
use arrears_model::project::ProjectModel;
use arrears_model::project::manifest::is_aside;

rule! {
    /// Finds workflows of GitHub Actions below the root of the repository, where GitHub never looks.
    ///
    /// The file looks like continuous integration, and documents say so; no push has ever started it. It happens when a
    /// project moves into a folder of a larger repository.
    ///
    /// ```yaml bad path=backend/.github/workflows/ci.yml
    /// name: CI
    /// on: [push]
    /// jobs:
    ///   test:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - run: python manage.py test
    /// ```
    /// ```yaml good path=.github/workflows/ci.yml
    /// name: CI
    /// on: [push]
    /// jobs:
    ///   test:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - run: python manage.py test
    ///         working-directory: backend
    /// ```
    ///
    /// Only where git says what the root is, for files that git tracks. Not flagged: templates of projects, examples,
    /// documents, vendored code, and parts that a tool copies into a repository of their own. Linters of workflows begin
    /// in the root and never see these files.
    pub(crate) const RULE = {
        code: "ops/workflow-not-at-root",
        summary: "workflow lies where it never runs",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
        precision: Precision::VeryHigh,
        asks_git: true,
    }
}

/// Words of tools that copy folders into repositories of their own.
const SPLITTERS: [&str; 4] = ["splitsh", "copybara", "subtree", "monorepo_split"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let misplaced = |path: &RelPath| {
        let (project, _) = path.as_str().split_once("/.github/")?;
        let is_own = model.inventory().is_tracked(path) == Some(true) && !is_aside(path) && !is_test_data(path);
        is_own.then(|| project.to_owned())
    };
    for workflow in &model.pipelines().workflows {
        if workflow.is_at_root || workflow.system != System::GitHub || workflow.jobs.is_empty() {
            continue;
        }
        let Some(project) = misplaced(workflow.path) else { continue };
        if SPLITTERS.iter().any(|word| model.files_with_word(word).any(|it| it.facts.document().is_some())) {
            return;
        }
        let name = workflow.name.as_deref().unwrap_or_else(|| workflow.path.file_name());
        let message =
            format!("`{name}` never runs: GitHub looks for workflows in `.github/workflows` of the root only");
        ctx.report(workflow.path, workflow.place, message).help(format!(
            "move it to `/.github/workflows/{}`, with `defaults.run.working-directory: {project}`",
            workflow.path.file_name()
        ));
    }
}

fn is_test_data(path: &RelPath) -> bool {
    path.folders()
        .any(|it| matches!(it, "test" | "tests" | "__tests__" | "skeleton" | "starters" | "starter" | "stubs"))
}
