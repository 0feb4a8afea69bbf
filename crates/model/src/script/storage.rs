//! What is kept on the device or in the browser: calls that store something, stores that persist themselves.

use arrears_syntax::node::{descendants, field, parts, text};
use arrears_syntax::script::{arguments, call_path, is_function, returned, string_value, unwrapped};
use tree_sitter::Node;

use crate::script::ScriptFacts;
use crate::script::binding::Bindings;
use crate::script::credential::{Meaning, meaning};
use crate::script::event::property;

/// How many nodes of a value are looked at.
const MAX_NODES: usize = 400;

/// Where something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// `localStorage`: any script of the page reads it.
    Local,
    /// `sessionStorage`: the same, until the tab is closed.
    Session,
    /// `AsyncStorage`: a plain file on the device.
    Async,
    /// MMKV without a key: a plain file on the device.
    Mmkv,
}

impl Area {
    /// Returns what people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "localStorage",
            Self::Session => "sessionStorage",
            Self::Async => "AsyncStorage",
            Self::Mmkv => "MMKV",
        }
    }

    /// Returns whether a browser keeps it.
    pub fn is_web(self) -> bool {
        matches!(self, Self::Local | Self::Session)
    }

    /// Returns the area that an expression names.
    pub fn of(node: Node<'_>, bindings: &Bindings<'_, '_>, source: &str) -> Option<Self> {
        let node = unwrapped(node);
        let path = call_path(node, source);
        match path.rsplit('.').next().unwrap_or("") {
            "localStorage" => Some(Self::Local),
            "sessionStorage" => Some(Self::Session),
            "AsyncStorage" => Some(Self::Async),
            _ if is_plain_mmkv(node, bindings, source) => Some(Self::Mmkv),
            _ => None,
        }
    }
}

/// Something that is stored.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'t> {
    /// Where.
    pub area: Area,
    /// The part that says that it is a token.
    pub evidence: Node<'t>,
    /// What to point at.
    pub place: Node<'t>,
}

/// Returns the token that a call or an assignment stores.
pub fn stored_token<'t>(node: Node<'t>, bindings: &Bindings<'t, '_>, source: &str) -> Option<Stored<'t>> {
    if node.kind() == "assignment_expression" {
        let left = field(node, "left")?;
        let key = field(left, "property").or_else(|| field(left, "index"))?;
        let area = Area::of(field(left, "object")?, bindings, source).filter(|area| area.is_web())?;
        let evidence = token_of(key, field(node, "right")?, source)?;
        return Some(Stored { area, evidence, place: left });
    }
    let function = field(node, "function").filter(|it| it.kind() == "member_expression")?;
    let method = text(field(function, "property")?, source);
    if !matches!(method, "setItem" | "set" | "multiSet" | "mergeItem") {
        return None;
    }
    let area = Area::of(field(function, "object")?, bindings, source)?;
    let mut given = arguments(node);
    let evidence = match (area, method) {
        (Area::Async, "multiSet") => {
            let list = bindings.resolved(given.next()?, source)?;
            parts(list).find_map(|pair| token_of(parts(pair).next()?, parts(pair).nth(1)?, source))
        }
        (Area::Mmkv, "set") | (Area::Local | Area::Session | Area::Async, "setItem" | "mergeItem") => {
            token_of(given.next()?, given.next()?, source)
        }
        _ => None,
    }?;
    Some(Stored { area, evidence, place: function })
}

