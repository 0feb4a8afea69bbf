//! Byte ranges, and the lines and columns that people and editors see.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open range of bytes in one file: the only position inside the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct TextRange {
    start: u32,
    end: u32,
}

impl TextRange {
    /// Creates a range; an `end` before `start` is raised to `start`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Creates an empty range at `offset`.
    pub fn empty(offset: u32) -> Self {
        Self::new(offset, offset)
    }

    /// Creates a range from offsets into a text, which never exceeds 4 GiB here.
    pub fn of(range: Range<usize>) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self::new(clamp(range.start), clamp(range.end))
    }

    /// Returns the first byte.
    pub fn start(self) -> u32 {
        self.start
    }

    /// Returns the byte after the last one.
    pub fn end(self) -> u32 {
        self.end
    }

    /// Returns whether the range holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the number of bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Returns whether `other` lies inside this range; equal ranges contain each other.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether `offset` is one of the bytes of this range.
    pub fn contains_offset(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Returns whether the two ranges share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns the text of this range, or the empty string where it is not one of `text`.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Returns the range as `usize` offsets.
    pub fn to_usize(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A line and a column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in Unicode characters (code points).
    pub column: u32,
}

/// The lines of a text: `\n`, `\r\n` and a lone `\r` each end one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
    is_ascii: bool,
}

impl LineIndex {
    /// Reads the line ends of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !is_crlf {
                starts.push(TextRange::of(at + 1..at + 1).start);
            }
        }
        Self { starts, len: TextRange::of(0..bytes.len()).end, is_ascii: text.is_ascii() }
    }

    /// Returns how many lines there are; an empty text has one.
    pub fn line_count(&self) -> u32 {
        TextRange::of(0..self.starts.len()).end
    }

    /// Returns the line of a byte, counted from 0.
    pub fn line(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|start| *start <= offset);
        TextRange::of(0..after.saturating_sub(1)).end
    }

    /// Returns the bytes of a line counted from 0, its line end included.
    pub fn line_range(&self, line: u32) -> TextRange {
        let start = self.starts.get(line as usize).copied().unwrap_or(self.len);
        let end = self.starts.get(line as usize + 1).copied().unwrap_or(self.len);
        TextRange::new(start, end)
    }

    /// Returns line and column of a byte in `text`, both from 1, the column in characters.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(self.len);
        let line = self.line(offset);
        let before = TextRange::new(self.line_range(line).start, offset);
        let column = if self.is_ascii {
            before.len()
        } else {
            // An offset inside a character counts as the start of that character.
            let bytes = text.as_bytes().get(before.to_usize()).unwrap_or_default();
            TextRange::of(0..bytes.iter().filter(|byte| !is_continuation(**byte)).count()).end
        };
        Position { line: line + 1, column: column + 1 }
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Position, TextRange};

    #[test]
    fn every_kind_of_line_end_starts_a_line() {
        let text = "a\nb\r\nc\rd";
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..index.line_count()).map(|line| index.line_range(line).slice(text)).collect();
        assert_eq!(lines, ["a\n", "b\r\n", "c\r", "d"]);
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "x\né𝒳 y";
        let at = u32::try_from(text.find('y').expect("there is a y")).expect("small");
        assert_eq!(LineIndex::new(text).position(text, at), Position { line: 2, column: 4 });
    }

    #[test]
    fn an_offset_beyond_the_end_is_the_end() {
        assert_eq!(LineIndex::new("ab").position("ab", 99), Position { line: 1, column: 3 });
    }

    #[test]
    fn a_range_that_is_not_on_a_boundary_slices_to_nothing() {
        assert_eq!(TextRange::new(1, 2).slice("é"), "");
    }
}
