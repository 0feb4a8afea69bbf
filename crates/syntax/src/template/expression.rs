//! `value|filter:argument|…`, read as Django reads it.

use arrears_core::text::TextRange;

use super::lexer::{Word, string_end};
use super::{FilterExpr, Operand};

/// Reads a whole word as an expression; none where Django would refuse it.
pub(super) fn expression(word: Word<'_>) -> Option<FilterExpr> {
    let word = word.trim();
    let (head, mut at) = operand(word.text)?;
    let mut filters = Vec::new();
    while at < word.text.len() {
        let rest = word.text[at..].trim_start().strip_prefix('|')?.trim_start();
        let len = rest.find(|next: char| !is_word(next)).unwrap_or(rest.len());
        let (name, rest) = rest.split_at_checked(len).filter(|(name, _)| !name.is_empty())?;
        let (argument, used) = match rest.strip_prefix(':') {
            Some(rest) => operand(rest).map(|(argument, used)| (Some(argument), used + 1))?,
            None => (None, 0),
        };
        at = word.text.len() - rest.len() + used;
        filters.push((name.to_owned(), argument));
    }
    Some(FilterExpr { head, filters, range: TextRange::of(word.start..word.start + word.text.len()) })
}

/// Reads `filter|filter:argument` as if it were applied to an empty string.
pub(super) fn filters_only(word: Word<'_>) -> Option<FilterExpr> {
    let word = word.trim();
    let text = format!("''|{}", word.text);
    let range = TextRange::of(word.start..word.start + word.text.len());
    expression(Word { text: &text, start: 0 }).map(|read| FilterExpr { range, ..read })
}

/// Returns whether a text that is no expression of Django's is one of Jinja2's: a call, a list, a sum of strings.
pub(super) fn is_jinja(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => match string_end(&bytes[at..]) {
                Some(len) => at += len,
                None => return false,
            },
            b'(' | b'[' | b'~' => return true,
            _ => at += 1,
        }
    }
    false
}

/// Reads a literal or a path, and returns how long it is.
fn operand(text: &str) -> Option<(Operand, usize)> {
    if let Some(rest) = text.strip_prefix("_(") {
        let len = quoted(rest)?;
        return rest[len..].starts_with(')').then_some((Operand::Translated, len + 3));
    }
    if let Some(len) = quoted(text) {
        return Some((Operand::Str(unescape(&text[1..len - 1])), len));
    }
    let is_part = |next: char| is_word(next) || matches!(next, '.' | '+' | '-');
    let len = text.find(|next| !is_part(next)).unwrap_or(text.len());
    let name = text.get(..len).filter(|name| !name.is_empty())?;
    if is_number(name) {
        return Some((Operand::Number(name.to_owned()), len));
    }
    let path: Vec<String> = name.split('.').map(str::to_owned).collect();
    path.iter().all(|segment| !segment.is_empty()).then_some((Operand::Path(path), len))
}

/// Returns the length of the string that begins a text.
fn quoted(text: &str) -> Option<usize> {
    text.starts_with(['"', '\'']).then(|| string_end(text.as_bytes())).flatten()
}

fn unescape(text: &str) -> String {
    let mut chars = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(next) = chars.next() {
        plain.extend(if next == '\\' { chars.next() } else { Some(next) });
    }
    plain
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-', '.']);
    digits.starts_with(|first: char| first.is_ascii_digit()) && !text.ends_with('.') && text.parse::<f64>().is_ok()
}

fn is_word(next: char) -> bool {
    next.is_alphanumeric() || next == '_'
}
