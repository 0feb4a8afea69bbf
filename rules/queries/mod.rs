//! The database: what is asked more often than it has to be.

mod missing_atomic;
mod n_plus_one;
mod query_in_loop;
mod queryset_len;
mod queryset_reread_after_write;
mod read_modify_write;
mod unindexed_filter;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    missing_atomic::RULE,
    n_plus_one::RULE,
    query_in_loop::RULE,
    queryset_len::RULE,
    queryset_reread_after_write::RULE,
    read_modify_write::RULE,
    unindexed_filter::RULE,
];
