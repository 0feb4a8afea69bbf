//! The outputs: one module for each format.

pub(crate) mod concise;
mod excerpt;
pub(crate) mod github;
pub(crate) mod json;
mod line_hash;
pub(crate) mod pretty;
pub(crate) mod sarif;
pub(crate) mod statistics;
pub(crate) mod summary;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use arrears_core::source::RelPath;
use arrears_core::text::{Position, TextRange};
use arrears_linter::report::Report;
use arrears_linter::rule::Check;
use arrears_linter::workspace::Workspace;

use crate::args::Format;
use crate::project::Project;

/// Everything that an output may tell.
pub(crate) struct Outcome<'a> {
    pub(crate) report: &'a Report,
    pub(crate) workspace: &'a Workspace,
    pub(crate) project: &'a Project,
    pub(crate) elapsed: Duration,
    pub(crate) sarif_max_results: usize,
    /// How the run will end: 0 clean, 1 findings, 2 an internal error.
    pub(crate) exit_code: u8,
    /// Whether paths were given, so that fewer files are reported than read.
    pub(crate) is_partial: bool,
}

/// How text is shown on the stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) color: bool,
    pub(crate) links: bool,
    pub(crate) width: usize,
}

/// Writes a report in a format.
pub(crate) fn write(format: Format, outcome: &Outcome<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Pretty => pretty::write(outcome, style, out),
        Format::Concise => concise::write(outcome, out),
        Format::Json => json::write(outcome, out),
        Format::Sarif => sarif::write(outcome, out),
        Format::Github => github::write(outcome, out),
    }
}

impl Outcome<'_> {
    /// Returns a path as it is seen from where the program was started.
    pub(crate) fn shown(&self, path: &RelPath) -> String {
        if self.project.cwd == self.project.root {
            return path.to_string();
        }
        relative(&self.project.root.join(path.as_str()), &self.project.cwd)
    }

    /// Returns a path as it is seen from the root of the git repository.
    pub(crate) fn in_repository(&self, path: &RelPath) -> String {
        let base = self.project.git_root.as_ref().unwrap_or(&self.project.root);
        relative(&self.project.root.join(path.as_str()), base)
    }

    /// Returns the address of a rule's page; a rule of the repository itself has none.
    pub(crate) fn url(&self, code: &str) -> Option<String> {
        let rule = self.workspace.rules().registry().get(code)?;
        (!matches!(rule.check, Check::Query(_))).then(|| rule.meta.url())
    }

    /// Returns the start and the exclusive end of a range, counted from 1 in characters.
    pub(crate) fn positions(&self, path: &RelPath, range: TextRange) -> (Position, Position) {
        let Some(file) = self.workspace.file(path) else {
            let first = Position { line: 1, column: 1 };
            return (first, first);
        };
        let at = |offset| file.source.lines.position(&file.source.text, offset);
        (at(range.start()), at(range.end()))
    }
}

fn relative(path: &Path, base: &Path) -> String {
    let path = pathdiff::diff_paths(path, base).unwrap_or_else(|| path.to_owned());
    path.to_string_lossy().replace('\\', "/")
}

/// Returns how many columns there are: those of `COLUMNS`, those of the terminal, or 100.
pub(crate) fn terminal_width() -> usize {
    let stated = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    stated.or_else(measured).unwrap_or(100).clamp(40, 160)
}
