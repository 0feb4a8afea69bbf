//! Runs the statements of modules and functions, as far as routes need it.

use std::collections::BTreeMap;

use arrears_core::source::RelPath;
use rustc_hash::FxHashMap;

use super::RoutePlace;
use super::heap::{AppPart, AppPartKind, Heap, Item, Value};
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, FunctionRef, ProjectModel};
use crate::python::PythonFacts;
use crate::python::body::{Bodies, Expr, ExprId, Stmt};

/// How many statements and expressions are run in all, how deep calls and imports go.
const BUDGET: u32 = 1_500_000;
const CALLS: u32 = 10;
const IMPORTS: u32 = 24;

/// The names of a scope.
pub(super) type Names<'p> = BTreeMap<String, Value<'p>>;

/// Runs modules.
pub(super) struct Interpreter<'m, 'p> {
    pub(super) project: &'m ProjectModel<'p>,
    pub(super) heap: Heap<'p>,
    /// What modules bound that were run, or are.
    pub(super) modules: FxHashMap<&'p RelPath, Names<'p>>,
    /// Under how many conditions the code runs.
    pub(super) conditions: u32,
    budget: u32,
    calls: u32,
    imports: u32,
    running: Vec<FunctionRef<'p>>,
    /// Decorators that add routes to an application that is not known.
    pub(super) lost: Vec<(RoutePlace<'p>, String)>,
}

/// A module or function that is being run.
pub(super) struct Frame<'p> {
    pub(super) path: &'p RelPath,
    pub(super) text: &'p str,
    pub(super) facts: &'p PythonFacts,
    pub(super) bodies: &'p Bodies,
    /// The names of the function; `None` for a module.
    pub(super) locals: Option<Names<'p>>,
    pub(super) returned: Vec<Value<'p>>,
}

impl<'p> Frame<'p> {
    pub(super) fn words(&self, id: ExprId) -> String {
        let words = self.bodies.span(id).slice(self.text);
        let line = words.lines().next().unwrap_or("");
        if line.len() < words.len() { format!("{}…", line.trim_end()) } else { line.to_owned() }
    }

    pub(super) fn place(&self, id: ExprId) -> RoutePlace<'p> {
        RoutePlace { path: self.path, range: self.bodies.span(id) }
    }
}

impl<'m, 'p> Interpreter<'m, 'p> {
    pub(super) fn new(project: &'m ProjectModel<'p>) -> Self {
        Self {
            project,
            heap: Heap::default(),
            modules: FxHashMap::default(),
            conditions: 0,
            budget: BUDGET,
            calls: 0,
            imports: 0,
            running: Vec::new(),
            lost: Vec::new(),
        }
    }

