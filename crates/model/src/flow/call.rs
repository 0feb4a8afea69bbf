//! Calls: who is called, with what, and what of it the caller has to answer for.

use std::rc::Rc;

use super::attribute::Member;
use super::class::Kind;
use super::effect::{Asked, Demand, Effects, Step, Summary, What};
use super::frame::Frame;
use super::queryset::{Method, action};
use super::value::{Base, Chain, Cover, HOPS, Path, Place, Query, Row, Val, Value};
use super::{COSTLY, DEPTH, Engine, Module};
use crate::project::FunctionRef;
use crate::python::body::{Expr, ExprId, List, Param};

/// How many demands and queries a summary keeps.
const EFFECTS: usize = 240;

/// The arguments of a call.
#[derive(Debug, Default)]
pub(crate) struct Args<'p> {
    pub(crate) positional: Vec<(Val<'p>, ExprId)>,
    pub(crate) keywords: Vec<(&'p str, (Val<'p>, ExprId))>,
    /// Whether `*args` or `**kwargs` bring others.
    pub(crate) is_open: bool,
    /// What they depend on; a look-up in a batch, `id__in=batch`, is no dependence.
    pub(crate) on: u64,
}

impl<'p> Args<'p> {
    pub(crate) fn keyword(&self, name: &str) -> Option<&Val<'p>> {
        self.keywords.iter().find(|(it, _)| *it == name).map(|(_, (value, _))| value)
    }

    pub(crate) fn get(&self, at: usize, name: &str) -> Option<&Val<'p>> {
        self.positional.get(at).map(|(value, _)| value).or_else(|| self.keyword(name))
    }

    /// Returns where the rows among them come from.
    fn sites(&self) -> impl Iterator<Item = &Base<'p>> {
        let named = self.keywords.iter().map(|(_, (value, _))| value);
        self.positional.iter().map(|(value, _)| value).chain(named).flat_map(|value| sites_of(&value.value))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.keywords.is_empty() && !self.is_open
    }
}

