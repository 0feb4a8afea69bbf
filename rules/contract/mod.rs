//! What client and server expect of each other.

mod auth_scheme_mismatch;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[auth_scheme_mismatch::RULE];
