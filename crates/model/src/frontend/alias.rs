//! Aliases that bundlers are given as literals: `resolve.alias` of Vite and webpack, `alias` of Babel, `modules`.

use std::collections::BTreeMap;

use super::files::Files;
use super::paths::{join, upwards};

/// The aliases by the folder that their configuration lies in.
pub(crate) struct Aliases {
    by_folder: BTreeMap<String, Vec<Alias>>,
}

/// One alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alias {
    /// What specifiers start with; empty for a folder that all bare specifiers are looked up in.
    pub(crate) find: String,
    /// The path from the root that it means.
    pub(crate) path: String,
}

impl Aliases {
    pub(crate) fn find(files: &Files<'_>) -> Self {
        let mut by_folder: BTreeMap<String, Vec<Alias>> = BTreeMap::new();
        for file in files.all() {
            let path = &file.source.path;
            let name = path.file_name();
            let is_script = super::is_script(*file);
            let is_of_bundler =
                || ["webpack", "craco", "config-overrides", "rollup"].iter().any(|it| name.starts_with(it));
            let is_among = || path.folder().rsplit('/').next() == Some("webpack");
            let is_config = is_script && (name.contains(".config.") || is_of_bundler() || is_among())
                || name == "babel.config.json";
            let text = &file.source.text;
            if is_config && (text.contains("alias") || text.contains("modules")) {
                let mut found = read(text, path.folder());
                by_folder.entry(path.folder().to_owned()).or_default().append(&mut found);
            }
        }
        Self { by_folder }
    }

    /// Returns the aliases of the configurations around a folder, the innermost first, the longest of each first.
    pub(crate) fn around<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Alias> {
        upwards(folder).flat_map(|folder| self.by_folder.get(folder).into_iter().flatten())
    }
}

impl Alias {
    /// Returns the path that a specifier means by the alias.
    pub(crate) fn mapped(&self, specifier: &str) -> Option<String> {
        if self.find.is_empty() {
            return join(&self.path, specifier);
        }
        let rest = specifier.strip_prefix(self.find.as_str())?;
        let is_part = rest.is_empty() || rest.starts_with('/') || self.find.ends_with('/');
        if is_part { join(&self.path, rest.trim_start_matches('/')) } else { None }
    }
}

/// Returns the texts in a script.
pub(crate) fn texts(text: &str) -> Vec<&str> {
    let texts = tokens(text).into_iter().filter_map(|it| if let Token::Text(text) = it { Some(text) } else { None });
    texts.collect()
}

/// Returns the texts that a configuration gives as `entry` or `input`.
pub(crate) fn entry_texts(text: &str) -> Vec<&str> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_key = matches!(token, Token::Word("entry" | "input" | "entries" | "entryPoints"));
        if is_key && tokens.get(at + 1) == Some(&Token::Mark(':')) {
            found.extend(value_texts(tokens.get(at + 2..).unwrap_or(&[])));
        }
    }
    found
}

/// Returns the specifiers in a script that could not be parsed whole.
pub(crate) fn specifiers(text: &str) -> Vec<&str> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if let Token::Word("from" | "import" | "require") = token {
            let next = if tokens.get(at + 1) == Some(&Token::Mark('(')) { at + 2 } else { at + 1 };
            if let Some(Token::Text(specifier)) = tokens.get(next) {
                found.push(*specifier);
            }
        }
    }
    found
}

