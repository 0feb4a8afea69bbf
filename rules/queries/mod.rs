//! The database: what is asked more often than it has to be, and what cannot be asked at all.

mod annotation_shadows_property;
mod missing_atomic;
mod n_plus_one;
mod prefetch_defeated;
mod query_in_loop;
mod queryset_len;
mod queryset_reread_after_write;
mod read_modify_write;
mod unindexed_filter;
mod unknown_relation;
mod write_in_loop;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    annotation_shadows_property::RULE,
    missing_atomic::RULE,
    n_plus_one::RULE,
    prefetch_defeated::RULE,
    query_in_loop::RULE,
    queryset_len::RULE,
    queryset_reread_after_write::RULE,
    read_modify_write::RULE,
    unindexed_filter::RULE,
    unknown_relation::RULE,
    write_in_loop::RULE,
];
