//! Internationalisation's debts.

mod not_initialised;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[not_initialised::RULE];
