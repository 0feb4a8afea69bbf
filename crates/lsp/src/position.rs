//! Places in the units of the client: lines from 0, columns in bytes, UTF-16 units or characters.

use arrears_core::text::{LineIndex, TextRange};
use gen_lsp_types::{Position, PositionEncodingKind, Range};

/// What a client counts columns in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: what is meant where the client says nothing.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// Picks what costs least of what the client offers.
    pub fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offers = |kind: &PositionEncodingKind| offered.is_some_and(|offered| offered.contains(kind));
        match () {
            () if offers(&PositionEncodingKind::UTF8) => Self::Utf8,
            () if offers(&PositionEncodingKind::UTF16) || !offers(&PositionEncodingKind::UTF32) => Self::Utf16,
            () => Self::Utf32,
        }
    }

    /// Returns the name that the protocol gives it.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// Returns a byte of a text as a position.
    pub fn position(self, text: &str, lines: &LineIndex, offset: u32) -> Position {
        let offset = text.floor_char_boundary(offset as usize);
        let line = lines.line(u32::try_from(offset).unwrap_or(u32::MAX));
        let start = lines.line_range(line).to_usize().start;
        let before = text.get(start..offset).unwrap_or("");
        Position { line, character: u32::try_from(self.length(before)).unwrap_or(u32::MAX) }
    }

    /// Returns a range of bytes as one of positions.
    pub fn range(self, text: &str, lines: &LineIndex, range: TextRange) -> Range {
        Range { start: self.position(text, lines, range.start()), end: self.position(text, lines, range.end()) }
    }

    /// Returns the byte of a position; one behind the end of its line or of the text is that end.
    pub fn offset(self, text: &str, lines: &LineIndex, position: Position) -> usize {
        if position.line >= lines.line_count() {
            return text.len();
        }
        let range = lines.line_range(position.line).to_usize();
        let line = text.get(range.clone()).unwrap_or("").trim_end_matches(['\n', '\r']);
        let wanted = position.character as usize;
        let mut units = 0;
        for (at, character) in line.char_indices() {
            if units >= wanted {
                return range.start + at;
            }
            units += self.width(character);
        }
        range.start + line.len()
    }

    fn length(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 if text.is_ascii() => text.len(),
            Self::Utf16 | Self::Utf32 => text.chars().map(|it| self.width(it)).sum(),
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use arrears_core::text::LineIndex;
    use gen_lsp_types::{Position, PositionEncodingKind};

    use super::Encoding;

    #[test]
    fn every_byte_comes_back_in_every_encoding() {
        let text = "a\u{e9}\u{1f980}b\r\nsecond\n\n";
        let lines = LineIndex::new(text);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let inside = |at: &usize| text.is_char_boundary(*at) && !text[..*at].ends_with('\r');
            for at in (0..=text.len()).filter(inside) {
                let position = encoding.position(text, &lines, u32::try_from(at).expect("a short text"));
                assert_eq!(encoding.offset(text, &lines, position), at, "{encoding:?} {position:?}");
            }
        }
    }

    #[test]
    fn a_position_behind_the_end_is_the_end() {
        let text = "ab\ncd";
        let lines = LineIndex::new(text);
        let offset = |line, character| Encoding::Utf16.offset(text, &lines, Position { line, character });
        assert_eq!([offset(0, 99), offset(1, 99), offset(99, 0), offset(u32::MAX, u32::MAX)], [2, 5, 5, 5]);
    }

    #[test]
    fn the_middle_of_a_pair_counts_as_its_end() {
        let text = "\u{1f980}b";
        let lines = LineIndex::new(text);
        assert_eq!(Encoding::Utf16.offset(text, &lines, Position { line: 0, character: 1 }), 4);
    }

    #[test]
    fn a_client_that_says_nothing_means_utf_16() {
        assert_eq!(Encoding::negotiate(None), Encoding::Utf16);
        assert_eq!(Encoding::negotiate(Some(&[PositionEncodingKind::UTF32])), Encoding::Utf32);
        let both = [PositionEncodingKind::UTF16, PositionEncodingKind::UTF8];
        assert_eq!(Encoding::negotiate(Some(&both)), Encoding::Utf8);
    }
}
