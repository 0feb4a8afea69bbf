//! Catalogues: the files that hold the texts of one language, flattened to dotted keys.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_syntax::node::{children, descendants, field, parts, range, text};
use arrears_syntax::script::unwrapped;
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

use super::json::{self, MOST_LEVELS};
use super::language::{is_code, words};

/// One text of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The keys from the outermost to its own, joined by dots.
    pub key: String,
    /// Where its own key stands.
    pub range: TextRange,
    /// What stands between the quotes of the text; `None` where it is a list, a number or anything else.
    pub text: Option<TextRange>,
}

/// The texts that one object of a module holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// The language, where the object stands in a table of languages; else the path tells.
    pub locale: Option<String>,
    /// The texts.
    pub entries: Vec<Entry>,
    /// Whether nothing is spread or computed in.
    pub is_whole: bool,
}

/// What a path says of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// The folder of all languages, with the name that the files share.
    pub set: String,
    /// The language.
    pub locale: &'a str,
    /// What is left: `common` of `locales/en/common.json`.
    pub namespace: &'a str,
}

/// Folders that hold catalogues.
const FOLDERS: &[&str] = &[
    "locales",
    "locale",
    "_locales",
    "i18n",
    "lang",
    "langs",
    "language",
    "languages",
    "translations",
    "translation",
    "messages",
    "intl",
    "l10n",
    "localization",
    "dictionaries",
];

/// Returns what a path says, where it is one of a catalogue: `locales/en.json`, `i18n/en/common.ts`, `messages.en.json`.
pub fn place(path: &RelPath) -> Option<Place<'_>> {
    let whole = path.as_str();
    if !matches!(path.extension(), "json" | "ts" | "js" | "mjs" | "tsx") {
        return None;
    }
    let stem = whole.strip_suffix(path.extension())?.strip_suffix('.')?;
    let segments: Vec<&str> = stem.split('/').collect();
    let named = segments.iter().rposition(|it| FOLDERS.iter().any(|folder| it.eq_ignore_ascii_case(folder)));
    let is_test = path
        .folders()
        .any(|it| matches!(it, "tests" | "test" | "__tests__" | "__mocks__" | "fixtures" | "node_modules"));
    if is_test {
        return None;
    }
    let at = segments.iter().enumerate().skip(named.map_or(usize::MAX, |at| at + 1)).find(|(_, it)| is_code(it));
    if let Some((at, locale)) = at {
        let start: usize = segments[..at].iter().map(|it| it.len() + 1).sum();
        let namespace = stem.get(start + locale.len() + 1..).unwrap_or("");
        let set = stem.get(..start.saturating_sub(1)).unwrap_or("").to_owned();
        return Some(Place { set, locale, namespace });
    }
    let file = *segments.last()?;
    let (base, locale) =
        file.rsplit_once(['.', '_']).filter(|(base, locale)| is_code(locale) && is_shared_name(base))?;
    let set = stem.strip_suffix(locale)?.to_owned();
    Some(Place { set, locale, namespace: base })
}

fn is_shared_name(base: &str) -> bool {
    words(base).any(|word| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "translation" | "translations" | "messages" | "strings" | "locale" | "i18n"
        )
    })
}

/// Reads a JSON catalogue; `None` where the text is no object of texts.
pub fn of_json(text: &str) -> Option<Vec<Entry>> {
    let entries = json::read(text)?;
    let texts = entries.iter().filter(|it| it.text.is_some()).count();
    (texts > 0 && texts * 5 >= entries.len() * 3).then_some(entries)
}

/// What a module holds that sets translations up.
const MARKS: &[&str] = &["initReactI18next", "IntlProvider", "createI18n", "new I18n(", "i18next.init", "i18n.init"];

/// Reads the catalogues of a script module: the object that it exports, where its path is one of a catalogue; a table of
/// languages (`resources`, `messages`) in a module that sets translations up.
pub fn of_module(root: Node<'_>, source: &str, path: &RelPath) -> Vec<Texts> {
    let mut found = Vec::new();
    if root.has_error() {
        return found;
    }
    if place(path).is_some() {
        found.extend(exported(root, source).map(|object| lowered(object, source)));
    } else if MARKS.iter().any(|mark| memchr::memmem::find(source.as_bytes(), mark.as_bytes()).is_some()) {
        tables(root, source, &mut found);
    }
    found
}

