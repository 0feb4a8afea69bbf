//! Functions from outside the project: Python's own, Django's shortcuts.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Engine;
use super::call::Args;
use super::expression::{one_of, single};
use super::frame::{Frame, Loop};
use super::value::{Base, Chain, Query, Val, Value};
use crate::python::body::ExprId;

impl<'p> Engine<'_, 'p> {
    /// Calls a function by its name from outside.
    pub(crate) fn builtin(&mut self, frame: &mut Frame<'p>, name: &str, args: &Args<'p>, id: ExprId) -> Value<'p> {
        let last = name.rsplit('.').next().unwrap_or(name);
        let first = args.positional.first().map(|(value, _)| value.clone()).unwrap_or_default();
        let place = frame.place(id);
        match last {
            "super" => self.above(frame, &first),
            "list" | "tuple" | "set" | "frozenset" | "iter" | "reversed" | "deepcopy" | "copy" | "aiter" => {
                self.read_all(frame, &first, place, last)
            }
            "sorted" | "min" | "max" => self.ordered(frame, last, &first, args, id),
            "map" | "filter" => self.mapped(frame, last, &first, args, id),
            "groupby" => {
                let key = args.get(1, "key").cloned().unwrap_or_default();
                let rows = self.read_all(frame, &first, place, last);
                self.each(frame, &key, &[Val::new(rows.clone(), first.on)], id);
                Value::Items(Rc::new(Value::Tuple(Rc::from(vec![Value::Unknown, rows]))))
            }
            "len" | "bool" | "any" | "all" | "sum" => {
                self.iterate(frame, &first, place, last);
                Value::Unknown
            }
            "next" | "anext" => single(&self.iterate(frame, &first, place, last)),
            "enumerate" => {
                let each = self.iterate(frame, &first, place, last);
                Value::Items(Rc::new(Value::Tuple(Rc::from(vec![Value::Unknown, each]))))
            }
            "zip" | "zip_longest" => {
                let each: Vec<Value<'p>> =
                    args.positional.iter().map(|(value, _)| self.iterate(frame, value, place, last)).collect();
                Value::Items(Rc::new(Value::Tuple(Rc::from(each))))
            }
            "chain" | "from_iterable" => {
                let mut all = Value::Unknown;
                for (value, _) in &args.positional {
                    let each = self.iterate(frame, value, place, last);
                    all = all.or(each);
                }
                Value::Items(Rc::new(all))
            }
            _ => self.helper(frame, last, first, args, id),
        }
    }

    /// Calls a function that makes something of single values, or one of Django's.
    fn helper(&mut self, frame: &mut Frame<'p>, last: &str, first: Val<'p>, args: &Args<'p>, id: ExprId) -> Value<'p> {
        let place = frame.place(id);
        match last {
            "str" | "repr" | "print" | "format" => {
                for (value, id) in &args.positional {
                    self.print(frame, value, *id);
                }
                Value::Unknown
            }
            "getattr" | "hasattr" => self.attribute_by_name(frame, last, &first, args, id),
            "isinstance" => self.instance_of(frame, &first, args),
            "dict" => dict_of(first.value, args),
            "defaultdict" | "OrderedDict" => Value::Dict(Rc::default()),
            "get_object_or_404" | "get_list_or_404" | "aget_object_or_404" | "aget_list_or_404" => {
                self.shortcut(frame, last, &first, args, id)
            }
            "QuerySet" => match first.value {
                Value::Model(model) => Value::Query(Rc::new(Query::new(model, Base::Site(place)))),
                _ => Value::Unknown,
            },
            "get_user_model" => self.models.user().map_or(Value::Unknown, Value::Model),
            "cast" if args.positional.len() == 2 => args.positional[1].0.value.clone(),
            "Prefetch" => Self::prefetch_object(args),
            // Others of the kind: what they load below the relation is not known.
            _ if last.ends_with("Prefetch") => {
                let path = args.positional.first().map(|(value, _)| value.value.clone()).unwrap_or_default();
                Value::Tuple(Rc::from(vec![Value::External(Rc::from("Prefetch")), path, Value::Unknown, Value::None]))
            }
            "Paginator" => self.page(&first.value),
            "render" | "TemplateResponse" | "render_to_response" | "render_to_string" | "SimpleTemplateResponse" => {
                self.rendered(frame, last, args, id);
                Value::Unknown
            }
            _ => Value::Unknown,
        }
    }

    /// `super()`
    fn above(&mut self, frame: &Frame<'p>, first: &Val<'p>) -> Value<'p> {
        let receiver = frame.name_of_self.and_then(|name| frame.env.get(name)).map(|it| it.value.clone());
        // `super(OrderView, self)`: the class may be another than the one around.
        let named = match &first.value {
            Value::Class(class) => Some(*class),
            _ => None,
        };
        match (receiver, named.or(frame.class)) {
            (Some(receiver), Some(class)) => Value::Super(Rc::new(receiver), class),
            _ => Value::Unknown,
        }
    }

    /// `sorted(rows, key=…)`
    fn ordered(
        &mut self,
        frame: &mut Frame<'p>,
        last: &str,
        first: &Val<'p>,
        args: &Args<'p>,
        id: ExprId,
    ) -> Value<'p> {
        let place = frame.place(id);
        let rows = self.read_all(frame, first, place, last);
        if let Some(key) = args.keyword("key").cloned() {
            self.each(frame, &key, &[Val::new(rows.clone(), first.on)], id);
        }
        match last {
            "sorted" => rows,
            _ => single(&self.iterate(frame, &Val::new(rows, first.on), place, last)),
        }
    }

    /// `map(function, rows)`
    fn mapped(&mut self, frame: &mut Frame<'p>, last: &str, first: &Val<'p>, args: &Args<'p>, id: ExprId) -> Value<'p> {
        let rows: Vec<Val<'p>> = args.positional.iter().skip(1).map(|(value, _)| value.clone()).collect();
        let made = self.each(frame, first, &rows, id);
        match last {
            "map" if made.value.is_plain() => Value::Unknown,
            "map" => Value::Items(Rc::new(made.value)),
            _ => rows.first().map(|it| it.value.clone()).unwrap_or_default(),
        }
    }

    /// `getattr(row, "name")`
    fn attribute_by_name(
        &mut self,
        frame: &mut Frame<'p>,
        last: &str,
        first: &Val<'p>,
        args: &Args<'p>,
        id: ExprId,
    ) -> Value<'p> {
        let place = frame.place(id);
        let name = args.positional.get(1).map(|(value, _)| value.value.clone());
        match name {
            Some(Value::Str(name)) => {
                let mut found = Value::Unknown;
                for owner in first.value.each().to_vec() {
                    let one = self.attribute_of(frame, &owner, &name, place, first.on);
                    found = found.or(one);
                }
                let lacks = |value: &Value<'p>| match value {
                    Value::Row(row) => self.models.lacks(row.model, &name),
                    _ => false,
                };
                // What an annotation puts on the rows is there.
                let is_annotated = first.value.each().iter().any(|value| match value {
                    Value::Row(row) => {
                        row.query.cover.below(&row.path).is_some_and(|it| it.annotations.contains(&*name))
                    }
                    _ => false,
                });
                if last == "hasattr" && is_annotated {
                    return Value::Bool(true);
                }
                match (last, first.value.each().iter().all(lacks)) {
                    ("hasattr", true) if !self.has_member(&first.value, &name) => Value::Bool(false),
                    ("hasattr", _) => Value::Unknown,
                    _ => found,
                }
            }
            _ => Value::Unknown,
        }
    }

    /// `isinstance(row, Model)`
    fn instance_of(&mut self, frame: &Frame<'p>, first: &Val<'p>, args: &Args<'p>) -> Value<'p> {
        let wanted = args.positional.get(1).map(|(_, id)| frame.source(*id).rsplit('.').next().unwrap_or(""));
        match (&first.value, wanted) {
            (Value::Query(_) | Value::Rows(_), Some("QuerySet")) => Value::Bool(true),
            (Value::Row(row), _) => {
                let wanted = args.positional.get(1).map(|(value, _)| value.value.clone()).unwrap_or_default();
                self.is_instance(row.model, &wanted).map_or(Value::Unknown, Value::Bool)
            }
            _ => Value::Unknown,
        }
    }

    /// Returns whether one of the values has a method or property of a name.
    fn has_member(&mut self, value: &Value<'p>, name: &str) -> bool {
        value.each().iter().any(|one| match one {
            Value::Row(row) => self.member(row.model, name).is_some() || self.models.get(row.model).class.is_none(),
            _ => true,
        })
    }

    /// Returns whether rows of a model are instances of a class, where that is certain.
    fn is_instance(&mut self, model: crate::django::ModelId, wanted: &Value<'p>) -> Option<bool> {
        match wanted {
            Value::Model(wanted) => {
                let (own, wanted) = (self.models.get(model).class?, self.models.get(*wanted).class?);
                if self.lineage(own).order.contains(&wanted) {
                    Some(true)
                } else if self.lineage(wanted).order.contains(&own) {
                    // A row of a parent's table may be one of the child's.
                    None
                } else {
                    Some(false)
                }
            }
            Value::Tuple(all) => {
                let each: Vec<Option<bool>> = all.iter().map(|one| self.is_instance(model, one)).collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else if each.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            _ => None,
        }
    }

    /// Returns the rows in memory.
    fn read_all(
        &mut self,
        frame: &mut Frame<'p>,
        rows: &Val<'p>,
        place: super::value::Place<'p>,
        how: &str,
    ) -> Value<'p> {
        let each = self.iterate(frame, rows, place, how);
        rows.value.map(|value| match value {
            Value::Query(query) | Value::Rows(query) => Value::Rows(Rc::clone(query)),
            Value::Related(row) => Value::Items(Rc::new(Value::Row(row.clone()))),
            Value::Items(_) | Value::Tuple(_) => value.clone(),
            _ if each.is_plain() => Value::Unknown,
            _ => Value::Items(Rc::new(each.clone())),
        })
    }

    /// Calls a function once for each element.
    fn each(&mut self, frame: &mut Frame<'p>, function: &Val<'p>, rows: &[Val<'p>], id: ExprId) -> Val<'p> {
        let place = frame.place(id);
        let elements: Vec<Value<'p>> = rows.iter().map(|it| self.iterate(frame, it, place, "map")).collect();
        let bit = frame.next_bit();
        let query = rows.iter().find_map(|it| match &it.value {
            Value::Query(query) | Value::Rows(query) => Some(Rc::clone(query)),
            _ => None,
        });
        frame.loops.push(Loop { place, rows: query, bit, shown: None });
        let on = rows.iter().fold(bit, |on, it| on | it.on);
        let args =
            Args { positional: elements.into_iter().map(|it| (Val::new(it, on), id)).collect(), on, ..Args::default() };
        let made = self.call_value(frame, &function.value, &args, id);
        frame.loops.pop();
        made
    }

    fn shortcut(
        &mut self,
        frame: &mut Frame<'p>,
        name: &str,
        from: &Val<'p>,
        args: &Args<'p>,
        id: ExprId,
    ) -> Value<'p> {
        let place = frame.place(id);
        from.value.map(|value| {
            let query = match value {
                Value::Query(query) => Rc::clone(query),
                Value::Manager(model, _) | Value::Model(model) => {
                    let mut query = Query::new(*model, Base::Site(place));
                    let first = args.positional.first().map(|(_, id)| *id);
                    if let (Some(first), Value::Manager(..)) = (first, value) {
                        let range = frame.module.bodies.span(first);
                        query.chain = Some(Chain { path: frame.module.path, range, select: None, prefetch: None });
                    }
                    Rc::new(query)
                }
                Value::Related(row) => {
                    let mut query = Query::new(row.model, Base::Site(place));
                    query.again = Some(Rc::new((row.clone(), Rc::from("get"))));
                    Rc::new(query)
                }
                _ => return Value::Unknown,
            };
            self.ask(frame, &query, place, "get", args.on | from.on);
            if name.contains("list") { Value::Rows(query) } else { one_of(&query) }
        })
    }

    /// Returns the rows of a page.
    pub(crate) fn page(&mut self, rows: &Value<'p>) -> Value<'p> {
        rows.map(|value| match value {
            Value::Query(query) => Value::Rows(Rc::clone(query)),
            other => other.clone(),
        })
    }
}

/// `dict(before, name=value)`
fn dict_of<'p>(first: Value<'p>, args: &Args<'p>) -> Value<'p> {
    let fields: BTreeMap<Rc<str>, Value<'p>> =
        args.keywords.iter().map(|(name, (value, _))| (Rc::from(*name), value.value.clone())).collect();
    match &first {
        Value::Dict(before) => {
            let mut all = (**before).clone();
            all.extend(fields);
            Value::Dict(Rc::new(all))
        }
        Value::Mapping(_) => first,
        _ => Value::Dict(Rc::new(fields)),
    }
}
