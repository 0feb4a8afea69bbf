//! Findings as results.

use std::collections::{BTreeMap, HashMap};

use arrears_core::diagnostic::{Diagnostic, Label, Severity};
use arrears_core::source::RelPath;
use arrears_linter::report::Reported;

use super::places::{artifact, location, region};
use super::schema::{
    ArtifactChange, CodeFlow, Fix, Location, Message, Replacement, SarifResult, Text, ThreadFlow, ThreadFlowLocation,
};
use super::{MESSAGE, level, sentence};
use crate::output::Outcome;
use crate::output::line_hash::line_hashes;
use crate::output::summary::count;

/// How many other findings on the same line are shown; the rest is counted.
const MOST_LINKED: usize = 9;

/// The findings of one rule on one line, the first of them first. GitHub tells alerts apart by rule and line only and
/// would lose the others.
struct Group<'a> {
    line: u32,
    first: &'a Reported,
    others: Vec<&'a Diagnostic>,
    severity: Severity,
}

impl<'a> Group<'a> {
    /// Returns the findings that are told one by one.
    fn shown(&self) -> impl Iterator<Item = &'a Diagnostic> {
        std::iter::once(&self.first.diagnostic).chain(self.others.iter().copied().take(MOST_LINKED))
    }
}

/// Returns at most `most` results, the most severe ones, in the order of the report, and how many there would be.
pub(super) fn results(
    outcome: &Outcome<'_>,
    indexes: &BTreeMap<&str, usize>,
    most: usize,
) -> (Vec<SarifResult>, usize) {
    let groups = groups(outcome);
    let total = groups.len();
    let mut order: Vec<usize> = (0..total).collect();
    order.sort_by_key(|at| std::cmp::Reverse(groups[*at].severity));
    order.truncate(most);
    order.sort_unstable();
    let mut hashes = Hashes::default();
    let results = order.into_iter().filter_map(|at| {
        let group = &groups[at];
        let index = *indexes.get(group.first.diagnostic.code.as_str())?;
        Some(result(outcome, group, index, &mut hashes))
    });
    (results.collect(), total)
}

/// The hashes of the lines of the file that is being written.
#[derive(Default)]
struct Hashes {
    path: Option<RelPath>,
    lines: Vec<String>,
}

impl Hashes {
    fn of(&mut self, outcome: &Outcome<'_>, path: &RelPath, line: u32) -> Option<String> {
        if self.path.as_ref() != Some(path) {
            self.path = Some(path.clone());
            self.lines = outcome.workspace.file(path).map(|file| line_hashes(&file.source.text)).unwrap_or_default();
        }
        self.lines.get(line as usize - 1).cloned()
    }
}

fn groups<'a>(outcome: &Outcome<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: HashMap<(&str, &str, u32), usize> = HashMap::new();
    for reported in &outcome.report.diagnostics {
        let diagnostic = &reported.diagnostic;
        let line = outcome.positions(diagnostic.path(), diagnostic.primary.range).0.line;
        let at = *known.entry((diagnostic.path().as_str(), diagnostic.code.as_str(), line)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => {
                group.others.push(diagnostic);
                group.severity = group.severity.max(diagnostic.severity);
            }
            None => groups.push(Group { line, first: reported, others: Vec::new(), severity: diagnostic.severity }),
        }
    }
    groups
}

