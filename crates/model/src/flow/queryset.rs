//! Methods of managers, querysets and related managers.

use std::rc::Rc;

use super::Engine;
use super::call::Args;
use super::effect::{Demand, Via, What};
use super::expression::one_of;
use super::frame::Frame;
use super::judge::{Cause, Finding};
use super::value::{Base, Chain, Cover, Covered, HOPS, Place, Query, Row, Val, Value};
use crate::django::ModelId;
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::{Expr, ExprId};

/// What a method of a queryset does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Returns another queryset of the same rows, or fewer.
    Narrow,
    /// `select_related`
    Select,
    /// `prefetch_related`
    Prefetch,
    /// `annotate`, `alias`
    Annotate,
    /// `values`, `values_list`: rows that are no objects.
    Plain,
    /// Asks for one row.
    One,
    /// Asks for something that is no row.
    Scalar,
    /// Asks for the rows as a mapping.
    Bulk,
    /// Writes a row and returns it.
    Create,
    /// Writes.
    Write,
    /// Returns the rows as they are: `iterator`.
    Iterator,
    /// Returns a page of the rows.
    Page,
}

/// Returns what a method of Django's querysets does.
pub(crate) fn action(name: &str) -> Option<Action> {
    // The asynchronous twins: `aget`, `acount`.
    let name = match name {
        "all" | "annotate" | "alias" | "add" | "aggregate" => name,
        _ => name.strip_prefix('a').filter(|rest| sync_action(rest).is_some()).unwrap_or(name),
    };
    sync_action(name)
}

fn sync_action(name: &str) -> Option<Action> {
    Some(match name {
        "all" | "filter" | "exclude" | "order_by" | "distinct" | "reverse" | "using" | "select_for_update"
        | "extra" | "defer" | "only" | "none" | "union" | "intersection" | "difference" | "complex_filter"
        | "get_queryset" => Action::Narrow,
        "select_related" => Action::Select,
        "prefetch_related" => Action::Prefetch,
        "annotate" | "alias" => Action::Annotate,
        "values" | "values_list" | "dates" | "datetimes" => Action::Plain,
        "get" | "first" | "last" | "latest" | "earliest" => Action::One,
        "count" | "exists" | "aggregate" | "contains" | "explain" => Action::Scalar,
        "in_bulk" => Action::Bulk,
        "create" | "get_or_create" | "update_or_create" => Action::Create,
        "update" | "delete" | "bulk_create" | "bulk_update" | "raw" => Action::Write,
        "iterator" => Action::Iterator,
        "page" | "get_page" => Action::Page,
        _ => return None,
    })
}

/// The call of a method on something of the database.
pub(crate) struct Method<'a, 'p> {
    pub(crate) name: &'p str,
    /// The whole call.
    pub(crate) id: ExprId,
    /// What the method is called on.
    pub(crate) object: ExprId,
    pub(crate) args: &'a Args<'p>,
}

