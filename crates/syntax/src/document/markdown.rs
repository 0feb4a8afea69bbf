//! Reads Markdown: blocks with what lies around them, and the code spans, links and images in them.
//!
//! The text itself is not kept; everything is a range of the source.

use std::collections::BTreeSet;
use std::ops::Range;

use arrears_core::text::TextRange;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

/// A page of Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Markdown {
    blocks: Vec<Block>,
    spans: Vec<Span>,
    sections: Vec<Section>,
}

/// A heading, a paragraph, an item of a list, a row of a table, and what else stands on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// All of it, with the blocks that lie in it.
    pub range: TextRange,
    parent: u32,
    before: u32,
}

/// The kinds of blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockKind {
    /// A heading of a level from 1 to 6.
    Heading(u8),
    /// A paragraph; the text of a tight item has none of its own.
    Paragraph,
    /// A list.
    List,
    /// An item of a list, with the state of its checkbox.
    Item(Option<bool>),
    /// A table.
    Table,
    /// The first row of a table.
    Header,
    /// Any other row.
    Row,
    /// A cell of a row.
    Cell,
    /// A block of code with its language; an indented one has none.
    Code(Box<str>),
    /// A quotation, a note, a footnote.
    Quote,
    /// HTML, comments too.
    Html,
    /// What stands between `---` at the start of the page.
    FrontMatter,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// What it is.
    pub kind: SpanKind,
    /// The code without its backticks, the destination of a link, all of anything else.
    pub range: TextRange,
    /// The block it lies in, by its place in [`Markdown::blocks`].
    pub block: u32,
}

/// The kinds of spans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpanKind {
    /// Code.
    Code,
    /// A link with its destination, escapes resolved.
    Link(Box<str>),
    /// An image with its destination.
    Image(Box<str>),
    /// What is struck through.
    Struck,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Section {
    block: u32,
    outer: u32,
}

const NONE: u32 = u32::MAX;

/// How far outwards it is looked for what lies around a block.
const FAR: usize = 24;

impl Markdown {
    /// Returns the blocks, outer ones before those in them.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Returns the spans, in the order in which they end.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Returns a block.
    pub fn block(&self, at: u32) -> Option<&Block> {
        self.blocks.get(at as usize)
    }

    /// Returns a block and those around it with their places, the innermost first.
    pub fn around(&self, at: u32) -> impl Iterator<Item = (u32, &Block)> {
        let first = self.block(at).map(|block| (at, block));
        let outer = |(_, block): &(u32, &Block)| self.block(block.parent).map(|outer| (block.parent, outer));
        std::iter::successors(first, outer).take(FAR)
    }

    /// Returns the block that stands before another one in the same block.
    pub fn before(&self, at: u32) -> Option<(u32, &Block)> {
        let before = self.block(at)?.before;
        self.block(before).map(|block| (before, block))
    }

    /// Returns the part of a block that lies before the blocks in it: the first lines of an item.
    pub fn own(&self, at: u32) -> TextRange {
        let Some(block) = self.block(at) else { return TextRange::empty(0) };
        let inner = self.block(at + 1).filter(|inner| inner.parent == at && inner.kind != BlockKind::Cell);
        inner.map_or(block.range, |inner| TextRange::new(block.range.start(), inner.range.start()))
    }

    /// Returns the headings under which a block stands, the nearest first.
    pub fn headings(&self, at: u32) -> impl Iterator<Item = &Block> {
        let after = self.sections.partition_point(|section| section.block <= at);
        let first = after.checked_sub(1).and_then(|before| self.sections.get(before));
        let outer = |section: &&Section| self.sections.get(section.outer as usize);
        std::iter::successors(first, outer).filter_map(|section| self.block(section.block)).take(6)
    }

    /// Returns the first heading, which is what the page is called.
    pub fn title(&self) -> Option<&Block> {
        self.sections.first().and_then(|section| self.block(section.block))
    }

    /// Returns the items that have a checkbox, with its state.
    pub fn tasks(&self) -> impl Iterator<Item = (&Block, bool)> {
        self.blocks.iter().filter_map(|block| match block.kind {
            BlockKind::Item(Some(is_done)) => Some((block, is_done)),
            _ => None,
        })
    }
}

