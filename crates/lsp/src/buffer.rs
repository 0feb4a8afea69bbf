//! An open document: its text, its version, and its tree, which follows the edits.

use arrears_core::text::{LineIndex, TextRange};
use gen_lsp_types::TextDocumentContentChangeEvent;
use tree_sitter::{InputEdit, Point, Tree};

use crate::position::Encoding;

/// A document that the client holds.
#[derive(Debug)]
pub(crate) struct Buffer {
    /// The version that the client gave it.
    pub(crate) version: i32,
    /// The text, which wins over the one on the disk.
    pub(crate) text: String,
    /// Its lines.
    pub(crate) lines: LineIndex,
    /// The tree of the last analysis, told of all edits since.
    pub(crate) tree: Option<Tree>,
}

/// One replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Replaced {
    /// What went, in bytes of the text before.
    pub(crate) range: TextRange,
    /// How many bytes came.
    pub(crate) length: u32,
}

impl Buffer {
    pub(crate) fn new(text: String, version: i32) -> Self {
        let lines = LineIndex::new(&text);
        Self { version, text, lines, tree: None }
    }

    /// Makes an edit; a range that ends behind the text ends with it, one that ends before it starts is empty.
    pub(crate) fn edit(&mut self, change: TextDocumentContentChangeEvent, encoding: Encoding) -> Replaced {
        let (range, new) = match change {
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                let start = encoding.offset(&self.text, &self.lines, part.range.start);
                let end = encoding.offset(&self.text, &self.lines, part.range.end);
                (start..end.max(start), part.text)
            }
            TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                self.tree = None;
                (0..self.text.len(), whole.text)
            }
        };
        let new_end = range.start + new.len();
        let points = (self.point(range.start), self.point(range.end));
        self.text.replace_range(range.clone(), &new);
        self.lines = LineIndex::new(&self.text);
        let edit = InputEdit {
            start_byte: range.start,
            old_end_byte: range.end,
            new_end_byte: new_end,
            start_position: points.0,
            old_end_position: points.1,
            new_end_position: self.point(new_end),
        };
        if let Some(tree) = &mut self.tree {
            tree.edit(&edit);
        }
        Replaced { range: TextRange::of(range), length: u32::try_from(new.len()).unwrap_or(u32::MAX) }
    }

    /// Returns a byte as tree-sitter counts: rows end with a line feed, columns are bytes.
    fn point(&self, offset: usize) -> Point {
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        let row = before.iter().filter(|byte| **byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        Point { row, column: offset - start }
    }
}

impl Replaced {
    /// Returns where a range lies after the replacement; none where the replacement overlaps it.
    pub(crate) fn moved(self, range: TextRange) -> Option<TextRange> {
        if self.range.start() >= range.end() {
            return Some(range);
        }
        if self.range.end() > range.start() {
            return None;
        }
        let moved = |offset: u32| offset - self.range.len() + self.length;
        Some(TextRange::new(moved(range.start()), moved(range.end())))
    }
}
