//! Keeps what a script says about values while its tree is traversed.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::script::{arguments, called_name, unwrapped};
use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::read::key_range;
use super::{Binding, CallSite, Class, ClassId, Expr, ExprId, Lambda, LambdaId, Member, Origin, Prop, Setting, Values};
use crate::outline::{Outline, ScopeId};

/// Names of functions that ask a server, whatever they belong to.
const VERBS: [&str; 24] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "del",
    "head",
    "options",
    "request",
    "ajax",
    "query",
    "mutation",
    "useQuery",
    "useSWR",
    "useSWRMutation",
    "useSWRImmutable",
    "useSWRInfinite",
    "getJSON",
    "io",
    "extend",
    "load",
    "infiniteQuery",
    "injectEndpoints",
    "sendBeacon",
];
/// What the names of functions that ask a server hold, in small letters.
const STEMS: [&str; 8] = ["fetch", "request", "api", "http", "axios", "socket", "client", "ajax"];
/// What is made to listen to a server.
const MADE: [&str; 9] = [
    "WebSocket",
    "ReconnectingWebSocket",
    "EventSource",
    "Pusher",
    "Request",
    "RobustWebSocket",
    "Echo",
    "Centrifuge",
    "EventSourcePolyfill",
];

/// The values of a module while they are read.
pub(crate) struct Lowering<'s> {
    pub(super) source: &'s str,
    pub(super) values: Values,
    pub(super) depth: u32,
    pub(super) known_calls: FxHashMap<usize, ExprId>,
    known_lambdas: FxHashMap<usize, LambdaId>,
    known_classes: FxHashMap<usize, ClassId>,
    /// The functions around the place that is read, the innermost last.
    open: Vec<LambdaId>,
    /// The classes around it.
    open_classes: Vec<ClassId>,
    whole: TextRange,
}

