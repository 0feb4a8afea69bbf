//! Texts of another script than Latin that stand in the code of an interface.

use std::collections::BTreeMap;

use arrears_core::source::{RelPath, SourceFile};
use arrears_core::text::TextRange;
use arrears_syntax::node::{ancestors, children, descendants, field, parts, range, text};
use arrears_syntax::script::{call_path, element_name};
use tree_sitter::Node;

use super::choice::{is_chosen, text_of};
use super::language::{is_code, is_name, words};
use super::prose::{foreign_letters, is_prose, script_of};

/// A module that holds more such texts, and no element of JSX, holds data.
const MOST_IN_A_MODULE: usize = 25;
/// What follows more of them tells nothing new.
const MOST_IN_A_FILE: usize = 300;

/// A text that is written into the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The text with its quotes.
    pub range: TextRange,
    /// The text.
    pub text: String,
}

/// Texts in two languages that are given side by side: `title_en="…", title_np="…"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twins {
    /// The second of them.
    pub range: TextRange,
    /// The names of both.
    pub names: [String; 2],
}

/// Returns whether a file holds data or translations by its place: catalogues, seeds, tables.
pub fn is_data(source: &SourceFile) -> bool {
    const FOLDERS: &[&str] = &[
        "locales",
        "locale",
        "i18n",
        "lang",
        "langs",
        "languages",
        "translations",
        "translation",
        "intl",
        "l10n",
        "messages",
        "data",
        "seed",
        "seeds",
        "seeders",
        "mock",
        "mocks",
        "fixtures",
        "fixture",
        "demo",
        "samples",
        "examples",
        "docs",
        "scripts",
        "dictionaries",
    ];
    const STEMS: &[&str] = &[
        "i18n",
        "locale",
        "locales",
        "translations",
        "languages",
        "data",
        "seed",
        "mock",
        "fixtures",
        "emoji",
        "currenc",
        "countr",
        "alphabet",
        "keyboard",
        "unicode",
        "transliterat",
    ];
    let path = &source.path;
    let name = path.file_name().to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or("");
    path.folders().any(|folder| FOLDERS.iter().any(|it| folder.eq_ignore_ascii_case(it)))
        || is_code(stem)
        || STEMS.iter().any(|it| stem.contains(it))
}