/// Reads a page. Every text is one.
pub fn read(text: &str) -> Markdown {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut events = Parser::new_ext(text, options).into_offset_iter();
    let mut reader = Reader { text, page: Markdown::default(), open: Vec::new(), last: vec![NONE] };
    let mut defined = BTreeSet::new();
    while let Some((event, range)) = events.next() {
        let (Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }), false) = (&event, range.is_empty()) else {
            reader.take(event, range);
            continue;
        };
        // What is wrong with a reference is wrong where it is defined, once.
        match events.reference_definitions().get(id).filter(|_| !id.is_empty()) {
            None => reader.take(event, range),
            Some(definition) => {
                if defined.insert(definition.span.start) {
                    let place = destination(text, &definition.span, &definition.dest);
                    reader.span(SpanKind::Link((&*definition.dest).into()), place);
                }
            }
        }
    }
    let mut page = reader.page;
    page.sections = sections(&page.blocks);
    page.blocks.shrink_to_fit();
    page.spans.shrink_to_fit();
    page
}

struct Reader<'t> {
    text: &'t str,
    page: Markdown,
    /// The blocks around this place.
    open: Vec<u32>,
    /// The last block that ended in each of them, and at the outermost level.
    last: Vec<u32>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) => {
                let place = destination(self.text, &range, &dest_url);
                self.span(SpanKind::Link((&*dest_url).into()), place);
            }
            Event::Start(Tag::Image { link_type: LinkType::Inline, dest_url, .. }) => {
                let place = destination(self.text, &range, &dest_url);
                self.span(SpanKind::Image((&*dest_url).into()), place);
            }
            Event::Start(Tag::Strikethrough) => self.span(SpanKind::Struck, TextRange::of(range)),
            Event::Start(tag) => {
                if let Some(kind) = block(&tag) {
                    self.start(kind, TextRange::of(range));
                }
            }
            Event::End(end) => {
                if is_block(end) {
                    self.end();
                }
            }
            Event::Code(code) => {
                let place = code_range(self.text, range, &code);
                self.span(SpanKind::Code, place);
            }
            Event::TaskListMarker(is_done) => self.mark(is_done),
            Event::Text(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule => {}
        }
    }

    fn start(&mut self, kind: BlockKind, range: TextRange) {
        let at = u32::try_from(self.page.blocks.len()).unwrap_or(NONE);
        let parent = self.open.last().copied().unwrap_or(NONE);
        let before = self.last.last().copied().unwrap_or(NONE);
        self.page.blocks.push(Block { kind, range, parent, before });
        self.open.push(at);
        self.last.push(NONE);
    }

    fn end(&mut self) {
        self.last.pop();
        if let (Some(closed), Some(last)) = (self.open.pop(), self.last.last_mut()) {
            *last = closed;
        }
    }

    /// Sets the checkbox of the item around this place.
    fn mark(&mut self, is_done: bool) {
        for at in self.open.iter().rev().take(2) {
            if let Some(Block { kind: BlockKind::Item(state), .. }) = self.page.blocks.get_mut(*at as usize) {
                *state = Some(is_done);
                return;
            }
        }
    }

    fn span(&mut self, kind: SpanKind, range: TextRange) {
        let block = self.open.last().copied().unwrap_or(NONE);
        self.page.spans.push(Span { kind, range, block });
    }
}

fn block(tag: &Tag<'_>) -> Option<BlockKind> {
    Some(match tag {
        Tag::Paragraph => BlockKind::Paragraph,
        Tag::Heading { level, .. } => BlockKind::Heading(*level as u8),
        Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) => BlockKind::Quote,
        Tag::CodeBlock(CodeBlockKind::Indented) => BlockKind::Code("".into()),
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            BlockKind::Code(info.split([' ', ',', '{']).next().unwrap_or("").into())
        }
        Tag::HtmlBlock => BlockKind::Html,
        Tag::List(_) => BlockKind::List,
        Tag::Item => BlockKind::Item(None),
        Tag::Table(_) => BlockKind::Table,
        Tag::TableHead => BlockKind::Header,
        Tag::TableRow => BlockKind::Row,
        Tag::TableCell => BlockKind::Cell,
        Tag::MetadataBlock(_) => BlockKind::FrontMatter,
        _ => return None,
    })
}

fn is_block(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell
            | TagEnd::MetadataBlock(_)
    )
}

/// Returns where a destination stands in a link or a definition; all of it where it is written with escapes.
fn destination(text: &str, link: &Range<usize>, destination: &str) -> TextRange {
    let slice = text.get(link.clone()).unwrap_or("");
    // The title may say the same, and stands behind it; so may the text, and stands before it.
    let from = slice.rfind("](").or_else(|| slice.find("]:")).map_or(0, |at| at + 2);
    let found = slice.get(from..).and_then(|rest| rest.find(destination)).filter(|_| !destination.is_empty());
    match found {
        Some(at) => TextRange::of(link.start + from + at..link.start + from + at + destination.len()),
        None => TextRange::of(link.clone()),
    }
}

