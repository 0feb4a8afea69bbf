//! Evaluates the expressions of scripts, as far as URLs need it.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use arrears_core::text::TextRange;
use rustc_hash::FxHashMap;

use super::ask::Used;
use super::modules::{File, Modules};
use super::text;
use super::value::{Closure, FileId, Frame, Instance, Piece, Value, Written};
use crate::project::ProjectModel;
use crate::script::value::{CallSite, Expr, ExprId, LambdaId, List, Values};

/// How deep expressions, functions and names are followed.
const DEPTH: u32 = 90;
/// How many expressions are evaluated for one call.
const FUEL: u32 = 30_000;
/// How many entries of an object or an array are looked at.
const ENTRIES: usize = 2_000;

/// The function around an expression, where there is one.
pub(super) type Around<'a> = Option<&'a Rc<Frame>>;
type Opens = FxHashMap<(FileId, LambdaId), Option<Rc<[CallSite]>>>;

/// Evaluates the expressions of a project.
pub(super) struct Eval<'a, 'p> {
    pub(super) modules: Modules<'a, 'p>,
    fuel: Cell<u32>,
    depth: Cell<u32>,
    pub(super) tops: RefCell<FxHashMap<(FileId, usize), Value>>,
    pub(super) frames: RefCell<FxHashMap<(FileId, LambdaId), Rc<Frame>>>,
    pub(super) opens: RefCell<Opens>,
    /// The names that are being evaluated, and their values so far.
    pub(super) busy: RefCell<FxHashMap<(FileId, usize, usize), Value>>,
    pub(super) made: OnceCell<FxHashMap<&'p str, Vec<(FileId, ExprId)>>>,
    pub(super) defaults: OnceCell<Vec<(FileId, usize)>>,
    /// The functions that were looked into for a caller.
    pub(super) called: RefCell<BTreeSet<(FileId, LambdaId)>>,
    /// The places of text that some request uses.
    pub(super) used: RefCell<Used>,
}

impl<'a, 'p> Eval<'a, 'p> {
    pub(super) fn new(model: &'a ProjectModel<'p>) -> Self {
        Self {
            modules: Modules::find(model),
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
            tops: RefCell::default(),
            frames: RefCell::default(),
            opens: RefCell::default(),
            busy: RefCell::default(),
            made: OnceCell::new(),
            defaults: OnceCell::new(),
            called: RefCell::default(),
            used: RefCell::default(),
        }
    }

    /// Begins with something new.
    pub(super) fn refuel(&self) {
        self.fuel.set(FUEL);
    }

    /// Does something on its own account; returns whether it was cut short.
    pub(super) fn apart(&self, run: impl FnOnce()) -> bool {
        let left = self.fuel.replace(FUEL);
        run();
        self.fuel.replace(left) == 0
    }

    /// Returns whether something was cut short.
    pub(super) fn is_exhausted(&self) -> bool {
        self.fuel.get() == 0
    }

