//! Suppression comments, generated for every fixture.

use arrears_core::source::{Family, RelPath, SourceFile};
use arrears_linter::analyze::classify;
use arrears_linter::rule::Check;
use arrears_linter::workspace::{MALFORMED, UNUSED};
use arrears_tests::fixture::{self, marks, place};
use arrears_tests::workspace::{registry, workspace_of};

#[test]
fn a_suppression_on_each_marked_line_silences_it() {
    let registry = registry();
    let mut wrong = Vec::new();
    for fixture in fixture::all() {
        if registry.get(&fixture.code).is_some_and(|rule| matches!(rule.check, Check::Engine)) {
            continue;
        }
        // JSON has no comments.
        let is_marked = |it: &SourceFile| it.text.lines().any(|line| marks(line).any(|mark| mark == fixture.code));
        if !fixture.bad().iter().any(|it| it.language.family().is_some() && is_marked(it)) {
            continue;
        }
        let workspace = workspace_of(fixture.bad().iter().map(|it| with_suppressions(it, &fixture.code)).collect());
        let report = workspace.report(&|_| true);
        for reported in &report.diagnostics {
            let code = &reported.diagnostic.code;
            if is_json(reported.diagnostic.path()) {
                continue;
            }
            if code.as_str() == fixture.code || *code == UNUSED || *code == MALFORMED {
                wrong.push(format!("{}: {:?}", fixture.code, place(&workspace, reported)));
            }
        }
        if report.suppressed == 0 {
            wrong.push(format!("{}: nothing was suppressed", fixture.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_added_suppression_that_is_idle_is_reported() {
    let registry = registry();
    let mut wrong = Vec::new();
    for fixture in fixture::all() {
        if registry.get(&fixture.code).is_some_and(|rule| matches!(rule.check, Check::Engine)) {
            continue;
        }
        for source in fixture.good().into_iter().filter(|source| source.language.family().is_some()) {
            let text =
                format!("{}\n{} arrears: ignore[{}] -- idle\n", source.text, comment_mark(&source), fixture.code);
            let path = source.path.clone();
            let workspace = workspace_of(vec![classify(path, text, source.language)]);
            let idle = workspace.report(&|_| true);
            if !idle.diagnostics.iter().any(|it| it.diagnostic.code == UNUSED) && source.roles.is_empty() {
                wrong.push(format!("{}: {}", fixture.code, source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn comment_mark(source: &SourceFile) -> &'static str {
    match source.language.family() {
        Some(Family::Script) => "//",
        Some(Family::Python) | None => "#",
    }
}

/// JSON has no comments: the configuration silences what is found there.
fn is_json(path: &RelPath) -> bool {
    path.extension() == "json"
}

/// Turns each mark `expect: code` of the fixture's own rule into a suppression.
fn with_suppressions(source: &SourceFile, code: &str) -> SourceFile {
    if is_json(&source.path) {
        return source.clone();
    }
    let mut text = String::new();
    for line in source.text.split_inclusive('\n') {
        let is_own = marks(line).any(|mark| mark == code);
        let mark = if is_own { line.find("expect:") } else { None };
        match mark {
            Some(at) => {
                let before = line[..at].trim_end().trim_end_matches(['#', '/']);
                let directive = format!("arrears: ignore[{code}] -- generated");
                if line.trim_end().ends_with("*/}") {
                    text.push_str(&format!("{before} */}}{{/* {directive} */}}\n"));
                } else {
                    text.push_str(&format!("{before} {} {directive}\n", comment_mark(source)));
                }
            }
            None => text.push_str(line),
        }
    }
    classify(source.path.clone(), text, source.language)
}
