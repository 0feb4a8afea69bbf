//! The examples of every rule's page run: the bad one is found, the good one is not.

use arrears_tests::example::{examples, sources};
use arrears_tests::workspace::{registry, workspace_of};

#[test]
fn every_rule_finds_its_bad_example() {
    let wrong = codes_where(|found, _| !found, "bad");
    assert!(wrong.is_empty(), "silent about their own bad example: {wrong:#?}");
}

#[test]
fn no_rule_flags_its_good_example() {
    let wrong = codes_where(|found, _| found, "good");
    assert!(wrong.is_empty(), "loud about their own good example: {wrong:#?}");
}

#[test]
fn every_rule_has_a_bad_and_a_good_example() {
    let wrong = codes_where(|_, blocks| blocks == 0, "bad");
    assert!(wrong.is_empty(), "without ```LANGUAGE bad: {wrong:?}");
    let wrong = codes_where(|_, blocks| blocks == 0, "good");
    assert!(wrong.is_empty(), "without ```LANGUAGE good: {wrong:?}");
}

/// Returns the rules for which `is_wrong` holds, given whether the rule fires on the blocks of `word` and how many
/// such blocks there are.
fn codes_where(is_wrong: impl Fn(bool, usize) -> bool, word: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for rule in registry().rules() {
        let sources = sources(&examples(&rule.meta.docs), word);
        let count = sources.len();
        let report = workspace_of(sources).report(&|_| true);
        let found = report.diagnostics.iter().any(|it| it.diagnostic.code == rule.meta.code);
        if is_wrong(found, count) {
            wrong.push(rule.meta.code.to_string());
        }
    }
    wrong
}
