//! React's debts.

mod eager_route;
mod function_error_boundary;
mod lazy_without_suspense;
mod missing_root_error_boundary;
mod placeholder_error_boundary;
mod state_read_missing_provider;
mod unmounted_error_boundary;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    eager_route::RULE,
    function_error_boundary::RULE,
    lazy_without_suspense::RULE,
    missing_root_error_boundary::RULE,
    placeholder_error_boundary::RULE,
    state_read_missing_provider::RULE,
    unmounted_error_boundary::RULE,
];
