//! Statements.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Engine;
use super::frame::{Frame, Loop};
use super::value::{Val, Value};
use crate::project::FunctionRef;
use crate::python::body::{Clause, Expr, ExprId, List, Stmt, StmtId};

/// How deep blocks lie in blocks, those of called functions among them.
const NESTING: u32 = 10_000;

impl<'p> Engine<'_, 'p> {
    /// Runs the statements of a block.
    pub(crate) fn run(&mut self, frame: &mut Frame<'p>, block: List) {
        if self.nesting >= NESTING {
            self.cuts += 1;
            return;
        }
        let left = frame.left;
        frame.left |= leaves(frame, block);
        self.nesting += 1;
        self.steps(frame, block);
        self.nesting -= 1;
        frame.left = left;
    }

    fn steps(&mut self, frame: &mut Frame<'p>, block: List) {
        for stmt in frame.module.bodies.block(block) {
            if frame.is_over {
                break;
            }
            if self.budget == 0 {
                self.cuts += 1;
                break;
            }
            self.step(frame, *stmt);
        }
    }

    /// Returns the names of a frame as they are, for what may change them and may not happen.
    pub(crate) fn fork(&mut self, frame: &Frame<'p>) -> FxHashMap<&'p str, Val<'p>> {
        // Many names in many branches take time and memory.
        let cost = u32::try_from(frame.env.len() / 8).unwrap_or(u32::MAX);
        self.budget = self.budget.saturating_sub(cost);
        frame.env.clone()
    }

    fn step(&mut self, frame: &mut Frame<'p>, id: StmtId) {
        match frame.module.bodies.stmt(id) {
            Stmt::Expr(value) => {
                self.eval(frame, value);
                self.watch_prefetch(frame, value);
            }
            Stmt::Assign { target, value } => {
                let value = self.eval(frame, value);
                self.bind(frame, target, &value);
            }
            Stmt::Annotated { target, annotation, value } => self.annotated(frame, target, annotation, value),
            Stmt::Augmented { target, value, .. } => {
                let added = self.eval(frame, value);
                let before = self.eval(frame, target);
                let sum = Val::new(concat(before.value, added.value), before.on | added.on);
                self.bind(frame, target, &sum);
            }
            Stmt::Return(value) => self.returned(frame, value),
            Stmt::Raise(value) => {
                if let Some(value) = value {
                    self.eval(frame, value);
                }
                frame.is_over = true;
            }
            Stmt::Jump | Stmt::Break => frame.is_over = true,
            Stmt::For { target, iter, body, other } => {
                let rows = self.eval(frame, iter);
                self.iteration(frame, target, iter, &rows, &mut |engine, frame| engine.branch(frame, body));
                self.run(frame, other);
            }
            Stmt::While { test, body } => {
                self.eval(frame, test);
                self.branch(frame, body);
            }
            Stmt::If { test, then, other } => self.condition(frame, test, then, other),
            Stmt::Try { body, handlers, rest } => self.attempt(frame, body, handlers, rest),
            Stmt::With { items, body } => {
                self.run(frame, items);
                self.run(frame, body);
            }
            Stmt::Match { subject, cases } => self.cases(frame, subject, cases),
            Stmt::Block(block) => self.run(frame, block),
            Stmt::Function(id) => {
                let name = frame.module.facts.function(id).map(|it| it.name_range.slice(frame.module.text));
                if let Some(name) = name {
                    let function = FunctionRef { path: frame.module.path, id };
                    frame.env.insert(name, Val::new(Value::Function(function), 0));
                }
            }
            Stmt::Class(_) | Stmt::Star(_) => {}
            Stmt::Other(parts) => {
                for part in frame.module.bodies.exprs(parts) {
                    self.eval(frame, *part);
                }
            }
        }
    }

    fn annotated(&mut self, frame: &mut Frame<'p>, target: ExprId, annotation: ExprId, value: Option<ExprId>) {
        let value = match value {
            Some(value) => self.eval(frame, value),
            None => Val::default(),
        };
        let typed = if value.value.is_plain() { self.typed(frame, annotation) } else { Value::Unknown };
        self.bind(frame, target, &Val::new(value.value.or(typed), value.on));
    }

    fn returned(&mut self, frame: &mut Frame<'p>, value: Option<ExprId>) {
        let value = value.map_or(Val::new(Value::None, 0), |value| self.eval(frame, value));
        frame.returns = Some(match frame.returns.take() {
            Some(before) => before.or(value),
            None => value,
        });
        frame.is_over = true;
    }

    fn attempt(&mut self, frame: &mut Frame<'p>, body: List, handlers: List, rest: List) {
        let before = self.fork(frame);
        self.run(frame, body);
        let mut is_over = frame.is_over;
        for handler in frame.module.bodies.block(handlers) {
            let Stmt::Block(block) = frame.module.bodies.stmt(*handler) else { continue };
            frame.is_over = false;
            let own = std::mem::replace(&mut frame.env, before.clone());
            self.run(frame, block);
            let ended = frame.is_over;
            let handled = std::mem::replace(&mut frame.env, own);
            if !ended {
                merge(frame, handled);
                is_over = false;
            }
        }
        frame.is_over = is_over;
        for block in frame.module.bodies.block(rest) {
            if let Stmt::Block(block) = frame.module.bodies.stmt(*block) {
                self.run(frame, block);
            }
        }
    }

    fn cases(&mut self, frame: &mut Frame<'p>, subject: ExprId, cases: List) {
        self.eval(frame, subject);
        let before = self.fork(frame);
        for case in frame.module.bodies.block(cases) {
            let Stmt::Block(block) = frame.module.bodies.stmt(*case) else { continue };
            let own = std::mem::replace(&mut frame.env, before.clone());
            self.run(frame, block);
            let taken = std::mem::replace(&mut frame.env, own);
            if !frame.is_over {
                merge(frame, taken);
            }
            frame.is_over = false;
        }
    }

    /// Runs a block that may be skipped.
    fn branch(&mut self, frame: &mut Frame<'p>, block: List) {
        let before = self.fork(frame);
        self.run(frame, block);
        frame.is_over = false;
        merge(frame, before);
    }

    fn condition(&mut self, frame: &mut Frame<'p>, test: ExprId, then: List, other: List) {
        match self.eval(frame, test).value {
            Value::Bool(true) => return self.run(frame, then),
            Value::Bool(false) | Value::None => return self.run(frame, other),
            _ => {}
        }
        let before = self.fork(frame);
        let left = frame.left;
        if is_flush(frame, test) {
            frame.left |= frame.loops.last().map_or(0, |it| it.bit);
        }
        self.run(frame, then);
        frame.left = left;
        let (then_env, then_over) = (std::mem::replace(&mut frame.env, before), frame.is_over);
        frame.is_over = false;
        self.run(frame, other);
        match (then_over, frame.is_over) {
            // Only the other branch goes on.
            (true, false) => {}
            (false, true) => {
                frame.env = then_env;
                frame.is_over = false;
            }
            (true, true) => frame.is_over = true,
            (false, false) => merge(frame, then_env),
        }
    }

    /// Runs something once for each element.
    pub(crate) fn iteration(
        &mut self,
        frame: &mut Frame<'p>,
        target: ExprId,
        iter: ExprId,
        rows: &Val<'p>,
        body: &mut dyn FnMut(&mut Self, &mut Frame<'p>),
    ) {
        let place = frame.place(iter);
        let element = self.iterate(frame, rows, place, "iterate");
        let bit = if self.is_short(frame, iter, &rows.value) { 0 } else { frame.next_bit() };
        let query = rows.value.each().iter().find_map(|value| match value {
            Value::Query(query) | Value::Rows(query) => Some(Rc::clone(query)),
            Value::Related(row) => Some(Rc::clone(&row.query)),
            _ => None,
        });
        frame.loops.push(Loop { place, rows: query, bit, shown: None });
        self.bind(frame, target, &Val::new(element, rows.on | bit));
        body(self, frame);
        frame.loops.pop();
    }

    /// Evaluates the clauses of a comprehension, and then its element.
    pub(crate) fn clauses(&mut self, frame: &mut Frame<'p>, clauses: &[Clause], element: ExprId) -> Val<'p> {
        match clauses.split_first() {
            None => self.eval(frame, element),
            Some((Clause::If(test), rest)) => {
                self.eval(frame, *test);
                self.clauses(frame, rest, element)
            }
            Some((Clause::For { target, iter }, rest)) => {
                let rows = self.eval(frame, *iter);
                let mut made = Val::default();
                self.iteration(frame, *target, *iter, &rows, &mut |engine, frame| {
                    made = engine.clauses(frame, rest, element);
                });
                made.on |= rows.on;
                made
            }
        }
    }

    /// Binds a target to a value.
    pub(crate) fn bind(&mut self, frame: &mut Frame<'p>, target: ExprId, value: &Val<'p>) {
        let value = &Val::new(value.value.bounded(), value.on);
        match frame.module.bodies.expr(target) {
            Expr::Name => {
                frame.env.insert(frame.source(target), value.clone());
            }
            Expr::Attr { object, name } => {
                if let Expr::Name = frame.module.bodies.expr(object) {
                    let (object, name) = (frame.source(object), name.slice(frame.module.text));
                    if name == "object_list" && matches!(value.value, Value::Query(_) | Value::Rows(_)) {
                        frame.env.insert(object, Val::new(self.page(&value.value), value.on));
                        return;
                    }
                    if frame.name_of_self == Some(object) {
                        frame.set.insert(Rc::from(name), value.value.clone());
                    }
                    frame.given.insert((object, name));
                } else {
                    self.eval(frame, object);
                }
            }
            Expr::Subscript { object, index } => {
                let key = self.eval(frame, index);
                self.store(frame, object, &key, value);
            }
            Expr::Tuple(parts) | Expr::List(parts) => {
                let parts = frame.module.bodies.exprs(parts);
                let unpacked = match &value.value {
                    Value::Tuple(values) if values.len() == parts.len() => values.to_vec(),
                    Value::Items(each) => vec![(**each).clone(); parts.len()],
                    _ => vec![Value::Unknown; parts.len()],
                };
                for (part, one) in parts.iter().zip(unpacked) {
                    self.bind(frame, *part, &Val::new(one, value.on));
                }
            }
            Expr::Star(inner) => self.bind(frame, inner, &Val::unknown(value.on)),
            _ => {}
        }
    }

    /// `object[key] = value`
    fn store(&mut self, frame: &mut Frame<'p>, object: ExprId, key: &Val<'p>, value: &Val<'p>) {
        let name = match frame.module.bodies.expr(object) {
            Expr::Name => frame.source(object),
            _ => {
                self.eval(frame, object);
                return;
            }
        };
        let Some(known) = frame.env.get_mut(name) else { return };
        known.on |= value.on;
        let held = std::mem::take(&mut known.value);
        known.value = match (held, &key.value) {
            (Value::Dict(fields), Value::Str(key)) => {
                let mut fields = (*fields).clone();
                fields.insert(Rc::clone(key), value.value.clone());
                Value::Dict(Rc::new(fields))
            }
            (Value::Dict(fields), _) => {
                let all = fields.values().fold(value.value.clone(), |all, one| all.or(one.clone()));
                if all.is_plain() { Value::Dict(fields) } else { Value::Mapping(Rc::new(all)) }
            }
            (Value::Mapping(each), _) => Value::Mapping(Rc::new((*each).clone().or(value.value.clone()))),
            (held, _) => held,
        }
        .bounded();
    }

    /// Whether a loop runs a handful of times at most, or over something that is no data.
    fn is_short(&self, frame: &Frame<'p>, iter: ExprId, rows: &Value<'p>) -> bool {
        let bodies = frame.module.bodies;
        match bodies.expr(iter) {
            Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) | Expr::Dict(_) => return true,
            Expr::Call { function, args } => {
                let name = frame.source(function);
                // `range(0, total, size)` goes from batch to batch.
                if name == "range" && bodies.args(args).len() == 3 {
                    let size = bodies.positional(args, 2).map_or("", |it| frame.source(it)).trim_start_matches('-');
                    return size.parse::<u32>().map_or(true, |size| size > 10);
                }
                if name == "range" {
                    let first = bodies.positional(args, 0).and_then(|it| bodies.int(it, frame.module.text));
                    return bodies.args(args).len() == 1 && first.is_some_and(|count| count < 6);
                }
                if let Expr::Attr { object, name } = bodies.expr(function)
                    && matches!(name.slice(frame.module.text), "items" | "keys" | "values")
                    && matches!(bodies.expr(object), Expr::Dict(_))
                {
                    return true;
                }
                if name.ends_with("get_models") || name.ends_with("__subclasses__") {
                    return true;
                }
            }
            Expr::Name | Expr::Attr { .. } => {
                let name = frame.source(iter).rsplit('.').next().unwrap_or("");
                if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
                    return true;
                }
            }
            _ => {}
        }
        match rows {
            Value::Tuple(_) | Value::Dict(_) => true,
            Value::Items(each) | Value::Mapping(each) => matches!(**each, Value::Model(_) | Value::Class(_)),
            Value::Query(query) | Value::Rows(query) => query.bound.is_some_and(|bound| bound < 2),
            _ => false,
        }
    }
}

