//! The part of a file that a frame shows: a few lines, the long ones cut, nothing that a terminal would obey.

use std::collections::BTreeSet;
use std::ops::Range;

use arrears_core::secret;
use arrears_core::source::SourceFile;
use arrears_core::text::TextRange;
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::text::{columns, harmless_char, wrap};

/// How many lines are shown before and after a label.
pub(crate) const CONTEXT: u32 = 1;
/// A label over more lines than these is drawn under the first of them.
const TALLEST: u32 = 6;
/// The fewest columns that code and words are given, however narrow the terminal is.
const NARROWEST: usize = 16;
/// Stands where a line is cut.
const CUT: char = '…';

/// A place to draw.
pub(crate) struct Mark<'a> {
    pub(crate) range: TextRange,
    pub(crate) message: &'a str,
    pub(crate) is_primary: bool,
}

/// Lines of one file as miette is to see them. Only these are read, so a frame costs the same in any file.
#[derive(Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    lines: Vec<Line>,
    spans: Vec<LabeledSpan>,
}

/// One line of an excerpt.
#[derive(Debug)]
struct Line {
    /// The number in the file, from 0.
    number: u32,
    /// Where the line starts in the excerpt.
    start: usize,
    /// How many characters of the file's line lie before it; a mark of a cut takes the place of one.
    column: u32,
    /// The bytes of the file that are shown.
    shown: Range<usize>,
    /// Where these bytes start in the excerpt.
    shown_start: usize,
}

impl Excerpt {
    /// Takes what `marks` need of a file; lines get at most `width` columns, line number included.
    pub(crate) fn new(name: String, source: &SourceFile, marks: &[Mark<'_>], width: usize) -> Self {
        let ranges: Vec<TextRange> = marks.iter().map(|mark| drawn(source, mark.range)).collect();
        let numbers: BTreeSet<u32> = ranges.iter().flat_map(|range| lines_around(source, *range)).collect();
        let digits = numbers.last().map_or(1, |last| (last + 1).to_string().len());
        let is_tall = ranges.iter().any(|range| source.lines.line(range.start()) != last_line(source, *range));
        let gutter = digits + 4 + if is_tall { 4 } else { 0 };
        let room = width.saturating_sub(gutter).max(NARROWEST);
        let mut excerpt = Self { name, text: String::new(), lines: Vec::new(), spans: Vec::new() };
        let secrets = secrets(source, &numbers);
        for number in numbers {
            excerpt.add_line(source, number, &ranges, room, &secrets);
        }
        for (mark, range) in marks.iter().zip(&ranges) {
            excerpt.add_span(source, mark, *range, room);
        }
        excerpt
    }

    /// Returns what is to be drawn, in the excerpt's own offsets.
    pub(crate) fn spans(&self) -> &[LabeledSpan] {
        &self.spans
    }

    fn add_line(
        &mut self,
        source: &SourceFile,
        number: u32,
        ranges: &[TextRange],
        room: usize,
        secrets: &[Range<usize>],
    ) {
        let line = source.lines.line_range(number);
        let base = line.start() as usize;
        let text = secret::mask(line.slice(&source.text).trim_end_matches(['\n', '\r']), base, secrets);
        let text = &*text;
        let anchor = ranges.iter().find(|range| line.contains_offset(range.start())).map(|range| {
            let clamp = |offset: u32| boundary(text, (offset as usize).saturating_sub(base));
            clamp(range.start())..clamp(range.end())
        });
        let shown = window(text, anchor, room);
        let start = self.text.len();
        let mut column = 0;
        if shown.start > 0 {
            self.text.push(CUT);
            let first = TextRange::of(base + shown.start..base + shown.start).start();
            column = source.lines.position(&source.text, first).column.saturating_sub(2);
        }
        let shown_start = self.text.len();
        self.text.extend(text[shown.clone()].chars().map(harmless_char));
        if shown.end < text.len() {
            self.text.push(CUT);
        }
        self.text.push('\n');
        self.lines.push(Line { number, start, column, shown: base + shown.start..base + shown.end, shown_start });
    }

    fn add_span(&mut self, source: &SourceFile, mark: &Mark<'_>, range: TextRange, room: usize) {
        let start = self.offset(source, range.start());
        let end = if range.is_empty() { start } else { self.offset(source, range.end()).max(start) };
        let line = &self.lines[self.line_at(start)];
        let middle = columns(&self.text[line.start..start]) + columns(&self.text[start..end]) / 2;
        let message = wrap(mark.message, room.saturating_sub(middle + 4).max(NARROWEST)).join("\n");
        let message = (!message.is_empty()).then_some(message);
        let span = (start, end - start);
        self.spans.push(if mark.is_primary {
            LabeledSpan::new_primary_with_span(message, span)
        } else {
            LabeledSpan::new_with_span(message, span)
        });
    }

    /// Returns where a byte of the file is in the excerpt; one that is not shown is the nearest one that is.
    fn offset(&self, source: &SourceFile, offset: u32) -> usize {
        let number = source.lines.line(offset);
        let at = self.lines.partition_point(|line| line.number < number).min(self.lines.len() - 1);
        let line = &self.lines[at];
        let inside = (offset as usize).clamp(line.shown.start, line.shown.end) - line.shown.start;
        boundary(&self.text, line.shown_start + inside)
    }

    fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let follows =
            |at: usize| at > 0 && at < self.lines.len() && self.lines[at - 1].number + 1 == self.lines[at].number;
        let first_with_span = self.line_at(span.offset());
        let mut first = first_with_span;
        while first_with_span - first < context_lines_before && follows(first) {
            first -= 1;
        }
        let last_with_span = self.line_at((span.offset() + span.len()).saturating_sub(1)).max(first_with_span);
        let mut last = last_with_span;
        while last - last_with_span < context_lines_after && follows(last + 1) {
            last += 1;
        }
        let line = self.lines.get(first).ok_or(MietteError::OutOfBounds)?;
        // miette asks without context for the place that a frame is headed with.
        let (start, column) = if context_lines_before == 0 {
            let before = self.text.get(line.start..span.offset()).ok_or(MietteError::OutOfBounds)?;
            (span.offset(), line.column as usize + before.chars().count())
        } else {
            (line.start, 0)
        };
        let end = self.lines.get(last + 1).map_or(self.text.len(), |next| next.start);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[start..end],
            (start, end - start).into(),
            line.number as usize,
            column,
            last - first + 1,
        )))
    }
}

