//! Routers and view sets of the REST framework.

use super::heap::{Entry, Router, RouterId, Value};
use super::interpret::{Interpreter, Names};
use super::regex;
use super::text::{Piece, Text};
use super::view::{ViewClass, always};
use super::{Framework, Handler, RoutePlace, ViewRef};
use crate::endpoint::{Methods, ParamKind, Slash};
use crate::project::FunctionRef;
use crate::python::body::Expr;

/// How deep routers nest.
const DEPTH: u32 = 8;
/// How many routes one router makes at most.
const ROUTES: usize = 5_000;

/// A route that a router makes, below its prefix.
pub(super) struct Made<'p> {
    pub(super) pieces: Vec<Piece>,
    pub(super) answer: super::view::Answer<'p>,
    pub(super) name: Option<String>,
    pub(super) place: RoutePlace<'p>,
    pub(super) is_conditional: bool,
    /// Whether neither the path nor the view is known.
    pub(super) is_unknown: bool,
}

/// An extra action of a view set.
struct Action<'p> {
    url_path: Text,
    url_name: String,
    is_detail: Option<bool>,
    handlers: Vec<Handler<'p>>,
    methods: Option<Methods>,
    name: String,
}

const LIST: [(Methods, &str); 2] = [(Methods::GET, "list"), (Methods::POST, "create")];
const DETAIL: [(Methods, &str); 4] = [
    (Methods::GET, "retrieve"),
    (Methods::PUT, "update"),
    (Methods::PATCH, "partial_update"),
    (Methods::DELETE, "destroy"),
];

/// A route of an entry.
fn made_of<'p>(
    entry: &Entry<'p>,
    pieces: Vec<Piece>,
    answer: super::view::Answer<'p>,
    name: Option<String>,
) -> Made<'p> {
    let (place, is_conditional) = (entry.place, entry.is_conditional);
    Made { pieces, answer, name, place, is_conditional, is_unknown: false }
}

