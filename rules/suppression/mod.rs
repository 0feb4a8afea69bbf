//! Suppression comments that do not do their work.

mod expired;
mod malformed;
mod unused;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[expired::RULE, malformed::RULE, unused::RULE];
