//! React's debts.

mod boundary_without_reset;
mod duplicate_error_boundary;
mod eager_route;
mod error_boundary_without_reporting;
mod fetch_in_effect;
mod function_error_boundary;
mod heavy_import;
mod lazy_without_suspense;
mod missing_root_error_boundary;
mod placeholder_error_boundary;
mod request_in_loop;
mod retry_non_idempotent;
mod state_read_missing_provider;
mod unhandled_query_state;
mod unmounted_error_boundary;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    boundary_without_reset::RULE,
    duplicate_error_boundary::RULE,
    eager_route::RULE,
    error_boundary_without_reporting::RULE,
    fetch_in_effect::RULE,
    function_error_boundary::RULE,
    heavy_import::RULE,
    lazy_without_suspense::RULE,
    missing_root_error_boundary::RULE,
    placeholder_error_boundary::RULE,
    request_in_loop::RULE,
    retry_non_idempotent::RULE,
    state_read_missing_provider::RULE,
    unhandled_query_state::RULE,
    unmounted_error_boundary::RULE,
];
