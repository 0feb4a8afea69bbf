//! What stands in the opening tags.

use arrears_core::text::TextRange;

use super::expression::{expression, is_jinja};
use super::lexer::{Token, Word, words};
use super::{Arg, Binding, FilterExpr};

/// The words of a tag after its name, and what was wrong with those read so far.
pub(super) struct Header<'t> {
    words: Vec<Word<'t>>,
    at: usize,
    pub(super) range: TextRange,
    pub(super) has_errors: bool,
    pub(super) is_jinja: bool,
}

/// What the opening tag of a loop says.
pub(super) struct Loop {
    pub(super) targets: Vec<String>,
    pub(super) iter: FilterExpr,
    pub(super) reversed: bool,
}

impl<'t> Header<'t> {
    pub(super) fn new(token: Token<'t>) -> Self {
        Self { words: words(token.content), at: 1, range: token.range, has_errors: false, is_jinja: false }
    }

    /// Reads a loop; none where its iterable cannot be read.
    pub(super) fn for_loop(&mut self) -> Option<Loop> {
        let at = self.words.iter().position(|word| word.text == "in");
        let Some(at) = at.filter(|at| *at > 1) else {
            self.has_errors = true;
            return None;
        };
        let names = self.words[1..at].iter().flat_map(|word| word.text.split(','));
        let targets = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        self.at = at + 1;
        let iter = self.value()?;
        let reversed = self.peek() == Some("reversed");
        self.at += usize::from(reversed);
        if let Some(rest) = self.next() {
            self.refuse(rest);
        }
        Some(Loop { targets, iter, reversed })
    }

    /// Reads the operands of a condition.
    pub(super) fn condition(&mut self) -> Vec<FilterExpr> {
        const OPERATORS: [&str; 11] = ["and", "or", "not", "in", "is", "==", "!=", "<", ">", "<=", ">="];
        let mut operands = Vec::new();
        while let Some(word) = self.next() {
            if !OPERATORS.contains(&word.text) {
                operands.extend(self.read(word));
            }
        }
        operands
    }

    /// Reads the values up to the end or `as name`.
    pub(super) fn values(&mut self) -> (Vec<FilterExpr>, Option<String>) {
        let as_name = self.as_name();
        let mut values = Vec::new();
        while let Some(word) = self.next() {
            values.extend(self.read(word));
        }
        (values, as_name)
    }

    /// Reads one value.
    pub(super) fn value(&mut self) -> Option<FilterExpr> {
        let Some(word) = self.next() else {
            self.has_errors = true;
            return None;
        };
        self.read(word)
    }

    /// Reads `a=b c=d`, or the old `b as a and d as c`.
    pub(super) fn bindings(&mut self) -> Vec<Binding> {
        let mut found = Vec::new();
        if self.words.get(self.at).is_some_and(|word| keyword(*word).is_some()) {
            while let Some((name, value)) = self.words.get(self.at).and_then(|word| keyword(*word)) {
                self.at += 1;
                found.extend(self.read(value).map(|value| (name.to_owned(), value)));
            }
            return found;
        }
        while self.words.get(self.at + 1).is_some_and(|word| word.text == "as")
            && let (Some(value), Some(name)) = (self.words.get(self.at), self.words.get(self.at + 2))
        {
            let (value, name) = (*value, name.text.to_owned());
            self.at += 3;
            found.extend(self.read(value).map(|value| (name, value)));
            if self.peek() != Some("and") {
                break;
            }
            self.at += 1;
        }
        found
    }

    /// Reads `with …` and `only`, in either order, and returns whether `only` is there.
    pub(super) fn include_options(&mut self) -> (Vec<Binding>, bool) {
        let (mut bindings, mut only) = (Vec::new(), false);
        while let Some(word) = self.next() {
            match word.text {
                "with" => bindings.extend(self.bindings()),
                "only" => only = true,
                _ => self.refuse(word),
            }
        }
        (bindings, only)
    }

    /// Reads `with …`, `count …` and `asvar name`.
    pub(super) fn translation(&mut self) -> (Vec<Binding>, Option<String>) {
        let (mut bindings, mut as_name) = (Vec::new(), None);
        while let Some(word) = self.next() {
            match word.text {
                "with" | "count" => bindings.extend(self.bindings()),
                "asvar" => as_name = self.name(),
                "context" => self.at += 1,
                _ => {}
            }
        }
        (bindings, as_name)
    }

    /// Reads `list by attribute as name`.
    pub(super) fn regroup(&mut self) -> Option<(FilterExpr, Vec<String>, String)> {
        let list = self.value()?;
        let attribute = self.words.get(self.at + 1).and_then(|word| expression(*word));
        let name = self.words.get(self.at + 3).map(|word| word.text.to_owned());
        let by = attribute.as_ref().and_then(|it| it.path()).map(<[String]>::to_vec);
        let is_whole = self.peek() == Some("by") && self.words.get(self.at + 2).is_some_and(|it| it.text == "as");
        self.has_errors |= !is_whole;
        is_whole.then_some((list, by?, name?))
    }

    /// Reads arguments in any order; what is no expression is the tag's own business.
    pub(super) fn arguments(&mut self) -> (Vec<Arg>, Option<String>) {
        let as_name = self.as_name();
        let mut found = Vec::new();
        while let Some(word) = self.next() {
            let (name, value) = match keyword(word) {
                Some((name, value)) => (Some(name.to_owned()), value),
                None => (None, word),
            };
            found.extend(expression(value).map(|value| (name, value)));
        }
        (found, as_name)
    }

    /// Returns the next word as a name.
    pub(super) fn name(&mut self) -> Option<String> {
        let name = self.next().map(|word| word.text.to_owned());
        self.has_errors |= name.is_none();
        name
    }

    /// Returns the next word, if there is one.
    pub(super) fn next(&mut self) -> Option<Word<'t>> {
        let word = self.words.get(self.at).copied();
        self.at += usize::from(word.is_some());
        word
    }

    /// Takes a last `silent` away.
    pub(super) fn drop_silent(&mut self) {
        if self.words.last().is_some_and(|word| word.text == "silent") {
            self.words.pop();
        }
    }

    fn peek(&self) -> Option<&'t str> {
        self.words.get(self.at).map(|word| word.text)
    }

    /// Takes `as name` from the end.
    fn as_name(&mut self) -> Option<String> {
        let last = self.words.len().checked_sub(2).filter(|at| *at >= self.at)?;
        if self.words[last].text != "as" {
            return None;
        }
        let name = self.words[last + 1].text.to_owned();
        self.words.truncate(last);
        Some(name)
    }

    fn read(&mut self, word: Word<'t>) -> Option<FilterExpr> {
        let read = expression(word);
        if read.is_none() {
            self.refuse(word);
        }
        read
    }

    fn refuse(&mut self, word: Word<'t>) {
        self.has_errors = true;
        self.is_jinja |=
            is_jinja(word.text) || matches!(word.text, "if" | "recursive" | "ignore" | "context" | "without");
    }
}

/// Splits `name=value`.
fn keyword(word: Word<'_>) -> Option<(&str, Word<'_>)> {
    let (name, value) = word.text.split_once('=')?;
    let is_name = !name.is_empty() && name.chars().all(|next| next.is_alphanumeric() || next == '_');
    (is_name && !value.is_empty()).then(|| (name, word.from(name.len() + 1)))
}
