//! Expressions of a script, read into arenas.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::script::{is_class, is_function, unwrapped};
use tree_sitter::Node;

use super::lower::Lowering;
use super::{Expr, ExprId, LambdaId, List, Param, Prop};

/// How deep expressions are followed; what lies deeper is opaque.
const DEPTH: u32 = 60;
/// How many expressions of a file are kept; what comes later is opaque.
const MOST: usize = 200_000;

impl<'t> Lowering<'_, 't> {
    pub(super) fn add(&mut self, expr: Expr, span: TextRange) -> ExprId {
        let id = u32::try_from(self.values.exprs.len()).unwrap_or(u32::MAX);
        self.values.exprs.push(expr);
        self.values.spans.push(span);
        ExprId(id)
    }

    pub(super) fn list(&mut self, items: &[ExprId]) -> List {
        let start = u32::try_from(self.values.lists.len()).unwrap_or(u32::MAX);
        self.values.lists.extend_from_slice(items);
        List { start, len: u32::try_from(items.len()).unwrap_or(0) }
    }

    fn exprs(&mut self, nodes: impl Iterator<Item = Node<'t>>) -> List {
        let items: Vec<ExprId> = nodes.map(|node| self.expr(node)).collect();
        self.list(&items)
    }

    /// Reads an expression.
    pub(super) fn expr(&mut self, node: Node<'t>) -> ExprId {
        let node = bare(node);
        let span = range(node);
        if self.depth >= DEPTH || self.values.exprs.len() >= MOST {
            return self.add(Expr::Opaque, span);
        }
        if matches!(node.kind(), "call_expression" | "new_expression") {
            return self.call_once(node);
        }
        self.depth += 1;
        let expr = self.read(node);
        self.depth -= 1;
        self.add(expr, span)
    }

    fn field(&mut self, node: Node<'t>, name: &'static str) -> ExprId {
        match field(node, name) {
            Some(inner) => self.expr(inner),
            None => self.add(Expr::Opaque, range(node)),
        }
    }

    fn read(&mut self, node: Node<'t>) -> Expr {
        match node.kind() {
            "identifier" if text(node, self.source) == "undefined" => Expr::Nothing,
            "identifier" | "shorthand_property_identifier" => {
                self.need_name(text(node, self.source));
                Expr::Name
            }
            "super" | "import" | "meta_property" => Expr::Name,
            "this" => Expr::This,
            "string" => Expr::Str(inside(node)),
            "template_string" => self.template(node),
            "number" => Expr::Number,
            "regex" => Expr::Regex,
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            "null" | "undefined" => Expr::Nothing,
            "member_expression" => match field(node, "property") {
                Some(name) => Expr::Member { object: self.field(node, "object"), name: range(name) },
                None => Expr::Opaque,
            },
            "subscript_expression" => {
                Expr::Index { object: self.field(node, "object"), index: self.field(node, "index") }
            }
            "object" if is_worth_reading(text(node, self.source)) => self.object(node),
            "array" => {
                let items = self.exprs(parts(node));
                Expr::Array(items)
            }
            "spread_element" => match parts(node).next() {
                Some(inner) => Expr::Spread(self.expr(inner)),
                None => Expr::Opaque,
            },
            "binary_expression" => self.binary(node),
            "unary_expression" if field(node, "operator").is_some_and(|it| it.kind() == "!") => {
                Expr::Not(self.field(node, "argument"))
            }
            "ternary_expression" => Expr::Ternary {
                test: self.field(node, "condition"),
                then: self.field(node, "consequence"),
                other: self.field(node, "alternative"),
            },
            "assignment_expression" => match field(node, "right") {
                Some(right) => self.read(bare(right)),
                None => Expr::Opaque,
            },
            "augmented_assignment_expression"
                if field(node, "operator").is_some_and(|it| it.kind().ends_with("?=")) =>
            {
                match field(node, "right") {
                    Some(right) => self.read(bare(right)),
                    None => Expr::Opaque,
                }
            }
            _ if is_function(node) => Expr::Lambda(self.lambda_value(node)),
            _ if is_class(node) => Expr::Class(self.class(node)),
            _ => Expr::Opaque,
        }
    }

    /// A call is read once, whether it stands on its own or in a value.
    pub(super) fn call_once(&mut self, node: Node<'t>) -> ExprId {
        if let Some(known) = self.known_calls.get(&node.id()) {
            return *known;
        }
        self.depth += 1;
        let expr = self.call(node);
        self.depth -= 1;
        let id = self.add(expr, range(node));
        self.known_calls.insert(node.id(), id);
        id
    }

    fn call(&mut self, node: Node<'t>) -> Expr {
        let args = match field(node, "arguments") {
            Some(list) if list.kind() == "arguments" => self.exprs(parts(list)),
            Some(template) => self.exprs(std::iter::once(template)),
            None => List::default(),
        };
        if node.kind() == "new_expression" {
            return Expr::New { class: self.field(node, "constructor"), args };
        }
        let types = field(node, "type_arguments").map(range).unwrap_or_default();
        Expr::Call { function: self.field(node, "function"), args, types }
    }

    fn template(&mut self, node: Node<'t>) -> Expr {
        let whole = inside(node);
        let (mut at, mut items) = (whole.start(), Vec::new());
        for part in children(node).filter(|part| part.kind() == "template_substitution") {
            let span = range(part);
            if span.start() > at {
                items.push(self.fixed(TextRange::new(at, span.start())));
            }
            items.push(match parts(part).next() {
                Some(value) => self.expr(value),
                None => self.add(Expr::Opaque, span),
            });
            at = span.end();
        }
        if items.is_empty() {
            return Expr::Str(whole);
        }
        if whole.end() > at {
            items.push(self.fixed(TextRange::new(at, whole.end())));
        }
        Expr::Template(self.list(&items))
    }

    fn fixed(&mut self, span: TextRange) -> ExprId {
        self.add(Expr::Str(span), span)
    }

    fn object(&mut self, node: Node<'t>) -> Expr {
        let mut props = Vec::new();
        for part in parts(node) {
            let key = match part.kind() {
                "pair" => field(part, "key").map_or_else(TextRange::default, key_range),
                "method_definition" => field(part, "name").map_or_else(TextRange::default, key_range),
                "shorthand_property_identifier" => range(part),
                _ => TextRange::default(),
            };
            let (value, is_spread) = match part.kind() {
                "pair" => (self.field(part, "value"), false),
                "spread_element" => match parts(part).next() {
                    Some(inner) => (self.expr(inner), true),
                    None => continue,
                },
                _ => (self.expr(part), false),
            };
            props.push(Prop { key, is_spread, value });
        }
        self.put_props(&props)
    }

    pub(super) fn put_props(&mut self, props: &[Prop]) -> Expr {
        let start = u32::try_from(self.values.props.len()).unwrap_or(u32::MAX);
        self.values.props.extend_from_slice(props);
        Expr::Object(List { start, len: u32::try_from(props.len()).unwrap_or(0) })
    }

    fn binary(&mut self, node: Node<'t>) -> Expr {
        let operator = field(node, "operator").map_or("", |it| it.kind());
        match operator {
            "+" => self.sum(node),
            "||" | "??" => Expr::Or { left: self.field(node, "left"), right: self.field(node, "right") },
            "&&" => Expr::And { left: self.field(node, "left"), right: self.field(node, "right") },
            "==" | "===" | "!=" | "!==" => Expr::Equal {
                left: self.field(node, "left"),
                right: self.field(node, "right"),
                is_negated: operator.starts_with('!'),
            },
            _ => Expr::Opaque,
        }
    }

    /// `a + b + c` leans to the left, as deep as it is long.
    fn sum(&mut self, node: Node<'t>) -> Expr {
        let (mut at, mut terms) = (node, Vec::new());
        while at.kind() == "binary_expression" && field(at, "operator").is_some_and(|it| it.kind() == "+") {
            let (Some(left), Some(right)) = (field(at, "left"), field(at, "right")) else { return Expr::Opaque };
            terms.push(right);
            at = bare(left);
        }
        terms.push(at);
        let items = self.exprs(terms.into_iter().rev());
        Expr::Sum(items)
    }

    /// Reads the parameters of a function, whose names belong to it.
    pub(super) fn params(&mut self, function: Node<'t>, id: LambdaId) -> Vec<Param> {
        if let Some(only) = field(function, "parameter") {
            self.bind_param(only, id, 0, None);
            return vec![Param {
                name: range(only),
                default: None,
                kind: TextRange::default(),
                is_rest: false,
                is_field: false,
            }];
        }
        let Some(list) = field(function, "parameters") else { return Vec::new() };
        let mut params = Vec::new();
        for (index, node) in (0..).zip(parts(list).filter(|it| it.kind() != "decorator")) {
            let mut pattern = field(node, "pattern").unwrap_or(node);
            let mut default = field(node, "value");
            if pattern.kind() == "assignment_pattern" {
                default = field(pattern, "right").or(default);
                pattern = field(pattern, "left").unwrap_or(pattern);
            }
            let is_rest = pattern.kind() == "rest_pattern";
            if is_rest {
                pattern = parts(pattern).next().unwrap_or(pattern);
            }
            let default = default.map(|value| self.expr(value));
            self.bind_param(pattern, id, index, default);
            let mut tokens = children(node);
            params.push(Param {
                name: if pattern.kind() == "identifier" { range(pattern) } else { TextRange::default() },
                default,
                kind: field(node, "type").and_then(|it| parts(it).next()).map(range).unwrap_or_default(),
                is_rest,
                is_field: tokens.any(|it| matches!(it.kind(), "accessibility_modifier" | "override_modifier"))
                    || text(node, self.source).starts_with("readonly "),
            });
        }
        params
    }
}

/// Returns whether an object may hold URLs or functions. Tables of translations are large and hold neither.
fn is_worth_reading(object: &str) -> bool {
    const SMALL: usize = 4_000;
    const SIGNS: [&str; 8] = ["\"/", "'/", "`/", "}/", "://", "=>", "axios", "fetch"];
    object.len() < SMALL || SIGNS.iter().any(|sign| object.contains(sign))
}

/// Returns what stands inside `(…)`, `await …`, `… as T` and `…!`.
pub(super) fn bare(node: Node<'_>) -> Node<'_> {
    match node.kind() {
        "parenthesized_expression"
        | "await_expression"
        | "as_expression"
        | "satisfies_expression"
        | "non_null_expression"
        | "unary_expression" => unwrapped(node),
        _ => node,
    }
}

/// Returns what stands between the quotes of a string or a template.
fn inside(node: Node<'_>) -> TextRange {
    let whole = range(node);
    TextRange::new(whole.start() + 1, whole.end().saturating_sub(1))
}

/// Returns the name of an entry, quotes left out; nothing where it is computed.
pub(super) fn key_range(key: Node<'_>) -> TextRange {
    match key.kind() {
        "string" => inside(key),
        "computed_property_name" => TextRange::default(),
        _ => range(key),
    }
}
