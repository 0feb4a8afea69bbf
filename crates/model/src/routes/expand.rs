//! From a root to the routes below it.

use std::collections::BTreeSet;

use arrears_core::source::RelPath;

use super::heap::{ListId, PatternId, PatternKind, RouterId, Value};
use super::interpret::Interpreter;
use super::text::{Part, Piece, Text, path_of, plain_pieces};
use super::view::Answer;
use super::{Framework, Gap, Route, RoutePlace, known, regex};
use crate::endpoint::{Methods, ParamKind};

/// How deep includes go, and how many routes there are in all.
const DEPTH: u32 = 24;
const ROUTES: usize = 20_000;

/// What stands before a list of routes.
#[derive(Debug, Clone, Default)]
pub(super) struct Prefix {
    pub(super) pieces: Vec<Piece>,
    pub(super) names: Vec<String>,
    pub(super) is_conditional: bool,
    pub(super) depth: u32,
}

/// Collects what is reachable.
pub(super) struct Expander<'a, 'm, 'p> {
    pub(super) it: &'a mut Interpreter<'m, 'p>,
    pub(super) routes: Vec<Route<'p>>,
    pub(super) gaps: Vec<Gap<'p>>,
    /// The modules and lists that are being expanded, and the modules that ever were.
    open: Vec<&'p RelPath>,
    open_lists: Vec<ListId>,
    pub(super) included: BTreeSet<&'p RelPath>,
    pub(super) root: usize,
}

impl<'a, 'm, 'p> Expander<'a, 'm, 'p> {
    pub(super) fn new(it: &'a mut Interpreter<'m, 'p>) -> Self {
        Self {
            it,
            routes: Vec::new(),
            gaps: Vec::new(),
            open: Vec::new(),
            open_lists: Vec::new(),
            included: BTreeSet::new(),
            root: 0,
        }
    }

    /// The routes of a module's `urlpatterns`.
    pub(super) fn module(&mut self, path: &'p RelPath, prefix: &Prefix, place: Option<RoutePlace<'p>>) {
        if self.open.contains(&path) {
            return;
        }
        self.included.insert(path);
        let patterns = self.it.in_module(path, "urlpatterns");
        let mut below = prefix.clone();
        below.depth += 1;
        self.open.push(path);
        if patterns == Value::Unknown {
            self.gap(prefix, place, path.as_str());
        } else {
            self.value(&patterns, &below, place, "urlpatterns");
        }
        self.open.pop();
    }

    fn gap(&mut self, prefix: &Prefix, place: Option<RoutePlace<'p>>, reason: &str) {
        self.gaps.push(Gap {
            prefix: path_of(&prefix.pieces),
            place,
            reason: reason.to_owned(),
            is_conditional: prefix.is_conditional,
        });
    }

    /// The routes of a list, a router, an include.
    fn value(&mut self, value: &Value<'p>, prefix: &Prefix, place: Option<RoutePlace<'p>>, words: &str) {
        if prefix.depth > DEPTH || self.routes.len() > ROUTES {
            return;
        }
        match value {
            Value::List(id) if self.open_lists.contains(id) => {}
            Value::List(id) => {
                self.open_lists.push(*id);
                let mut below = prefix.clone();
                below.depth += 1;
                for item in self.it.heap.items(*id).to_vec() {
                    below.is_conditional = prefix.is_conditional || item.is_conditional;
                    self.value(&item.value, &below, item.place.or(place), words);
                }
                self.open_lists.pop();
            }
            Value::Pattern(id) => self.pattern(*id, prefix),
            Value::Urls(id) | Value::Router(id) => self.router(*id, prefix),
            Value::Module(path) => self.module(path, prefix, place),
            Value::External(name) | Value::Called(name) => self.package(name, prefix, place, words),
            Value::None => {}
            Value::Include(include) => self.value(&include.what, prefix, place, &include.words),
            _ => {
                let reason = place.and_then(|place| {
                    let file = self.it.project.file(place.path)?;
                    Some(place.range.slice(&file.source.text).lines().next().unwrap_or("").to_owned())
                });
                self.gap(prefix, place, reason.as_deref().unwrap_or(words));
            }
        }
    }

    /// The routes of an installed package.
    fn package(&mut self, name: &str, prefix: &Prefix, place: Option<RoutePlace<'p>>, words: &str) {
        let Some((routes, framework)) = known::package(name) else {
            let reason = if words.is_empty() { name } else { words };
            let folders = if prefix.pieces.is_empty() { known::folders(name) } else { &[] };
            for folder in folders {
                let mut prefix = prefix.clone();
                prefix.pieces.push(Piece::Text((*folder).to_owned()));
                self.gap(&prefix, place, reason);
            }
            if folders.is_empty() {
                self.gap(prefix, place, reason);
            }
            return;
        };
        let Some(place) = place else { return };
        for (path, methods, view) in routes {
            let mut pieces = prefix.pieces.clone();
            let (path, is_loose) = path.strip_suffix("/?").map_or((*path, false), |path| (path, true));
            pieces.extend(plain_pieces(&Text::known(path)));
            if is_loose {
                pieces.push(Piece::MaybeSlash);
            }
            let answer = Answer {
                methods: Some(super::view::always(*methods)),
                handlers: Vec::new(),
                view: None,
                name: (*view).to_owned(),
                framework,
                action: None,
            };
            self.add(&pieces, answer, None, place, prefix.is_conditional);
        }
    }

