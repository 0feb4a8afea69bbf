//! `settings/`: Django settings and runtime configuration.

mod database_driver_missing;
mod package_not_configured;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[database_driver_missing::RULE, package_not_configured::RULE];
