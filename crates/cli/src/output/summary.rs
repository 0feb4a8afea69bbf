//! The last lines of a run: how much was looked at, what was found, what was left out and why.

use std::collections::BTreeMap;
use std::io::{self, Write};

use arrears_core::diagnostic::Severity;

use super::Outcome;

/// How many left-out files of one reason are named.
const NAMED: usize = 3;

/// Writes the closing lines.
pub(crate) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = outcome.report;
    let looked_at = if outcome.is_partial {
        format!("{} reported, {} indexed", count(report.reported_files, "file"), report.files)
    } else {
        format!("{}, {}", count(report.files, "file"), count(report.rules, "rule"))
    };
    let found = [
        (report.count(Severity::Error), "error"),
        (report.count(Severity::Warning), "warning"),
        (report.count(Severity::Info), "note"),
    ];
    let found: Vec<String> =
        found.into_iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(number, noun)).collect();
    let seconds = outcome.elapsed.as_secs_f64();
    if found.is_empty() {
        write!(out, "{looked_at}: nothing in arrears ({seconds:.2} s)")?;
    } else {
        write!(out, "{looked_at}: {} in {seconds:.2} s", found.join(", "))?;
    }
    if report.suppressed > 0 {
        write!(out, " ({} suppressed)", report.suppressed)?;
    }
    writeln!(out)?;
    write_skipped(outcome, out)?;
    write_not_run(outcome, out)?;
    if !found.is_empty() && !outcome.is_partial {
        writeln!(out, "`arrears explain CODE` tells more about a rule")?;
    }
    Ok(())
}

fn write_skipped(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for skipped in &outcome.report.skipped {
        by_reason.entry(&skipped.reason).or_default().push(&skipped.path);
    }
    if by_reason.is_empty() {
        return Ok(());
    }
    let total = outcome.report.skipped.len();
    let parts = by_reason.into_iter().map(|(reason, paths)| match paths.as_slice() {
        few if few.len() <= NAMED => format!("{} ({reason})", few.join(", ")),
        many => format!("{} and {} more ({reason})", many[0], many.len() - 1),
    });
    let verb = if total == 1 { "was" } else { "were" };
    writeln!(out, "{} {verb} not analysed: {}", count(total, "file"), parts.collect::<Vec<_>>().join("; "))
}

fn write_not_run(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = outcome.report.not_run.first() else { return Ok(()) };
    let codes: Vec<String> = outcome.report.not_run.iter().map(|it| format!("`{}`", it.code)).collect();
    writeln!(out, "{} did not run ({}): {}", count(codes.len(), "rule"), first.reason, codes.join(", "))
}

/// Returns a number with its noun, in the plural where it has to be.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
