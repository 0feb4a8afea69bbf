//! Workflow commands that GitHub Actions turns into annotations, and a table for the summary of the job.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use arrears_core::diagnostic::{Diagnostic, Severity};

use super::summary::count;
use super::{Outcome, statistics, summary};

/// How many annotations of one level GitHub shows for a step.
const MOST: usize = 10;

/// Writes the commands, the most severe first; appends the table where there is a summary to append to.
pub(crate) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut left_out = 0;
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let of_level: Vec<&Diagnostic> = outcome
            .report
            .diagnostics
            .iter()
            .map(|it| &it.diagnostic)
            .filter(|diagnostic| diagnostic.severity == severity)
            .collect();
        // What is said of the rest is a notice itself.
        let most = if severity == Severity::Info && (left_out > 0 || of_level.len() > MOST) { MOST - 1 } else { MOST };
        for diagnostic in of_level.iter().take(most) {
            write_command(outcome, diagnostic, out)?;
        }
        left_out += of_level.len().saturating_sub(most);
    }
    if left_out > 0 {
        let verb = if left_out == 1 { "is" } else { "are" };
        let message =
            format!("{} {verb} not annotated; the log of this step counts them", count(left_out, "more finding"));
        writeln!(out, "::notice title=arrears::{}", escaped(&message))?;
    }
    match std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        Some(path) => append_summary(outcome, Path::new(&path)),
        None => Ok(()),
    }
}

fn write_command(outcome: &Outcome<'_>, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let file = escaped_property(&outcome.in_repository(diagnostic.path()));
    let (start, end) = outcome.positions(diagnostic.path(), diagnostic.primary.range);
    let title = escaped_property(diagnostic.code.as_str());
    let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    writeln!(
        out,
        "::{level} file={file},line={},endLine={},col={},endColumn={},title={title}::{}",
        start.line,
        end.line,
        start.column,
        end.column,
        escaped(&format!("{}{help}", diagnostic.message)),
    )
}

/// Escapes the text of a command.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

fn append_summary(outcome: &Outcome<'_>, path: &Path) -> io::Result<()> {
    let mut text = Vec::new();
    writeln!(text, "### arrears\n")?;
    let rows = statistics::rows(outcome);
    if !rows.is_empty() {
        writeln!(text, "| rule | severity | findings |\n| --- | --- | ---: |")?;
    }
    for row in rows {
        let rule =
            outcome.url(row.code).map_or_else(|| format!("`{}`", row.code), |url| format!("[`{}`]({url})", row.code));
        writeln!(text, "| {rule} | {} | {} |", row.severity.as_str(), row.count)?;
    }
    writeln!(text)?;
    summary::write(outcome, &mut text)?;
    writeln!(text)?;
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(&text))
        .map_err(|error| io::Error::other(format!("cannot append to `{}`: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::{escaped, escaped_property};

    #[test]
    fn texts_and_properties_are_escaped() {
        assert_eq!(escaped("100 %: a,\r\nb"), "100 %25: a,%0D%0Ab");
        assert_eq!(escaped_property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
