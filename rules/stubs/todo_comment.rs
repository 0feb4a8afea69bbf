//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, RuleMeta};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::comment::blocks;
use arrears_syntax::node::{range, text};
use schemars::JsonSchema;
use serde::Deserialize;

/// What can be configured.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Options {
    /// The words to look for. One in capitals is matched in capitals, any other in either case.
    words: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        let words = ["TODO", "FIXME", "HACK", "XXX", "placeholder for", "for now", "in a real app"];
        Self { words: words.map(str::to_owned).to_vec() }
    }
}

rule! {
    /// Finds comments that put work off: `TODO`, `FIXME`, `HACK`, `XXX`, "placeholder for", "for now", "in a real app".
    ///
    /// A comment has no owner and no date. What matters belongs to the tracker; what does not is noise.
    ///
    /// ```python bad
    /// def price(order):
    ///     # TODO: add the discount
    ///     return order.price
    /// ```
    /// ```python good
    /// def price(order):
    ///     return order.price - order.discount
    /// ```
    ///
    /// A comment of several lines is reported once, at its first such word. Option `words` lists the words; one in
    /// capitals is matched in capitals, as `todo` is also a word of products. Not flagged: words inside identifiers,
    /// paths and addresses, licence texts. Ruff's FIX and TD, Sonar's S1135 and ESLint's no-warning-comments know the
    /// first four words.
    pub(crate) const RULE = {
        code: "stubs/todo-comment",
        summary: "comment puts work off",
        check: Check::AnyFile { kinds: &["comment", "html_comment"], run: check },
        options: Options,
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::VeryHigh,
        exempt: RuleMeta::MACHINE_MADE,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let Options { words } = ctx.options();
    if !words.iter().any(|word| may_hold(ctx, word)) {
        return;
    }
    for block in blocks(ctx.noted().into_iter().map(|note| note.node), ctx.text()) {
        let found = block.iter().find_map(|comment| {
            let (at, line) = first_word(text(*comment, ctx.text()), &words)?;
            let start = range(*comment).start() as usize + at;
            Some((TextRange::of(start..start + line.len()), sentence(text(*comment, ctx.text()), at, line)))
        });
        if let Some((range, line)) = found
            && !block.iter().any(|comment| is_licence(text(*comment, ctx.text())))
        {
            ctx.report(range, message(line)).help("do it, or move it to the tracker and delete the comment");
        }
    }
}

/// Returns whether the first word of what is looked for stands anywhere in the file: most files are done here.
fn may_hold(ctx: &FileContext<'_, '_>, wanted: &str) -> bool {
    let first = wanted.split(|next: char| !next.is_alphanumeric() && next != '_').find(|word| !word.is_empty());
    let Some(first) = first else { return true };
    let capitalised: String = first.chars().take(1).flat_map(char::to_uppercase).chain(first.chars().skip(1)).collect();
    let forms = [first, &capitalised, &first.to_ascii_uppercase()];
    forms.iter().any(|word| ctx.facts().words.may_contain(word))
}

/// Returns where the first of the words stands, and its line from there on.
fn first_word<'s>(comment: &'s str, words: &[String]) -> Option<(usize, &'s str)> {
    let at = words.iter().filter_map(|word| find(comment, word)).min()?;
    let line = comment[at..].lines().next()?.trim_end().trim_end_matches(['*', '/', '}']).trim_end();
    Some((at, line))
}

/// A word in capitals opens what it says; a phrase stands in the middle of its line.
fn sentence<'s>(comment: &'s str, at: usize, line: &'s str) -> &'s str {
    if line.starts_with(|first: char| first.is_ascii_uppercase()) {
        return line;
    }
    let start = comment[..at].rfind('\n').map_or(0, |end| end + 1);
    comment[start..].lines().next().unwrap_or(line).trim_matches(['#', '/', '*', ' ', '\t', '{', '}'])
}

fn find(comment: &str, word: &str) -> Option<usize> {
    let is_capital = !word.bytes().any(|byte| byte.is_ascii_lowercase());
    let (text, bytes) = (comment.as_bytes(), word.as_bytes());
    let (first, last) = (*bytes.first()?, text.len().checked_sub(bytes.len())?);
    let starts = (0..=last).filter(|at| text[*at] == first || !is_capital && text[*at].eq_ignore_ascii_case(&first));
    starts.into_iter().find(|at| {
        let here = &text[*at..at + bytes.len()];
        let is_same = if is_capital { here == bytes } else { here.eq_ignore_ascii_case(bytes) };
        is_same && stands_alone(text, *at, at + bytes.len())
    })
}

/// A word inside an identifier, a path, an address or a pattern such as `XXX-XXX` is none.
fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).map_or(b' ', |at| text[at]);
    let (after, next) = (text.get(end).copied().unwrap_or(b' '), text.get(end + 1).copied().unwrap_or(b' '));
    let is_mark = |byte: u8| {
        matches!(byte, b' ' | b'\t' | b'\n' | b'#' | b'*' | b'(' | b'[' | b'!' | b'@' | b'-' | b':' | b',' | b';')
    };
    let starts = is_mark(before) || before == b'/' && start.checked_sub(2).is_none_or(|at| text[at] == b'/');
    let ends = match after {
        b'_' | b'=' | b'/' | b'"' | b'\'' | b'`' => false,
        b'-' | b'.' => !next.is_ascii_alphanumeric(),
        _ => !after.is_ascii_alphanumeric(),
    };
    starts && ends
}

fn message(line: &str) -> String {
    let shown: String = line.chars().take(80).collect();
    if shown.len() < line.len() {
        format!("work is put off: \"{}…\"", shown.trim_end())
    } else {
        format!("work is put off: \"{shown}\"")
    }
}

fn is_licence(comment: &str) -> bool {
    ["License", "license", "Licence", "Copyright", "COPYRIGHT"].iter().any(|word| comment.contains(word))
}
