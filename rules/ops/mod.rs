//! `ops/`: repository, containers, continuous integration.

mod committed_artifact;
mod migrations_not_committed;
mod no_env_example;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[committed_artifact::RULE, migrations_not_committed::RULE, no_env_example::RULE];
