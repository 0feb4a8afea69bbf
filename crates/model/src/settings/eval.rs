//! Evaluates expressions of settings modules.

use std::sync::Arc;

use super::run::{DEPTH, Evaluator, Frame};
use super::scope::MEMBERS;
use super::value::{Cast, Entry, Setting, Shared, Value, Variable};
use crate::flow::Place;
use crate::project::resolve::Symbol;
use crate::python::body::{Clause, Expr, ExprId, List};

/// Makes a new value of an old one.
pub(super) type Make<'a, 'm, 'p> = Box<dyn FnOnce(&mut Evaluator<'m, 'p>, Option<Shared<'p>>) -> Shared<'p> + 'a>;

impl<'m, 'p> Evaluator<'m, 'p> {
    /// Evaluates an expression.
    pub(super) fn eval(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId) -> Shared<'p> {
        let Some(budget) = self.budget.checked_sub(1).filter(|_| self.depth < DEPTH) else { return frame.unknown(id) };
        self.budget = budget;
        self.depth += 1;
        let value = self.read(frame, id);
        self.depth -= 1;
        value
    }

    fn read(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId) -> Shared<'p> {
        let (bodies, text, place) = (frame.module.bodies, frame.module.text, frame.place(id));
        let value = match bodies.expr(id) {
            Expr::Name => {
                let name = bodies.span(id).slice(text);
                return self.named(frame, name).unwrap_or_else(|| self.meant(frame, id));
            }
            Expr::Attr { object, name } => return self.attribute(frame, id, object, name.slice(text)),
            Expr::Call { function, args } => return self.call(frame, id, function, args),
            Expr::Str(content) => Value::Text(content.slice(text).to_owned()),
            Expr::Int => bodies.int(id, text).map_or(Value::Opaque, Value::Int),
            Expr::True => Value::Bool(true),
            Expr::False => Value::Bool(false),
            Expr::None => Value::None,
            Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) => self.list(frame, list),
            Expr::Dict(list) => self.dictionary(frame, list),
            Expr::Subscript { object, index } => return self.subscript(frame, id, object, index),
            Expr::Comprehension { clauses, .. } => return self.comprehension(frame, id, clauses),
            Expr::Conditional { test, then, other } => {
                let test = self.test(frame, test);
                let (then, other) = (self.eval(frame, then), self.eval(frame, other));
                Value::Either(super::value::Either {
                    test: test.condition,
                    holds: test.holds,
                    place: test.place,
                    then,
                    other,
                })
            }
            Expr::Bool { left, right } => return self.either(frame, id, left, right),
            Expr::Not(inner) => {
                let inner = self.eval(frame, inner);
                return self.convert(&inner, Cast::Bool, place, &|it| it.truth().map(|truth| Value::Bool(!truth)));
            }
            Expr::Compare(list) => return self.comparison(frame, id, list),
            Expr::Binary { op, left, right } => {
                let (left, right) = (self.eval(frame, left), self.eval(frame, right));
                return self.binary(op, &left, &right, place);
            }
            Expr::Walrus { target, value } => {
                let value = self.eval(frame, value);
                if matches!(bodies.expr(target), Expr::Name) {
                    let name = bodies.span(target).slice(text).to_owned();
                    frame.scope.names.insert(name, Arc::clone(&value));
                }
                return value;
            }
            Expr::Format(_) => Value::Opaque,
            Expr::Opaque(list) => self.pieces(frame, id, list),
            Expr::Star(inner) | Expr::Await(inner) => return self.eval(frame, inner),
            Expr::Slice { .. } | Expr::Lambda { .. } | Expr::Yield(_) => Value::Unknown,
        };
        Setting::shared(value, place)
    }

    /// Returns what the module, or the one around it, has bound a name to.
    pub(super) fn named(&self, frame: &Frame<'m, 'p>, name: &str) -> Option<Shared<'p>> {
        let outer = || frame.outer.as_ref().and_then(|outer| outer.names.get(name));
        frame.scope.names.get(name).or_else(outer).map(Arc::clone)
    }

    /// Returns what a dotted name means that the module did not bind itself.
    fn meant(&mut self, frame: &Frame<'m, 'p>, id: ExprId) -> Shared<'p> {
        let place = frame.place(id);
        let value = match frame.module.symbol(id) {
            Some(Symbol::Variable(path, name)) => {
                let scope = self.module(path);
                match scope.and_then(|scope| scope.names.get(&name).map(Arc::clone)) {
                    Some(value) => return value,
                    None => Value::Unknown,
                }
            }
            Some(Symbol::Class(class)) => {
                let name = self.project.python(class.path).and_then(|it| it.class(class.id)).map(|it| &it.name);
                self.own_name(class.path, name)
            }
            Some(Symbol::Function(function)) => {
                let name = self.project.function(function).map(|it| &it.name);
                self.own_name(function.path, name)
            }
            Some(Symbol::External(name)) if matches!(name.as_str(), "__file__" | "__name__") => Value::Opaque,
            Some(Symbol::External(name)) => Value::Name(name),
            Some(Symbol::Module(_)) | None => Value::Unknown,
        };
        Setting::shared(value, place)
    }

    fn own_name(&self, path: &arrears_core::source::RelPath, name: Option<&String>) -> Value<'p> {
        let module = self.project.modules().names_of(path).into_iter().next();
        match (module, name) {
            (Some(module), Some(name)) => Value::Name(format!("{module}.{name}")),
            _ => Value::Unknown,
        }
    }

    fn attribute(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, object: ExprId, name: &str) -> Shared<'p> {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let head = bodies.dotted(object, text).and_then(|it| it.split('.').next());
        if head == Some("self")
            && let Some(object) = &frame.object
        {
            return object.names.get(name).map_or_else(|| frame.unknown(id), Arc::clone);
        }
        // `super().NAME` in a property: what the classes above say.
        if bodies.called(object, text) == Some("super")
            && let Some(object) = &frame.object
        {
            return object.names.get(name).map_or_else(|| frame.unknown(id), Arc::clone);
        }
        if head.is_some_and(|head| self.named(frame, head).is_none()) {
            return self.meant(frame, id);
        }
        // An attribute of a path, a date, a number: of the same kind as what it is taken from.
        match self.eval(frame, object).value {
            Value::Opaque => Setting::shared(Value::Opaque, frame.place(id)),
            _ => frame.unknown(id),
        }
    }

    fn list(&mut self, frame: &mut Frame<'m, 'p>, list: List) -> Value<'p> {
        let (mut items, mut is_open) = (Vec::new(), false);
        for id in frame.module.bodies.exprs(list) {
            let value = self.eval(frame, *id);
            if matches!(frame.module.bodies.expr(*id), Expr::Star(_)) {
                is_open |= extend(&mut items, &value);
            } else {
                items.push(value);
            }
            if items.len() > MEMBERS {
                items.truncate(MEMBERS);
                is_open = true;
                break;
            }
        }
        Value::List { items, is_open }
    }

    fn dictionary(&mut self, frame: &mut Frame<'m, 'p>, list: List) -> Value<'p> {
        let bodies = frame.module.bodies;
        let (mut entries, mut is_open) = (Vec::new(), false);
        for pair in bodies.exprs(list).chunks(2) {
            let &[key, value] = pair else { continue };
            let (key_place, value) = (frame.place(key), self.eval(frame, value));
            let is_spread = matches!(bodies.expr(key), Expr::Opaque(list) if list.is_empty())
                && bodies.span(key).slice(frame.module.text).starts_with("**");
            if is_spread {
                is_open |= merge(&mut entries, &value);
                continue;
            }
            match key_of(&self.eval(frame, key)) {
                Some(key) => set(&mut entries, Entry { key, key_place, value }),
                None => is_open = true,
            }
            is_open |= entries.len() > MEMBERS;
            entries.truncate(MEMBERS);
        }
        Value::Dict { entries, is_open }
    }

    fn subscript(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, object: ExprId, index: ExprId) -> Shared<'p> {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let key = self.eval(frame, index);
        if bodies.dotted(object, text).is_some_and(|it| self.external(frame, object, it) == "os.environ") {
            let Some(name) = key_of(&key) else { return frame.unknown(id) };
            return super::environ::variable(name, Cast::Text, None, frame.place(id));
        }
        let object = self.eval(frame, object);
        let found = match (&object.by_default().value, &key.value) {
            (Value::Dict { .. }, _) => key_of(&key).and_then(|key| object.entry(&key).map(|it| Arc::clone(&it.value))),
            (Value::List { items, .. }, Value::Int(at)) => {
                usize::try_from(*at).ok().and_then(|at| items.get(at)).map(Arc::clone)
            }
            // `sys.argv[1]` and the like: a part of a text.
            (Value::Text(_) | Value::Opaque, _) => Some(Setting::shared(Value::Opaque, frame.place(id))),
            _ => None,
        };
        found.unwrap_or_else(|| frame.unknown(id))
    }

    /// `[host.strip() for host in HOSTS if host]` is about as long as what it goes over.
    fn comprehension(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, clauses: List) -> Shared<'p> {
        let first = frame.module.bodies.clauses(clauses).first().copied();
        let Some(Clause::For { iter, .. }) = first else { return frame.unknown(id) };
        let place = frame.place(id);
        let over = self.eval(frame, iter);
        self.convert(&over, Cast::List, place, &|it| match &it.value {
            Value::List { items, .. } => Some(Value::List { items: items.clone(), is_open: true }),
            _ => None,
        })
    }

    /// A string of several pieces; what else is not read holds nothing that is known.
    fn pieces(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, list: List) -> Value<'p> {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let pieces: Option<String> = bodies.exprs(list).iter().map(|piece| bodies.string(*piece, text)).collect();
        match pieces {
            Some(whole) if !list.is_empty() => Value::Text(whole),
            _ if bodies.span(id).slice(text).starts_with(|it: char| it.is_ascii_digit() || it == '.') => Value::Opaque,
            // `-1`, `~x`
            _ => bodies.span(id).slice(text).replace('_', "").parse().map_or(Value::Unknown, Value::Int),
        }
    }

    /// `a + b`, `a | b`, `a / b`
    pub(super) fn binary(&mut self, op: u8, left: &Shared<'p>, right: &Shared<'p>, place: Place<'p>) -> Shared<'p> {
        let value = match (op, &left.by_default().value, &right.by_default().value) {
            (b'+' | b'|', Value::List { items, is_open }, _) => {
                let mut items = items.clone();
                let is_more = extend(&mut items, right);
                Value::List { items, is_open: *is_open || is_more }
            }
            (b'+' | b'|', _, Value::List { items, .. }) => Value::List { items: items.clone(), is_open: true },
            (b'|', Value::Dict { entries, is_open }, _) => {
                let mut entries = entries.clone();
                let is_more = merge(&mut entries, right);
                Value::Dict { entries, is_open: *is_open || is_more }
            }
            (b'+', Value::Text(left), Value::Text(right)) => Value::Text(format!("{left}{right}")),
            (b'+', Value::Int(left), Value::Int(right)) => left.checked_add(*right).map_or(Value::Opaque, Value::Int),
            (b'*', Value::Int(left), Value::Int(right)) => left.checked_mul(*right).map_or(Value::Opaque, Value::Int),
            (b'-', Value::Int(left), Value::Int(right)) => left.checked_sub(*right).map_or(Value::Opaque, Value::Int),
            (_, Value::Text(_) | Value::Opaque, _) | (_, _, Value::Text(_) | Value::Opaque) => Value::Opaque,
            _ => Value::Unknown,
        };
        Setting::shared(value, place)
    }

    /// Applies what a conversion makes of a value to all that the value may be: to the default of a variable, to both
    /// sides of a condition.
    pub(super) fn convert(
        &mut self,
        value: &Shared<'p>,
        cast: Cast,
        place: Place<'p>,
        apply: &dyn Fn(&Setting<'p>) -> Option<Value<'p>>,
    ) -> Shared<'p> {
        self.convert_within(value, cast, place, apply, 12)
    }

    fn convert_within(
        &mut self,
        value: &Shared<'p>,
        cast: Cast,
        place: Place<'p>,
        apply: &dyn Fn(&Setting<'p>) -> Option<Value<'p>>,
        depth: u32,
    ) -> Shared<'p> {
        let Some(depth) = depth.checked_sub(1) else { return Setting::shared(Value::Unknown, place) };
        let made = match &value.value {
            Value::Env(variable) => {
                let mut variable = variable.clone();
                variable.cast = cast;
                variable.default =
                    variable.default.as_ref().map(|it| self.convert_within(it, cast, place, apply, depth));
                Value::Env(variable)
            }
            Value::Either(either) => {
                let mut either = either.clone();
                either.then = self.convert_within(&either.then, cast, place, apply, depth);
                either.other = self.convert_within(&either.other, cast, place, apply, depth);
                Value::Either(either)
            }
            _ => apply(value).unwrap_or(Value::Unknown),
        };
        Setting::new(made, value.place).given_by(value.chain.clone())
    }

    /// Returns the name that a dotted name stands for outside the project; the name itself where it is of the project.
    pub(super) fn external(&self, frame: &Frame<'m, 'p>, id: ExprId, dotted: &str) -> String {
        match frame.module.symbol(id) {
            Some(Symbol::External(name)) => name,
            _ => dotted.to_owned(),
        }
    }
}

