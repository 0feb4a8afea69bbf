//! Questions to elements of JSX: their attributes and what these are given.

use tree_sitter::Node;

use crate::node::{children, field, parts, text};
use crate::script::unwrapped;

/// Returns the opening tag of an element; a self-closing one is its own.
pub fn opening_tag(element: Node<'_>) -> Node<'_> {
    field(element, "open_tag").unwrap_or(element)
}

/// Returns the attributes of an element or of its opening tag, spreads left out.
pub fn attributes(element: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    parts(opening_tag(element)).filter(|part| part.kind() == "jsx_attribute")
}

/// Returns the name of an attribute.
pub fn attribute_name<'s>(attribute: Node<'_>, source: &'s str) -> &'s str {
    children(attribute).next().map_or("", |name| text(name, source))
}

/// Returns the attribute of this name.
pub fn attribute<'t>(element: Node<'t>, name: &str, source: &str) -> Option<Node<'t>> {
    attributes(element).find(|it| attribute_name(*it, source) == name)
}

/// Returns what an attribute is given: a string, or the expression in its braces, unwrapped.
pub fn attribute_value(attribute: Node<'_>) -> Option<Node<'_>> {
    let value = parts(attribute).nth(1)?;
    if value.kind() == "jsx_expression" { parts(value).next().map(unwrapped) } else { Some(value) }
}

/// Returns the tag that an attribute stands in.
pub fn tag_of(attribute: Node<'_>) -> Option<Node<'_>> {
    attribute.parent().filter(|tag| matches!(tag.kind(), "jsx_opening_element" | "jsx_self_closing_element"))
}

/// Returns whether an element takes attributes from an object: `{...props}`.
pub fn has_spread(element: Node<'_>) -> bool {
    parts(opening_tag(element))
        .any(|part| part.kind() == "jsx_expression" && parts(part).any(|inner| inner.kind() == "spread_element"))
}
