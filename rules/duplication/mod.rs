//! Duplicated, dead and oversized code.

mod commented_out_code;
mod duplicate_function;
mod duplicate_implementation;
mod unused_module;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] =
    &[commented_out_code::RULE, duplicate_function::RULE, duplicate_implementation::RULE, unused_module::RULE];
