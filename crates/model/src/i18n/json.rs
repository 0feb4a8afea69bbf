//! Reads an object of JSON into dotted keys, with the places where they stand.

use arrears_core::text::TextRange;

use super::catalogue::Entry;

/// How deep keys may be nested.
pub(crate) const MOST_LEVELS: usize = 16;

/// Returns the leaves of an object; `None` where the text is anything else.
pub(crate) fn read(text: &str) -> Option<Vec<Entry>> {
    let mut reader = Reader { bytes: text.as_bytes(), text, at: 0, entries: Vec::new() };
    if text.starts_with('\u{feff}') {
        reader.at = 3;
    }
    reader.skip_space();
    if reader.peek()? != b'{' {
        return None;
    }
    reader.object("", MOST_LEVELS)?;
    reader.skip_space();
    (reader.at == reader.bytes.len()).then_some(reader.entries)
}

struct Reader<'s> {
    bytes: &'s [u8],
    text: &'s str,
    at: usize,
    entries: Vec<Entry>,
}

impl<'s> Reader<'s> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        self.skip_space();
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    fn object(&mut self, prefix: &str, levels: usize) -> Option<()> {
        let levels = levels.checked_sub(1)?;
        self.take(b'{')?;
        loop {
            self.skip_space();
            if self.peek()? == b'}' {
                self.at += 1;
                return Some(());
            }
            let start = self.at;
            let key = self.string()?;
            let range = TextRange::of(start..self.at);
            self.take(b':')?;
            self.skip_space();
            let key = unescaped(key.slice(self.text));
            let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
            match self.peek()? {
                b'{' => self.object(&key, levels)?,
                b'"' => {
                    let text = Some(self.string()?);
                    self.entries.push(Entry { key, range, text });
                }
                _ => {
                    self.skip_value()?;
                    self.entries.push(Entry { key, range, text: None });
                }
            }
            self.skip_space();
            if self.peek()? == b',' {
                self.at += 1;
            }
        }
    }

    /// Returns what stands between the quotes.
    fn string(&mut self) -> Option<TextRange> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let range = TextRange::of(start..self.at);
        self.at += 1;
        Some(range)
    }

    /// Passes over a list, a number or a word.
    fn skip_value(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'[' | b'{' => open += 1,
                b']' | b'}' if open > 0 => open -= 1,
                b',' | b'}' | b']' if open == 0 => return Some(()),
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// Escapes in keys are rare; those of quotes and strokes are read, others stay as they are written.
fn unescaped(key: &str) -> String {
    if key.contains('\\') {
        key.replace("\\\"", "\"").replace("\\/", "/").replace("\\\\", "\\")
    } else {
        key.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn keys_are_joined_by_dots() {
        let text = r#"{"a": {"b": "x \" y", "c": ["d", {"e": 1}], "f": 2}, "g.h": "z"}"#;
        let entries = read(text).expect("it is an object");
        let found: Vec<_> = entries.iter().map(|it| (it.key.as_str(), it.text.map(|at| at.slice(text)))).collect();
        assert_eq!(found, [("a.b", Some("x \\\" y")), ("a.c", None), ("a.f", None), ("g.h", Some("z"))]);
    }

    #[test]
    fn what_is_no_object_is_nothing() {
        let deep = "{\"a\":".repeat(100_000);
        for text in ["", "[1]", "{", "{\"a\"", "{\"a\": \"", "{\"a\": \"\\", "{} x", &deep] {
            assert!(read(text).is_none(), "{text:.20}");
        }
    }
}
