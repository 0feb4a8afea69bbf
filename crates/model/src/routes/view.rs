//! What views answer: the methods of classes and functions.

use super::heap::{Target, Value, View};
use super::interpret::Interpreter;
use super::known::{self, Brings};
use super::{Framework, Handler, ViewRef};
use crate::endpoint::Methods;
use crate::project::ancestry::Ancestry;
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::ExprId;

/// The methods that a class may handle, and the names of its methods.
const HANDLED: [(Methods, &str); 8] = [
    (Methods::GET, "get"),
    (Methods::POST, "post"),
    (Methods::PUT, "put"),
    (Methods::PATCH, "patch"),
    (Methods::DELETE, "delete"),
    (Methods::HEAD, "head"),
    (Methods::OPTIONS, "options"),
    (Methods::TRACE, "trace"),
];

/// What answers a path, and with which methods.
#[derive(Debug, Clone)]
pub(super) struct Answer<'p> {
    pub(super) methods: Option<Methods>,
    pub(super) handlers: Vec<Handler<'p>>,
    pub(super) view: Option<ViewRef<'p>>,
    pub(super) name: String,
    pub(super) framework: Framework,
    pub(super) action: Option<String>,
}

/// A class as its routes see it.
#[derive(Debug, Clone)]
pub(super) struct ViewClass<'p> {
    pub(super) class: ClassRef<'p>,
    pub(super) ancestry: Ancestry<'p>,
    pub(super) framework: Framework,
    pub(super) is_view_set: bool,
    /// Whether all that its bases bring is known.
    pub(super) is_known: bool,
    brought: Methods,
    actions: Vec<&'static str>,
    /// `http_method_names`; the outer option is none where it cannot be read.
    pub(super) allowed: Option<Methods>,
}

impl<'p> ViewClass<'p> {
    /// Returns what answers under a name: whether there is something, and the function where it is the project's.
    pub(super) fn member(
        &self,
        project: &crate::project::ProjectModel<'p>,
        name: &str,
    ) -> (bool, Option<FunctionRef<'p>>) {
        match self.ancestry.method(project, name) {
            Some(function) => (true, Some(function)),
            None => (self.actions.contains(&name), None),
        }
    }
}

