//! One line for each finding.

use std::io::{self, Write};

use super::{Outcome, Style};

/// Writes the lines.
pub(crate) fn write(outcome: &Outcome<'_>, _style: Style, out: &mut dyn Write) -> io::Result<()> {
    for reported in &outcome.report.diagnostics {
        let diagnostic = &reported.diagnostic;
        let (start, _) = outcome.positions(diagnostic.path(), diagnostic.primary.range);
        let path = outcome.shown(diagnostic.path());
        let severity = diagnostic.severity.as_str();
        write!(out, "{path}:{}:{} {severity} {} {}", start.line, start.column, diagnostic.code, diagnostic.message)?;
        if let Some(label) = diagnostic.labels.first() {
            let (at, _) = outcome.positions(&label.path, label.range);
            write!(out, " ({} {}:{})", label.message, outcome.shown(&label.path), at.line)?;
        }
        writeln!(out)?;
    }
    Ok(())
}
