//! Keeps what a script says about values while its tree is traversed.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::script::{arguments, called_name, unwrapped};
use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::read::key_range;
use super::{
    Binding, CallSite, Class, ClassId, Expr, ExprId, Lambda, LambdaId, List, Member, Origin, Prop, Setting, Values,
};
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

/// A name that may be needed, and where it gets a value.
#[derive(Debug, Clone, Copy)]
struct Pending<'t> {
    /// The declarator or the assignment.
    node: Node<'t>,
    owner: Option<LambdaId>,
    block: TextRange,
}

/// `this.name = value`
#[derive(Debug, Clone, Copy)]
struct Field<'t> {
    class: ClassId,
    owner: Option<LambdaId>,
    name: TextRange,
    value: Node<'t>,
}

/// The values of a module while they are read.
///
/// The traversal only notes places. What calls, classes and the names of the module need is read at the end.
pub(crate) struct Lowering<'s, 't> {
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
    /// The nodes of functions and classes.
    lambdas: Vec<Node<'t>>,
    classes: Vec<Node<'t>>,
    pending: Vec<Pending<'t>>,
    returns: Vec<(LambdaId, Node<'t>)>,
    fields: Vec<Field<'t>>,
    /// Calls that may ask a server, settings and default exports.
    sites: Vec<(Node<'t>, Option<LambdaId>)>,
    settings: Vec<(Node<'t>, Option<LambdaId>)>,
    default_export: Option<Node<'t>>,
    /// The functions whose parameters and results are needed, and those that were read.
    needed: Vec<LambdaId>,
    is_needed: Vec<bool>,
    /// The names that are needed.
    names: Vec<&'s str>,
    known_names: FxHashSet<&'s str>,
}

impl<'s, 't> Lowering<'s, 't> {
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
            lambdas: Vec::new(),
            classes: Vec::new(),
            pending: Vec::new(),
            returns: Vec::new(),
            fields: Vec::new(),
            sites: Vec::new(),
            settings: Vec::new(),
            default_export: None,
            needed: Vec::new(),
            is_needed: Vec::new(),
            names: Vec::new(),
            known_names: FxHashSet::default(),
        }
    }

    /// Reads what is needed.
    pub(crate) fn finish(mut self) -> Values {
        for at in 0..self.classes.len() {
            self.read_class(ClassId(index(at)));
        }
        for field in std::mem::take(&mut self.fields) {
            self.within(field.owner, |it| it.read_field(field));
        }
        self.read_sites();
        let (own, inner): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.pending).into_iter().partition(|it| it.owner.is_none());
        for pending in own {
            self.within(None, |it| it.read_pending(pending));
        }
        self.read_needed(&inner);
        // A name may be bound out of order.
        self.values.bindings.sort_by_key(|it| it.name.start());
        self.values
    }

    fn read_sites(&mut self) {
        for (node, owner) in std::mem::take(&mut self.sites) {
            self.need_around(owner);
            let expr = self.within(owner, |it| it.call_once(node));
            self.values.calls.push(CallSite { expr, owner });
        }
        for (node, owner) in std::mem::take(&mut self.settings) {
            self.need_around(owner);
            let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { continue };
            let (target, value) = self.within(owner, |it| (it.expr(left), it.expr(right)));
            self.values.settings.push(Setting { target, value, owner });
        }
        if let Some(node) = self.default_export {
            let expr = self.within(None, |it| it.expr(node));
            self.values.default_export = Some(expr);
        }
    }

    /// Reads functions and names until nothing new is needed.
    fn read_needed(&mut self, pending: &[Pending<'t>]) {
        let mut returns: FxHashMap<LambdaId, Vec<Node<'t>>> = FxHashMap::default();
        for (owner, node) in std::mem::take(&mut self.returns) {
            returns.entry(owner).or_default().push(node);
        }
        let mut by_name: Option<FxHashMap<&'s str, Vec<Pending<'t>>>> = None;
        loop {
            if let Some(id) = self.needed.pop() {
                self.read_lambda(id, returns.remove(&id).unwrap_or_default());
            } else if let Some(name) = self.names.pop() {
                let index = by_name.get_or_insert_with(|| names_of(pending, self.source));
                for pending in index.remove(name).unwrap_or_default() {
                    self.within(pending.owner, |it| it.read_pending(pending));
                }
            } else {
                return;
            }
        }
    }

    fn within<T>(&mut self, owner: Option<LambdaId>, run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.open, owner.into_iter().collect());
        let result = run(self);
        self.open = outer;
        result
    }