impl<'s> Lowering<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Self {
            source,
            values: Values::default(),
            depth: 0,
            known_calls: FxHashMap::default(),
            known_lambdas: FxHashMap::default(),
            known_classes: FxHashMap::default(),
            open: Vec::new(),
            open_classes: Vec::new(),
            whole: TextRange::of(0..source.len()),
        }
    }

    pub(crate) fn finish(self) -> Values {
        self.values
    }

    fn owner(&self) -> Option<LambdaId> {
        self.open.last().copied()
    }

    /// Is told that a function begins.
    pub(crate) fn open_function(&mut self, node: Node<'_>, outline: &Outline<'_>, scope: ScopeId) {
        let is_new = !self.known_lambdas.contains_key(&node.id());
        let id = self.lambda(node);
        if node.kind().ends_with("declaration")
            && is_new
            && let Some(name) = field(node, "name")
        {
            self.bind(range(name), block(outline, scope, self.whole), Origin::Lambda(id), true);
        }
        self.open.push(id);
    }

    pub(crate) fn close_function(&mut self) {
        self.open.pop();
    }

    /// Is told that a class begins.
    pub(crate) fn open_class(&mut self, node: Node<'_>, outline: &Outline<'_>, scope: ScopeId) {
        let id = self.class(node);
        if node.kind() != "class"
            && let Some(name) = field(node, "name")
        {
            self.bind(range(name), block(outline, scope, self.whole), Origin::Class(id), true);
        }
        self.open_classes.push(id);
    }

    pub(crate) fn close_class(&mut self) {
        self.open_classes.pop();
    }

    fn bind(&mut self, name: TextRange, block: TextRange, origin: Origin, declares: bool) {
        let owner = self.owner();
        self.values.bindings.push(Binding { name, owner, block, origin, declares });
    }

    /// Reads `const name = value`, `const { a, b } = value`.
    pub(crate) fn declarator(&mut self, node: Node<'_>, outline: &Outline<'_>, scope: ScopeId) {
        let Some(name) = field(node, "name").filter(|_| node.kind() == "variable_declarator") else { return };
        let block = block(outline, scope, self.whole);
        let Some(value) = field(node, "value") else {
            if name.kind() == "identifier" {
                self.bind(range(name), block, Origin::Unknown, true);
            }
            return;
        };
        match name.kind() {
            "identifier" => {
                let value = self.expr(value);
                self.bind(range(name), block, Origin::Value(value), true);
            }
            "object_pattern" => {
                let of = self.expr(value);
                for (name, key, default) in pattern_names(name) {
                    let default = default.map(|value| self.expr(value));
                    self.bind(name, block, Origin::Part { of, key, default }, true);
                }
            }
            "array_pattern" => {
                for (index, part) in parts(name).enumerate().filter(|(_, part)| part.kind() == "identifier") {
                    let of = if index == 0 { self.hook_state(value) } else { None };
                    self.bind(range(part), block, of.map_or(Origin::Unknown, Origin::Value), true);
                }
            }
            _ => {}
        }
    }

    /// `const [url, setUrl] = useState("/x")` starts as what is given.
    fn hook_state(&mut self, value: Node<'_>) -> Option<ExprId> {
        let is_state = value.kind() == "call_expression" && called_name(value, self.source) == Some("useState");
        let first = arguments(value).next().filter(|_| is_state)?;
        matches!(first.kind(), "string" | "template_string").then(|| self.expr(first))
    }

    /// Reads `name = value`, `name += value`, `this.name = value` and `axios.defaults.baseURL = value`.
    pub(crate) fn assignment(&mut self, node: Node<'_>, outline: &Outline<'_>, scope: ScopeId) {
        let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return };
        let is_sum = node.kind() == "augmented_assignment_expression";
        match left.kind() {
            "identifier" => {
                let is_append = is_sum && field(node, "operator").is_some_and(|it| it.kind() == "+=");
                let value = self.expr(right);
                let origin = match (is_sum, is_append) {
                    (false, _) => Origin::Value(value),
                    (true, true) => Origin::Appended(value),
                    (true, false) => Origin::Unknown,
                };
                self.bind(range(left), block(outline, scope, self.whole), origin, false);
            }
            "member_expression" if !is_sum => self.member_assignment(left, right),
            _ => {}
        }
    }

    fn member_assignment(&mut self, left: Node<'_>, right: Node<'_>) {
        let (Some(object), Some(name)) = (field(left, "object"), field(left, "property")) else { return };
        if object.kind() == "this" {
            let (owner, class) = (self.owner(), self.open_classes.last().copied());
            let value = self.expr(right);
            let member = Member { name: range(name), value, set_in: owner, is_static: false, is_getter: false };
            if let Some(class) = class.and_then(|id| self.values.classes.get_mut(id.0 as usize)) {
                class.members.push(member);
            }
            return;
        }
        let path = text(left, self.source);
        if path == "module.exports" {
            self.values.default_export = Some(self.expr(right));
        } else if matches!(text(name, self.source), "baseURL" | "baseUrl" | "search" | "pathname")
            || path.starts_with("exports.")
        {
            let (target, value, owner) = (self.expr(left), self.expr(right), self.owner());
            self.values.settings.push(Setting { target, value, owner });
        }
    }

    pub(crate) fn returned(&mut self, node: Node<'_>) {
        let (Some(value), Some(owner)) = (parts(node).next(), self.owner()) else { return };
        self.add_return(value, owner);
    }

    fn add_return(&mut self, value: Node<'_>, owner: LambdaId) {
        if arrears_syntax::script::is_jsx(unwrapped(value)) {
            return;
        }
        let value = self.expr(value);
        if let Some(lambda) = self.values.lambdas.get_mut(owner.0 as usize) {
            lambda.returns.push(value);
        }
    }

    pub(crate) fn default_export(&mut self, node: Node<'_>) {
        if let Some(value) = field(node, "value") {
            self.values.default_export = Some(self.expr(value));
        }
    }

    /// Keeps a call if it may ask a server.
    pub(crate) fn call_site(&mut self, node: Node<'_>) {
        if !self.may_ask(node) {
            return;
        }
        let (expr, owner) = (self.call_once(node), self.owner());
        self.values.calls.push(CallSite { expr, owner });
    }

    fn may_ask(&self, node: Node<'_>) -> bool {
        if node.kind() == "new_expression" {
            let name = field(node, "constructor").map_or("", |it| text(it, self.source));
            return MADE.contains(&name.rsplit('.').next().unwrap_or(name));
        }
        let name = called_name(node, self.source).unwrap_or("");
        let Some(first) = arguments(node).next() else { return false };
        let lower = name.to_ascii_lowercase();
        VERBS.contains(&name)
            || STEMS.iter().any(|stem| lower.contains(stem))
            || (name == "open" && matches!(first.kind(), "string") && text(first, self.source).len() <= 9)
            || self.looks_like_url(unwrapped(first))
    }

    fn looks_like_url(&self, first: Node<'_>) -> bool {
        let written = text(first, self.source);
        match first.kind() {
            "string" | "template_string" => {
                let inner = written.get(1..).unwrap_or("");
                inner.starts_with('/')
                    || inner.starts_with("http")
                    || inner.starts_with("ws")
                    || inner.starts_with("${") && inner.find('}').is_some_and(|at| inner[at + 1..].starts_with('/'))
            }
            "object" => parts(first).any(|it| {
                field(it, "key").unwrap_or(it).kind().contains("identifier") && is_named(it, "url", self.source)
            }),
            "member_expression" | "call_expression" | "identifier" => {
                let written = written.get(..written.len().min(64)).unwrap_or("");
                ["ENDPOINT", "API", "URL", "ROUTES", "PATHS"].iter().any(|word| written.contains(word))
            }
            _ => false,
        }
    }

    /// Reads an enum as an object.
    pub(crate) fn enumeration(&mut self, node: Node<'_>, outline: &Outline<'_>, scope: ScopeId) {
        let (Some(name), Some(body)) = (field(node, "name"), field(node, "body")) else { return };
        let mut props = Vec::new();
        for part in parts(body).filter(|part| part.kind() == "enum_assignment") {
            let (Some(key), Some(value)) = (field(part, "name"), field(part, "value")) else { continue };
            props.push(Prop { key: key_range(key), is_spread: false, value: self.expr(value) });
        }
        let object = self.put_props(&props);
        let value = self.add(object, range(body));
        self.bind(range(name), block(outline, scope, self.whole), Origin::Value(value), true);
    }

    /// Returns the id of a function; reads its parameters and, where its body is one, its expression.
    pub(super) fn lambda(&mut self, node: Node<'_>) -> LambdaId {
        if let Some(known) = self.known_lambdas.get(&node.id()) {
            return *known;
        }
        let id = LambdaId(u32::try_from(self.values.lambdas.len()).unwrap_or(u32::MAX));
        self.known_lambdas.insert(node.id(), id);
        let is_arrow = node.kind() == "arrow_function";
        let lambda = Lambda {
            range: range(node),
            name: field(node, "name").map(range).unwrap_or_default(),
            owner: self.owner(),
            class: None,
            is_arrow,
            params: Vec::new(),
            returns: Vec::new(),
            return_type: field(node, "return_type").and_then(|it| parts(it).next()).map(range).unwrap_or_default(),
        };
        self.values.lambdas.push(lambda);
        self.open.push(id);
        let params = self.params(node, id);
        if let Some(lambda) = self.values.lambdas.get_mut(id.0 as usize) {
            lambda.params = params;
        }
        let body = field(node, "body").filter(|body| is_arrow && body.kind() != "statement_block");
        if let Some(body) = body {
            self.add_return(body, id);
        }
        self.open.pop();
        id
    }

    /// Binds the names of a parameter.
    pub(super) fn bind_param(&mut self, pattern: Node<'_>, id: LambdaId, index: u32, default: Option<ExprId>) {
        let block = self.values.lambda(id).map_or(self.whole, |it| it.range);
        match pattern.kind() {
            "identifier" => {
                let origin = Origin::Param { index, key: TextRange::default(), default };
                self.bind(range(pattern), block, origin, true);
            }
            "object_pattern" => {
                for (name, key, default) in pattern_names(pattern) {
                    let default = default.map(|value| self.expr(value));
                    let origin = if key.is_empty() { Origin::Unknown } else { Origin::Param { index, key, default } };
                    self.bind(name, block, origin, true);
                }
            }
            _ => {}
        }
    }

    /// Returns the id of a class; reads its members.
    pub(super) fn class(&mut self, node: Node<'_>) -> ClassId {
        if let Some(known) = self.known_classes.get(&node.id()) {
            return *known;
        }
        let id = ClassId(u32::try_from(self.values.classes.len()).unwrap_or(u32::MAX));
        self.known_classes.insert(node.id(), id);
        let heritage = children(node).find(|child| child.kind() == "class_heritage");
        let extended = heritage.and_then(|heritage| {
            let clause = children(heritage).find(|it| it.kind() == "extends_clause");
            clause.map_or_else(|| parts(heritage).next(), |clause| field(clause, "value"))
        });
        let extends = extended.map(|it| self.expr(it));
        self.values.classes.push(Class {
            range: range(node),
            name: field(node, "name").map(range).unwrap_or_default(),
            owner: self.owner(),
            extends,
            constructor: None,
            super_args: None,
            members: Vec::new(),
        });
        self.open_classes.push(id);
        let mut members = Vec::new();
        let mut constructor = None;
        for part in field(node, "body").into_iter().flat_map(parts) {
            let Some(name) = field(part, "name") else { continue };
            let is_constructor = text(name, self.source) == "constructor";
            let value = match part.kind() {
                "method_definition" if is_constructor => {
                    let function = self.lambda(part);
                    self.belongs(function, id);
                    constructor = Some((function, self.super_args(part)));
                    continue;
                }
                "method_definition" => self.expr(part),
                "public_field_definition" => match field(part, "value") {
                    Some(value) => self.expr(value),
                    None => continue,
                },
                _ => continue,
            };
            if let Expr::Lambda(function) = self.values.expr(value) {
                self.belongs(function, id);
            }
            let mut cursor = part.walk();
            let mut tokens = part.children(&mut cursor);
            let (mut is_static, mut is_getter) = (false, false);
            tokens.by_ref().for_each(|token| match token.kind() {
                "static" => is_static = true,
                "get" => is_getter = true,
                _ => {}
            });
            members.push(Member { name: key_range(name), value, set_in: None, is_static, is_getter });
        }
        self.open_classes.pop();
        if let Some(class) = self.values.classes.get_mut(id.0 as usize) {
            class.members = members;
            class.constructor = constructor.map(|(id, _)| id);
            class.super_args = constructor.and_then(|(_, args)| args);
        }
        id
    }

    fn belongs(&mut self, function: LambdaId, class: ClassId) {
        if let Some(lambda) = self.values.lambdas.get_mut(function.0 as usize) {
            lambda.class = Some(class);
        }
    }

    fn super_args(&mut self, constructor: Node<'_>) -> Option<super::List> {
        let body = field(constructor, "body")?;
        let call = parts(body).filter(|it| it.kind() == "expression_statement").find_map(|it| {
            parts(it).next().filter(|it| {
                it.kind() == "call_expression" && field(*it, "function").is_some_and(|it| it.kind() == "super")
            })
        })?;
        let id = self.call_once(call);
        match self.values.expr(id) {
            Expr::Call { args, .. } => Some(args),
            _ => None,
        }
    }
}