/// Whether a condition holds once in a while: `if len(batch) >= 500`, `if at % 100 == 0`.
fn is_flush(frame: &Frame<'_>, test: ExprId) -> bool {
    let text = frame.source(test);
    text.contains("len(") && text.contains(['>', '=']) && !text.contains("len(self")
        || text.contains('%') && text.contains("==")
}

/// Returns the bits of the loops whose last turn a block is: it ends by returning, or by breaking out.
fn leaves(frame: &Frame<'_>, block: List) -> u64 {
    let all = || frame.loops.iter().fold(0, |all, it| all | it.bit);
    let bodies = frame.module.bodies;
    match bodies.block(block).last().map(|last| bodies.stmt(*last)) {
        _ if frame.loops.is_empty() => 0,
        Some(Stmt::Return(_) | Stmt::Raise(_)) => all(),
        Some(Stmt::Break) => frame.loops.last().map_or(0, |it| it.bit),
        _ => 0,
    }
}

/// Adds to the values of a frame those of another branch.
fn merge<'p>(frame: &mut Frame<'p>, other: FxHashMap<&'p str, Val<'p>>) {
    #[expect(clippy::iter_over_hash_type, reason = "each name is merged by itself")]
    for (name, value) in other {
        match frame.env.get_mut(name) {
            Some(own) if *own == value => {}
            Some(own) => *own = std::mem::take(own).or(value),
            None => {
                frame.env.insert(name, value);
            }
        }
    }
}

/// `left + right` of lists and querysets.
pub(crate) fn concat<'p>(left: Value<'p>, right: Value<'p>) -> Value<'p> {
    match (&left, &right) {
        (Value::Str(_) | Value::Int(_) | Value::Bool(_), _) | (_, Value::Str(_) | Value::Int(_) | Value::Bool(_)) => {
            Value::Unknown
        }
        (Value::Tuple(first), Value::Tuple(second)) if first.len() + second.len() < 40 => {
            Value::Tuple(first.iter().chain(second.iter()).cloned().collect())
        }
        _ => left.or(right),
    }
}
