//! Duplicated, dead and oversized code.

mod commented_out_code;
mod unused_module;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[commented_out_code::RULE, unused_module::RULE];