/// Adds the members of a list; returns whether there may be others.
pub(super) fn extend<'p>(items: &mut Vec<Shared<'p>>, more: &Setting<'p>) -> bool {
    let mut is_open = false;
    match &more.by_default().value {
        Value::List { items: added, is_open: more } => {
            items.extend(added.iter().map(Arc::clone));
            is_open |= *more;
        }
        Value::Either(either) => {
            // Both sides may be in it; which, the condition says.
            for (side, is_then) in [(&either.then, true), (&either.other, false)] {
                let Value::List { items: added, is_open: more } = &side.by_default().value else {
                    is_open |= !matches!(side.value, Value::Unset | Value::None);
                    continue;
                };
                is_open |= *more;
                let unset = || Setting::shared(Value::Unset, either.place);
                for item in added {
                    let (then, other) = if is_then { (Arc::clone(item), unset()) } else { (unset(), Arc::clone(item)) };
                    let one = super::value::Either { then, other, ..either.clone() };
                    items.push(Setting::shared(Value::Either(one), item.place));
                }
            }
        }
        _ => is_open = true,
    }
    if items.len() > MEMBERS {
        items.truncate(MEMBERS);
        is_open = true;
    }
    is_open
}

/// Adds the entries of a dictionary; returns whether there may be others.
pub(super) fn merge<'p>(entries: &mut Vec<Entry<'p>>, more: &Setting<'p>) -> bool {
    if let Value::Env(Variable { cast: Cast::Url, .. }) = &more.value {
        let value = Arc::new(more.clone());
        set(entries, Entry { key: super::database::URL.to_owned(), key_place: more.place, value });
        return true;
    }
    match &more.by_default().value {
        Value::Dict { entries: added, is_open } => {
            for entry in added {
                set(entries, entry.clone());
            }
            *is_open || entries.len() > MEMBERS
        }
        _ => true,
    }
}

