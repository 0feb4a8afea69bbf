//! Types that are missing, switched off or wrong.

mod explicit_any;
mod float_money;
mod missing_type_hints;
mod stale_suppression;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] =
    &[explicit_any::RULE, float_money::RULE, missing_type_hints::RULE, stale_suppression::RULE];
