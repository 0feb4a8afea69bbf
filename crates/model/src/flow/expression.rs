//! Expressions.

use std::collections::BTreeMap;
use std::rc::Rc;

use arrears_core::text::TextRange;

use super::frame::Frame;
use super::statement::concat;
use super::value::{Base, Query, Val, Value};
use super::{Engine, somewhere};
use crate::project::resolve::Symbol;
use crate::python::body::{ComprehensionKind, Expr, ExprId, List};

impl<'p> Engine<'_, 'p> {
    /// Returns what an expression stands for.
    pub(crate) fn eval(&mut self, frame: &mut Frame<'p>, id: ExprId) -> Val<'p> {
        if self.budget == 0 {
            self.cuts += 1;
            return Val::default();
        }
        self.budget -= 1;
        let bodies = frame.module.bodies;
        match bodies.expr(id) {
            Expr::Name => self.name(frame, id),
            Expr::Attr { object, name } => self.attribute_read(frame, id, object, name),
            Expr::Call { function, args } => self.call(frame, id, function, args),
            Expr::Str(content) => Val::new(Value::Str(Rc::from(content.slice(frame.module.text))), 0),
            Expr::Int => Val::new(bodies.int(id, frame.module.text).map_or(Value::Unknown, Value::Int), 0),
            Expr::True => Val::new(Value::Bool(true), 0),
            Expr::False => Val::new(Value::Bool(false), 0),
            Expr::None => Val::new(Value::None, 0),
            Expr::List(parts) | Expr::Set(parts) | Expr::Tuple(parts) => self.sequence(frame, bodies.exprs(parts)),
            Expr::Dict(parts) => self.dictionary(frame, bodies.exprs(parts)),
            Expr::Subscript { object, index } => self.subscript(frame, id, object, index),
            Expr::Slice { lower, upper } => {
                let on = [lower, upper].into_iter().flatten().fold(0, |on, part| on | self.eval(frame, part).on);
                Val::unknown(on)
            }
            Expr::Comprehension { kind, element, clauses } => self.comprehension(frame, kind, element, clauses),
            Expr::Lambda { .. } => Val::new(Value::Lambda(frame.module.path, id), 0),
            Expr::Conditional { test, then, other } => self.conditional(frame, test, then, other),
            Expr::Bool { left, right } => self.boolean(frame, id, left, right),
            Expr::Not(inner) => {
                let inner = self.eval(frame, inner);
                self.truth(frame, &inner, id);
                match inner.value {
                    Value::Bool(known) => Val::new(Value::Bool(!known), inner.on),
                    _ => Val::unknown(inner.on),
                }
            }
            Expr::Compare(parts) => self.compare(frame, bodies.exprs(parts)),
            Expr::Binary { op, left, right } => self.binary(frame, op, left, right),
            Expr::Star(inner) | Expr::Await(inner) => self.eval(frame, inner),
            Expr::Walrus { target, value } => {
                let value = self.eval(frame, value);
                self.bind(frame, target, &value);
                value
            }
            Expr::Yield(value) => self.yielded(frame, value),
            Expr::Format(parts) => self.format(frame, bodies.exprs(parts)),
            Expr::Opaque(parts) => {
                let mut on = 0;
                for part in bodies.exprs(parts) {
                    on |= self.eval(frame, *part).on;
                }
                Val::unknown(on)
            }
        }
    }

    fn attribute_read(&mut self, frame: &mut Frame<'p>, id: ExprId, object: ExprId, name: TextRange) -> Val<'p> {
        let bodies = frame.module.bodies;
        let owner = self.eval(frame, object);
        let name = name.slice(frame.module.text);
        if let Expr::Name = bodies.expr(object) {
            let object = frame.source(object);
            if frame.name_of_self == Some(object)
                && let Some(value) = frame.set.get(name)
            {
                return Val::new(value.clone(), owner.on);
            }
            if frame.given.contains(&(object, name)) {
                return Val::unknown(owner.on);
            }
        }
        if name == "user" && owner.value == Value::Unknown && frame.source(object).ends_with("request") {
            return Val::new(self.someone(), owner.on);
        }
        self.attribute(frame, &owner, name, id)
    }

    fn comprehension(
        &mut self,
        frame: &mut Frame<'p>,
        kind: ComprehensionKind,
        element: ExprId,
        clauses: List,
    ) -> Val<'p> {
        let bodies = frame.module.bodies;
        let before = self.fork(frame);
        let made = self.clauses(frame, bodies.clauses(clauses), element);
        frame.env = before;
        let value = match (kind, made.value) {
            (ComprehensionKind::Dict, Value::Tuple(pair)) if pair.len() == 2 => {
                Value::Mapping(Rc::new(pair[1].clone()))
            }
            (ComprehensionKind::Dict, _) => Value::Unknown,
            (_, Value::Row(row)) if row.path.is_empty() => Value::Rows(row.query),
            (_, one) if one.is_plain() => Value::Unknown,
            (_, one) => Value::Items(Rc::new(one)),
        };
        Val::new(value, made.on)
    }

    fn conditional(&mut self, frame: &mut Frame<'p>, test: ExprId, then: ExprId, other: ExprId) -> Val<'p> {
        let on = match self.eval(frame, test) {
            Val { value: Value::Bool(true), .. } => return self.eval(frame, then),
            Val { value: Value::Bool(false) | Value::None, .. } => return self.eval(frame, other),
            other => other.on,
        };
        let value = self.eval(frame, then).or(self.eval(frame, other));
        Val::new(value.value, value.on | on)
    }

    fn binary(&mut self, frame: &mut Frame<'p>, op: u8, left: ExprId, right: ExprId) -> Val<'p> {
        let (left, right) = (self.eval(frame, left), self.eval(frame, right));
        let value = match (op, &left.value, &right.value) {
            // Querysets are joined in the database, whatever relation they were made of.
            (b'|', Value::Query(query), _) if query.bound == Some(0) => match right.value {
                Value::Query(_) => right.value,
                _ => Value::Query(Rc::new(Query { bound: None, ..(**query).clone() })),
            },
            (b'|' | b'&', Value::Query(_), _) => left.value,
            (b'|' | b'&', _, Value::Query(_)) => right.value,
            (b'+' | b'|' | b'&', ..) => concat(left.value, right.value),
            (b'%', Value::Str(text), Value::Str(word)) if text.matches('%').count() == 1 => {
                Value::Str(Rc::from(text.replace("%s", word)))
            }
            _ => Value::Unknown,
        };
        Val::new(value, left.on | right.on)
    }

    fn yielded(&mut self, frame: &mut Frame<'p>, value: Option<ExprId>) -> Val<'p> {
        if let Some(value) = value {
            let value = self.eval(frame, value);
            frame.yields = Some(match frame.yields.take() {
                Some(before) => before.or(value),
                None => value,
            });
        }
        Val::default()
    }

    /// A string with values in it.
    fn format(&mut self, frame: &mut Frame<'p>, parts: &[ExprId]) -> Val<'p> {
        let mut on = 0;
        for part in parts {
            let value = self.eval(frame, *part);
            on |= value.on;
            self.print(frame, &value, *part);
        }
        Val::unknown(on)
    }

    /// Returns the user of a request.
    pub(crate) fn someone(&self) -> Value<'p> {
        self.models.user().map_or(Value::Unknown, |model| Value::Row(somewhere(model)))
    }

    /// `left and right`, `left or right`
    fn boolean(&mut self, frame: &mut Frame<'p>, id: ExprId, left: ExprId, right: ExprId) -> Val<'p> {
        let bodies = frame.module.bodies;
        let between = bodies.span(left).end() as usize..bodies.span(right).start() as usize;
        let is_or = frame.module.text.get(between).is_some_and(|it| it.contains("or"));
        let left = self.eval(frame, left);
        self.truth(frame, &left, id);
        if left.value == Value::Bool(is_or) {
            return left;
        }
        let right = self.eval(frame, right);
        let on = left.on | right.on;
        match (&left.value, &right.value) {
            (Value::Bool(_), _) => right,
            (_, Value::Bool(known)) if *known == is_or => Val::new(Value::Bool(*known), on),
            (_, Value::Bool(_)) => Val::new(if is_or { left.value } else { Value::Unknown }, on),
            _ => left.or(right),
        }
    }

    fn name(&mut self, frame: &mut Frame<'p>, id: ExprId) -> Val<'p> {
        let name = frame.source(id);
        if let Some(value) = frame.env.get(name) {
            return value.clone();
        }
        let key = (frame.module.path, frame.function, name);
        if let Some(known) = self.names.get(&key) {
            return Val::new(known.clone(), 0);
        }
        let at = frame.module.bodies.span(id).start();
        let value = match self.project.resolve(frame.module.path, name, at) {
            Some(symbol) => self.symbol(symbol),
            None => Value::Unknown,
        };
        self.names.insert(key, value.clone());
        Val::new(value, 0)
    }

    /// Returns what a resolved name stands for.
    pub(crate) fn symbol(&mut self, symbol: Symbol<'p>) -> Value<'p> {
        match symbol {
            Symbol::Function(function) => Value::Function(function),
            Symbol::Class(class) => match self.models.of_class(class) {
                Some(_) if self.is_defined_twice(class) => Value::Unknown,
                Some(model) => Value::Model(model),
                None => Value::Class(class),
            },
            Symbol::Module(path) => Value::Module(path),
            Symbol::External(name) => match self.models.of_external(&name) {
                Some(model) => Value::Model(model),
                None => Value::External(Rc::from(name)),
            },
            Symbol::Variable(path, name) => self.global(path, name),
        }
    }

    /// Returns the value of a variable at the top of a module.
    fn global(&mut self, path: &'p arrears_core::source::RelPath, name: String) -> Value<'p> {
        let key = (path, name);
        if let Some(known) = self.globals.get(&key) {
            return known.clone();
        }
        self.globals.insert(key.clone(), Value::Unknown);
        let Some(module) = self.module(path) else { return Value::Unknown };
        let assigned = module.bodies.assignments(module.bodies.top, module.text).filter(|(it, ..)| *it == key.1).last();
        let Some((_, _, value)) = assigned else { return Value::Unknown };
        let mut frame = self.frame(module, None);
        // What is `None` here may be set elsewhere, as in a fallback for an import.
        let value = match self.eval(&mut frame, value).value.bounded() {
            Value::None => Value::Unknown,
            other => other,
        };
        self.globals.insert(key, value.clone());
        value
    }

    fn sequence(&mut self, frame: &mut Frame<'p>, parts: &[ExprId]) -> Val<'p> {
        let mut on = 0;
        let mut values = Vec::with_capacity(parts.len());
        let mut is_open = false;
        for part in parts {
            let value = self.eval(frame, *part);
            on |= value.on;
            if matches!(frame.module.bodies.expr(*part), Expr::Star(_)) {
                match value.value {
                    Value::Tuple(inner) => values.extend(inner.iter().cloned()),
                    _ => is_open = true,
                }
            } else {
                values.push(value.value);
            }
        }
        if is_open || values.len() > 40 {
            return Val::unknown(on);
        }
        Val::new(Value::Tuple(Rc::from(values)), on)
    }

    fn dictionary(&mut self, frame: &mut Frame<'p>, parts: &[ExprId]) -> Val<'p> {
        let mut on = 0;
        let mut fields = BTreeMap::new();
        let mut others = Value::Unknown;
        for pair in parts.chunks_exact(2) {
            let (key, value) = (self.eval(frame, pair[0]), self.eval(frame, pair[1]));
            on |= key.on | value.on;
            match (key.value, value.value) {
                (Value::Str(key), value) => {
                    fields.insert(key, value);
                }
                (_, Value::Dict(inner)) => {
                    fields.extend(inner.iter().map(|(key, value)| (Rc::clone(key), value.clone())));
                }
                (_, value) => others = others.or(value),
            }
        }
        if fields.is_empty() && !others.is_plain() {
            return Val::new(Value::Mapping(Rc::new(others)), on);
        }
        Val::new(Value::Dict(Rc::new(fields)).bounded(), on)
    }

    fn subscript(&mut self, frame: &mut Frame<'p>, id: ExprId, object: ExprId, index: ExprId) -> Val<'p> {
        let owner = self.eval(frame, object);
        let bodies = frame.module.bodies;
        if let Expr::Slice { lower, upper } = bodies.expr(index) {
            self.eval(frame, index);
            let bound = match (lower, upper.map(|it| bodies.int(it, frame.module.text))) {
                (None, Some(Some(bound))) => u32::try_from(bound).ok(),
                _ => None,
            };
            let value = owner.value.map(|value| match value {
                Value::Query(query) if bound.is_some() => Value::Query(Rc::new(Query { bound, ..(**query).clone() })),
                Value::Rows(query) if bound.is_some() => Value::Rows(Rc::new(Query { bound, ..(**query).clone() })),
                other => other.clone(),
            });
            return Val::new(value, owner.on);
        }
        let key = self.eval(frame, index);
        let on = owner.on | key.on;
        let mut found = Value::Unknown;
        for value in owner.value.each().to_vec() {
            let one = match value {
                Value::Query(query) => {
                    self.ask(frame, &query, frame.place(id), "[]", on);
                    one_of(&query)
                }
                Value::Rows(query) => Value::Row(query.row()),
                Value::Related(_) => {
                    let place = frame.place(id);
                    self.iterate(frame, &Val::new(value, on), place, "[]")
                }
                Value::Items(each) if matches!(key.value, Value::Int(_)) => single(&each),
                Value::Items(each) | Value::Mapping(each) => (*each).clone(),
                Value::Tuple(values) => match key.value {
                    Value::Int(at) => {
                        usize::try_from(at).ok().and_then(|at| values.get(at)).cloned().unwrap_or_default()
                    }
                    _ => values.iter().fold(Value::Unknown, |all, one| all.or(one.clone())),
                },
                Value::Dict(fields) => match &key.value {
                    Value::Str(name) => fields.get(name).cloned().unwrap_or_default(),
                    _ => Value::Unknown,
                },
                _ => Value::Unknown,
            };
            found = found.or(one);
        }
        Val::new(found, on)
    }

    /// Comparisons of known words are decided: `self.action == "list"`.
    fn compare(&mut self, frame: &mut Frame<'p>, parts: &[ExprId]) -> Val<'p> {
        let values: Vec<Val<'p>> = parts.iter().map(|part| self.eval(frame, *part)).collect();
        let on = values.iter().fold(0, |on, value| on | value.on);
        let [left, right] = values.as_slice() else { return Val::unknown(on) };
        let bodies = frame.module.bodies;
        let between = bodies.span(parts[0]).end() as usize..bodies.span(parts[1]).start() as usize;
        let operator = frame.module.text.get(between).unwrap_or("").trim_matches(|it: char| "() \n".contains(it));
        let is_in = |wanted: &Rc<str>, values: &[Value<'p>]| {
            values
                .iter()
                .all(|it| matches!(it, Value::Str(_)))
                .then(|| values.iter().any(|it| matches!(it, Value::Str(known) if known == wanted)))
        };
        let known = match (&left.value, operator, &right.value) {
            (Value::Str(left), "==", Value::Str(right)) => Some(left == right),
            (Value::Str(left), "!=", Value::Str(right)) => Some(left != right),
            (Value::Str(left), "in", Value::Tuple(right)) => is_in(left, right),
            (Value::Str(left), "not in", Value::Tuple(right)) => is_in(left, right).map(|it| !it),
            (left, "is" | "is not", Value::None) => left.is_none().map(|it| it == (operator == "is")),
            // A serializer's options are off until somebody turns them on.
            (Value::Str(_), "in", Value::Unknown) if self.is_option(frame, parts[1]) => Some(false),
            // A membership test reads the rows.
            (_, "in" | "not in", _) => {
                let right = right.clone();
                let place = frame.place(parts[1]);
                if matches!(right.value, Value::Query(_) | Value::Related(_)) {
                    self.iterate(frame, &right, place, "in");
                }
                None
            }
            _ => None,
        };
        known.map_or(Val::unknown(on), |known| Val::new(Value::Bool(known), on))
    }

    /// Returns whether something is an attribute of the serializer that is being run.
    fn is_option(&mut self, frame: &Frame<'p>, id: ExprId) -> bool {
        let bodies = frame.module.bodies;
        let Expr::Attr { object, .. } = bodies.expr(id) else { return false };
        frame.name_of_self.is_some_and(|name| frame.source(object) == name)
            && frame.class.is_some_and(|class| self.is_serializer(class))
    }

    /// A queryset in a condition is read whole.
    pub(crate) fn truth(&mut self, frame: &mut Frame<'p>, value: &Val<'p>, id: ExprId) {
        if matches!(value.value, Value::Query(_) | Value::Related(_)) {
            let place = frame.place(id);
            self.iterate(frame, value, place, "bool");
        }
    }

    /// Returns what an annotation says a value is.
    pub(crate) fn typed(&mut self, frame: &mut Frame<'p>, annotation: ExprId) -> Value<'p> {
        let bodies = frame.module.bodies;
        match bodies.expr(annotation) {
            Expr::Name | Expr::Attr { .. } => {
                let Some(name) = bodies.dotted(annotation, frame.module.text) else { return Value::Unknown };
                self.type_named(frame, name, bodies.span(annotation).start())
            }
            Expr::Str(content) => {
                let name = content.slice(frame.module.text).trim();
                let is_name = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'.');
                if is_name && !name.is_empty() {
                    return self.type_named(frame, name, content.start());
                }
                Value::Unknown
            }
            Expr::Subscript { object, index } => {
                let outer = frame.source(object).rsplit('.').next().unwrap_or("");
                let Value::Row(row) = self.typed(frame, index) else { return Value::Unknown };
                match outer {
                    "Optional" | "Annotated" => Value::Row(row),
                    "QuerySet" | "Manager" => Value::Query(Rc::new(Query::new(row.model, Base::Somewhere))),
                    "list" | "List" | "Iterable" | "Sequence" | "set" | "Set" | "tuple" | "Collection" => {
                        Value::Rows(Rc::new(Query::new(row.model, Base::Somewhere)))
                    }
                    _ => Value::Unknown,
                }
            }
            // `Order | None`
            Expr::Binary { op: b'|', left, right } => self.typed(frame, left).or(self.typed(frame, right)),
            Expr::Opaque(parts) => {
                let parts = bodies.exprs(parts).to_vec();
                parts.into_iter().fold(Value::Unknown, |all, part| all.or(self.typed(frame, part)))
            }
            _ => Value::Unknown,
        }
    }

    fn type_named(&mut self, frame: &Frame<'p>, name: &str, at: u32) -> Value<'p> {
        let Some(symbol) = self.project.resolve(frame.module.path, name, at) else { return Value::Unknown };
        match self.symbol(symbol) {
            Value::Model(model) => Value::Row(somewhere(model)),
            Value::Class(class) => Value::object(class),
            _ => Value::Unknown,
        }
    }
}

/// Returns the one row that `get`, `first` or an index takes out of a query.
pub(crate) fn one_of<'p>(query: &Rc<Query<'p>>) -> Value<'p> {
    if query.plain {
        return Value::Unknown;
    }
    Value::Row(Rc::new(Query { many: false, ..(**query).clone() }).row())
}

/// Returns one of the elements of a list.
pub(crate) fn single<'p>(element: &Value<'p>) -> Value<'p> {
    element.map(|value| match value {
        Value::Row(row) if !row.path.is_empty() => Value::Row(row.one()),
        Value::Row(row) => one_of(&row.query),
        other => other.clone(),
    })
}
