//! The database: what is asked more often than it has to be, and what cannot be asked at all.

mod annotation_shadows_property;
mod n_plus_one;
mod prefetch_defeated;
mod query_in_loop;
mod unknown_relation;
mod write_in_loop;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    annotation_shadows_property::RULE,
    n_plus_one::RULE,
    prefetch_defeated::RULE,
    query_in_loop::RULE,
    unknown_relation::RULE,
    write_in_loop::RULE,
];
