//! Error handling: exceptions that are hidden, leaked or lost.

mod bare_except;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[bare_except::RULE];
