//! The tokens of a template, as `({%.*?%}|{{.*?}}|{#.*?#})` finds them, and the words of a tag.

use arrears_core::text::TextRange;

/// A variable or a tag. Comments of both kinds and what is verbatim are gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    /// What stands between the marks, without space around it.
    pub(super) content: Word<'t>,
    /// The marks included.
    pub(super) range: TextRange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Variable,
    Tag,
}

/// A part of the text, and where it begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl<'t> Word<'t> {
    pub(super) fn trim(self) -> Self {
        let text = self.text.trim_start();
        Self { text: text.trim_end(), start: self.start + self.text.len() - text.len() }
    }

    /// Takes the text from a byte of it on.
    pub(super) fn from(self, at: usize) -> Self {
        Self { text: self.text.get(at..).unwrap_or(""), start: self.start + at }
    }
}

/// Reads the tokens; says also whether a `{% comment %}` or `{% verbatim %}` has no end.
pub(super) fn tokens(text: &str) -> (Vec<Token<'_>>, bool) {
    let mut marks = Marks::new(text);
    let mut tokens = Vec::new();
    let mut verbatim: Option<String> = None;
    let mut in_comment = false;
    while let Some((mark, range)) = marks.next() {
        let content = Word { text: &text[range.start + 2..range.end - 2], start: range.start + 2 }.trim();
        if let Some(end) = &verbatim {
            if mark == b'%' && content.text == end {
                verbatim = None;
            }
            continue;
        }
        let kind = match mark {
            b'%' => Kind::Tag,
            b'{' => Kind::Variable,
            _ => continue,
        };
        if kind == Kind::Tag && (content.text == "verbatim" || content.text.starts_with("verbatim ")) {
            verbatim = Some(format!("end{}", content.text));
        } else if in_comment {
            in_comment = !(kind == Kind::Tag && content.text == "endcomment");
        } else if kind == Kind::Tag && name(content.text) == "comment" {
            in_comment = true;
        } else {
            tokens.push(Token { kind, content, range: TextRange::of(range) });
        }
    }
    (tokens, in_comment || verbatim.is_some())
}

/// Returns the first word of a tag.
pub(super) fn name(content: &str) -> &str {
    content.split_whitespace().next().unwrap_or("")
}

/// Splits a tag at its spaces, but for those in strings.
pub(super) fn words(content: Word<'_>) -> Vec<Word<'_>> {
    let text = content.text;
    let mut found = Vec::new();
    // A quote that is once seen to have no partner has none later either.
    let mut unpaired: [bool; 2] = [false; 2];
    let mut start = None;
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        if next.is_whitespace() {
            found.extend(start.take().map(|from| Word { text: &text[from..at], start: content.start + from }));
            at += next.len_utf8();
            continue;
        }
        start.get_or_insert(at);
        let quote = match next {
            '"' => 0,
            '\'' => 1,
            _ => 2,
        };
        match unpaired.get(quote) {
            Some(false) => match string_end(&text.as_bytes()[at..]) {
                Some(len) => at += len,
                None => {
                    unpaired[quote] = true;
                    at += 1;
                }
            },
            Some(true) | None => at += next.len_utf8(),
        }
    }
    found.extend(start.map(|from| Word { text: &text[from..], start: content.start + from }));
    found
}

/// Returns the length of the string that begins a text, quotes included.
pub(super) fn string_end(text: &[u8]) -> Option<usize> {
    let quote = *text.first()?;
    let mut at = 1;
    loop {
        match *text.get(at)? {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The matches of Django's expression, found in one pass: for each kind of mark the next end is remembered.
struct Marks<'t> {
    bytes: &'t [u8],
    at: usize,
    /// Where the next `%}`, `}}` and `#}` stand, and the next line end; the length where there is none.
    ends: [usize; 4],
}

impl<'t> Marks<'t> {
    fn new(text: &'t str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, ends: [0; 4] }
    }

    fn next(&mut self) -> Option<(u8, std::ops::Range<usize>)> {
        loop {
            let open = self.at + self.bytes.get(self.at..)?.iter().position(|byte| *byte == b'{')?;
            self.at = open + 1;
            let slot = match self.bytes.get(open + 1)? {
                b'%' => 0,
                b'{' => 1,
                b'#' => 2,
                _ => continue,
            };
            let end = self.end(slot, open + 2);
            if end < self.bytes.len() && end < self.end(3, open + 2) {
                self.at = end + 2;
                return Some((self.bytes[open + 1], open..end + 2));
            }
        }
    }

    /// Returns where an end stands, at `from` or later.
    fn end(&mut self, slot: usize, from: usize) -> usize {
        if self.ends[slot] >= from {
            return self.ends[slot];
        }
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let found = match slot {
            0 => rest.windows(2).position(|pair| pair == b"%}"),
            1 => rest.windows(2).position(|pair| pair == b"}}"),
            2 => rest.windows(2).position(|pair| pair == b"#}"),
            _ => rest.iter().position(|byte| *byte == b'\n'),
        };
        self.ends[slot] = found.map_or(self.bytes.len(), |found| from + found);
        self.ends[slot]
    }
}