    fn pattern(&mut self, id: PatternId, prefix: &Prefix) {
        let Some(pattern) = self.it.heap.patterns.get(id.0).cloned() else { return };
        let is_conditional = prefix.is_conditional || pattern.is_conditional;
        let is_view = !matches!(pattern.target, Value::Include(_));
        for pieces in Self::variants(&pattern.route, pattern.kind, is_view, prefix.pieces.is_empty()) {
            let mut below = prefix.clone();
            below.is_conditional = is_conditional;
            below.depth += 1;
            below.pieces.extend(pieces);
            match &pattern.target {
                Value::Include(include) => {
                    below.names.extend(self.namespace(include));
                    self.value(&include.what, &below, Some(pattern.place), &include.words);
                }
                // A route that is made of what is not known tells nothing.
                Value::Unknown if has_hole(&pattern.route) => self.gap(&below, Some(pattern.place), &pattern.words),
                Value::App(_) | Value::Sockets(_) => self.gap(&below, Some(pattern.place), &pattern.words),
                view => {
                    let answer = self.it.answer(view, &pattern.words);
                    let name = pattern.name.as_deref().map(|name| named(&below.names, name));
                    self.add(&below.pieces, answer, name, pattern.place, is_conditional);
                }
            }
        }
    }

    /// Returns the paths that a pattern adds.
    pub(super) fn variants(route: &Text, kind: PatternKind, is_view: bool, is_first: bool) -> Vec<Vec<Piece>> {
        let trim = |mut pieces: Vec<Piece>| {
            if let (true, Some(Piece::Text(first))) = (is_first, pieces.first_mut()) {
                *first = first.trim_start_matches('/').to_owned();
            }
            pieces
        };
        match kind {
            PatternKind::Plain => vec![trim(plain_pieces(route))],
            PatternKind::Static => {
                let mut pieces = trim(plain_pieces(route));
                pieces.push(Piece::Rest("path".to_owned()));
                vec![pieces]
            }
            PatternKind::Regex => {
                let mut paths = regex::read(route);
                // What is not closed takes in all that follows, too.
                if is_view && !paths.is_closed {
                    let open = |variant: &Vec<Piece>| {
                        let is_open = matches!(variant.last(), Some(Piece::Rest(_)));
                        (!is_open).then(|| [variant.clone(), vec![Piece::Rest(String::new())]].concat())
                    };
                    let more: Vec<Vec<Piece>> = paths.variants.iter().filter_map(open).collect();
                    paths.variants.extend(more);
                }
                paths.variants
            }
            PatternKind::Language(may_lack) => {
                let with = vec![Piece::Param("language".to_owned(), ParamKind::Slug), Piece::Text("/".to_owned())];
                if may_lack { vec![with, Vec::new()] } else { vec![with] }
            }
        }
    }

    /// Returns the namespace of an include: its own, or the module's `app_name`.
    fn namespace(&mut self, include: &super::heap::Include<'p>) -> Option<String> {
        if include.namespace.is_some() {
            return include.namespace.clone();
        }
        match include.what {
            Value::Module(path) => self.it.in_module(path, "app_name").whole().map(str::to_owned),
            _ => None,
        }
    }

    fn router(&mut self, id: RouterId, prefix: &Prefix) {
        for made in self.it.router_routes(id) {
            if made.is_unknown {
                self.add_gap(&prefix.pieces, made.place, "register", prefix.is_conditional || made.is_conditional);
                continue;
            }
            let pieces = [prefix.pieces.clone(), made.pieces].concat();
            let name = made.name.map(|name| named(&prefix.names, &name));
            self.add(&pieces, made.answer, name, made.place, prefix.is_conditional || made.is_conditional);
        }
    }

    pub(super) fn add(
        &mut self,
        pieces: &[Piece],
        answer: Answer<'p>,
        name: Option<String>,
        place: RoutePlace<'p>,
        is_conditional: bool,
    ) {
        if self.routes.len() > ROUTES {
            return;
        }
        self.routes.push(Route {
            order: self.routes.len(),
            path: path_of(pieces),
            methods: answer.methods,
            place,
            view: answer.view,
            view_name: answer.name,
            name,
            framework: answer.framework,
            is_conditional,
            handlers: answer.handlers,
            action: answer.action,
            root: self.root,
        });
    }

    /// A route of `FastAPI`.
    pub(super) fn add_operation(
        &mut self,
        pieces: &[Piece],
        methods: Option<Methods>,
        view: &Value<'p>,
        name: Option<String>,
        place: RoutePlace<'p>,
        is_conditional: bool,
    ) {
        let mut answer = self.it.answer(view, "");
        answer.framework = Framework::FastApi;
        answer.methods = methods;
        if let (Some(methods), Some(super::ViewRef::Function(function))) = (methods, answer.view) {
            let handler = super::Handler { methods, name: answer.name.clone(), function: Some(function) };
            answer.handlers = vec![handler];
        }
        let name = name.or_else(|| Some(answer.name.clone()));
        self.add(pieces, answer, name, place, is_conditional);
    }

    pub(super) fn add_gap(&mut self, pieces: &[Piece], place: RoutePlace<'p>, reason: &str, is_conditional: bool) {
        let prefix = Prefix { pieces: pieces.to_vec(), is_conditional, ..Prefix::default() };
        self.gap(&prefix, Some(place), reason);
    }
}

fn has_hole(text: &Text) -> bool {
    text.0.iter().any(|part| matches!(part, Part::Hole(_)))
}

fn named(spaces: &[String], name: &str) -> String {
    let mut all: Vec<&str> = spaces.iter().map(String::as_str).collect();
    all.push(name);
    all.join(":")
}
