//! Text on a terminal: how wide it is, where it breaks, and what it must not hold.

use std::borrow::Cow;

/// Returns how many columns a text takes: four for a tab, two for a character that may be a wide one.
pub(crate) fn columns(text: &str) -> usize {
    text.chars()
        .map(|next| match next {
            '\t' => 4,
            '\u{1100}'..='\u{115F}' | '\u{2E80}'.. => 2,
            _ => 1,
        })
        .sum()
}

/// Returns a text with a capital at its start.
pub(crate) fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// Breaks a text between words into lines of at most `width` columns; a longer word has a line of its own.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_after(0, text, 0, width)
}

/// Breaks a text whose first line follows `taken` columns, and whose other lines follow `indent` columns.
pub(crate) fn wrap_after(taken: usize, text: &str, indent: usize, width: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    let (mut start, mut used) = (0, taken);
    for word in text.split_whitespace() {
        let wide = columns(word);
        let gap = usize::from(!line.is_empty());
        if used > start && used + gap + wide > width {
            lines.push(std::mem::take(&mut line));
            (start, used) = (indent, indent);
        } else if gap > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(&harmless(word));
        used += wide;
    }
    lines.push(line);
    lines
}

/// Returns a text that a terminal shows and does not obey, on one line.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|next| harmless_char(next) == next) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(harmless_char).collect())
}

/// Returns a character in the place of one that moves the cursor, starts an escape sequence or turns the direction of
/// writing; it has as many bytes.
pub(crate) fn harmless_char(character: char) -> char {
    match character {
        '\t' => '\t',
        '\0'..='\u{1F}' | '\u{7F}' => '?',
        '\u{80}'..='\u{9F}' => '·',
        '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{harmless, wrap, wrap_after};

    #[test]
    fn words_are_kept_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-word-longer-than-the-line b", 7), ["a-word-longer-than-the-line", "b"]);
    }

    #[test]
    fn lines_leave_room_for_what_is_before_them() {
        assert_eq!(wrap_after(5, "one two three", 0, 9), ["one", "two three"]);
        assert_eq!(wrap_after(5, "one two three", 2, 9), ["one", "two", "three"]);
        assert_eq!(wrap_after(9, "one two", 0, 9), ["", "one two"]);
    }

    #[test]
    fn nothing_is_obeyed_by_a_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{9b}c\u{202e}d\r\n"), "a?[31mb·c\u{fffd}d??");
    }

    #[test]
    fn replacements_have_as_many_bytes() {
        for code in 0..0x3000 {
            let character = char::from_u32(code).expect("no surrogate is below");
            assert_eq!(super::harmless_char(character).len_utf8(), character.len_utf8(), "{code:x}");
        }
    }
}