impl<'p> Engine<'_, 'p> {
    /// Evaluates a call.
    pub(crate) fn call(&mut self, frame: &mut Frame<'p>, id: ExprId, function: ExprId, args: List) -> Val<'p> {
        let bodies = frame.module.bodies;
        if let Expr::Attr { object, name } = bodies.expr(function) {
            let owner = self.eval(frame, object);
            let args = self.args(frame, args);
            let name = name.slice(frame.module.text);
            let on = owner.on | args.on;
            self.grow(frame, object, name, &args);
            let method = Method { name, id, object, args: &args };
            let mut found = Value::Unknown;
            let mut depends = on;
            for value in owner.value.each().to_vec() {
                let one = self.call_method(frame, &value, &method, owner.on);
                depends |= one.on;
                found = found.or(one.value);
            }
            // A view's own rows stand where the view makes them, not where it asks for them.
            let is_own = match &owner.value {
                Value::Super(object, _) => match &**object {
                    Value::Object(class, _) => frame.class != Some(*class),
                    _ => true,
                },
                _ => true,
            };
            if !matches!(name, "get_queryset" | "filter_queryset") || !is_own {
                found = resited(frame, &found, id, args.sites().chain(sites_of(&owner.value)));
            }
            return Val::new(found, depends);
        }
        let callee = self.eval(frame, function);
        let args = self.args(frame, args);
        let mut found = Value::Unknown;
        let mut on = callee.on | args.on;
        for value in callee.value.each().to_vec() {
            let one = self.call_value(frame, &value, &args, id);
            on |= one.on;
            found = found.or(one.value);
        }
        Val::new(resited(frame, &found, id, args.sites()), on)
    }

    fn args(&mut self, frame: &mut Frame<'p>, list: List) -> Args<'p> {
        let mut args = Args::default();
        let bodies = frame.module.bodies;
        for arg in bodies.args(list) {
            let value = self.eval(frame, arg.value);
            let name = arg.name.map(|it| it.slice(frame.module.text));
            if !name.is_some_and(|it| it.ends_with("__in")) {
                args.on |= value.on;
            }
            match (name, arg.stars) {
                (Some(name), _) => args.keywords.push((name, (value, arg.value))),
                (None, 0) => args.positional.push((value, arg.value)),
                (None, 1) => match value.value {
                    Value::Tuple(values) => {
                        let all = values.iter().map(|it| (Val::new(it.clone(), value.on), arg.value));
                        args.positional.extend(all);
                    }
                    _ => args.is_open = true,
                },
                (None, _) => args.is_open = true,
            }
        }
        args
    }

    /// `names.append(row)` makes the list one of rows.
    fn grow(&mut self, frame: &mut Frame<'p>, object: ExprId, name: &str, args: &Args<'p>) {
        if !matches!(name, "append" | "add" | "extend" | "insert" | "appendleft") {
            return;
        }
        let Expr::Name = frame.module.bodies.expr(object) else { return };
        let Some((added, _)) = args.positional.last() else { return };
        let Some(known) = frame.env.get(frame.source(object)).cloned() else { return };
        let element = if name == "extend" {
            match &added.value {
                Value::Items(each) => (**each).clone(),
                Value::Rows(query) | Value::Query(query) if !query.plain => Value::Row(query.row()),
                Value::Tuple(values) => values.iter().fold(Value::Unknown, |all, one| all.or(one.clone())),
                _ => Value::Unknown,
            }
        } else {
            added.value.clone()
        };
        let before = match &known.value {
            Value::Tuple(values) => values.iter().fold(Value::Unknown, |all, one| all.or(one.clone())),
            Value::Items(each) => (**each).clone(),
            Value::Unknown => Value::Unknown,
            _ => return,
        };
        let all = before.or(element);
        let value = if all.is_plain() { Value::Unknown } else { Value::Items(Rc::new(all)) };
        frame.env.insert(frame.source(object), Val::new(value.bounded(), known.on | added.on));
    }

    fn call_method(&mut self, frame: &mut Frame<'p>, owner: &Value<'p>, method: &Method<'_, 'p>, on: u64) -> Val<'p> {
        let place = frame.place(method.id);
        let name = method.name;
        let args = method.args;
        let value = match owner {
            Value::Manager(model, manager) => self.manager_method(frame, *model, manager, method, on),
            Value::Query(query) => self.query_method(frame, query, method, on),
            Value::Rows(query) if action(name).is_some() && name != "all" => {
                self.query_method(frame, query, method, on)
            }
            Value::Rows(_) => match name {
                "pop" | "get" => self.iterate(frame, &Val::new(owner.clone(), on), place, name),
                "copy" | "all" => owner.clone(),
                _ => Value::Unknown,
            },
            Value::Related(row) => self.related_method(frame, row, method, on),
            // What a model does beside saving is about single rows.
            Value::Row(row) if is_saving(name) => {
                if !name.contains("clean") {
                    self.write(frame, row.model, place, name, on);
                }
                Value::Unknown
            }
            Value::Row(row) => return self.row_method(frame, row.model, owner, method, on),
            Value::New(model) if is_saving(name) => {
                if matches!(name, "save" | "asave") {
                    self.write(frame, *model, place, "insert", on | args.on);
                }
                Value::Unknown
            }
            Value::Model(_) if name == "__subclasses__" => Value::Items(Rc::new(owner.clone())),
            Value::New(model) | Value::Model(model) => return self.row_method(frame, *model, owner, method, on),
            Value::Object(class, set) => {
                if let Some(value) = set.get(name) {
                    return self.call_value(frame, &value.clone(), args, method.id);
                }
                match self.find_method(*class, name) {
                    Some(function) => return self.invoke_bound(frame, function, owner.clone(), on, args, place),
                    None => self.framework_method(frame, owner, *class, method),
                }
            }
            Value::Super(object, class) => return self.call_above(frame, object, *class, method, on),
            Value::Class(class) => match self.find_method(*class, name) {
                Some(function) => return self.invoke_bound(frame, function, owner.clone(), on, args, place),
                None => Value::Unknown,
            },
            Value::Dict(_) | Value::Mapping(_) | Value::Items(_) => self.collection_method(frame, owner, method),
            Value::Module(_) | Value::External(_) => {
                let callee = self.attribute_of(frame, owner, name, place, on);
                return self.call_value(frame, &callee, args, method.id);
            }
            _ => Value::Unknown,
        };
        Val::new(value, on | args.on)
    }

    /// `super().name(…)`
    fn call_above(
        &mut self,
        frame: &mut Frame<'p>,
        object: &Rc<Value<'p>>,
        class: crate::project::ClassRef<'p>,
        method: &Method<'_, 'p>,
        on: u64,
    ) -> Val<'p> {
        let (name, args, place) = (method.name, method.args, frame.place(method.id));
        let value = match &**object {
            Value::Object(own, _) => match self.method_above(*own, class, name) {
                Some(function) => return self.invoke_bound(frame, function, (**object).clone(), on, args, place),
                None => self.framework_method(frame, object, *own, method),
            },
            Value::Manager(model, manager) => self.above_manager(frame, *model, manager, class, method, on),
            Value::Query(query) => self.query_method(frame, query, method, on),
            Value::Row(row) | Value::Related(row) => {
                let function = match self.models.get(row.model).class {
                    Some(own) => self.method_above(own, class, name),
                    None => None,
                };
                match function {
                    Some(function) => {
                        return self.invoke_args(frame, function, (**object).clone(), on, args, place);
                    }
                    None => Value::Unknown,
                }
            }
            _ => Value::Unknown,
        };
        Val::new(value, on | args.on)
    }

    /// A method of a dictionary or a list.
    fn collection_method(&mut self, frame: &mut Frame<'p>, owner: &Value<'p>, method: &Method<'_, 'p>) -> Value<'p> {
        let (name, args) = (method.name, method.args);
        match owner {
            Value::Dict(fields) => match name {
                "get" | "pop" | "setdefault" => match args.positional.first().map(|(value, _)| &value.value) {
                    Some(Value::Str(key)) => fields.get(key).cloned().unwrap_or_default(),
                    _ => Value::Unknown,
                },
                "copy" => owner.clone(),
                "values" => {
                    let all = fields.values().fold(Value::Unknown, |all, one| all.or(one.clone()));
                    Value::Items(Rc::new(all))
                }
                "items" => {
                    let all = fields.values().fold(Value::Unknown, |all, one| all.or(one.clone()));
                    Value::Items(Rc::new(Value::Tuple(Rc::from(vec![Value::Unknown, all]))))
                }
                "update" => {
                    self.update_dict(frame, method, fields);
                    Value::None
                }
                _ => Value::Unknown,
            },
            Value::Mapping(each) => match name {
                "get" | "pop" | "setdefault" => (**each).clone(),
                "values" => Value::Items(Rc::clone(each)),
                "items" => Value::Items(Rc::new(Value::Tuple(Rc::from(vec![Value::Unknown, (**each).clone()])))),
                "copy" => owner.clone(),
                _ => Value::Unknown,
            },
            Value::Items(each) => match name {
                "pop" => (**each).clone(),
                "copy" => owner.clone(),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// A method of a row, of one that is built in memory, or of their class.
    fn row_method(
        &mut self,
        frame: &mut Frame<'p>,
        model: crate::django::ModelId,
        owner: &Value<'p>,
        method: &Method<'_, 'p>,
        on: u64,
    ) -> Val<'p> {
        let (name, args, place) = (method.name, method.args, frame.place(method.id));
        match (owner, self.member(model, name)) {
            (Value::Model(_), Some(Member::Method(function))) => {
                self.invoke_bound(frame, function, owner.clone(), on, args, place)
            }
            (_, Some(Member::Method(function))) => self.invoke_args(frame, function, owner.clone(), on, args, place),
            _ => Val::unknown(on | args.on),
        }
    }

    fn update_dict(
        &mut self,
        frame: &mut Frame<'p>,
        method: &Method<'_, 'p>,
        fields: &std::collections::BTreeMap<Rc<str>, Value<'p>>,
    ) {
        let Expr::Name = frame.module.bodies.expr(method.object) else { return };
        let mut fields = fields.clone();
        for (value, _) in &method.args.positional {
            if let Value::Dict(more) = &value.value {
                fields.extend(more.iter().map(|(key, value)| (Rc::clone(key), value.clone())));
            }
        }
        for (name, (value, _)) in &method.args.keywords {
            fields.insert(Rc::from(*name), value.value.clone());
        }
        let name = frame.source(method.object);
        let on = frame.env.get(name).map_or(0, |it| it.on) | method.args.on;
        frame.env.insert(name, Val::new(Value::Dict(Rc::new(fields)).bounded(), on));
    }

    /// `super().name(…)` in a manager of the project.
    fn above_manager(
        &mut self,
        frame: &mut Frame<'p>,
        model: crate::django::ModelId,
        manager: &Rc<str>,
        above: crate::project::ClassRef<'p>,
        method: &Method<'_, 'p>,
        on: u64,
    ) -> Value<'p> {
        let known = self.models.get(model).managers.get(&**manager);
        let own = known.and_then(|it| it.class).unwrap_or(above);
        if let Some(function) = self.method_above(own, above, method.name) {
            let receiver = Value::Manager(model, Rc::clone(manager));
            let place = frame.place(method.id);
            return self.invoke_args(frame, function, receiver, on, method.args, place).value;
        }
        let is_strange = self.lineage(own).kind.contains(Kind::STRANGE);
        let mut query = Query::new(model, Base::Site(frame.place(method.id)));
        query.cover.is_unknown = is_strange && !known.is_some_and(|it| it.is_known);
        let query = Rc::new(query);
        if method.name == "get_queryset" { Value::Query(query) } else { self.query_method(frame, &query, method, on) }
    }

    /// Calls a value.
    pub(crate) fn call_value(
        &mut self,
        frame: &mut Frame<'p>,
        callee: &Value<'p>,
        args: &Args<'p>,
        id: ExprId,
    ) -> Val<'p> {
        let place = frame.place(id);
        match callee {
            Value::Function(function) => self.invoke_plain(frame, *function, args, place),
            Value::Method(receiver, function) => {
                self.invoke_bound(frame, *function, (**receiver).clone(), 0, args, place)
            }
            Value::Model(model) => Val::new(Value::New(*model), args.on),
            Value::Class(class) => {
                if self.is_serializer(*class) {
                    self.serialize_call(frame, *class, args, place);
                    return Val::new(Value::object(*class), args.on);
                }
                // `OrderQuerySet(self.model, using=self._db)`
                if self.lineage(*class).kind.contains(Kind::QUERYSET)
                    && let Some(Value::Model(model)) = args.get(0, "model").map(|it| it.value.clone())
                {
                    return Val::new(Value::Query(Rc::new(Query::new(model, Base::Site(place)))), args.on);
                }
                if let Some(rows) = args.keyword("queryset").filter(|it| !it.value.is_plain()) {
                    return Val::new(filtered(&rows.value), args.on);
                }
                let object = Value::object(*class);
                match self.find_method(*class, "__init__") {
                    Some(function) => {
                        let made = self.invoke_args(frame, function, object.clone(), 0, args, place);
                        let value = if matches!(made.value, Value::Object(..)) { made.value } else { object };
                        Val::new(value, args.on)
                    }
                    None => Val::new(object, args.on),
                }
            }
            Value::External(name) => {
                if let Some(rows) = args.keyword("queryset").filter(|it| !it.value.is_plain())
                    && (name.ends_with("Filter") || name.ends_with("FilterSet"))
                {
                    return Val::new(filtered(&rows.value), args.on);
                }
                let name = Rc::clone(name);
                let value = self.builtin(frame, &name, args, id);
                Val::new(value, args.on)
            }
            Value::Lambda(path, lambda) if *path == frame.module.path => {
                let values: Vec<Val<'p>> = args.positional.iter().map(|(value, _)| value.clone()).collect();
                self.call_lambda(frame, *lambda, &values)
            }
            _ => Val::unknown(args.on),
        }
    }

    /// Evaluates a lambda of the same file with its parameters bound.
    pub(crate) fn call_lambda(&mut self, frame: &mut Frame<'p>, lambda: ExprId, values: &[Val<'p>]) -> Val<'p> {
        let bodies = frame.module.bodies;
        let Expr::Lambda { params, body } = bodies.expr(lambda) else { return Val::default() };
        if self.depth > DEPTH {
            return Val::default();
        }
        self.depth += 1;
        let before = self.fork(frame);
        for (at, param) in bodies.exprs(params).iter().enumerate() {
            let value = values.get(at).cloned().unwrap_or_default();
            self.bind(frame, *param, &value);
        }
        let value = self.eval(frame, body);
        frame.env = before;
        self.depth -= 1;
        value
    }

    fn invoke_plain(
        &mut self,
        frame: &mut Frame<'p>,
        function: FunctionRef<'p>,
        args: &Args<'p>,
        place: Place<'p>,
    ) -> Val<'p> {
        let positional = args.positional.iter().map(|(value, _)| value.clone()).collect();
        let keywords = args.keywords.iter().map(|(name, (value, _))| (*name, value.clone())).collect();
        self.invoke(frame, function, positional, keywords, place, "called here")
    }

    /// Calls a method with its receiver as the first argument.
    pub(crate) fn invoke_args(
        &mut self,
        frame: &mut Frame<'p>,
        function: FunctionRef<'p>,
        receiver: Value<'p>,
        on: u64,
        args: &Args<'p>,
        place: Place<'p>,
    ) -> Val<'p> {
        let mut positional = vec![Val::new(receiver, on)];
        positional.extend(args.positional.iter().map(|(value, _)| value.clone()));
        let keywords = args.keywords.iter().map(|(name, (value, _))| (*name, value.clone())).collect();
        self.invoke(frame, function, positional, keywords, place, "called here")
    }

    /// Calls a method as its decorators say: bound, or not.
    fn invoke_bound(
        &mut self,
        frame: &mut Frame<'p>,
        function: FunctionRef<'p>,
        receiver: Value<'p>,
        on: u64,
        args: &Args<'p>,
        place: Place<'p>,
    ) -> Val<'p> {
        let facts = self.project.function(function);
        let has = |name: &str| facts.is_some_and(|it| it.decorators.iter().any(|it| it.path == name));
        let is_class = matches!(receiver, Value::Class(_) | Value::Model(_));
        if has("staticmethod") || is_class && !has("classmethod") {
            return self.invoke_plain(frame, function, args, place);
        }
        self.invoke_args(frame, function, receiver, on, args, place)
    }

    /// Runs a function by its summary, and answers for what it does to the arguments.
    pub(crate) fn invoke(
        &mut self,
        frame: &mut Frame<'p>,
        function: FunctionRef<'p>,
        positional: Vec<Val<'p>>,
        keywords: Vec<(&str, Val<'p>)>,
        place: Place<'p>,
        what: &str,
    ) -> Val<'p> {
        let on = positional.iter().chain(keywords.iter().map(|(_, value)| value)).fold(0, |on, it| on | it.on);
        let Some(module) = self.module(function.path) else { return Val::unknown(on) };
        let Some(body) = module.bodies.function(function.id) else { return Val::unknown(on) };
        if self.depth > DEPTH || self.budget == 0 {
            self.cuts += 1;
            return Val::unknown(on);
        }
        // Arguments by the order of the parameters.
        let mut given: Vec<Option<Val<'p>>> = positional.into_iter().map(Some).collect();
        given.resize(body.params.len().max(given.len()), None);
        for (name, value) in keywords {
            let at = body.params.iter().position(|it| it.stars == 0 && it.name.slice(module.text) == name);
            if let Some(at) = at {
                given[at] = Some(value);
            }
        }
        given.truncate(body.params.len().min(38));
        let mut leaves = Leaves { values: Vec::new(), on: Vec::new() };
        let shapes: Vec<Val<'p>> = given
            .iter()
            .enumerate()
            .map(|(at, value)| match value {
                Some(value) => Val::new(leaves.shape(&value.value.bounded(), value.on, 0), 1 << at),
                None => Val::new(body.params.get(at).map_or(Value::Unknown, |it| default_of(&module, it)), 0),
            })
            .collect();
        let arguments_on: Vec<u64> = given.iter().map(|it| it.as_ref().map_or(0, |it| it.on)).collect();
        let summary = self.summary(function, shapes);
        let step = Step { place, what: what.to_owned() };
        self.instantiate(frame, &summary.effects, &leaves, &arguments_on, Some(&step));
        Val::new(leaves.put(&summary.returns.value), translate(summary.returns.on, &arguments_on))
    }

    /// Answers for the effects of something that was summarised.
    pub(crate) fn instantiate(
        &mut self,
        frame: &mut Frame<'p>,
        effects: &Effects<'p>,
        leaves: &Leaves<'p>,
        arguments_on: &[u64],
        step: Option<&Step<'p>>,
    ) {
        let count = u32::try_from(effects.demands.len() + effects.asked.len()).unwrap_or(u32::MAX);
        self.budget = self.budget.saturating_sub(count);
        for demand in &effects.demands {
            let mut steps: Vec<Step<'p>> = step.cloned().into_iter().collect();
            steps.extend(demand.steps.iter().take(6).cloned());
            let row = match leaves.find(&demand.row) {
                Some(Found::Row(row)) => row,
                Some(Found::Query(query, on)) => {
                    self.ask_through(frame, &query, demand.access, "iterate", on, steps);
                    continue;
                }
                None => continue,
            };
            let is_own = demand.row.path.is_empty() && matches!(demand.what, What::Iterate) && row.path.is_empty();
            if is_own {
                continue;
            }
            let next = Demand { row, steps, ..demand.clone() };
            self.demand(frame, next);
        }
        for asked in &effects.asked {
            let on = translate(asked.on, arguments_on);
            let mut steps: Vec<Step<'p>> = step.cloned().into_iter().collect();
            steps.extend(asked.steps.iter().take(6).cloned());
            self.note(frame, Asked { on, steps, ..asked.clone() });
        }
    }

    /// Interprets a function for arguments of certain shapes, once.
    pub(crate) fn summary(&mut self, function: FunctionRef<'p>, arguments: Vec<Val<'p>>) -> Rc<Summary<'p>> {
        let key = (function, arguments.iter().map(|it| it.value.clone()).collect::<Vec<_>>());
        if let Some(known) = self.summaries.get(&key) {
            return Rc::clone(known);
        }
        let (Some(module), false) = (self.module(function.path), self.open.contains(&key)) else {
            self.cuts += 1;
            return Rc::default();
        };
        let Some(body) = module.bodies.function(function.id) else { return Rc::default() };
        self.open.insert(key.clone());
        self.depth += 1;
        let (cuts, budget) = (self.cuts, self.budget);
        let mut frame = self.frame(module, Some(function));
        for (at, param) in body.params.iter().enumerate() {
            let name = param.name.slice(module.text);
            let mut value = arguments.get(at).cloned().unwrap_or_default();
            value.on |= if at < 38 { 1 << at } else { 0 };
            if param.stars > 0 {
                value = Val::unknown(value.on);
            } else if at == 0 && frame.class.is_some() {
                frame.name_of_self = Some(name);
            } else if value.value == Value::Unknown {
                if let Some(annotation) = param.annotation {
                    value.value = self.typed(&mut frame, annotation);
                }
                if let Some(default) = param.default
                    && arguments.get(at).is_none_or(|it| it.on == 0)
                    && matches!(module.bodies.expr(default), Expr::Str(_) | Expr::Int)
                {
                    value.value = self.eval(&mut frame, default).value;
                }
            }
            frame.env.insert(name, value);
        }
        self.run(&mut frame, body.block);
        self.depth -= 1;
        self.open.remove(&key);
        let summary = Rc::new(self.summarise(frame, function, body.is_generator, &key.1));
        if self.cuts == cuts || budget.saturating_sub(self.budget) > COSTLY {
            self.summaries.insert(key, Rc::clone(&summary));
        }
        summary
    }

    fn summarise(
        &self,
        frame: Frame<'p>,
        function: FunctionRef<'p>,
        is_generator: bool,
        arguments: &[Value<'p>],
    ) -> Summary<'p> {
        let name = self.project.function(function).map_or("", |it| it.name.as_str());
        let mut returns = frame.returns.unwrap_or_default();
        if is_generator {
            let each = frame.yields.unwrap_or_default();
            returns = Val::new(Value::Items(Rc::new(each.value)), each.on | returns.on);
        } else if name == "__init__"
            && let Some(Value::Object(class, set)) = arguments.first()
        {
            let mut all = (**set).clone();
            all.extend(frame.set);
            returns = Val::new(Value::Object(*class, Rc::new(all)), 0);
        }
        returns = Val::new(returns.value.bounded(), Frame::without_loops(returns.on));
        let mut effects = frame.effects;
        effects.demands.truncate(EFFECTS);
        effects.asked.truncate(EFFECTS);
        for asked in &mut effects.asked {
            asked.on = Frame::without_loops(asked.on);
        }
        effects.asked.retain(|it| it.on != 0);
        Summary { returns, effects }
    }
}

