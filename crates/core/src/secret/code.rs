//! Secrets in code: strings that a name before them says are some.

use std::ops::Range;

use super::name;

/// How far before a string its name is looked for.
const FARTHEST: usize = 240;

/// Finds strings that are secrets by their name.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    each(text, &|_| true, &mut |range, is_named| found.extend(is_named.then_some(range)));
}

/// Shows the wanted strings of a text, and whether they are secrets by their names. A string ends on its line.
pub(super) fn each(text: &str, is_wanted: &dyn Fn(&str) -> bool, show: &mut dyn FnMut(Range<usize>, bool)) {
    let mut last: Option<(usize, bool)> = None;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut at = 0;
        while let Some((open, close)) = next_string(line, at) {
            at = close + 1;
            let (start, end) = (line_start + open + 1, line_start + close);
            let value = text.get(start..end).unwrap_or("");
            if !is_wanted(value) {
                continue;
            }
            let before = head(text, line_start + open);
            let joins = last.filter(|(end, _)| {
                let between = text.get(*end..line_start + open).unwrap_or("x");
                between.chars().all(|next| next.is_whitespace() || matches!(next, '+' | '\\' | '"' | '\''))
            });
            let is_secret = match joins {
                Some((_, is_secret)) => is_secret,
                None => is_named(before),
            };
            last = Some((line_start + close + 1, is_secret));
            show(start..end, is_secret && is_value(value, before));
        }
        line_start += line.len();
    }
}

/// Returns where the next string of a line opens and closes.
fn next_string(line: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = line.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        let quote = bytes[at];
        if !matches!(quote, b'"' | b'\'' | b'`')
            || quote == b'\'' && at > 0 && bytes[at - 1].is_ascii_lowercase() && !is_prefix(bytes, at)
        {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < bytes.len() && bytes[end] != quote {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end < bytes.len() {
            return Some((at, end));
        }
        at += 1;
    }
    None
}

/// Returns whether the letters before a quote are the prefix of a string, as in `rb'…'`; an apostrophe is none.
fn is_prefix(bytes: &[u8], at: usize) -> bool {
    let letters = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    letters <= 2
        && bytes[at - letters..at].iter().all(|byte| matches!(byte.to_ascii_lowercase(), b'f' | b'r' | b'b' | b'u'))
}

fn is_value(value: &str, before: &str) -> bool {
    let is_word = value.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b':'));
    let names_itself = is_word && (name::is_secret(value) || value.eq_ignore_ascii_case("bearer"));
    // Sentences about passwords are none, save where a constant is given one.
    let is_prose = value.contains(' ') && !is_constant(before);
    !name::is_reference(value) && !names_itself && !is_prose
}

fn is_constant(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    let name = line.trim_start().split(|next: char| !next.is_ascii_alphanumeric() && next != '_').next().unwrap_or("");
    name.len() > 2 && !name.contains(|next: char| next.is_ascii_lowercase())
}

/// Returns the text before a string that may name it, without the string's prefix.
fn head(text: &str, at: usize) -> &str {
    let from = (at.saturating_sub(FARTHEST)..=at).find(|from| text.is_char_boundary(*from)).unwrap_or(at);
    let before = text.get(from..at).unwrap_or("");
    let plain = before.trim_end_matches(|next: char| matches!(next.to_ascii_lowercase(), 'f' | 'r' | 'b' | 'u'));
    let is_prefix = before.len() - plain.len() <= 2 && !plain.ends_with(is_word_char);
    if is_prefix { plain } else { before }
}

fn is_word_char(next: char) -> bool {
    next.is_alphanumeric() || next == '_' || next == '$'
}

/// Returns whether what stands before a string says that it is a secret.
fn is_named(before: &str) -> bool {
    let trimmed = before.trim_end();
    let Some(last) = trimmed.chars().next_back() else { return false };
    let rest = trimmed.get(..trimmed.len() - last.len_utf8()).unwrap_or("");
    match last {
        '=' => assigned(rest.trim_end_matches(['=', '!', ':', '<', '>']).trim_end()),
        ':' => key(rest),
        '>' if rest.ends_with('=') => key(rest.trim_end_matches('=')),
        ',' => argument(rest),
        '(' => opened(rest),
        '?' | '|' => fallback(rest.trim_end_matches(['?', '|']).trim_end()),
        'r' if rest.ends_with(" o") => fallback(rest.trim_end_matches('o').trim_end()),
        _ => false,
    }
}

