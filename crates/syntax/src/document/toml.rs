//! Reads TOML.

use arrears_core::text::TextRange;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Kind, Tree};
use super::{Broken, Read};

/// Reads a file of TOML 1.1.
pub fn read(text: &str) -> Read<Tree> {
    let parsed = DeTable::parse(text).map_err(|error| {
        let range = error.span().map_or_else(|| TextRange::empty(0), TextRange::of);
        Broken { range, message: error.message().to_owned() }
    })?;
    let mut tree = Tree::default();
    let range = TextRange::of(parsed.span());
    let root = table(&mut tree, parsed.get_ref(), range);
    tree.finish(root);
    Ok(tree)
}

fn table(tree: &mut Tree, table: &DeTable<'_>, range: TextRange) -> u32 {
    let mut pairs: Vec<_> = table
        .iter()
        .map(|(key, found)| (key.get_ref().to_string(), TextRange::of(key.span()), value(tree, found)))
        .collect();
    pairs.sort_by_key(|(_, range, _)| *range);
    tree.map(pairs, range)
}

/// The library bounds how deep values lie.
fn value(tree: &mut Tree, value: &Spanned<DeValue<'_>>) -> u32 {
    let range = TextRange::of(value.span());
    match value.get_ref() {
        DeValue::String(text) => tree.scalar(Kind::Text, text, range),
        DeValue::Integer(number) => tree.scalar(Kind::Number, number.as_str(), range),
        DeValue::Float(number) => tree.scalar(Kind::Number, number.as_str(), range),
        DeValue::Boolean(value) => tree.scalar(Kind::Bool, if *value { "true" } else { "false" }, range),
        DeValue::Datetime(date) => tree.scalar(Kind::Number, &date.to_string(), range),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| self::value(tree, item)).collect();
            tree.list(items, range)
        }
        DeValue::Table(entries) => table(tree, entries, range),
    }
}
