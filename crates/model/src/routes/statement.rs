//! What statements do to names and lists.

use super::RoutePlace;
use super::heap::{Item, ListId, Value};
use super::interpret::{Frame, Interpreter, Names};
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::{Expr, ExprId, List, Stmt};

/// How often a loop turns.
const TURNS: usize = 400;

impl<'p> Interpreter<'_, 'p> {
    /// Runs a block; returns whether it ends by leaving.
    pub(super) fn block(&mut self, frame: &mut Frame<'p>, block: List) -> bool {
        frame.bodies.block(block).iter().any(|stmt| self.spend() && self.stmt(frame, frame.bodies.stmt(*stmt)))
    }

    fn stmt(&mut self, frame: &mut Frame<'p>, stmt: Stmt) -> bool {
        match stmt {
            Stmt::Expr(value) => {
                self.eval(frame, value);
            }
            Stmt::Assign { target, value } | Stmt::Annotated { target, value: Some(value), .. } => {
                let value = self.eval(frame, value);
                self.bind(frame, target, value);
            }
            Stmt::Augmented { target, op, value } => self.augment(frame, target, op, value),
            Stmt::Return(value) => {
                let value = value.map_or(Value::None, |value| self.eval(frame, value));
                frame.returned.push(value);
                return true;
            }
            Stmt::Raise(_) | Stmt::Jump | Stmt::Break => return true,
            Stmt::For { target, iter, body, other } => {
                self.turn(frame, target, iter, body);
                return self.block(frame, other);
            }
            Stmt::While { body, .. } => {
                self.under(|it| it.block(frame, body));
            }
            Stmt::If { test, then, other } => return self.branch(frame, test, then, other),
            Stmt::Try { body, handlers, rest } => {
                self.block(frame, body);
                self.maybe(frame, handlers);
                return self.block(frame, rest);
            }
            Stmt::With { items, body } => {
                self.block(frame, items);
                return self.block(frame, body);
            }
            Stmt::Match { cases, .. } => self.maybe(frame, cases),
            Stmt::Block(block) => return self.block(frame, block),
            Stmt::Function(id) => self.define(frame, FunctionRef { path: frame.path, id }),
            Stmt::Class(id) => {
                let class = ClassRef { path: frame.path, id };
                if let (Some(names), Some(facts)) = (&mut frame.locals, frame.facts.class(id)) {
                    names.insert(facts.name.clone(), Value::Class(class));
                }
                self.methods(frame, class);
            }
            Stmt::Annotated { value: None, .. } | Stmt::Other(_) | Stmt::Star(_) => {}
        }
        false
    }

    fn under<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.conditions += 1;
        let made = run(self);
        self.conditions -= 1;
        made
    }

    /// Runs blocks of which any may run.
    fn maybe(&mut self, frame: &mut Frame<'p>, blocks: List) {
        for id in frame.bodies.block(blocks) {
            let before = self.names(frame).clone();
            self.under(|it| it.stmt(frame, frame.bodies.stmt(*id)));
            self.merge(frame, before);
        }
    }

    fn branch(&mut self, frame: &mut Frame<'p>, test: ExprId, then: List, other: List) -> bool {
        let words = frame.bodies.span(test).slice(frame.text);
        if words.contains("__name__") || words.rsplit('.').next() == Some("TYPE_CHECKING") {
            return self.block(frame, other);
        }
        let value = self.eval(frame, test);
        match self.truth(&value) {
            Some(true) => return self.block(frame, then),
            Some(false) => return self.block(frame, other),
            None => {}
        }
        let before = self.names(frame).clone();
        let leaves = self.under(|it| it.block(frame, then));
        let after = std::mem::replace(self.names(frame), before);
        let also = self.under(|it| it.block(frame, other));
        if also && !leaves {
            *self.names(frame) = after;
        } else if !leaves {
            self.merge(frame, after);
        }
        leaves && also
    }

    /// Returns whether a value counts as true, where that is known.
    fn truth(&self, value: &Value<'p>) -> Option<bool> {
        match value {
            Value::Bool(known) => Some(*known),
            Value::None => Some(false),
            Value::Text(text) => text.whole().map(|it| !it.is_empty()),
            Value::Router(_) | Value::App(_) | Value::Class(_) | Value::Function(_) => Some(true),
            _ => None,
        }
    }

    /// Takes in what another branch bound.
    fn merge(&mut self, frame: &mut Frame<'p>, other: Names<'p>) {
        let current = std::mem::take(self.names(frame));
        let mut merged = other;
        for (name, value) in current {
            let value = match merged.get(&name).cloned() {
                Some(other) if other != value => self.either(&other, &value),
                _ => value,
            };
            merged.insert(name, value);
        }
        *self.names(frame) = merged;
    }

    fn turn(&mut self, frame: &mut Frame<'p>, target: ExprId, iter: ExprId, body: List) {
        let iter = self.eval(frame, iter);
        match self.members(&iter) {
            Some(items) => {
                for item in items.into_iter().take(TURNS) {
                    self.bind(frame, target, item);
                    if !self.spend() {
                        return;
                    }
                    self.block(frame, body);
                }
            }
            None => {
                self.bind(frame, target, Value::Unknown);
                self.under(|it| it.block(frame, body));
            }
        }
    }

    /// Returns what iterating a value gives, where all of it is known.
    pub(super) fn members(&self, value: &Value<'p>) -> Option<Vec<Value<'p>>> {
        match value {
            Value::List(id) => {
                let items = self.heap.items(*id);
                let is_whole = !items.iter().any(|item| item.value == Value::Unknown);
                is_whole.then(|| items.iter().map(|item| item.value.clone()).collect())
            }
            Value::Dict(pairs) => Some(pairs.iter().map(|(key, _)| key.clone()).collect()),
            _ => None,
        }
    }

    pub(super) fn bind(&mut self, frame: &mut Frame<'p>, target: ExprId, value: Value<'p>) {
        match frame.bodies.expr(target) {
            Expr::Name => {
                let name = frame.bodies.span(target).slice(frame.text).to_owned();
                self.names(frame).insert(name, value);
            }
            Expr::Tuple(list) | Expr::List(list) => {
                let members = self.members(&value).unwrap_or_default();
                for (at, part) in frame.bodies.exprs(list).iter().enumerate() {
                    self.bind(frame, *part, members.get(at).cloned().unwrap_or_default());
                }
            }
            Expr::Attr { object, name } => {
                let object = self.eval(frame, object);
                self.set_attribute(&object, name.slice(frame.text), &value);
            }
            _ => {}
        }
    }

    fn augment(&mut self, frame: &mut Frame<'p>, target: ExprId, op: u8, value: ExprId) {
        let place = frame.place(value);
        let added = self.eval(frame, value);
        if op != b'+' {
            return;
        }
        let before = self.eval(frame, target);
        if let (Value::Text(one), Value::Text(other)) = (&before, &added) {
            let mut text = (**one).clone();
            text.join(other);
            return self.bind(frame, target, Value::Text(text.into()));
        }
        if let Value::List(id) = before {
            return self.extend(id, &added, place);
        }
        let made = self.heap.list(Vec::new());
        if let Value::List(id) = made {
            if before != Value::None {
                self.copy(id, &before, place);
            }
            self.extend(id, &added, place);
        }
        self.bind(frame, target, made);
    }

    /// Copies what a value holds into a new list.
    pub(super) fn copy(&mut self, id: ListId, value: &Value<'p>, place: RoutePlace<'p>) {
        let items = match value {
            Value::List(other) => self.heap.items(*other).to_vec(),
            _ => vec![Item { value: value.clone(), is_conditional: false, place: Some(place) }],
        };
        for item in items {
            self.heap.push(id, item);
        }
    }

    /// Appends what a value holds to a list; what is not known stays as one entry.
    pub(super) fn extend(&mut self, id: ListId, value: &Value<'p>, place: RoutePlace<'p>) {
        let items = match value {
            Value::List(other) => self.heap.items(*other).to_vec(),
            _ => vec![self.item(value.clone(), Some(place))],
        };
        let is_conditional = self.conditions > 0;
        for item in items {
            self.heap.push(id, Item { is_conditional: item.is_conditional || is_conditional, ..item });
        }
    }
}