/// Sets an entry; one of the same key goes.
pub(super) fn set<'p>(entries: &mut Vec<Entry<'p>>, entry: Entry<'p>) {
    let is_full = entries.len() > MEMBERS;
    match entries.iter_mut().find(|it| it.key == entry.key) {
        Some(old) => *old = entry,
        None if is_full => {}
        None => entries.push(entry),
    }
}

/// Returns the key that a value is in a dictionary.
pub(super) fn key_of(value: &Setting<'_>) -> Option<String> {
    match &value.value {
        Value::Text(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns a value in which the entry below some keys is what `make` makes of it.
pub(super) fn put<'m, 'p>(
    evaluator: &mut Evaluator<'m, 'p>,
    old: Option<Shared<'p>>,
    keys: &[(Option<String>, Place<'p>)],
    place: Place<'p>,
    make: Make<'_, 'm, 'p>,
) -> Shared<'p> {
    let Some(((key, key_place), rest)) = keys.split_first() else { return make(evaluator, old) };
    let at = old.as_ref().map_or(place, |it| it.place);
    let (value, at) = match (old.as_ref().map(|it| &it.value), key) {
        (Some(Value::Dict { entries, is_open }), Some(key)) => {
            let mut entries = entries.clone();
            let inner = entries.iter().find(|it| it.key == *key).map(|it| Arc::clone(&it.value));
            let value = put(evaluator, inner, rest, place, make);
            set(&mut entries, Entry { key: key.clone(), key_place: *key_place, value });
            (Value::Dict { entries, is_open: *is_open }, at)
        }
        (Some(Value::Dict { entries, .. }), None) => (Value::Dict { entries: entries.clone(), is_open: true }, at),
        (Some(Value::List { items, is_open }), Some(key)) if key.parse::<usize>().is_ok() => {
            let index = key.parse().unwrap_or(usize::MAX);
            let mut items = items.clone();
            if let Some(inner) = items.get(index).map(Arc::clone) {
                items[index] = put(evaluator, Some(inner), rest, place, make);
            }
            (Value::List { items, is_open: *is_open }, at)
        }
        (Some(Value::List { items, .. }), _) => (Value::List { items: items.clone(), is_open: true }, at),
        // What a URL says, and more: `DATABASES["default"]["ATOMIC_REQUESTS"] = True`.
        (Some(Value::Env(Variable { cast: Cast::Url, .. })), Some(key)) => {
            let mut entries = Vec::new();
            old.iter().for_each(|old| _ = merge(&mut entries, old));
            let value = put(evaluator, None, rest, place, make);
            set(&mut entries, Entry { key: key.clone(), key_place: *key_place, value });
            (Value::Dict { entries, is_open: true }, at)
        }
        _ => (Value::Unknown, place),
    };
    Setting::shared(value, at)
}