fn result(outcome: &Outcome<'_>, group: &Group<'_>, rule_index: usize, hashes: &mut Hashes) -> SarifResult {
    let diagnostic = &group.first.diagnostic;
    let mut place = location(outcome, diagnostic.path(), diagnostic.primary.range);
    place.message = text(&diagnostic.primary.message);
    let mut related = Vec::new();
    let said = message(outcome, group, &mut related);
    let mut fingerprints = BTreeMap::from([("arrears/v1", group.first.fingerprint.clone())]);
    if let Some(hash) = hashes.of(outcome, diagnostic.path(), group.line) {
        fingerprints.insert("primaryLocationLineHash", hash);
    }
    SarifResult {
        rule_id: diagnostic.code.to_string(),
        rule_index,
        level: level(group.severity),
        kind: "fail",
        message: Message { id: MESSAGE, arguments: [said.trim_end_matches('.').to_owned()], text: said },
        locations: [place],
        related_locations: related,
        code_flows: group.shown().filter_map(|it| way(outcome, it)).collect(),
        partial_fingerprints: fingerprints,
        fixes: group.shown().filter_map(|it| fix(outcome, it)).collect(),
        properties: diagnostic.properties.clone(),
    }
}

/// Returns what is wrong, with a link to each other place, and what to do.
fn message(outcome: &Outcome<'_>, group: &Group<'_>, related: &mut Vec<Location>) -> String {
    let first = &group.first.diagnostic;
    let mut said = if group.others.is_empty() {
        sentence(&without_links(&first.message))
    } else {
        let more = count(group.others.len(), "more finding");
        format!("{}, and {more} on this line.", without_links(first.message.trim_end_matches('.')))
    };
    let mut links = Vec::new();
    for diagnostic in group.shown() {
        if !std::ptr::eq(diagnostic, first) {
            let column = || outcome.positions(diagnostic.path(), diagnostic.primary.range).0.column;
            let is_same = diagnostic.message == first.message;
            let words = if is_same { format!("column {}", column()) } else { diagnostic.message.clone() };
            links.push(link(outcome, &diagnostic.primary, &words, related));
        }
        links.extend(diagnostic.labels.iter().map(|label| link(outcome, label, &label.message, related)));
    }
    if !links.is_empty() {
        said.push_str(&format!(" See {}.", links.join(", ")));
    }
    if let Some(help) = &first.help {
        said.push_str(&format!(" Help: {}", sentence(&without_links(help))));
    }
    said
}

/// Adds a related place and returns the link to it.
fn link(outcome: &Outcome<'_>, label: &Label, words: &str, related: &mut Vec<Location>) -> String {
    let mut place = location(outcome, &label.path, label.range);
    let words = if words.is_empty() { outcome.in_repository(&label.path) } else { words.to_owned() };
    let id = related.len() + 1;
    place.id = Some(id);
    place.message = text(&words);
    related.push(place);
    format!("[{}]({id})", words.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]"))
}

/// Keeps code such as `handlers[0](1)` from being read as a link.
fn without_links(text: &str) -> String {
    text.replace("](", "\\](")
}

fn text(text: &str) -> Option<Text> {
    (!text.is_empty()).then(|| Text { text: sentence(text) })
}

/// Returns the way that a finding tells, where it has two other places or more.
fn way(outcome: &Outcome<'_>, diagnostic: &Diagnostic) -> Option<CodeFlow> {
    if diagnostic.labels.len() < 2 {
        return None;
    }
    let step = |label: &Label, words: &str| {
        let mut place = location(outcome, &label.path, label.range);
        place.message = text(if label.message.is_empty() { words } else { &label.message });
        ThreadFlowLocation { location: place }
    };
    let mut locations = vec![step(&diagnostic.primary, &diagnostic.message)];
    locations.extend(diagnostic.labels.iter().map(|label| step(label, "")));
    Some(CodeFlow { thread_flows: [ThreadFlow { locations }] })
}

fn fix(outcome: &Outcome<'_>, diagnostic: &Diagnostic) -> Option<Fix> {
    let fix = diagnostic.fix.as_ref()?;
    let replacements = fix.edits.iter().map(|edit| Replacement {
        deleted_region: region(outcome, diagnostic.path(), edit.range),
        inserted_content: Text { text: edit.content.clone() },
    });
    let change = ArtifactChange {
        artifact_location: artifact(outcome, diagnostic.path()),
        replacements: replacements.collect(),
    };
    Some(Fix { description: Text { text: sentence(&fix.title) }, artifact_changes: [change] })
}
