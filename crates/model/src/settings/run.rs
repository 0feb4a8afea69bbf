//! Runs the statements of settings modules, symbolically: both branches of a condition, a loop once.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use super::condition::Condition;
use super::scope::{Scope, Test, add_place};
use super::value::{Setting, Shared, Value};
use crate::django::module::Module;
use crate::flow::Place;
use crate::project::ProjectModel;
use crate::python::body::{Expr, ExprId, List, Stmt, StmtId};

/// How many expressions are evaluated for one project.
const BUDGET: u32 = 2_000_000;

/// How many functions call one another.
pub(super) const CALLS: u32 = 5;

/// How deep expressions, calls and imports nest.
pub(super) const DEPTH: u32 = 60;

/// Evaluates the modules of a project.
pub(super) struct Evaluator<'m, 'p> {
    pub(super) project: &'m ProjectModel<'p>,
    done: BTreeMap<&'p RelPath, Option<Arc<Scope<'p>>>>,
    /// Where modules take over the names of which others.
    pub(super) stars: Vec<(Place<'p>, &'p RelPath)>,
    pub(super) budget: u32,
    pub(super) depth: u32,
    /// How many functions are being run.
    pub(super) calls: u32,
}

/// A module, a class body or a function while its statements run.
pub(super) struct Frame<'m, 'p> {
    pub(super) module: Module<'m, 'p>,
    pub(super) scope: Scope<'p>,
    /// The names of the module around a class body or a function.
    pub(super) outer: Option<Arc<Scope<'p>>>,
    /// What `self` is: the attributes of a class of settings.
    pub(super) object: Option<Arc<Scope<'p>>>,
    /// What the function returns, and whether it is a function.
    pub(super) returned: Option<Vec<Shared<'p>>>,
}

impl<'m, 'p> Frame<'m, 'p> {
    pub(super) fn new(module: Module<'m, 'p>) -> Self {
        Self { module, scope: Scope::default(), outer: None, object: None, returned: None }
    }

    pub(super) fn place(&self, id: ExprId) -> Place<'p> {
        self.place_of(self.module.bodies.span(id))
    }

    pub(super) fn place_of(&self, range: TextRange) -> Place<'p> {
        Place { path: self.module.path, range }
    }

    pub(super) fn unknown(&self, id: ExprId) -> Shared<'p> {
        Setting::shared(Value::Unknown, self.place(id))
    }
}

impl<'m, 'p> Evaluator<'m, 'p> {
    pub(super) fn new(project: &'m ProjectModel<'p>) -> Self {
        Self { project, done: BTreeMap::new(), stars: Vec::new(), budget: BUDGET, depth: 0, calls: 0 }
    }

