//! Suppression comments: reading them, matching them, reporting the idle ones.
//!
//! `# arrears: ignore[errors/generic-except, celery] until=2027-01-31 -- best effort, see #12`
//!
//! At the end of a line it stands for that line; alone on a line for the statement below, decorators
//! included. `ignore-file[…]` stands for the whole file.

use arrears_core::source::{Language, SourceFile};
use arrears_core::text::TextRange;
use arrears_syntax::node::children;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

/// One suppression comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suppression {
    /// The comment.
    pub range: TextRange,
    /// The codes and groups that it names, and where.
    pub codes: Vec<(String, TextRange)>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Why, in the words of whoever wrote it.
    pub reason: Option<String>,
    /// What it stands for.
    pub target: Target,
    /// Why it cannot be read; it suppresses nothing then.
    pub fault: Option<String>,
}

/// The findings that a suppression stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Those that touch these lines, counted from 0, the last one included.
    Lines(u32, u32),
    /// Those that start in these bytes.
    Bytes(TextRange),
    /// All of the file.
    File,
}

impl Suppression {
    /// Returns whether the comment names the code or its group.
    pub fn names(&self, code: &str) -> bool {
        let group = code.split_once('/').map_or(code, |(group, _)| group);
        self.codes.iter().any(|(word, _)| word == code || word == group)
    }

    /// Returns whether the comment stands for a place.
    pub fn covers(&self, range: TextRange, source: &SourceFile) -> bool {
        match self.target {
            Target::File => true,
            Target::Bytes(target) => target.start() <= range.start() && range.start() < target.end(),
            Target::Lines(first, last) => {
                let start = source.lines.line(range.start());
                let end = source.lines.line(range.end().max(range.start() + 1) - 1);
                start <= last && first <= end
            }
        }
    }
}

/// Reads the comments that mention `arrears:`, given in source order; those that only talk about it are left out.
pub fn read_all(comments: &[TextRange], source: &SourceFile, root: Option<Node<'_>>) -> Vec<Suppression> {
    let mut targets = Targets::new(source, root);
    // From the last to the first, so that a comment above a comment finds its target found.
    let read = comments.iter().rev().filter_map(|comment| read(*comment, source, &mut targets));
    let mut found: Vec<_> = read.collect();
    found.reverse();
    found
}

fn read(comment: TextRange, source: &SourceFile, targets: &mut Targets<'_>) -> Option<Suppression> {
    let text = comment.slice(&source.text);
    let comment = if starts_with_directive(text) { comment } else { directive_within(comment, text)? };
    let mut read = read_comment(comment, comment.slice(&source.text))?;
    if read.target != Target::File {
        read.target = targets.of(comment);
    }
    Some(read)
}

/// Reads the suppression comments of a file that is not parsed: `#`, `{# #}` and `<!-- -->`.
pub fn read_text(source: &SourceFile) -> Vec<Suppression> {
    let mut comments = Vec::new();
    for (at, _) in source.text.match_indices("arrears: ignore") {
        let line = source.lines.line_range(source.lines.line(TextRange::of(at..at).start()));
        let before = &source.text[line.start() as usize..at];
        // In a page for people `#` is a heading, or a comment of code that is shown.
        let mark = if source.language == Language::Markdown {
            before.rfind("<!--")
        } else {
            before.rfind("{#").or_else(|| before.rfind("<!--")).or_else(|| before.rfind('#'))
        };
        let Some(mark) = mark else { continue };
        let start = line.start() as usize + mark;
        comments.push(TextRange::of(start..line.start() as usize + line.slice(&source.text).trim_end().len()));
    }
    read_all(&comments, source, None)
}

/// Returns the part of a line comment that is a directive: the end of `# TODO: round  # arrears: ignore[…]`.
fn directive_within(comment: TextRange, text: &str) -> Option<TextRange> {
    let marks = ["# arrears: ignore", "// arrears: ignore"];
    let is_own_word = |at: &usize| text[..*at].ends_with([' ', '\t']);
    let at = marks.iter().filter_map(|mark| text.rfind(mark)).filter(is_own_word).max()?;
    Some(TextRange::of(comment.start() as usize + at..comment.end() as usize))
}

fn starts_with_directive(comment: &str) -> bool {
    comment.trim_start_matches(MARKS).starts_with("arrears:")
}

/// What a comment begins with in any of the languages.
const MARKS: [char; 9] = ['#', '/', '*', '{', '<', '!', '-', ' ', '\t'];

