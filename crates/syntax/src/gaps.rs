//! What the languages allow and the grammars do not: mended where that is cheap, else known.
//!
//! Found by comparing the grammars with Python, the TypeScript compiler and Oxc over 18,000 files of real repositories
//! and a list of newer syntax.

use std::borrow::Cow;
use std::ops::Range;

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use tree_sitter::{Node, Tree};

use crate::grammar::Grammar;
use crate::parse::parse_again;

/// How often a text is mended before its errors count as real.
const ROUNDS: usize = 8;
/// How far the cause of an error may lie before it, in bytes.
const REACH: usize = 2_000;

/// Some bytes, and the byte that stands in for each of them.
type Mend = (Range<usize>, u8);

/// Returns a text with a line feed in place of each carriage return that ends a line alone. Python takes these for line
/// ends; its grammar passes over them, and the line with what follows.
pub fn with_line_feeds(source: &str) -> Cow<'_, str> {
    let is_lone = |at: &usize| source.as_bytes().get(at + 1) != Some(&b'\n');
    let lone: Vec<usize> = source.match_indices('\r').map(|(at, _)| at).filter(is_lone).collect();
    if lone.is_empty() {
        return Cow::Borrowed(source);
    }
    let mut mended = source.as_bytes().to_vec();
    for at in lone {
        mended[at] = b'\n';
    }
    String::from_utf8(mended).map_or(Cow::Borrowed(source), Cow::Owned)
}

/// Parses a text again with stand-ins for what TypeScript and JSX allow and their grammars do not: bare ampersands, as
/// in `<h1>Terms & Conditions</h1>`, and the type arguments of a template, as in ``styled.div<{ open: boolean }>`…` ``.
///
/// The stand-ins have the same length, so that all places in the tree are places in the text. `None` where errors
/// remain: then these were not the cause.
pub fn parse_mended(grammar: Grammar, source: &str, tree: &Tree) -> Option<Tree> {
    let mut mended = source.as_bytes().to_vec();
    let mut parsed = None;
    for _ in 0..ROUNDS {
        let mends = mends(parsed.as_ref().unwrap_or(tree).root_node(), &mended);
        if mends.is_empty() {
            return None;
        }
        for (range, stand_in) in mends {
            mended[range].fill(stand_in);
        }
        let again = parse_again(grammar, std::str::from_utf8(&mended).ok()?, None);
        if !again.root_node().has_error() {
            return Some(again);
        }
        parsed = Some(again);
    }
    None
}

/// Returns a mend for each error that has one.
fn mends(root: Node<'_>, text: &[u8]) -> Vec<Mend> {
    let mut mends = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_missing() && node.kind() == "!" {
            mends.extend(type_arguments_before(node.start_byte(), text).map(|range| (range, b' ')));
        } else if node.is_error() {
            let ampersands =
                ampersands_in(node.byte_range(), text).or_else(|| ampersand_before(node.start_byte(), text));
            mends.extend(ampersands.map(|range| (range, b'+')));
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return mends;
            }
        }
    }
}

/// Returns the first run of ampersands in an error that starts no entity.
fn ampersands_in(error: Range<usize>, text: &[u8]) -> Option<Range<usize>> {
    let start = error.clone().find(|at| text[*at] == b'&' && !starts_entity(&text[*at..]))?;
    let end = (start..error.end).find(|at| text[*at] != b'&').unwrap_or(error.end);
    Some(start..end)
}

/// Returns the last ampersand before an error that neither starts an entity nor is part of `&&`.
fn ampersand_before(error: usize, text: &[u8]) -> Option<Range<usize>> {
    let is_lone = |at: &usize| {
        let neighbours = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let is_operator = neighbours.filter_map(|at| text.get(at)).any(|byte| matches!(byte, b'&' | b'='));
        text[*at] == b'&' && !is_operator && !starts_entity(&text[*at..])
    };
    let at = (error.saturating_sub(REACH)..error.min(text.len())).rev().find(is_lone)?;
    Some(at..at + 1)
}

/// `&quot;`, `&#39;`
fn starts_entity(text: &[u8]) -> bool {
    let name = text.iter().skip(1).take(10).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    name > 0 && text.get(name + 1) == Some(&b';')
}

/// Returns the `<…>` that ends before a template, where the grammar misses an operator.
fn type_arguments_before(place: usize, text: &[u8]) -> Option<Range<usize>> {
    let end = text.get(..place)?.iter().rposition(|byte| !byte.is_ascii_whitespace())?;
    if text[end] != b'>' || text[end + 1..].iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'`') {
        return None;
    }
    let mut depth = 0_u32;
    for at in (end.saturating_sub(REACH)..=end).rev() {
        match text[at] {
            b'>' if at == 0 || text[at - 1] != b'=' => depth += 1,
            b'<' if depth == 1 => return Some(at..end + 1),
            b'<' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Returns whether an error at a place is the grammar's own.
pub fn is_gap(family: Family, error: TextRange, source: &str) -> bool {
    let start = source.floor_char_boundary(error.start() as usize);
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source[start..].find('\n').map_or(source.len(), |at| start + at);
    let line = &source[line_start..line_end];
    let before = source[line_start..start].trim_end();
    let above = source[..line_start].rmatch_indices('\n').nth(2).map_or(0, |(at, _)| at + 1);
    match family {
        Family::Python => is_in_type_parameters(before),
        Family::Script => is_script_gap(error.slice(source), &source[above..line_end], line, before),
    }
}

/// `def first[T = int](rows)`: defaults of type parameters came with Python 3.13.
fn is_in_type_parameters(before: &str) -> bool {
    let declares = ["def ", "class ", "type ", "async def "].iter().any(|word| before.trim_start().starts_with(word));
    declares && before.contains('[') && !before.contains('(')
}

/// Looks at an error, its line, the part of the line before it, and the line with the two above it.
fn is_script_gap(error: &str, near: &str, line: &str, before: &str) -> bool {
    // `[key: string]: any` after a member that no separator ends.
    line.trim_start().starts_with('[')
        // `import("./api").Activity[]` as a type.
        || near.contains("import(")
        || line.contains("export type *")
        || names_parameter_like_a_type(line)
        || words(before).next_back().is_some_and(is_contextual)
        || words(error).next().is_some_and(is_contextual)
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
    fn carriage_returns_end_lines_of_python() {
        for text in [
            "def f():\r    try:\r        g()\r    except:\r        pass\r",
            "# total\r\ntry:\n    f() # \r\rfinally: pass",
        ] {
            let tree = parse(Grammar::Python, text);
            assert_eq!(first_error(tree.root_node(), text), None);
            assert!(tree.root_node().to_sexp().contains("try_statement"));
        }
    }

    #[test]
    fn bare_ampersands_in_jsx_are_no_error() {
        let text = "const a = <a href=\"?x=1&y=2\" title=\"R&D\">Terms & Conditions {b && c}\n& more</a>;\n";
        assert_eq!(message(text), None);
    }

    #[test]
    fn the_type_arguments_of_a_template_are_no_error() {
        let text =
            "const Tab = styled(Flex)<{ open: boolean; on: () => void }>`\n  color: ${({ open }) => open};\n`;\n";
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
