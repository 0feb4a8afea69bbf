//! Reads command lines of a shell: simple commands, their words, and what joins them.
//!
//! It reads what start scripts and `RUN` instructions are made of. Functions, `case` and arithmetic are not understood;
//! their words come out as words.

use arrears_core::text::TextRange;

/// A program with its arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Simple {
    /// The words, quotes taken off, without redirections and the keywords around: `if`, `then`, `{`.
    pub words: Vec<Word>,
    /// The redirections: `2>/dev/null`.
    pub redirections: Vec<String>,
    /// What follows.
    pub next: Next,
    /// How many groups, loops and conditions are open where that is written.
    pub depth: u32,
}

/// A word of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word without its quotes; variables as they are written.
    pub text: String,
    /// Where it is written, with its quotes.
    pub range: TextRange,
}

/// What follows a command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Next {
    /// `&&`: another one, where this one succeeds.
    And,
    /// `||`: another one, where this one fails.
    Or,
    /// `|`: another one, which reads what this one writes.
    Pipe,
    /// `;`, `&` or a line break: another one.
    Then,
    /// Nothing.
    #[default]
    End,
}

impl Simple {
    /// Returns where the command is written.
    pub fn range(&self) -> TextRange {
        let first = self.words.first().map_or(0, |word| word.range.start());
        TextRange::new(first, self.words.last().map_or(first, |word| word.range.end()))
    }

    /// Returns the program and its arguments: the words after assignments.
    pub fn arguments(&self) -> &[Word] {
        let first = self.words.iter().position(|word| !is_assignment(&word.text)).unwrap_or(self.words.len());
        self.words.get(first..).unwrap_or_default()
    }
}