/// Returns the range of the innermost block around a scope's content.
fn block(outline: &Outline<'_>, scope: ScopeId, whole: TextRange) -> TextRange {
    let node = outline.enclosing(scope).find(|it| !it.kind().starts_with("jsx_"));
    node.filter(|it| it.kind() != "program").map_or(whole, range)
}

fn is_named(entry: Node<'_>, name: &str, source: &str) -> bool {
    let key = field(entry, "key").unwrap_or(entry);
    text(key, source) == name
}

/// Returns the names that an object pattern binds: the name, the key it stands for, its value where there is none.
fn pattern_names(pattern: Node<'_>) -> Vec<(TextRange, TextRange, Option<Node<'_>>)> {
    let mut found = Vec::new();
    for part in parts(pattern) {
        let (key, target, default) = match part.kind() {
            "shorthand_property_identifier_pattern" => (range(part), part, None),
            "object_assignment_pattern" => match (field(part, "left"), field(part, "right")) {
                (Some(left), right) => (range(left), left, right),
                (None, _) => continue,
            },
            "pair_pattern" => match (field(part, "key"), field(part, "value")) {
                (Some(key), Some(value)) if value.kind() == "assignment_pattern" => {
                    (key_range(key), field(value, "left").unwrap_or(value), field(value, "right"))
                }
                (_, Some(value)) if value.kind() == "object_pattern" => {
                    let inner = parts(value).filter(|it| it.kind() == "shorthand_property_identifier_pattern");
                    found.extend(inner.map(|name| (range(name), TextRange::default(), None)));
                    continue;
                }
                (Some(key), Some(value)) => (key_range(key), value, None),
                _ => continue,
            },
            _ => continue,
        };
        if target.kind().ends_with("identifier") || target.kind() == "shorthand_property_identifier_pattern" {
            found.push((range(target), key, default));
        }
    }
    found
}
