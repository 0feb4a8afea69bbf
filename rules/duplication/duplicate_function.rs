//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::RelPath;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::project::twins::{Twin, Twins};
use schemars::JsonSchema;
use serde::Deserialize;

rule! {
    /// Finds functions whose bodies are the same, and functions of one file that share a passage.
    ///
    /// The next change is made in one of them. The other keeps the mistake, and nobody knows which of the two is right.
    ///
    /// ```python bad
    /// class Orders:
    ///     def export(self, rows):
    ///         lines = []
    ///         for row in rows:
    ///             cells = [row.number, row.customer.name]
    ///             if row.total > 0:
    ///                 cells.append(str(row.total))
    ///             else:
    ///                 cells.append("-")
    ///             lines.append(";".join(cells))
    ///         header = "number;customer;total"
    ///         lines.insert(0, header)
    ///         return "\n".join(lines)
    ///
    /// class Invoices:
    ///     def as_csv(self, rows):
    ///         lines = []
    ///         for row in rows:
    ///             cells = [row.number, row.customer.name]
    ///             if row.total > 0:
    ///                 cells.append(str(row.total))
    ///             else:
    ///                 cells.append("-")
    ///             lines.append(";".join(cells))
    ///         header = "number;customer;total"
    ///         lines.insert(0, header)
    ///         return "\n".join(lines)
    /// ```
    /// ```python good
    /// def csv(rows):
    ///     lines = [";".join([row.number, row.customer.name]) for row in rows]
    ///     return "\n".join(["number;customer", *lines])
    ///
    /// class Orders:
    ///     def export(self, rows):
    ///         return csv(rows)
    /// ```
    ///
    /// Option `min-lines` (10): lines with code, without the docstring. Spacing and comments do not count; in a passage
    /// variables may have other names. Files that share more than three functions are one finding. Not flagged:
    /// migrations, tests, stories, generated and vendored files, examples and templates of projects, the same file
    /// for another platform (`.native.tsx`) or another version of an API, constructors that only keep their
    /// arguments. jscpd and Sonar compare lines, wherever they stand.
    pub(crate) const RULE = {
        code: "duplication/duplicate-function",
        summary: "function with the same body as another",
        check: Check::Project { run: check },
        options: Options,
        severity: Severity::Info,
        preset: Preset::Strict,
        compares_bodies: true,
        scope: Scope::Project,
    }
}

/// Options of `duplication/duplicate-function`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    /// From how many lines with code on a function counts.
    min_lines: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { min_lines: 10 }
    }
}

/// From how many common functions on two files are told as a whole.
const WHOLE_FILE: usize = 4;

/// How many other places are shown.
const MAX_LABELS: usize = 5;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let options: Options = ctx.options();
    let mut by_files: BTreeMap<Vec<&RelPath>, Vec<Twins<'_>>> = BTreeMap::new();
    for twins in model.twin_functions(options.min_lines) {
        let files = twins.members.iter().map(|it| it.path).collect();
        by_files.entry(files).or_default().push(twins);
    }
    for (files, mut groups) in by_files {
        if groups.len() >= WHOLE_FILE && files.first() != files.last() {
            groups.sort_by_key(|group| group.members.first().map(|it| it.range));
            report_files(&groups, ctx);
            continue;
        }
        for group in &groups {
            report_functions(group, ctx);
        }
    }
    for group in model.twin_passages(options.min_lines + 2) {
        report_passage(&group, ctx);
    }
}

fn report_functions(group: &Twins<'_>, ctx: &mut ProjectContext<'_>) {
    let [first, second, ..] = group.members.as_slice() else { return };
    let message = match group.members.len() {
        2 if first.path == second.path => {
            format!("`{}` has the same {} lines as `{}`", second.symbol, group.lines, first.symbol)
        }
        2 => format!("`{}` has the same {} lines as `{}` in {}", second.symbol, group.lines, first.symbol, first.path),
        count => format!("`{}` has the same {} lines as {} other functions", second.symbol, group.lines, count - 1),
    };
    let finding = ctx.report(second.path, second.name_range, message);
    for (other, _) in others(group, second).zip(0..MAX_LABELS) {
        finding.label_in(other.path, other.name_range, "the same lines");
    }
    finding.help("keep one of them, where both can import it");
}

fn report_files(groups: &[Twins<'_>], ctx: &mut ProjectContext<'_>) {
    let Some(group) = groups.first() else { return };
    let [first, second, ..] = group.members.as_slice() else { return };
    let lines: u32 = groups.iter().map(|it| it.lines).sum();
    let message = format!(
        "{} functions of this file, from `{}` on, are copies of those in {}: {lines} lines",
        groups.len(),
        second.symbol,
        first.path
    );
    let finding = ctx.report(second.path, second.name_range, message);
    for (other, _) in others(group, second).zip(0..MAX_LABELS) {
        finding.label_in(other.path, other.name_range, "the same from here on");
    }
    finding.help("keep one of the files, where both sides can import it");
}

fn report_passage(group: &Twins<'_>, ctx: &mut ProjectContext<'_>) {
    let [first, second, ..] = group.members.as_slice() else { return };
    let message = format!("`{}` repeats {} lines of `{}`", second.symbol, group.lines, first.symbol);
    let finding = ctx.report(second.path, head(second), message);
    for (other, _) in others(group, second).zip(0..MAX_LABELS) {
        finding.label_in(other.path, head(other), format!("the same lines in `{}`", other.symbol));
    }
    finding.help("move them into a function that both call");
}

/// The beginning of a passage is enough: an alert is shown where all of its lines changed.
fn head(twin: &Twin<'_>) -> arrears_core::text::TextRange {
    arrears_core::text::TextRange::new(twin.range.start(), twin.range.start() + 1)
}

fn others<'g, 'p>(group: &'g Twins<'p>, shown: &'g Twin<'p>) -> impl Iterator<Item = &'g Twin<'p>> {
    group.members.iter().filter(move |it| *it != shown)
}
