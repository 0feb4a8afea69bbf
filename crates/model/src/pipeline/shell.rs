//! Scripts of a shell, split into commands with exact places.

use arrears_core::text::TextRange;
use arrears_syntax::document::tree::Item;

/// How many commands of one script are read.
const MOST: usize = 400;

/// A script: its text with a byte for each byte of the file, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The text.
    pub text: String,
    /// Where it begins in the file.
    pub start: usize,
}

/// A command with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program and its arguments, quotes taken off, assignments and words such as `if` left out.
    pub words: Vec<String>,
    /// Where it stands.
    pub range: TextRange,
    /// Whether it stands in a condition: `if`, `while`, `!`.
    pub is_condition: bool,
    /// What takes its failure away: `|| true`, `| tee log`.
    pub mask: Option<Mask>,
}

/// What takes a failure away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// How it is written, without line breaks.
    pub text: String,
    /// Where: from `||` or `|` to the end of what follows.
    pub range: TextRange,
    /// Whether it is a pipe.
    pub is_pipe: bool,
}

impl Script {
    /// Takes a scalar of YAML.
    pub fn of(item: Item<'_>, source: &str) -> Option<Self> {
        item.text()?;
        let range = item.range().to_usize();
        let raw = source.get(range.clone())?;
        let before = source.get(..range.start)?.trim_end_matches([' ', '\n', '\r', '\t']);
        let header = before.rsplit(['\n', ' ']).next().unwrap_or("");
        let is_block = |mark: char| {
            header.strip_prefix(mark).is_some_and(|rest| rest.chars().all(|it| matches!(it, '+' | '-' | '1'..='9')))
        };
        let text = match raw.chars().next() {
            Some(quote @ ('"' | '\'')) if !is_block('|') && !is_block('>') => {
                let inner = raw.get(1..).unwrap_or("").trim_end_matches(quote);
                return Some(Self { text: folded(inner), start: range.start + 1 });
            }
            _ if is_block('|') => raw.replace("\\\n", "  ").replace("\\\r\n", "   "),
            _ => folded(raw),
        };
        Some(Self { text, start: range.start })
    }

    /// Takes a part of a file that is a script itself.
    pub fn plain(text: &str, start: usize) -> Self {
        Self { text: text.replace("\\\r\n", "   ").replace("\\\n", "  "), start }
    }

    /// Splits the script.
    pub fn commands(&self) -> Vec<Command> {
        let tokens = tokens(&self.text);
        let mut commands = group(&tokens, self);
        commands.truncate(MOST);
        commands
    }

    fn range(&self, from: usize, to: usize) -> TextRange {
        TextRange::of(self.start + from..self.start + to)
    }
}

/// Line breaks of a folded scalar are blanks.
fn folded(raw: &str) -> String {
    raw.replace("\\\n", "  ").replace(['\n', '\r'], " ")
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Operator(&'static str),
}

struct Placed {
    token: Token,
    from: usize,
    to: usize,
}

const OPERATORS: [&str; 12] = ["&&", "||", ";;", "|&", "|", ";", "\n", "(", ")", "&>>", "&>", "&"];

fn tokens(text: &str) -> Vec<Placed> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut heredocs: Vec<String> = Vec::new();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        if blank > 0 {
            at += blank;
        } else if rest.starts_with('#') {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some(operator) = OPERATORS.iter().copied().find(|it| rest.starts_with(it)) {
            found.push(Placed { token: Token::Operator(operator), from: at, to: at + operator.len() });
            at += operator.len();
            if operator == "\n" {
                for end in heredocs.drain(..) {
                    at = after_heredoc(text, at, &end);
                }
            }
        } else {
            let (word, length) = word(rest);
            if let Some(end) = heredoc(rest) {
                heredocs.push(end);
            }
            found.push(Placed { token: Token::Word(word), from: at, to: at + length });
            at += length;
        }
    }
    found
}

/// Returns the word that ends the text that `<<WORD` begins.
fn heredoc(rest: &str) -> Option<String> {
    let after = rest.strip_prefix("<<").filter(|it| !it.starts_with('<'))?;
    let after = after.strip_prefix('-').unwrap_or(after).trim_start_matches([' ', '\\']);
    let end: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|it| it.is_alphanumeric() || matches!(it, '_' | '-'))
        .collect();
    (!end.is_empty()).then_some(end)
}

fn after_heredoc(text: &str, from: usize, end: &str) -> usize {
    let mut at = from;
    for line in text.get(from..).unwrap_or("").split_inclusive('\n') {
        at += line.len();
        if line.trim() == end {
            return at - usize::from(line.ends_with('\n'));
        }
    }
    text.len()
}

