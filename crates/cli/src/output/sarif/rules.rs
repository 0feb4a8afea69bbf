//! The rules of a run, described for people who have never seen the program.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::diagnostic::Severity;
use arrears_core::rule::RuleMeta;
use arrears_linter::rule::Rule;

use super::schema::{Configuration, Descriptor, Help, RuleProperties, Text};
use super::{MESSAGE, level, sentence};
use crate::output::Outcome;
use crate::output::text::capitalised;
use crate::page::markdown;

/// How many characters GitHub takes for a description.
const LONGEST_DESCRIPTION: usize = 1024;
/// How many tags GitHub shows.
const MOST_TAGS: usize = 10;

/// Returns the rules that ran, and those that have results all the same, sorted by code.
///
/// A rule that ran and found nothing is there too: that is how its old alerts are closed.
pub(super) fn described<'a>(outcome: &Outcome<'a>) -> Vec<&'a Rule> {
    let rules = outcome.workspace.rules();
    let found: BTreeSet<&str> = outcome.report.diagnostics.iter().map(|it| it.diagnostic.code.as_str()).collect();
    let is_described =
        |rule: &&Rule| rules.settings().is_enabled(&rule.meta.code) || found.contains(rule.meta.code.as_str());
    rules.registry().rules().iter().filter(is_described).collect()
}

/// Returns the entry of a rule.
pub(super) fn descriptor(outcome: &Outcome<'_>, rule: &Rule) -> Descriptor {
    let meta = &rule.meta;
    let code = meta.code.as_str();
    let docs = markdown(&meta.docs);
    let url = outcome.url(code);
    let silence = format!("To silence one: `# arrears: ignore[{code}] -- reason`");
    let more = url.as_ref().map(|url| format!("\n\n[More about this rule]({url})")).unwrap_or_default();
    Descriptor {
        id: code.to_owned(),
        name: pascal_case(code),
        short_description: Text { text: cut(&sentence(&capitalised(&meta.summary))) },
        full_description: Text { text: cut(&sentence(&introduction(meta))) },
        help: Help {
            text: format!("{docs}\n\n{silence}"),
            markdown: Some(format!("# {code}\n\n{docs}\n\n{silence}{more}\n")),
        },
        help_uri: url,
        message_strings: BTreeMap::from([(MESSAGE, Text { text: "{0}.".to_owned() })]),
        default_configuration: Some(Configuration { level: level(meta.severity), enabled: true }),
        properties: Some(RuleProperties {
            tags: tags(meta),
            precision: meta.precision,
            problem_severity: match meta.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
            security_severity: meta.security_severity,
        }),
    }
}

/// Returns `family/a-name` as `FamilyAName`.
pub(super) fn pascal_case(code: &str) -> String {
    code.split(['/', '-']).map(capitalised).collect()
}

fn tags(meta: &RuleMeta) -> Vec<String> {
    let mut tags = vec![meta.code.group()];
    let security = meta.security_severity.map(|_| "security");
    for tag in security.into_iter().chain(meta.tags.iter().copied()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.into_iter().take(MOST_TAGS).map(str::to_owned).collect()
}

/// Returns what comes before the examples, on one line.
fn introduction(meta: &RuleMeta) -> String {
    let before: Vec<&str> = meta
        .docs
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("```"))
        .filter(|line| !line.is_empty())
        .collect();
    if before.is_empty() { capitalised(&meta.summary) } else { before.join(" ") }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST_DESCRIPTION {
        return text.to_owned();
    }
    text.chars().take(LONGEST_DESCRIPTION - 3).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use arrears_core::rule::{RuleCode, RuleMeta, RuleTraits};

    use super::{cut, pascal_case, tags};

    #[test]
    fn tags_are_at_most_ten_and_a_security_rule_says_so() {
        const TAGS: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "security"];
        let traits = RuleTraits { tags: TAGS, security_severity: Some("7.5"), ..RuleTraits::DEFAULT };
        let code = RuleCode::literal("settings/debug");
        let meta = RuleMeta::of(code, Cow::Borrowed("debug"), Cow::Borrowed(""), traits);
        assert_eq!(tags(&meta), ["settings", "security", "a", "b", "c", "d", "e", "f", "g", "h"]);
        let traits = RuleTraits { security_severity: Some("7.5"), ..RuleTraits::DEFAULT };
        let meta = RuleMeta::of(RuleCode::literal("security/html"), Cow::Borrowed("html"), Cow::Borrowed(""), traits);
        assert_eq!(tags(&meta), ["security"], "each once, as the format wants");
    }

    #[test]
    fn a_code_becomes_a_name() {
        assert_eq!(pascal_case("errors/bare-except"), "ErrorsBareExcept");
    }

    #[test]
    fn a_description_is_cut_to_what_github_takes() {
        assert_eq!(cut(&"é".repeat(2000)).chars().count(), 1024);
    }
}
