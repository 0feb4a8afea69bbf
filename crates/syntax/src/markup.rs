//! Links in markup, be it a template's or JSX: read from the text, since templates have no tree.

use arrears_core::text::TextRange;

/// How long an opening tag is at most; what is longer is not written by hand.
const MAX_TAG: usize = 4_000;

/// How much of what follows a tag is taken for its text.
const MAX_TEXT: usize = 160;

/// How much of what precedes a tag is looked at.
const MAX_LINE: usize = 400;

/// An opening tag of a link.
#[derive(Debug, Clone, Copy)]
pub struct Link<'s> {
    /// The whole tag.
    pub range: TextRange,
    /// What stands between `<a` and `>`.
    pub attributes: &'s str,
    /// What follows the tag, up to the next `</a`.
    pub text: &'s str,
}

/// Returns the opening tags of links. Comments and what stands in quotes are passed over.
pub fn links(source: &str) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = source[at..].find('<') {
        let start = at + step;
        let rest = &source[start..];
        at = start + 1;
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(source.len(), |end| start + end);
            continue;
        }
        let is_link = rest.get(1..2).is_some_and(|name| name.eq_ignore_ascii_case("a"))
            && rest.as_bytes().get(2).is_some_and(u8::is_ascii_whitespace);
        if !is_link || is_quoted(&source[..start]) {
            continue;
        }
        let Some(length) = tag_length(rest) else { continue };
        let after = &rest[length..];
        let text = &after[..after.floor_char_boundary(MAX_TEXT.min(after.len()))];
        let text = text.split_once("</a").map_or(text, |(before, _)| before);
        found.push(Link { range: TextRange::of(start..start + length), attributes: &rest[2..length - 1], text });
        at = start + length;
    }
    found
}

/// Returns the value of an attribute: without its quotes, and without the braces of JSX.
pub fn attribute<'s>(attributes: &'s str, name: &str) -> Option<&'s str> {
    let at = attributes.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = attributes[..*at].chars().next_back().is_none_or(char::is_whitespace);
        before && attributes[at + name.len()..].trim_start().starts_with('=')
    })?;
    let value = attributes[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let value = value.strip_prefix('{').map_or(value, str::trim_start);
    match value.chars().next()? {
        quote @ ('"' | '\'' | '`') => value[1..].split(quote).next(),
        _ => value.split(|next: char| next.is_whitespace() || next == '>').next(),
    }
}

/// Returns the length of an opening tag, its `>` included; what stands in quotes and braces ends nothing.
fn tag_length(tag: &str) -> Option<usize> {
    let mut depth = 0_u32;
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate().take(MAX_TAG) {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(at + 1),
            (None, _) => {}
        }
    }
    None
}

/// Markup in a string of a script is made for a script, and so is what a comment holds.
fn is_quoted(before: &str) -> bool {
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(MAX_LINE))..];
    let line = near.rsplit('\n').next().unwrap_or("");
    let lead = line.trim_start();
    let in_comment = ["//", "*", "/*", "{/*", "{#", "{% comment"].iter().any(|mark| lead.starts_with(mark));
    in_comment || near.trim_end().ends_with(['"', '\'', '`', '+'])
}