    /// Asks for the functions around a place.
    fn need_around(&mut self, owner: Option<LambdaId>) {
        let mut at = owner;
        while let Some(id) = at {
            if !self.need(id) {
                return;
            }
            at = self.values.lambda(id).and_then(|it| it.owner);
        }
    }

    /// Asks for a function; returns whether it is new.
    fn need(&mut self, id: LambdaId) -> bool {
        match self.is_needed.get_mut(id.0 as usize) {
            Some(needed) if !*needed => {
                *needed = true;
                self.needed.push(id);
                true
            }
            _ => false,
        }
    }

    /// Asks for a name.
    pub(super) fn need_name(&mut self, name: &'s str) {
        if self.known_names.insert(name) {
            self.names.push(name);
        }
    }

    fn owner(&self) -> Option<LambdaId> {
        self.open.last().copied()
    }

    /// Is told that a function begins.
    pub(crate) fn open_function(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
        let id = self.lambda(node);
        if node.kind().ends_with("declaration")
            && let Some(name) = field(node, "name")
        {
            self.bind(range(name), block(outline, scope, self.whole), Origin::Lambda(id), true);
            if self.open.is_empty() {
                self.need(id);
            }
        }
        self.open.push(id);
    }

    pub(crate) fn close_function(&mut self) {
        self.open.pop();
    }

    /// Is told that a class begins.
    pub(crate) fn open_class(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
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

    /// Notes `const name = value`, `const { a, b } = value`.
    pub(crate) fn declarator(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
        if node.kind() == "variable_declarator" {
            self.note(node, outline, scope);
        }
    }

    fn note(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
        let (owner, block) = (self.owner(), block(outline, scope, self.whole));
        self.pending.push(Pending { node, owner, block });
    }

    fn read_pending(&mut self, Pending { node, block, .. }: Pending<'t>) {
        if node.kind() == "variable_declarator" {
            self.read_declarator(node, block);
        } else if node.kind() == "enum_declaration" {
            self.read_enumeration(node, block);
        } else {
            self.read_assignment(node, block);
        }
    }

    fn read_declarator(&mut self, node: Node<'t>, block: TextRange) {
        let Some(name) = field(node, "name") else { return };
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
    fn hook_state(&mut self, value: Node<'t>) -> Option<ExprId> {
        let is_state = value.kind() == "call_expression" && called_name(value, self.source) == Some("useState");
        let first = arguments(value).next().filter(|_| is_state)?;
        matches!(first.kind(), "string" | "template_string").then(|| self.expr(first))
    }

    /// Notes `name = value`, `name += value`, `this.name = value` and `axios.defaults.baseURL = value`.
    pub(crate) fn assignment(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
        let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return };
        match left.kind() {
            "identifier" => self.note(node, outline, scope),
            "member_expression" if node.kind() == "assignment_expression" => self.member_assignment(node, left, right),
            _ => {}
        }
    }

    fn read_assignment(&mut self, node: Node<'t>, block: TextRange) {
        let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return };
        let is_sum = node.kind() == "augmented_assignment_expression";
        let is_append = is_sum && field(node, "operator").is_some_and(|it| it.kind() == "+=");
        let value = self.expr(right);
        let origin = match (is_sum, is_append) {
            (false, _) => Origin::Value(value),
            (true, true) => Origin::Appended(value),
            (true, false) => Origin::Unknown,
        };
        self.bind(range(left), block, origin, false);
    }

    fn member_assignment(&mut self, node: Node<'t>, left: Node<'t>, right: Node<'t>) {
        let (Some(object), Some(name)) = (field(left, "object"), field(left, "property")) else { return };
        if object.kind() == "this" {
            if let Some(class) = self.open_classes.last().copied() {
                self.fields.push(Field { class, owner: self.owner(), name: range(name), value: right });
            }
            return;
        }
        let name = text(name, self.source);
        if name == "exports" && text(object, self.source) == "module" {
            self.default_export = Some(right);
        } else if matches!(name, "baseURL" | "baseUrl") {
            self.settings.push((node, self.owner()));
        }
    }

