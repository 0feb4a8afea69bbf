//! Parsing, which never fails, and the one syntax error that a broken file is charged with.

use std::cell::RefCell;

use arrears_core::text::TextRange;
use tree_sitter::{Node, Parser, Tree};

use crate::gaps;
use crate::grammar::Grammar;
use crate::node::{range, text};

thread_local! {
    static PARSERS: RefCell<[Option<Parser>; 3]> = const { RefCell::new([None, None, None]) };
}

/// Parses a text. A broken text yields a tree with error nodes.
pub fn parse(grammar: Grammar, source: &str) -> Tree {
    reparse(grammar, source, None).tree
}

/// A tree to read, and one to parse the next edition of the text with.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// What [`parse`] returns for the text.
    pub tree: Tree,
    /// What the parser made of the text, before gaps of the grammar were mended.
    pub plain: Tree,
}

/// Parses an edited text; `before` is the plain tree of the text before, to which the edits were told.
pub fn reparse(grammar: Grammar, source: &str, before: Option<&Tree>) -> Parsed {
    if grammar == Grammar::Python {
        let tree = parse_again(grammar, &gaps::with_line_feeds(source), before);
        return Parsed { plain: tree.clone(), tree };
    }
    let plain = parse_again(grammar, source, before);
    let mended = if plain.root_node().has_error() { gaps::parse_mended(grammar, source, &plain) } else { None };
    Parsed { tree: mended.unwrap_or_else(|| plain.clone()), plain }
}

/// Parses an edited text, with the tree of the text before, to which the edits were told.
pub fn parse_again(grammar: Grammar, source: &str, before: Option<&Tree>) -> Tree {
    PARSERS.with_borrow_mut(|parsers| {
        let parser = parsers[grammar as usize].get_or_insert_with(|| {
            let mut parser = Parser::new();
            parser.set_language(grammar.language()).expect("the grammars and the library share their ABI version");
            parser
        });
        parser.parse(source, before).expect("a parser with a language and no limit always returns a tree")
    })
}

/// Why a text does not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The first place where the parser had to give up.
    pub range: TextRange,
    /// What it met there.
    pub message: String,
}

/// Returns the first syntax error of a tree.
pub fn first_error(root: Node<'_>, source: &str) -> Option<SyntaxError> {
    if !root.has_error() {
        return None;
    }
    let mut node = root;
    while !node.is_error() && !node.is_missing() {
        node = broken_child(node)?;
    }
    // An error node spans all that was skipped; the sharpest place is its first broken part, or its first line.
    while let Some(inner) = broken_child(node) {
        node = inner;
    }
    Some(describe(node, source))
}

fn broken_child(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.has_error() || child.is_missing())
}

fn describe(node: Node<'_>, source: &str) -> SyntaxError {
    if node.is_missing() {
        let message = format!("syntax error: `{}` is missing", node.kind());
        return SyntaxError { range: range(node), message };
    }
    let first_line = text(node, source).lines().next().unwrap_or("").trim_end();
    let start = range(node).start();
    let length = TextRange::of(0..first_line.len()).end();
    let shown: String = first_line.chars().take(40).collect();
    let message = if shown.is_empty() { "syntax error".to_owned() } else { format!("syntax error at `{shown}`") };
    SyntaxError { range: TextRange::new(start, start.saturating_add(length)), message }
}