/// Returns whether a word gives a variable a value: `DEBUG=1`.
pub fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Reads the commands of a text. A backslash at the end of a line joins it with the next; comments between are skipped.
pub fn commands(text: &str) -> Vec<Simple> {
    let mut reader =
        Reader { text, at: 0, found: Vec::new(), current: Simple::default(), word: None, ends: Vec::new(), depth: 0 };
    while let Some(letter) = reader.peek() {
        reader.step(letter);
    }
    reader.finish(Next::End);
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    found: Vec<Simple>,
    current: Simple,
    /// The word that is being read, and where it begins.
    word: Option<(String, usize)>,
    /// The ends of here-documents whose bodies begin at the next line.
    ends: Vec<String>,
    /// How many groups, loops and conditions are open.
    depth: u32,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn step(&mut self, letter: char) {
        match letter {
            '\\' => self.escape(),
            '\n' => {
                self.end_word();
                self.at += 1;
                self.finish(Next::Then);
                self.skip_bodies();
            }
            ' ' | '\t' | '\r' => {
                self.end_word();
                self.at += 1;
            }
            '#' if self.word.is_none() => self.skip_line(),
            '\'' => self.quoted('\''),
            '"' => self.quoted('"'),
            '`' => self.verbatim("`", "`"),
            '$' if self.rest().starts_with("$(") => self.nested('(', ')'),
            '$' if self.rest().starts_with("${") => self.nested('{', '}'),
            '<' | '>' => self.redirection(),
            '&' if self.rest().starts_with("&>") => self.redirection(),
            '&' if self.rest().starts_with("&&") => self.operator(2, Next::And),
            '|' if self.rest().starts_with("||") => self.operator(2, Next::Or),
            '|' => self.operator(1, Next::Pipe),
            '(' => {
                self.operator(1, Next::Then);
                self.depth += 1;
            }
            ')' => {
                self.operator(1, Next::Then);
                self.depth = self.depth.saturating_sub(1);
            }
            ';' | '&' => self.operator(1, Next::Then),
            _ => {
                self.push(letter);
                self.at += letter.len_utf8();
            }
        }
    }

    fn push(&mut self, letter: char) {
        let at = self.at;
        self.word.get_or_insert_with(|| (String::new(), at)).0.push(letter);
    }

    fn escape(&mut self) {
        let rest = self.rest();
        let joined = ["\\\n", "\\\r\n"].into_iter().find(|it| rest.starts_with(it));
        if let Some(joined) = joined {
            self.at += joined.len();
            // A Dockerfile leaves out comments between joined lines.
            while self.rest().trim_start_matches([' ', '\t']).starts_with('#') && self.word.is_none() {
                self.skip_line();
                self.at += usize::from(self.peek() == Some('\n'));
            }
            return;
        }
        self.at += 1;
        match self.peek() {
            Some(letter) => {
                self.at -= 1;
                self.push(letter);
                self.at += 1 + letter.len_utf8();
            }
            None => self.push('\\'),
        }
    }

    fn quoted(&mut self, quote: char) {
        let at = self.at;
        self.word.get_or_insert_with(|| (String::new(), at));
        self.at += 1;
        while let Some(letter) = self.peek() {
            self.at += letter.len_utf8();
            if letter == quote {
                return;
            }
            let next = self.peek();
            let Some((word, _)) = &mut self.word else { return };
            match next {
                Some(next) if letter == '\\' && quote == '"' && matches!(next, '"' | '\\' | '$' | '`' | '\n') => {
                    if next != '\n' {
                        word.push(next);
                    }
                    self.at += next.len_utf8();
                }
                _ => word.push(letter),
            }
        }
    }

    /// Takes a part over as it is written.
    fn verbatim(&mut self, start: &str, end: &str) {
        let rest = self.rest().get(start.len()..).unwrap_or("");
        let length = rest.find(end).map_or(self.rest().len(), |at| start.len() + at + end.len());
        self.take(length);
    }

    fn nested(&mut self, open: char, close: char) {
        let mut depth = 0_u32;
        let end = self.rest().char_indices().find(|(_, letter)| {
            depth += u32::from(*letter == open);
            depth = depth.saturating_sub(u32::from(*letter == close));
            *letter == close && depth == 0
        });
        self.take(end.map_or(self.rest().len(), |(at, letter)| at + letter.len_utf8()));
    }

    fn take(&mut self, length: usize) {
        let at = self.at;
        let part = self.text.get(at..at + length).unwrap_or("");
        self.word.get_or_insert_with(|| (String::new(), at)).0.push_str(part);
        self.at += length.max(1);
    }

    fn redirection(&mut self) {
        let mut redirection = match self.word.take() {
            Some((word, _)) if word.bytes().all(|byte| byte.is_ascii_digit()) => word,
            Some(word) => {
                self.word = Some(word);
                self.end_word();
                String::new()
            }
            None => String::new(),
        };
        let rest = self.rest();
        let marks = rest.len() - rest.trim_start_matches(['<', '>', '&', '|', '-']).len();
        let mark = rest.get(..marks).unwrap_or("").to_owned();
        self.at += marks;
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let rest = self.rest();
        let target = rest.split([' ', '\t', '\n', '\r', ';', '&', '|', ')', '(']).next().unwrap_or("").to_owned();
        self.at += target.len();
        if mark.starts_with("<<") && !mark.starts_with("<<<") {
            self.ends.push(target.trim_matches(['"', '\'', '\\']).to_owned());
        }
        redirection.push_str(&mark);
        redirection.push_str(&target);
        self.current.redirections.push(redirection);
    }

    /// Skips the bodies of here-documents.
    fn skip_bodies(&mut self) {
        for end in std::mem::take(&mut self.ends) {
            while self.at < self.text.len() {
                let line = self.rest().split_inclusive('\n').next().unwrap_or("").to_owned();
                self.at += line.len();
                if line.trim() == end {
                    break;
                }
            }
        }
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn operator(&mut self, length: usize, next: Next) {
        self.end_word();
        self.at += length;
        self.finish(next);
    }

    fn end_word(&mut self) {
        let Some((text, start)) = self.word.take() else { return };
        const AROUND: [&str; 12] =
            ["if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "in", "esac"];
        const ENDS: [&str; 3] = ["fi", "done", "}"];
        const OPENS: [&str; 6] = ["if", "for", "while", "until", "case", "{"];
        const CLOSES: [&str; 4] = ["fi", "done", "esac", "}"];
        let is_first = self.current.words.is_empty();
        if is_first {
            self.depth += u32::from(OPENS.contains(&text.as_str()));
            self.depth = self.depth.saturating_sub(u32::from(CLOSES.contains(&text.as_str())));
        }
        if is_first && (AROUND.contains(&text.as_str()) || ENDS.contains(&text.as_str())) {
            return;
        }
        self.current.words.push(Word { text, range: TextRange::of(start..self.at) });
    }

    fn finish(&mut self, next: Next) {
        self.end_word();
        let mut current = std::mem::take(&mut self.current);
        if current.words.is_empty() {
            // What follows a group follows its last command.
            if let Some(last) = self.found.last_mut().filter(|_| matches!(next, Next::And | Next::Or | Next::Pipe)) {
                (last.next, last.depth) = (next, self.depth);
            }
            return;
        }
        (current.next, current.depth) = (next, self.depth);
        self.found.push(current);
    }
}

#[cfg(test)]
mod tests {
    use super::{Next, commands};

    fn shown(text: &str) -> Vec<(Vec<String>, Next)> {
        let words = |it: &super::Simple| it.words.iter().map(|word| word.text.clone()).collect();
        commands(text).iter().map(|it| (words(it), it.next)).collect()
    }

    fn all(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn commands_are_split_at_operators() {
        let found =
            shown("A=1 python manage.py migrate --noinput 2>/dev/null || true; exec gunicorn -b \"0:$PORT\" x.wsgi");
        let expected = vec![
            (all(&["A=1", "python", "manage.py", "migrate", "--noinput"]), Next::Or),
            (all(&["true"]), Next::Then),
            (all(&["exec", "gunicorn", "-b", "0:$PORT", "x.wsgi"]), Next::End),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn joined_lines_and_the_comments_between_them_are_one_command() {
        let found = shown("apt-get install \\\n  # a comment\n  gcc \\\n  git && rm -rf x");
        assert_eq!(found[0], (all(&["apt-get", "install", "gcc", "git"]), Next::And));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn what_follows_a_group_follows_its_last_command() {
        let found = shown("(pip install x) || true");
        assert_eq!(found, vec![(all(&["pip", "install", "x"]), Next::Or), (all(&["true"]), Next::End)]);
    }

    #[test]
    fn the_depth_of_what_follows_is_that_of_the_operator() {
        let depths = |text: &str| commands(text).iter().map(|it| (it.next, it.depth)).collect::<Vec<_>>();
        let found = depths("a && (b || true) && c || true");
        let expected = [(Next::And, 0), (Next::Or, 1), (Next::And, 0), (Next::Or, 0), (Next::End, 0)];
        assert_eq!(found, expected);
        assert_eq!(depths("if a; then b; fi || c"), [(Next::Then, 1), (Next::Or, 0), (Next::End, 0)]);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "cd /app && \\\n python 'manage.py' é";
        for word in commands(text).iter().flat_map(|it| &it.words) {
            assert_eq!(word.range.slice(text).trim_matches('\''), word.text);
        }
    }

    #[test]
    fn here_documents_are_no_commands() {
        let found = shown("cat <<EOF > x\nrm -rf /\nEOF\nls");
        assert_eq!(found, vec![(all(&["cat"]), Next::Then), (all(&["ls"]), Next::End)]);
    }

    #[test]
    fn text_that_never_ends_does_end() {
        for text in ["'", "\"\\", "$(", "${", "`", "<<", "\\", "((((", "&>", "a\\\n", "\\é", "<<E\n", "#"] {
            let _ = commands(&text.repeat(500));
        }
    }
}
