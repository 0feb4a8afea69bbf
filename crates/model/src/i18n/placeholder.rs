//! The names that a text leaves open: `{{name}}`, `{name}`, `{count, plural, …}`, `%{name}`, `%(name)s`.

use std::collections::BTreeSet;

/// How deep messages may be nested.
const MOST_LEVELS: usize = 12;

/// Returns the names that a text leaves open.
pub fn names(text: &str) -> BTreeSet<&str> {
    let mut reader = Reader { text, at: 0, found: BTreeSet::new() };
    if text.contains('{') || text.contains("%(") {
        while reader.at < text.len() {
            reader.message(MOST_LEVELS);
            reader.at += 1;
        }
    }
    reader.found
}

struct Reader<'s> {
    text: &'s str,
    at: usize,
    found: BTreeSet<&'s str>,
}

impl<'s> Reader<'s> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Reads up to the brace that closes a branch, or the end.
    fn message(&mut self, levels: usize) {
        while let Some(byte) = self.peek() {
            match byte {
                b'}' => return,
                b'{' if self.text.as_bytes().get(self.at + 1) == Some(&b'{') => self.double(),
                b'{' => self.argument(levels),
                b'%' if self.text.as_bytes().get(self.at + 1) == Some(&b'(') => {
                    self.at += 2;
                    let name = self.name();
                    self.add(name, self.peek() == Some(b')'));
                }
                _ => self.at += 1,
            }
        }
    }

    /// `{{ name, format }}`, `{{- name}}`.
    fn double(&mut self) {
        self.at += 2;
        let rest = self.text.get(self.at..).unwrap_or("");
        let Some(end) = rest.find("}}") else { return };
        let name = rest.get(..end).unwrap_or("").split(',').next().unwrap_or("");
        let name = name.trim().trim_start_matches('-').trim();
        self.add(name, true);
        self.at += end + 2;
    }

    /// `{name}`, `{name, date, short}`, `{name, plural, one {…} other {…}}`.
    fn argument(&mut self, levels: usize) {
        self.at += 1;
        self.skip_space();
        let name = self.name();
        self.skip_space();
        let next = self.peek();
        self.add(name, matches!(next, Some(b'}' | b',')));
        if next == Some(b',') && !name.is_empty() {
            self.branches(levels);
        }
        if self.peek() == Some(b'}') {
            self.at += 1;
        }
    }

    fn branches(&mut self, levels: usize) {
        while let Some(byte) = self.peek() {
            match byte {
                b'}' => return,
                b'{' => {
                    self.at += 1;
                    if let Some(levels) = levels.checked_sub(1) {
                        self.message(levels);
                    }
                    if self.peek() == Some(b'}') {
                        self.at += 1;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    fn name(&mut self) -> &'s str {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$') || byte >= 0x80)
        {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or("")
    }

    fn add(&mut self, name: &'s str, is_closed: bool) {
        if is_closed && !name.is_empty() {
            self.found.insert(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(names(text).into_iter().collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn names_stand_in_braces() {
        check("Hello {{ name }}, {{count, number}} left", &["count", "name"]);
        check("Hello {name}, since {at, date, short}", &["at", "name"]);
        check("%(count)s of %{total}", &["count", "total"]);
        check("{} and { not one } {", &[]);
    }

    #[test]
    fn the_branches_of_a_plural_are_texts() {
        check("{count, plural, one {item} other {# items of {owner}}} {x}", &["count", "owner", "x"]);
        check("{n, plural, one {{n} day} other {{n} days}}", &["n"]);
        check(&"{a, select, b {".repeat(10_000), &["a"]);
    }
}