/// `NAME =`, `name: str =`, `self.name =`, `default=`
fn assigned(before: &str) -> bool {
    let statement = before.rsplit(['\n', '(', ',', ';', '{']).next().unwrap_or("");
    let stated = statement.split_once(':').map_or(statement, |(name, _)| name);
    let stated = if stated.trim().is_empty() { before } else { stated };
    let name = if stated.trim_end().ends_with(']') { quoted_end(stated) } else { last_word(stated) };
    match name {
        "default" | "fallback" | "value" => argument(before),
        _ => name::is_secret(name),
    }
}

/// `name:`, `"name":`
fn key(before: &str) -> bool {
    let before = before.trim_end();
    let name = if before.ends_with(['"', '\'', '`']) { quoted_end(before) } else { last_word(before) };
    name::is_secret(name)
}

/// The text is an argument that follows others: of what reads the environment, or of a pair of type and default.
fn argument(before: &str) -> bool {
    let Some((callee, args)) = call(before) else { return false };
    let first = args.trim_start().trim_start_matches(['"', '\'']);
    let first = first.split(|next: char| !is_word_char(next)).next().unwrap_or("");
    let reader = last_word(callee).to_ascii_lowercase();
    if reader.is_empty() || callee.ends_with('=') {
        return callee.trim_end().ends_with(['=', ':']) && is_named(callee);
    }
    let reads = matches!(
        reader.as_str(),
        "get" | "getenv" | "config" | "str" | "setdefault" | "getattr" | "setattr" | "setenv"
    ) || ["env", "config", "setting"].iter().any(|word| reader.contains(word));
    reads && name::is_secret(first)
}

/// The text is the first thing between brackets.
fn opened(before: &str) -> bool {
    match last_word(before) {
        "" => is_named(before),
        "str" | "bytes" | "String" | "b64decode" => {
            let callee = before.trim_end();
            let word = last_word(callee);
            is_named(callee.get(..callee.len() - word.len()).unwrap_or(""))
        }
        callee => matches!(callee, "set_password" | "make_password" | "check_password" | "setPassword" | "SecretStr"),
    }
}

/// The text is taken where something else is missing.
fn fallback(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    let target = line.split_once('=').map_or("", |(target, _)| last_word(target.split(':').next().unwrap_or("")));
    let named = match before.chars().next_back() {
        Some(')' | ']') => {
            let inner = before.get(..before.len() - 1).unwrap_or("");
            let open = inner.rfind(['(', '[']).map_or("", |at| inner.get(at + 1..).unwrap_or(""));
            open.trim_start()
                .trim_start_matches(['"', '\'', '`'])
                .split(|next: char| !is_word_char(next))
                .next()
                .unwrap_or("")
        }
        _ => last_word(before),
    };
    name::is_secret(named) || name::is_secret(target)
}

/// Returns what is called and the arguments so far, of the innermost call that is open.
fn call(before: &str) -> Option<(&str, &str)> {
    let mut depth = 0_u32;
    for (at, next) in before.char_indices().rev() {
        match next {
            ')' | ']' | '}' => depth += 1,
            '(' if depth == 0 => return Some((before.get(..at)?, before.get(at + 1..)?)),
            '[' | '{' if depth == 0 => return None,
            '(' | '[' | '{' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end();
    text.rsplit(|next: char| !is_word_char(next)).next().unwrap_or("")
}

/// Returns the content of the string at the end of a text, brackets left out.
fn quoted_end(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches(']').trim_end();
    let Some(quote) = text.chars().next_back() else { return "" };
    let inner = text.get(..text.len() - quote.len_utf8()).unwrap_or("");
    inner.rfind(quote).map_or("", |at| inner.get(at + quote.len_utf8()..).unwrap_or(""))
}
