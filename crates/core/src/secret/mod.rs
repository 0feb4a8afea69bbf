//! Secrets in text: which values are some, and how a text is shown without them.
//!
//! A value is a secret by the name that stands before it (`DB_PASSWORD = "…"`, `token: …`), or by its shape: a password
//! in a URL, a key of a known service, the block of a private key. This errs towards hiding: what is shown
//! nowhere cannot leak.

mod code;
mod config;
pub mod name;
pub mod shape;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use crate::source::{Language, SourceFile};

/// How a text says what belongs to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Values are quoted.
    Code,
    /// Values follow `=` or `:`, quoted or not.
    Config,
    /// Like code, and `NAME=value` in capitals.
    Prose,
}

/// How much of a file of code is read before and after what is shown of it.
const AROUND: usize = 2048;

impl Kind {
    /// Returns how a file says what belongs to what.
    pub fn of(source: &SourceFile) -> Self {
        match source.language {
            Language::Text if matches!(source.path.extension(), "html" | "htm" | "djhtml" | "xml") => Self::Code,
            Language::Text => Self::Config,
            Language::Markdown => Self::Prose,
            _ => Self::Code,
        }
    }
}

/// Returns where a text holds secrets: sorted, apart from each other.
pub fn places(text: &str, kind: Kind) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    shape::find(text, &mut found);
    match kind {
        Kind::Code => code::find(text, &mut found),
        Kind::Config => {
            config::find(text, config::Names::All, &mut found);
            code::find(text, &mut found);
        }
        Kind::Prose => {
            config::find(text, config::Names::Capitals, &mut found);
            code::find(text, &mut found);
        }
    }
    joined(found)
}

/// A string of code that is a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// Where it is, without quotes.
    pub range: Range<usize>,
    /// The service whose keys look so; none for a string that is one by its name.
    pub service: Option<&'static str>,
}

/// Returns the strings of code that are secrets, by their name or by their beginning, as far as they are wanted.
pub fn literals(text: &str, is_wanted: &dyn Fn(&str) -> bool) -> Vec<Literal> {
    let mut found = Vec::new();
    code::each(text, is_wanted, &mut |range, is_named| {
        let service = text.get(range.clone()).and_then(shape::token);
        if is_named || service.is_some() {
            found.push(Literal { range, service });
        }
    });
    found
}

/// Returns where a file holds secrets that overlap `shown`, as bytes of the file.
pub fn places_in(source: &SourceFile, shown: Range<usize>) -> Vec<Range<usize>> {
    let text: &str = &source.text;
    let kind = Kind::of(source);
    // What names a value of configuration may stand anywhere above it; such files are small.
    let window = match kind {
        Kind::Config => 0..text.len(),
        Kind::Code | Kind::Prose => lines_around(text, &shown),
    };
    let Some(part) = text.get(window.clone()) else { return Vec::new() };
    let mut found = places(part, kind);
    for range in &mut found {
        *range = range.start + window.start..range.end + window.start;
    }
    found.retain(|range| range.start < shown.end && shown.start < range.end);
    found
}

/// Returns a text with its secrets hidden; `start` is where it begins in what `places` were found in.
pub fn mask<'t>(text: &'t str, start: usize, places: &[Range<usize>]) -> Cow<'t, str> {
    let is_hidden = |at: usize| places.iter().any(|range| range.contains(&(start + at)));
    if !places.iter().any(|range| range.start < start + text.len() && start < range.end) {
        return Cow::Borrowed(text);
    }
    let shown = |(at, next): (usize, char)| if is_hidden(at) { hidden(next) } else { next };
    Cow::Owned(text.char_indices().map(shown).collect())
}

/// Returns part of a file with its secrets hidden.
pub fn masked(source: &SourceFile, shown: Range<usize>) -> String {
    let places = places_in(source, shown.clone());
    source.text.get(shown.clone()).map(|text| mask(text, shown.start, &places).into_owned()).unwrap_or_default()
}

/// Returns a sentence without what is a secret by its shape.
pub fn mask_shapes(text: &str) -> Cow<'_, str> {
    let mut found = Vec::new();
    shape::find(text, &mut found);
    match mask(text, 0, &joined(found)) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(text) => Cow::Owned(text),
    }
}

/// Returns what is shown for a character of a secret: as many bytes, one character, and lines stay lines.
fn hidden(character: char) -> char {
    match character {
        '\n' | '\r' | '\t' | ' ' => character,
        _ => match character.len_utf8() {
            1 => '*',
            2 => '·',
            3 => '•',
            _ => '\u{1F7B2}',
        },
    }
}

fn joined(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.retain(|range| !range.is_empty());
    found.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match apart.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => apart.push(range),
        }
    }
    apart
}

/// Returns whole lines around a range.
fn lines_around(text: &str, shown: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = shown.start.min(text.len()).saturating_sub(AROUND);
    let end = shown.end.saturating_add(AROUND).min(text.len());
    let head = bytes.get(..start).unwrap_or_default();
    let start = memchr::memrchr(b'\n', head).map_or(0, |at| at + 1);
    // A line of a bundle may be as long as the file.
    let start = if shown.start.saturating_sub(start) > 8 * AROUND { boundary(text, shown.start) } else { start };
    let tail = bytes.get(end..).unwrap_or_default();
    let end = end + memchr::memchr(b'\n', tail).unwrap_or(tail.len()).min(8 * AROUND);
    start..boundary(text, end)
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
