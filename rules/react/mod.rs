//! React's debts.

mod boundary_without_reset;
mod error_boundary_without_reporting;
mod function_error_boundary;
mod placeholder_error_boundary;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    boundary_without_reset::RULE,
    error_boundary_without_reporting::RULE,
    function_error_boundary::RULE,
    placeholder_error_boundary::RULE,
];
