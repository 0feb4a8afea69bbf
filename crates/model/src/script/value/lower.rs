//! Notes what a script says about values while its tree is traversed.

use arrears_core::text::TextRange;
use arrears_syntax::node::{field, range, text};
use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::site::may_ask;
use super::{Binding, Class, ClassId, ExprId, Lambda, LambdaId, Origin, Values};
use crate::outline::{Outline, ScopeId};

/// A name that may be needed, and where it gets a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pending<'t> {
    /// The declarator or the assignment.
    pub(super) node: Node<'t>,
    pub(super) owner: Option<LambdaId>,
    pub(super) block: TextRange,
}

/// `this.name = value`
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'t> {
    pub(super) class: ClassId,
    pub(super) owner: Option<LambdaId>,
    pub(super) name: TextRange,
    pub(super) value: Node<'t>,
}

/// The values of a module while they are read.
///
/// The traversal only notes places. What calls, classes and the names of the module need is read at the end.
pub(crate) struct Lowering<'s, 't> {
    pub(super) source: &'s str,
    pub(super) values: Values,
    pub(super) depth: u32,
    pub(super) known_calls: FxHashMap<usize, ExprId>,
    pub(super) known_lambdas: FxHashMap<usize, LambdaId>,
    pub(super) known_classes: FxHashMap<usize, ClassId>,
    /// The functions around the place that is read, the innermost last.
    pub(super) open: Vec<LambdaId>,
    /// The classes around it.
    pub(super) open_classes: Vec<ClassId>,
    pub(super) whole: TextRange,
    /// The nodes of functions and classes.
    pub(super) lambdas: Vec<Node<'t>>,
    pub(super) classes: Vec<Node<'t>>,
    pub(super) pending: Vec<Pending<'t>>,
    pub(super) returns: Vec<(LambdaId, Node<'t>)>,
    pub(super) fields: Vec<Field<'t>>,
    /// Calls that may ask a server, settings and default exports.
    pub(super) sites: Vec<(Node<'t>, Option<LambdaId>)>,
    pub(super) settings: Vec<(Node<'t>, Option<LambdaId>)>,
    pub(super) default_export: Option<Node<'t>>,
    /// The functions whose parameters and results are needed, and those that were read.
    pub(super) needed: Vec<LambdaId>,
    pub(super) is_needed: Vec<bool>,
    /// The names that are needed.
    pub(super) names: Vec<&'s str>,
    pub(super) known_names: FxHashSet<&'s str>,
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

    pub(super) fn owner(&self) -> Option<LambdaId> {
        self.open.last().copied()
    }

    pub(super) fn bind(&mut self, name: TextRange, block: TextRange, origin: Origin, declares: bool) {
        let owner = self.owner();
        self.values.bindings.push(Binding { name, owner, block, origin, declares });
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

    /// Notes `name = value`, `name += value`, `this.name = value` and `axios.defaults.baseURL = value`.
    pub(crate) fn assignment(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
        let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return };
        match left.kind() {
            "identifier" => self.note(node, outline, scope),
            "member_expression" if node.kind() == "assignment_expression" => self.member_assignment(node, left, right),
            _ => {}
        }
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

    pub(crate) fn returned(&mut self, node: Node<'t>) {
        if let Some(owner) = self.owner() {
            self.returns.push((owner, node));
        }
    }

    pub(crate) fn default_export(&mut self, node: Node<'t>) {
        if let Some(value) = field(node, "value") {
            self.default_export = Some(value);
        }
    }

    /// Notes a call if it may ask a server.
    pub(crate) fn call_site(&mut self, node: Node<'t>) {
        if may_ask(node, self.source) {
            self.sites.push((node, self.owner()));
        }
    }

    /// Notes an enum, which is an object.
    pub(crate) fn enumeration(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
        self.note(node, outline, scope);
    }

    pub(super) fn lambda(&mut self, node: Node<'t>) -> LambdaId {
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
}

/// Returns the range of the innermost block around a scope's content.
fn block(outline: &Outline<'_>, scope: ScopeId, whole: TextRange) -> TextRange {
    let node = outline.enclosing(scope).find(|it| !it.kind().starts_with("jsx_"));
    node.filter(|it| it.kind() != "program").map_or(whole, range)
}

/// Returns a place in a list as an id.
pub(super) fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
