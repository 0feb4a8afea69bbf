//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Precision, Preset};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::comment::{announces_example, blocks, is_alone, is_line_comment, words};
use arrears_syntax::disabled::{Segment, segments};
use arrears_syntax::node::{range, text};
use schemars::JsonSchema;
use serde::Deserialize;
use tree_sitter::Node;

/// What can be configured.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Options {
    /// How many lines in a row make a finding; a line that can be nothing but code counts alone. Default 2.
    min_lines: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { min_lines: 2 }
    }
}

rule! {
    /// Finds comments that are statements.
    ///
    /// Nobody knows whether they still run, renames pass them by, searches find them, and readers wonder what they were
    /// to be. Version control keeps what was deleted.
    ///
    /// ```python bad
    /// def total(order):
    ///     # discount = order.discount()
    ///     # return order.price - discount
    ///     return order.price
    /// ```
    /// ```python good
    /// def total(order):
    ///     # The discount is part of the price since the last price list.
    ///     return order.price
    /// ```
    ///
    /// Lines that parse as statements count, from `min-lines` (2) in a row; a single one where it can be nothing else:
    /// an import, `x = f(…)`, `order.cancel()`, an element of JSX. Not flagged: an example, which follows words such as
    /// "for example" or a colon, doctests, forms with `...`, documentation comments, Sphinx's `conf.py`. Ruff's ERA001
    /// and Sonar's S125 look line by line: half of a sample of their findings were examples and headings.
    pub(crate) const RULE = {
        code: "duplication/commented-out-code",
        summary: "commented-out code",
        check: Check::AnyFile { kinds: &["comment"], run: check },
        options: Options,
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
        fix: Applicability::Unsafe,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    if ctx.source().path.file_name() == "conf.py" {
        return;
    }
    let options: Options = ctx.options();
    let mut above: Option<Node<'_>> = None;
    for block in blocks(ctx.noted().into_iter().map(|note| note.node), ctx.text()) {
        let Some(first) = block.first() else { continue };
        if is_line_comment(*first, ctx.text()) {
            if is_alone(*first, ctx.text()) {
                let near = above.filter(|it| it.end_position().row + 3 > first.start_position().row);
                check_lines(ctx, &block, near.map(|it| words(it, ctx.text())), options.min_lines);
            }
        } else {
            check_block(ctx, *first);
        }
        above = block.last().copied();
    }
}

fn check_lines(ctx: &mut FileContext<'_, '_>, block: &[Node<'_>], before: Option<&str>, min_lines: usize) {
    let Some(grammar) = ctx.grammar() else { return };
    let lines: Vec<&str> = block.iter().map(|comment| words(*comment, ctx.text())).collect();
    let segments: Vec<Segment> = segments(&lines, grammar)
        .into_iter()
        .filter(|it| it.len() >= min_lines || it.is_unmistakable)
        .filter(|it| !line_before(&lines, it.first, before).is_some_and(announces_example))
        .collect();
    // What lies between two parts is code that does not parse alone: one finding stands for all of it.
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return };
    let (head, tail) = (range(block[first.first]), range(block[last.end - 1]));
    let goes = (segments.len() == 1).then(|| whole_lines(ctx, head.start(), tail.end()));
    report(ctx, head, lines[first.first].trim(), last.end - first.first, goes);
}

/// Returns the last line with words before a line of a block; that of the block above, where the block has none.
fn line_before<'s>(lines: &[&'s str], at: usize, above: Option<&'s str>) -> Option<&'s str> {
    lines[..at].iter().rev().find(|line| line.contains(char::is_alphabetic)).copied().or(above)
}

/// `/* … */` counts where all of it is code, in JSX together with the braces around it.
fn check_block(ctx: &mut FileContext<'_, '_>, comment: Node<'_>) {
    let whole = text(comment, ctx.text());
    let Some(inner) = whole.strip_prefix("/*").and_then(|it| it.strip_suffix("*/")) else { return };
    if inner.starts_with('*') || inner.lines().skip(1).any(|line| line.trim_start().starts_with("* ")) {
        return;
    }
    let Some(grammar) = ctx.grammar() else { return };
    let lines: Vec<&str> = inner.trim_matches('\n').lines().collect();
    let lines: Vec<&str> = lines.iter().copied().filter(|line| !line.trim().is_empty()).collect();
    let [Segment { first: 0, end, is_unmistakable }] = segments(&lines, grammar)[..] else { return };
    if end < lines.len() || end < 2 && !is_unmistakable {
        return;
    }
    let braces = comment.parent().filter(|it| it.kind() == "jsx_expression").map_or(range(comment), range);
    let first_line = whole.lines().next().unwrap_or(whole).trim_end().len();
    let head = TextRange::of(comment.start_byte()..comment.start_byte() + first_line);
    let goes = whole_lines(ctx, braces.start(), braces.end());
    report(ctx, head, lines[0].trim(), end, Some(goes));
}

fn report(ctx: &mut FileContext<'_, '_>, head: TextRange, shown: &str, count: usize, goes: Option<TextRange>) {
    let shown: String = shown.chars().take(50).collect();
    let message = match count {
        1 => format!("commented-out code: `{shown}`"),
        _ => format!("{count} lines of commented-out code, from `{shown}`"),
    };
    let finding = ctx.report(head, message);
    finding.help("delete it: version control keeps it");
    if let Some(goes) = goes {
        finding.fix(Fix::unsafe_edit("Delete it", Edit::delete(goes)));
    }
}

/// Returns the lines of a range where nothing else stands on them, or else the range.
fn whole_lines(ctx: &FileContext<'_, '_>, start: u32, end: u32) -> TextRange {
    let lines = &ctx.source().lines;
    let (first, last) = (lines.line_range(lines.line(start)), lines.line_range(lines.line(end.max(1) - 1)));
    let before = TextRange::new(first.start(), start).slice(ctx.text());
    let after = TextRange::new(end, last.end()).slice(ctx.text());
    let is_alone = before.trim().is_empty() && after.trim().is_empty();
    if is_alone { TextRange::new(first.start(), last.end()) } else { TextRange::new(start, end) }
}
