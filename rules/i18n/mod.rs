//! The languages that people read the application in.

mod bilingual_literal;
mod language_ternary;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[bilingual_literal::RULE, language_ternary::RULE];