/// Reads the aliases in the text of a configuration.
fn read(text: &str, folder: &str) -> Vec<Alias> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let list = || tokens.get(at + 2..).unwrap_or(&[]);
        match (token, tokens.get(at + 1), tokens.get(at + 2)) {
            (Token::Word("alias") | Token::Text("alias"), Some(Token::Mark(':')), Some(Token::Mark('{'))) => {
                read_object(list(), folder, &mut found);
            }
            (Token::Word("alias") | Token::Text("alias"), Some(Token::Mark(':')), Some(Token::Mark('['))) => {
                read_array(list(), folder, &mut found);
            }
            (Token::Word("modules") | Token::Text("root"), Some(Token::Mark(':')), Some(Token::Mark('['))) => {
                for path in value_texts(list()).filter(|it| *it != "node_modules") {
                    found.extend(join(folder, path).map(|path| Alias { find: String::new(), path }));
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|alias| std::cmp::Reverse(alias.find.len()));
    found
}

/// `{ "@": path.resolve(__dirname, "src"), … }`
fn read_object(tokens: &[Token<'_>], folder: &str, found: &mut Vec<Alias>) {
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            Token::Mark('{' | '[' | '(') => depth += 1,
            Token::Mark('}' | ']' | ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            }
            Token::Word(key) | Token::Text(key) if depth == 1 && tokens.get(at) == Some(&Token::Mark(':')) => {
                let value = tokens.get(at + 1..).unwrap_or(&[]);
                found.extend(target(value, folder).map(|path| Alias { find: trimmed(key), path }));
            }
            Token::Word(_) | Token::Text(_) | Token::Mark(_) => {}
        }
    }
}

/// `[{ find: "@", replacement: path.resolve(__dirname, "src") }, …]`
fn read_array(tokens: &[Token<'_>], folder: &str, found: &mut Vec<Alias>) {
    let mut depth = 0_u32;
    let mut find = None;
    for (at, token) in tokens.iter().enumerate() {
        let value = || tokens.get(at + 2..).unwrap_or(&[]);
        match token {
            Token::Mark('{' | '[' | '(') => depth += 1,
            Token::Mark('}' | ']' | ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            }
            Token::Word("find") => find = value_texts(value()).next(),
            Token::Word("replacement") => {
                let key = find.take();
                found.extend(key.zip(target(value(), folder)).map(|(key, path)| Alias { find: trimmed(key), path }));
            }
            Token::Word(_) | Token::Text(_) | Token::Mark(_) => {}
        }
    }
}

fn trimmed(key: &str) -> String {
    key.trim_end_matches('$').trim_end_matches('*').to_owned()
}

/// Joins the texts of a value: `path.resolve(__dirname, "src", "lib")`.
fn target(value: &[Token<'_>], folder: &str) -> Option<String> {
    let texts: Vec<&str> = value_texts(value).collect();
    if texts.is_empty() {
        return None;
    }
    let joined = texts.join("/");
    let path = joined.trim_end_matches('*');
    join(folder, path.strip_prefix('/').unwrap_or(path))
}

/// Returns the texts of one value: up to the comma or bracket that ends it.
fn value_texts<'a, 's>(value: &'a [Token<'s>]) -> impl Iterator<Item = &'s str> + use<'a, 's> {
    let mut depth = 0_i32;
    let own = value.iter().take_while(move |token| {
        match token {
            Token::Mark('{' | '[' | '(') => depth += 1,
            Token::Mark('}' | ']' | ')') => depth -= 1,
            Token::Mark(',') if depth == 0 => return false,
            Token::Word(_) | Token::Text(_) | Token::Mark(_) => {}
        }
        depth >= 0
    });
    own.filter_map(|token| if let Token::Text(text) = token { Some(*text) } else { None })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'s> {
    Word(&'s str),
    Text(&'s str),
    Mark(char),
}

/// Cuts a script into words, texts and marks; comments are left out.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let rest = text.get(at..).unwrap_or("");
        match byte {
            b'/' if rest.starts_with("//") => at += rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => at += rest.find("*/").map_or(rest.len(), |end| end + 2),
            b'"' | b'\'' | b'`' => {
                let inner = rest.get(1..).unwrap_or("");
                let end = inner.find(char::from(byte)).unwrap_or(inner.len());
                found.push(Token::Text(inner.get(..end).unwrap_or("")));
                at += end + 2;
            }
            _ if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') => {
                let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '$');
                let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
                found.push(Token::Word(rest.get(..end).unwrap_or("")));
                at += end.max(1);
            }
            _ => {
                if matches!(byte, b':' | b',' | b'{' | b'}' | b'[' | b']' | b'(' | b')') {
                    found.push(Token::Mark(char::from(byte)));
                }
                at += 1;
            }
        }
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}
