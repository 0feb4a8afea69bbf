//! Reads JSON, with comments and trailing commas where the file's tool takes them.

use arrears_core::text::TextRange;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::tree::{Kind, Tree};
use super::{Broken, Read};

/// Reads a file of JSON; `has_comments` also allows comments and trailing commas.
pub fn read(text: &str, has_comments: bool) -> Read<Tree> {
    let options = ParseOptions {
        allow_comments: has_comments,
        allow_loose_object_property_names: false,
        allow_trailing_commas: has_comments,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let range = error.range();
        Broken { range: TextRange::of(range.start..range.end), message: error.kind().to_string() }
    })?;
    let mut tree = Tree::default();
    if let Some(root) = &parsed.value {
        let root = value(&mut tree, root);
        tree.finish(root);
    }
    Ok(tree)
}

/// The library bounds how deep values lie.
fn value(tree: &mut Tree, found: &Value<'_>) -> u32 {
    let range = found.range();
    let range = TextRange::of(range.start..range.end);
    match found {
        Value::StringLit(text) => tree.scalar(Kind::Text, &text.value, range),
        Value::NumberLit(number) => tree.scalar(Kind::Number, number.value, range),
        Value::BooleanLit(truth) => tree.scalar(Kind::Bool, if truth.value { "true" } else { "false" }, range),
        Value::NullKeyword(_) => tree.scalar(Kind::Null, "", range),
        Value::Array(items) => {
            let items = items.elements.iter().map(|item| value(tree, item)).collect();
            tree.list(items, range)
        }
        Value::Object(object) => {
            let pair = |property: &jsonc_parser::ast::ObjectProp<'_>| {
                let key = property.name.range();
                (property.name.as_str().to_owned(), TextRange::of(key.start..key.end), value(tree, &property.value))
            };
            let pairs = object.properties.iter().map(pair).collect();
            tree.map(pairs, range)
        }
    }
}
