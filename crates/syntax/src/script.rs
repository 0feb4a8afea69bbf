//! Questions to TypeScript, TSX and JavaScript trees.

use std::borrow::Cow;

use tree_sitter::Node;

use crate::node::{children, field, parts, text};

/// Returns the text of a name or of a member chain such as `a.b.c`; `None` where anything else is part of it.
pub fn member_path<'s>(node: Node<'_>, source: &'s str) -> Option<&'s str> {
    if !matches!(
        node.kind(),
        "identifier"
            | "member_expression"
            | "this"
            | "super"
            | "nested_identifier"
            | "type_identifier"
            | "property_identifier"
            | "import"
    ) {
        return None;
    }
    let text = text(node, source);
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b'#') || byte >= 0x80);
    (is_plain && !text.is_empty()).then_some(text)
}

/// Returns what a call calls, as [`member_path`] text.
pub fn callee<'s>(call: Node<'_>, source: &'s str) -> Option<&'s str> {
    member_path(field(call, "function")?, source)
}

/// Returns the name that a call ends with: `catch` for `load().catch(f)`.
pub fn called_name<'s>(call: Node<'_>, source: &'s str) -> Option<&'s str> {
    let function = field(call, "function")?;
    match function.kind() {
        "identifier" => Some(text(function, source)),
        "member_expression" => field(function, "property").map(|name| text(name, source)),
        _ => None,
    }
}

/// Returns the arguments of a call.
pub fn arguments(call: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    field(call, "arguments").into_iter().flat_map(parts)
}

/// Returns the value of a string literal or of a template without substitutions. Escapes are left as they are written.
pub fn string_value<'s>(node: Node<'_>, source: &'s str) -> Option<Cow<'s, str>> {
    match node.kind() {
        "string" => {
            let whole = text(node, source);
            Some(Cow::Borrowed(whole.get(1..whole.len().saturating_sub(1)).unwrap_or("")))
        }
        "template_string" if !children(node).any(|part| part.kind() == "template_substitution") => {
            let whole = text(node, source);
            Some(Cow::Borrowed(whole.get(1..whole.len().saturating_sub(1)).unwrap_or("")))
        }
        _ => None,
    }
}

/// Returns the body of a function, arrow or method: a block or, for an arrow, an expression.
pub fn body(function: Node<'_>) -> Option<Node<'_>> {
    field(function, "body")
}

/// Returns whether a node is a function of any form.
pub fn is_function(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "function_declaration"
            | "function_expression"
            | "arrow_function"
            | "method_definition"
            | "generator_function"
            | "generator_function_declaration"
    )
}

/// Returns whether a node is a class of any form.
pub fn is_class(node: Node<'_>) -> bool {
    matches!(node.kind(), "class_declaration" | "class" | "abstract_class_declaration")
}

/// Returns what a class extends, as [`member_path`] text.
pub fn superclass<'s>(class: Node<'_>, source: &'s str) -> Option<&'s str> {
    let heritage = children(class).find(|child| child.kind() == "class_heritage")?;
    let value = children(heritage)
        .find_map(|clause| if clause.kind() == "extends_clause" { field(clause, "value") } else { None });
    member_path(value.or_else(|| children(heritage).next())?, source)
}

/// Returns whether a node is an element of JSX.
pub fn is_jsx(node: Node<'_>) -> bool {
    matches!(node.kind(), "jsx_element" | "jsx_self_closing_element" | "jsx_fragment")
}
