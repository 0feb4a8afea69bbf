//! How many findings each rule has.

use std::collections::BTreeMap;
use std::io::{self, Write};

use arrears_core::diagnostic::Severity;

use super::Outcome;
use super::summary::count;

/// Writes a line for each rule that found something, the most frequent first.
pub(crate) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_rows(&rows(outcome), out)
}

/// Writes the lines of the most frequent rules, and how much the others found.
pub(crate) fn write_top(outcome: &Outcome<'_>, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(outcome);
    let (shown, others) = rows.split_at(rows.len().min(most));
    write_rows(shown, out)?;
    if !others.is_empty() {
        let rest: usize = others.iter().map(|row| row.count).sum();
        writeln!(out, "{rest:>7}           {}", count(others.len(), "other rule"))?;
    }
    Ok(())
}

/// What one rule found.
pub(super) struct Row<'a> {
    pub(super) code: &'a str,
    pub(super) count: usize,
    /// The highest of its findings.
    pub(super) severity: Severity,
}

/// Returns a row for each rule that found something, the most frequent first.
pub(super) fn rows<'a>(outcome: &Outcome<'a>) -> Vec<Row<'a>> {
    let mut rows: BTreeMap<&str, Row<'a>> = BTreeMap::new();
    for reported in &outcome.report.diagnostics {
        let (code, severity) = (reported.diagnostic.code.as_str(), reported.diagnostic.severity);
        let row = rows.entry(code).or_insert(Row { code, count: 0, severity });
        row.count += 1;
        row.severity = row.severity.max(severity);
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by(|left, right| right.count.cmp(&left.count).then(left.code.cmp(right.code)));
    rows
}

fn write_rows(rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
    for Row { code, count, severity } in rows {
        writeln!(out, "{count:>7}  {:<7}  {code}", severity.as_str())?;
    }
    Ok(())
}