    fn read_field(&mut self, Field { class, owner, name, value }: Field<'t>) {
        self.need_around(owner);
        let value = self.expr(value);
        let member = Member { name, value, set_in: owner, is_static: false, is_getter: false };
        if let Some(class) = self.values.classes.get_mut(class.0 as usize) {
            class.members.push(member);
        }
    }

    pub(crate) fn returned(&mut self, node: Node<'t>) {
        if let Some(owner) = self.owner() {
            self.returns.push((owner, node));
        }
    }

    fn add_return(&mut self, value: Node<'t>, owner: LambdaId) {
        if arrears_syntax::script::is_jsx(unwrapped(value)) {
            return;
        }
        let value = self.expr(value);
        if let Some(lambda) = self.values.lambdas.get_mut(owner.0 as usize) {
            lambda.returns.push(value);
        }
    }

    pub(crate) fn default_export(&mut self, node: Node<'t>) {
        if let Some(value) = field(node, "value") {
            self.default_export = Some(value);
        }
    }

    /// Notes a call if it may ask a server.
    pub(crate) fn call_site(&mut self, node: Node<'t>) {
        if self.may_ask(node) {
            self.sites.push((node, self.owner()));
        }
    }

    fn may_ask(&self, node: Node<'t>) -> bool {
        if node.kind() == "new_expression" {
            let name = field(node, "constructor").map_or("", |it| text(it, self.source));
            return MADE.contains(&name.rsplit('.').next().unwrap_or(name));
        }
        let Some(first) = field(node, "arguments").and_then(|it| it.named_child(0)) else { return false };
        let name = called_name(node, self.source).unwrap_or("");
        VERBS.contains(&name)
            || STEMS.iter().any(|stem| holds(name, stem))
            || (name == "open" && matches!(first.kind(), "string") && text(first, self.source).len() <= 9)
            || self.looks_like_url(unwrapped(first))
    }

