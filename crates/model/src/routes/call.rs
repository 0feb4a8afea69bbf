//! What calls do: those of Django, of the REST framework, of the project itself.

use std::rc::Rc;

use super::RoutePlace;
use super::heap::{Entry, PatternKind, RouterId, Sockets, SocketsId, Target, Value, View};
use super::interpret::{Frame, Interpreter, Names};
use super::text::Text;
use crate::endpoint::Methods;
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::{Expr, ExprId, List};

/// The evaluated arguments of a call.
pub(super) struct Args<'p> {
    pub(super) positional: Vec<Value<'p>>,
    pub(super) keywords: Vec<(String, Value<'p>)>,
    /// The expressions of the plain arguments, and of the keywords.
    pub(super) exprs: Vec<ExprId>,
    pub(super) keyword_exprs: Vec<ExprId>,
    pub(super) place: RoutePlace<'p>,
}

impl<'p> Args<'p> {
    /// Returns an argument by its position or its name.
    pub(super) fn get(&self, at: usize, name: &str) -> Option<&Value<'p>> {
        self.positional.get(at).or_else(|| self.keyword(name))
    }

    pub(super) fn keyword(&self, name: &str) -> Option<&Value<'p>> {
        self.keywords.iter().find(|(it, _)| it == name).map(|(_, value)| value)
    }

    /// Returns where an argument stands.
    pub(super) fn expr(&self, at: usize, name: &str) -> Option<ExprId> {
        let keyword = || {
            let at = self.keywords.iter().position(|(it, _)| it == name)?;
            self.keyword_exprs.get(at).copied()
        };
        self.exprs.get(at).copied().or_else(keyword)
    }

    pub(super) fn text(&self, at: usize, name: &str) -> Option<String> {
        self.get(at, name).and_then(Value::whole).map(str::to_owned)
    }
}

