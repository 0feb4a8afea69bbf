//! Questions to TypeScript, TSX and JavaScript trees.

use std::borrow::Cow;

use arrears_core::text::TextRange;
use tree_sitter::Node;

use crate::node::{children, descendants, field, parts, range, text};

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

/// Returns whether a node is a comment.
pub fn is_comment(node: Node<'_>) -> bool {
    matches!(node.kind(), "comment" | "html_comment")
}

/// Returns what stands inside `(…)`, `await …`, `void …`, `… as T`, `… satisfies T` and `…!`.
pub fn unwrapped(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    loop {
        let is_void =
            at.kind() == "unary_expression" && field(at, "operator").is_some_and(|operator| operator.kind() == "void");
        let is_wrapper = matches!(
            at.kind(),
            "parenthesized_expression"
                | "await_expression"
                | "as_expression"
                | "satisfies_expression"
                | "non_null_expression"
        );
        match parts(at).next() {
            Some(inner) if is_wrapper || is_void => at = inner,
            _ => return at,
        }
    }
}

/// Returns what a call or a member chain goes through, without arguments: `api.list.then` for `api.list(1).then`.
///
/// What has no name, such as an index or a function on the spot, is left out.
pub fn call_path(node: Node<'_>, source: &str) -> String {
    let mut names = Vec::new();
    let mut at = node;
    loop {
        at = unwrapped(at);
        match at.kind() {
            "call_expression" => match field(at, "function") {
                Some(function) => at = function,
                None => break,
            },
            "member_expression" => {
                names.extend(field(at, "property").map(|name| text(name, source)));
                match field(at, "object") {
                    Some(object) => at = object,
                    None => break,
                }
            }
            "subscript_expression" => match field(at, "object") {
                Some(object) => at = object,
                None => break,
            },
            "new_expression" => match field(at, "constructor") {
                Some(class) => at = class,
                None => break,
            },
            "identifier" | "this" | "super" | "import" => {
                names.push(text(at, source));
                break;
            }
            _ => break,
        }
    }
    names.reverse();
    names.join(".")
}

/// Returns the name that a call or a member chain starts with: `orders` for `orders.filter(f).map(g)`.
pub fn chain_root(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = unwrapped(node);
    loop {
        let inner = match at.kind() {
            "identifier" => return Some(at),
            "call_expression" => field(at, "function")?,
            "member_expression" | "subscript_expression" => field(at, "object")?,
            _ => return None,
        };
        at = unwrapped(inner);
    }
}

/// Returns the name of an element of JSX; a fragment has none.
pub fn element_name<'s>(element: Node<'_>, source: &'s str) -> Option<&'s str> {
    let tag = field(element, "open_tag").unwrap_or(element);
    field(tag, "name").map(|name| text(name, source))
}

/// A named part of a class, or of an object that stands for one.
#[derive(Debug, Clone, Copy)]
pub struct Member<'t, 's> {
    /// Its name.
    pub name: &'s str,
    /// Where the name stands.
    pub name_node: Node<'t>,
    /// Whether it belongs to the class itself.
    pub is_static: bool,
    /// The function: a method, or the function that a field holds.
    pub function: Option<Node<'t>>,
}

/// Returns the members of a class, or of the object that `createReactClass` takes.
pub fn members<'t, 's>(class: Node<'t>, source: &'s str) -> Vec<Member<'t, 's>> {
    let body = field(class, "body").unwrap_or(class);
    let mut found = Vec::new();
    for member in parts(body) {
        let value = field(member, "value");
        let (name, function) = match member.kind() {
            "method_definition" => (field(member, "name"), Some(member)),
            "public_field_definition" => (field(member, "name"), value.filter(|value| is_function(*value))),
            "pair" => (field(member, "key"), value.filter(|value| is_function(*value))),
            _ => continue,
        };
        let Some(name_node) = name else { continue };
        let mut cursor = member.walk();
        let is_static = member.children(&mut cursor).any(|token| token.kind() == "static");
        found.push(Member { name: text(name_node, source), name_node, is_static, function });
    }
    found
}

/// Returns the values that a function returns, those of inner functions left out; an arrow's expression is one.
pub fn returned(function: Node<'_>) -> Vec<Node<'_>> {
    let Some(body) = body(function) else { return Vec::new() };
    if body.kind() != "statement_block" {
        return vec![body];
    }
    let mut found = Vec::new();
    let mut nodes = descendants(body);
    while let Some(node) = nodes.next() {
        if is_function(node) || is_class(node) {
            nodes.skip_children();
        } else if node.kind() == "return_statement" {
            found.extend(parts(node).next());
        }
    }
    found
}

/// Returns the bytes of a block up to its brace; the node may hold a comment that follows on the same line.
pub fn block_range(block: Node<'_>) -> TextRange {
    let whole = range(block);
    let mut cursor = block.walk();
    let brace = block.children(&mut cursor).find(|token| token.kind() == "}");
    TextRange::new(whole.start(), brace.map_or(whole.end(), |brace| range(brace).end()))
}
