//! A document as a tree of maps, lists and scalars, each with its place: what TOML, YAML and JSON have in common.

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// A file of TOML, YAML or JSON.
///
/// Ranges are in bytes. An alias of YAML is the node that it names, not a copy: no document grows by being read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    nodes: Vec<Node>,
    roots: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Node {
    range: TextRange,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Value {
    Scalar(Kind, Box<str>),
    List(Vec<u32>),
    Map(Vec<Pair>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Pair {
    key: Box<str>,
    key_range: TextRange,
    value: u32,
}

/// What a scalar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Nothing: `null`, `~`, a key without a value.
    Null,
    /// `true` or `false`
    Bool,
    /// A number or a date.
    Number,
    /// A string.
    Text,
}

/// A place in a [`Tree`].
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    tree: &'a Tree,
    at: u32,
}

/// An entry of a map.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The key; a number or a truth value as it is written.
    pub key: &'a str,
    /// Where the key is written.
    pub key_range: TextRange,
    /// The value.
    pub value: Item<'a>,
}

impl Tree {
    /// Returns the first document; a file of TOML or JSON has one, one of YAML any number.
    pub fn root(&self) -> Option<Item<'_>> {
        self.documents().next()
    }

    /// Returns all documents of the file.
    pub fn documents(&self) -> impl Iterator<Item = Item<'_>> {
        self.roots.iter().map(|at| Item { tree: self, at: *at })
    }

    /// Returns every node once, in the order in which their values end; aliases add none.
    pub fn all(&self) -> impl Iterator<Item = Item<'_>> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(|at| Item { tree: self, at })
    }

    pub(super) fn scalar(&mut self, kind: Kind, text: &str, range: TextRange) -> u32 {
        self.add(Value::Scalar(kind, text.into()), range)
    }

    pub(super) fn list(&mut self, items: Vec<u32>, range: TextRange) -> u32 {
        self.add(Value::List(items), range)
    }

    pub(super) fn map(&mut self, pairs: Vec<(String, TextRange, u32)>, range: TextRange) -> u32 {
        let pair = |(key, key_range, value): (String, TextRange, u32)| Pair { key: key.into(), key_range, value };
        self.add(Value::Map(pairs.into_iter().map(pair).collect()), range)
    }

    pub(super) fn finish(&mut self, root: u32) {
        self.roots.push(root);
    }

    pub(super) fn range(&self, at: u32) -> TextRange {
        self.nodes.get(at as usize).map_or_else(|| TextRange::empty(0), |node| node.range)
    }

    pub(super) fn text(&self, at: u32) -> Option<&str> {
        match &self.nodes.get(at as usize)?.value {
            Value::Scalar(_, text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    fn add(&mut self, value: Value, range: TextRange) -> u32 {
        self.nodes.push(Node { range, value });
        u32::try_from(self.nodes.len() - 1).unwrap_or(0)
    }
}

impl<'a> Item<'a> {
    /// Returns where the value is written: a string with its quotes.
    pub fn range(self) -> TextRange {
        self.tree.range(self.at)
    }

    /// Returns the kind of a scalar.
    pub fn kind(self) -> Option<Kind> {
        match self.value()? {
            Value::Scalar(kind, _) => Some(*kind),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Returns the text of a string, escapes resolved.
    pub fn text(self) -> Option<&'a str> {
        match self.value()? {
            Value::Scalar(Kind::Text, text) => Some(text),
            _ => None,
        }
    }

    /// Returns the text of any scalar but nothing: `8000`, `true`, `latest`.
    pub fn scalar(self) -> Option<&'a str> {
        match self.value()? {
            Value::Scalar(Kind::Null, _) => None,
            Value::Scalar(_, text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Returns a truth value.
    pub fn bool(self) -> Option<bool> {
        match self.value()? {
            Value::Scalar(Kind::Bool, text) => Some(text.eq_ignore_ascii_case("true")),
            _ => None,
        }
    }

    /// Returns whether there is nothing: `null`, or a key without a value.
    pub fn is_null(self) -> bool {
        self.kind() == Some(Kind::Null)
    }

    /// Returns whether the value is a map.
    pub fn is_map(self) -> bool {
        matches!(self.value(), Some(Value::Map(_)))
    }

    /// Returns whether the value is a list.
    pub fn is_list(self) -> bool {
        matches!(self.value(), Some(Value::List(_)))
    }

    /// Returns the members of a list; none of anything else.
    pub fn items(self) -> impl Iterator<Item = Item<'a>> {
        let items = match self.value() {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |at| Item { tree: self.tree, at: *at })
    }

    /// Returns the entries of a map in the order of the file, without what `<<` merges; none of anything else.
    pub fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        let pairs = match self.value() {
            Some(Value::Map(pairs)) => pairs.as_slice(),
            _ => &[],
        };
        let entry = move |pair: &'a Pair| {
            let value = Item { tree: self.tree, at: pair.value };
            Entry { key: &pair.key, key_range: pair.key_range, value }
        };
        pairs.iter().map(entry)
    }

    /// Returns the entry of a map under a key, also one that `<<` merges into it.
    pub fn entry(self, key: &str) -> Option<Entry<'a>> {
        self.entry_within(key, 8)
    }

    /// Returns the value of a map under a key.
    pub fn get(self, key: &str) -> Option<Item<'a>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// Returns the value under one key after the other: `at(&["tool", "poetry", "dependencies"])`.
    pub fn at(self, keys: &[&str]) -> Option<Item<'a>> {
        keys.iter().try_fold(self, |item, key| item.get(key))
    }

    fn entry_within(self, key: &str, depth: u32) -> Option<Entry<'a>> {
        if let Some(own) = self.entries().find(|entry| entry.key == key) {
            return Some(own);
        }
        let depth = depth.checked_sub(1)?;
        let merged = self.entries().filter(|entry| entry.key == "<<").take(4);
        merged
            .flat_map(|entry| entry.value.items().take(8).chain([entry.value]))
            .find_map(|it| it.entry_within(key, depth))
    }

    fn value(self) -> Option<&'a Value> {
        self.tree.nodes.get(self.at as usize).map(|node| &node.value)
    }
}