impl<'p> Interpreter<'_, 'p> {
    fn args(&mut self, frame: &mut Frame<'p>, id: ExprId, list: List) -> Args<'p> {
        let mut args = Args {
            positional: Vec::new(),
            keywords: Vec::new(),
            exprs: Vec::new(),
            keyword_exprs: Vec::new(),
            place: frame.place(id),
        };
        for arg in frame.bodies.args(list) {
            let value = self.eval(frame, arg.value);
            match (arg.name, arg.stars) {
                (Some(name), _) => {
                    args.keywords.push((name.slice(frame.text).to_owned(), value));
                    args.keyword_exprs.push(arg.value);
                }
                (None, 0) => {
                    args.positional.push(value);
                    args.exprs.push(arg.value);
                }
                (None, 1) => {
                    let members = match &value {
                        Value::List(id) => self.heap.items(*id).iter().map(|item| item.value.clone()).collect(),
                        _ => vec![value],
                    };
                    for member in members {
                        args.positional.push(member);
                        args.exprs.push(arg.value);
                    }
                }
                (None, _) => {
                    if let Value::Dict(pairs) = value {
                        for (key, value) in pairs.iter() {
                            if let Some(key) = key.whole() {
                                args.keywords.push((key.to_owned(), value.clone()));
                                args.keyword_exprs.push(arg.value);
                            }
                        }
                    }
                }
            }
        }
        args
    }

    pub(super) fn eval_call(&mut self, frame: &mut Frame<'p>, id: ExprId, function: ExprId, list: List) -> Value<'p> {
        if let Expr::Attr { object: on, name } = frame.bodies.expr(function) {
            let object = self.eval(frame, on);
            let name_text = name.slice(frame.text);
            let is_method = !matches!(object, Value::Module(_) | Value::External(_) | Value::Unknown)
                || matches!(name_text, "as_view" | "as_asgi");
            if is_method {
                let args = self.args(frame, id, list);
                let words = frame.words(on);
                return self.method(frame, &object, name_text, &args, &words);
            }
        }
        let callee = self.eval(frame, function);
        let args = self.args(frame, id, list);
        let given = args.positional.iter().chain(args.keywords.iter().map(|(_, value)| value));
        let passed = given.clone().find(|value| value.is_view()).cloned();
        match callee {
            Value::External(name) => self.external(frame, &name, &args).unwrap_or_else(|| match passed {
                Some(view) => restricted(&view, &name),
                None => Value::Called(name),
            }),
            Value::Function(function) => self.call_function(function, &args, passed),
            Value::Class(class) => self.call_class(frame, class, &args, passed),
            Value::Called(_) | Value::Unknown | Value::Object(_) => passed.unwrap_or(Value::Unknown),
            Value::View(_) => callee,
            _ => Value::Unknown,
        }
    }

    /// A function of the project: what it returns; a view that it was given, where that is not known.
    fn call_function(&mut self, function: FunctionRef<'p>, args: &Args<'p>, passed: Option<Value<'p>>) -> Value<'p> {
        let keywords = args.keywords.iter().cloned().collect();
        let made = self.call(function, keywords, &args.positional);
        let is_known = matches!(
            made,
            Value::List(_)
                | Value::Urls(_)
                | Value::View(_)
                | Value::Pattern(_)
                | Value::Include(_)
                | Value::Router(_)
                | Value::App(_)
                | Value::Operation(..)
                | Value::Text(_)
                | Value::Class(_)
                | Value::Sockets(_)
        );
        match args.positional.first() {
            // What was added to it is not known.
            Some(Value::Router(id)) if made == Value::Unknown => {
                self.add_unknown(*id, args);
                Value::Router(*id)
            }
            Some(list @ Value::List(_)) if made == Value::Unknown => list.clone(),
            _ if is_known => made,
            _ => passed.unwrap_or(made),
        }
    }

    fn call_class(
        &mut self,
        frame: &Frame<'p>,
        class: ClassRef<'p>,
        args: &Args<'p>,
        passed: Option<Value<'p>>,
    ) -> Value<'p> {
        let bases = self.project.ancestry(class).outside;
        let is_one = |ends: &[&str]| bases.iter().any(|it| ends.iter().any(|end| it.ends_with(end)));
        if is_one(&["Router"]) && !is_one(&["APIRouter"]) {
            Value::Router(self.router_of_class(frame, class, args))
        } else if is_one(&["APIRouter", "FastAPI"]) {
            Value::App(self.new_app(frame, is_one(&["FastAPI"]), args))
        } else {
            passed.unwrap_or(Value::Object(class))
        }
    }

    fn method(
        &mut self,
        frame: &mut Frame<'p>,
        object: &Value<'p>,
        name: &str,
        args: &Args<'p>,
        words: &str,
    ) -> Value<'p> {
        match (object, name) {
            (_, "as_view" | "as_asgi") => as_view(object, args, words),
            (Value::List(id), _) => self.list_method(*id, name, args),
            (Value::Text(text), _) => super::sequence::text_method(text, name, args),
            (Value::Dict(pairs), "items") => {
                let pairs = Rc::clone(pairs);
                let rows = pairs.iter().map(|(key, value)| {
                    let row = vec![self.item(key.clone(), None), self.item(value.clone(), None)];
                    let row = self.heap.list(row);
                    self.item(row, None)
                });
                let rows = rows.collect();
                self.heap.list(rows)
            }
            (Value::Dict(pairs), "values") => {
                let rows = pairs.iter().map(|(_, value)| self.item(value.clone(), None)).collect();
                self.heap.list(rows)
            }
            (Value::Dict(_), "keys") => object.clone(),
            (Value::Dict(pairs), "get") => args
                .positional
                .first()
                .and_then(|key| pairs.iter().find(|(it, _)| it == key))
                .map(|(_, value)| value.clone())
                .unwrap_or_default(),
            (Value::Router(id), "register") => self.register(*id, args, None),
            (Value::Nested(id, above), "register") => self.register(*id, args, Some(*above)),
            (Value::Router(id), "get_urls") => Value::Urls(*id),
            (Value::Router(id), "extend") | (Value::Registry(id), "extend" | "append") => self.take_in(*id, args),
            (Value::App(id), _) => self.app_method(frame, *id, name, args),
            (Value::Class(class) | Value::Object(class), _) => match self.project.method(*class, name, 8) {
                Some(function) => {
                    let keywords: Names<'p> = args.keywords.iter().cloned().collect();
                    let is_static = self
                        .project
                        .function(function)
                        .is_some_and(|it| it.decorators.iter().any(|decorator| decorator.path == "staticmethod"));
                    let mut positional = args.positional.clone();
                    if !is_static {
                        positional.insert(0, object.clone());
                    }
                    self.call(function, keywords, &positional)
                }
                None => Value::Unknown,
            },
            (Value::Called(head), _) => match args.positional.iter().find(|it| it.is_view()) {
                Some(view) => view.clone(),
                None => Value::Called(format!("{head}.{name}").into()),
            },
            _ => Value::Unknown,
        }
    }

    fn register(&mut self, id: RouterId, args: &Args<'p>, above: Option<usize>) -> Value<'p> {
        let prefix = args.get(0, "prefix").map_or_else(|| Text::hole("prefix"), |it| it.as_text("prefix"));
        let lookups = match args.keyword("parents_query_lookups") {
            Some(Value::List(list)) => {
                self.heap.items(*list).iter().map(|item| item.value.whole().unwrap_or("").to_owned()).collect()
            }
            _ => Vec::new(),
        };
        let entry = Entry {
            prefix,
            view: args.get(1, "viewset").cloned().unwrap_or_default(),
            basename: args.text(2, "basename").or_else(|| args.text(2, "base_name")),
            place: args.place,
            is_conditional: self.conditions > 0,
            above: above.map(|above| (above, lookups)),
            other: None,
        };
        let at = self.heap.register(id, entry);
        Value::Nested(id, at)
    }

    /// `router.registry.extend(other.registry)`
    fn take_in(&mut self, id: RouterId, args: &Args<'p>) -> Value<'p> {
        match args.positional.first() {
            Some(Value::Registry(other) | Value::Router(other)) if *other != id => {
                self.add_entry(id, args, Text::default(), Some(*other));
            }
            Some(_) => self.add_unknown(id, args),
            None => {}
        }
        Value::None
    }

    fn add_unknown(&mut self, id: RouterId, args: &Args<'p>) {
        self.add_entry(id, args, Text::hole("registry"), None);
    }

    fn add_entry(&mut self, id: RouterId, args: &Args<'p>, prefix: Text, other: Option<RouterId>) {
        let is_conditional = self.conditions > 0;
        let place = args.place;
        let entry = Entry { prefix, view: Value::Unknown, basename: None, place, is_conditional, above: None, other };
        self.heap.register(id, entry);
    }

    /// Functions and classes from outside that make routes.
    fn external(&mut self, frame: &mut Frame<'p>, name: &str, args: &Args<'p>) -> Option<Value<'p>> {
        let last = name.rsplit('.').next().unwrap_or(name);
        let head = name.split('.').next().unwrap_or(name);
        let is_django = head.contains("django") || head == "ninja" || head == "channels";
        Some(match last {
            "path" | "re_path" | "url" if is_django || args.positional.len() >= 2 && head != "os" => {
                let kind = if last == "path" { PatternKind::Plain } else { PatternKind::Regex };
                self.pattern(frame, kind, args)
            }
            "include" => self.include(frame, args),
            "i18n_patterns" => self.languages(frame, args),
            "static" if is_django => self.static_pattern(frame, args),
            "staticfiles_urlpatterns" => self.heap.list(Vec::new()),
            "format_suffix_patterns" | "list" | "tuple" | "sorted" | "reversed" | "chain" => self.relisted(args),
            "sum" => self.summed(args.positional.first(), args),
            "reduce" => self.summed(args.positional.get(1), args),
            "enumerate" => self.numbered(args),
            "partial" | "update_wrapper" | "wraps" => args.positional.first()?.clone(),
            "str" => Value::Text(args.positional.first()?.as_text("value").into()),
            "import_module" | "import_string" | "__import__" => self.import_named(frame, &args.text(0, "name")?),
            "getattr" => {
                let name = args.text(1, "name")?;
                match args.positional.first()? {
                    Value::Module(path) => self.in_module(path, &name),
                    _ => return None,
                }
            }
            "DefaultRouter"
            | "ExtendedDefaultRouter"
            | "BulkRouter"
            | "DefaultDynamicQueryParamsRouter"
            | "SimpleRouter"
            | "ExtendedSimpleRouter"
            | "NestedSimpleRouter"
            | "NestedDefaultRouter" => Value::Router(self.new_router(frame, last, args)),
            "URLRouter" => self.sockets(frame, args),
            "ProtocolTypeRouter" => self.protocols(args)?,
            "FastAPI" | "APIRouter" => Value::App(self.new_app(frame, last == "FastAPI", args)),
            _ => return None,
        })
    }

    fn sockets(&mut self, _frame: &mut Frame<'p>, args: &Args<'p>) -> Value<'p> {
        let routes = args.get(0, "routes").cloned().unwrap_or_default();
        self.heap.sockets.push(Sockets { routes, is_inner: false });
        Value::Sockets(SocketsId(self.heap.sockets.len() - 1))
    }

    /// `ProtocolTypeRouter({"websocket": …})`
    fn protocols(&mut self, args: &Args<'p>) -> Option<Value<'p>> {
        let Value::Dict(pairs) = args.positional.first()? else { return None };
        let found = pairs.iter().find(|(key, _)| key.whole() == Some("websocket"))?;
        Some(found.1.clone())
    }
}

fn as_view<'p>(object: &Value<'p>, args: &Args<'p>, words: &str) -> Value<'p> {
    let (target, name) = match object {
        Value::Class(class) | Value::Object(class) => (Target::Class(*class), words.to_owned()),
        Value::External(name) | Value::Called(name) => (Target::External(Rc::clone(name)), words.to_owned()),
        Value::View(view) => (view.target.clone(), view.name.clone()),
        _ => (Target::Unknown, words.to_owned()),
    };
    let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
    let actions = match args.get(0, "actions") {
        Some(Value::Dict(pairs)) => Some(
            pairs
                .iter()
                .filter_map(|(key, value)| {
                    Some((Methods::named(key.whole()?)?, value.whole().unwrap_or("").to_owned()))
                })
                .collect(),
        ),
        _ => None,
    };
    Value::View(Rc::new(View { target, name, actions, only: None }))
}

/// What a decorator leaves of a view.
fn restricted<'p>(view: &Value<'p>, decorator: &str) -> Value<'p> {
    let Some(only) = super::view::methods_of_decorator(decorator) else { return view.clone() };
    match view {
        Value::View(view) => Value::View(Rc::new(View { only: Some(only), ..(**view).clone() })),
        Value::Function(function) => Value::View(Rc::new(View {
            target: Target::Function(*function),
            name: String::new(),
            actions: None,
            only: Some(only),
        })),
        other => other.clone(),
    }
}
