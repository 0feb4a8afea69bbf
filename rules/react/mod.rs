//! React's debts.

mod function_error_boundary;
mod placeholder_error_boundary;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[function_error_boundary::RULE, placeholder_error_boundary::RULE];
