//! Change lists of the admin: what a row is asked for to stand in a table.

use std::rc::Rc;

use super::class::Kind;
use super::frame::Frame;
use super::value::{Base, Chain, Place, Query, Row, Val, Value};
use super::{Engine, Module};
use crate::django::FieldKind;
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::Expr;

/// How many rows a page of a change list has unless `list_per_page` says so.
const PAGE: u32 = 100;

impl<'p> Engine<'_, 'p> {
    /// Shows the rows of an inline of a change form: their texts, and the columns that are only read.
    pub(crate) fn inline(&mut self, class: ClassRef<'p>) {
        let Some(module) = self.module(class.path) else { return };
        let Value::Model(model) = self.class_value(class, "model") else { return };
        let Some((owner, id)) = self.class_attribute(class, "model") else { return };
        let Some(range) = self.bodies(owner.path).map(|bodies| bodies.span(id)) else { return };
        let place = Place { path: owner.path, range };
        let mut frame = self.frame(module, None);
        frame.class = Some(class);
        let rows = match self.find_method(class, "get_queryset") {
            Some(function) => {
                let inline = Val::new(Value::object(class), 0);
                self.invoke(&mut frame, function, vec![inline], Vec::new(), place, "made here").value
            }
            None => Value::Query(Rc::new(Query::new(model, Base::Site(place)))),
        };
        for rows in rows.each() {
            let Value::Query(query) = rows else { continue };
            self.is_change_list = true;
            self.print_at(&mut frame, &Val::new(Value::Row(query.row()), 0), place);
            // A key that is only read is printed, and one that is typed in is shown beside its number.
            for list in ["readonly_fields", "raw_id_fields", "autocomplete_fields"] {
                let Value::Tuple(names) = self.class_value(class, list) else { continue };
                let Some((owner, id)) = self.class_attribute(class, list) else { continue };
                for name in names.iter() {
                    if let Value::Str(name) = name {
                        let at = self.literal(owner, id, name).unwrap_or(place);
                        self.column(&mut frame, class, &query.row(), name, at);
                    }
                }
            }
            self.is_change_list = false;
        }
    }

    /// Adds the rows that an action of a change list is given.
    pub(crate) fn chosen_rows(&mut self, module: Module<'p>, function: FunctionRef<'p>, arguments: &mut Vec<Val<'p>>) {
        let Some(class) = module.facts.function(function.id).and_then(|it| it.class) else { return };
        let class = ClassRef { path: module.path, id: class };
        let params = module.bodies.function(function.id).map(|it| it.params.as_slice()).unwrap_or_default();
        let Some(at) = params.iter().position(|it| it.name.slice(module.text) == "queryset") else { return };
        if arguments.len() != 1 || at != 2 || !self.lineage(class).kind.contains(Kind::ADMIN) {
            return;
        }
        let Some(model) = self.admin_model(class) else { return };
        let place = Place { path: module.path, range: params[at].name };
        let mut query = Query::new(model, Base::Site(place));
        query.cover.is_unknown = self.find_method(class, "get_queryset").is_some();
        arguments.push(Val::default());
        arguments.push(Val::new(Value::Query(Rc::new(query)), 0));
    }

    /// Shows the rows of a change list.
    pub(crate) fn change_list(&mut self, class: ClassRef<'p>) {
        let Some(module) = self.module(class.path) else { return };
        if self.admin_model(class).is_none() {
            return;
        }
        let mut frame = self.frame(module, None);
        frame.class = Some(class);
        let own = self.class_attribute(class, "list_display").filter(|(owner, _)| self.bodies(owner.path).is_some());
        let place = match own {
            Some((owner, id)) => {
                let range = self.bodies(owner.path).map(|bodies| bodies.span(id));
                range.map_or_else(|| self.name_place(class), |range| Place { path: owner.path, range })
            }
            None => self.name_place(class),
        };
        let rows = match self.find_method(class, "get_queryset") {
            Some(function) => {
                let admin = Val::new(Value::object(class), 0);
                self.invoke(&mut frame, function, vec![admin], Vec::new(), place, "made here").value
            }
            None => self.admin_rows(class, place),
        };
        let columns = match self.class_value(class, "list_display") {
            Value::Tuple(columns) => columns.to_vec(),
            _ if own.is_none() => vec![Value::Str(Rc::from("__str__"))],
            _ => return,
        };
        self.filter_choices(&mut frame, class);
        for rows in rows.each() {
            let Value::Query(query) = rows else { continue };
            let query = self.joined(class, query, &columns);
            self.is_change_list = true;
            for column in &columns {
                if let Value::Str(name) = column {
                    let at = own.and_then(|(owner, id)| self.literal(owner, id, name)).unwrap_or(place);
                    self.column(&mut frame, class, &query.row(), name, at);
                }
            }
            // The checkbox of each row is labelled with its text.
            let actions = self.class_attribute(class, "actions");
            let has_actions =
                actions.is_none_or(|(owner, id)| self.bodies(owner.path).is_none_or(|it| it.expr(id) != Expr::None));
            if has_actions {
                self.print_at(&mut frame, &Val::new(Value::Row(query.row()), 0), place);
            }
            self.is_change_list = false;
        }
    }

    /// A filter by a relation lists the text of every row of the related model.
    fn filter_choices(&mut self, frame: &mut Frame<'p>, class: ClassRef<'p>) {
        let Some(model) = self.admin_model(class) else { return };
        let Value::Tuple(filters) = self.class_value(class, "list_filter") else { return };
        let Some((owner, id)) = self.class_attribute(class, "list_filter") else { return };
        for filter in filters.iter() {
            let Value::Str(name) = filter else { continue };
            let Some(place) = self.literal(owner, id, name) else { continue };
            let mut target = Some(model);
            for name in name.split("__") {
                target = target.and_then(|model| self.models.field(model, name)?.target);
            }
            let Some(target) = target.filter(|target| *target != model || name.contains("__")) else { continue };
            let rows = Rc::new(Query::new(target, Base::Site(place)));
            self.is_change_list = true;
            self.print_at(frame, &Val::new(Value::Row(rows.row()), 0), place);
            self.is_change_list = false;
        }
    }

    fn literal(&self, owner: ClassRef<'p>, id: crate::python::body::ExprId, name: &str) -> Option<Place<'p>> {
        let (bodies, text) = (self.bodies(owner.path)?, self.text(owner.path)?);
        let literal = bodies.members(id)?.iter().find(|it| bodies.string(**it, text) == Some(name))?;
        Some(Place { path: owner.path, range: bodies.span(*literal) })
    }

    /// Returns the rows as the change list joins them.
    fn joined(&mut self, class: ClassRef<'p>, query: &Rc<Query<'p>>, columns: &[Value<'p>]) -> Rc<Query<'p>> {
        let mut next = (**query).clone();
        next.bound = Some(match self.class_value(class, "list_per_page") {
            Value::Int(count) => u32::try_from(count).unwrap_or(PAGE),
            _ => PAGE,
        });
        match self.class_value(class, "list_select_related") {
            Value::Tuple(names) if !names.is_empty() => {
                for name in names.iter() {
                    match name {
                        Value::Str(path) => next.cover.add(path, false),
                        _ => next.cover.is_unknown = true,
                    }
                }
            }
            Value::Bool(true) => next.cover.every_key = true,
            _ => {
                let is_key = |column: &Value<'p>| match column {
                    Value::Str(name) => self
                        .models
                        .field(query.model, name)
                        .is_some_and(|it| matches!(it.kind, FieldKind::ForeignKey | FieldKind::OneToOne)),
                    _ => false,
                };
                next.cover.every_key |= columns.iter().any(is_key);
            }
        }
        next.cover.is_unknown |= self.find_method(class, "get_list_select_related").is_some()
            || self.find_method(class, "get_list_display").is_some();
        Rc::new(next)
    }

    fn column(&mut self, frame: &mut Frame<'p>, class: ClassRef<'p>, row: &Row<'p>, name: &str, place: Place<'p>) {
        let value = Value::Row(row.clone());
        if name == "__str__" {
            return self.print_at(frame, &Val::new(value, 0), place);
        }
        if let Some(function) = self.find_method(class, name) {
            let arguments = vec![Val::new(Value::object(class), 0), Val::new(value, 0)];
            let shown = self.invoke(frame, function, arguments, Vec::new(), place, "shown here");
            return self.print_at(frame, &shown, place);
        }
        let shown = self.read_path_on(frame, value, name, place, 0);
        self.print_at(frame, &Val::new(shown, 0), place);
    }

    /// The rows of a change list before its own `get_queryset` had its say.
    pub(crate) fn admin_rows(&mut self, class: ClassRef<'p>, place: Place<'p>) -> Value<'p> {
        let Some(model) = self.admin_model(class) else { return Value::Unknown };
        let mut query = Query::new(model, Base::Site(place));
        query.chain = Some(Chain { path: place.path, range: place.range, select: None, prefetch: None });
        Value::Query(Rc::new(query))
    }

    /// Returns the model that a change list shows: of `@admin.register(Model)` or `admin.site.register(Model, Class)`.
    pub(crate) fn admin_model(&mut self, class: ClassRef<'p>) -> Option<crate::django::ModelId> {
        let module = self.module(class.path)?;
        let bodies = module.bodies;
        let mut frame = self.frame(module, None);
        for decorator in &bodies.class(class.id)?.decorators {
            let Some((name, args)) = bodies.call(*decorator, module.text) else { continue };
            if name.rsplit('.').next() != Some("register") {
                continue;
            }
            if let Some(first) = bodies.positional(args, 0)
                && let Value::Model(model) = self.eval(&mut frame, first).value
            {
                return Some(model);
            }
        }
        let own = self.class_name(class);
        for stmt in bodies.block(bodies.top) {
            let crate::python::body::Stmt::Expr(call) = bodies.stmt(*stmt) else { continue };
            let Some((name, args)) = bodies.call(call, module.text) else { continue };
            if name.rsplit('.').next() != Some("register") {
                continue;
            }
            let (Some(first), Some(second)) = (bodies.positional(args, 0), bodies.positional(args, 1)) else {
                continue;
            };
            if bodies.dotted(second, module.text) == Some(own)
                && let Expr::Name | Expr::Attr { .. } = bodies.expr(first)
                && let Value::Model(model) = self.eval(&mut frame, first).value
            {
                return Some(model);
            }
        }
        None
    }
}
