//! Reads types from the tree.

use arrears_core::text::TextRange;
use arrears_syntax::node::{field, parts, range, text};
use arrears_syntax::script::string_value;
use tree_sitter::Node;

use super::{Declaration, Field, Form, Members, Type};

/// How deep types are read.
pub(super) const DEPTH: u32 = 12;
/// How many members a union keeps, and how many fields an object.
pub(super) const MEMBERS: usize = 500;

/// Reads `interface Order extends Base {…}`.
pub(crate) fn interface(node: Node<'_>, source: &str) -> Option<Declaration> {
    let members = Type::Object(members(field(node, "body")?, source, DEPTH));
    let mut all: Vec<Type> = parts(node)
        .filter(|child| matches!(child.kind(), "extends_type_clause" | "extends_clause"))
        .flat_map(parts)
        .take(MEMBERS)
        .map(|base| read(base, source, DEPTH))
        .collect();
    let value = if all.is_empty() {
        members
    } else {
        all.push(members);
        Type::All(all)
    };
    declaration(node, source, Form::Interface, value)
}

/// Reads `type Order = …`.
pub(crate) fn alias(node: Node<'_>, source: &str) -> Option<Declaration> {
    let value = read(field(node, "value")?, source, DEPTH);
    declaration(node, source, Form::Alias, value)
}

/// Reads `enum Status {…}`: the values of its members.
pub(crate) fn enumeration(node: Node<'_>, source: &str) -> Option<Declaration> {
    let value_of = |member: Node<'_>| match field(member, "value") {
        // Without a value members are counted.
        None => Type::Number,
        Some(value) => match (string_value(value, source), value.kind()) {
            (Some(text), _) => Type::Literal(text.into_owned()),
            (None, "number" | "unary_expression" | "binary_expression") => Type::Number,
            (None, "template_string") => Type::Text,
            (None, _) => Type::Unknown,
        },
    };
    let values = parts(field(node, "body")?).take(MEMBERS).map(value_of).collect();
    declaration(node, source, Form::Enum, Type::Either(values))
}

fn declaration(node: Node<'_>, source: &str, form: Form, value: Type) -> Option<Declaration> {
    if node.has_error() {
        return None;
    }
    let name = field(node, "name")?;
    let params = field(node, "type_parameters").into_iter().flat_map(parts);
    Some(Declaration {
        name: text(name, source).to_owned(),
        name_range: range(name),
        form,
        params: params.filter_map(|it| field(it, "name")).map(|it| text(it, source).to_owned()).collect(),
        value,
    })
}

fn members(body: Node<'_>, source: &str, depth: u32) -> Members {
    let mut members = Members::default();
    for part in parts(body).take(MEMBERS) {
        match part.kind() {
            "property_signature" | "method_signature" => members.fields.extend(property(part, source, depth)),
            "index_signature" => members.is_open = true,
            _ => {}
        }
    }
    members.is_open |= body.named_child_count() > MEMBERS;
    members
}

fn property(node: Node<'_>, source: &str, depth: u32) -> Option<Field> {
    let name = field(node, "name")?;
    let written = match name.kind() {
        "string" => string_value(name, source)?.into_owned(),
        "property_identifier" | "number" => text(name, source).to_owned(),
        _ => return None,
    };
    let mut cursor = node.walk();
    let is_optional = node.children(&mut cursor).any(|child| child.kind() == "?");
    let annotation = field(node, "type").and_then(|annotation| parts(annotation).next());
    let read = |annotation| read(annotation, source, depth);
    let value = if node.kind() == "method_signature" { Type::Function } else { annotation.map_or(Type::Any, read) };
    Some(Field {
        name: written,
        name_range: range(name),
        type_range: annotation.map_or(TextRange::empty(range(name).end()), range),
        is_optional,
        value,
    })
}

/// Reads a type.
pub(super) fn read(node: Node<'_>, source: &str, depth: u32) -> Type {
    let Some(depth) = depth.checked_sub(1) else { return Type::Unknown };
    let first = |node| parts(node).next();
    match node.kind() {
        "predefined_type" => match text(node, source) {
            "string" => Type::Text,
            "number" => Type::Number,
            "boolean" => Type::Boolean,
            "any" | "unknown" => Type::Any,
            "void" => Type::Undefined,
            _ => Type::Unknown,
        },
        "literal_type" => first(node).map_or(Type::Unknown, |literal| literal_type(literal, source)),
        "null" | "undefined" | "true" | "false" => literal_type(node, source),
        "template_literal_type" => Type::Text,
        "function_type" => Type::Function,
        "type_identifier" | "identifier" => named(text(node, source), Vec::new()),
        "nested_type_identifier" | "member_expression" | "nested_identifier" => {
            Type::Named(text(node, source).to_owned(), Vec::new())
        }
        "generic_type" => {
            let args = field(node, "type_arguments").into_iter().flat_map(parts).take(MEMBERS);
            let args = args.map(|arg| read(arg, source, depth)).collect();
            field(node, "name").map_or(Type::Unknown, |name| named(text(name, source), args))
        }
        "array_type" => list(first(node), source, depth),
        "tuple_type" => {
            let mut kinds: Vec<Type> = parts(node).take(MEMBERS).map(|part| read(part, source, depth)).collect();
            kinds.dedup();
            let only = if kinds.len() == 1 { kinds.pop() } else { None };
            Type::List(Box::new(only.unwrap_or(Type::Unknown)))
        }
        "parenthesized_type" | "readonly_type" => first(node).map_or(Type::Unknown, |it| read(it, source, depth)),
        "object_type" => Type::Object(members(node, source, depth)),
        "union_type" => Type::Either(flat(node, "union_type", source, depth)),
        "intersection_type" => Type::All(flat(node, "intersection_type", source, depth)),
        "type_query" => match first(node).filter(|it| it.kind() == "identifier") {
            Some(name) => Type::ValueOf(text(name, source).to_owned()),
            None => Type::Unknown,
        },
        _ => Type::Unknown,
    }
}

fn named(name: &str, mut args: Vec<Type>) -> Type {
    match (name, args.len()) {
        ("Date", 0) => Type::Date,
        ("String", 0) => Type::Text,
        ("Number", 0) => Type::Number,
        ("Boolean", 0) => Type::Boolean,
        ("Array" | "ReadonlyArray" | "Set", 1) => Type::List(Box::new(args.pop().unwrap_or(Type::Unknown))),
        _ => Type::Named(name.to_owned(), args),
    }
}

fn list(element: Option<Node<'_>>, source: &str, depth: u32) -> Type {
    Type::List(Box::new(element.map_or(Type::Unknown, |it| read(it, source, depth))))
}

fn literal_type(node: Node<'_>, source: &str) -> Type {
    match node.kind() {
        "string" => string_value(node, source).map_or(Type::Text, |it| Type::Literal(it.into_owned())),
        "number" | "unary_expression" => Type::Number,
        "true" | "false" => Type::Boolean,
        "null" => Type::Null,
        "undefined" => Type::Undefined,
        _ => Type::Unknown,
    }
}

/// The members of `A | B | C`, which the tree nests to the left, without recursion.
fn flat(node: Node<'_>, kind: &str, source: &str, depth: u32) -> Vec<Type> {
    let mut found = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at.take() {
        let mut inner: Vec<Node<'_>> = parts(node).collect();
        if inner.first().is_some_and(|it| it.kind() == kind) {
            at = Some(inner.remove(0));
        }
        found.extend(inner.into_iter().rev().map(|part| read(part, source, depth)));
        if found.len() > MEMBERS {
            found.push(Type::Unknown);
            break;
        }
    }
    found.reverse();
    found
}
