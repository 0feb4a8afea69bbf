//! Reads sections of keys and values: `setup.cfg`, `tox.ini`, `supervisord.conf`, units of systemd.

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// A file of sections.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ini {
    /// The sections, in the order of the file; keys before the first header lie in one without a name.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// What stands between the brackets.
    pub name: String,
    /// Where that is, without the brackets.
    pub range: TextRange,
    /// Its keys.
    pub keys: Vec<Key>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The key.
    pub name: String,
    /// Where it is written.
    pub range: TextRange,
    /// The lines of the value, trimmed, without comments and empty ones, each with its place.
    pub lines: Vec<(String, TextRange)>,
}

impl Ini {
    /// Returns the value of a key of a section, its lines joined by line breaks.
    pub fn get(&self, section: &str, key: &str) -> Option<String> {
        self.key(section, key).map(Key::value)
    }

    /// Returns a key of a section.
    pub fn key(&self, section: &str, key: &str) -> Option<&Key> {
        let sections = self.sections.iter().filter(|it| it.name == section);
        sections.flat_map(|it| &it.keys).find(|it| it.name == key)
    }
}

impl Key {
    /// Returns the value, its lines joined by line breaks.
    pub fn value(&self) -> String {
        self.lines.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// Reads a file of sections. Every text is one; lines that are neither are passed over.
pub fn read(text: &str) -> Ini {
    let mut ini = Ini::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let at = start + (line.len() - line.trim_start().len());
        let range = TextRange::of(at..at + trimmed.len());
        let is_indented = line.starts_with([' ', '\t']);
        start += line.len();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if ini.sections.is_empty() {
            ini.sections.push(Section::default());
        }
        let Some(section) = ini.sections.last_mut() else { continue };
        if is_indented && let Some(key) = section.keys.last_mut() {
            key.lines.push((without_comment(trimmed).to_owned(), range));
        } else if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let range = TextRange::of(at + 1..at + 1 + name.len());
            ini.sections.push(Section { name: name.trim().to_owned(), range, keys: Vec::new() });
        } else {
            section.keys.extend(key(trimmed, at));
        }
    }
    ini
}

fn key(line: &str, at: usize) -> Option<Key> {
    let (name, value) = line.split_at(line.find(['=', ':'])?);
    let name = name.trim_end();
    let range = TextRange::of(at..at + name.len());
    let plain = value.get(1..).unwrap_or("");
    let start = at + line.len() - plain.trim_start().len();
    let value = without_comment(plain.trim());
    let lines =
        if value.is_empty() { Vec::new() } else { vec![(value.to_owned(), TextRange::of(start..start + value.len()))] };
    Some(Key { name: name.to_owned(), range, lines })
}

/// Takes a comment behind a value away; one begins with a blank.
fn without_comment(value: &str) -> &str {
    let cut = [" #", " ;", "\t#", "\t;"].iter().filter_map(|mark| value.find(mark)).min();
    cut.map_or(value, |at| value.get(..at).unwrap_or(value)).trim_end()
}
