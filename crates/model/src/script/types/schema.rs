//! Schemas of zod: `z.object({ id: z.number(), note: z.string().nullable() })`.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::script::{arguments, string_value};
use tree_sitter::Node;

use super::read::{DEPTH, MEMBERS};
use super::{Declaration, Field, Form, Members, Type};

/// How many calls follow one another in a schema.
const CALLS: usize = 24;

/// Reads `const orderSchema = z.object({…})`; `None` where the value is no schema of an object.
pub(crate) fn schema(declarator: Node<'_>, source: &str) -> Option<Declaration> {
    let name = field(declarator, "name").filter(|name| name.kind() == "identifier")?;
    let value = field(declarator, "value").filter(|value| value.kind() == "call_expression")?;
    // Most calls are no schemas: what is called tells.
    let head = text(value, source).split('(').next().unwrap_or_default();
    let is_likely = head.split('.').next().is_some_and(|root| root.trim_end() == "z" || root.ends_with("Schema"));
    if !is_likely || declarator.has_error() {
        return None;
    }
    let value = read(value, source, DEPTH).value;
    let holds = |it: &Type| matches!(it, Type::Object(_) | Type::All(_));
    holds(&value).then(|| Declaration {
        name: text(name, source).to_owned(),
        name_range: range(name),
        form: Form::Schema,
        params: Vec::new(),
        value,
    })
}

/// A schema, and whether what it describes may be missing.
struct Read {
    value: Type,
    is_optional: bool,
}

impl From<Type> for Read {
    fn from(value: Type) -> Self {
        Self { value, is_optional: false }
    }
}

/// Reads a chain of calls from its root outwards.
fn read(node: Node<'_>, source: &str, depth: u32) -> Read {
    let Some(depth) = depth.checked_sub(1) else { return Type::Unknown.into() };
    let mut calls = Vec::new();
    let mut at = node;
    while at.kind() == "call_expression" && calls.len() < CALLS {
        let Some(function) = field(at, "function").filter(|it| it.kind() == "member_expression") else { break };
        let (Some(object), Some(name)) = (field(function, "object"), field(function, "property")) else { break };
        calls.push((text(name, source), at));
        at = object;
    }
    let mut found = if at.kind() == "identifier" && text(at, source) == "z" {
        let Some((name, call)) = calls.pop() else { return Type::Unknown.into() };
        made(name, call, source, depth)
    } else if at.kind() == "identifier" {
        Type::ValueOf(text(at, source).to_owned()).into()
    } else {
        Type::Unknown.into()
    };
    for (name, call) in calls.into_iter().rev() {
        found = changed(found, name, call, source, depth);
    }
    found
}

/// What `z.name(…)` makes.
fn made(name: &str, call: Node<'_>, source: &str, depth: u32) -> Read {
    let first = || arguments(call).next();
    let inner = || first().map_or(Type::Unknown, |it| read(it, source, depth).value);
    let value = match name {
        "string" | "email" | "url" | "uuid" | "cuid" | "iso" => Type::Text,
        "number" | "int" | "nan" => Type::Number,
        "boolean" => Type::Boolean,
        "date" => Type::Date,
        "null" => Type::Null,
        "undefined" | "void" => Type::Undefined,
        "any" | "unknown" => Type::Any,
        "literal" => first().map_or(Type::Unknown, |it| literal(it, source)),
        "enum" => match first().filter(|it| it.kind() == "array") {
            Some(list) => Type::Either(parts(list).take(MEMBERS).map(|it| literal(it, source)).collect()),
            None => Type::Unknown,
        },
        "nativeEnum" => match first().filter(|it| it.kind() == "identifier") {
            Some(name) => Type::Named(text(name, source).to_owned(), Vec::new()),
            None => Type::Unknown,
        },
        "array" | "set" => Type::List(Box::new(inner())),
        "object" | "strictObject" => Type::Object(first().map(|it| members(it, source, depth)).unwrap_or_default()),
        "looseObject" => {
            let members = first().map(|it| members(it, source, depth)).unwrap_or_default();
            Type::Object(Members { is_open: true, ..members })
        }
        "union" => match first().filter(|it| it.kind() == "array") {
            Some(list) => Type::Either(parts(list).take(MEMBERS).map(|it| read(it, source, depth).value).collect()),
            None => Type::Unknown,
        },
        "nullable" => Type::Either(vec![inner(), Type::Null]),
        "optional" => return Read { value: inner(), is_optional: true },
        // `coerce`, `preprocess`, `lazy`: what arrives is not what is described.
        _ => Type::Unknown,
    };
    value.into()
}

