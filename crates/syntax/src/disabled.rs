//! Code inside comments: which lines of a comment are statements that somebody switched off.

use crate::grammar::Grammar;
use crate::parse::parse;
use crate::proof::weigh;

/// Successive lines of a comment that are code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The first line.
    pub first: usize,
    /// The line after the last one.
    pub end: usize,
    /// Whether a single line of it could be nothing else: an import, an assigned call, a called method.
    pub is_unmistakable: bool,
}

impl Segment {
    /// Returns the number of lines.
    pub fn len(self) -> usize {
        self.end - self.first
    }

    /// Returns whether there is no line.
    pub fn is_empty(self) -> bool {
        self.first == self.end
    }
}

/// Returns the parts of a comment, given line by line without comment marks, that parse as code.
///
/// Lines that cannot be code are told by their looks, so that prose is never parsed.
pub fn segments(lines: &[&str], grammar: Grammar) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let end = at + run_length(&lines[at..], grammar);
        if end == at {
            at += 1;
            continue;
        }
        match longest(&lines[at..end], grammar) {
            Some((length, is_unmistakable)) => {
                found.push(Segment { first: at, end: at + length, is_unmistakable });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Returns how many lines from the first on could be code, brackets that are open counted in.
fn run_length(lines: &[&str], grammar: Grammar) -> usize {
    let mut depth = 0_i32;
    let mut length = 0;
    for (at, line) in lines.iter().enumerate() {
        let is_blank = line.trim().is_empty();
        // A comment that was there before the code around it became one.
        let is_neutral = is_blank || is_comment(line, grammar);
        if depth <= 0 && (is_neutral && at == 0 || !is_neutral && !looks_like_code(line, grammar)) {
            break;
        }
        depth += brackets(line);
        if !is_neutral {
            length = at + 1;
        }
    }
    length
}

/// Returns the length of the longest part from the first line on that parses, trying few.
fn longest(lines: &[&str], grammar: Grammar) -> Option<(usize, bool)> {
    const TRIES: usize = 6;
    let mut tries = 0;
    for length in (1..=lines.len()).rev().filter(|length| !lines[length - 1].trim().is_empty()) {
        if let Some(is_unmistakable) = code_of(&lines[..length], grammar) {
            return Some((length, is_unmistakable));
        }
        tries += 1;
        if tries == TRIES {
            break;
        }
    }
    None
}

fn is_comment(line: &str, grammar: Grammar) -> bool {
    line.trim_start().starts_with(if grammar == Grammar::Python { "#" } else { "//" })
}

fn brackets(line: &str) -> i32 {
    let (mut depth, mut quote) = (0, None);
    for byte in line.bytes() {
        match (byte, quote) {
            (b'"' | b'\'' | b'`', None) => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            (b'(' | b'[' | b'{', None) => depth += 1,
            (b')' | b']' | b'}', None) => depth -= 1,
            (b'#', None) => break,
            _ => {}
        }
    }
    depth
}

/// Returns whether a line could be code, by its looks.
fn looks_like_code(line: &str, grammar: Grammar) -> bool {
    let mark = if grammar == Grammar::Python { " #" } else { " //" };
    let line = line.split(mark).next().unwrap_or(line).trim();
    let first = line.split(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | '.' | '$'))).next().unwrap_or("");
    let rest = line[first.len()..].trim_start();
    if is_directive(first) || line.starts_with("http") {
        return false;
    }
    let by_end = line.ends_with(['(', '[', '{', ')', ']', '}', ',', ';', ':', '>', '\'', '"', '\\']);
    let is_closing = line.starts_with([')', ']', '}', '@', '<', '"', '\'', '*', '{', '[', '(', '.']);
    if first.is_empty() {
        return is_closing && (by_end || line.starts_with('@'));
    }
    let is_attached = line[first.len()..].starts_with(['(', '[', '=']);
    let assigns =
        ["=", "+=", "-=", "|=", ":=", "*="].iter().any(|mark| rest.starts_with(mark)) && !rest.starts_with("==");
    is_attached || assigns || is_keyword_line(first, rest, line, grammar) || is_entry(rest, line)
}

/// `name: str = "x"`, `key: value,`
fn is_entry(rest: &str, line: &str) -> bool {
    rest.starts_with(':') && (line.contains('=') || line.ends_with([',', '{', '[', '(', ';']))
}

fn is_keyword_line(first: &str, rest: &str, line: &str, grammar: Grammar) -> bool {
    let head = first.split('.').next().unwrap_or(first);
    if grammar == Grammar::Python {
        return match head {
            "import" => !rest.is_empty() && rest.split([',', '.']).all(|it| it.trim().split(' ').count() <= 3),
            "from" => rest.contains(" import "),
            "def" | "class" | "if" | "elif" | "for" | "while" | "with" | "except" | "async" => line.contains(':'),
            "else" | "try" | "finally" => rest.starts_with(':'),
            "return" | "raise" | "await" | "yield" | "del" | "assert" => !rest.contains(". ") && !line.ends_with('.'),
            "pass" | "continue" | "break" => rest.is_empty(),
            _ => false,
        };
    }
    match head {
        "import" => line.contains(['\'', '"', '{', '*']),
        "export" => {
            rest.starts_with(['{', '*'])
                || ["const ", "default ", "function ", "class ", "type ", "interface "]
                    .iter()
                    .any(|it| rest.starts_with(it))
        }
        "const" | "let" | "var" => line.contains('='),
        "return" | "throw" | "await" | "yield" | "case" => line.ends_with([';', '(', '{', ')', ':', ',']),
        "if" | "for" | "while" | "switch" | "catch" => rest.starts_with('('),
        "function" | "async" | "class" | "interface" | "try" | "else" | "finally" | "do" | "type" | "default" => {
            line.ends_with(['{', '(', ';', ':'])
        }
        _ => line.ends_with(';') && !rest.contains(". "),
    }
}

