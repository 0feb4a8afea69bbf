//! `testing/`: tests.

mod empty_tests_module;
mod no_coverage_gate;
mod no_e2e_tests;
mod no_tests;
mod skipped_test;
mod tests_on_other_database;
mod trivial_assertion;
mod untested_endpoint;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    empty_tests_module::RULE,
    no_coverage_gate::RULE,
    no_e2e_tests::RULE,
    no_tests::RULE,
    skipped_test::RULE,
    tests_on_other_database::RULE,
    trivial_assertion::RULE,
    untested_endpoint::RULE,
];