    fn frame(&self, path: &'p RelPath, locals: Option<Names<'p>>) -> Option<Frame<'p>> {
        let file = self.project.file(path)?;
        let facts = file.facts.python()?;
        let bodies = facts.bodies.as_deref()?;
        Some(Frame { path: &file.source.path, text: &file.source.text, facts, bodies, locals, returned: Vec::new() })
    }

    /// Returns a frame in which names of a module are known, and none is bound.
    pub(super) fn local_frame(&self, path: &'p RelPath, names: Names<'p>) -> Option<Frame<'p>> {
        self.frame(path, Some(names))
    }

    /// Runs a module, once.
    pub(super) fn run_module(&mut self, path: &'p RelPath) {
        if self.modules.contains_key(path) || self.imports >= IMPORTS {
            return;
        }
        let Some(mut frame) = self.frame(path, None) else { return };
        self.modules.insert(path, Names::new());
        let conditions = std::mem::take(&mut self.conditions);
        self.imports += 1;
        let top = frame.bodies.top;
        self.block(&mut frame, top);
        self.imports -= 1;
        self.conditions = conditions;
    }

    /// Returns what a module binds to a name.
    pub(super) fn in_module(&mut self, path: &'p RelPath, name: &str) -> Value<'p> {
        self.run_module(path);
        if let Some(known) = self.modules.get(path).and_then(|names| names.get(name)) {
            return known.clone();
        }
        match self.project.lookup(path, name) {
            Some(Symbol::Variable(other, _)) if other == path => Value::Unknown,
            Some(symbol) => self.symbol(symbol),
            None => Value::Unknown,
        }
    }

    pub(super) fn symbol(&mut self, symbol: Symbol<'p>) -> Value<'p> {
        match symbol {
            Symbol::Function(function) => Value::Function(function),
            Symbol::Class(class) => Value::Class(class),
            Symbol::Module(path) => Value::Module(path),
            Symbol::External(name) => Value::External(name.into()),
            Symbol::Variable(path, name) => {
                self.run_module(path);
                self.modules.get(path).and_then(|names| names.get(&name)).cloned().unwrap_or_default()
            }
        }
    }

    /// Returns what a name means.
    pub(super) fn name(&mut self, frame: &Frame<'p>, name: &str, at: u32) -> Value<'p> {
        if let Some(known) = frame.locals.as_ref().and_then(|names| names.get(name)) {
            return known.clone();
        }
        if frame.locals.is_some() && frame.facts.names.import(name, at).is_none() {
            self.run_module(frame.path);
        }
        let is_inner = frame.facts.names.import(name, at).is_some_and(|it| it.scope.end() != u32::MAX);
        if !is_inner && let Some(known) = self.modules.get(frame.path).and_then(|names| names.get(name)) {
            return known.clone();
        }
        match self.project.resolve(frame.path, name, at) {
            Some(Symbol::Variable(path, _)) if path == frame.path => Value::Unknown,
            Some(symbol) => self.symbol(symbol),
            None => Value::Unknown,
        }
    }

    pub(super) fn names<'a>(&'a mut self, frame: &'a mut Frame<'p>) -> &'a mut Names<'p> {
        match &mut frame.locals {
            Some(names) => names,
            None => self.modules.entry(frame.path).or_default(),
        }
    }

    pub(super) fn spend(&mut self) -> bool {
        self.budget = self.budget.saturating_sub(1);
        self.budget > 0
    }

    /// Calls a function of the project.
    pub(super) fn call(
        &mut self,
        function: FunctionRef<'p>,
        mut given: Names<'p>,
        positional: &[Value<'p>],
    ) -> Value<'p> {
        if self.calls >= CALLS || self.running.contains(&function) {
            return Value::Unknown;
        }
        let Some(mut frame) = self.frame(function.path, None) else { return Value::Unknown };
        let Some(body) = frame.bodies.function(function.id) else { return Value::Unknown };
        let mut rest = positional.iter();
        let mut names = Names::new();
        for param in &body.params {
            let name = param.name.slice(frame.text);
            let value = match param.stars {
                0 => rest.next().cloned().or_else(|| given.remove(name)),
                1 => {
                    let items = rest.by_ref().map(|value| self.item(value.clone(), None)).collect();
                    Some(self.heap.list(items))
                }
                _ => None,
            };
            let value = match (value, param.default) {
                (Some(value), _) => value,
                (None, Some(default)) => self.eval(&mut frame, default),
                (None, None) => Value::Unknown,
            };
            names.insert(name.to_owned(), value);
        }
        frame.locals = Some(names);
        self.calls += 1;
        self.running.push(function);
        self.block(&mut frame, body.block);
        self.running.pop();
        self.calls -= 1;
        frame.returned.into_iter().reduce(|one, other| self.either(&one, &other)).unwrap_or(Value::None)
    }

    pub(super) fn item(&self, value: Value<'p>, place: Option<RoutePlace<'p>>) -> Item<'p> {
        Item { value, is_conditional: self.conditions > 0, place }
    }

    /// Returns one of two values, or what both may be.
    pub(super) fn either(&mut self, one: &Value<'p>, other: &Value<'p>) -> Value<'p> {
        match (one, other) {
            (one, other) if one == other => one.clone(),
            (Value::Unknown | Value::None, known) | (known, Value::Unknown | Value::None) => known.clone(),
            (Value::List(one), Value::List(other)) => {
                let (mut items, others) = (self.heap.items(*one).to_vec(), self.heap.items(*other).to_vec());
                for item in &mut items {
                    item.is_conditional |= !others.iter().any(|it| it.value == item.value);
                }
                for item in others {
                    if !items.iter().any(|it| it.value == item.value) {
                        items.push(Item { is_conditional: true, ..item });
                    }
                }
                self.heap.list(items)
            }
            (Value::Bool(_), Value::Bool(_)) => Value::Unknown,
            (Value::Text(_), Value::Text(_)) => Value::Text(super::text::Text::hole("").into()),
            (one, _) => one.clone(),
        }
    }

    /// A function is bound, and its decorators may add routes.
    pub(super) fn define(&mut self, frame: &mut Frame<'p>, function: FunctionRef<'p>) {
        if let (Some(names), Some(facts)) = (&mut frame.locals, frame.facts.function(function.id)) {
            names.insert(facts.name.clone(), Value::Function(function));
        }
        let Some(body) = frame.bodies.function(function.id) else { return };
        for decorator in &body.decorators {
            let value = self.eval(frame, *decorator);
            if value == Value::Unknown && is_operation(frame, *decorator) {
                self.lost.push((frame.place(*decorator), frame.words(*decorator)));
            }
            if let Value::Operation(operation, app) = value {
                let view = Value::Function(function);
                let kind = if operation.is_socket {
                    AppPartKind::Socket(view)
                } else {
                    AppPartKind::Route(operation.methods, view, operation.name.clone())
                };
                let place = RoutePlace { path: frame.path, range: operation.range };
                let part = AppPart {
                    kind,
                    path: operation.path.clone(),
                    place,
                    is_conditional: self.conditions > 0,
                    words: String::new(),
                };
                self.heap.add(app, part);
            }
        }
    }

    /// The methods of a class may be decorated too.
    pub(super) fn methods(&mut self, frame: &mut Frame<'p>, class: ClassRef<'p>) {
        let Some(body) = frame.bodies.class(class.id) else { return };
        for id in frame.bodies.block(body.block) {
            let Stmt::Function(id) = frame.bodies.stmt(*id) else { continue };
            let is_decorated = frame.bodies.function(id).is_some_and(|it| !it.decorators.is_empty());
            if is_decorated && frame.locals.is_none() && self.spend() {
                self.define(frame, FunctionRef { path: frame.path, id });
            }
        }
    }
}

/// Returns whether a decorator adds a route, as far as can be seen: `@app.get("/orders")`.
fn is_operation(frame: &Frame<'_>, decorator: ExprId) -> bool {
    let Expr::Call { args, .. } = frame.bodies.expr(decorator) else { return false };
    let name = frame.bodies.called(decorator, frame.text).unwrap_or("");
    let path = frame.bodies.positional(args, 0).and_then(|path| frame.bodies.string(path, frame.text));
    matches!(name, "get" | "post" | "put" | "patch" | "delete" | "websocket" | "api_route")
        && path.is_some_and(|path| path.is_empty() || path.starts_with('/'))
}
