//! Duplicated, dead and oversized code.

mod commented_out_code;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[commented_out_code::RULE];
