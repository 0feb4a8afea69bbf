//! `bad/` is flagged exactly on the lines that are marked, `good/` is silent under every stable rule.

use std::collections::BTreeSet;

use arrears_core::rule::{Scope, Stability};
use arrears_tests::fixture::{self, Place, expectations, places};
use arrears_tests::workspace::registry;

#[test]
fn marked_lines_are_flagged_and_nothing_else_is() {
    let mut wrong = Vec::new();
    for fixture in fixture::all() {
        let (code, sources) = (&fixture.code, fixture.bad());
        let own = |places: BTreeSet<Place>| places.into_iter().filter(|it| it.2 == *code).collect::<BTreeSet<_>>();
        let expected = own(expectations(&sources));
        let workspace = fixture.workspace("bad");
        let found = own(places(&workspace, &workspace.report(&|_| true)));
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
    for fixture in fixture::all() {
        let workspace = fixture.workspace("good");
        for (path, line, found) in places(&workspace, &workspace.report(&|_| true)) {
            // A fixture is no whole repository: what one lacks is judged in the rule's own fixture.
            let counts = registry.get(&found).is_some_and(|rule| {
                rule.meta.stability == Stability::Stable
                    && (found == fixture.code || rule.meta.scope != Scope::Repository)
            });
            if counts {
                wrong.push(format!("{}: {found} flagged good/{path}:{line}", fixture.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