/// Reads a word: quotes and substitutions hold together what they enclose. Returns it without quotes, and its length.
fn word(rest: &str) -> (String, usize) {
    let mut out = String::new();
    let mut quote: Option<char> = None;
    let mut depth = 0_u32;
    let mut letters = rest.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, it)| *it);
        if letter == '\\' && quote != Some('\'') {
            out.extend(letters.next().map(|(_, it)| it));
            continue;
        }
        if let Some(open) = quote {
            if letter == open {
                quote = None;
            } else {
                out.push(letter);
            }
            continue;
        }
        match letter {
            '"' | '\'' | '`' if depth == 0 => quote = Some(letter),
            '(' if depth > 0 || out.ends_with(['$', '<', '>', '=']) => {
                depth += 1;
                out.push(letter);
            }
            ')' if depth > 0 => {
                depth -= 1;
                out.push(letter);
            }
            '{' if depth == 0 && out.ends_with('$') && next == Some('{') => {
                let length = rest.get(at..).and_then(|it| it.find("}}")).map_or(rest.len() - at, |it| it + 2);
                out.push_str(rest.get(at..at + length).unwrap_or(""));
                while letters.peek().is_some_and(|(it, _)| *it < at + length) {
                    letters.next();
                }
            }
            '&' if depth == 0 && out.ends_with('>') => out.push(letter),
            ' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '(' | ')' if depth == 0 => return (out, at),
            _ => out.push(letter),
        }
    }
    (out, rest.len())
}

/// Words that stand before a command.
const BEFORE: [&str; 9] = ["then", "else", "do", "{", "if", "elif", "while", "until", "!"];
const AFTER: [&str; 4] = ["fi", "done", "}", "esac"];

/// The and-or list that is being read: the commands of it so far, and where it began.
#[derive(Default)]
struct List {
    first: usize,
    /// Where the alternatives began: the operator `||`, and the first command after it.
    or: Option<(usize, usize)>,
    pipe: Option<(usize, usize)>,
}

fn group(tokens: &[Placed], script: &Script) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    let mut list = List::default();
    let mut open: Vec<List> = Vec::new();
    let mut at = 0;
    while let Some(placed) = tokens.get(at) {
        match &placed.token {
            Token::Operator("||") => {
                end_pipe(&mut commands, &mut list, script);
                list.or.get_or_insert((placed.from, commands.len()));
            }
            Token::Operator("|" | "|&") => {
                list.pipe = Some((placed.from, commands.len()));
            }
            Token::Operator("&&") => end_pipe(&mut commands, &mut list, script),
            Token::Operator("(") => open.push(std::mem::replace(&mut list, started(&commands))),
            Token::Operator(")") => {
                end_list(&mut commands, &mut list, script);
                list = open.pop().unwrap_or_else(|| started(&commands));
            }
            Token::Operator(_) => {
                end_list(&mut commands, &mut list, script);
                list = started(&commands);
            }
            Token::Word(_) => {
                let (from, end) = (at, end_of_command(tokens, at));
                at = end;
                match read_command(tokens.get(from..end).unwrap_or(&[]), script) {
                    Read::Command(command) => commands.push(command),
                    Read::Open => open.push(std::mem::replace(&mut list, started(&commands))),
                    Read::Close => {
                        end_list(&mut commands, &mut list, script);
                        list = open.pop().unwrap_or_else(|| started(&commands));
                    }
                    Read::Nothing => {}
                }
                continue;
            }
        }
        at += 1;
    }
    end_list(&mut commands, &mut list, script);
    commands
}

fn started(commands: &[Command]) -> List {
    List { first: commands.len(), or: None, pipe: None }
}

fn end_of_command(tokens: &[Placed], from: usize) -> usize {
    if let Some(Placed { token: Token::Word(word), .. }) = tokens.get(from)
        && (BEFORE.contains(&word.as_str()) && word == "{" || AFTER.contains(&word.as_str()))
    {
        return from + 1;
    }
    let length = tokens.get(from..).unwrap_or(&[]).iter().take_while(|it| matches!(it.token, Token::Word(_))).count();
    from + length.max(1)
}

enum Read {
    Command(Command),
    Open,
    Close,
    Nothing,
}