/// What `.name(…)` makes of a schema.
fn changed(schema: Read, name: &str, call: Node<'_>, source: &str, depth: u32) -> Read {
    let Read { value, is_optional } = schema;
    let first = || arguments(call).next();
    match name {
        "optional" | "default" | "catch" => Read { value, is_optional: true },
        "nullable" => Read { value: Type::Either(vec![value, Type::Null]), is_optional },
        "nullish" => Read { value: Type::Either(vec![value, Type::Null]), is_optional: true },
        "array" => Type::List(Box::new(value)).into(),
        "partial" => Type::Named("Partial".to_owned(), vec![value]).into(),
        "required" => Type::Named("Required".to_owned(), vec![value]).into(),
        "extend" | "safeExtend" => {
            let more = first().map(|it| members(it, source, depth)).unwrap_or_default();
            Type::All(vec![value, Type::Object(more)]).into()
        }
        "merge" | "and" => {
            let other = first().map_or(Type::Unknown, |it| read(it, source, depth).value);
            Type::All(vec![value, other]).into()
        }
        "pick" | "omit" => {
            let names = first().map(|it| members(it, source, depth)).unwrap_or_default().fields;
            let names = Type::Either(names.into_iter().map(|it| Type::Literal(it.name)).collect());
            Type::Named(if name == "pick" { "Pick" } else { "Omit" }.to_owned(), vec![value, names]).into()
        }
        "passthrough" | "loose" | "catchall" => match value {
            Type::Object(members) => Type::Object(Members { is_open: true, ..members }).into(),
            other => other.into(),
        },
        "transform" | "pipe" | "or" | "coerce" | "element" | "unwrap" | "shape" | "parse" | "safeParse" => {
            Type::Unknown.into()
        }
        // Checks: `.min(1)`, `.email()`, `.describe("…")`.
        _ => Read { value, is_optional },
    }
}

fn literal(node: Node<'_>, source: &str) -> Type {
    match node.kind() {
        "string" => string_value(node, source).map_or(Type::Text, |it| Type::Literal(it.into_owned())),
        "number" | "unary_expression" => Type::Number,
        "true" | "false" => Type::Boolean,
        "null" => Type::Null,
        _ => Type::Unknown,
    }
}

fn members(object: Node<'_>, source: &str, depth: u32) -> Members {
    let mut members = Members { is_open: object.kind() != "object", ..Members::default() };
    for part in children(object).take(MEMBERS) {
        match (part.kind(), field(part, "key"), field(part, "value")) {
            ("pair", Some(key), Some(value)) => {
                let name = string_value(key, source).map_or(text(key, source).to_owned(), std::borrow::Cow::into_owned);
                let Read { value: read, is_optional } = read(value, source, depth);
                let (name_range, type_range) = (range(key), range(value));
                members.fields.push(Field { name, name_range, type_range, is_optional, value: read });
            }
            ("shorthand_property_identifier", ..) => members.fields.push(Field {
                name: text(part, source).to_owned(),
                name_range: range(part),
                type_range: TextRange::empty(range(part).end()),
                is_optional: false,
                value: Type::Unknown,
            }),
            ("comment", ..) => {}
            _ => members.is_open = true,
        }
    }
    members
}