/// A queryset that another function made is mended where that function is called.
fn resited<'a, 'p: 'a>(
    frame: &Frame<'p>,
    value: &Value<'p>,
    id: ExprId,
    given: impl Iterator<Item = &'a Base<'p>>,
) -> Value<'p> {
    if value.is_plain() {
        return value.clone();
    }
    let given: Vec<&Base<'p>> = given.collect();
    let own = frame.function.and_then(|it| frame.module.facts.function(it.id)).map(|it| it.range);
    let place = frame.place(id);
    let is_foreign = |query: &Query<'p>| match query.base {
        Base::Site(site) => {
            let is_elsewhere = site.path != place.path || own.is_some_and(|own| !own.contains(site.range));
            is_elsewhere && !given.contains(&&query.base)
        }
        Base::Param(_) | Base::Somewhere => false,
    };
    let moved = |query: &Query<'p>| {
        let site = match query.base {
            Base::Site(site) => Some(site),
            Base::Param(_) | Base::Somewhere => None,
        };
        let chain = Some(Chain { path: place.path, range: place.range, select: None, prefetch: None });
        Rc::new(Query { base: Base::Site(place), chain, made: query.made.or(site), ..query.clone() })
    };
    value.map(|one| match one {
        Value::Query(query) if is_foreign(query) => Value::Query(moved(query)),
        Value::Rows(query) if is_foreign(query) => {
            Value::Rows(Rc::new(Query { chain: None, ..(*moved(query)).clone() }))
        }
        other => other.clone(),
    })
}

