//! Comments: which of them belong together, and what they say.

use tree_sitter::Node;

use crate::node::text;

/// Groups comments, given in source order, into blocks: line comments on successive lines, each alone on its line and
/// all in one column. Any other comment is a block of its own.
pub fn blocks<'t>(comments: impl IntoIterator<Item = Node<'t>>, source: &str) -> Vec<Vec<Node<'t>>> {
    let mut blocks: Vec<Vec<Node<'t>>> = Vec::new();
    for comment in comments {
        let joins = blocks.last().and_then(|block| block.last()).is_some_and(|last| continues(*last, comment, source));
        match blocks.last_mut().filter(|_| joins) {
            Some(block) => block.push(comment),
            None => blocks.push(vec![comment]),
        }
    }
    blocks
}

fn continues(last: Node<'_>, next: Node<'_>, source: &str) -> bool {
    let (before, after) = (last.start_position(), next.start_position());
    before.row + 1 == after.row
        && before.column == after.column
        && is_line_comment(last, source)
        && is_line_comment(next, source)
        && is_alone(last, source)
}

/// Returns whether a comment ends with its line: `#` and `//`.
pub fn is_line_comment(comment: Node<'_>, source: &str) -> bool {
    let text = text(comment, source);
    text.starts_with('#') || text.starts_with("//")
}

/// Returns whether nothing but space stands before a comment on its line.
pub fn is_alone(comment: Node<'_>, source: &str) -> bool {
    let start = comment.start_byte();
    let line = source.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    source.get(line..start).is_some_and(|before| before.trim().is_empty())
}

/// Returns what a line comment says, without its mark and one space; the rest of the indentation stays.
pub fn words<'s>(comment: Node<'_>, source: &'s str) -> &'s str {
    let text = text(comment, source);
    let inner = text.strip_prefix("//").or_else(|| text.strip_prefix('#')).unwrap_or(text);
    inner.strip_prefix(' ').unwrap_or(inner).trim_end()
}

/// Returns whether the line before code says that an example or an explanation follows.
pub fn announces_example(line: &str) -> bool {
    const WORDS: [&str; 19] = [
        "example",
        "e.g.",
        "i.e.",
        "usage",
        "for instance",
        "such as",
        "like this",
        "equivalent",
        "same as",
        "instead of",
        "format",
        "looks like",
        "sample",
        "snippet",
        "generates",
        "produces",
        "becomes",
        "uncomment",
        "means",
    ];
    let lower = line.to_ascii_lowercase();
    lower.trim_end().ends_with(':') || WORDS.iter().any(|word| lower.contains(word))
}
