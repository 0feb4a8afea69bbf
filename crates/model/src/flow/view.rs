//! Views and change lists: which rows they show, and with what.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Engine;
use super::class::Kind;
use super::expression::one_of;
use super::frame::Frame;
use super::queryset::Method;
use super::value::{Base, Chain, Place, Query, Val, Value};
use crate::project::ClassRef;

impl<'p> Engine<'_, 'p> {
    /// A list or detail view of the REST framework whose own methods do the work.
    pub(crate) fn rest_view(&mut self, class: ClassRef<'p>) {
        let kind = self.lineage(class).kind;
        for (flag, action, is_many) in [(Kind::REST_LIST, "list", true), (Kind::REST_RETRIEVE, "retrieve", false)] {
            let own = self.find_method(class, action);
            if own.is_none() && !kind.contains(flag) || !self.has_queryset(class) {
                continue;
            }
            let Some(module) = self.module(class.path) else { return };
            let mut frame = self.frame(module, None);
            frame.class = Some(class);
            let view = acting(class, action);
            let place = self.name_place(class);
            match own {
                Some(function) => {
                    self.invoke(&mut frame, function, vec![Val::new(view, 0)], Vec::new(), place, "handled here");
                }
                None => self.show_rest(&mut frame, &view, class, is_many),
            }
        }
    }

    /// What the framework's `list` and `retrieve` do.
    fn show_rest(&mut self, frame: &mut Frame<'p>, view: &Value<'p>, class: ClassRef<'p>, is_many: bool) {
        let rows = self.view_rows(frame, view, class);
        let rows = if is_many { rows } else { first_of(&rows) };
        let place = self.name_place(class);
        for serializer in self.view_serializers(frame, view, class) {
            self.serialize(frame, serializer, &Val::new(rows.clone(), 0), is_many, place);
        }
    }

    /// A base class that names no queryset is no view of its own.
    fn has_queryset(&mut self, class: ClassRef<'p>) -> bool {
        self.class_attribute(class, "queryset").is_some() || self.find_method(class, "get_queryset").is_some()
    }

    pub(crate) fn name_place(&self, class: ClassRef<'p>) -> Place<'p> {
        let facts = self.project.python(class.path).and_then(|facts| facts.class(class.id));
        let range = facts.map_or(arrears_core::text::TextRange::empty(0), |facts| facts.name_range);
        Place { path: class.path, range }
    }

    /// Returns the rows of a view: what `get_queryset` returns, or the class's `queryset`.
    pub(crate) fn view_rows(&mut self, frame: &mut Frame<'p>, view: &Value<'p>, class: ClassRef<'p>) -> Value<'p> {
        let place = self.name_place(class);
        let Some(function) = self.find_method(class, "get_queryset") else { return self.class_rows(class) };
        let made = self.invoke(frame, function, vec![Val::new(view.clone(), 0)], Vec::new(), place, "made here").value;
        let own = match self.class_rows(class) {
            Value::Query(own) => own,
            _ => return made,
        };
        made.map(|value| match value {
            Value::Query(query)
                if query.base != own.base && query.model == own.model && !own.cover.relations.is_empty() =>
            {
                let is_less = own.cover.relations.keys().any(|name| !query.cover.relations.contains_key(name));
                Value::Query(Rc::new(Query { dropped: is_less && !query.cover.is_unknown, ..(**query).clone() }))
            }
            other => other.clone(),
        })
    }

    /// Returns the rows that a class body names: `queryset = …` or `model = …`.
    pub(crate) fn class_rows(&mut self, class: ClassRef<'p>) -> Value<'p> {
        match self.class_value(class, "queryset") {
            Value::Manager(model, name) => {
                let Some((owner, id)) = self.class_attribute(class, "queryset") else { return Value::Unknown };
                let Some(module) = self.module(owner.path) else { return Value::Unknown };
                let mut frame = self.frame(module, None);
                return Value::Query(self.manager_query(&mut frame, model, &name, id));
            }
            Value::Unknown => {}
            known => return known,
        }
        let Value::Model(model) = self.class_value(class, "model") else { return Value::Unknown };
        let Some((owner, id)) = self.class_attribute(class, "model") else { return Value::Unknown };
        let Some(module) = self.module(owner.path) else { return Value::Unknown };
        let mut frame = self.frame(module, None);
        let place = frame.place(id);
        let manager: Rc<str> = Rc::from(self.models.get(model).default_manager.as_str());
        let mut query = Query::new(model, Base::Site(place));
        query.cover = self.manager_cover(&mut frame, model, &manager, place);
        Value::Query(Rc::new(query))
    }

    /// Returns the serializers that a view may use.
    pub(crate) fn view_serializers(
        &mut self,
        frame: &mut Frame<'p>,
        view: &Value<'p>,
        class: ClassRef<'p>,
    ) -> Vec<ClassRef<'p>> {
        let place = self.name_place(class);
        let made = match self.find_method(class, "get_serializer_class") {
            Some(function) => {
                self.invoke(frame, function, vec![Val::new(view.clone(), 0)], Vec::new(), place, "chosen here").value
            }
            None => self.class_value(class, "serializer_class"),
        };
        let classes = made.each().iter().filter_map(|value| match value {
            Value::Class(class) => Some(*class),
            _ => None,
        });
        let classes: Vec<ClassRef<'p>> = classes.collect();
        classes.into_iter().filter(|class| self.is_serializer(*class)).collect()
    }

    /// A method of a class that the framework has written.
    pub(crate) fn framework_method(
        &mut self,
        frame: &mut Frame<'p>,
        object: &Value<'p>,
        class: ClassRef<'p>,
        method: &Method<'_, 'p>,
    ) -> Value<'p> {
        let kind = self.lineage(class).kind;
        let first = method.args.positional.first().map(|(value, _)| value.clone()).unwrap_or_default();
        let place = frame.place(method.id);
        match method.name {
            "get_queryset" if kind.contains(Kind::ADMIN) => self.admin_rows(class, place),
            "get_queryset" if kind.contains(Kind::INLINE) => match self.class_value(class, "model") {
                Value::Model(model) => Value::Query(Rc::new(Query::new(model, Base::Site(place)))),
                _ => Value::Unknown,
            },
            // A method that all views share is not the place to mend one of them.
            "get_queryset" if frame.class != Some(class) => self.class_rows(class),
            "get_queryset" => self.own_rows(frame, class, method),
            "filter_queryset" | "get_paginated_response" | "get_ordering" => first.value,
            "paginate_queryset" => {
                let rows = self.page(&first.value);
                if kind.intersects(Kind::LIST_VIEW) {
                    return Value::Tuple(Rc::from(vec![Value::Unknown, rows.clone(), rows, Value::Unknown]));
                }
                rows
            }
            "get_object" => {
                let rows = self.view_rows(frame, object, class);
                first_of(&rows)
            }
            "list" | "retrieve" if kind.intersects(Kind::REST_LIST | Kind::REST_RETRIEVE) => {
                self.show_rest(frame, object, class, method.name == "list");
                Value::Unknown
            }
            "get_serializer_class" => {
                let known = self.class_value(class, "serializer_class");
                if matches!(known, Value::Class(_)) { known } else { Value::Unknown }
            }
            "get_serializer" => {
                let mut made = Value::Unknown;
                for serializer in self.view_serializers(frame, object, class) {
                    self.serialize_call(frame, serializer, method.args, place);
                    made = made.or(Value::object(serializer));
                }
                made
            }
            "to_representation" if kind.contains(Kind::SERIALIZER) => {
                for one in first.value.each() {
                    if let Value::Row(row) = one {
                        self.show_fields(frame, class, row);
                    }
                }
                Value::Dict(Rc::default())
            }
            "get_context_data" if kind.contains(Kind::TEMPLATE_VIEW) => self.context(frame, object, class, method.args),
            "render_to_response" if kind.contains(Kind::TEMPLATE_VIEW) => {
                self.render_view(frame, class, &first.value, place);
                Value::Unknown
            }
            _ => Value::Unknown,
        }
    }

    /// `super().get_queryset()`: the rows that the class names, mended here.
    fn own_rows(&mut self, frame: &Frame<'p>, class: ClassRef<'p>, method: &Method<'_, 'p>) -> Value<'p> {
        let place = frame.place(method.id);
        let range = frame.module.bodies.span(method.id);
        let chain = Some(Chain { path: place.path, range, select: None, prefetch: None });
        self.class_rows(class).map(|value| match value {
            Value::Query(query) => {
                let made = match query.base {
                    Base::Site(site) => Some(site),
                    Base::Param(_) | Base::Somewhere => None,
                };
                Value::Query(Rc::new(Query { base: Base::Site(place), chain, made, ..(**query).clone() }))
            }
            other => other.clone(),
        })
    }
}

/// Returns a view while it does something: `self.action == "list"`.
pub(crate) fn acting<'p>(class: ClassRef<'p>, action: &str) -> Value<'p> {
    let set = BTreeMap::from([
        (Rc::from("action"), Value::Str(Rc::from(action))),
        (Rc::from("detail"), Value::Bool(action == "retrieve")),
    ]);
    Value::Object(class, Rc::new(set))
}

/// Returns one row of what may be rows.
pub(crate) fn first_of<'p>(rows: &Value<'p>) -> Value<'p> {
    rows.map(|value| match value {
        Value::Query(query) | Value::Rows(query) => one_of(query),
        _ => Value::Unknown,
    })
}
