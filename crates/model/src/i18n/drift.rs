//! What a language lacks of the one that it falls back to.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use super::catalogue::Entry;
use super::language::base;
use super::placeholder::names;
use super::translations::{Catalogue, Locale, Set};
use crate::project::ProjectModel;

/// The neighbour of a larger file may be too large to be read, for other letters take more bytes.
const LARGEST_SURE: usize = 80 << 10;

/// Names that a translation may leave out.
const GRAMMAR: &[&str] = &["count", "plural", "s", "n", "num", "number", "suffix", "ordinal"];

/// A language without some keys.
#[derive(Debug, Clone)]
pub struct Drift<'p> {
    /// The file that lacks most of them.
    pub path: &'p RelPath,
    /// Where to say it.
    pub range: TextRange,
    /// The language.
    pub locale: String,
    /// The language that has them.
    pub default: String,
    /// The keys.
    pub keys: Vec<String>,
    /// How many keys the default has.
    pub total: usize,
    /// Whether it is one of many languages and less than half done: translated as volunteers come by.
    pub is_begun: bool,
}

/// A text that leaves other names open than the text it translates.
#[derive(Debug, Clone)]
pub struct Gap<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The text.
    pub range: TextRange,
    /// Its key.
    pub key: String,
    /// The language.
    pub locale: String,
    /// The language of the text that it translates.
    pub default: String,
    /// The names that it lacks.
    pub lacks: Vec<String>,
    /// The names that only it has.
    pub adds: Vec<String>,
    /// The file and the place of the text that it translates.
    pub original: (&'p RelPath, TextRange),
}

/// The texts of a language by namespace and key, the forms of a plural together.
type Texts<'a, 'p> = BTreeMap<(&'a str, &'a str), Vec<(&'a Catalogue<'p>, &'a Entry)>>;

/// Finds the languages that lack keys, and the texts whose open names differ.
pub fn drift<'p>(model: &ProjectModel<'p>) -> (Vec<Drift<'p>>, Vec<Gap<'p>>) {
    let (mut drifts, mut gaps) = (Vec::new(), Vec::new());
    let translations = model.translations();
    for set in &translations.sets {
        let Some(default) = set.default_locale() else { continue };
        let wanted = texts(default);
        for locale in set.locales.values().filter(|it| it.code != default.code) {
            let own = texts(locale);
            for (at, given) in &wanted {
                if let Some(translated) = own.get(at) {
                    gaps.extend(gap(given, translated, (default, locale)));
                }
            }
            if locale.is_whole && default.is_whole && !translations.has_platform && !is_variant(locale, set) {
                let drift = lacking(&wanted, &own, (default, locale));
                drifts.extend(drift.map(|it| Drift { is_begun: is_begun(&it, set), ..it }));
            }
        }
    }
    (drifts, gaps)
}

fn is_begun(drift: &Drift<'_>, set: &Set<'_>) -> bool {
    set.locales.len() > 3 && drift.keys.len() * 2 > drift.total
}

fn texts<'a, 'p>(locale: &'a Locale<'p>) -> Texts<'a, 'p> {
    let mut found = Texts::new();
    for catalogue in &locale.catalogues {
        for entry in catalogue.entries.iter() {
            found.entry((catalogue.namespace.as_str(), singular(&entry.key))).or_default().push((catalogue, entry));
        }
    }
    found
}

/// Returns a key without the form of a plural.
fn singular(key: &str) -> &str {
    let forms = ["zero", "one", "two", "few", "many", "other", "plural"];
    let Some((stem, form)) = key.rsplit_once(['_', '.']).filter(|(_, form)| forms.contains(form)) else { return key };
    if form == "other" && key.ends_with(".other") {
        return key;
    }
    stem.strip_suffix("_ordinal").unwrap_or(stem)
}

/// A variant of a language, such as `pt-BR` beside `pt`, holds only what differs.
fn is_variant(locale: &Locale<'_>, set: &Set<'_>) -> bool {
    let own = base(&locale.code);
    let default = set.default.as_deref().unwrap_or("");
    own.len() < locale.code.len() && set.locales.contains_key(&own) || base(default) == own
}

fn lacking<'p>(
    wanted: &Texts<'_, 'p>,
    own: &Texts<'_, 'p>,
    (default, locale): (&Locale<'p>, &Locale<'p>),
) -> Option<Drift<'p>> {
    let has = |namespace: &str| locale.catalogues.iter().any(|it| it.namespace == namespace);
    let mut by_namespace: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((namespace, key), given) in wanted {
        let is_sure = has(namespace) || given.iter().all(|(it, _)| it.source.text.len() < LARGEST_SURE);
        let is_empty = given.iter().all(|(it, entry)| it.text(entry).is_some_and(|text| text.trim().is_empty()));
        if is_sure && !is_empty && !own.contains_key(&(*namespace, *key)) {
            by_namespace.entry(namespace).or_default().push((*key).to_owned());
        }
    }
    let (worst, _) = by_namespace.iter().max_by_key(|(namespace, keys)| (has(namespace), keys.len()))?;
    let at = locale.catalogues.iter().find(|it| it.namespace == *worst).or_else(|| locale.catalogues.first())?;
    let mut keys = by_namespace.get(worst).cloned().unwrap_or_default();
    keys.extend(by_namespace.iter().filter(|(it, _)| it != &worst).flat_map(|(_, keys)| keys.iter().cloned()));
    Some(Drift {
        path: &at.source.path,
        range: at.head(),
        locale: locale.code.clone(),
        default: default.code.clone(),
        keys,
        total: wanted.len(),
        is_begun: false,
    })
}

fn gap<'p>(
    given: &[(&Catalogue<'p>, &Entry)],
    translated: &[(&Catalogue<'p>, &Entry)],
    (default, locale): (&Locale<'p>, &Locale<'p>),
) -> Option<Gap<'p>> {
    let open = |texts: &[(&Catalogue<'p>, &Entry)]| -> Option<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        for (catalogue, entry) in texts {
            let text = catalogue.text(entry).filter(|it| !it.trim().is_empty())?;
            found.extend(names(text).into_iter().map(str::to_owned));
        }
        Some(found)
    };
    let (wanted, own) = (open(given)?, open(translated)?);
    if wanted == own {
        return None;
    }
    let lacks: Vec<String> = wanted.difference(&own).cloned().collect();
    let adds: Vec<String> = own.difference(&wanted).cloned().collect();
    // A sentence about one thing needs no number, and other languages make plurals without an ending.
    if adds.is_empty() && lacks.iter().all(|name| GRAMMAR.contains(&name.as_str())) {
        return None;
    }
    let (catalogue, entry) = translated.first()?;
    let (original, first) = given.first()?;
    Some(Gap {
        path: &catalogue.source.path,
        range: entry.text.unwrap_or(entry.range),
        key: singular(&entry.key).to_owned(),
        locale: locale.code.clone(),
        default: default.code.clone(),
        lacks,
        adds,
        original: (&original.source.path, first.text.unwrap_or(first.range)),
    })
}
