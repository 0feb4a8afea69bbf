//! Evaluates calls: conversions, methods of lists and dictionaries, functions of the project.

use std::sync::Arc;

use super::condition::Condition;
use super::decide::as_bool;
use super::eval::{extend, key_of, merge, set};
use super::run::{CALLS, Evaluator, Frame};
use super::value::{Cast, Either, Entry, Setting, Shared, Value};
use crate::django::module::Module;
use crate::flow::Place;
use crate::project::FunctionRef;
use crate::project::resolve::Symbol;
use crate::python::body::{Expr, ExprId, List};

impl<'m, 'p> Evaluator<'m, 'p> {
    /// Evaluates a call.
    pub(super) fn call(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, function: ExprId, args: List) -> Shared<'p> {
        let (bodies, text, place) = (frame.module.bodies, frame.module.text, frame.place(id));
        let dotted = bodies.dotted(function, text);
        let head = dotted.and_then(|it| it.split('.').next());
        let own = head.and_then(|head| self.named(frame, head));
        match (bodies.expr(function), own) {
            (Expr::Name, Some(own)) => {
                return match &own.value {
                    Value::Reader(known) => self.reader(frame, &Arc::clone(known), "", args, place),
                    Value::Name(name) => self.outside(frame, name, args, place),
                    _ => Setting::shared(Value::Unknown, place),
                };
            }
            (Expr::Attr { object, name }, Some(_)) => return self.method(frame, object, name.slice(text), args, place),
            (Expr::Attr { object, name }, None) if dotted.is_none() => {
                return self.method(frame, object, name.slice(text), args, place);
            }
            _ => {}
        }
        let Some(dotted) = dotted else { return Setting::shared(Value::Unknown, place) };
        match frame.module.symbol(function) {
            Some(Symbol::External(name)) => self.outside(frame, &name, args, place),
            Some(Symbol::Function(function)) => match self.wrapper(frame, function, args, place) {
                Some(variable) => variable,
                None => self.run_function(frame, function, args, place),
            },
            // `env.bool` where `env` is imported from a module of the project.
            Some(Symbol::Variable(..)) | None => match bodies.expr(function) {
                Expr::Attr { object, name } => self.method(frame, object, name.slice(text), args, place),
                Expr::Name => match &self.eval(frame, function).value {
                    Value::Reader(known) => self.reader(frame, &Arc::clone(known), "", args, place),
                    Value::Name(name) => self.outside(frame, &name.clone(), args, place),
                    _ => Setting::shared(Value::Unknown, place),
                },
                _ => Setting::shared(Value::Unknown, place),
            },
            Some(Symbol::Class(_) | Symbol::Module(_)) => Setting::shared(Value::Call(dotted.to_owned()), place),
        }
    }

    /// Evaluates a call of something outside the project.
    fn outside(&mut self, frame: &mut Frame<'m, 'p>, name: &str, args: List, place: Place<'p>) -> Shared<'p> {
        if let Some(found) = self.environment(frame, name, args, place) {
            return found;
        }
        let bodies = frame.module.bodies;
        let first = bodies.positional(args, 0);
        let last = name.rsplit('.').next().unwrap_or(name);
        match (last, first) {
            ("bool", Some(first)) => {
                let value = self.eval(frame, first);
                self.convert(&value, Cast::Bool, place, &|it| it.truth().map(Value::Bool))
            }
            ("strtobool" | "str2bool" | "to_bool" | "parse_bool", Some(first)) => {
                let value = self.eval(frame, first);
                self.convert(&value, Cast::Bool, place, &|it| as_bool(it.text()?).map(Value::Bool))
            }
            ("int" | "float" | "Decimal", Some(first)) => {
                let value = self.eval(frame, first);
                self.convert(&value, Cast::Int, place, &|it| match &it.value {
                    Value::Text(text) => Some(text.trim().parse().map_or(Value::Opaque, Value::Int)),
                    Value::Int(number) => Some(Value::Int(*number)),
                    Value::Bool(value) => Some(Value::Int(i64::from(*value))),
                    _ => Some(Value::Opaque),
                })
            }
            ("str", Some(first)) => {
                let value = self.eval(frame, first);
                self.convert(&value, Cast::Text, place, &|it| {
                    Some(it.text().map_or(Value::Opaque, |text| Value::Text(text.to_owned())))
                })
            }
            ("list" | "tuple" | "set" | "frozenset" | "sorted" | "OrderedSet", Some(first)) => {
                let value = self.eval(frame, first);
                self.convert(&value, Cast::List, place, &|it| Some(it.value.clone()))
            }
            ("copy" | "deepcopy" | "gettext_lazy" | "gettext" | "ugettext_lazy" | "_" | "mark_safe", Some(first)) => {
                self.eval(frame, first)
            }
            ("dict" | "OrderedDict", _) => self.dict(frame, args, place),
            ("list" | "tuple" | "set", None) => {
                Setting::shared(Value::List { items: Vec::new(), is_open: false }, place)
            }
            (
                "join" | "Path" | "dirname" | "abspath" | "realpath" | "normpath" | "expanduser" | "urljoin" | "quote"
                | "quote_plus" | "root",
                _,
            ) => Setting::shared(Value::Opaque, place),
            _ => Setting::shared(Value::Call(name.to_owned()), place),
        }
    }

    /// Evaluates `dict(BASE, key=value)`.
    fn dict(&mut self, frame: &mut Frame<'m, 'p>, args: List, place: Place<'p>) -> Shared<'p> {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let (mut entries, mut is_open) = (Vec::new(), false);
        for arg in bodies.args(args) {
            let value = self.eval(frame, arg.value);
            match arg.name {
                Some(name) => {
                    let key_place = frame.place_of(name);
                    set(&mut entries, Entry { key: name.slice(text).to_owned(), key_place, value });
                }
                None => is_open |= merge(&mut entries, &value),
            }
        }
        Setting::shared(Value::Dict { entries, is_open }, place)
    }

    /// Evaluates a method of a value.
    fn method(
        &mut self,
        frame: &mut Frame<'m, 'p>,
        object: ExprId,
        name: &str,
        args: List,
        place: Place<'p>,
    ) -> Shared<'p> {
        let bodies = frame.module.bodies;
        let value = self.eval(frame, object);
        let first = bodies.positional(args, 0);
        match (&value.value, name) {
            (Value::Reader(known), _) => self.reader(frame, &Arc::clone(known), name, args, place),
            (Value::Name(owner), _) => self.outside(frame, &format!("{owner}.{name}"), args, place),
            (_, "get") if matches!(value.by_default().value, Value::Dict { .. }) => {
                let key = first.and_then(|id| key_of(&self.eval(frame, id)));
                let known = key.and_then(|key| value.entry(&key).map(|it| Arc::clone(&it.value)));
                let default = bodies.positional(args, 1);
                known.or_else(|| default.map(|id| self.eval(frame, id))).unwrap_or_else(|| frame.unknown(object))
            }
            (_, "values") => self.convert(&value, Cast::List, place, &|it| match &it.value {
                Value::Dict { entries, is_open } => Some(Value::List {
                    items: entries.iter().map(|it| Arc::clone(&it.value)).collect(),
                    is_open: *is_open,
                }),
                _ => None,
            }),
            (_, "copy") => value,
            (_, "split") => {
                let separator = first.and_then(|id| key_of(&self.eval(frame, id)));
                self.convert(&value, Cast::List, place, &|it| split(it, separator.as_deref()))
            }
            (_, "lower" | "upper" | "strip" | "rstrip" | "lstrip" | "title" | "capitalize") => {
                self.convert(&value, Cast::Text, place, &|it| match (it.text(), name) {
                    (Some(text), "lower") => Some(Value::Text(text.to_lowercase())),
                    (Some(text), "upper") => Some(Value::Text(text.to_uppercase())),
                    (Some(text), "strip" | "rstrip" | "lstrip") => Some(Value::Text(text.trim().to_owned())),
                    _ => Some(Value::Opaque),
                })
            }
            (Value::Text(_) | Value::Opaque, _) => Setting::shared(Value::Opaque, place),
            _ => Setting::shared(Value::Unknown, place),
        }
    }

    /// Runs a function of the project with what it is given.
    fn run_function(
        &mut self,
        frame: &mut Frame<'m, 'p>,
        function: FunctionRef<'p>,
        args: List,
        place: Place<'p>,
    ) -> Shared<'p> {
        let unknown = Setting::shared(Value::Unknown, place);
        let known = Module::of(self.project, function.path).filter(|_| self.calls < CALLS);
        let Some(module) = known else { return unknown };
        let Some(body) = module.bodies.function(function.id) else { return unknown };
        if !self.can_copy(&frame.scope) {
            return unknown;
        }
        let outer = if module.path == frame.module.path {
            Some(Arc::new(frame.scope.clone()))
        } else {
            self.module(function.path)
        };
        let mut inner = Frame { outer, returned: Some(Vec::new()), ..Frame::new(module) };
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        for (at, param) in body.params.iter().enumerate() {
            let name = param.name.slice(module.text);
            let given = bodies.positional(args, at).or_else(|| bodies.keyword(args, name, text));
            let value = match (given, param.default) {
                (Some(id), _) if param.stars == 0 => self.eval(frame, id),
                (None, Some(id)) => self.eval(&mut inner, id),
                _ => Setting::shared(Value::Unknown, place),
            };
            inner.scope.names.insert(name.to_owned(), value);
        }
        self.calls += 1;
        self.block(&mut inner, body.block);
        self.calls -= 1;
        any_of(inner.returned.unwrap_or_default(), place)
    }

    /// Runs a statement that is a call: what changes a list or a dictionary, what brings other settings in.
    pub(super) fn call_statement(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId) {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let Expr::Call { function, args } = bodies.expr(id) else {
            self.eval(frame, id);
            return;
        };
        let place = frame.place(id);
        if let Expr::Attr { object, name } = bodies.expr(function) {
            let name = name.slice(text);
            if name == "load_settings"
                && let Some(Symbol::Class(class)) = frame.module.symbol(object)
            {
                let scope = self.class_scope(class, Some(&frame.scope));
                return frame.scope.take(&scope);
            }
            if changes(name) {
                return self.change(frame, object, name, args, place);
            }
        }
        let called = bodies.dotted(function, text).map(|dotted| self.external(frame, function, dotted));
        if called.as_deref() == Some("split_settings.tools.include") {
            return self.include(frame, args);
        }
        if called.as_deref().is_some_and(|it| it.ends_with("getLogger")) {
            return;
        }
        if bodies.args(args).iter().any(|arg| is_namespace(frame, arg.value)) {
            frame.scope.open_at(place);
        }
    }

    fn change(&mut self, frame: &mut Frame<'m, 'p>, object: ExprId, name: &str, args: List, place: Place<'p>) {
        let bodies = frame.module.bodies;
        let first = bodies.positional(args, usize::from(name == "insert"));
        let first = first.map(|id| self.eval(frame, id));
        if is_namespace(frame, object) {
            return match first.as_ref().map(|it| &it.value) {
                Some(Value::Dict { entries, is_open: false }) => {
                    for entry in entries {
                        frame.scope.names.insert(entry.key.clone(), Arc::clone(&entry.value));
                    }
                }
                _ => frame.scope.open_at(place),
            };
        }
        let keywords = if name == "update" { Some(self.dict(frame, args, place)) } else { None };
        let second = bodies.positional(args, 1).map(|id| self.eval(frame, id));
        let target = frame.place(object);
        self.modify(frame, object, target, |_, old| {
            let Some(old) = old else { return Setting::shared(Value::Unknown, place) };
            let value = changed(&old.value, name, first, second, keywords, place);
            Setting::shared(value, old.place)
        });
    }
}