/// Returns where the lines that are shown hold secrets; hidden, they keep their places.
fn secrets(source: &SourceFile, numbers: &BTreeSet<u32>) -> Vec<Range<usize>> {
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Vec::new() };
    let shown = source.lines.line_range(*first).start()..source.lines.line_range(*last).end();
    secret::places_in(source, shown.start as usize..shown.end as usize)
}

/// Returns the part of a range that is drawn.
fn drawn(source: &SourceFile, range: TextRange) -> TextRange {
    let first = source.lines.line(range.start());
    if last_line(source, range) - first < TALLEST {
        return range;
    }
    TextRange::new(range.start(), source.lines.line_range(first).end())
}

/// Returns the line of the last byte of a range, from 0.
fn last_line(source: &SourceFile, range: TextRange) -> u32 {
    source.lines.line(range.end().saturating_sub(1).max(range.start()))
}

fn lines_around(source: &SourceFile, range: TextRange) -> impl Iterator<Item = u32> {
    let first = source.lines.line(range.start());
    let last = last_line(source, range);
    // What follows the last line end is no line to look at.
    let is_shown = move |number: &u32| (first..=last).contains(number) || !source.lines.line_range(*number).is_empty();
    (first.saturating_sub(CONTEXT)..=last + CONTEXT).filter(is_shown)
}

/// Returns the bytes of a line that fit into `room` columns, those around `anchor` if not all do.
fn window(text: &str, anchor: Option<Range<usize>>, room: usize) -> Range<usize> {
    if fitting(text, room) == text.len() {
        return 0..text.len();
    }
    // Two columns are for the marks of the cuts.
    let room = room - 2;
    let start = match anchor {
        Some(anchor) if anchor.end > fitting(text, room) => {
            let mut left = room / 3;
            let before = text[..anchor.start].char_indices().rev().take_while(|(_, next)| {
                left = left.saturating_sub(columns_of(*next));
                left > 0
            });
            before.last().map_or(anchor.start, |(at, _)| at)
        }
        _ => 0,
    };
    start..start + fitting(&text[start..], room)
}

/// Returns how many bytes of `text` fit into `room` columns.
fn fitting(text: &str, room: usize) -> usize {
    let mut used = 0;
    let too_far = text.char_indices().find(|(_, next)| {
        used += columns_of(*next);
        used > room
    });
    too_far.map_or(text.len(), |(at, _)| at)
}

fn columns_of(character: char) -> usize {
    columns(character.encode_utf8(&mut [0; 4]))
}

/// Returns the start of the character at `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