/// Returns whether a method of a row writes it, or gets it ready for that.
fn is_saving(name: &str) -> bool {
    matches!(name, "save" | "asave" | "delete" | "adelete" | "full_clean" | "clean" | "clean_fields")
}

/// Returns the default of a parameter that is left out, where it is a constant.
fn default_of<'p>(module: &Module<'p>, param: &Param) -> Value<'p> {
    let Some(default) = param.default.filter(|_| param.stars == 0) else { return Value::Unknown };
    match module.bodies.expr(default) {
        Expr::None => Value::None,
        Expr::True => Value::Bool(true),
        Expr::False => Value::Bool(false),
        Expr::Str(content) => Value::Str(Rc::from(content.slice(module.text))),
        Expr::Int => module.bodies.int(default, module.text).map_or(Value::Unknown, Value::Int),
        _ => Value::Unknown,
    }
}

/// Returns where the rows of a value come from.
fn sites_of<'a, 'p>(value: &'a Value<'p>) -> impl Iterator<Item = &'a Base<'p>> {
    value.each().iter().filter_map(|one| match one {
        Value::Query(query) | Value::Rows(query) => Some(&query.base),
        Value::Row(row) | Value::Related(row) => Some(&row.query.base),
        _ => None,
    })
}

/// A filter set of rows: `OrderFilter(request.GET, queryset=orders).qs`.
fn filtered<'p>(rows: &Value<'p>) -> Value<'p> {
    let names = ["qs", "queryset"].map(|name| (Rc::from(name), rows.clone()));
    Value::Dict(Rc::new(names.into_iter().collect()))
}

