//! Questions to Python trees.

use std::borrow::Cow;

use tree_sitter::Node;

use crate::node::{children, field, parts, text};

/// Returns the text of a name or of an attribute chain such as `a.b.c`; `None` where anything else is part of it.
pub fn dotted<'s>(node: Node<'_>, source: &'s str) -> Option<&'s str> {
    if !matches!(node.kind(), "identifier" | "attribute" | "dotted_name" | "type") {
        return None;
    }
    let text = text(node, source);
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || byte >= 0x80);
    (is_plain && !text.is_empty()).then_some(text)
}

/// Returns what a call calls, as [`dotted`] text.
pub fn callee<'s>(call: Node<'_>, source: &'s str) -> Option<&'s str> {
    dotted(field(call, "function")?, source)
}

/// Returns the name that a call ends with: `delay` for `tasks()[0].delay(1)`.
pub fn called_name<'s>(call: Node<'_>, source: &'s str) -> Option<&'s str> {
    let function = field(call, "function")?;
    match function.kind() {
        "identifier" => Some(text(function, source)),
        "attribute" => field(function, "attribute").map(|name| text(name, source)),
        _ => None,
    }
}

/// Returns the expression before the last dot of a called method.
pub fn receiver(call: Node<'_>) -> Option<Node<'_>> {
    let function = field(call, "function")?;
    if function.kind() == "attribute" { field(function, "object") } else { None }
}

/// Returns the value of a keyword argument.
pub fn keyword<'t>(call: Node<'t>, name: &str, source: &str) -> Option<Node<'t>> {
    let argument = keyword_argument(call, name, source)?;
    field(argument, "value")
}

/// Returns the whole `name=value` of a keyword argument.
pub fn keyword_argument<'t>(call: Node<'t>, name: &str, source: &str) -> Option<Node<'t>> {
    let list = field(call, "arguments")?;
    parts(list).find(|argument| {
        argument.kind() == "keyword_argument"
            && field(*argument, "name").is_some_and(|found| text(found, source) == name)
    })
}

/// Returns the positional arguments of a call, splats left out.
pub fn positional(call: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    field(call, "arguments")
        .into_iter()
        .flat_map(parts)
        .filter(|argument| !matches!(argument.kind(), "keyword_argument" | "list_splat" | "dictionary_splat"))
}

/// Returns the value of a string literal without interpolation, joined where literals stand side by side.
///
/// Escapes are left as they are written.
pub fn string_value<'s>(node: Node<'_>, source: &'s str) -> Option<Cow<'s, str>> {
    let mut node = node;
    while node.kind() == "parenthesized_expression" {
        node = parts(node).next()?;
    }
    match node.kind() {
        "string" => {
            let inner = parts(node).map(|part| (part.kind(), part));
            let mut value = Cow::Borrowed("");
            for (kind, part) in inner {
                match kind {
                    "string_start" if text(part, source).contains(['f', 'F', 'b', 'B', 't', 'T']) => return None,
                    "string_content" => value = Cow::Borrowed(text(part, source)),
                    "interpolation" => return None,
                    _ => {}
                }
            }
            Some(value)
        }
        "concatenated_string" => {
            let pieces: Option<Vec<_>> = parts(node).map(|part| string_value(part, source)).collect();
            Some(Cow::Owned(pieces?.concat()))
        }
        _ => None,
    }
}

/// Returns the statements of a block or module, comments left out.
pub fn statements(block: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    parts(block)
}

/// Returns the expression of an expression statement that is a lone string: a docstring where it comes first.
pub fn lone_string(statement: Node<'_>) -> Option<Node<'_>> {
    if statement.kind() != "expression_statement" {
        return None;
    }
    let expression = children(statement).next()?;
    matches!(expression.kind(), "string" | "concatenated_string").then_some(expression)
}

/// Returns the docstring of a function, class or module.
pub fn docstring(definition: Node<'_>) -> Option<Node<'_>> {
    let body = field(definition, "body").unwrap_or(definition);
    lone_string(statements(body).next()?)
}

/// Returns the statements of a definition after its docstring.
pub fn body_statements(definition: Node<'_>) -> Vec<Node<'_>> {
    let Some(body) = field(definition, "body") else { return Vec::new() };
    statements(body)
        .enumerate()
        .filter(|(at, node)| *at > 0 || lone_string(*node).is_none())
        .map(|(_, node)| node)
        .collect()
}

/// Returns whether a node is a value that is the same at every run: a number, a string, `None`, an empty collection.
pub fn is_constant(node: Node<'_>) -> bool {
    // A stack of our own: literals may be nested deeper than the stack of a thread allows.
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match node.kind() {
            "none" | "true" | "false" | "integer" | "float" | "ellipsis" => {}
            "string" if !children(node).any(|part| part.kind() == "interpolation") => {}
            "concatenated_string"
            | "tuple"
            | "list"
            | "set"
            | "expression_list"
            | "parenthesized_expression"
            | "unary_operator"
            | "dictionary"
            | "pair" => open.extend(parts(node)),
            _ => return false,
        }
    }
    true
}