    pub(super) fn file(&self, id: FileId) -> Option<&File<'p>> {
        self.modules.file(id)
    }

    pub(super) fn values(&self, id: FileId) -> Option<(&'p Values, &'p str)> {
        self.file(id).map(|file| (file.values, file.text))
    }

    /// Does something one level deeper, if there is a level left.
    pub(super) fn deeper<T>(&self, run: impl FnOnce() -> T) -> Option<T> {
        let (depth, fuel) = (self.depth.get(), self.fuel.get());
        if depth >= DEPTH || fuel == 0 {
            self.fuel.set(fuel.min(if depth >= DEPTH { 0 } else { fuel }));
            return None;
        }
        self.fuel.set(fuel - 1);
        self.depth.set(depth + 1);
        let result = run();
        self.depth.set(depth);
        Some(result)
    }

    /// Evaluates an expression.
    pub(super) fn eval(&self, file: FileId, expr: ExprId, around: Around<'_>) -> Value {
        self.deeper(|| self.eval_now(file, expr, around)).unwrap_or_else(|| Value::unknown(""))
    }

    fn eval_now(&self, file: FileId, id: ExprId, around: Around<'_>) -> Value {
        let Some((values, source)) = self.values(file) else { return Value::unknown("") };
        let span = values.span(id);
        match values.expr(id) {
            Expr::Name => self.name(file, span.slice(source), span, around),
            Expr::This => self.this(around),
            Expr::Str(range) => {
                Value::Text(Rc::from([Piece::Fixed(unescaped(range.slice(source)), Some((file, range)))]))
            }
            Expr::Template(list) => self.joined(file, values.list(list), around),
            Expr::Sum(list) => self.joined(file, values.list(list), around),
            Expr::Number => Value::fixed(span.slice(source)),
            Expr::Regex | Expr::Opaque => Value::unknown(""),
            Expr::Bool(value) => Value::Bool(value),
            Expr::Nothing => Value::Nothing,
            Expr::Member { object, name } => {
                let object = self.eval(file, object, around);
                self.member(&object, name.slice(source))
            }
            Expr::Index { object, index } => self.index(file, object, index, around),
            Expr::Call { function, args, .. } => self.call(file, function, args, around),
            Expr::New { class, args } => self.made(file, class, args, around),
            Expr::Object(_) | Expr::Array(_) => Value::Written(Written { file, expr: id, frame: around.cloned() }),
            Expr::Spread(inner) => self.eval(file, inner, around),
            Expr::Or { left, right } => self.either(file, left, right, around),
            Expr::And { left, right } => match self.eval(file, left, around).truth() {
                Some(false) => Value::Nothing,
                Some(true) => self.eval(file, right, around),
                None => Value::any(vec![self.eval(file, right, around), Value::Nothing]),
            },
            Expr::Not(inner) => match self.eval(file, inner, around).truth() {
                Some(truth) => Value::Bool(!truth),
                None => Value::unknown(""),
            },
            Expr::Ternary { test, then, other } => match self.eval(file, test, around).truth() {
                Some(true) => self.eval(file, then, around),
                Some(false) => self.eval(file, other, around),
                None => Value::any(vec![self.eval(file, then, around), self.eval(file, other, around)]),
            },
            Expr::Equal { left, right, is_negated } => {
                let (left, right) = (self.eval(file, left, around).plain(), self.eval(file, right, around).plain());
                match (left, right) {
                    (Some(left), Some(right)) => Value::Bool((left == right) != is_negated),
                    _ => Value::unknown(""),
                }
            }
            Expr::Lambda(id) => {
                let this = self.lambda_class_this(file, id, around);
                Value::Function(Rc::new(Closure { file, id, frame: around.cloned(), this }))
            }
            Expr::Class(id) => Value::Class(file, id),
        }
    }

    /// Returns `this` at a place.
    pub(super) fn this(&self, around: Around<'_>) -> Value {
        let mut at = around;
        while let Some(frame) = at {
            if let Some(this) = &frame.this {
                return this.clone();
            }
            let is_arrow = |id| {
                let values = self.values(frame.file).map(|(values, _)| values);
                values.and_then(|values| values.lambda(id)).is_some_and(|it| it.is_arrow)
            };
            if frame.lambda.is_some_and(|id| !is_arrow(id)) {
                break;
            }
            at = frame.parent.as_ref();
        }
        Value::unknown("this")
    }

    /// `a || b`, `a ?? b`
    fn either(&self, file: FileId, left: ExprId, right: ExprId, around: Around<'_>) -> Value {
        let left = self.eval(file, left, around);
        match (&left, left.truth()) {
            (_, Some(true)) => left,
            (_, Some(false)) => self.eval(file, right, around),
            (Value::Env(name), None) => {
                let right = self.eval(file, right, around);
                let defaults = text::texts(&right);
                let default = defaults.into_iter().find(|it| !it.is_empty());
                Value::Text(Rc::from([Piece::Env(name.clone(), default)]))
            }
            (Value::Text(pieces), None) if matches!(&**pieces, [Piece::Env(_, Some(_))]) => left,
            (Value::Text(pieces), None) if matches!(&**pieces, [Piece::Env(_, None)]) => {
                let name = left.hint();
                let default = text::texts(&self.eval(file, right, around)).into_iter().find(|it| !it.is_empty());
                Value::Text(Rc::from([Piece::Env(name, default)]))
            }
            // What is not empty stays; the other side is there for what is.
            (Value::Any(values), None) => {
                let kept = values.iter().filter(|it| it.truth() != Some(false)).cloned();
                let mut kept: Vec<Value> = kept.collect();
                kept.push(self.eval(file, right, around));
                Value::any(kept)
            }
            (Value::Text(_), None) => left,
            _ => Value::any(vec![left.clone(), self.eval(file, right, around)]),
        }
    }

    /// Joins the parts of a template or a sum.
    fn joined(&self, file: FileId, parts: &[ExprId], around: Around<'_>) -> Value {
        let parts = parts.iter().take(ENTRIES).map(|part| self.eval(file, *part, around));
        text::joined(parts)
    }

    fn index(&self, file: FileId, object: ExprId, index: ExprId, around: Around<'_>) -> Value {
        let object = self.eval(file, object, around);
        let index = self.eval(file, index, around);
        match (index.plain(), &object) {
            (Some(name), Value::Unknown(_)) if name.bytes().all(|it| it.is_ascii_digit()) => object,
            (Some(name), _) => self.member(&object, &name),
            // Some entry of a table.
            (None, Value::Written(written)) => self.entries(written),
            (None, _) => Value::Unknown(index.hint()),
        }
    }

    /// Returns what may stand in an object or an array: one of a few entries.
    fn entries(&self, written: &Written) -> Value {
        let Some((values, _)) = self.values(written.file) else { return Value::unknown("") };
        let items: Vec<ExprId> = match values.expr(written.expr) {
            Expr::Object(list) => values.props(list).iter().map(|prop| prop.value).collect(),
            Expr::Array(list) => values.list(list).to_vec(),
            _ => Vec::new(),
        };
        if items.is_empty() || items.len() > super::value::MOST {
            return Value::unknown("");
        }
        Value::any(items.into_iter().map(|it| self.eval(written.file, it, written.frame.as_ref())).collect())
    }

    /// Returns the member of a value.
    pub(super) fn member(&self, object: &Value, name: &str) -> Value {
        self.deeper(|| self.member_now(object, name)).unwrap_or_else(|| Value::unknown(name))
    }

    fn member_now(&self, object: &Value, name: &str) -> Value {
        match object {
            Value::Written(written) => self.written_member(written, name),
            Value::Instance(instance) => self.instance_member(instance, name),
            Value::Class(file, class) => self.static_member(*file, *class, name),
            Value::Module(file) => self.module_member(*file, name),
            Value::Http(http) => Self::verb(http, name),
            Value::Param(param) => {
                let mut param = super::value::Param::clone(param);
                if param.path.len() >= 6 {
                    return Value::unknown(name);
                }
                param.path.push(Rc::from(name));
                param.name = Rc::from(name);
                Value::Param(Rc::new(param))
            }
            Value::Global(path) => self.global_member(path, name),
            Value::Foreign(module, path) => Self::foreign_member(module, path, name),
            Value::Any(values) => Value::any(values.iter().map(|it| self.member(it, name)).collect()),
            Value::Text(_) if matches!(name, "href" | "current" | "value") => object.clone(),
            Value::Nothing => Value::Nothing,
            // What a hook, a context or a response holds.
            Value::Function(_)
            | Value::Verb(..)
            | Value::Env(_)
            | Value::Query
            | Value::Bool(_)
            | Value::Text(_)
            | Value::Unknown(_) => Value::unknown(name),
        }
    }

    fn written_member(&self, written: &Written, name: &str) -> Value {
        let Some((values, source)) = self.values(written.file) else { return Value::unknown(name) };
        match values.expr(written.expr) {
            Expr::Object(list) => {
                let around = written.frame.as_ref();
                let mut is_open = false;
                for prop in values.props(list).iter().rev().take(ENTRIES) {
                    if prop.is_spread {
                        match self.member(&self.eval(written.file, prop.value, around), name) {
                            Value::Nothing => {}
                            Value::Unknown(_) => is_open = true,
                            found => return found,
                        }
                    } else if prop.key.slice(source) == name {
                        return self.with_this(self.eval(written.file, prop.value, around), written);
                    }
                }
                if is_open { Value::unknown(name) } else { Value::Nothing }
            }
            Expr::Array(list) => match name.parse::<usize>().ok().and_then(|at| values.list(list).get(at)) {
                Some(item) => self.eval(written.file, *item, written.frame.as_ref()),
                None => Value::unknown(name),
            },
            _ => Value::unknown(name),
        }
    }

    fn with_this(&self, value: Value, object: &Written) -> Value {
        match value {
            Value::Function(closure) if closure.this.is_none() => {
                let this = Some(Value::Written(object.clone()));
                Value::Function(Rc::new(Closure { this, ..Closure::clone(&closure) }))
            }
            other => other,
        }
    }

    fn module_member(&self, file: FileId, name: &str) -> Value {
        let Some(module) = self.file(file) else { return Value::unknown(name) };
        let exported = module.facts.exports.iter().find(|it| it.name == name).map(|it| it.name.as_str());
        if let Some(name) = exported {
            return self.exported(file, name);
        }
        let default = module.values.default_export;
        match (name, default) {
            ("default", Some(expr)) => self.eval(file, expr, None),
            // `module.exports = { … }`
            (_, Some(expr)) => match self.eval(file, expr, None) {
                exports @ Value::Written(_) => self.member(&exports, name),
                _ => self.starred(file, name),
            },
            _ => self.starred(file, name),
        }
    }

    /// Evaluates the arguments of a call.
    pub(super) fn args(&self, file: FileId, args: List, around: Around<'_>) -> Vec<Value> {
        let Some((values, _)) = self.values(file) else { return Vec::new() };
        let mut found = Vec::new();
        for arg in values.list(args).iter().take(20) {
            match values.expr(*arg) {
                Expr::Spread(inner) => {
                    found.push(self.eval(file, inner, around));
                    break;
                }
                _ => found.push(self.eval(file, *arg, around)),
            }
        }
        found
    }

    /// Evaluates what a function returns when it is given something.
    pub(super) fn result(&self, closure: &Closure, args: Vec<Value>) -> Value {
        self.result_of(closure, Some(args))
    }

    /// Evaluates what a function returns when nobody calls it.
    pub(super) fn unasked_result(&self, closure: &Closure) -> Value {
        self.result_of(closure, None)
    }

    fn result_of(&self, closure: &Closure, args: Option<Vec<Value>>) -> Value {
        let Some((values, _)) = self.values(closure.file) else { return Value::unknown("") };
        let Some(lambda) = values.lambda(closure.id) else { return Value::unknown("") };
        let name = values_name(lambda.name, closure.file, self);
        if lambda.returns.is_empty() {
            return Value::unknown(&name);
        }
        let frame = Self::frame_of(closure, args);
        let results = lambda.returns.iter().take(8).map(|it| self.eval(closure.file, *it, Some(&frame)));
        match Value::any(results.collect()) {
            Value::Unknown(hint) if hint.is_empty() => Value::unknown(&name),
            value => value,
        }
    }

    pub(super) fn frame_of(closure: &Closure, args: Option<Vec<Value>>) -> Rc<Frame> {
        Rc::new(Frame {
            file: closure.file,
            lambda: Some(closure.id),
            args,
            this: closure.this.clone(),
            parent: closure.frame.clone(),
        })
    }

    /// `new Class(…)`
    fn made(&self, file: FileId, class: ExprId, args: List, around: Around<'_>) -> Value {
        let class = self.eval(file, class, around);
        match &class {
            Value::Class(of, id) => {
                let args = Some(self.args(file, args, around));
                Value::Instance(Rc::new(Instance { file: *of, class: *id, args }))
            }
            Value::Global(name) if &**name == "URL" => {
                let args = self.args(file, args, around);
                let base = args.get(1).cloned().unwrap_or(Value::Nothing);
                text::resolved(&base, args.first().unwrap_or(&Value::Nothing))
            }
            Value::Global(name) if &**name == "Request" => {
                self.args(file, args, around).into_iter().next().unwrap_or(Value::Nothing)
            }
            Value::Global(name) if &**name == "URLSearchParams" => Value::Query,
            Value::Global(name) if &**name == "XMLHttpRequest" => super::library::xhr(),
            _ => Value::Unknown(class.hint()),
        }
    }
}

fn values_name(range: TextRange, file: FileId, eval: &Eval<'_, '_>) -> String {
    eval.values(file).map_or_else(String::new, |(_, source)| range.slice(source).to_owned())
}

/// Returns a text with `\/` read as `/`.
fn unescaped(text: &str) -> Rc<str> {
    if text.contains('\\') { Rc::from(text.replace("\\/", "/").replace("\\u002F", "/")) } else { Rc::from(text) }
}
