//! One JSON document: the stable contract with programs.
//!
//! Paths are relative to the folder the program was started in. Lines and columns count from 1, columns in Unicode
//! characters; `end` is exclusive.

use std::collections::BTreeMap;
use std::io::{self, Write};

use arrears_core::diagnostic::{Applicability, Severity};
use arrears_core::source::RelPath;
use arrears_core::text::{Position, TextRange};
use arrears_linter::report::Reported;
use serde::Serialize;

use super::Outcome;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    diagnostics: Vec<Item<'a>>,
    summary: Summary<'a>,
}

#[derive(Serialize)]
struct Item<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    path: String,
    range: Range,
    labels: Vec<Labelled<'a>>,
    help: Option<&'a str>,
    fix: Option<FixItem<'a>>,
    fingerprint: &'a str,
    url: Option<String>,
    properties: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Labelled<'a> {
    path: String,
    range: Range,
    message: &'a str,
}

#[derive(Serialize)]
struct FixItem<'a> {
    title: &'a str,
    applicability: Applicability,
    edits: Vec<EditItem<'a>>,
}

#[derive(Serialize)]
struct EditItem<'a> {
    path: String,
    range: Range,
    content: &'a str,
}

#[derive(Serialize)]
struct Summary<'a> {
    files: usize,
    rules: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    baselined: usize,
    skipped: Vec<SkippedItem<'a>>,
    not_run: Vec<NotRunItem<'a>>,
}

#[derive(Serialize)]
struct NotRunItem<'a> {
    code: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct SkippedItem<'a> {
    path: &'a str,
    reason: &'a str,
}

/// Writes the document.
pub(crate) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = outcome.report;
    let document = Document {
        version: 1,
        diagnostics: report.diagnostics.iter().map(|reported| item(outcome, reported)).collect(),
        summary: Summary {
            files: report.files,
            rules: report.rules,
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            infos: report.count(Severity::Info),
            suppressed: report.suppressed,
            baselined: 0,
            skipped: report.skipped.iter().map(|it| SkippedItem { path: &it.path, reason: &it.reason }).collect(),
            not_run: report.not_run.iter().map(|it| NotRunItem { code: it.code.as_str(), reason: it.reason }).collect(),
        },
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn item<'a>(outcome: &Outcome<'_>, reported: &'a Reported) -> Item<'a> {
    let diagnostic = &reported.diagnostic;
    let path = diagnostic.path();
    let labels = diagnostic.labels.iter().map(|label| Labelled {
        path: outcome.shown(&label.path),
        range: range(outcome, &label.path, label.range),
        message: &label.message,
    });
    Item {
        code: diagnostic.code.as_str(),
        severity: diagnostic.severity,
        message: &diagnostic.message,
        path: outcome.shown(path),
        range: range(outcome, path, diagnostic.primary.range),
        labels: labels.collect(),
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(|fix| FixItem {
            title: &fix.title,
            applicability: fix.applicability,
            edits: fix
                .edits
                .iter()
                .map(|edit| EditItem {
                    path: outcome.shown(path),
                    range: range(outcome, path, edit.range),
                    content: &edit.content,
                })
                .collect(),
        }),
        fingerprint: &reported.fingerprint,
        url: outcome.url(diagnostic.code.as_str()),
        properties: &diagnostic.properties,
    }
}

fn range(outcome: &Outcome<'_>, path: &RelPath, range: TextRange) -> Range {
    let (start, end) = outcome.positions(path, range);
    Range { start, end }
}
