//! Serializers: what a row is asked for to be shown.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::attribute::Member;
use super::call::{Args, Leaves};
use super::class::Kind;
use super::effect::{Demand, Effects, Step, Summary, Via, What};
use super::frame::{Frame, Loop};
use super::value::{Base, Cover, Place, Query, Row, Val, Value};
use super::{COSTLY, Engine};
use crate::django::{FieldKind, ModelId};
use crate::project::ClassRef;
use crate::python::body::Expr;
use crate::served::stated::{Declared, Stated};

/// The bit of a serialized row.
const ROW: u64 = 1 << 1;

impl<'p> Engine<'_, 'p> {
    /// `OrderSerializer(orders, many=True)`
    pub(crate) fn serialize_call(
        &mut self,
        frame: &mut Frame<'p>,
        class: ClassRef<'p>,
        args: &Args<'p>,
        place: Place<'p>,
    ) {
        let many = args.keyword("many").map(|it| it.value.clone());
        let is_many = matches!(many, Some(Value::Bool(true)));
        if args.keyword("data").is_some() && !is_many {
            return;
        }
        let Some(rows) = args.get(0, "instance").cloned() else { return };
        self.serialize(frame, class, &rows, is_many, place);
    }

    /// Shows rows with a serializer.
    pub(crate) fn serialize(
        &mut self,
        frame: &mut Frame<'p>,
        class: ClassRef<'p>,
        rows: &Val<'p>,
        is_many: bool,
        place: Place<'p>,
    ) {
        let (element, bit) = if is_many {
            (self.iterate(frame, rows, place, "serialize"), frame.next_bit())
        } else {
            (rows.value.clone(), 0)
        };
        let query = rows.value.each().iter().find_map(|value| match value {
            Value::Query(query) | Value::Rows(query) => Some(Rc::clone(query)),
            _ => None,
        });
        if is_many {
            frame.loops.push(Loop { place, rows: query, bit, shown: Some(Via::SerializerMethod) });
        }
        for one in element.each() {
            let Value::Row(row) = one else { continue };
            let annotations = row.query.cover.below(&row.path).map(|it| it.annotations.clone()).unwrap_or_default();
            let summary = self.serializer_summary(class, row.model, annotations);
            let leaves = Leaves::of_row(row.clone(), rows.on | bit);
            let step = Step { place, what: format!("shown by `{}`", self.class_name(class)) };
            self.instantiate(frame, &summary.effects, &leaves, &[0, rows.on | bit], Some(&step));
        }
        if is_many {
            frame.loops.pop();
        }
    }

    pub(crate) fn class_name(&self, class: ClassRef<'p>) -> &'p str {
        let facts = self.project.python(class.path).and_then(|facts| facts.class(class.id));
        facts.map_or("", |facts| facts.name.as_str())
    }

    /// Returns what showing one row asks of it.
    fn serializer_summary(
        &mut self,
        class: ClassRef<'p>,
        model: ModelId,
        annotations: BTreeSet<Rc<str>>,
    ) -> Rc<Summary<'p>> {
        let key = (class, model, annotations);
        if let Some(known) = self.serializers.get(&key) {
            return Rc::clone(known);
        }
        let Some(module) = self.module(class.path) else { return Rc::default() };
        if self.depth > super::DEPTH {
            self.cuts += 1;
            return Rc::default();
        }
        self.serializers.insert(key.clone(), Rc::default());
        self.depth += 1;
        let (cuts, budget) = (self.cuts, self.budget);
        let mut frame = self.frame(module, None);
        frame.class = Some(class);
        let cover = Cover { annotations: key.2.clone(), ..Cover::default() };
        let row = Rc::new(Query { many: false, cover, ..Query::new(model, Base::Param(0)) }).row();
        if let Some(function) = self.find_method(class, "to_representation") {
            let place = self.class_place(class);
            let arguments = vec![Val::new(Value::object(class), 0), Val::new(Value::Row(row), ROW)];
            let before = frame.effects.demands.len();
            self.invoke(&mut frame, function, arguments, Vec::new(), place, "shown here");
            through(&mut frame.effects, before, Via::SerializerMethod);
        } else {
            self.show_fields(&mut frame, class, &row);
        }
        self.depth -= 1;
        let mut effects = frame.effects;
        effects.asked.retain(|it| it.on & ROW != 0);
        let summary = Rc::new(Summary { returns: Val::default(), effects });
        if self.cuts == cuts || budget.saturating_sub(self.budget) > COSTLY {
            self.serializers.insert(key, Rc::clone(&summary));
        } else {
            self.serializers.remove(&key);
        }
        summary
    }

    fn class_place(&self, class: ClassRef<'p>) -> Place<'p> {
        let facts = self.project.python(class.path).and_then(|facts| facts.class(class.id));
        let range = facts.map_or(arrears_core::text::TextRange::empty(0), |facts| facts.name_range);
        Place { path: class.path, range }
    }

    /// Shows the fields of a serializer, as its own `to_representation` does.
    pub(crate) fn show_fields(&mut self, frame: &mut Frame<'p>, class: ClassRef<'p>, row: &Row<'p>) {
        let lineage = self.lineage(class);
        let stated = Stated::of(self.project, &lineage.order);
        let is_model = lineage.kind.contains(Kind::MODEL_SERIALIZER);
        let depth = stated.has_depth();
        let is_out = |name: &str| stated.left_out.iter().any(|it| it.name == name);
        for field in &stated.declared {
            let is_shown = match &stated.listed {
                Some(listed) => listed.iter().any(|it| it.name == field.name),
                None => !is_out(field.name),
            };
            if is_shown && !stated.is_write_only(field.name) {
                self.show_declared(frame, class, field, row);
            }
        }
        let is_declared = |name: &str| stated.declared.iter().any(|it| it.name == name);
        for it in stated.listed.iter().flatten() {
            if !is_declared(it.name) && !stated.is_write_only(it.name) {
                self.show_implied(frame, it.name, it.place, row, depth);
            }
        }
        let rest = is_model && stated.listed.is_none() && !stated.left_out.is_empty();
        if stated.all.is_none() && !rest {
            return;
        }
        let names: Vec<String> = self
            .models
            .fields(row.model)
            .filter(|field| {
                let is_own = matches!(field.kind, FieldKind::ForeignKey | FieldKind::OneToOne | FieldKind::ManyToMany);
                is_own && field.reverse_of.is_none()
            })
            .map(|field| field.name.clone())
            .collect();
        let place = stated.all.or(stated.meta_place).unwrap_or_else(|| self.class_place(class));
        for name in names {
            if !is_declared(&name) && !is_out(&name) {
                self.show_implied(frame, &name, place, row, depth);
            }
        }
    }

    fn show_declared(&mut self, frame: &mut Frame<'p>, class: ClassRef<'p>, field: &Declared<'p>, row: &Row<'p>) {
        let (Some(module), Some(bodies)) = (self.module(field.class.path), self.bodies(field.class.path)) else {
            return;
        };
        let Expr::Call { function, args } = bodies.expr(field.value) else { return };
        let mut inner = self.frame(module, None);
        let callee = self.eval(&mut inner, function).value;
        let mut keywords: Vec<(&str, Value<'p>)> = Vec::new();
        for arg in bodies.args(args) {
            if let Some(key) = arg.name {
                keywords.push((key.slice(module.text), self.eval(&mut inner, arg.value).value));
            }
        }
        let get = |wanted: &str| keywords.iter().find(|(key, _)| *key == wanted).map(|(_, value)| value);
        if get("write_only") == Some(&Value::Bool(true)) {
            return;
        }
        let source = match get("source") {
            Some(Value::Str(source)) => Rc::clone(source),
            Some(_) => return,
            None => Rc::from(field.name),
        };
        let many = get("many") == Some(&Value::Bool(true));
        let before = frame.effects.demands.len();
        match &callee {
            Value::Class(nested) if self.is_serializer(*nested) => {
                let value = self.read_source(frame, row, &source, field.place);
                let is_many =
                    many || matches!(value, Value::Related(_) | Value::Items(_) | Value::Rows(_) | Value::Query(_));
                through(&mut frame.effects, before, Via::SerializerField);
                let nested = *nested;
                self.serialize(frame, nested, &Val::new(value, ROW), is_many, field.place);
                through(&mut frame.effects, before, Via::SerializerField);
            }
            _ => {
                let last = match &callee {
                    Value::External(name) => name.rsplit('.').next().unwrap_or("").to_owned(),
                    Value::Class(own) => {
                        if self.show_own_field(frame, *own, &source, field.place, row, many) {
                            through(&mut frame.effects, before, Via::SerializerField);
                            return;
                        }
                        self.field_base(*own)
                    }
                    _ => return,
                };
                self.show_field(frame, class, field.name, &last, &keywords, &source, field.place, row, many);
            }
        }
    }

    /// A relation shown by a field class of the project with its own `to_representation`; false where it is none.
    fn show_own_field(
        &mut self,
        frame: &mut Frame<'p>,
        class: ClassRef<'p>,
        source: &str,
        place: Place<'p>,
        row: &Row<'p>,
        many: bool,
    ) -> bool {
        let lineage = self.lineage(class);
        let is_relation = lineage.external.iter().any(|it| it.ends_with("RelatedField"));
        let Some(function) = self.find_method(class, "to_representation").filter(|_| is_relation) else { return false };
        let is_key = lineage.external.iter().any(|it| it.ends_with("PrimaryKeyRelatedField"))
            && self.find_method(class, "use_pk_only_optimization").is_none();
        let field = self.models.field(row.model, source);
        if !many && is_key && field.is_some_and(|it| matches!(it.kind, FieldKind::ForeignKey | FieldKind::OneToOne)) {
            return true;
        }
        let value = self.read_source(frame, row, source, place);
        let element = if many { self.iterate(frame, &Val::new(value, ROW), place, "serialize") } else { value };
        let arguments = vec![Val::new(Value::object(class), 0), Val::new(element, ROW)];
        self.invoke(frame, function, arguments, Vec::new(), place, "shown here");
        true
    }

    /// Returns the name of the field class of the framework that a field class of the project descends from.
    fn field_base(&mut self, class: ClassRef<'p>) -> String {
        if self.find_method(class, "to_representation").is_some() || self.find_method(class, "get_attribute").is_some()
        {
            return String::new();
        }
        let lineage = self.lineage(class);
        lineage.external.first().and_then(|it| it.rsplit('.').next()).unwrap_or("").to_owned()
    }

    #[expect(clippy::too_many_arguments, reason = "all of it is what a field says")]
    fn show_field(
        &mut self,
        frame: &mut Frame<'p>,
        class: ClassRef<'p>,
        name: &str,
        field: &str,
        keywords: &[(&str, Value<'p>)],
        source: &str,
        place: Place<'p>,
        row: &Row<'p>,
        many: bool,
    ) {
        let before = frame.effects.demands.len();
        let get = |wanted: &str| keywords.iter().find(|(key, _)| *key == wanted).map(|(_, value)| value);
        match field {
            "SerializerMethodField" => {
                let method = match get("method_name") {
                    Some(Value::Str(method)) => method.to_string(),
                    _ => format!("get_{name}"),
                };
                let Some(function) = self.find_method(class, &method) else { return };
                let arguments = vec![Val::new(Value::object(class), 0), Val::new(Value::Row(row.clone()), ROW)];
                self.invoke(frame, function, arguments, Vec::new(), place, "called here");
                through(&mut frame.effects, before, Via::SerializerMethod);
            }
            "PrimaryKeyRelatedField" | "HyperlinkedRelatedField" | "HyperlinkedIdentityField" => {
                let (way, last) = source.rsplit_once('.').map_or((None, source), |(way, last)| (Some(way), last));
                let owner = match way {
                    Some(way) => self.read_source(frame, row, way, place),
                    None => Value::Row(row.clone()),
                };
                if let Value::Row(owner) = owner {
                    self.show_key(frame, &owner, last, place);
                }
                through(&mut frame.effects, before, Via::SerializerField);
            }
            "StringRelatedField" | "SlugRelatedField" => {
                let value = self.read_source(frame, row, source, place);
                let element = if many { self.iterate(frame, &Val::new(value, ROW), place, "serialize") } else { value };
                if field == "StringRelatedField" {
                    self.print_at(frame, &Val::new(element, ROW), place);
                } else if let Some(Value::Str(slug)) = get("slug_field") {
                    self.read_path(frame, element, slug, place);
                }
                through(&mut frame.effects, before, Via::SerializerField);
            }
            "ListSerializer" | "HiddenField" | "" => {}
            _ => {
                if source == "*" {
                    return;
                }
                let value = self.read_source(frame, row, source, place);
                // A field that prints rows: `CharField(source="author")`.
                if matches!(field, "CharField" | "StringField") {
                    self.print_at(frame, &Val::new(value, ROW), place);
                } else if field == "ListField" {
                    self.iterate(frame, &Val::new(value, ROW), place, "serialize");
                }
                through(&mut frame.effects, before, Via::SerializerField);
            }
        }
    }

    /// A relation shown as keys: a single key stands in the row, many are asked for.
    fn show_key(&mut self, frame: &mut Frame<'p>, row: &Row<'p>, name: &str, place: Place<'p>) {
        let Some(field) = self.models.field(row.model, name) else {
            self.read_path(frame, Value::Row(row.clone()), name, place);
            return;
        };
        if matches!(field.kind, FieldKind::ForeignKey | FieldKind::OneToOne | FieldKind::Column) {
            return;
        }
        let value = self.read_path(frame, Value::Row(row.clone()), name, place);
        self.iterate(frame, &Val::new(value, ROW), place, "serialize");
    }

    /// A name of `Meta.fields` that the serializer does not declare.
    fn show_implied(&mut self, frame: &mut Frame<'p>, name: &str, place: Place<'p>, row: &Row<'p>, depth: bool) {
        let before = frame.effects.demands.len();
        match self.models.field(row.model, name).map(|it| it.kind) {
            Some(FieldKind::Column) => {}
            Some(_) if depth => {
                let value = self.read_path(frame, Value::Row(row.clone()), name, place);
                self.iterate(frame, &Val::new(value, ROW), place, "serialize");
            }
            Some(_) => self.show_key(frame, row, name, place),
            None => {
                if self.member(row.model, name).is_some() {
                    self.read_path(frame, Value::Row(row.clone()), name, place);
                }
            }
        }
        through(&mut frame.effects, before, Via::SerializerField);
    }

    /// Reads `a.b.c` of a row, calling what can be called.
    fn read_source(&mut self, frame: &mut Frame<'p>, row: &Row<'p>, source: &str, place: Place<'p>) -> Value<'p> {
        if source == "*" {
            return Value::Row(row.clone());
        }
        let mut value = Value::Row(row.clone());
        for name in source.split('.') {
            value = self.read_path(frame, value, name, place);
        }
        value
    }

    /// Reads one name of a value, and calls it where it is a method; `a__b` is two.
    pub(crate) fn read_path(
        &mut self,
        frame: &mut Frame<'p>,
        value: Value<'p>,
        name: &str,
        place: Place<'p>,
    ) -> Value<'p> {
        self.read_path_on(frame, value, name, place, ROW)
    }

    /// Reads one name of a value that depends on something.
    pub(crate) fn read_path_on(
        &mut self,
        frame: &mut Frame<'p>,
        value: Value<'p>,
        name: &str,
        place: Place<'p>,
        on: u64,
    ) -> Value<'p> {
        let mut value = value;
        for name in name.split("__").filter(|it| !it.is_empty()) {
            let mut found = Value::Unknown;
            for one in value.each().to_vec() {
                let read = match (&one, name) {
                    (Value::Related(_), "all") => one.clone(),
                    (Value::Related(_), "count" | "exists") => {
                        self.iterate(frame, &Val::new(one, on), place, name);
                        Value::Unknown
                    }
                    (Value::Related(row), "first" | "last") => {
                        let demand = Demand {
                            row: row.clone(),
                            what: What::Again(Rc::from(name)),
                            via: Via::Related,
                            access: place,
                            steps: Vec::new(),
                        };
                        self.demand(frame, demand);
                        Value::Unknown
                    }
                    (Value::Row(row), _) => match self.member(row.model, name) {
                        Some(Member::Method(function)) if self.models.field(row.model, name).is_none() => {
                            let receiver = vec![Val::new(one.clone(), on)];
                            self.invoke(frame, function, receiver, Vec::new(), place, "called here").value
                        }
                        _ => self.attribute_of(frame, &one, name, place, on),
                    },
                    _ => self.attribute_of(frame, &one, name, place, on),
                };
                found = found.or(read);
            }
            value = found;
        }
        value
    }
}

/// Says of the demands made since `before` through what they are made.
pub(crate) fn through(effects: &mut Effects<'_>, before: usize, via: Via) {
    for demand in effects.demands.iter_mut().skip(before) {
        let is_deeper =
            matches!(demand.via, Via::SerializerField | Via::SerializerMethod) && via == Via::SerializerField;
        if !is_deeper {
            demand.via = via;
        }
    }
}
