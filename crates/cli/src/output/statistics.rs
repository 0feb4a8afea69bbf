//! How many findings each rule has.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Outcome;

/// Writes a line for each rule that found something, the most frequent first.
pub(crate) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for reported in &outcome.report.diagnostics {
        let diagnostic = &reported.diagnostic;
        counts.entry(diagnostic.code.as_str()).or_insert((0, diagnostic.severity.as_str())).0 += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|left, right| right.1.0.cmp(&left.1.0).then(left.0.cmp(right.0)));
    for (code, (count, severity)) in rows {
        writeln!(out, "{count:>7}  {severity:<7}  {code}")?;
    }
    Ok(())
}
