//! Reads YAML.

use std::collections::HashMap;

use arrears_core::text::TextRange;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span};

use super::tree::{Kind, Tree};
use super::{Broken, Read};

/// How deep lists and maps may lie in each other.
const DEEPEST: usize = 100;

/// Reads a file of YAML 1.2: any number of documents.
pub fn read(text: &str) -> Read<Tree> {
    let mut reader = Reader {
        offsets: offsets(text),
        length: text.len(),
        tree: Tree::default(),
        open: Vec::new(),
        anchors: HashMap::default(),
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| reader.broken(&error))?;
        if matches!(event, Event::StreamEnd) {
            break;
        }
        reader.take(&event, span)?;
    }
    Ok(reader.tree)
}

/// Returns the byte of each character; none for a text that is all ASCII.
fn offsets(text: &str) -> Option<Vec<u32>> {
    let offset = |(at, _): (usize, char)| u32::try_from(at).unwrap_or(u32::MAX);
    (!text.is_ascii()).then(|| text.char_indices().map(offset).collect())
}

struct Reader {
    offsets: Option<Vec<u32>>,
    length: usize,
    tree: Tree,
    open: Vec<Open>,
    anchors: HashMap<usize, u32>,
}

/// A list or map whose end is not read yet.
struct Open {
    start: usize,
    anchor: usize,
    /// The end of the last member.
    end: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<u32>),
    Map { pairs: Vec<(String, TextRange, u32)>, key: Option<(String, TextRange)> },
}

impl Reader {
    fn take(&mut self, event: &Event<'_>, span: Span) -> Result<(), Broken> {
        let range = TextRange::of(self.byte(span.start)..self.byte(span.end));
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = *style != ScalarStyle::Plain || tag.is_some();
                let kind = if is_text { Kind::Text } else { kind(text) };
                let node = self.tree.scalar(kind, text, range);
                self.name(*anchor, node);
                self.place(node, range);
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(anchor).copied();
                let node = node.unwrap_or_else(|| self.tree.scalar(Kind::Null, "", range));
                self.place(node, range);
            }
            Event::SequenceStart(anchor, _) => self.start(span, *anchor, Parts::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => {
                self.start(span, *anchor, Parts::Map { pairs: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn start(&mut self, span: Span, anchor: usize, parts: Parts) -> Result<(), Broken> {
        let start = self.byte(span.start);
        if self.open.len() >= DEEPEST {
            let range = TextRange::of(start..start);
            return Err(Broken { range, message: format!("more than {DEEPEST} lists and maps lie in each other") });
        }
        self.open.push(Open { start, anchor, end: self.byte(span.end), parts });
        Ok(())
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let range = TextRange::of(open.start..open.end.max(open.start));
        let node = match open.parts {
            Parts::List(items) => self.tree.list(items, range),
            Parts::Map { pairs, .. } => self.tree.map(pairs, range),
        };
        self.name(open.anchor, node);
        self.place(node, range);
    }

    fn name(&mut self, anchor: usize, node: u32) {
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: u32, range: TextRange) {
        let Some(open) = self.open.last_mut() else { return self.tree.finish(node) };
        open.end = open.end.max(range.to_usize().end);
        match &mut open.parts {
            Parts::List(items) => items.push(node),
            Parts::Map { pairs, key } => match key.take() {
                Some((name, key_range)) => pairs.push((name, key_range, node)),
                None => *key = Some((self.tree.text(node).unwrap_or("").to_owned(), range)),
            },
        }
    }

    fn byte(&self, marker: Marker) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.get(marker.index()).map_or(self.length, |at| *at as usize),
            None => marker.index().min(self.length),
        }
    }

    fn broken(&self, error: &ScanError) -> Broken {
        let at = self.byte(*error.marker());
        Broken { range: TextRange::of(at..at), message: error.info().to_owned() }
    }
}

/// Returns what an unquoted scalar is in the core schema.
fn kind(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Kind::Bool,
        _ if text.parse::<f64>().is_ok() => Kind::Number,
        _ => Kind::Text,
    }
}
