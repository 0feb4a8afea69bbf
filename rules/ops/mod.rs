//! `ops/`: repository, containers, continuous integration.

mod compose_missing_service;
mod container_runs_as_root;
mod dev_server_in_production;
mod masked_build_step;
mod no_backup;
mod no_container;
mod no_healthcheck;
mod unpinned_image;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    compose_missing_service::RULE,
    container_runs_as_root::RULE,
    dev_server_in_production::RULE,
    masked_build_step::RULE,
    no_backup::RULE,
    no_container::RULE,
    no_healthcheck::RULE,
    unpinned_image::RULE,
];
