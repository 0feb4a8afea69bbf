//! `ops/`: repository, containers, continuous integration.

mod undeclared_dependency;
mod unpinned_requirement;
mod unused_dependency;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[undeclared_dependency::RULE, unpinned_requirement::RULE, unused_dependency::RULE];