impl<'p> Interpreter<'_, 'p> {
    /// Returns what a class brings to its routes.
    pub(super) fn view_class(&mut self, class: ClassRef<'p>) -> ViewClass<'p> {
        let ancestry = self.project.ancestry(class);
        let mut found = ViewClass {
            class,
            framework: Framework::Django,
            is_view_set: false,
            is_known: ancestry.is_whole,
            brought: Methods::empty(),
            actions: Vec::new(),
            allowed: Some(Methods::all()),
            ancestry,
        };
        for base in &found.ancestry.outside {
            let last = base.rsplit('.').next().unwrap_or(base);
            found.is_view_set |= last.ends_with("ViewSet") || last == "ViewSetMixin";
            match known::brings(base) {
                Brings::Methods(methods, framework) => {
                    found.brought |= methods;
                    if framework == Framework::Rest {
                        found.framework = framework;
                    }
                }
                Brings::Actions(actions) => {
                    found.actions.extend(actions);
                    found.framework = Framework::Rest;
                }
                Brings::Nothing(Framework::Rest) => found.framework = Framework::Rest,
                Brings::Nothing(_) => {}
                Brings::Unknown => found.is_known = false,
            }
            if base.starts_with("rest_framework.") {
                found.framework = Framework::Rest;
            }
        }
        if let Some((owner, id)) = found.ancestry.attribute(self.project, "http_method_names") {
            found.allowed = self.method_names(owner, id);
        }
        found
    }

    /// Returns a list of methods in a class body.
    fn method_names(&mut self, owner: ClassRef<'p>, id: ExprId) -> Option<Methods> {
        let value = self.value_in(owner.path, id);
        let members = self.members(&value)?;
        let mut methods = Methods::empty();
        for member in members {
            methods |= Methods::named(member.whole()?)?;
        }
        Some(methods)
    }

    /// Returns what answers where a value is the view.
    pub(super) fn answer(&mut self, value: &Value<'p>, words: &str) -> Answer<'p> {
        let plain = |target| View { target, name: String::new(), actions: None, only: None };
        let view = match value {
            Value::View(view) => (**view).clone(),
            Value::Function(function) => plain(Target::Function(*function)),
            Value::Class(class) | Value::Object(class) => plain(Target::Class(*class)),
            Value::External(name) | Value::Called(name) => plain(Target::External(std::rc::Rc::clone(name))),
            _ => plain(Target::Unknown),
        };
        let mut answer = match &view.target {
            Target::Class(class) => {
                let class = self.view_class(*class);
                match &view.actions {
                    Some(actions) => self.mapped(&class, actions),
                    None => self.handled(&class),
                }
            }
            Target::Function(function) => self.function_answer(*function),
            Target::External(name) => {
                let (methods, framework) = known::view(name);
                let name = name.rsplit('.').find(|it| *it != "as_view").unwrap_or(name).to_owned();
                Answer { methods, handlers: Vec::new(), view: None, name, framework, action: None }
            }
            Target::Unknown => Answer {
                methods: None,
                handlers: Vec::new(),
                view: None,
                name: if view.name.is_empty() { words.to_owned() } else { view.name.clone() },
                framework: Framework::Django,
                action: None,
            },
        };
        if let Some(only) = view.only {
            answer.methods = Some(answer.methods.map_or(only, |it| it & only));
            answer.handlers.retain(|it| it.methods.intersects(only));
        }
        answer
    }

    fn class_name(&self, class: ClassRef<'p>) -> String {
        self.project.python(class.path).and_then(|it| it.class(class.id)).map_or_else(String::new, |it| it.name.clone())
    }

    /// `as_view({"get": "list"})`
    pub(super) fn mapped(&mut self, class: &ViewClass<'p>, actions: &[(Methods, String)]) -> Answer<'p> {
        let allowed = class.allowed.unwrap_or(Methods::all());
        let handlers: Vec<Handler<'p>> = actions
            .iter()
            .filter(|(method, _)| allowed.contains(*method))
            .map(|(method, name)| Handler {
                methods: *method,
                name: name.clone(),
                function: class.member(self.project, name).1,
            })
            .collect();
        let methods = handlers.iter().fold(Methods::empty(), |all, it| all | it.methods);
        Answer {
            methods: class.allowed.map(|_| always(methods)),
            action: handlers.first().map(|it| it.name.clone()),
            handlers,
            view: Some(ViewRef::Class(class.class)),
            name: self.class_name(class.class),
            framework: Framework::Rest,
        }
    }

    /// A class whose methods are called `get` and `post`.
    fn handled(&mut self, class: &ViewClass<'p>) -> Answer<'p> {
        let mut handlers = Vec::new();
        let mut methods = Methods::empty();
        for (method, name) in HANDLED {
            let own = class.ancestry.method(self.project, name);
            if own.is_none() && !class.brought.contains(method) || !class.allowed.is_none_or(|it| it.contains(method)) {
                continue;
            }
            methods |= method;
            handlers.push(Handler { methods: method, name: name.to_owned(), function: own });
        }
        let is_dispatched = class.framework == Framework::Django
            && class.ancestry.method(self.project, "dispatch").is_some()
            && methods.is_empty();
        let is_settled =
            class.is_known && class.allowed.is_some() && !class.is_view_set && !is_dispatched && !methods.is_empty();
        Answer {
            methods: is_settled.then(|| always(methods)),
            handlers,
            view: Some(ViewRef::Class(class.class)),
            name: self.class_name(class.class),
            framework: class.framework,
            action: None,
        }
    }

    fn function_answer(&mut self, function: FunctionRef<'p>) -> Answer<'p> {
        let facts = self.project.function(function);
        let mut answer = Answer {
            methods: None,
            handlers: Vec::new(),
            view: Some(ViewRef::Function(function)),
            name: facts.map_or_else(String::new, |it| it.name.clone()),
            framework: Framework::Django,
            action: None,
        };
        for decorator in facts.into_iter().flat_map(|it| &it.decorators) {
            let last = decorator.path.rsplit('.').next().unwrap_or("");
            let keyword = ["http_method_names", "request_method_list"];
            let list = decorator.argument.as_deref().or_else(|| {
                decorator.keywords.iter().find(|(name, _)| keyword.contains(&name.as_str())).map(|it| it.1.as_str())
            });
            match last {
                "api_view" => {
                    answer.framework = Framework::Rest;
                    answer.methods = list.map_or(Some(Methods::GET), quoted).map(always);
                }
                "require_http_methods" => answer.methods = list.and_then(quoted),
                other => answer.methods = methods_of_decorator(other).or(answer.methods),
            }
        }
        if let Some(methods) = answer.methods {
            let name = answer.name.clone();
            answer.handlers.push(Handler { methods, name, function: Some(function) });
        }
        answer
    }
}

/// A view that answers `GET` answers `HEAD`, and all tell their `OPTIONS`.
pub(super) fn always(methods: Methods) -> Methods {
    let head = if methods.contains(Methods::GET) { Methods::HEAD } else { Methods::empty() };
    methods | head | Methods::OPTIONS
}

/// Reads `["GET", "POST"]`.
fn quoted(list: &str) -> Option<Methods> {
    if !list.contains(['"', '\'']) {
        return None;
    }
    let words = list.split(|it: char| !it.is_ascii_alphabetic()).filter(|it| !it.is_empty());
    words.map(Methods::named).try_fold(Methods::empty(), |all, one| Some(all | one?))
}

/// Returns what a decorator lets through, where it lets not all through.
pub(super) fn methods_of_decorator(name: &str) -> Option<Methods> {
    match name.rsplit('.').next().unwrap_or(name) {
        "require_GET" => Some(Methods::GET),
        "require_POST" => Some(Methods::POST),
        "require_safe" => Some(Methods::GET | Methods::HEAD),
        _ => None,
    }
}
