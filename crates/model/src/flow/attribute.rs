//! Attributes: of rows, which may ask the database, and of everything else.

use std::rc::Rc;

use super::Engine;
use super::class::Kind;
use super::effect::{Demand, Via, What};
use super::frame::Frame;
use super::value::{HOPS, Place, Query, Row, Val, Value};
use crate::django::{FieldKind, ModelId};
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::ExprId;

impl<'p> Engine<'_, 'p> {
    /// Returns `owner.name`.
    pub(crate) fn attribute(&mut self, frame: &mut Frame<'p>, owner: &Val<'p>, name: &'p str, id: ExprId) -> Val<'p> {
        let place = frame.place(id);
        let mut found = Value::Unknown;
        for value in owner.value.each().to_vec() {
            let one = self.attribute_of(frame, &value, name, place, owner.on);
            found = found.or(one);
        }
        Val::new(found, owner.on)
    }

    /// Returns an attribute of one alternative, read at a place.
    pub(crate) fn attribute_of(
        &mut self,
        frame: &mut Frame<'p>,
        owner: &Value<'p>,
        name: &str,
        place: Place<'p>,
        on: u64,
    ) -> Value<'p> {
        match owner {
            Value::Row(row) => self.row_attribute(frame, row, name, place, on),
            Value::Model(model) => self.model_attribute(*model, name),
            Value::New(model) => match self.member(*model, name) {
                Some(Member::Method(function)) => Value::Method(Rc::new(owner.clone()), function),
                _ => match self.models.field(*model, name) {
                    Some(field) if field.kind.is_many() => match field.target {
                        Some(target) => Value::Related(super::somewhere(*model).follow(name, target)),
                        None => Value::Unknown,
                    },
                    _ => Value::Unknown,
                },
            },
            Value::Object(class, set) => match set.get(name) {
                Some(value) => value.clone(),
                None => self.object_attribute(frame, owner, *class, name, place, on),
            },
            Value::Class(class) => match self.find_method(*class, name) {
                Some(function) => Value::Function(function),
                None => self.class_value(*class, name),
            },
            Value::Super(object, class) => match &**object {
                Value::Object(own, _) => match self.method_above(*own, *class, name) {
                    Some(function) => Value::Method(Rc::clone(object), function),
                    None => Value::Unknown,
                },
                _ => Value::Unknown,
            },
            Value::Module(path) => match self.project.lookup(path, name) {
                Some(symbol) => self.symbol(symbol),
                None => Value::Unknown,
            },
            Value::External(dotted) => {
                let whole = format!("{dotted}.{name}");
                match self.models.of_external(&whole) {
                    Some(model) => Value::Model(model),
                    None => Value::External(Rc::from(whole)),
                }
            }
            // A page of a paginator, the rows of a list view.
            Value::Query(_) | Value::Rows(_) if matches!(name, "object_list" | "queryset") => owner.clone(),
            Value::Query(query) if name == "model" => Value::Model(query.model),
            Value::Manager(model, _) if name == "model" => Value::Model(*model),
            Value::Dict(fields) => fields.get(name).cloned().unwrap_or_default(),
            _ => Value::Unknown,
        }
    }

    fn row_attribute(
        &mut self,
        frame: &mut Frame<'p>,
        row: &Row<'p>,
        name: &str,
        place: Place<'p>,
        on: u64,
    ) -> Value<'p> {
        if row.query.plain || row.path.len() >= HOPS {
            return Value::Unknown;
        }
        if let Some(cover) = row.query.cover.below(&row.path) {
            if let Some(list) = cover.lists.get(name) {
                let (model, cover) = &**list;
                let query = Query {
                    cover: cover.clone(),
                    chain: row.query.chain,
                    ..Query::new(*model, row.query.base.clone())
                };
                return Value::Rows(Rc::new(query));
            }
            if cover.annotations.contains(name) {
                return Value::Unknown;
            }
        }
        if let Some(field) = self.models.field(row.model, name) {
            if field.kind == FieldKind::Column {
                return Value::Unknown;
            }
            // What a related manager returns knows whose it is.
            if let Some(parent) = self.parent(row, name) {
                return Value::Row(parent);
            }
            let kind = field.kind;
            let target = field.target;
            if kind.is_many() {
                return match target {
                    Some(target) => Value::Related(row.follow(name, target)),
                    None => Value::Unknown,
                };
            }
            let next = row.follow(name, target.unwrap_or(row.model));
            self.demand(
                frame,
                Demand { row: next.clone(), what: What::Load, via: Via::ForeignKey, access: place, steps: Vec::new() },
            );
            return target.map_or(Value::Unknown, |_| Value::Row(next));
        }
        match self.member(row.model, name) {
            Some(Member::Method(function)) => Value::Method(Rc::new(Value::Row(row.clone())), function),
            Some(Member::Property(function)) => {
                let receiver = Val::new(Value::Row(row.clone()), on);
                self.invoke(frame, function, vec![receiver], Vec::new(), place, "read here").value
            }
            None => Value::Unknown,
        }
    }

    /// Returns the row that a row was reached from, where `name` leads back to it.
    fn parent(&self, row: &Row<'p>, name: &str) -> Option<Row<'p>> {
        let last = row.path.last()?;
        let mut model = row.query.model;
        for step in &row.path[..row.path.len() - 1] {
            model = self.models.field(model, step)?.target?;
        }
        let field = self.models.field(model, last)?;
        let leads_back = matches!(field.kind, FieldKind::ReverseForeignKey | FieldKind::ReverseOneToOne)
            && field.reverse_of.as_deref() == Some(name)
            || field.kind == FieldKind::OneToOne
                && self.models.field(row.model, name).is_some_and(|it| {
                    it.kind == FieldKind::ReverseOneToOne && it.reverse_of.as_deref() == Some(&**last)
                });
        if !leads_back {
            return None;
        }
        let mut path = row.path.clone();
        path.pop();
        let single = row.single & !(u64::MAX << path.len().min(63));
        Some(Row { query: Rc::clone(&row.query), path, model, single })
    }

    /// Returns a method or property of a model, as its class and the classes above write it.
    pub(crate) fn member(&mut self, model: ModelId, name: &str) -> Option<Member<'p>> {
        let class = self.models.get(model).class?;
        let function = self.find_method(class, name)?;
        Some(if self.is_property(function) { Member::Property(function) } else { Member::Method(function) })
    }

    /// Returns whether a method is read like an attribute.
    pub(crate) fn is_property(&self, function: FunctionRef<'p>) -> bool {
        self.project.function(function).is_some_and(|facts| {
            facts.decorators.iter().any(|it| {
                let last = it.path.rsplit('.').next().unwrap_or("");
                last == "property" || last == "cached_property" || last.ends_with("_property")
            })
        })
    }

    fn model_attribute(&mut self, model: ModelId, name: &str) -> Value<'p> {
        let facts = self.models.get(model);
        if name == "objects"
            || facts.managers.contains_key(name)
            || matches!(name, "_default_manager" | "_base_manager")
        {
            let name = if name.starts_with('_') { facts.default_manager.as_str() } else { name };
            return Value::Manager(model, Rc::from(name));
        }
        match self.member(model, name) {
            Some(Member::Method(function)) => Value::Function(function),
            _ => Value::Unknown,
        }
    }

    fn object_attribute(
        &mut self,
        frame: &mut Frame<'p>,
        object: &Value<'p>,
        class: ClassRef<'p>,
        name: &str,
        place: Place<'p>,
        on: u64,
    ) -> Value<'p> {
        if let Some(function) = self.find_method(class, name) {
            if self.is_property(function) {
                let receiver = Val::new(object.clone(), on);
                return self.invoke(frame, function, vec![receiver], Vec::new(), place, "read here").value;
            }
            return Value::Method(Rc::new(object.clone()), function);
        }
        self.class_value(class, name)
    }

    /// Returns the value that a class body gives to a name.
    pub(crate) fn class_value(&mut self, class: ClassRef<'p>, name: &str) -> Value<'p> {
        let Some((owner, value)) = self.class_attribute(class, name) else { return Value::Unknown };
        let Some(module) = self.module(owner.path) else { return Value::Unknown };
        if self.depth > super::DEPTH {
            return Value::Unknown;
        }
        self.depth += 1;
        let mut frame = self.frame(module, None);
        frame.class = Some(owner);
        let value = self.eval(&mut frame, value).value;
        self.depth -= 1;
        // A class's `None` waits for an object's value.
        if value == Value::None { Value::Unknown } else { value }
    }

    /// Prints a value: a row is printed by its `__str__`.
    pub(crate) fn print(&mut self, frame: &mut Frame<'p>, value: &Val<'p>, id: ExprId) {
        let place = frame.place(id);
        self.print_at(frame, value, place);
    }

    /// Prints a value at a place.
    pub(crate) fn print_at(&mut self, frame: &mut Frame<'p>, value: &Val<'p>, place: Place<'p>) {
        for one in value.value.each().to_vec() {
            let Value::Row(row) = &one else { continue };
            if let Some(Member::Method(function)) = self.member(row.model, "__str__") {
                self.invoke(frame, function, vec![Val::new(one, value.on)], Vec::new(), place, "printed here");
            }
        }
    }

    /// Returns whether a class is a serializer.
    pub(crate) fn is_serializer(&mut self, class: ClassRef<'p>) -> bool {
        self.lineage(class).kind.contains(Kind::SERIALIZER)
    }
}

/// A function of a model's class.
pub(crate) enum Member<'p> {
    /// Is called.
    Method(FunctionRef<'p>),
    /// Is read.
    Property(FunctionRef<'p>),
}