    fn looks_like_url(&self, first: Node<'t>) -> bool {
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

    /// Notes an enum, which is an object.
    pub(crate) fn enumeration(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
        self.note(node, outline, scope);
    }

    fn read_enumeration(&mut self, node: Node<'t>, block: TextRange) {
        let (Some(name), Some(body)) = (field(node, "name"), field(node, "body")) else { return };
        let mut props = Vec::new();
        for part in parts(body).filter(|part| part.kind() == "enum_assignment") {
            let (Some(key), Some(value)) = (field(part, "name"), field(part, "value")) else { continue };
            props.push(Prop { key: key_range(key), is_spread: false, value: self.expr(value) });
        }
        let object = self.put_props(&props);
        let value = self.add(object, range(body));
        self.bind(range(name), block, Origin::Value(value), true);
    }

    /// Returns the id of a function that an expression holds, which is needed then.
    pub(super) fn lambda_value(&mut self, node: Node<'t>) -> LambdaId {
        let id = self.lambda(node);
        self.need(id);
        id
    }

    fn lambda(&mut self, node: Node<'t>) -> LambdaId {
        if let Some(known) = self.known_lambdas.get(&node.id()) {
            return *known;
        }
        let id = LambdaId(index(self.values.lambdas.len()));
        self.known_lambdas.insert(node.id(), id);
        self.lambdas.push(node);
        self.is_needed.push(false);
        self.values.lambdas.push(Lambda {
            range: range(node),
            name: TextRange::default(),
            owner: self.owner(),
            class: None,
            is_arrow: node.kind() == "arrow_function",
            params: Vec::new(),
            returns: Vec::new(),
            return_type: TextRange::default(),
        });
        id
    }

    /// Reads the parameters and the results of a function.
    fn read_lambda(&mut self, id: LambdaId, returns: Vec<Node<'t>>) {
        let Some(node) = self.lambdas.get(id.0 as usize).copied() else { return };
        let outer = std::mem::replace(&mut self.open, vec![id]);
        let params = self.params(node, id);
        if let Some(lambda) = self.values.lambdas.get_mut(id.0 as usize) {
            lambda.params = params;
            lambda.name = field(node, "name").map(range).unwrap_or_default();
            let said = field(node, "return_type").and_then(|it| parts(it).next());
            lambda.return_type = said.map(range).unwrap_or_default();
        }
        for value in returns.into_iter().filter_map(|it| parts(it).next()) {
            self.add_return(value, id);
        }
        if let Some(body) = field(node, "body").filter(|body| body.kind() != "statement_block") {
            self.add_return(body, id);
        }
        self.open = outer;
    }

    /// Binds the names of a parameter.
    pub(super) fn bind_param(&mut self, pattern: Node<'t>, id: LambdaId, index: u32, default: Option<ExprId>) {
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

    /// Returns the id of a class.
    pub(super) fn class(&mut self, node: Node<'t>) -> ClassId {
        if let Some(known) = self.known_classes.get(&node.id()) {
            return *known;
        }
        let id = ClassId(index(self.values.classes.len()));
        self.known_classes.insert(node.id(), id);
        self.classes.push(node);
        self.values.classes.push(Class {
            range: range(node),
            name: field(node, "name").map(range).unwrap_or_default(),
            owner: self.owner(),
            extends: None,
            constructor: None,
            super_args: None,
            members: Vec::new(),
        });
        id
    }

    /// Reads the members of a class.
    fn read_class(&mut self, id: ClassId) {
        let Some(node) = self.classes.get(id.0 as usize).copied() else { return };
        let owner = self.values.class(id).and_then(|it| it.owner);
        let outer = std::mem::replace(&mut self.open, owner.into_iter().collect());
        let heritage = children(node).find(|child| child.kind() == "class_heritage");
        let extended = heritage.and_then(|heritage| {
            let clause = children(heritage).find(|it| it.kind() == "extends_clause");
            clause.map_or_else(|| parts(heritage).next(), |clause| field(clause, "value"))
        });
        let extends = extended.map(|it| self.expr(it));
        let (mut constructor, mut super_args) = (None, None);
        for part in field(node, "body").into_iter().flat_map(parts) {
            let is_method = part.kind() == "method_definition";
            if is_method && field(part, "name").is_some_and(|it| text(it, self.source) == "constructor") {
                let function = self.lambda_value(part);
                self.belongs(function, id);
                constructor = Some(function);
                super_args = self.within(constructor, |it| it.super_args(part));
            } else {
                self.read_member(part, id);
            }
        }
        self.open = outer;
        if let Some(class) = self.values.classes.get_mut(id.0 as usize) {
            class.extends = extends;
            class.constructor = constructor;
            class.super_args = super_args;
        }
    }

    fn read_member(&mut self, part: Node<'t>, id: ClassId) {
        let Some(name) = field(part, "name") else { return };
        let value = match part.kind() {
            "method_definition" => Some(part),
            "public_field_definition" => field(part, "value"),
            _ => None,
        };
        let Some(value) = value.map(|it| self.expr(it)) else { return };
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
        if let Some(class) = self.values.classes.get_mut(id.0 as usize) {
            class.members.push(Member { name: key_range(name), value, set_in: None, is_static, is_getter });
        }
    }

    fn belongs(&mut self, function: LambdaId, class: ClassId) {
        if let Some(lambda) = self.values.lambdas.get_mut(function.0 as usize) {
            lambda.class = Some(class);
        }
    }

    fn super_args(&mut self, constructor: Node<'t>) -> Option<List> {
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

fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Returns whether a name holds a word in small letters, whatever the case of the name.
fn holds(name: &str, word: &str) -> bool {
    name.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}

/// Returns where each name may get a value.
fn names_of<'s, 't>(pending: &[Pending<'t>], source: &'s str) -> FxHashMap<&'s str, Vec<Pending<'t>>> {
    let mut names: FxHashMap<&'s str, Vec<Pending<'t>>> = FxHashMap::default();
    for it in pending {
        let Some(name) = field(it.node, "name").or_else(|| field(it.node, "left")) else { continue };
        match name.kind() {
            "object_pattern" => {
                for (name, ..) in pattern_names(name) {
                    names.entry(name.slice(source)).or_default().push(*it);
                }
            }
            "array_pattern" => {
                for name in parts(name) {
                    names.entry(text(name, source)).or_default().push(*it);
                }
            }
            _ => names.entry(text(name, source)).or_default().push(*it),
        }
    }
    names
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
