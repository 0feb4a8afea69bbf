//! Debts of types.

mod float_money;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[float_money::RULE];
