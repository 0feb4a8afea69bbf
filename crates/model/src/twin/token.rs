//! The tokens of a text as one number, read without a tree.

use arrears_core::source::Family;

/// What stands for a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// The tokens.
    pub hash: u64,
    /// How many lines hold one.
    pub lines: u32,
}

/// What becomes of the names of variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// They count as they are.
    Kept,
    /// Each counts as the place of its first use, so that renaming one throughout changes nothing.
    Numbered,
}

/// How many names are numbered; further ones count as they are.
const MAX_NAMES: usize = 256;

/// Reads the tokens of a text. Spacing, comments, semicolons, commas before a closing bracket and the kind of quotes of
/// a script do not count.
pub fn print(text: &str, family: Family, names: Names) -> Print {
    let reader = Reader { text, bytes: text.as_bytes(), family, at: 0 };
    let mut printer = Printer { hash: START, lines: 0, is_open: false, names, known: Vec::new() };
    printer.run(reader);
    Print { hash: printer.hash, lines: printer.lines }
}

enum Token<'s> {
    NewLine,
    Word(&'s str),
    Text(&'s str),
    Mark(u8),
}

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    family: Family,
    at: usize,
}

impl<'s> Reader<'s> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn next(&mut self) -> Option<Token<'s>> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            let start = self.at;
            match byte {
                b'\n' => {
                    self.at += 1;
                    return Some(Token::NewLine);
                }
                _ if byte.is_ascii_whitespace() => self.at += 1,
                b'#' if self.family == Family::Python => self.skip_line(),
                b'/' if self.family == Family::Script && self.peek(1) == b'/' => self.skip_line(),
                b'/' if self.family == Family::Script && self.peek(1) == b'*' => self.skip_block(),
                b'"' | b'\'' | b'`' => return Some(self.string(byte)),
                _ if is_word(byte) => {
                    while is_word(self.peek(0)) {
                        self.at += 1;
                    }
                    return Some(Token::Word(self.text.get(start..self.at).unwrap_or("")));
                }
                _ => {
                    self.at += 1;
                    return Some(Token::Mark(byte));
                }
            }
        }
    }

    fn skip_line(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| *byte != b'\n') {
            self.at += 1;
        }
    }

    fn skip_block(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
    }

    /// A string, or an apostrophe of prose, which ends with its line.
    fn string(&mut self, quote: u8) -> Token<'s> {
        let is_triple = self.family == Family::Python && self.peek(1) == quote && self.peek(2) == quote;
        self.at += if is_triple { 3 } else { 1 };
        let start = self.at;
        while self.at < self.bytes.len() {
            let byte = self.peek(0);
            let is_end = byte == quote && (!is_triple || self.peek(1) == quote && self.peek(2) == quote);
            if is_end || byte == b'\n' && !is_triple && quote != b'`' {
                break;
            }
            self.at += if byte == b'\\' { 2 } else { 1 };
        }
        self.at = self.at.min(self.bytes.len());
        let inner = self.bytes.get(start..self.at).and_then(|it| str::from_utf8(it).ok()).unwrap_or("");
        if self.peek(0) == quote {
            self.at += if is_triple { 3 } else { 1 };
        }
        Token::Text(inner)
    }
}

struct Printer<'s> {
    hash: u64,
    lines: u32,
    /// Whether the line holds a token already.
    is_open: bool,
    names: Names,
    known: Vec<&'s str>,
}

impl<'s> Printer<'s> {
    fn run(&mut self, mut reader: Reader<'s>) {
        let mut before = 0;
        let mut is_comma_due = false;
        while let Some(token) = reader.next() {
            if matches!(token, Token::NewLine) {
                self.is_open = false;
                continue;
            }
            if matches!(token, Token::Mark(b';')) && reader.family == Family::Script {
                continue;
            }
            if !self.is_open {
                self.is_open = true;
                self.lines += 1;
            }
            if is_comma_due && !matches!(token, Token::Mark(b')' | b']' | b'}')) {
                self.take(b",");
            }
            is_comma_due = false;
            match token {
                Token::Mark(b',') => is_comma_due = true,
                Token::Mark(mark) => self.take(&[mark]),
                Token::Text(inner) => {
                    self.take(b"\"");
                    self.take(inner.as_bytes());
                }
                Token::Word(word) => self.word(word, before, reader.peek(0)),
                Token::NewLine => {}
            }
            before = match token {
                Token::Mark(mark) => mark,
                _ => 0,
            };
        }
    }

    fn word(&mut self, word: &'s str, before: u8, after: u8) {
        let is_variable = self.names == Names::Numbered
            && before != b'.'
            && after != b'('
            && word.starts_with(|first: char| first.is_ascii_lowercase())
            && !KEYWORDS.contains(&word);
        let number = if is_variable { self.number(word) } else { None };
        match number {
            Some(number) => self.take(&[1, number]),
            None => self.take(word.as_bytes()),
        }
    }

    fn number(&mut self, word: &'s str) -> Option<u8> {
        let known = self.known.iter().position(|known| *known == word);
        let at = known.or_else(|| {
            (self.known.len() < MAX_NAMES).then(|| {
                self.known.push(word);
                self.known.len() - 1
            })
        });
        at.and_then(|at| u8::try_from(at).ok())
    }

    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xff]) {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// Words that are no names of variables, or whose meaning is everybody's.
const KEYWORDS: [&str; 71] = [
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "def",
    "default",
    "del",
    "delete",
    "do",
    "elif",
    "else",
    "except",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "global",
    "if",
    "import",
    "in",
    "instanceof",
    "interface",
    "is",
    "lambda",
    "let",
    "match",
    "new",
    "nonlocal",
    "not",
    "null",
    "of",
    "or",
    "pass",
    "raise",
    "return",
    "self",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
    "cls",
    "int",
    "str",
    "float",
    "bool",
    "string",
    "number",
    "boolean",
    "any",
];

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use arrears_core::source::Family;

    use super::{Names, print};

    #[test]
    fn spacing_comments_and_the_last_comma_do_not_count() {
        let left = print("return f(\n    a,  # first\n    'b',\n)\n", Family::Python, Names::Kept);
        let right = print("return f(a, 'b')", Family::Python, Names::Kept);
        assert_eq!((left.hash, left.lines, right.lines), (right.hash, 4, 1));
    }

    #[test]
    fn a_word_in_a_string_counts() {
        let of = |text| print(text, Family::Script, Names::Numbered).hash;
        assert_ne!(of("post('a')"), of("post('b')"));
    }

    #[test]
    fn variables_may_be_renamed_throughout_and_methods_may_not() {
        let of = |text| print(text, Family::Python, Names::Numbered).hash;
        assert_eq!(of("user = load()\nsend(user.pk)"), of("account = load()\nsend(account.pk)"));
        assert_ne!(of("user = load()\nsend(user.pk)"), of("user = load()\nsend(user.id)"));
        assert_ne!(of("a = b\nsend(a, b)"), of("a = b\nsend(b, a)"));
    }

    #[test]
    fn text_that_ends_inside_a_string_ends() {
        for text in ["'", "\"\\", "`${", "'''", "/*", "é'é", "\\"] {
            print(text, Family::Script, Names::Numbered);
            print(text, Family::Python, Names::Numbered);
        }
    }
}
