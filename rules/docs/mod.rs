//! `docs/`: documents.

mod broken_link;
mod missing_path;
mod version_drift;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[broken_link::RULE, missing_path::RULE, version_drift::RULE];
