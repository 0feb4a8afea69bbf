//! Fixtures: `bad/` is flagged exactly on the lines that are marked, `good/` is silent under every stable rule.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arrears_core::rule::Stability;
use arrears_linter::report::Report;
use arrears_linter::workspace::Workspace;
use arrears_tests::workspace::{read_folder, registry, workspace_of};

/// A finding or an expectation: path, line counted from 1, code.
type Place = (String, u32, String);

#[test]
fn marked_lines_are_flagged_and_nothing_else_is() {
    let mut wrong = Vec::new();
    for (code, folder) in fixtures() {
        let workspace = workspace_of(read_folder(&folder.join("bad")));
        let found: BTreeSet<Place> =
            places(&workspace, &workspace.report(&|_| true)).into_iter().filter(|it| it.2 == code).collect();
        let expected: BTreeSet<Place> = expectations(&workspace).into_iter().filter(|it| it.2 == code).collect();
        wrong.extend(expected.difference(&found).map(|(path, line, _)| format!("{code}: missed {path}:{line}")));
        wrong.extend(found.difference(&expected).map(|(path, line, _)| format!("{code}: flagged {path}:{line}")));
        if expected.is_empty() {
            wrong.push(format!("{code}: nothing is marked in bad/"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_fixtures_are_silent_under_every_stable_rule() {
    let registry = registry();
    let mut wrong = Vec::new();
    for (code, folder) in fixtures() {
        let workspace = workspace_of(read_folder(&folder.join("good")));
        for (path, line, found) in places(&workspace, &workspace.report(&|_| true)) {
            let is_stable = registry.get(&found).is_some_and(|rule| rule.meta.stability == Stability::Stable);
            if is_stable {
                wrong.push(format!("{code}: {found} flagged good/{path}:{line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the fixtures that there are: `fixtures/<group>/<name>`.
fn fixtures() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut found = Vec::new();
    for rule in registry().rules() {
        let folder = root.join(rule.meta.code.as_str());
        if folder.is_dir() {
            found.push((rule.meta.code.to_string(), folder));
        }
    }
    found
}

fn places(workspace: &Workspace, report: &Report) -> Vec<Place> {
    let place = |it: &arrears_linter::report::Reported| {
        let source = &workspace.file(it.diagnostic.path())?.source;
        let line = source.lines.position(&source.text, it.diagnostic.primary.range.start()).line;
        Some((it.diagnostic.path().to_string(), line, it.diagnostic.code.to_string()))
    };
    report.diagnostics.iter().filter_map(place).collect()
}

/// Reads the marks `expect: code` at the ends of lines.
fn expectations(workspace: &Workspace) -> Vec<Place> {
    let mut expected = Vec::new();
    for file in workspace.files() {
        for (line, text) in (1..).zip(file.source.text.lines()) {
            for mark in text.split("expect:").skip(1) {
                let code =
                    mark.trim_start().split(|next: char| next.is_whitespace() || next == ',').next().unwrap_or("");
                expected.push((file.source.path.to_string(), line, code.to_owned()));
            }
        }
    }
    expected
}
