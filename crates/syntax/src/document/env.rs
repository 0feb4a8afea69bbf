//! Reads `.env` files.

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// A line `NAME=value` of a `.env` file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// Where the name is written.
    pub name_range: TextRange,
    /// The value without quotes; escapes as they are written.
    pub value: String,
    /// Where the value is written, without quotes.
    pub value_range: TextRange,
    /// Whether the line is a comment: `# NAME=value` shows what may be set.
    pub is_comment: bool,
}

/// Reads a `.env` file. Lines that are no assignments are passed over; a quoted value may go on over lines.
pub fn read(text: &str) -> Vec<Variable> {
    let (mut variables, mut start) = (Vec::new(), 0);
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = rest.get(..length).unwrap_or(rest);
        match assignment(text, line, start) {
            Some((variable, end)) => {
                variables.push(variable);
                let after = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| end + at + 1);
                start = after.max(start + length);
            }
            None => start += length,
        }
    }
    variables
}

/// Returns the assignment of a line, and where its value ends.
fn assignment(text: &str, line: &str, start: usize) -> Option<(Variable, usize)> {
    let (name, _) = line.split_once('=')?;
    let plain = name.trim_start();
    let bare = plain.trim_start_matches('#').trim_start();
    let is_comment = plain.starts_with('#');
    let bare = bare.strip_prefix("export ").map_or(bare, str::trim_start);
    let name_start = start + name.len() - bare.len();
    let bare = bare.trim_end();
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !is_name(bare) {
        return None;
    }
    let value_start = start + name.len() + 1;
    let value = text.get(value_start..)?;
    let blank = value.len() - value.trim_start_matches([' ', '\t']).len();
    let (from, to) = value_of(value, value_start, blank, is_comment);
    let variable = Variable {
        name: bare.to_owned(),
        name_range: TextRange::of(name_start..name_start + bare.len()),
        value: text.get(from..to)?.to_owned(),
        value_range: TextRange::of(from..to),
        is_comment,
    };
    Some((variable, to))
}

/// Returns where a value begins and ends, quotes left out.
fn value_of(value: &str, start: usize, blank: usize, is_comment: bool) -> (usize, usize) {
    let line_end = value.find('\n').unwrap_or(value.len());
    let body = value.get(blank..).unwrap_or("");
    if let Some(quote) = body.chars().next().filter(|it| matches!(it, '"' | '\'' | '`')) {
        let inner = body.get(1..).unwrap_or("");
        let mut is_escaped = false;
        let end = inner.char_indices().find(|(_, it)| {
            let ends = *it == quote && !is_escaped;
            is_escaped = *it == '\\' && !is_escaped;
            ends
        });
        let within = |at: usize| !is_comment || blank + 1 + at <= line_end;
        if let Some((end, _)) = end.filter(|(at, _)| within(*at)) {
            return (start + blank + 1, start + blank + 1 + end);
        }
    }
    let line = value.get(blank.min(line_end)..line_end).unwrap_or("");
    let comment = [" #", "\t#"].iter().filter_map(|mark| line.find(mark)).min();
    let line = if line.starts_with('#') { "" } else { line.get(..comment.unwrap_or(line.len())).unwrap_or(line) };
    let from = start + blank.min(line_end);
    (from, from + line.trim_end().len())
}
