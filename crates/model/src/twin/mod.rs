//! Bodies of functions as numbers: what is the same twice has the same number twice.

pub mod token;

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_syntax::node::{parts, range};
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

use token::{Names, print};

/// From how many lines on a body is kept.
pub const MIN_LINES: usize = 6;

/// How many times the text of a file is read at most; functions in functions are read once for each.
const READINGS: usize = 8;

/// The body of a function that is long enough to be worth sharing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The name of the function.
    pub name_range: TextRange,
    /// The statements, without the documentation at their head.
    pub range: TextRange,
    /// Its tokens; spacing and comments do not count.
    pub hash: u64,
    /// How many of its lines hold code.
    pub lines: u32,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// A statement of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Where.
    pub range: TextRange,
    /// Its tokens, whatever its variables are called.
    pub hash: u64,
    /// How many of its lines hold code.
    pub lines: u32,
}

/// Reads the bodies of one file.
pub(crate) struct Reader {
    family: Family,
    budget: usize,
    found: Vec<Body>,
}

impl Reader {
    pub(crate) fn new(family: Family, source: &str) -> Self {
        Self { family, budget: source.len().saturating_mul(READINGS), found: Vec::new() }
    }

    pub(crate) fn finish(self) -> Vec<Body> {
        self.found
    }

    /// Reads the body of a function, unless it is short.
    pub(crate) fn read(&mut self, name_range: TextRange, body: Node<'_>, source: &str) {
        let rows = body.end_position().row - body.start_position().row;
        let size = body.end_byte() - body.start_byte();
        if rows + 1 < MIN_LINES || size > self.budget {
            return;
        }
        self.budget -= size;
        let mut statements: Vec<Node<'_>> = parts(body).collect();
        let is_documentation =
            |node: &Node<'_>| node.kind() == "expression_statement" && parts(*node).all(|it| it.kind() == "string");
        if self.family == Family::Python && statements.first().is_some_and(is_documentation) {
            statements.remove(0);
        }
        let (Some(first), Some(last)) = (statements.first(), statements.last()) else { return };
        let whole = TextRange::new(range(*first).start(), range(*last).end());
        let printed = print(whole.slice(source), self.family, Names::Kept);
        if (printed.lines as usize) < MIN_LINES {
            return;
        }
        let statements = statements
            .into_iter()
            .map(|node| {
                let printed = print(range(node).slice(source), self.family, Names::Numbered);
                Statement { range: range(node), hash: printed.hash, lines: printed.lines }
            })
            .collect();
        self.found.push(Body { name_range, range: whole, hash: printed.hash, lines: printed.lines, statements });
    }
}