fn read_comment(range: TextRange, comment: &str) -> Option<Suppression> {
    let rest = comment.trim_start_matches(MARKS).strip_prefix("arrears:")?.trim_start();
    let rest = rest.trim_end().trim_end_matches("-->").trim_end_matches("*/").trim_end_matches("#}").trim_end();
    let (kind, rest) = rest.split_once('[').unwrap_or((rest, ""));
    let mut read =
        Suppression { range, codes: Vec::new(), until: None, reason: None, target: Target::Lines(0, 0), fault: None };
    match kind.trim() {
        "ignore" => {}
        "ignore-file" => read.target = Target::File,
        other => {
            let word = other.split_whitespace().next().unwrap_or("");
            read.fault = Some(if matches!(word, "ignore" | "ignore-file") {
                format!("`{word}` names no rule in brackets")
            } else {
                format!("`{word}` is no directive of arrears")
            });
            return Some(read);
        }
    }
    let Some((codes, rest)) = rest.split_once(']') else {
        read.fault = Some("the bracket of the codes is not closed".to_owned());
        return Some(read);
    };
    let base = codes.as_ptr() as usize - comment.as_ptr() as usize;
    let mut offset = 0;
    for piece in codes.split(',') {
        let word = piece.trim();
        let at = range.start() as usize + base + offset + (piece.len() - piece.trim_start().len());
        if !word.is_empty() {
            read.codes.push((word.to_owned(), TextRange::of(at..at + word.len())));
        }
        offset += piece.len() + 1;
    }
    if read.codes.is_empty() {
        read.fault = Some("it names no rule".to_owned());
    }
    read_tail(rest, &mut read);
    Some(read)
}

/// Reads `until=2027-01-31 -- reason`. A date that is none counts as past: a suppression fails closed.
fn read_tail(rest: &str, read: &mut Suppression) {
    let (options, reason) =
        rest.split_once("--").map_or((rest, None), |(options, reason)| (options, Some(reason.trim())));
    read.reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    for option in options.split_whitespace() {
        match option.strip_prefix("until=") {
            Some(date) => match date.parse::<Date>() {
                Ok(date) => read.until = Some(date),
                Err(_) => read.fault = Some(format!("`{date}` is no date; write `until=2027-01-31`")),
            },
            None => read.fault = Some(format!("`{option}` is not understood; a reason follows `--`")),
        }
    }
}

/// Finds what comments stand for, asked from the last comment of a file to the first.
struct Targets<'t> {
    source: &'t SourceFile,
    /// The statements of the file, in order.
    top: Vec<Node<'t>>,
    /// The comment that was asked for last: its line and its target.
    below: Option<(u32, Target)>,
}

impl<'t> Targets<'t> {
    fn new(source: &'t SourceFile, root: Option<Node<'t>>) -> Self {
        Self { source, top: root.into_iter().flat_map(children).collect(), below: None }
    }

    fn of(&mut self, comment: TextRange) -> Target {
        let lines = &self.source.lines;
        let first_line = lines.line(comment.start());
        let before = TextRange::new(lines.line_range(first_line).start(), comment.start()).slice(&self.source.text);
        if !before.trim().is_empty() && before.trim() != "{" {
            return Target::Lines(first_line, first_line);
        }
        let target = self.below(lines.line(comment.end().max(1) - 1) + 1);
        self.below = Some((first_line, target));
        target
    }

    /// Returns the next line that is neither empty nor a comment, or the statement that starts there.
    fn below(&self, mut line: u32) -> Target {
        let (text, lines) = (&*self.source.text, &self.source.lines);
        while line < lines.line_count() {
            if let Some((_, target)) = self.below.filter(|(known, _)| *known == line) {
                return target;
            }
            let content = lines.line_range(line).slice(text).trim();
            let is_comment = ["#", "//", "/*", "*", "{/*", "{#"].iter().any(|mark| content.starts_with(mark));
            if !content.is_empty() && !is_comment {
                break;
            }
            line += 1;
        }
        let range = lines.line_range(line);
        let indent = range.slice(text).len() - range.slice(text).trim_start().len();
        let start = range.start() as usize + indent;
        self.statement_at(start).map_or(Target::Lines(line, line), |node| Target::Bytes(header(node)))
    }

    /// Returns the outermost statement that starts at a byte.
    fn statement_at(&self, start: usize) -> Option<Node<'t>> {
        let mut node = *self.top.get(self.top.partition_point(|node| node.end_byte() <= start))?;
        let mut cursor = node.walk();
        let is_body = |kind| matches!(kind, "module" | "program" | "block" | "statement_block" | "class_body");
        while node.start_byte() != start || is_body(node.kind()) {
            cursor.goto_first_child_for_byte(start)?;
            node = cursor.node();
        }
        Some(node)
    }
}

/// Returns decorators and signature of a statement, not its body.
fn header(node: Node<'_>) -> TextRange {
    let mut end = node.end_byte();
    let definition = node.child_by_field_name("definition").unwrap_or(node);
    let body = definition.child_by_field_name("body").or_else(|| definition.child_by_field_name("consequence"));
    let block = body.or_else(|| children(definition).filter(|child| child.kind() == "block").last());
    if let Some(block) = block {
        end = block.start_byte();
    }
    if let Some(open) = node.child_by_field_name("open_tag") {
        end = open.end_byte();
    }
    TextRange::of(node.start_byte()..end.max(node.start_byte() + 1))
}
