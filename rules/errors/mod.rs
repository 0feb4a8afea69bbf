//! Error handling: exceptions that are hidden, leaked or lost.

mod bare_except;
mod console_only_catch;
mod empty_catch;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[bare_except::RULE, console_only_catch::RULE, empty_catch::RULE];
