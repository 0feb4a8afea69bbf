//! Every fix that a fixture offers, applied.

use std::collections::BTreeMap;

use arrears_core::diagnostic::{Applicability, Diagnostic};
use arrears_core::source::SourceFile;
use arrears_linter::analyze::classify;
use arrears_linter::fix;
use arrears_linter::workspace::Workspace;
use arrears_tests::fixture;
use arrears_tests::workspace::workspace_of;

/// One fix, and the repository before and after it.
struct Applied<'a> {
    name: String,
    diagnostic: &'a Diagnostic,
    before: &'a Workspace,
    after: Workspace,
}

#[test]
fn a_fix_leaves_a_file_that_parses() {
    for_each_fix(|fix| {
        let has_errors =
            |workspace: &Workspace| workspace.file(fix.diagnostic.path()).is_some_and(|file| file.facts.has_errors);
        assert!(has_errors(fix.before) || !has_errors(&fix.after), "{}", fix.name);
    });
}

/// A suggestion, which is never applied in bulk, may only make the debt plain: a stub that says so is still a stub.
#[test]
fn a_fix_removes_its_finding() {
    for_each_fix(|fix| {
        if fix.diagnostic.fix.as_ref().is_some_and(|it| it.applicability == Applicability::DisplayOnly) {
            return;
        }
        let code = fix.diagnostic.code.as_str();
        let count = |workspace: &Workspace| counts(workspace).get(code).copied().unwrap_or(0);
        assert!(count(&fix.after) < count(fix.before), "{}", fix.name);
    });
}

/// A fix may reveal what its finding stood in front of: a finding of another rule of the same group. Nothing else may
/// come, and of no rule more than the one finding that went.
#[test]
fn a_fix_adds_no_finding_but_a_revealed_one() {
    for_each_fix(|fix| {
        let before = counts(fix.before);
        for (code, count) in counts(&fix.after) {
            let had = before.get(&code).copied().unwrap_or(0);
            let is_same_group = code.split('/').next() == Some(fix.diagnostic.code.group());
            assert!(count <= had || is_same_group && count == had + 1, "{}: adds `{code}`", fix.name);
        }
    });
}

#[test]
fn a_second_run_of_all_fixes_does_nothing() {
    for fixture in fixture::all() {
        let mut workspace = workspace_of(fixture.bad());
        workspace.fix(Applicability::Unsafe, &|_| true);
        let again = workspace.fix(Applicability::Unsafe, &|_| true);
        assert_eq!((again.count, again.texts.len()), (0, 0), "{}", fixture.code);
    }
}

fn counts(workspace: &Workspace) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for reported in workspace.report(&|_| true).diagnostics {
        *counts.entry(reported.diagnostic.code.to_string()).or_insert(0) += 1;
    }
    counts
}

fn for_each_fix(check: impl Fn(&Applied<'_>)) {
    for fixture in fixture::all() {
        let sources = fixture.bad();
        let before = workspace_of(sources.clone());
        for reported in before.report(&|_| true).diagnostics {
            let diagnostic = &reported.diagnostic;
            if diagnostic.fix.is_none() || diagnostic.code.as_str() != fixture.code {
                continue;
            }
            let name = format!("{} in {}: {}", fixture.code, diagnostic.path(), diagnostic.message);
            let after = workspace_of(sources.iter().map(|source| applied(source, diagnostic)).collect());
            check(&Applied { name, diagnostic, before: &before, after });
        }
    }
}

fn applied(source: &SourceFile, diagnostic: &Diagnostic) -> SourceFile {
    if source.path != *diagnostic.path() {
        return source.clone();
    }
    let (text, _) =
        fix::apply(&source.text, &[diagnostic], Applicability::DisplayOnly).expect("the fix can be applied");
    classify(source.path.clone(), text, source.language)
}
