//! Secrets in configuration: what follows the name of one, quoted or not.

use std::ops::Range;

use super::name;

/// Which names count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// All.
    All,
    /// Variables in capitals with a `_`; other words are prose.
    Capitals,
}

impl Names {
    fn has(self, name: &str) -> bool {
        let is_variable = || name.contains('_') && !name.contains(|next: char| next.is_ascii_lowercase());
        (self == Self::All || is_variable()) && name::is_secret(name)
    }
}

/// What the lines so far say about the next one.
#[derive(Default)]
struct State<'t> {
    /// The indentation of a key whose value is the more indented lines below it.
    block: Option<usize>,
    /// The variable that a list of Kubernetes named last: `- name: X`.
    variable: &'t str,
    /// Whether the document is a Secret of Kubernetes.
    is_secret: bool,
    /// The indentation of `data:` in such a document.
    data: Option<usize>,
}

/// Finds the values.
pub(super) fn find(text: &str, names: Names, found: &mut Vec<Range<usize>>) {
    let has_secret = text.contains("kind: Secret");
    let mut state = State { is_secret: has_secret && first_is_secret(text), ..State::default() };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if has_secret && line.starts_with("---") {
            let rest = text.get(start + line.len()..).unwrap_or("");
            state = State { is_secret: first_is_secret(rest), ..State::default() };
        }
        take(line.trim_end(), start, names, &mut state, found);
        start += line.len();
    }
}

/// Returns whether the first document of a text is a Secret.
fn first_is_secret(text: &str) -> bool {
    text.lines().take_while(|line| !line.starts_with("---")).any(|line| line.trim_end() == "kind: Secret")
}

fn take<'t>(line: &'t str, start: usize, names: Names, state: &mut State<'t>, found: &mut Vec<Range<usize>>) {
    let indent = line.len() - line.trim_start().len();
    let is_blank = line.trim().is_empty();
    if let Some(block) = state.block {
        if is_blank || indent > block {
            found.push(start + indent..start + line.len());
            return;
        }
        state.block = None;
    }
    if state.data.is_some_and(|data| !is_blank && indent <= data) {
        state.data = None;
    }
    let Some((name, value)) = pair(line) else { return rest_of(line, start, names, found) };
    let text = line.get(value.clone()).unwrap_or("");
    let is_in_secret = state.data.is_some();
    match name {
        "name" => state.variable = text,
        "data" | "stringData" if state.is_secret && text.is_empty() => state.data = Some(indent),
        _ => {}
    }
    let is_value = name == "value" && names == Names::All && name::is_secret(state.variable);
    if is_in_secret || is_value || names.has(name) {
        if matches!(text, "|" | ">" | "|-" | ">-" | "|+" | ">+") {
            state.block = Some(indent);
        } else if !name::is_reference(text) {
            found.push(start + value.start..start + value.end);
        }
    }
    if !is_in_secret {
        rest_of(line, start, names, found);
    }
}

/// Returns the name that a line begins with, and where its value lies.
fn pair(line: &str) -> Option<(&str, Range<usize>)> {
    let mut at = line.len() - line.trim_start_matches([' ', '\t', '#', ';', '-', '+', '{']).len();
    for word in ["export ", "ENV ", "ARG ", "set ", "env "] {
        if line.get(at..)?.starts_with(word) {
            at += word.len();
        }
    }
    let rest = line.get(at..)?;
    let separator = rest.find(['=', ':'])?;
    let name = rest.get(..separator)?.trim().trim_matches(['"', '\'']);
    let is_name = !name.is_empty() && name.bytes().all(is_name_byte);
    let after = rest.get(separator + 1..)?;
    // `a:b` is no pair.
    let is_pair = rest.as_bytes().get(separator) == Some(&b'=') || after.is_empty() || after.starts_with(' ');
    (is_name && is_pair).then(|| (name, value(line, at + separator + 1)))
}

/// Returns where the value lies that begins at a byte of a line: without blanks, quotes, a comment, a comma.
fn value(line: &str, from: usize) -> Range<usize> {
    let rest = line.get(from..).unwrap_or("").trim_start_matches([' ', '\t', '=', '>', '?']);
    let start = line.len() - rest.len();
    // A line for machines: all of it.
    if rest.len() > 4096 {
        return start..line.len();
    }
    if let Some(quote) = rest.chars().next().filter(|next| matches!(next, '"' | '\'')) {
        let inner = rest.get(1..).unwrap_or("");
        return start + 1..start + 1 + inner.find(quote).unwrap_or(inner.len());
    }
    let rest = if rest.starts_with('#') { "" } else { rest };
    let end = [" #", "\t#"].iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
    let value = rest.get(..end).unwrap_or("").trim_end().trim_end_matches([',', ';', '}']).trim_end();
    start..start + value.len()
}

/// Finds `NAME=value` and `--password value` anywhere in a line.
fn rest_of(line: &str, start: usize, names: Names, found: &mut Vec<Range<usize>>) {
    let bytes = line.as_bytes();
    for at in memchr::memchr3_iter(b'=', b':', b' ', bytes) {
        let head = line.get(..at).unwrap_or("").trim_end_matches(['"', '\'']);
        let length = head.bytes().rev().take_while(|byte| is_name_byte(*byte)).count();
        let name = head.get(head.len() - length..).unwrap_or("");
        let is_option = name.starts_with("--");
        let is_pair = match bytes[at] {
            b' ' => is_option,
            b':' => bytes.get(at + 1) == Some(&b' '),
            _ => true,
        };
        if !is_pair || name.is_empty() || !names.has(name.trim_start_matches('-')) {
            continue;
        }
        let range = value(line, at + 1);
        let text = line.get(range.clone()).unwrap_or("");
        let is_quoted = range.start > 0 && matches!(bytes[range.start - 1], b'"' | b'\'');
        let ends = |next: char| next.is_whitespace() || matches!(next, '"' | '\'' | ',' | ';' | '&' | ')' | '`');
        let length = if is_quoted || text.len() > 4096 { text.len() } else { text.find(ends).unwrap_or(text.len()) };
        if !name::is_reference(text) {
            found.push(start + range.start..start + range.start + length);
        }
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