/// Returns the place of code without its backticks and the blanks beside them.
fn code_range(text: &str, range: Range<usize>, code: &str) -> TextRange {
    let slice = text.get(range.clone()).unwrap_or("");
    let ticks = slice.len() - slice.trim_start_matches('`').len();
    let inner = slice.get(ticks..slice.len().saturating_sub(ticks)).unwrap_or("");
    let at = inner.find(code).unwrap_or(0);
    let length = if inner.get(at..).is_some_and(|rest| rest.starts_with(code)) { code.len() } else { inner.len() };
    TextRange::of(range.start + ticks + at..range.start + ticks + at + length)
}

/// Returns the headings, each with the one that holds it.
fn sections(blocks: &[Block]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Vec<(u8, u32)> = Vec::new();
    for (at, block) in (0..).zip(blocks) {
        let BlockKind::Heading(level) = block.kind else { continue };
        while open.last().is_some_and(|(outer, _)| *outer >= level) {
            open.pop();
        }
        let outer = open.last().map_or(NONE, |(_, outer)| *outer);
        open.push((level, u32::try_from(sections.len()).unwrap_or(NONE)));
        sections.push(Section { block: at, outer });
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::{BlockKind, Markdown, SpanKind, read};

    const PAGE: &str = "\
---
title: Shop
---
# Shop

See [the guide](docs/guide.md#start \"Guide\") and `shop/ views.py`.

## To do

Files to create:

- [x] `shop/models.py` é
- [ ] orders
  - `` shop/`orders`.py ``

| Name | Version |
| --- | --- |
| Django | `5.2` |

![logo](a.png) ~~`old.py`~~ [again][ref]

```python title=x
`not` a span
```
<!-- `nor` this -->

[ref]: ./docs/other.md
";

    fn spans(page: &Markdown) -> Vec<&str> {
        page.spans().iter().map(|span| span.range.slice(PAGE)).collect()
    }

    #[test]
    fn spans_are_where_they_are_written() {
        let expected = [
            "docs/guide.md#start",
            "shop/ views.py",
            "shop/models.py",
            "shop/`orders`.py",
            "5.2",
            "a.png",
            "~~`old.py`~~",
            "old.py",
            "./docs/other.md",
        ];
        assert_eq!(spans(&read(PAGE)), expected);
    }

    #[test]
    fn an_item_knows_its_checkbox_and_what_stands_before_its_list() {
        let page = read(PAGE);
        let span = page.spans().iter().find(|it| it.range.slice(PAGE) == "shop/`orders`.py").expect("a span");
        let around: Vec<_> = page.around(span.block).map(|(_, block)| &block.kind).collect();
        let expected = [BlockKind::Item(None), BlockKind::List, BlockKind::Item(Some(false)), BlockKind::List];
        assert_eq!(around, expected.iter().collect::<Vec<_>>());
        let (list, _) = page.around(span.block).last().expect("a list");
        let before = page.before(list).map(|(_, block)| block.range.slice(PAGE).trim());
        assert_eq!(before, Some("Files to create:"));
        let (item, _) = page.around(span.block).nth(2).expect("an item");
        assert_eq!(page.own(item).slice(PAGE).trim(), "- [ ] orders");
        let headings: Vec<_> = page.headings(span.block).map(|it| it.range.slice(PAGE).trim()).collect();
        assert_eq!(headings, ["## To do", "# Shop"]);
    }

    #[test]
    fn code_has_its_language_and_front_matter_is_none_of_the_text() {
        let page = read(PAGE);
        let has = |kind: BlockKind| page.blocks().iter().any(|block| block.kind == kind);
        assert!(has(BlockKind::Code("python".into())) && has(BlockKind::FrontMatter) && has(BlockKind::Html));
        assert_eq!(page.tasks().map(|(_, is_done)| is_done).collect::<Vec<_>>(), [true, false]);
        assert_eq!(page.title().map(|it| it.range.slice(PAGE).trim()), Some("# Shop"));
    }

    #[test]
    fn deep_and_broken_pages_are_read() {
        for piece in ["> ", "- ", "[", "![", "*", "`", "[a](", "| a |\n|---|\n", "~~", "1. "] {
            let page = read(&piece.repeat(20_000));
            assert!(page.spans().len() < 200_000);
        }
    }

    #[test]
    fn a_link_that_is_used_twice_is_defined_once() {
        let text = "[a][x] [b][x]\n\n[x]: docs/a.md\n[y]: docs/unused.md\n";
        let page = read(text);
        let links: Vec<_> = page.spans().iter().map(|span| (&span.kind, span.range.slice(text))).collect();
        assert_eq!(links, [(&SpanKind::Link("docs/a.md".into()), "docs/a.md")]);
    }
}
