//! `ops/`: repository, containers, continuous integration.

mod app_config_incomplete;
mod ci_failure_masked;
mod ci_without_tests;
mod committed_artifact;
mod compose_missing_service;
mod container_runs_as_root;
mod dev_server_in_production;
mod masked_build_step;
mod migrations_not_committed;
mod no_backup;
mod no_ci;
mod no_container;
mod no_env_example;
mod no_healthcheck;
mod no_lint_config;
mod no_task_runner;
mod template_workflow;
mod undeclared_dependency;
mod unpinned_image;
mod unpinned_requirement;
mod unused_dependency;
mod workflow_not_at_root;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    app_config_incomplete::RULE,
    ci_failure_masked::RULE,
    ci_without_tests::RULE,
    committed_artifact::RULE,
    compose_missing_service::RULE,
    container_runs_as_root::RULE,
    dev_server_in_production::RULE,
    masked_build_step::RULE,
    migrations_not_committed::RULE,
    no_backup::RULE,
    no_ci::RULE,
    no_container::RULE,
    no_env_example::RULE,
    no_healthcheck::RULE,
    no_lint_config::RULE,
    no_task_runner::RULE,
    template_workflow::RULE,
    undeclared_dependency::RULE,
    unpinned_image::RULE,
    unpinned_requirement::RULE,
    unused_dependency::RULE,
    workflow_not_at_root::RULE,
];
