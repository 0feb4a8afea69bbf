//! Templates are read where a rule follows values, and where they lie among templates.

use arrears_core::source::{Language, RelPath};
use arrears_linter::analyze::{analyze, classify};
use arrears_linter::config::Config;
use arrears_linter::registry::Registry;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_linter::ruleset::RuleSet;
use arrears_linter::settings::Settings;
use arrears_tests::workspace::TODAY;

rule! {
    /// Finds nothing.
    const FOLLOWING = {
        code: "tests/following",
        summary: "nothing",
        check: Check::Project { run: |_, _| {} },
        follows_values: true,
    }
}

rule! {
    /// Finds nothing.
    const RESTING = {
        code: "tests/resting",
        summary: "nothing",
        check: Check::Project { run: |_, _| {} },
    }
}

fn rules(rule: rule::Rule) -> RuleSet {
    let registry = Registry::new(vec![rule]).expect("one rule is unique");
    let settings = Settings::resolve(&Config::default(), &registry, TODAY).expect("an empty configuration is valid");
    RuleSet::new(registry, settings)
}

#[track_caller]
fn check(path: &str, text: &str, rule: rule::Rule, is_read: bool) {
    let path = RelPath::new(path);
    let language = Language::of(&path).expect("the path is one that arrears reads");
    let analysis = analyze(classify(path, text.to_owned(), language), &rules(rule));
    assert_eq!(analysis.facts.template().is_some(), is_read);
}

#[test]
fn a_template_is_read_where_a_rule_follows_values() {
    check("shop/templates/order.html", "{{ order }}", FOLLOWING, true);
    check("shop/templates/order.html", "{{ order }}", RESTING, false);
}

#[test]
fn a_mail_among_templates_is_one() {
    check("shop/templates/mail/order.txt", "{% if order %}{% endif %}", FOLLOWING, true);
    assert_eq!(Language::of(&RelPath::new("shop/notes.txt")), None);
}

#[test]
fn pages_elsewhere_of_jinja_and_without_tags_are_none() {
    check("web/order.html", "{{ order }}", FOLLOWING, false);
    check("shop/templates/jinja2/order.html", "{{ order }}", FOLLOWING, false);
    check("shop/templates/order.html", "{{ order.total() }}", FOLLOWING, false);
    check("shop/templates/order.html", "<p>order</p>", FOLLOWING, false);
}

#[test]
fn statements_are_lowered_where_a_rule_follows_values() {
    for (rule, expected) in [(FOLLOWING, true), (RESTING, false)] {
        let source = classify(RelPath::new("shop/views.py"), "x = 1\n".to_owned(), Language::Python);
        let analysis = analyze(source, &rules(rule));
        assert_eq!(analysis.facts.python().is_some_and(|facts| facts.bodies.is_some()), expected);
    }
}