impl<'p> Engine<'_, 'p> {
    /// `Model.objects.name(…)`
    pub(crate) fn manager_method(
        &mut self,
        frame: &mut Frame<'p>,
        model: ModelId,
        manager: &Rc<str>,
        method: &Method<'_, 'p>,
        on: u64,
    ) -> Value<'p> {
        if let Some(function) = self.manager_function(model, manager, method.name) {
            let receiver = Value::Manager(model, Rc::clone(manager));
            return self.invoke_args(frame, function, receiver, on, method.args, frame.place(method.id)).value;
        }
        let query = self.manager_query(frame, model, manager, method.object);
        self.query_method(frame, &query, method, on)
    }

    /// Returns the rows of a manager, as its `get_queryset` makes them.
    pub(crate) fn manager_query(
        &mut self,
        frame: &mut Frame<'p>,
        model: ModelId,
        manager: &Rc<str>,
        object: ExprId,
    ) -> Rc<Query<'p>> {
        let range = frame.module.bodies.span(object);
        let mut query = Query::new(model, Base::Site(frame.place(object)));
        query.chain = Some(Chain { path: frame.module.path, range, select: None, prefetch: None });
        query.cover = self.manager_cover(frame, model, manager, frame.place(object));
        Rc::new(query)
    }

    /// Returns what a manager's own `get_queryset` loads.
    pub(crate) fn manager_cover(
        &mut self,
        frame: &mut Frame<'p>,
        model: ModelId,
        manager: &Rc<str>,
        place: Place<'p>,
    ) -> Cover {
        let known = self.models.get(model).managers.get(&**manager);
        let is_known = known.is_none_or(|it| it.is_known);
        if let Some(function) = self.manager_function(model, manager, "get_queryset") {
            let receiver = Val::new(Value::Manager(model, Rc::clone(manager)), 0);
            let made = self.invoke(frame, function, vec![receiver], Vec::new(), place, "made here").value;
            return match made {
                Value::Query(made) => made.cover.clone(),
                _ => Cover { is_unknown: true, ..Cover::default() },
            };
        }
        Cover { is_unknown: !is_known, ..Cover::default() }
    }

    /// Returns a function of a model's manager, or of the queryset class behind it.
    fn manager_function(&mut self, model: ModelId, manager: &str, name: &str) -> Option<FunctionRef<'p>> {
        let known = self.models.get(model).managers.get(manager)?;
        let classes: [Option<ClassRef<'p>>; 2] = [known.class, known.queryset];
        classes.into_iter().flatten().find_map(|class| self.find_method(class, name))
    }

    /// Returns a function of the queryset class of a model's default manager.
    fn queryset_function(&mut self, model: ModelId, name: &str) -> Option<FunctionRef<'p>> {
        let facts = self.models.get(model);
        let names: Vec<String> =
            std::iter::once(facts.default_manager.clone()).chain(facts.managers.keys().cloned()).collect();
        names.iter().find_map(|manager| self.manager_function(model, manager, name))
    }

    /// `queryset.name(…)`
    pub(crate) fn query_method(
        &mut self,
        frame: &mut Frame<'p>,
        query: &Rc<Query<'p>>,
        method: &Method<'_, 'p>,
        on: u64,
    ) -> Value<'p> {
        let place = frame.place(method.id);
        let Some(action) = action(method.name) else { return self.custom_method(frame, query, method, on) };
        let mut next = (**query).clone();
        if matches!(action, Action::Narrow | Action::Select | Action::Prefetch | Action::Annotate | Action::Plain) {
            // What was begun in another statement goes on from its name in this one.
            let object = frame.module.bodies.span(method.object);
            next.chain = next.chain.filter(|chain| chain.path == frame.module.path).map(|chain| Chain {
                range: arrears_core::text::TextRange::new(object.start(), place.range.end()),
                ..chain
            });
        }
        let on = on | method.args.on;
        match action {
            Action::Narrow => {
                self.lookups(frame, query, method);
                match method.name {
                    "filter" => {
                        self.constant_keys(&mut next, method.args);
                        next.many &= !self.is_unique(&next, method.args);
                    }
                    "none" => next.bound = Some(0),
                    _ => {}
                }
                Value::Query(Rc::new(next))
            }
            Action::Select => {
                self.select(frame, &mut next, method);
                Value::Query(Rc::new(next))
            }
            Action::Prefetch => {
                self.prefetch(frame, &mut next, method);
                Value::Query(Rc::new(next))
            }
            Action::Annotate => {
                for (name, _) in &method.args.keywords {
                    self.annotation(frame, query, name, method);
                    next.cover.annotations.insert(Rc::from(*name));
                }
                next.cover.is_unknown |= method.args.is_open && method.args.keywords.is_empty();
                Value::Query(Rc::new(next))
            }
            Action::Plain => {
                next.plain = true;
                Value::Query(Rc::new(next))
            }
            Action::Page => Value::Rows(Rc::new(next)),
            Action::One | Action::Scalar | Action::Bulk | Action::Create | Action::Write | Action::Iterator => {
                self.asking_method(frame, query, next, action, method, on)
            }
        }
    }

    /// A method of a queryset that asks the database; `next` is the queryset after it.
    fn asking_method(
        &mut self,
        frame: &mut Frame<'p>,
        query: &Rc<Query<'p>>,
        next: Query<'p>,
        action: Action,
        method: &Method<'_, 'p>,
        on: u64,
    ) -> Value<'p> {
        let place = frame.place(method.id);
        match action {
            Action::One => {
                self.lookups(frame, query, method);
                self.ask(frame, query, place, method.name, on);
                one_of(&Rc::new(next))
            }
            Action::Scalar => {
                self.ask(frame, query, place, method.name, on);
                Value::Unknown
            }
            Action::Bulk => {
                self.ask(frame, query, place, method.name, on);
                Value::Mapping(Rc::new(Value::Row(Rc::new(next).row())))
            }
            Action::Create => {
                self.write(frame, query.model, place, method.name, on);
                let new = Value::Row(super::somewhere(query.model));
                if method.name.trim_start_matches('a') == "create" || method.name == "create" {
                    new
                } else {
                    Value::Tuple(Rc::from(vec![new, Value::Unknown]))
                }
            }
            Action::Write => {
                if query.again.is_some() {
                    self.requery(frame, query, place);
                }
                if !matches!(method.name, "bulk_create" | "bulk_update" | "abulk_create" | "abulk_update" | "raw") {
                    self.write(frame, query.model, place, method.name, on);
                }
                Value::Unknown
            }
            Action::Iterator => {
                self.ask(frame, query, place, method.name, on);
                Value::Rows(Rc::new(next))
            }
            Action::Narrow | Action::Select | Action::Prefetch | Action::Annotate | Action::Plain | Action::Page => {
                Value::Unknown
            }
        }
    }

    /// A method that Django's querysets do not have.
    fn custom_method(
        &mut self,
        frame: &mut Frame<'p>,
        query: &Rc<Query<'p>>,
        method: &Method<'_, 'p>,
        on: u64,
    ) -> Value<'p> {
        if let Some(function) = self.queryset_function(query.model, method.name) {
            let receiver = Value::Query(Rc::clone(query));
            let returned = self.invoke_args(frame, function, receiver, on, method.args, frame.place(method.id));
            return match returned.value {
                // The manager's class wrote it: what it returns is a queryset still, of what nobody knows.
                Value::Unknown => Value::Unknown,
                known => known,
            };
        }
        let mut next = (**query).clone();
        next.cover.is_unknown = true;
        next.chain = None;
        Value::Query(Rc::new(next))
    }

    /// `row.relation.name(…)`
    pub(crate) fn related_method(
        &mut self,
        frame: &mut Frame<'p>,
        row: &Row<'p>,
        method: &Method<'_, 'p>,
        on: u64,
    ) -> Value<'p> {
        let place = frame.place(method.id);
        let is_plain_all = matches!(method.name, "all" | "get_queryset") && method.args.is_empty();
        if is_plain_all {
            return Value::Related(row.clone());
        }
        match action(method.name) {
            Some(Action::Scalar) if matches!(method.name, "count" | "exists") && !row.path.is_empty() => {
                self.iterate(frame, &Val::new(Value::Related(row.clone()), on), place, method.name);
                return Value::Unknown;
            }
            Some(Action::Iterator) => {
                self.iterate(frame, &Val::new(Value::Related(row.clone()), on), place, method.name);
                return Value::Related(row.clone());
            }
            Some(Action::Create) => {
                self.write(frame, row.model, place, method.name, on | method.args.on);
                return Value::New(row.model);
            }
            None if matches!(
                method.name,
                "add" | "set" | "remove" | "clear" | "aadd" | "aset" | "aremove" | "aclear"
            ) =>
            {
                return Value::None;
            }
            _ => {}
        }
        let mut query = Query::new(row.model, Base::Site(frame.place(method.object)));
        let range = frame.module.bodies.span(method.object);
        query.chain = Some(Chain { path: frame.module.path, range, select: None, prefetch: None });
        let manager: Rc<str> = Rc::from(self.models.get(row.model).default_manager.as_str());
        query.cover = self.manager_cover(frame, row.model, &manager, place);
        query.again = Some(Rc::new((row.clone(), Rc::from(method.name))));
        self.query_method(frame, &Rc::new(query), method, on)
    }

    /// Follows iteration: returns what the elements are, and notes what reading them costs.
    pub(crate) fn iterate(&mut self, frame: &mut Frame<'p>, rows: &Val<'p>, place: Place<'p>, how: &str) -> Value<'p> {
        let mut element = Value::Unknown;
        for value in rows.value.each().to_vec() {
            let one = match value {
                Value::Query(query) => {
                    self.ask(frame, &query, place, how, rows.on);
                    if query.plain { Value::Unknown } else { Value::Row(query.row()) }
                }
                Value::Manager(..) => Value::Unknown,
                Value::Rows(query) => {
                    if query.plain {
                        Value::Unknown
                    } else {
                        Value::Row(query.row())
                    }
                }
                Value::Related(row) => {
                    let demand = Demand {
                        row: row.clone(),
                        what: What::Iterate,
                        via: Via::Related,
                        access: place,
                        steps: Vec::new(),
                    };
                    self.demand(frame, demand);
                    let is_one =
                        matches!(how, "[]" | "next" | "anext" | "min" | "max" | "pop" | "get" | "first" | "last");
                    Value::Row(if is_one { row.one() } else { row })
                }
                Value::Items(each) => (*each).clone(),
                Value::Tuple(values) => values.iter().fold(Value::Unknown, |all, one| all.or(one.clone())),
                _ => Value::Unknown,
            };
            element = element.or(one);
        }
        element
    }

    /// `select_related(…)`
    fn select(&mut self, frame: &mut Frame<'p>, query: &mut Query<'p>, method: &Method<'_, 'p>) {
        let args = method.args;
        let inside = self.between_brackets(frame, method);
        if let Some(chain) = &mut query.chain {
            chain.select = inside.filter(|it| !it.is_empty());
        }
        if args.is_empty() {
            query.cover.every_key = true;
            return;
        }
        for (value, id) in &args.positional {
            match &value.value {
                Value::None => {
                    query.cover.relations.retain(|_, it| it.is_prefetch);
                    if let Some(chain) = &mut query.chain {
                        chain.select = None;
                    }
                }
                Value::Str(path) => {
                    self.ledger.loaded.extend(path.split("__").map(Rc::from));
                    query.cover.add(path, false);
                    let is_seen = self.check_path(frame, query.model, path, true, *id, &query.cover);
                    query.cover.is_unknown |= !is_seen;
                }
                _ => query.cover.is_unknown = true,
            }
        }
        query.cover.is_unknown |= args.is_open;
    }

    /// `prefetch_related(…)`
    fn prefetch(&mut self, frame: &mut Frame<'p>, query: &mut Query<'p>, method: &Method<'_, 'p>) {
        let args = method.args;
        let inside = self.between_brackets(frame, method);
        if let Some(chain) = &mut query.chain {
            chain.prefetch = inside.filter(|it| !it.is_empty());
        }
        for (value, id) in &args.positional {
            match &value.value {
                Value::None => {
                    query.cover.relations.retain(|_, it| !it.is_prefetch);
                    if let Some(chain) = &mut query.chain {
                        chain.prefetch = None;
                    }
                }
                Value::Str(path) => {
                    self.ledger.loaded.extend(path.split("__").map(Rc::from));
                    query.cover.add(path, true);
                    let is_seen = self.check_path(frame, query.model, path, false, *id, &query.cover);
                    query.cover.is_unknown |= !is_seen;
                }
                Value::Tuple(made) if self.is_prefetch(made) => self.add_prefetch(query, made),
                Value::Tuple(values) => {
                    for value in values.iter() {
                        match value {
                            Value::Str(path) => query.cover.add(path, true),
                            Value::Tuple(made) if self.is_prefetch(made) => self.add_prefetch(query, made),
                            _ => query.cover.is_unknown = true,
                        }
                    }
                }
                _ => query.cover.is_unknown = true,
            }
        }
        query.cover.is_unknown |= args.is_open;
    }

    /// A `Prefetch(…)` is a tuple of a mark, the path, the queryset and the attribute; see [`Self::prefetch_object`].
    fn is_prefetch(&self, made: &[Value<'p>]) -> bool {
        matches!(made, [Value::External(mark), ..] if &**mark == "Prefetch")
    }

    /// `Prefetch("path", queryset=…, to_attr="…")`
    pub(crate) fn prefetch_object(args: &Args<'p>) -> Value<'p> {
        let get = |at: usize, name: &str| {
            let plain = args.positional.get(at).map(|(value, _)| value.value.clone());
            plain.or_else(|| args.keyword(name).map(|it| it.value.clone()))
        };
        Value::Tuple(Rc::from(vec![
            Value::External(Rc::from("Prefetch")),
            get(0, "lookup").unwrap_or_default(),
            get(1, "queryset").unwrap_or(Value::None),
            get(2, "to_attr").unwrap_or(Value::None),
        ]))
    }

    fn add_prefetch(&mut self, query: &mut Query<'p>, made: &[Value<'p>]) {
        let [_, Value::Str(path), rows, to_attr] = made else {
            query.cover.is_unknown = true;
            return;
        };
        self.ledger.loaded.extend(path.split("__").map(Rc::from));
        if path.split("__").nth(HOPS).is_some() {
            query.cover.is_unknown = true;
            return;
        }
        let inner = match rows {
            Value::None => Cover::default(),
            Value::Query(inner) => inner.cover.clone(),
            _ => Cover { is_unknown: true, ..Cover::default() },
        };
        let (before, last) = path.rsplit_once("__").map_or((None, &**path), |(before, last)| (Some(before), last));
        let mut at = &mut query.cover;
        for name in before.into_iter().flat_map(|before| before.split("__")) {
            let covered = at.relations.entry(Rc::from(name)).or_default();
            covered.is_prefetch = true;
            at = &mut covered.cover;
        }
        match to_attr {
            Value::Str(attribute) => {
                let mut model = Some(query.model);
                for name in path.split("__") {
                    model = model.and_then(|model| self.models.field(model, name)?.target);
                }
                match model {
                    Some(model) => {
                        at.lists.insert(Rc::clone(attribute), Rc::new((model, inner)));
                    }
                    None => {
                        at.annotations.insert(Rc::clone(attribute));
                    }
                }
            }
            Value::None => {
                let covered: &mut Covered = at.relations.entry(Rc::from(last)).or_default();
                covered.is_prefetch = true;
                covered.cover.merge(&inner);
            }
            _ => at.is_unknown = true,
        }
    }

    /// Returns whether a filter leaves one row at most: `filter(pk=…)`.
    fn is_unique(&self, query: &Query<'p>, args: &Args<'p>) -> bool {
        args.keywords.iter().any(|(name, _)| {
            matches!(*name, "pk" | "id")
                || self.models.field(query.model, name).is_some_and(|it| {
                    it.unique && it.kind == crate::django::FieldKind::Column && it.reverse_of.is_none()
                })
        })
    }

    /// A key that a filter fixes is the same for all rows.
    fn constant_keys(&self, query: &mut Query<'p>, args: &Args<'p>) {
        for (name, (value, _)) in &args.keywords {
            let is_row = matches!(value.value, Value::Row(_) | Value::New(_));
            if is_row && self.models.field(query.model, name).is_some_and(|it| it.kind.is_single()) {
                query.cover.add(name, false);
            }
        }
    }

    /// Returns what stands between the brackets of a call.
    fn between_brackets(&self, frame: &Frame<'p>, method: &Method<'_, 'p>) -> Option<arrears_core::text::TextRange> {
        let bodies = frame.module.bodies;
        let Expr::Call { function, args } = bodies.expr(method.id) else { return None };
        let (after, end) = (bodies.span(function).end(), bodies.span(method.id).end());
        let args = bodies.args(args);
        let (Some(first), Some(last)) = (args.first(), args.last()) else {
            return Some(arrears_core::text::TextRange::empty(after + 1));
        };
        let start = first.name.map_or(bodies.span(first.value).start(), arrears_core::text::TextRange::start);
        (last.stars == 0 && end > start)
            .then(|| arrears_core::text::TextRange::new(start, bodies.span(last.value).end()))
    }

    /// Notes the fields by which rows are looked up, and names that do not exist.
    fn lookups(&mut self, frame: &mut Frame<'p>, query: &Rc<Query<'p>>, method: &Method<'_, 'p>) {
        if query.plain {
            return;
        }
        // `select_for_update(of=…)`, `union(all=True)` name no fields.
        let names_fields = matches!(method.name, "filter" | "exclude" | "get" | "aget");
        for (name, value) in method.args.keywords.iter().filter(|_| names_fields) {
            if *name == "pk" || name.is_empty() {
                continue;
            }
            let place = frame.place(value.1);
            self.lookup(frame, query, name, place, value.1);
        }
        if matches!(method.name, "order_by") {
            for (value, id) in &method.args.positional {
                let Value::Str(name) = &value.value else { continue };
                let name = name.trim_start_matches(['-', '+']);
                if name != "?" && !name.is_empty() {
                    self.lookup(frame, query, name, frame.place(*id), *id);
                }
            }
        }
    }

    fn lookup(&mut self, frame: &mut Frame<'p>, query: &Query<'p>, name: &str, place: Place<'p>, id: ExprId) {
        let first = name.split("__").next().unwrap_or(name);
        if query.cover.annotations.contains(first) || query.cover.is_unknown || first == "pk" {
            return;
        }
        if self.models.lookup(query.model, first).is_some() {
            if self.models.field(query.model, first).is_some() {
                self.ledger.lookups.entry((query.model, first.to_owned())).or_default().insert(place);
            }
            return;
        }
        self.unknown_name(frame, query.model, first, name, id);
    }

    /// Checks the names of a `select_related` or `prefetch_related` path against the models; returns whether all that
    /// it loads is seen.
    fn check_path(
        &mut self,
        frame: &mut Frame<'p>,
        model: ModelId,
        path: &str,
        joins: bool,
        id: ExprId,
        cover: &Cover,
    ) -> bool {
        let mut at = model;
        for name in path.split("__") {
            let Some(field) = self.models.field(at, name) else {
                let is_list = cover.lists.contains_key(name)
                    || cover.relations.values().any(|it| it.cover.lists.contains_key(name));
                match self.member(at, name) {
                    // Through a property: what it covers is not seen.
                    Some(_) => return false,
                    None if !is_list => self.unknown_name(frame, at, name, path, id),
                    None => {}
                }
                return true;
            };
            if joins && field.kind.is_many() {
                let finding = Finding {
                    cause: Cause::JoinsMany { relation: name.to_owned() },
                    place: frame.place(id),
                    model: self.label(at),
                    labels: field.place.map(|(path, range)| Place { path, range }).into_iter().collect(),
                };
                self.ledger.findings.push(finding);
                return true;
            }
            match field.target {
                Some(target) => at = target,
                None => return true,
            }
        }
        true
    }

    fn unknown_name(&mut self, frame: &Frame<'p>, model: ModelId, name: &str, path: &str, id: ExprId) {
        let facts = self.models.get(model);
        if !self.models.lacks(model, name) || facts.class.is_none() {
            return;
        }
        let finding = Finding {
            cause: Cause::UnknownName {
                name: name.to_owned(),
                path: path.to_owned(),
                names: self.models.fields(model).map(|it| it.name.clone()).collect(),
            },
            place: frame.place(id),
            model: self.label(model),
            labels: facts.place.map(|(path, range)| Place { path, range }).into_iter().collect(),
        };
        self.ledger.findings.push(finding);
    }

    fn annotation(&mut self, frame: &Frame<'p>, query: &Query<'p>, name: &str, method: &Method<'_, 'p>) {
        if method.name != "annotate" || query.plain {
            return;
        }
        let is_field = self.models.field(query.model, name).is_some_and(|it| it.reverse_of.is_none());
        let member = self.member(query.model, name);
        let (cause, label) = match member {
            Some(super::attribute::Member::Property(function)) if !self.has_setter(function) => {
                let range = self.project.function(function).map(|it| it.name_range);
                (
                    Cause::ShadowsProperty { name: name.to_owned() },
                    range.map(|range| Place { path: function.path, range }),
                )
            }
            _ if is_field && name != "id" && self.models.get(query.model).class.is_some() => {
                let place = self.models.field(query.model, name).and_then(|it| it.place);
                (Cause::ShadowsField { name: name.to_owned() }, place.map(|(path, range)| Place { path, range }))
            }
            _ => return,
        };
        let value = method.args.keywords.iter().find(|(it, _)| *it == name).map(|(_, value)| value.1);
        let Some(id) = value else { return };
        self.ledger.findings.push(Finding {
            cause,
            place: frame.place(id),
            model: self.label(query.model),
            labels: label.into_iter().collect(),
        });
    }

    /// Returns whether a property can be written: `cached_property`, or one with a setter.
    fn has_setter(&self, property: FunctionRef<'p>) -> bool {
        let Some(facts) = self.project.python(property.path) else { return true };
        let Some(function) = facts.function(property.id) else { return true };
        let setter = format!("{}.setter", function.name);
        facts.functions.iter().any(|it| {
            it.class == function.class
                && it.name == function.name
                && it.decorators.iter().any(|it| it.path == setter || it.path.ends_with("cached_property"))
        })
    }

    /// A query that a related manager's method made is one more for each row.
    pub(crate) fn requery(&mut self, frame: &mut Frame<'p>, query: &Query<'p>, place: Place<'p>) -> bool {
        let Some(again) = &query.again else { return false };
        let (row, method) = &**again;
        let demand = Demand {
            row: row.clone(),
            what: What::Again(Rc::clone(method)),
            via: Via::Related,
            access: place,
            steps: Vec::new(),
        };
        self.demand(frame, demand);
        true
    }
}