/// Returns what something depends on in the caller, from the parameters that it depends on in the callee.
fn translate(on: u64, arguments: &[u64]) -> u64 {
    let bits = arguments.iter().enumerate().filter(|(at, _)| *at < 40 && on & (1 << at) != 0);
    bits.fold(0, |all, (_, argument)| all | argument)
}

/// The rows and queries among the arguments of a call, which the callee knows by number only.
#[derive(Debug, Default)]
pub(crate) struct Leaves<'p> {
    values: Vec<Value<'p>>,
    on: Vec<u64>,
}

/// What a numbered row is to the caller.
pub(crate) enum Found<'p> {
    Row(Row<'p>),
    Query(Rc<Query<'p>>, u64),
}

impl<'p> Leaves<'p> {
    /// Leaves of one row.
    pub(crate) fn of_row(row: Row<'p>, on: u64) -> Self {
        Self { values: vec![Value::Row(row)], on: vec![on] }
    }

    /// Returns a value with its rows numbered.
    pub(crate) fn shape(&mut self, value: &Value<'p>, on: u64, depth: u32) -> Value<'p> {
        if depth > 4 {
            return Value::Unknown;
        }
        let many = |each: &Value<'p>, own: &mut Self| Rc::new(own.shape(each, on, depth + 1));
        match value {
            Value::Query(query) => Value::Query(self.number(query, &[], query.model, query.many, value, on)),
            Value::Rows(query) => Value::Rows(self.number(query, &[], query.model, query.many, value, on)),
            Value::Row(row) => Value::Row(self.number(&row.query, &row.path, row.model, false, value, on).row()),
            Value::Related(row) => Value::Related(self.number(&row.query, &row.path, row.model, true, value, on).row()),
            Value::Items(each) => Value::Items(many(each, self)),
            Value::Mapping(each) => Value::Mapping(many(each, self)),
            Value::Method(receiver, function) => Value::Method(many(receiver, self), *function),
            Value::Super(object, class) => Value::Super(many(object, self), *class),
            Value::Tuple(values) => {
                Value::Tuple(values.iter().map(|it| self.shape(it, on, depth + 1)).collect::<Vec<_>>().into())
            }
            Value::Either(values) => {
                Value::Either(values.iter().map(|it| self.shape(it, on, depth + 1)).collect::<Vec<_>>().into())
            }
            Value::Dict(fields) => Value::Dict(Rc::new(
                fields.iter().map(|(key, it)| (Rc::clone(key), self.shape(it, on, depth + 1))).collect(),
            )),
            Value::Object(class, set) => Value::Object(
                *class,
                Rc::new(set.iter().map(|(key, it)| (Rc::clone(key), self.shape(it, on, depth + 1))).collect()),
            ),
            Value::Lambda(..) => Value::Unknown,
            other => other.clone(),
        }
    }

    fn number(
        &mut self,
        query: &Query<'p>,
        path: &[Rc<str>],
        model: crate::django::ModelId,
        many: bool,
        leaf: &Value<'p>,
        on: u64,
    ) -> Rc<Query<'p>> {
        let at = u16::try_from(self.values.len()).unwrap_or(u16::MAX);
        self.values.push(leaf.clone());
        self.on.push(on);
        // What annotations and `to_attr` put on the rows decides what their attributes are.
        let known = query.cover.below(path);
        let cover = Cover {
            annotations: known.map(|it| it.annotations.clone()).unwrap_or_default(),
            lists: known.map(|it| it.lists.clone()).unwrap_or_default(),
            ..Cover::default()
        };
        Rc::new(Query { cover, many, plain: query.plain, ..Query::new(model, Base::Param(at)) })
    }

    fn leaf(&self, query: &Query<'p>) -> Option<(&Value<'p>, u64)> {
        match query.base {
            Base::Param(at) => Some((self.values.get(at as usize)?, *self.on.get(at as usize)?)),
            Base::Site(_) | Base::Somewhere => None,
        }
    }

    /// Returns what a row that is relative to a number is to the caller.
    pub(crate) fn find(&self, row: &Row<'p>) -> Option<Found<'p>> {
        let (leaf, on) = self.leaf(&row.query)?;
        let joined = |before: &Row<'p>| {
            let path: Path = before.path.iter().chain(&row.path).cloned().collect();
            let single =
                before.single | row.single.checked_shl(u32::try_from(before.path.len()).unwrap_or(64)).unwrap_or(0);
            Row { query: Rc::clone(&before.query), path, model: row.model, single }
        };
        Some(match leaf {
            Value::Query(query) | Value::Rows(query) => {
                if row.path.is_empty() && matches!(leaf, Value::Query(_)) {
                    return Some(Found::Query(Rc::clone(query), on));
                }
                let query = extended(query, &row.query);
                Found::Row(Row { query, ..row.clone() })
            }
            Value::Row(before) | Value::Related(before) if before.path.len() + row.path.len() > HOPS => return None,
            Value::Row(before) | Value::Related(before) => Found::Row(joined(before)),
            _ => return None,
        })
    }

    /// Returns a value of the callee as the caller sees it.
    pub(crate) fn put(&self, value: &Value<'p>) -> Value<'p> {
        let each = |it: &Rc<Value<'p>>| Rc::new(self.put(it));
        match value {
            Value::Query(query) => self.put_query(query, value),
            Value::Rows(query) => match self.put_query(query, value) {
                Value::Query(query) => Value::Rows(query),
                other => other,
            },
            Value::Row(row) if matches!(row.query.base, Base::Param(_)) => match self.leaf(&row.query) {
                Some((Value::Query(query) | Value::Rows(query), _)) => {
                    let mut next = (*extended(query, &row.query)).clone();
                    next.many = query.many && row.query.many;
                    Value::Row(Row { query: Rc::new(next), ..row.clone() })
                }
                _ => match self.find(row) {
                    Some(Found::Row(row)) => Value::Row(row),
                    _ => Value::Unknown,
                },
            },
            Value::Row(row) => Value::Row(Row { query: self.put_again(&row.query), ..row.clone() }),
            Value::Related(row) if matches!(row.query.base, Base::Param(_)) => match self.find(row) {
                Some(Found::Row(row)) => Value::Related(row),
                Some(Found::Query(query, _)) => Value::Query(query),
                None => Value::Unknown,
            },
            Value::Related(_) => value.clone(),
            Value::Items(it) => Value::Items(each(it)),
            Value::Mapping(it) => Value::Mapping(each(it)),
            Value::Method(receiver, function) => Value::Method(each(receiver), *function),
            Value::Super(object, class) => Value::Super(each(object), *class),
            Value::Tuple(values) => Value::Tuple(values.iter().map(|it| self.put(it)).collect::<Vec<_>>().into()),
            Value::Either(values) => values.iter().fold(Value::Unknown, |all, it| all.or(self.put(it))),
            Value::Dict(fields) => {
                Value::Dict(Rc::new(fields.iter().map(|(key, it)| (Rc::clone(key), self.put(it))).collect()))
            }
            Value::Object(class, set) => {
                Value::Object(*class, Rc::new(set.iter().map(|(key, it)| (Rc::clone(key), self.put(it))).collect()))
            }
            Value::Lambda(..) => Value::Unknown,
            other => other.clone(),
        }
    }

    fn put_query(&self, query: &Rc<Query<'p>>, value: &Value<'p>) -> Value<'p> {
        if !matches!(query.base, Base::Param(_)) {
            return Value::Query(self.put_again(query));
        }
        match self.leaf(query) {
            Some((Value::Query(leaf), _)) => Value::Query(extended(leaf, query)),
            Some((Value::Rows(leaf), _)) => Value::Rows(extended(leaf, query)),
            Some((Value::Related(row), _)) if matches!(value, Value::Query(_)) => Value::Related(row.clone()),
            Some((Value::Row(row), _)) => Value::Row(row.clone()),
            _ => Value::Unknown,
        }
    }

    fn put_again(&self, query: &Rc<Query<'p>>) -> Rc<Query<'p>> {
        let Some(again) = &query.again else { return Rc::clone(query) };
        let (row, method) = &**again;
        match self.find(row) {
            Some(Found::Row(row)) => {
                Rc::new(Query { again: Some(Rc::new((row, Rc::clone(method)))), ..(**query).clone() })
            }
            _ => Rc::clone(query),
        }
    }
}

/// Returns the caller's query with what the callee added to it.
fn extended<'p>(own: &Rc<Query<'p>>, callee: &Query<'p>) -> Rc<Query<'p>> {
    let adds = !callee.cover.relations.is_empty() || callee.cover.is_unknown || callee.cover.every_key;
    if !adds && callee.bound.is_none() && callee.plain == own.plain && callee.cover.annotations.is_empty() {
        return Rc::clone(own);
    }
    let mut next = (**own).clone();
    next.cover.merge(&callee.cover);
    next.bound = next.bound.or(callee.bound);
    next.plain |= callee.plain;
    Rc::new(next)
}