/// Returns the token that `persist(store, options)` of Zustand keeps.
pub fn persisted_token<'t>(
    call: Node<'t>,
    facts: &ScriptFacts,
    bindings: &Bindings<'t, '_>,
    source: &str,
) -> Option<Stored<'t>> {
    let name = field(call, "function").filter(|it| it.kind() == "identifier").map(|it| text(it, source))?;
    if facts.imported(name) != Some(("zustand/middleware", "persist")) {
        return None;
    }
    let mut given = arguments(call);
    let (store, options) = (given.next()?, bindings.resolved(given.next()?, source)?);
    let storage = ["storage", "getStorage"].into_iter().find_map(|name| property(options, name, source));
    let (area, place) = match storage {
        Some(storage) => {
            let named = descendants(storage).take(MAX_NODES).find_map(|it| {
                let is_name = matches!(it.kind(), "identifier" | "member_expression");
                is_name.then(|| Area::of(it, bindings, source)).flatten()
            });
            (named?, storage)
        }
        None if facts.imports_any(&["react-native"]) => return None,
        None => (Area::Local, field(call, "function")?),
    };
    let kept = match property(options, "partialize", source) {
        Some(function) => returned(bindings.resolved(function, source)?),
        None => descendants(store).take(MAX_NODES).find(|it| is_function(*it)).map(returned)?,
    };
    let evidence = kept.into_iter().map(unwrapped).find_map(|object| token_in(object, source))?;
    Some(Stored { area, evidence, place })
}

/// Returns the key or the value that names a token. A key that names something harmless has the last word.
pub fn token_of<'t>(key: Node<'t>, value: Node<'t>, source: &str) -> Option<Node<'t>> {
    let (key, value) = (unwrapped(key), unwrapped(value));
    let is_empty =
        matches!(text(value, source), "\"\"" | "''" | "null" | "undefined" | "\"true\"" | "'true'" | "true" | "false");
    match key_meaning(key, source) {
        _ if is_empty => None,
        Meaning::Token => Some(key),
        Meaning::Harmless => None,
        Meaning::Other => value_token(value, source),
    }
}

/// Returns what a key means: a string, a name, a template.
pub fn key_meaning(key: Node<'_>, source: &str) -> Meaning {
    match string_value(key, source) {
        Some(written) => meaning(&written),
        None if key.kind() == "member_expression" => {
            field(key, "property").map_or(Meaning::Other, |name| meaning(text(name, source)))
        }
        None => meaning(text(key, source)),
    }
}

fn value_token<'t>(value: Node<'t>, source: &str) -> Option<Node<'t>> {
    match value.kind() {
        "identifier" => (meaning(text(value, source)) == Meaning::Token).then_some(value),
        "member_expression" => {
            let name = field(value, "property")?;
            (meaning(text(name, source)) == Meaning::Token).then_some(value)
        }
        "object" => token_in(value, source),
        "call_expression" if call_path(value, source) == "JSON.stringify" => {
            arguments(value).next().map(unwrapped).and_then(|inner| value_token(inner, source))
        }
        "call_expression" if matches!(call_path(value, source).as_str(), "String") => {
            arguments(value).next().map(unwrapped).and_then(|inner| value_token(inner, source))
        }
        _ => None,
    }
}

/// Returns the property of an object that holds a token.
fn token_in<'t>(object: Node<'t>, source: &str) -> Option<Node<'t>> {
    if object.kind() != "object" {
        return None;
    }
    parts(object).find_map(|part| {
        let key = match part.kind() {
            "shorthand_property_identifier" => part,
            "pair" if !field(part, "value").is_some_and(|it| is_function(unwrapped(it))) => field(part, "key")?,
            _ => return None,
        };
        let is_token = key_meaning(key, source) == Meaning::Token;
        is_token.then_some(key)
    })
}

fn is_plain_mmkv(node: Node<'_>, bindings: &Bindings<'_, '_>, source: &str) -> bool {
    if node.kind() != "identifier" {
        return false;
    }
    let made = bindings.resolved_at(text(node, source), arrears_syntax::node::range(node));
    made.is_some_and(|made| {
        let path = call_path(made, source);
        let is_mmkv = matches!(made.kind(), "new_expression" | "call_expression")
            && matches!(path.as_str(), "MMKV" | "createMMKV");
        is_mmkv && !text(made, source).contains("encryptionKey")
    })
}