    /// Returns the names of a module; `None` where its statements are not known or it is being evaluated.
    pub(super) fn module(&mut self, path: &RelPath) -> Option<Arc<Scope<'p>>> {
        if let Some(done) = self.done.get(path) {
            return done.clone();
        }
        let module = Module::of(self.project, path)?;
        if self.depth >= DEPTH {
            return None;
        }
        self.done.insert(module.path, None);
        self.depth += 1;
        let mut frame = Frame::new(module);
        self.block(&mut frame, module.bodies.top);
        self.depth -= 1;
        let scope = Arc::new(frame.scope);
        self.done.insert(module.path, Some(Arc::clone(&scope)));
        Some(scope)
    }

    /// Takes the work of copying the names of a module from the budget; returns whether there is that much left.
    pub(super) fn can_copy(&mut self, scope: &Scope<'p>) -> bool {
        let names = u32::try_from(scope.names.len()).unwrap_or(u32::MAX);
        let left = self.budget.checked_sub(names);
        self.budget = left.unwrap_or(0);
        left.is_some()
    }

    /// Runs a block; returns whether what stands after it is reached.
    pub(super) fn block(&mut self, frame: &mut Frame<'m, 'p>, block: List) -> bool {
        if self.depth >= DEPTH {
            return true;
        }
        self.depth += 1;
        let bodies = frame.module.bodies;
        let runs = bodies.block(block).iter().all(|id| self.statement(frame, *id));
        self.depth -= 1;
        runs
    }

    fn statement(&mut self, frame: &mut Frame<'m, 'p>, id: StmtId) -> bool {
        let span = frame.module.bodies.stmt_span(id);
        match frame.module.bodies.stmt(id) {
            Stmt::Expr(value) => self.call_statement(frame, value),
            Stmt::Assign { target, value } | Stmt::Annotated { target, value: Some(value), .. } => {
                self.assign(frame, target, value);
            }
            Stmt::Augmented { target, op, value } => {
                let right = self.eval(frame, value);
                let place = frame.place(target);
                self.modify(frame, target, place, |evaluator, old| match old {
                    Some(old) => evaluator.binary(op, &old, &right, place),
                    None => Setting::shared(Value::Unknown, place),
                });
            }
            Stmt::Return(value) => {
                let value = value.map(|value| self.eval(frame, value));
                if let (Some(returned), Some(value)) = (&mut frame.returned, value) {
                    returned.push(value);
                }
                return false;
            }
            Stmt::Raise(_) | Stmt::Jump | Stmt::Break => return false,
            Stmt::If { test, then, other } => return self.branch(frame, test, then, other),
            Stmt::Try { body, handlers, rest } => return self.attempt(frame, body, handlers, rest),
            Stmt::For { target, iter, body, other } => {
                self.eval(frame, iter);
                self.unbind(frame, target);
                self.repeat(frame, body);
                self.block(frame, other);
            }
            Stmt::While { body, .. } => self.repeat(frame, body),
            Stmt::With { items, body } => {
                self.block(frame, items);
                return self.block(frame, body);
            }
            Stmt::Match { cases, .. } => self.cases(frame, cases, span),
            Stmt::Block(inner) => return self.block(frame, inner),
            Stmt::Star(module) => self.star(frame, module),
            Stmt::Annotated { .. } | Stmt::Function(_) | Stmt::Class(_) | Stmt::Other(_) => {}
        }
        true
    }

    fn branch(&mut self, frame: &mut Frame<'m, 'p>, test: ExprId, then: List, other: List) -> bool {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let names = bodies.within(test).into_iter().filter(|id| matches!(bodies.expr(*id), Expr::Name));
        let asked = names.map(|id| bodies.span(id).slice(text).to_owned());
        let test = self.test(frame, test);
        if !self.can_copy(&frame.scope) {
            frame.scope.open_at(test.place);
            return true;
        }
        let before = frame.scope.clone();
        let then_runs = self.block(frame, then);
        let after = std::mem::replace(&mut frame.scope, before);
        let other_runs = self.block(frame, other);
        match (then_runs, other_runs) {
            (true, true) => frame.scope.join(&test, after),
            (true, false) => frame.scope = after,
            (false, true) => {}
            (false, false) => return false,
        }
        if then_runs != other_runs && frame.returned.is_none() {
            frame.scope.refused.extend(asked);
        }
        true
    }

    /// `try:`: what the handlers bind is the other branch; a star import that may fail is no gap.
    fn attempt(&mut self, frame: &mut Frame<'m, 'p>, body: List, handlers: List, rest: List) -> bool {
        if !self.can_copy(&frame.scope) {
            return true;
        }
        let before = frame.scope.clone();
        let open = before.open.len();
        let mut runs = self.block(frame, body);
        if !handlers.is_empty() {
            // What is not in the repository is not there as far as the repository tells.
            let gaps = frame.scope.open.split_off(open.min(frame.scope.open.len()));
            gaps.into_iter().for_each(|place| frame.scope.miss_at(place));
        }
        for handler in frame.module.bodies.block(handlers).to_vec() {
            if !self.can_copy(&frame.scope) {
                return true;
            }
            let after = std::mem::replace(&mut frame.scope, before.clone());
            let place = frame.place_of(frame.module.bodies.stmt_span(handler));
            let test = Test { condition: Condition::Imported, holds: None, place };
            let handled = self.statement(frame, handler);
            match (runs, handled) {
                (true, true) if is_same(&before, &frame.scope) => frame.scope = after,
                (true, true) => frame.scope.join(&test, after),
                (true, false) => frame.scope = after,
                (false, _) => {}
            }
            runs |= handled;
        }
        runs && self.block(frame, rest)
    }

    fn cases(&mut self, frame: &mut Frame<'m, 'p>, cases: List, span: TextRange) {
        if !self.can_copy(&frame.scope) {
            return;
        }
        let before = frame.scope.clone();
        let test = Test { condition: Condition::Other, holds: None, place: frame.place_of(span) };
        for case in frame.module.bodies.block(cases).to_vec() {
            if !self.can_copy(&frame.scope) {
                return;
            }
            let after = std::mem::replace(&mut frame.scope, before.clone());
            if self.statement(frame, case) {
                frame.scope.join(&test, after);
            } else {
                frame.scope = after;
            }
        }
    }

    /// Runs the body of a loop once; what it changes has more in it than is seen, or is not known.
    fn repeat(&mut self, frame: &mut Frame<'m, 'p>, body: List) {
        if !self.can_copy(&frame.scope) {
            return;
        }
        let before = frame.scope.names.clone();
        self.block(frame, body);
        for (name, value) in &mut frame.scope.names {
            if before.get(name).is_some_and(|it| Arc::ptr_eq(it, value)) {
                continue;
            }
            let open = match &value.value {
                Value::List { items, .. } => Value::List { items: items.clone(), is_open: true },
                Value::Dict { entries, .. } => Value::Dict { entries: entries.clone(), is_open: true },
                _ => Value::Unknown,
            };
            *value = Setting::new(open, value.place).given_by(value.chain.clone());
        }
    }

    fn star(&mut self, frame: &mut Frame<'m, 'p>, module: TextRange) {
        let name: String = module.slice(frame.module.text).split_whitespace().collect();
        let Some(path) = self.project.modules().module(frame.module.path, &name) else {
            return frame.scope.open_at(frame.place_of(module));
        };
        self.stars.push((frame.place_of(module), path));
        match self.module(path) {
            Some(scope) if self.can_copy(&scope) => frame.scope.take(&scope),
            Some(_) | None => frame.scope.open_at(frame.place_of(module)),
        }
    }

    fn assign(&mut self, frame: &mut Frame<'m, 'p>, target: ExprId, value: ExprId) {
        let bodies = frame.module.bodies;
        if let (Some(targets), Some(values)) = (bodies.members(target), bodies.members(value))
            && targets.len() == values.len()
        {
            let values: Vec<Shared<'p>> = values.iter().map(|value| self.eval(frame, *value)).collect();
            for (target, value) in targets.iter().zip(values) {
                self.bind(frame, *target, value, false);
            }
            return;
        }
        let reads = bodies.dotted(target, frame.module.text).is_some_and(|name| self.reads(frame, value, name));
        let value = self.eval(frame, value);
        self.bind(frame, target, value, reads);
    }

    /// Returns whether an expression reads a name, of whatever module.
    fn reads(&self, frame: &Frame<'m, 'p>, value: ExprId, wanted: &str) -> bool {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        bodies.within(value).into_iter().any(|id| match bodies.expr(id) {
            Expr::Name => bodies.span(id).slice(text) == wanted,
            Expr::Attr { name, .. } => name.slice(text) == wanted,
            _ => false,
        })
    }

    /// Binds a target; a value that was made from the old one keeps its chain.
    fn bind(&mut self, frame: &mut Frame<'m, 'p>, target: ExprId, value: Shared<'p>, extends: bool) {
        let bodies = frame.module.bodies;
        match bodies.expr(target) {
            Expr::Name => {
                let name = bodies.span(target).slice(frame.module.text).to_owned();
                let old = if extends { self.named(frame, &name) } else { None };
                let mut chain = old.map(|old| old.chain.clone()).unwrap_or_default();
                add_place(&mut chain, frame.place(target));
                frame.scope.names.insert(name, value.given_by(chain));
            }
            Expr::Subscript { .. } => {
                let place = frame.place(target);
                self.modify(frame, target, place, |_, _| value);
            }
            _ => self.unbind(frame, target),
        }
    }

    /// Makes everything that a target binds unknown.
    fn unbind(&mut self, frame: &mut Frame<'m, 'p>, target: ExprId) {
        let bodies = frame.module.bodies;
        for id in bodies.within(target) {
            if matches!(bodies.expr(id), Expr::Name) {
                let name = bodies.span(id).slice(frame.module.text).to_owned();
                frame.scope.names.insert(name, frame.unknown(id));
            }
        }
    }

    /// Gives what an expression names, a name or an entry of a dictionary below one, a new value made of the old one.
    pub(super) fn modify(
        &mut self,
        frame: &mut Frame<'m, 'p>,
        target: ExprId,
        place: Place<'p>,
        make: impl FnOnce(&mut Self, Option<Shared<'p>>) -> Shared<'p>,
    ) {
        let bodies = frame.module.bodies;
        let (mut at, mut keys) = (target, Vec::new());
        while let Expr::Subscript { object, index } = bodies.expr(at) {
            let key = self.eval(frame, index);
            keys.push((super::eval::key_of(&key), frame.place(index)));
            at = object;
            if keys.len() > 12 {
                return;
            }
        }
        keys.reverse();
        let Some(name) = bodies.dotted(at, frame.module.text).filter(|name| !name.contains('.')) else { return };
        let old = self.named(frame, name);
        let mut chain = old.as_ref().map(|it| it.chain.clone()).unwrap_or_default();
        let value = super::eval::put(self, old, &keys, place, Box::new(make));
        add_place(&mut chain, place);
        frame.scope.names.insert(name.to_owned(), value.given_by(chain));
    }
}

fn is_same(left: &Scope<'_>, right: &Scope<'_>) -> bool {
    left.names.len() == right.names.len()
        && left.names.iter().all(|(name, value)| right.names.get(name).is_some_and(|it| Arc::ptr_eq(it, value)))
}
