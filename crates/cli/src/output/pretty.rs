//! Source frames, for people: what is wrong, where, the other places, what to do.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use arrears_core::diagnostic::{Applicability, Diagnostic, Label, Severity};
use arrears_core::source::SourceFile;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};
use thiserror::Error;

use super::excerpt::{CONTEXT, Excerpt, Mark};
use super::text::{harmless, wrap_after};
use super::{Outcome, Style, statistics};

/// How many findings of one rule in one file are shown.
const SHOWN: usize = 50;
/// From how many findings on the rules are summed up at the end, and how many of them.
const MANY: usize = 200;
const TOP_RULES: usize = 10;

/// The lines of one file with the labels in them; miette's heading and footer are left empty, ours stand around it.
#[derive(Debug, Error)]
#[error("")]
struct Frame(Excerpt);

impl miette::Diagnostic for Frame {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.0)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.0.spans().iter().cloned()))
    }
}

/// Writes the findings.
pub(crate) fn write(outcome: &Outcome<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = &outcome.report.diagnostics;
    for file in diagnostics.chunk_by(|left, right| left.diagnostic.path() == right.diagnostic.path()) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for reported in file {
            let count = counts.entry(reported.diagnostic.code.as_str()).or_default();
            *count += 1;
            if *count <= SHOWN {
                write_finding(outcome, &reported.diagnostic, style, out)?;
                writeln!(out)?;
            }
        }
        for (code, count) in counts.into_iter().filter(|(_, count)| *count > SHOWN) {
            writeln!(out, "... and {} more `{code}` in this file\n", count - SHOWN)?;
        }
    }
    if diagnostics.len() > MANY {
        statistics::write_top(outcome, TOP_RULES, out)?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_finding(outcome: &Outcome<'_>, diagnostic: &Diagnostic, style: Style, out: &mut dyn Write) -> io::Result<()> {
    write_heading(outcome, diagnostic, style, out)?;
    let mut severity = Some(diagnostic.severity);
    for labels in frames(outcome, diagnostic) {
        let path = &labels[0].path;
        match outcome.workspace.file(path) {
            Some(file) => write_frame(outcome, &file.source, &labels, severity.take(), style, out)?,
            None => writeln!(out, "  at {}", harmless(&outcome.shown(path)))?,
        }
    }
    if let Some(help) = help(diagnostic) {
        let lines = wrap_after(8, &help, 8, style.width);
        writeln!(out, "  {} {}", paint("36", "help:", style), lines.join("\n        "))?;
    }
    Ok(())
}

/// Puts labels that are near each other into one frame; the primary place is in the first one.
fn frames<'d>(outcome: &Outcome<'_>, diagnostic: &'d Diagnostic) -> Vec<Vec<&'d Label>> {
    let line = |label: &Label| {
        let source = &outcome.workspace.file(&label.path)?.source;
        Some(source.lines.line(label.range.start()))
    };
    let is_near = |left: &Label, right: &Label| {
        let (Some(first), Some(second)) = (line(left), line(right)) else { return false };
        left.path == right.path && first.abs_diff(second) <= 2 * CONTEXT + 1
    };
    let mut frames: Vec<Vec<&Label>> = vec![vec![&diagnostic.primary]];
    for label in &diagnostic.labels {
        match frames.iter_mut().find(|frame| frame.iter().any(|other| is_near(other, label))) {
            Some(frame) => frame.push(label),
            None => frames.push(vec![label]),
        }
    }
    frames
}

/// Writes `severity[code]: message`.
fn write_heading(outcome: &Outcome<'_>, diagnostic: &Diagnostic, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (severity, code) = (diagnostic.severity.as_str(), diagnostic.code.as_str());
    let color = match diagnostic.severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Info => "1;36",
    };
    let linked = match outcome.url(code) {
        Some(url) if style.links && style.color => format!("\u{1b}]8;;{url}\u{1b}\\{code}\u{1b}]8;;\u{1b}\\"),
        _ => code.to_owned(),
    };
    let heading = paint(color, &format!("{severity}[{linked}]:"), style);
    let taken = severity.len() + code.len() + 4;
    let lines = wrap_after(taken, &diagnostic.message, 2, style.width);
    let (first, rest) = lines.split_first().expect("wrapping returns a line");
    write!(out, "{heading}")?;
    if !first.is_empty() {
        write!(out, " {}", paint("1", first, style))?;
    }
    writeln!(out)?;
    for line in rest {
        writeln!(out, "  {}", paint("1", line, style))?;
    }
    Ok(())
}

fn write_frame(
    outcome: &Outcome<'_>,
    source: &SourceFile,
    labels: &[&Label],
    severity: Option<Severity>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let marks: Vec<Mark<'_>> = labels
        .iter()
        .enumerate()
        .map(|(at, label)| Mark { range: label.range, message: &label.message, is_primary: at == 0 })
        .collect();
    let name = harmless(&outcome.shown(&source.path)).into_owned();
    let frame = Frame(Excerpt::new(name, source, &marks, style.width));
    let handler = GraphicalReportHandler::new_themed(theme(&frame.0, severity, style))
        .with_context_lines(CONTEXT as usize)
        .with_width(style.width)
        .without_syntax_highlighting();
    let mut text = String::new();
    handler.render_report(&mut text, &frame).map_err(|fmt::Error| io::Error::other("a frame cannot be drawn"))?;
    // The first line is the heading that miette makes of an empty message.
    let frame = text.split_once('\n').map_or("", |(_, frame)| frame);
    out.write_all(frame.as_bytes())
}

/// Returns a theme that draws the primary place in the colour of the severity, where the frame has that place.
fn theme(excerpt: &Excerpt, severity: Option<Severity>, style: Style) -> GraphicalTheme {
    let characters = ThemeCharacters::unicode();
    if !style.color {
        return GraphicalTheme { characters, styles: ThemeStyles::none() };
    }
    let mut styles = ThemeStyles::ansi();
    let other = styles.help;
    let primary = match severity {
        Some(Severity::Error) => styles.error,
        Some(Severity::Warning) => styles.warning,
        Some(Severity::Info) => styles.advice,
        None => other,
    };
    // miette deals the styles out in the order of the offsets.
    let mut spans: Vec<&LabeledSpan> = excerpt.spans().iter().collect();
    spans.sort_unstable_by_key(|span| span.offset());
    styles.highlights = spans.iter().map(|span| if span.primary() { primary } else { other }).collect();
    GraphicalTheme { characters, styles }
}

/// Returns what to do, and which option does it.
fn help(diagnostic: &Diagnostic) -> Option<String> {
    let fix = diagnostic.fix.as_ref();
    let help = diagnostic.help.clone().or_else(|| Some(fix?.title.clone()))?;
    Some(match fix.map(|fix| fix.applicability) {
        Some(Applicability::Safe) => format!("{help} (fix available with --fix)"),
        Some(Applicability::Unsafe) => format!("{help} (fix available with --unsafe-fixes)"),
        Some(Applicability::DisplayOnly) | None => help,
    })
}

fn paint(code: &str, text: &str, style: Style) -> String {
    if style.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
