//! The catalogues of a repository by set and language, and the language that the others fall back to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{Language, RelPath, Roles, SourceFile};
use arrears_core::text::TextRange;

use super::catalogue::{Entry, of_json, place};
use super::language::{base, is_code};
use crate::project::{ProjectFile, ProjectModel};

/// All catalogues.
#[derive(Debug, Default)]
pub struct Translations<'p> {
    /// The sets, sorted by folder.
    pub sets: Vec<Set<'p>>,
    /// Whether some platform for translators is configured, which owns the files of the other languages.
    pub has_platform: bool,
    /// The folders of packages that ask for texts.
    packages: BTreeSet<String>,
}

/// The catalogues of one folder, or of one table in a module.
#[derive(Debug)]
pub struct Set<'p> {
    /// The folder, or the module.
    pub folder: String,
    /// The languages, by their codes in lower case with `-`.
    pub locales: BTreeMap<String, Locale<'p>>,
    /// The language that the others fall back to, where it is known.
    pub default: Option<String>,
}

/// One language of a set.
#[derive(Debug)]
pub struct Locale<'p> {
    /// The code, as it is written.
    pub code: String,
    /// Its files.
    pub catalogues: Vec<Catalogue<'p>>,
    /// Whether all of them could be read.
    pub is_whole: bool,
}

/// One file of a language, or its part of a table.
#[derive(Debug)]
pub struct Catalogue<'p> {
    /// The file.
    pub source: &'p SourceFile,
    /// The name of the file below the language; empty where the language is one file.
    pub namespace: String,
    /// Its texts.
    pub entries: Cow<'p, [Entry]>,
    /// Whether it is a part of a module that holds more.
    pub is_part: bool,
}

impl Catalogue<'_> {
    /// Returns the text of an entry.
    pub fn text(&self, entry: &Entry) -> Option<&str> {
        entry.text.map(|range| range.slice(&self.source.text))
    }

    /// Returns where a finding about all of it stands.
    pub fn head(&self) -> TextRange {
        let first = self.entries.first().filter(|_| self.is_part).map(|entry| entry.range);
        first.unwrap_or_else(|| TextRange::of(0..self.source.text.lines().next().map_or(0, str::len)))
    }
}

impl<'p> Set<'p> {
    /// Returns the language that the others fall back to.
    pub fn default_locale(&self) -> Option<&Locale<'p>> {
        self.locales.get(self.default.as_ref()?)
    }
}

impl<'p> Translations<'p> {
    /// Finds all catalogues.
    pub fn find(model: &ProjectModel<'p>) -> Self {
        let mut sets: BTreeMap<String, BTreeMap<String, Locale<'p>>> = BTreeMap::new();
        let exempt = Roles::TEST.union(Roles::VENDORED).union(Roles::MINIFIED);
        for file in model.files().filter(|file| !file.source.roles.intersects(exempt)) {
            add(file, &mut sets);
        }
        let wanted = configured(model);
        let sets = sets.into_iter().map(|(folder, locales)| {
            let default = default_of(&locales, &wanted);
            Set { folder, locales, default }
        });
        let sets =
            sets.filter(|set| set.locales.values().any(|it| it.catalogues.iter().any(|it| !it.entries.is_empty())));
        let names = [
            "crowdin.yml",
            "crowdin.yaml",
            "transifex.yml",
            "lokalise.yml",
            ".lokalise.yml",
            "weblate.ini",
            ".phrase.yml",
        ];
        let has_platform = model.files().any(|file| names.contains(&file.source.path.file_name()));
        let packages = model
            .files()
            .filter(|file| file.facts.script().is_some_and(|facts| facts.keys.iter().any(|it| it.is_bound)))
            .filter(|file| !file.source.roles.intersects(exempt))
            .map(|file| package(model, &file.source.path).to_owned())
            .collect();
        Self { sets: sets.collect(), has_platform, packages }
    }

    /// Returns whether the package of a file asks catalogues for its texts.
    pub fn is_asked_in(&self, model: &ProjectModel<'_>, path: &RelPath) -> bool {
        self.packages.contains(package(model, path))
    }
}

