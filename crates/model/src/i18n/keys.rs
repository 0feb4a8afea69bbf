//! The keys by which code asks for texts: `t("home.title")`, `<Trans i18nKey>`, `formatMessage({ id })`.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::script::{arguments, called_name, element_name, string_value, unwrapped};
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

/// One place that asks for a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    /// Where the key stands.
    pub range: TextRange,
    /// The key.
    pub key: Key,
    /// Whether a text stands beside the key for the case that no catalogue has it.
    pub has_default: bool,
    /// Whether the function is seen to come from a library of translations.
    pub is_bound: bool,
}

/// A key, as far as it is written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    /// One of these: the key below each prefix that the function may have.
    Exact(Vec<String>),
    /// All that start and end so: `` t(`status.${name}`) ``.
    Between(String, String),
    /// Not known.
    Unknown,
}

/// Collects the uses of a module while its tree is traversed.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    uses: Vec<KeyUse>,
    /// The functions that translate, and the prefix of their keys.
    translators: Vec<(String, Option<String>)>,
}

/// Hooks and functions that return a function that translates.
const SOURCES: &[&str] = &[
    "useTranslation",
    "useTranslations",
    "getTranslations",
    "useI18n",
    "useAppTranslation",
    "getFixedT",
    "getT",
    "useT",
    "serverSideTranslation",
];

/// Returns whether a module may ask for texts.
pub(crate) fn may_ask(source: &str) -> bool {
    const WORDS: &[&str] = &["ranslation", "i18n", "formatMessage", "FormattedMessage", "useT("];
    WORDS.iter().any(|word| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some())
        && memchr::memmem::find(source.as_bytes(), b"lingui").is_none()
}

impl Keys {
    /// `const { t } = useTranslation("ns", { keyPrefix: "a" })`, `const t = useTranslations("Home")`.
    pub(crate) fn declarator(&mut self, name: Node<'_>, value: Node<'_>, source: &str) {
        let value = unwrapped(value);
        let Some(called) = (value.kind() == "call_expression").then(|| called_name(value, source)).flatten() else {
            return;
        };
        if !SOURCES.contains(&called) {
            return;
        }
        let prefix = if called.ends_with("ranslations") {
            arguments(value).next().map(|it| string_value(it, source).map(std::borrow::Cow::into_owned))
        } else {
            arguments(value)
                .find_map(|it| option(it, "keyPrefix", source))
                .map(|it| string_value(it, source).map(std::borrow::Cow::into_owned))
        };
        // A prefix that is computed makes all keys unknown.
        let prefix = prefix.unwrap_or(Some(String::new()));
        match name.kind() {
            "identifier" => self.translators.push((text(name, source).to_owned(), prefix)),
            "array_pattern" => {
                self.translators.extend(parts(name).next().map(|it| (text(it, source).to_owned(), prefix)));
            }
            _ => {
                for part in parts(name) {
                    let (key, local) = (field(part, "key").unwrap_or(part), field(part, "value").unwrap_or(part));
                    if text(key, source) == "t" {
                        self.translators.push((text(local, source).to_owned(), prefix.clone()));
                    }
                }
            }
        }
    }

    pub(crate) fn call(&mut self, call: Node<'_>, source: &str) {
        let Some(function) = field(call, "function") else { return };
        let name = text(function, source);
        let last = name.rsplit('.').next().unwrap_or(name);
        if last == "formatMessage" {
            self.message(call, source);
            return;
        }
        let is_local = self
            .translators
            .iter()
            .any(|(local, _)| local == name || name.strip_suffix(".rich").is_some_and(|it| it == local));
        let is_global = matches!(name, "i18n.t" | "i18next.t");
        let is_unbound = last == "t" && name.len() < 40;
        if !(is_local || is_global || is_unbound) {
            return;
        }
        let mut given = arguments(call);
        let (Some(key), second) = (given.next().map(unwrapped), given.next()) else { return };
        let has_default = second.is_some_and(|it| {
            matches!(it.kind(), "string" | "template_string")
                || option(it, "defaultValue", source).is_some()
                || it.kind() == "identifier"
        });
        let prefixes: Vec<Option<String>> = if is_local {
            self.translators
                .iter()
                .filter(|(local, _)| name.split('.').next() == Some(local))
                .map(|(_, prefix)| prefix.clone())
                .collect()
        } else {
            vec![Some(String::new())]
        };
        self.add(key, &prefixes, has_default, is_local || is_global, source);
    }

