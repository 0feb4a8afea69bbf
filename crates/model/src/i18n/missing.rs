//! Keys that the code asks for and no catalogue of the default language has.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::keys::Key;
use super::translations::package;
use crate::project::ProjectModel;

/// One such key.
#[derive(Debug, Clone)]
pub struct Missing<'p> {
    /// The file that asks.
    pub path: &'p RelPath,
    /// Where it names the key.
    pub range: TextRange,
    /// The key.
    pub key: &'p str,
    /// Whether a text stands beside the key.
    pub has_default: bool,
}

/// The keys of the default language of all sets.
#[derive(Debug, Default)]
pub struct Known {
    keys: BTreeSet<String>,
    /// The language, as it is written.
    pub locale: String,
    /// A file of it.
    pub path: String,
}

impl Known {
    /// Reads the keys; `None` where some catalogue is not read whole, or the keys are the texts themselves.
    pub fn find(model: &ProjectModel<'_>) -> Option<Self> {
        let mut known = Self::default();
        for set in &model.translations().sets {
            let locale = set.default_locale().filter(|it| it.is_whole)?;
            let names = |it: &super::translations::Locale<'_>| -> BTreeSet<String> {
                it.catalogues.iter().map(|it| it.namespace.clone()).collect()
            };
            let own = names(locale);
            // A file that is too large to be read is known by its neighbours of other languages.
            if set.locales.values().any(|it| names(it).iter().any(|name| !own.contains(name))) {
                return None;
            }
            for catalogue in &locale.catalogues {
                if known.path.is_empty() {
                    known.locale.clone_from(&locale.code);
                    known.path = catalogue.source.path.to_string();
                }
                for entry in catalogue.entries.iter() {
                    if let Some((_, rest)) = entry.key.split_once('.').filter(|_| catalogue.is_part) {
                        known.keys.insert(rest.to_owned());
                    }
                    if !catalogue.namespace.is_empty() {
                        known.keys.insert(format!("{}.{}", catalogue.namespace.replace('/', "."), entry.key));
                    }
                    known.keys.insert(entry.key.clone());
                }
            }
        }
        let are_texts = known.keys.iter().filter(|key| key.contains(' ')).count() * 10 > known.keys.len();
        (!known.keys.is_empty() && !are_texts).then_some(known)
    }

    /// Returns the keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }

    /// Returns whether a key is there: itself, with a plural or a context behind it, or as a group of keys.
    pub fn has(&self, key: &str) -> bool {
        let is_there = |key: &str| {
            let starts = |mark: char| {
                let start = format!("{key}{mark}");
                self.keys.range(start.clone()..).next().is_some_and(|it| it.starts_with(&start))
            };
            self.keys.contains(key) || starts('_') || starts('.')
        };
        is_there(key) || key.rsplit_once(':').is_some_and(|(_, rest)| is_there(rest))
    }
}

/// What one package asks for.
#[derive(Default)]
struct Asked<'p> {
    found: BTreeSet<&'p str>,
    lost: BTreeSet<&'p str>,
    missing: Vec<Missing<'p>>,
}

/// Finds the missing keys. Where a package finds less than half of its keys, its catalogues are others than were read.
pub fn missing<'p>(model: &ProjectModel<'p>, known: &Known) -> Vec<Missing<'p>> {
    let mut by_package: BTreeMap<String, Asked<'p>> = BTreeMap::new();
    let exempt = Roles::TEST.union(Roles::STORY).union(Roles::VENDORED).union(Roles::MINIFIED);
    for file in model.files().filter(|file| !file.source.roles.intersects(exempt)) {
        let Some(facts) = file.facts.script().filter(|facts| !facts.keys.is_empty()) else { continue };
        let entry = by_package.entry(package(model, &file.source.path).to_owned()).or_default();
        for used in facts.keys.iter().filter(|it| it.is_bound) {
            let Key::Exact(keys) = &used.key else { continue };
            let Some(key) = keys.first().map(String::as_str) else { continue };
            if keys.iter().any(|it| known.has(it)) {
                entry.found.insert(key);
            } else if is_key(key) {
                let has_default = used.has_default || is_word(key);
                if !has_default {
                    entry.lost.insert(key);
                }
                let (path, range) = (&file.source.path, used.range);
                entry.missing.push(Missing { path, range, key, has_default });
            }
        }
    }
    let trusted = by_package.into_values().filter(|it| it.found.len() >= it.lost.len() && !it.found.is_empty());
    trusted.flat_map(|it| it.missing).collect()
}

/// `Status`, not `status` or `common.status`: shown as it is, a text of the default language.
fn is_word(key: &str) -> bool {
    key.starts_with(char::is_uppercase) && key.chars().skip(1).all(char::is_lowercase)
}

/// Returns whether a text is a key, not the text itself.
fn is_key(text: &str) -> bool {
    text.chars().all(|it| it.is_alphanumeric() || matches!(it, '.' | '_' | '-' | ':' | '/'))
}
