//! What the languages allow and the grammars do not: mended where that is cheap, else known.
//!
//! Found by comparing the grammars with Python, the TypeScript compiler and Oxc over 18,000 files of real repositories
//! and a list of newer syntax.

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use tree_sitter::{Node, Tree};

use crate::grammar::Grammar;
use crate::parse::parse_again;

/// How often a text is mended before its errors count as real.
const ROUNDS: usize = 4;

/// Parses a text again whose JSX holds bare ampersands, as in `<h1>Terms & Conditions</h1>`.
///
/// The grammar takes each for the start of an entity. Another character of the same length stands in for it, so that
/// all places in the tree are places in the text. `None` where errors remain: then they were none of the ampersands.
pub fn parse_bare_ampersands(source: &str, tree: &Tree) -> Option<Tree> {
    let mut mended = source.as_bytes().to_vec();
    let mut parsed = None;
    for _ in 0..ROUNDS {
        let places = ampersands_in_errors(parsed.as_ref().unwrap_or(tree).root_node(), &mended);
        if places.is_empty() {
            return None;
        }
        for at in places {
            mended[at] = b'+';
        }
        let again = parse_again(Grammar::Tsx, std::str::from_utf8(&mended).ok()?, None);
        if !again.root_node().has_error() {
            return Some(again);
        }
        parsed = Some(again);
    }
    None
}

/// Returns the first run of ampersands in each error.
fn ampersands_in_errors(root: Node<'_>, text: &[u8]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() {
            let bytes = text.get(node.byte_range()).unwrap_or_default();
            if let Some(first) = bytes.iter().position(|byte| *byte == b'&') {
                let run = bytes[first..].iter().take_while(|byte| **byte == b'&').count();
                places.extend(node.start_byte() + first..node.start_byte() + first + run);
            }
        } else if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return places;
            }
        }
    }
}

/// Returns whether an error at a place is the grammar's own.
pub fn is_gap(family: Family, error: TextRange, source: &str) -> bool {
    let start = source.floor_char_boundary(error.start() as usize);
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source[start..].find('\n').map_or(source.len(), |at| start + at);
    let line = &source[line_start..line_end];
    let before = source[line_start..start].trim_end();
    match family {
        Family::Python => is_in_type_parameters(before),
        Family::Script => is_script_gap(error, source, line, before),
    }
}

/// `def first[T = int](rows)`: defaults of type parameters came with Python 3.13.
fn is_in_type_parameters(before: &str) -> bool {
    let declares = ["def ", "class ", "type ", "async def "].iter().any(|word| before.trim_start().starts_with(word));
    declares && before.contains('[') && !before.contains('(')
}

fn is_script_gap(error: TextRange, source: &str, line: &str, before: &str) -> bool {
    // `[key: string]: any` after a member that no separator ends.
    line.trim_start().starts_with('[')
        // `import("./api").Activity[]` as a type.
        || line.contains("import(\"") || line.contains("import('")
        || line.contains("export type *")
        || names_parameter_like_a_type(line)
        || words(before).next_back().is_some_and(is_contextual)
        || words(error.slice(source)).next().is_some_and(is_contextual)
}

/// `(any) => void`: the parameter is called `any`, and the grammar knows the word as a type only.
fn names_parameter_like_a_type(line: &str) -> bool {
    const TYPES: [&str; 8] = ["any", "number", "string", "boolean", "object", "symbol", "unknown", "never"];
    let parameters = |at: usize| line[..at].rfind('(').map_or("", |open| &line[open + 1..at]);
    let arrows = line.match_indices(") =>").chain(line.match_indices(")=>"));
    let mut lists = arrows.map(|(at, _)| parameters(at));
    lists.any(|list| list.split(',').any(|name| TYPES.contains(&name.trim().trim_end_matches('?'))))
}

fn words(line: &str) -> impl DoubleEndedIterator<Item = &str> {
    line.split(|next: char| !next.is_alphanumeric() && next != '_' && next != '$').filter(|word| !word.is_empty())
}

/// Words that are keywords in some places and names in all others.
fn is_contextual(word: &str) -> bool {
    matches!(
        word,
        "abstract"
            | "accessor"
            | "as"
            | "in"
            | "infer"
            | "is"
            | "keyof"
            | "of"
            | "out"
            | "readonly"
            | "satisfies"
            | "using"
    )
}

/// Returns whether the first lines of a text say that its types are Flow's, which the grammars cannot read.
pub fn is_flow(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(1_000)];
    head.lines().take_while(|line| is_comment(line)).any(|line| line.contains("@flow") && !line.contains("@noflow"))
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty()
        || line.starts_with(['/', '*', '#'])
        || line.starts_with("'use strict'")
        || line.starts_with("\"use strict\"")
}

#[cfg(test)]
mod tests {
    use super::is_flow;
    use crate::grammar::Grammar;
    use crate::parse::{first_error, parse};

    fn message(text: &str) -> Option<String> {
        first_error(parse(Grammar::Tsx, text).root_node(), text).map(|error| error.message)
    }

    #[test]
    fn bare_ampersands_in_jsx_are_no_error() {
        let text = "const a = <a href=\"?x=1&y=2\" title=\"R&D\">Terms & Conditions {b && c}\n& more</a>;\n";
        assert_eq!(message(text), None);
    }

    #[test]
    fn an_error_beside_an_ampersand_remains() {
        assert!(message("const a = <h1>Terms & Conditions</h1>;\nfunction (\n").is_some());
    }

    #[test]
    fn flow_is_known_by_its_first_comment() {
        assert!(is_flow("/**\n * @flow strict\n */\n") && !is_flow("// @noflow\n") && !is_flow("let a;\n// @flow\n"));
    }
}
