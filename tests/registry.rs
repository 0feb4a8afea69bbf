//! Every rule is registered, documented and evidenced; its code is its address.

use std::collections::BTreeSet;
use std::path::Path;

use arrears_tests::fixture;
use arrears_tests::workspace::{read_folder, registry};

#[test]
fn every_rule_has_docs_that_start_with_what_it_finds() {
    let rules = registry();
    let wrong = rules.rules().iter().filter(|rule| {
        let first = rule.meta.docs.lines().next().unwrap_or("").trim();
        let summary = &rule.meta.summary;
        !first.starts_with("Finds ") || !first.contains(' ') || summary.is_empty() || summary.ends_with('.')
    });
    let wrong: Vec<_> = wrong.map(|rule| rule.meta.code.to_string()).collect();
    assert!(wrong.is_empty(), "their docs do not start with `Finds …`, or their summary ends with a stop: {wrong:?}");
}

#[test]
fn every_rule_has_both_fixture_folders() {
    let rules = registry();
    let folders = rules.rules().iter().flat_map(|rule| {
        let folder = fixture::root().join(rule.meta.code.as_str());
        [folder.join("bad"), folder.join("good")]
    });
    let wrong: Vec<_> = folders.filter(|folder| !folder.is_dir() || read_folder(folder).is_empty()).collect();
    assert!(wrong.is_empty(), "missing or empty: {wrong:#?}");
}

#[test]
fn every_fixture_folder_belongs_to_a_rule() {
    let rules = registry();
    let names = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("fixtures can be read").filter_map(Result::ok);
        let folders = entries.filter(|entry| entry.path().is_dir());
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    let groups = names(&fixture::root()).into_iter().filter(|group| group != "demo");
    let codes = groups.flat_map(|group| {
        let below = names(&fixture::root().join(&group));
        below.into_iter().map(move |name| format!("{group}/{name}"))
    });
    let strangers: Vec<_> = codes.filter(|code| rules.get(code).is_none()).collect();
    assert!(strangers.is_empty(), "no rule is called {strangers:?}");
}

#[test]
fn every_file_in_rules_is_registered_under_the_code_that_its_path_spells() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let mut expected = BTreeSet::new();
    for group in std::fs::read_dir(&folder).expect("the rules can be read").filter_map(Result::ok) {
        if !group.path().is_dir() {
            continue;
        }
        for file in std::fs::read_dir(group.path()).expect("a group can be read").filter_map(Result::ok) {
            let (group, file) = (group.file_name(), file.file_name());
            let stem = file.to_str().and_then(|file| file.strip_suffix(".rs")).expect("rules are Rust files");
            if stem != "mod" {
                expected.insert(format!("{}/{stem}", group.to_string_lossy()).replace('_', "-"));
            }
        }
    }
    let registered: BTreeSet<String> = registry().rules().iter().map(|rule| rule.meta.code.to_string()).collect();
    assert_eq!(registered, expected);
}

#[test]
fn codes_are_unique() {
    let mut codes: Vec<_> = arrears_rules::all().into_iter().map(|rule| rule.meta.code).collect();
    let count = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), count);
}

#[test]
fn the_node_kinds_that_rules_ask_for_exist() {
    assert_eq!(registry().check_kinds(), Ok(()));
}
