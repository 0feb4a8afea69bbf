//! Keys that nothing asks for.

use std::collections::BTreeSet;

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::catalogue::place;
use super::keys::Key;
use crate::project::{ProjectFile, ProjectModel};

/// One such key.
#[derive(Debug, Clone)]
pub struct Unused<'p> {
    /// The catalogue.
    pub path: &'p RelPath,
    /// Where the key stands.
    pub range: TextRange,
    /// The key.
    pub key: String,
}

/// Finds the keys of the default languages that no code asks for, whose text stands in no other file, and that no key
/// which is put together could mean.
pub fn unused<'p>(model: &ProjectModel<'p>) -> Vec<Unused<'p>> {
    let uses = Uses::find(model);
    let mut found = Vec::new();
    if !uses.is_bound {
        return found;
    }
    for set in &model.translations().sets {
        let Some(locale) = set.default_locale() else { continue };
        for catalogue in &locale.catalogues {
            for entry in catalogue.entries.iter() {
                let shared =
                    entry.key.split_once('.').filter(|_| catalogue.is_part).map_or(entry.key.as_str(), |it| it.1);
                let spaced = [".", ":"].map(|mark| format!("{}{mark}{shared}", catalogue.namespace));
                let is_spaced = !catalogue.namespace.is_empty() && spaced.iter().any(|key| uses.may_mean(key));
                let is_meant = is_spaced || uses.may_mean(shared);
                if !is_meant {
                    found.push(Unused { path: &catalogue.source.path, range: entry.range, key: entry.key.clone() });
                }
            }
        }
    }
    found
}

/// What the code says about keys.
struct Uses<'p> {
    /// Whether a function of a library of translations is called.
    is_bound: bool,
    exact: BTreeSet<&'p str>,
    between: Vec<(&'p str, &'p str)>,
    /// The words in quotes of all files, which may be keys on their way to a call.
    quoted: BTreeSet<&'p str>,
    /// What is put before or behind something: `status.` of `` `status.${name}` `` and `"status." + name`.
    starts: BTreeSet<&'p str>,
}

impl<'p> Uses<'p> {
    fn find(model: &ProjectModel<'p>) -> Self {
        let mut uses = Self {
            is_bound: false,
            exact: BTreeSet::new(),
            between: Vec::new(),
            quoted: BTreeSet::new(),
            starts: BTreeSet::new(),
        };
        for file in model.files().filter(|file| place(&file.source.path).is_none()) {
            for used in file.facts.script().into_iter().flat_map(|facts| &facts.keys) {
                uses.is_bound |= used.is_bound;
                match &used.key {
                    Key::Exact(keys) => uses.exact.extend(keys.iter().map(String::as_str)),
                    Key::Between(start, end) if start.len() + end.len() > 1 => uses.between.push((start, end)),
                    Key::Between(..) | Key::Unknown => {}
                }
            }
            if !file.source.roles.intersects(Roles::VENDORED.union(Roles::MINIFIED)) {
                uses.read_quotes(file);
            }
        }
        uses
    }

    fn read_quotes(&mut self, file: ProjectFile<'p>) {
        let is_part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-' | b':');
        let source = file.source.text.as_bytes();
        let mut at = 0;
        while let Some(found) = memchr::memchr3(b'"', b'\'', b'`', source.get(at..).unwrap_or_default()) {
            let start = at + found + 1;
            let len = source.get(start..).map_or(0, |rest| rest.iter().take_while(|it| is_part(it)).count());
            let word = file.source.text.get(start..start + len).unwrap_or("");
            match source.get(start + len) {
                Some(b'"' | b'\'' | b'`') if word.ends_with(['.', '_', '-']) => drop(self.starts.insert(word)),
                Some(b'"' | b'\'' | b'`') if len > 0 => drop(self.quoted.insert(word)),
                Some(b'$') if len > 1 => drop(self.starts.insert(word)),
                _ => {}
            }
            at = start;
        }
    }

    fn may_mean(&self, key: &str) -> bool {
        let forms = [key, without_form(key)];
        let is_named = |key: &str| {
            let groups = key.match_indices('.').map(|(at, _)| key.get(..at).unwrap_or(""));
            self.exact.contains(key)
                || self.quoted.contains(key)
                || key.split_once('.').is_some_and(|(_, rest)| self.quoted.contains(rest) && rest.contains('.'))
                || groups
                    .clone()
                    .any(|group| self.exact.contains(group) || group.contains('.') && self.quoted.contains(group))
        };
        let is_put_together = |key: &str| {
            let ends = key.match_indices(['.', '_', '-']).map(|(at, _)| key.get(..=at).unwrap_or(""));
            self.between.iter().any(|(start, end)| {
                key.len() >= start.len() + end.len() && key.starts_with(start) && key.ends_with(end)
            }) || ends.clone().any(|start| self.starts.contains(start))
                || self.starts.iter().any(|start| start.len() > 3 && key.starts_with(start))
        };
        forms.iter().any(|key| {
            is_named(key) || is_put_together(key) || key.split_once(':').is_some_and(|(_, key)| is_named(key))
        })
    }
}

/// Returns a key without the form of a plural or a context.
fn without_form(key: &str) -> &str {
    let last = key.rfind('.').map_or(0, |at| at + 1);
    key.rfind('_').filter(|at| *at > last).and_then(|at| key.get(..at)).unwrap_or(key)
}
