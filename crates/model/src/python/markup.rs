//! What `mark_safe` declares to be HTML: whether its parts were escaped.

use std::cell::Cell;

use arrears_syntax::node::{ancestors, children, descendants, field, parts, text};
use arrears_syntax::python::{called_name, dotted, positional, receiver};
use tree_sitter::Node;

/// How deep expressions are followed.
const MAX_DEPTH: u32 = 8;

/// How many expressions are looked at for one call.
const MAX_STEPS: u32 = 200;

/// How many nodes of a function are searched for assignments.
const MAX_NODES: usize = 1_000;

/// Returns the part of what a call of `mark_safe` is given that comes as it is from outside of the code: a field of an
/// object, a value of a request, what a template hands to a filter.
pub fn raw_part<'t>(call: Node<'t>, source: &str) -> Option<Node<'t>> {
    if !matches!(called_name(call, source), Some("mark_safe" | "SafeString" | "SafeText")) {
        return None;
    }
    let function = ancestors(call).take(60).find(|it| it.kind() == "function_definition");
    let reader = Reader { function, source, steps: Cell::new(0) };
    reader.raw(positional(call).next()?, 0)
}

struct Reader<'t, 's> {
    function: Option<Node<'t>>,
    source: &'s str,
    steps: Cell<u32>,
}

impl<'t> Reader<'t, '_> {
    fn raw(&self, node: Node<'t>, depth: u32) -> Option<Node<'t>> {
        self.steps.set(self.steps.get() + 1);
        if depth > MAX_DEPTH || self.steps.get() > MAX_STEPS {
            return None;
        }
        let first = |mut nodes: &mut dyn Iterator<Item = Node<'t>>| (&mut nodes).find_map(|it| self.raw(it, depth + 1));
        match node.kind() {
            "string" => {
                let mut holes = children(node).filter(|it| it.kind() == "interpolation");
                first(&mut holes.by_ref().filter_map(|it| field(it, "expression").or_else(|| parts(it).next())))
            }
            "concatenated_string" | "parenthesized_expression" | "tuple" | "list" => first(&mut parts(node)),
            "boolean_operator" => first(&mut field(node, "left").into_iter().chain(field(node, "right"))),
            "binary_operator" => first(&mut field(node, "left").into_iter().chain(field(node, "right"))),
            "conditional_expression" => {
                let mut branches = parts(node).enumerate().filter(|(at, _)| *at != 1).map(|(_, it)| it);
                first(&mut branches)
            }
            "list_comprehension" | "generator_expression" => field(node, "body").and_then(|it| self.raw(it, depth + 1)),
            "dictionary" => first(&mut parts(node).filter_map(|it| field(it, "value"))),
            "call" => self.call(node, depth),
            "identifier" => self.name(node, depth),
            "attribute" => self.attribute(node),
            "subscript" => {
                let object = field(node, "value").and_then(|it| dotted(it, self.source)).unwrap_or("");
                object.starts_with("request.").then_some(node)
            }
            _ => None,
        }
    }

    fn call(&self, node: Node<'t>, depth: u32) -> Option<Node<'t>> {
        let name = called_name(node, self.source)?;
        let object = receiver(node);
        let given = || parts(field(node, "arguments")?).next();
        match name {
            "format" => {}
            "join" => return self.raw(given()?, depth + 1),
            "str" => return self.raw(given()?, depth + 1),
            "strip" | "replace" | "lower" | "upper" | "title" | "removeprefix" | "removesuffix" => {
                return self.raw(object?, depth + 1);
            }
            "get" => {
                let path = object.and_then(|it| dotted(it, self.source)).unwrap_or("");
                return matches!(path, "request.GET" | "request.POST" | "request.data").then_some(node);
            }
            _ => return None,
        }
        let arguments = field(node, "arguments")?;
        let values = parts(arguments)
            .map(|it| if it.kind() == "keyword_argument" { field(it, "value").unwrap_or(it) } else { it });
        object.into_iter().chain(values).find_map(|it| self.raw(it, depth + 1))
    }

    /// A name stands for what the function gives it; what a template hands to a filter is anything.
    fn name(&self, node: Node<'t>, depth: u32) -> Option<Node<'t>> {
        let function = self.function?;
        let name = text(node, self.source);
        let mut is_given = false;
        for it in descendants(field(function, "body")?).take(MAX_NODES) {
            let is_here = matches!(it.kind(), "assignment" | "augmented_assignment")
                && it.start_byte() < node.start_byte()
                && field(it, "left").is_some_and(|left| text(left, self.source) == name);
            if is_here {
                is_given = true;
                if let Some(raw) = field(it, "right").and_then(|right| self.raw(right, depth + 2)) {
                    return Some(raw);
                }
            }
        }
        (!is_given && self.is_first_of_filter(function, name)).then_some(node)
    }

    fn is_first_of_filter(&self, function: Node<'t>, name: &str) -> bool {
        let decorated = function.parent().filter(|it| it.kind() == "decorated_definition");
        let decorators: Vec<&str> = decorated
            .into_iter()
            .flat_map(parts)
            .filter(|it| it.kind() == "decorator")
            .map(|it| text(it, self.source))
            .collect();
        let is_filter = decorators.iter().any(|it| it.starts_with("@register.filter") || *it == "@stringfilter");
        let escapes = decorators.iter().any(|it| it.contains("is_safe") || it.contains("needs_autoescape"));
        let first = field(function, "parameters").and_then(|it| parts(it).next());
        is_filter && !escapes && first.is_some_and(|it| text(it, self.source).split([':', '=']).next() == Some(name))
    }

    /// A field of an object is what somebody typed, unless its name says otherwise.
    fn attribute(&self, node: Node<'t>) -> Option<Node<'t>> {
        const FIELDS: [&str; 22] = [
            "name",
            "title",
            "label",
            "description",
            "text",
            "body",
            "content",
            "comment",
            "message",
            "note",
            "notes",
            "summary",
            "username",
            "email",
            "first_name",
            "last_name",
            "full_name",
            "bio",
            "subject",
            "caption",
            "value",
            "headline",
        ];
        let path = dotted(node, self.source)?;
        let (object, last) = path.rsplit_once('.')?;
        let is_of_code = matches!(object, "self" | "cls" | "settings") || object.ends_with("_meta");
        (FIELDS.contains(&last) && !is_of_code).then_some(node)
    }
}