fn changes(name: &str) -> bool {
    matches!(
        name,
        "append" | "extend" | "insert" | "add" | "update" | "remove" | "pop" | "setdefault" | "discard" | "clear"
    )
}

/// Returns what a list or a dictionary is after one of its methods changed it.
fn changed<'p>(
    old: &Value<'p>,
    method: &str,
    first: Option<Shared<'p>>,
    second: Option<Shared<'p>>,
    keywords: Option<Shared<'p>>,
    place: Place<'p>,
) -> Value<'p> {
    match (old, method) {
        (Value::List { items, is_open }, "append" | "add" | "insert") => {
            let mut items = items.clone();
            items.extend(first);
            Value::List { items, is_open: *is_open }
        }
        (Value::List { items, is_open }, "extend" | "update") => {
            let mut items = items.clone();
            let is_more = first.is_none_or(|more| extend(&mut items, &more));
            Value::List { items, is_open: *is_open || is_more }
        }
        (Value::List { items, is_open }, "remove" | "discard") => {
            let gone = first.as_deref().and_then(key_of);
            let items = items.iter().filter(|it| gone.is_none() || key_of(it) != gone).map(Arc::clone).collect();
            Value::List { items, is_open: *is_open }
        }
        (Value::Dict { entries, is_open }, "update") => {
            let mut entries = entries.clone();
            let is_more = keywords.is_none_or(|more| merge(&mut entries, &more));
            Value::Dict { entries, is_open: *is_open || is_more }
        }
        (Value::Dict { entries, is_open }, "pop") => {
            let gone = first.as_deref().and_then(key_of);
            let entries = entries.iter().filter(|it| Some(&it.key) != gone.as_ref()).cloned().collect();
            Value::Dict { entries, is_open: *is_open }
        }
        (Value::Dict { entries, is_open }, "setdefault") => {
            let mut entries = entries.clone();
            if let (Some(key), Some(value)) = (first.as_deref().and_then(key_of), second)
                && entries.iter().all(|it| it.key != key)
            {
                entries.push(Entry { key, key_place: place, value });
            }
            Value::Dict { entries, is_open: *is_open }
        }
        (Value::List { .. }, "clear") => Value::List { items: Vec::new(), is_open: false },
        (Value::List { items, .. }, _) => Value::List { items: items.clone(), is_open: true },
        (Value::Dict { entries, .. }, _) => Value::Dict { entries: entries.clone(), is_open: true },
        _ => Value::Unknown,
    }
}

