//! Duplicated, dead and oversized code.

mod backup_file;
mod commented_out_code;
mod duplicate_function;
mod duplicate_implementation;
mod oversized_module;
mod unused_module;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    backup_file::RULE,
    commented_out_code::RULE,
    duplicate_function::RULE,
    duplicate_implementation::RULE,
    oversized_module::RULE,
    unused_module::RULE,
];