fn read_command(tokens: &[Placed], script: &Script) -> Read {
    let words: Vec<(&str, usize, usize)> = tokens
        .iter()
        .filter_map(|it| match &it.token {
            Token::Word(word) => Some((word.as_str(), it.from, it.to)),
            Token::Operator(_) => None,
        })
        .collect();
    match words.as_slice() {
        [("{", ..)] => return Read::Open,
        [("}", ..)] => return Read::Close,
        [("fi" | "done" | "esac", ..), ..] => return Read::Nothing,
        _ => {}
    }
    let is_condition = words.iter().any(|(word, ..)| matches!(*word, "if" | "elif" | "while" | "until" | "!"));
    let is_before = |word: &str| BEFORE.contains(&word) || is_assignment(word);
    let skipped = words.iter().take_while(|(word, ..)| is_before(word)).count();
    let words = words.get(skipped..).unwrap_or(&[]);
    let (Some((_, from, _)), Some((_, _, to))) = (words.first(), words.last()) else {
        // An assignment alone is a command that does nothing here; `EXIT=$?` keeps what failed.
        let Some(first) = tokens.first() else { return Read::Nothing };
        let to = tokens.last().map_or(first.to, |it| it.to);
        let range = script.range(first.from, to);
        return Read::Command(Command { words: Vec::new(), range, is_condition, mask: None });
    };
    Read::Command(Command {
        words: words.iter().map(|(word, ..)| (*word).to_owned()).collect(),
        range: script.range(*from, *to),
        is_condition,
        mask: None,
    })
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|it: char| it.is_ascii_digit())
            && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    })
}

/// `pytest | tee log` succeeds whenever `tee` does.
fn end_pipe(commands: &mut [Command], list: &mut List, script: &Script) {
    let Some((from, first)) = list.pipe.take() else { return };
    let Some(last) = commands.get(first) else { return };
    if last.words.first().map(String::as_str) != Some("tee") {
        return;
    }
    let mask = mask_of(script, from, last.range.to_usize().end - script.start, true);
    if let Some(masked) = first.checked_sub(1).and_then(|it| commands.get_mut(it)) {
        masked.mask.get_or_insert(mask);
    }
}

fn end_list(commands: &mut [Command], list: &mut List, script: &Script) {
    end_pipe(commands, list, script);
    let Some((from, first)) = list.or.take() else { return };
    let rest = commands.get(first..).unwrap_or(&[]);
    let Some(last) = rest.last().filter(|_| rest.iter().all(|it| is_harmless(&it.words))) else { return };
    let mask = mask_of(script, from, last.range.to_usize().end - script.start, false);
    for command in commands.get_mut(list.first..first).unwrap_or(&mut []) {
        command.mask = Some(mask.clone());
    }
}

/// Returns whether a command cannot fail and does nothing about a failure.
fn is_harmless(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["true" | ":" | "/bin/true"] | ["exit", "0"] => true,
        ["echo" | "printf", rest @ ..] => !rest.iter().any(|it| it.starts_with('>')),
        _ => false,
    }
}

fn mask_of(script: &Script, from: usize, to: usize, is_pipe: bool) -> Mask {
    let text = script.text.get(from..to).unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
    Mask { text, range: script.range(from, to), is_pipe }
}

#[cfg(test)]
mod tests {
    use super::Script;

    fn masked(text: &str) -> Vec<(String, Option<String>)> {
        let commands = Script::plain(text, 0).commands();
        commands.into_iter().map(|it| (it.words.join(" "), it.mask.map(|it| it.text))).collect()
    }

    #[test]
    fn a_failure_is_masked_for_the_whole_list() {
        let found = masked("cd web && npm test || true\nmake");
        let mask = Some("|| true".to_owned());
        let expected = [("cd web", mask.clone()), ("npm test", mask), ("true", None), ("make", None)];
        assert_eq!(found, expected.map(|(words, mask)| (words.to_owned(), mask)));
    }

    #[test]
    fn what_ends_the_script_or_keeps_the_failure_masks_nothing() {
        for text in
            ["pytest || exit 1", "pytest || { echo bad; exit 1; }", "pytest || EXIT=$?", "x=$(grep a b || true)"]
        {
            assert!(masked(text).iter().all(|(_, mask)| mask.is_none()), "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "FOO=1 pytest -k 'a || b' \\\n  tests || echo \"it failed\" # so what";
        let commands = Script::plain(text, 0).commands();
        let first = commands.first().expect("a command");
        assert_eq!(first.words, ["pytest", "-k", "a || b", "tests"]);
        let mask = first.mask.as_ref().expect("a mask");
        assert_eq!(mask.range.slice(text), "|| echo \"it failed\"");
    }

    #[test]
    fn texts_in_scripts_are_no_commands() {
        let found = masked("cat <<EOF > x\npytest || true\nEOF\nruff check");
        assert_eq!(found.iter().filter(|(words, _)| words.starts_with("pytest")).count(), 0);
        assert_eq!(found.last().map(|it| it.0.as_str()), Some("ruff check"));
    }

    #[test]
    fn groups_are_masked_with_all_that_they_hold() {
        let found = masked("( pytest; ruff ) || true\n{ mypy\n} || :");
        assert_eq!(found.iter().filter(|(_, mask)| mask.is_some()).count(), 3, "{found:?}");
    }

    #[test]
    fn a_pipe_into_tee_takes_the_failure_away() {
        let found = masked("pytest 2>&1 | tee log");
        assert_eq!(found.first().and_then(|it| it.1.as_deref()), Some("| tee log"));
    }
}
