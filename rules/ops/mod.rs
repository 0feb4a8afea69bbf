//! `ops/`: repository, containers, continuous integration.

mod app_config_incomplete;
mod ci_failure_masked;
mod ci_without_tests;
mod no_ci;
mod no_lint_config;
mod no_task_runner;
mod template_workflow;
mod workflow_not_at_root;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    app_config_incomplete::RULE,
    ci_failure_masked::RULE,
    ci_without_tests::RULE,
    no_ci::RULE,
    no_lint_config::RULE,
    no_task_runner::RULE,
    template_workflow::RULE,
    workflow_not_at_root::RULE,
];