/// Returns the texts of a script module that an interface shows and no catalogue holds. A module without elements that
/// has many of them is a table.
pub fn literals(root: Node<'_>, source: &str, has_elements: bool) -> Vec<Literal> {
    let mut found: Vec<(Node<'_>, String)> = Vec::new();
    for node in descendants(root) {
        let whole = match node.kind() {
            "string" | "template_string" if foreign_letters(text(node, source)) >= 2 => text_of(node, source),
            "jsx_text" => Some(text(node, source).trim().to_owned()),
            _ => None,
        };
        let Some(whole) = whole else { continue };
        let least = if node.kind() == "jsx_text" { shortest(&whole).min(3) } else { shortest(&whole) };
        if foreign_letters(&whole) >= least && !is_name(&whole) && !node.has_error() {
            found.push((node, whole));
        }
    }
    if !has_elements && found.len() > MOST_IN_A_MODULE {
        return Vec::new();
    }
    let shown = found.into_iter().take(MOST_IN_A_FILE).filter(|(node, _)| !is_exempt(*node, source));
    shown.map(|(node, text)| Literal { range: trimmed(node, source), text }).collect()
}

/// Returns how many letters make a text of a string: units and signs of currencies are short, words of Chinese too.
fn shortest(text: &str) -> usize {
    if matches!(script_of(text), Some("Chinese" | "Japanese" | "Korean")) { 2 } else { 4 }
}

/// Returns the bytes of a literal without the white space around a text of JSX.
fn trimmed(node: Node<'_>, source: &str) -> TextRange {
    let whole = text(node, source);
    let start = node.start_byte() + (whole.len() - whole.trim_start().len());
    let line = whole.trim().lines().next().unwrap_or("").trim_end();
    if node.kind() == "jsx_text" { TextRange::of(start..start + line.len()) } else { range(node) }
}

/// Texts that are compared, logged, looked up, or stand in a catalogue or a part that says which language it is in.
fn is_exempt(node: Node<'_>, source: &str) -> bool {
    let mut inner = node;
    for it in ancestors(node).take(40) {
        let is_exempt = match it.kind() {
            "pair" => {
                let key = field(it, "key");
                let is_key = key.is_some_and(|key| key.id() == inner.id());
                is_key || key.is_some_and(|key| is_code(text(key, source).trim_matches(['"', '\''])))
            }
            "call_expression" | "new_expression" => is_silent_call(it, source),
            "binary_expression" => field(it, "operator").is_some_and(|it| it.kind().contains("==")),
            "switch_case" => field(it, "value").is_some_and(|value| value.id() == inner.id()),
            "subscript_expression" | "import_statement" | "export_statement" if inner.kind() == "string" => true,
            "literal_type" | "throw_statement" => true,
            "jsx_element" => field(it, "open_tag").is_some_and(|tag| names_language(tag, source)),
            "jsx_self_closing_element" => names_language(it, source),
            "jsx_attribute" => children(it).next().is_some_and(|name| {
                matches!(
                    text(name, source),
                    "key"
                        | "id"
                        | "value"
                        | "className"
                        | "href"
                        | "src"
                        | "lang"
                        | "testID"
                        | "data-testid"
                        | "defaultMessage"
                        | "i18nKey"
                )
            }),
            _ => false,
        };
        if is_exempt {
            return true;
        }
        inner = it;
    }
    is_chosen(node, source)
}

/// Returns whether a tag says which language its content is in, or is a component of translations.
fn names_language(tag: Node<'_>, source: &str) -> bool {
    let has_lang = children(tag)
        .filter(|it| it.kind() == "jsx_attribute")
        .any(|it| children(it).next().is_some_and(|name| matches!(text(name, source), "lang" | "xmlLang")));
    has_lang || element_name(tag, source).is_some_and(|name| matches!(name, "Trans" | "FormattedMessage"))
}

/// Calls whose texts nobody is shown, or that translate them.
fn is_silent_call(call: Node<'_>, source: &str) -> bool {
    const LAST: &[&str] = &[
        "t",
        "$t",
        "tr",
        "translate",
        "formatMessage",
        "defineMessages",
        "defineMessage",
        "i18n",
        "gettext",
        "log",
        "warn",
        "info",
        "debug",
        "error",
        "replace",
        "replaceAll",
        "includes",
        "startsWith",
        "endsWith",
        "indexOf",
        "split",
        "match",
        "test",
        "localeCompare",
        "RegExp",
        "Error",
        "TypeError",
        "has",
        "describe",
        "it",
        "expect",
    ];
    let path = call_path(call, source);
    let (object, last) = path.rsplit_once('.').unwrap_or(("", &path));
    match last {
        // `toast.error("…")` is shown, `console.error` is not.
        "log" | "warn" | "info" | "debug" | "error" => {
            object.is_empty() || object == "console" || object.to_ascii_lowercase().contains("log")
        }
        _ => LAST.contains(&last),
    }
}

/// Returns the calls of a Python module that are given one text in two languages, by the names of their arguments.
pub fn twins(call: Node<'_>, source: &str) -> Option<Twins> {
    let arguments = field(call, "arguments")?;
    let mut known: BTreeMap<String, Vec<(String, Node<'_>)>> = BTreeMap::new();
    for argument in parts(arguments).filter(|it| it.kind() == "keyword_argument") {
        let (Some(name), Some(value)) = (field(argument, "name"), field(argument, "value")) else { continue };
        let name = text(name, source);
        let Some((stem, language)) = name.rsplit_once('_').filter(|(_, language)| is_code(language)) else { continue };
        if text_of(value, source).is_some_and(|it| is_prose(&it)) {
            known.entry(stem.to_owned()).or_default().push((language.to_owned(), argument));
        }
    }
    let pairs = known.into_values().filter_map(|given| {
        let [(_, first), (_, second), ..] = given.as_slice() else { return None };
        Some([field(*first, "name")?, field(*second, "name")?])
    });
    let [first, second] = pairs.min_by_key(|[_, second]| second.start_byte())?;
    Some(Twins { range: range(second), names: [first, second].map(|it| text(it, source).to_owned()) })
}

/// Returns whether a path is one of those where an application fills its database by hand.
pub fn is_filler(path: &RelPath) -> bool {
    path.folders().any(|folder| matches!(folder, "commands" | "migrations" | "fixtures" | "seeds" | "seeders"))
        || words(path.file_name()).any(|word| {
            matches!(word.to_ascii_lowercase().as_str(), "seed" | "populate" | "fixtures" | "demo" | "sample")
        })
}