/// Returns the nearest folder with a `package.json`.
pub(super) fn package<'a>(model: &ProjectModel<'_>, path: &'a RelPath) -> &'a str {
    let mut folder = path.folder();
    while !folder.is_empty() {
        if model.file(&RelPath::new(&format!("{folder}/package.json"))).is_some() {
            return folder;
        }
        folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    folder
}

fn add<'p>(file: ProjectFile<'p>, sets: &mut BTreeMap<String, BTreeMap<String, Locale<'p>>>) {
    let mut put = |set: String, code: &str, catalogue: Option<Catalogue<'p>>, is_whole: bool| {
        let locales = sets.entry(set).or_default();
        let locale = locales.entry(normal(code)).or_insert_with(|| Locale {
            code: code.to_owned(),
            catalogues: Vec::new(),
            is_whole: true,
        });
        locale.is_whole &= is_whole;
        locale.catalogues.extend(catalogue);
    };
    let source = file.source;
    let catalogue =
        |namespace: &str, entries, is_part| Catalogue { source, namespace: namespace.to_owned(), entries, is_part };
    let place = place(&source.path);
    if source.language == Language::Text {
        if let Some(place) = place {
            let entries = of_json(&source.text);
            let is_whole = entries.is_some();
            let catalogue = entries.map(|it| catalogue(place.namespace, Cow::Owned(it), false));
            put(place.set, place.locale, catalogue, is_whole);
        }
        return;
    }
    let Some(facts) = file.facts.script() else { return };
    match place {
        Some(place) => {
            let is_index = place.namespace == "index" || place.namespace.ends_with("/index");
            for texts in &facts.texts {
                let entries = Cow::Borrowed(texts.entries.as_slice());
                put(place.set.clone(), place.locale, Some(catalogue(place.namespace, entries, false)), texts.is_whole);
            }
            if facts.texts.is_empty() && !is_index && !facts.exports.is_empty() {
                put(place.set, place.locale, None, false);
            }
        }
        None => {
            for texts in &facts.texts {
                let entries = Cow::Borrowed(texts.entries.as_slice());
                let code = texts.locale.as_deref().unwrap_or("");
                put(source.path.as_str().to_owned(), code, Some(catalogue("", entries, true)), texts.is_whole);
            }
        }
    }
}

fn normal(code: &str) -> String {
    code.to_ascii_lowercase().replace('_', "-")
}

/// Returns the languages that the configuration falls back to.
fn configured(model: &ProjectModel<'_>) -> Vec<String> {
    const OPTIONS: &[&str] = &[
        "fallbackLng",
        "defaultLocale",
        "fallbackLocale",
        "defaultLanguage",
        "FALLBACK_LANGUAGE",
        "DEFAULT_LANGUAGE",
        "DEFAULT_LOCALE",
    ];
    let mut found = Vec::new();
    for option in OPTIONS {
        for file in model
            .files_with_word(option)
            .filter(|it| it.facts.script().is_some() && !it.source.roles.contains(Roles::TEST))
        {
            let uses = file.source.text.match_indices(option).take(4);
            found.extend(uses.filter_map(|(at, _)| literal_after(file.source.text.get(at + option.len()..)?)));
        }
    }
    found
}

/// Returns the code of a language that stands right after the name of an option.
fn literal_after(rest: &str) -> Option<String> {
    let line = rest.lines().next().unwrap_or("");
    let at = line.find(['"', '\''])?;
    let is_near = line
        .get(..at)?
        .chars()
        .all(|it| it.is_ascii_alphanumeric() || matches!(it, ':' | '=' | '?' | ' ' | '[' | '{' | '.' | '_'));
    let value = line.get(at + 1..)?.split(['"', '\'']).next()?;
    (is_near && is_code(value)).then(|| normal(value))
}

fn default_of(locales: &BTreeMap<String, Locale<'_>>, wanted: &[String]) -> Option<String> {
    let english = ["en", "en-us", "en-gb"].map(str::to_owned);
    let named = wanted.iter().chain(&english).find(|it| locales.contains_key(*it));
    let only = || locales.keys().next().filter(|_| locales.len() == 1);
    let any_english = || locales.keys().find(|it| base(it) == "en");
    named.or_else(any_english).or_else(only).cloned()
}
