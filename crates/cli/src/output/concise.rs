//! One line for each finding.

use std::io::{self, Write};

use super::Outcome;
use super::text::harmless;

/// Writes the lines.
pub(crate) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    for reported in &outcome.report.diagnostics {
        let diagnostic = &reported.diagnostic;
        let (start, _) = outcome.positions(diagnostic.path(), diagnostic.primary.range);
        let path = outcome.shown(diagnostic.path());
        let (severity, code) = (diagnostic.severity.as_str(), &diagnostic.code);
        let mut line = format!("{path}:{}:{} {severity} {code} {}", start.line, start.column, diagnostic.message);
        if let Some(label) = diagnostic.labels.first() {
            let (at, _) = outcome.positions(&label.path, label.range);
            line.push_str(&format!(" ({} {}:{})", label.message, outcome.shown(&label.path), at.line));
        }
        writeln!(out, "{}", harmless(&line))?;
    }
    Ok(())
}