/// Returns whether an expression is the module's own table of names.
pub(super) fn is_namespace(frame: &Frame<'_, '_>, id: ExprId) -> bool {
    let (bodies, text) = (frame.module.bodies, frame.module.text);
    matches!(bodies.called(id, text), Some("globals" | "locals" | "vars"))
        || bodies.span(id).slice(text) == "sys.modules[__name__]"
}

/// Returns one value of which nobody knows which it is.
pub(super) fn any_of<'p>(values: Vec<Shared<'p>>, place: Place<'p>) -> Shared<'p> {
    let mut values = values.into_iter().take(8);
    let Some(first) = values.next() else { return Setting::shared(Value::None, place) };
    values.fold(first, |other, then| {
        let either = Either { test: Condition::Other, holds: None, place, then, other };
        Setting::shared(Value::Either(either), place)
    })
}

fn split<'p>(value: &Setting<'p>, separator: Option<&str>) -> Option<Value<'p>> {
    let text = match &value.value {
        Value::Text(text) => text,
        Value::None => return Some(Value::None),
        _ => return None,
    };
    let parts: Vec<&str> = match separator {
        Some(separator) if !separator.is_empty() => text.split(separator).collect(),
        _ => text.split_whitespace().collect(),
    };
    let items = parts.into_iter().map(|part| Setting::shared(Value::Text(part.to_owned()), value.place)).collect();
    Some(Value::List { items, is_open: false })
}
