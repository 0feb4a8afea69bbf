//! Files that do not parse.

mod error;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[error::RULE];