    /// `formatMessage({ id: "home.title" })`.
    fn message(&mut self, call: Node<'_>, source: &str) {
        let Some(descriptor) = arguments(call).next().map(unwrapped) else { return };
        let has_default = option(descriptor, "defaultMessage", source).is_some();
        match option(descriptor, "id", source) {
            Some(id) => self.add(id, &[Some(String::new())], has_default, true, source),
            None => self.unknown(descriptor),
        }
    }

    /// `<Trans i18nKey="…">`, `<FormattedMessage id="…">`.
    pub(crate) fn attribute(&mut self, attribute: Node<'_>, source: &str) {
        let name = children(attribute).next().map_or("", |it| text(it, source));
        let tag = match name {
            "i18nKey" => attribute.parent(),
            "id" => attribute.parent().filter(|it| element_name(*it, source) == Some("FormattedMessage")),
            _ => None,
        };
        let (Some(tag), Some(value)) = (tag, children(attribute).nth(1)) else { return };
        let value = if value.kind() == "jsx_expression" { parts(value).next().unwrap_or(value) } else { value };
        let has_default = children(tag).filter(|it| it.kind() == "jsx_attribute").any(|it| {
            children(it).next().is_some_and(|name| matches!(text(name, source), "defaultMessage" | "defaults"))
        });
        let has_default = has_default || name == "i18nKey" && tag.kind() == "jsx_opening_element";
        let has_prefix = self.translators.iter().any(|(_, prefix)| prefix.as_deref() != Some(""));
        let prefixes = if has_prefix { vec![None] } else { vec![Some(String::new())] };
        self.add(unwrapped(value), &prefixes, has_default, true, source);
    }

    fn add(&mut self, key: Node<'_>, prefixes: &[Option<String>], has_default: bool, is_bound: bool, source: &str) {
        if key.kind() == "ternary_expression" {
            for branch in [field(key, "consequence"), field(key, "alternative")].into_iter().flatten() {
                self.add_one(unwrapped(branch), prefixes, has_default, is_bound, source);
            }
        } else {
            self.add_one(key, prefixes, has_default, is_bound, source);
        }
    }

    fn add_one(&mut self, key: Node<'_>, prefixes: &[Option<String>], has_default: bool, is_bound: bool, source: &str) {
        let mut known: Vec<&str> = prefixes.iter().flatten().map(String::as_str).collect();
        known.dedup();
        let joined = |key: &str| -> Vec<String> {
            known.iter().map(|it| if it.is_empty() { key.to_owned() } else { format!("{it}.{key}") }).collect()
        };
        let key_of = if prefixes.iter().any(Option::is_none) {
            Key::Unknown
        } else if let Some(value) = string_value(key, source).filter(|it| !it.is_empty()) {
            Key::Exact(joined(&value))
        } else if let Some((start, end)) = ends(key, source) {
            match known.as_slice() {
                [] | [""] => Key::Between(start, end),
                [prefix] => Key::Between(format!("{prefix}.{start}"), end),
                _ => Key::Unknown,
            }
        } else {
            Key::Unknown
        };
        self.uses.push(KeyUse { range: range(key), key: key_of, has_default, is_bound });
    }

    fn unknown(&mut self, node: Node<'_>) {
        self.uses.push(KeyUse { range: range(node), key: Key::Unknown, has_default: false, is_bound: false });
    }

    pub(crate) fn finish(self) -> Vec<KeyUse> {
        self.uses
    }
}

/// Returns what a key that is put together starts and ends with.
fn ends(key: Node<'_>, source: &str) -> Option<(String, String)> {
    let fixed = |node: Option<Node<'_>>| {
        node.and_then(|it| string_value(it, source)).map_or_else(String::new, std::borrow::Cow::into_owned)
    };
    match key.kind() {
        "template_string" => {
            let whole = text(key, source);
            let inner = whole.get(1..whole.len().saturating_sub(1))?;
            let start = inner.split("${").next().unwrap_or("");
            let end = inner.rsplit('}').next().unwrap_or("");
            Some((start.to_owned(), end.to_owned()))
        }
        "binary_expression" => {
            let start = fixed(leftmost(key));
            Some((start, fixed(field(key, "right"))))
        }
        _ => None,
    }
}

fn leftmost(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node;
    while at.kind() == "binary_expression" {
        at = field(at, "left")?;
    }
    Some(at)
}

/// Returns the value of an option of an object literal.
fn option<'t>(object: Node<'t>, name: &str, source: &str) -> Option<Node<'t>> {
    if object.kind() != "object" {
        return None;
    }
    let pair = parts(object)
        .find(|it| field(*it, "key").is_some_and(|key| text(key, source).trim_matches(['"', '\'']) == name))?;
    field(pair, "value").map(unwrapped)
}