impl<'p> Interpreter<'_, 'p> {
    /// Returns the routes of a router.
    pub(super) fn router_routes(&mut self, id: RouterId) -> Vec<Made<'p>> {
        let mut made = Vec::new();
        self.collect_router(id, None, &mut made, 0);
        let Some(router) = self.heap.routers.get(id.0) else { return made };
        if router.has_root {
            let answer = super::view::Answer {
                methods: Some(always(Methods::GET)),
                handlers: Vec::new(),
                view: None,
                name: "APIRootView".to_owned(),
                framework: Framework::Rest,
                action: None,
            };
            let place = router.place;
            let name = Some("api-root".to_owned());
            made.push(Made { pieces: Vec::new(), answer, name, place, is_conditional: false, is_unknown: false });
        }
        made
    }

    /// The entries of a router, or of one whose entries another has taken in.
    fn collect_router(&mut self, id: RouterId, by: Option<&Router<'p>>, made: &mut Vec<Made<'p>>, depth: u32) {
        let Some(mut router) = self.heap.routers.get(id.0).cloned() else { return };
        if depth > DEPTH || made.len() > ROUTES {
            return;
        }
        if let Some(by) = by {
            router.slash = by.slash;
            router.is_custom = by.is_custom;
            router.parent.clone_from(&by.parent);
        }
        let above = self.above(&router, depth);
        for entry in &router.entries {
            if let Some(other) = entry.other {
                self.collect_router(other, Some(&router), made, depth + 1);
                continue;
            }
            let mut prefixes = above.clone();
            self.add_parents(&router, entry, &mut prefixes);
            for prefix in prefixes {
                for own in regex::read(&entry.prefix).variants {
                    let pieces = [prefix.clone(), own].concat();
                    self.entry(&router, entry, &pieces, made);
                }
            }
        }
    }

    /// Returns the pieces that a nested router puts before its own.
    fn above(&mut self, router: &Router<'p>, depth: u32) -> Vec<Vec<Piece>> {
        let Some(parent) = &router.parent else { return vec![Vec::new()] };
        let Some(outer) = self.heap.routers.get(parent.router.0).cloned() else { return vec![Vec::new()] };
        let above = if depth < DEPTH { self.above(&outer, depth + 1) } else { vec![Vec::new()] };
        let entry = outer.entries.iter().find(|it| it.prefix == parent.prefix).cloned();
        let lookup = entry.and_then(|entry| self.lookup_of(&entry, Some(&parent.lookup)));
        let lookup = lookup.unwrap_or_else(|| vec![Piece::Param(format!("{}_pk", parent.lookup), ParamKind::Any)]);
        let mut made = Vec::new();
        for before in above {
            for own in regex::read(&parent.prefix).variants {
                let slash = vec![Piece::Text("/".to_owned())];
                made.push([before.clone(), own, slash.clone(), lookup.clone(), slash].concat());
            }
        }
        made
    }

    /// drf-extensions: an entry below another.
    fn add_parents(&mut self, router: &Router<'p>, entry: &Entry<'p>, prefixes: &mut [Vec<Piece>]) {
        let mut chain = Vec::new();
        let mut at = entry.above.as_ref().map(|(above, _)| *above);
        while let Some(above) = at.filter(|_| chain.len() < DEPTH as usize) {
            let Some(found) = router.entries.get(above) else { break };
            chain.push(found.clone());
            at = found.above.as_ref().map(|(above, _)| *above);
        }
        chain.reverse();
        let lookups = entry.above.as_ref().map(|(_, lookups)| lookups.clone()).unwrap_or_default();
        for (at, found) in chain.iter().enumerate() {
            let own = regex::read(&found.prefix).variants.into_iter().next().unwrap_or_default();
            let name = lookups.get(at).map_or_else(|| "parent".to_owned(), |it| format!("parent_lookup_{it}"));
            let slash = Piece::Text("/".to_owned());
            for prefix in prefixes.iter_mut() {
                prefix.extend(own.iter().cloned());
                prefix.extend([slash.clone(), Piece::Param(name.clone(), ParamKind::Any), slash.clone()]);
            }
        }
    }

    /// Returns the parameter by which a view set finds its object.
    fn lookup_of(&mut self, entry: &Entry<'p>, nested: Option<&str>) -> Option<Vec<Piece>> {
        let class = match &entry.view {
            Value::Class(class) => *class,
            _ => return None,
        };
        let ancestry = self.project.ancestry(class);
        let mut text = |name: &str| -> Option<String> {
            let (owner, value) = ancestry.attribute(self.project, name)?;
            let value = self.value_in(owner.path, value);
            Some(value.whole().unwrap_or("").to_owned())
        };
        let field = text("lookup_field").filter(|it| !it.is_empty()).unwrap_or_else(|| "pk".to_owned());
        let kwarg = text("lookup_url_kwarg").filter(|it| !it.is_empty()).unwrap_or(field);
        let name = nested.map_or_else(|| kwarg.clone(), |lookup| format!("{lookup}_{kwarg}"));
        let pattern = text("lookup_value_regex");
        Some(match pattern {
            Some(pattern) if !pattern.is_empty() => {
                let whole = Text::known(&format!("(?P<{name}>{pattern})"));
                let mut variants = regex::read(&whole).variants;
                if variants.len() == 1 { variants.remove(0) } else { vec![Piece::Param(name, ParamKind::Any)] }
            }
            _ => vec![Piece::Param(name, ParamKind::Any)],
        })
    }

    /// The routes of a registered view set.
    fn entry(&mut self, router: &Router<'p>, entry: &Entry<'p>, prefix: &[Piece], made: &mut Vec<Made<'p>>) {
        let lookup = self.lookup_of(entry, None).unwrap_or_else(|| vec![Piece::Param("pk".to_owned(), ParamKind::Any)]);
        let end = match router.slash {
            Slash::Yes => vec![Piece::Text("/".to_owned())],
            Slash::No => Vec::new(),
            Slash::Either => vec![Piece::MaybeSlash],
        };
        let slash = || if prefix.is_empty() { Vec::new() } else { vec![Piece::Text("/".to_owned())] };
        let detail = [prefix.to_vec(), slash(), lookup].concat();
        let list = if prefix.is_empty() { Vec::new() } else { [prefix.to_vec(), end.clone()].concat() };
        let class = match &entry.view {
            Value::Class(class) => Some(self.view_class(*class)),
            _ => None,
        };
        let basename = entry.basename.clone().or_else(|| class.as_ref().and_then(|class| self.basename(class)));
        let name = |end: &str| basename.as_ref().map(|it| format!("{it}-{end}"));
        let Some(class) = class else {
            if entry.view == Value::Unknown && entry.prefix.whole().is_none() {
                let answer = self.answer(&Value::Unknown, "");
                let (place, is_conditional) = (entry.place, entry.is_conditional);
                made.push(Made { pieces: Vec::new(), answer, name: None, place, is_conditional, is_unknown: true });
                return;
            }
            let words = match &entry.view {
                Value::External(name) => name.rsplit('.').next().unwrap_or("").to_owned(),
                _ => String::new(),
            };
            for (pieces, end) in [(list, "list"), ([detail, end].concat(), "detail")] {
                let answer = super::view::Answer {
                    methods: None,
                    handlers: Vec::new(),
                    view: None,
                    name: words.clone(),
                    framework: Framework::Rest,
                    action: None,
                };
                made.push(made_of(entry, pieces, answer, name(end)));
            }
            return;
        };
        let actions = self.actions(&class);
        if let Some(answer) = self.standard(&class, &LIST, router.is_custom) {
            made.push(made_of(entry, list, answer, name("list")));
        }
        for is_detail in [false, true] {
            if is_detail && let Some(answer) = self.standard(&class, &DETAIL, router.is_custom) {
                made.push(made_of(entry, [detail.clone(), end.clone()].concat(), answer, name("detail")));
            }
            for action in actions.iter().filter(|it| it.is_detail.is_none_or(|it| it == is_detail)) {
                for own in regex::read(&action.url_path).variants {
                    let base = if is_detail { detail.clone() } else { prefix.to_vec() };
                    let between = if is_detail { vec![Piece::Text("/".to_owned())] } else { slash() };
                    let answer = self.action_answer(&class, action);
                    let pieces = [base, between, own, end.clone()].concat();
                    made.push(made_of(entry, pieces, answer, name(&action.url_name)));
                }
            }
        }
    }

    /// Returns the name of a view set's model, small: what its routes are called by.
    fn basename(&self, class: &ViewClass<'p>) -> Option<String> {
        let (owner, value) = class.ancestry.attribute(self.project, "queryset")?;
        let (bodies, text) = self.project.bodies(owner)?;
        let words = bodies.span(value).slice(text);
        let model = words.split(['.', '(']).next().unwrap_or("").trim();
        model.chars().next().filter(char::is_ascii_uppercase).map(|_| model.to_lowercase())
    }

    fn standard(
        &mut self,
        class: &ViewClass<'p>,
        mapping: &[(Methods, &str)],
        is_custom: bool,
    ) -> Option<super::view::Answer<'p>> {
        let there: Vec<(Methods, String)> = mapping
            .iter()
            .filter(|(_, name)| class.member(self.project, name).0)
            .map(|(method, name)| (*method, (*name).to_owned()))
            .collect();
        let is_open = !class.is_known || is_custom;
        if there.is_empty() && !is_open {
            return None;
        }
        let mut answer = self.mapped(class, &there);
        if is_open {
            answer.methods = None;
        }
        Some(answer)
    }

    fn action_answer(&self, class: &ViewClass<'p>, action: &Action<'p>) -> super::view::Answer<'p> {
        let name = self.project.python(class.class.path).and_then(|it| it.class(class.class.id));
        let methods = match (action.methods, class.allowed) {
            (Some(methods), Some(allowed)) => Some(always(methods & allowed)),
            _ => None,
        };
        super::view::Answer {
            methods,
            handlers: action.handlers.clone(),
            view: Some(ViewRef::Class(class.class)),
            name: name.map_or_else(String::new, |it| it.name.clone()),
            framework: Framework::Rest,
            action: Some(action.name.clone()),
        }
    }

    /// Returns the extra actions of a view set, those of its bases too.
    fn actions(&mut self, class: &ViewClass<'p>) -> Vec<Action<'p>> {
        let mut found: Vec<Action<'p>> = Vec::new();
        let mut seen: Vec<&'p str> = Vec::new();
        let mut mapped: Vec<(String, Methods, FunctionRef<'p>)> = Vec::new();
        for owner in class.ancestry.classes.clone() {
            let Some(facts) = self.project.python(owner.path) else { continue };
            let own = facts.functions_with_ids().filter(|(_, it)| it.class == Some(owner.id) && it.outer.is_none());
            for (id, method) in own {
                let function = FunctionRef { path: owner.path, id };
                for decorator in &method.decorators {
                    if let [.., action, "mapping", http] = decorator.path.split('.').collect::<Vec<_>>().as_slice()
                        && let Some(http) = Methods::named(http)
                    {
                        mapped.push(((*action).to_owned(), http, function));
                    }
                }
                if seen.contains(&method.name.as_str()) {
                    continue;
                }
                seen.push(&method.name);
                found.extend(self.action(function));
            }
        }
        for (name, method, function) in mapped {
            if let Some(action) = found.iter_mut().find(|it| it.name == name) {
                let handler = self.project.function(function).map_or_else(String::new, |it| it.name.clone());
                action.methods = action.methods.map(|it| it | method);
                action.handlers.push(Handler { methods: method, name: handler, function: Some(function) });
            }
        }
        found
    }

    /// `@action(detail=True, methods=["post"])`
    fn action(&mut self, function: FunctionRef<'p>) -> Option<Action<'p>> {
        let facts = self.project.function(function)?;
        let at = facts
            .decorators
            .iter()
            .find(|it| matches!(it.path.rsplit('.').next(), Some("action" | "detail_route" | "list_route")))?;
        let (bodies, text) = {
            let file = self.project.file(function.path)?;
            let bodies: &'p crate::python::body::Bodies = file.facts.python()?.bodies.as_deref()?;
            (bodies, &file.source.text)
        };
        let call = bodies.function(function.id)?.decorators.iter().find_map(|id| match bodies.expr(*id) {
            Expr::Call { function, args } if bodies.span(function) == at.range => Some(args),
            _ => None,
        });
        let mut value = |name: &str, position: usize| {
            let id =
                call.and_then(|args| bodies.keyword(args, name, text).or_else(|| bodies.positional(args, position)))?;
            Some((self.value_in(function.path, id), bodies.span(id).slice(text)))
        };
        let is_detail = match at.path.rsplit('.').next() {
            Some("detail_route") => Some(true),
            Some("list_route") => Some(false),
            _ => match value("detail", 1) {
                Some((Value::Bool(is_detail), _)) => Some(is_detail),
                Some(_) => None,
                None => Some(false),
            },
        };
        let url_path = match value("url_path", 2) {
            Some((Value::None, _)) | None => Text::known(&facts.name),
            Some((value, words)) => value.as_text(words),
        };
        let url_name = value("url_name", 3).and_then(|(value, _)| value.whole().map(str::to_owned));
        let listed = value("methods", 0);
        let methods = match listed {
            None | Some((Value::None, _)) => Some(Methods::GET),
            Some((list, _)) => self.members(&list).and_then(|members| {
                members
                    .iter()
                    .map(|it| Methods::named(it.whole()?))
                    .try_fold(Methods::empty(), |all, it| Some(all | it?))
            }),
        };
        let name = facts.name.clone();
        Some(Action {
            url_path,
            url_name: url_name.unwrap_or_else(|| name.replace('_', "-")),
            is_detail,
            handlers: methods
                .map(|methods| Handler { methods, name: name.clone(), function: Some(function) })
                .into_iter()
                .collect(),
            methods,
            name,
        })
    }

    /// Returns what an expression stands for where it lies in a class body or a decorator.
    pub(super) fn value_in(
        &mut self,
        path: &'p arrears_core::source::RelPath,
        id: crate::python::body::ExprId,
    ) -> Value<'p> {
        self.run_module(path);
        match self.local_frame(path, Names::new()) {
            Some(mut frame) => self.eval(&mut frame, id),
            None => Value::Unknown,
        }
    }
}