/// Returns the object that a module exports, by default or else as the only one.
fn exported<'t>(root: Node<'t>, source: &str) -> Option<Node<'t>> {
    let object = |node: Option<Node<'t>>| node.map(unwrapped).filter(|it| it.kind() == "object");
    let mut declared: Vec<(&str, Node<'t>)> = Vec::new();
    let mut exports = Vec::new();
    for statement in parts(root) {
        let declaration =
            if statement.kind() == "export_statement" { field(statement, "declaration") } else { Some(statement) };
        for declarator in declaration.into_iter().flat_map(parts).filter(|it| it.kind() == "variable_declarator") {
            if let (Some(name), Some(value)) = (field(declarator, "name"), object(field(declarator, "value"))) {
                declared.push((text(name, source), value));
                if statement.kind() == "export_statement" {
                    exports.push(value);
                }
            }
        }
        if statement.kind() == "export_statement"
            && let Some(value) = field(statement, "value").map(unwrapped)
        {
            let name = text(value, source);
            let named = || declared.iter().find(|(it, _)| *it == name).map(|(_, value)| *value);
            return if value.kind() == "object" { Some(value) } else { named() };
        }
    }
    match exports.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// Finds `resources: { en: { … }, ne: { … } }` and variables of such a name.
fn tables(root: Node<'_>, source: &str, found: &mut Vec<Texts>) {
    let mut nodes = descendants(root);
    while let Some(node) = nodes.next() {
        let name = match node.kind() {
            "variable_declarator" => field(node, "name"),
            "pair" => field(node, "key"),
            _ => None,
        };
        let is_named = name.is_some_and(|it| matches!(text(it, source), "resources" | "messages" | "translations"));
        let table = field(node, "value").filter(|_| is_named).map(unwrapped).filter(|it| it.kind() == "object");
        let Some(table) = table else { continue };
        nodes.skip_children();
        for pair in parts(table) {
            let Some((key, value)) = pair_of(pair, source).filter(|(key, _)| is_code(key)) else { continue };
            let value = unwrapped(value);
            let texts = if value.kind() == "object" { Some(lowered(value, source)) } else { None };
            // `{ translation: en }` names what other modules hold.
            let texts = texts.filter(|it| it.entries.iter().any(|entry| entry.text.is_some()));
            found.extend(texts.map(|texts| Texts { locale: Some(key.to_owned()), ..texts }));
        }
    }
}

/// Flattens an object.
fn lowered(object: Node<'_>, source: &str) -> Texts {
    let mut texts = Texts { locale: None, entries: Vec::new(), is_whole: true };
    flatten(object, "", source, MOST_LEVELS, &mut texts);
    texts
}

fn flatten(object: Node<'_>, prefix: &str, source: &str, levels: usize, texts: &mut Texts) {
    let Some(levels) = levels.checked_sub(1) else {
        texts.is_whole = false;
        return;
    };
    for pair in parts(object) {
        let Some((key, value)) = pair_of(pair, source) else {
            // `common`, `...common`: other modules of the language, which are read themselves.
            let inner = if pair.kind() == "spread_element" { parts(pair).next() } else { Some(pair) };
            texts.is_whole &=
                inner.is_some_and(|it| matches!(it.kind(), "identifier" | "shorthand_property_identifier"));
            continue;
        };
        let key = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
        let value = unwrapped(value);
        if value.kind() == "object" {
            flatten(value, &key, source, levels, texts);
            continue;
        }
        let is_text = matches!(value.kind(), "string" | "template_string");
        texts.is_whole &= is_text
            || matches!(value.kind(), "array" | "number" | "identifier" | "arrow_function" | "true" | "false" | "null");
        let whole = range(value);
        let inner = TextRange::new(whole.start() + 1, whole.end().saturating_sub(1));
        let range = field(pair, "key").map_or(whole, range);
        texts.entries.push(Entry { key, range, text: is_text.then_some(inner) });
    }
}

/// Returns key and value of a pair whose key is written out.
fn pair_of<'t, 's>(pair: Node<'t>, source: &'s str) -> Option<(&'s str, Node<'t>)> {
    let (key, value) = (field(pair, "key")?, field(pair, "value")?);
    let name = match key.kind() {
        "property_identifier" | "number" => text(key, source),
        "string" => children(key).next().map_or("", |it| text(it, source)),
        _ => return None,
    };
    Some((name, value))
}

#[cfg(test)]
mod tests {
    use arrears_core::source::RelPath;

    use super::place;

    #[track_caller]
    fn check(path: &str, expected: Option<(&str, &str, &str)>) {
        let path = RelPath::new(path);
        let found = place(&path).map(|it| (it.set, it.locale.to_owned(), it.namespace.to_owned()));
        let expected = expected.map(|(set, locale, rest)| (set.to_owned(), locale.to_owned(), rest.to_owned()));
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn a_path_names_language_and_namespace() {
        check("web/locales/en/common.json", Some(("web/locales", "en", "common")));
        check("public/locales/pt-BR/forms/user.json", Some(("public/locales", "pt-BR", "forms/user")));
        check("src/i18n/np.json", Some(("src/i18n", "np", "")));
        check("src/i18n/locales/en.ts", Some(("src/i18n/locales", "en", "")));
        check("app/messages.en.json", Some(("app/messages.", "en", "messages")));
    }

    #[test]
    fn other_files_are_no_catalogues() {
        check("data/countries/in.json", None);
        check("src/lang/index.ts", None);
        check("src/pages/no.ts", None);
        check("tests/locales/en.json", None);
        check("locale/en/LC_MESSAGES/django.po", None);
    }
}