/// Words that begin a message to a tool.
fn is_directive(first: &str) -> bool {
    const WORDS: [&str; 24] = [
        "type",
        "noqa",
        "pylint",
        "mypy",
        "pyright",
        "fmt",
        "isort",
        "flake8",
        "ruff",
        "pragma",
        "nosec",
        "vim",
        "eslint",
        "eslint-disable",
        "prettier",
        "prettier-ignore",
        "istanbul",
        "webpack",
        "webpackChunkName",
        "arrears",
        "todo",
        "region",
        "endregion",
        "coding",
    ];
    let lower = first.to_ascii_lowercase();
    WORDS.contains(&lower.as_str())
}

/// Returns whether the lines are code, and whether they could be nothing else.
fn code_of(lines: &[&str], grammar: Grammar) -> Option<bool> {
    let indent = lines.iter().filter(|it| !it.trim().is_empty()).map(|it| it.len() - it.trim_start().len()).min()?;
    let body: String = lines.iter().flat_map(|it| [it.get(indent..).unwrap_or(""), "\n"]).collect();
    wrappings(&body, grammar).into_iter().find_map(|(before, after)| {
        let source = format!("{before}{body}{after}");
        let tree = parse(grammar, &source);
        let root = tree.root_node();
        (!root.has_error()).then(|| weigh(root, &source, lines.len(), before, grammar)).flatten()
    })
}

/// Returns what may be put around lines so that a part of a statement parses: a branch, an entry, an element.
fn wrappings(body: &str, grammar: Grammar) -> Vec<(&'static str, &'static str)> {
    let start = body.trim_start();
    let is_entry = body.trim_end().ends_with(',') || start.starts_with(['"', '\'', '*']);
    match grammar {
        Grammar::Python if start.starts_with("el") => vec![("if x:\n    pass\n", "")],
        Grammar::Python if start.starts_with("except") || start.starts_with("finally") => {
            vec![("try:\n    pass\n", "")]
        }
        Grammar::Python if is_entry => vec![("", ""), ("{\n", "}\n"), ("[\n", "]\n")],
        Grammar::Python => vec![("", "")],
        Grammar::Tsx if start.starts_with('<') || start.starts_with('{') => vec![("(<>\n", "</>)\n"), ("", "")],
        Grammar::TypeScript | Grammar::Tsx if is_member(start) => vec![("", ""), ("class X {\n", "}\n")],
        Grammar::TypeScript | Grammar::Tsx if is_entry => vec![("({\n", "})\n"), ("", "")],
        Grammar::TypeScript | Grammar::Tsx => vec![("", "")],
    }
}

/// `setUser(user: User) {`: a method, outside its class.
fn is_member(start: &str) -> bool {
    let first = start.lines().next().unwrap_or("").trim_end();
    first.ends_with('{')
        && first.contains('(')
        && !["if", "for", "while", "switch", "function"].iter().any(|it| first.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::{Segment, segments};
    use crate::grammar::Grammar;

    #[track_caller]
    fn check(grammar: Grammar, comment: &str, expected: &[(usize, usize)]) {
        let lines: Vec<&str> = comment.lines().collect();
        let found: Vec<(usize, usize)> =
            segments(&lines, grammar).iter().map(|Segment { first, end, .. }| (*first, *end)).collect();
        assert_eq!(found, expected, "{comment}");
    }

    #[test]
    fn statements_are_found_between_prose() {
        check(
            Grammar::Python,
            "Recent results, if any\nupdates.append({\n    'type': 'exam',\n})\nuntil then",
            &[(1, 4)],
        );
        check(Grammar::Python, "from shop import tasks\nfrom shop import models", &[(0, 2)]);
        check(Grammar::Python, "else:\n    order.cancel()", &[(0, 2)]);
        check(Grammar::Python, "\"RENDERERS\": [\n\"json\",\n],", &[(0, 3)]);
    }

    #[test]
    fn prose_is_no_code() {
        check(Grammar::Python, "Task (required)", &[]);
        check(Grammar::Python, "return early, the order is paid", &[]);
        check(Grammar::Python, "Note: the order\nis paid", &[]);
        check(Grammar::Tsx, "TODO: sort()", &[]);
    }

    #[test]
    fn elements_and_declarations_are_code() {
        check(Grammar::Tsx, "<Button onClick={save}>Save</Button>", &[(0, 1)]);
        check(Grammar::Tsx, "const total = sum(lines);\nrender(total);", &[(0, 2)]);
    }
}
