//! `path()`, `include()` and what else makes patterns.

use std::rc::Rc;

use super::call::Args;
use super::heap::{Include, Item, Pattern, PatternKind, SocketsId, Value};
use super::interpret::{Frame, Interpreter};
use super::text::Text;

impl<'p> Interpreter<'_, 'p> {
    pub(super) fn import_named(&mut self, frame: &Frame<'p>, name: &str) -> Value<'p> {
        if let Some(path) = self.project.modules().module(frame.path, name) {
            return Value::Module(path);
        }
        let Some((module, member)) = name.rsplit_once('.') else { return Value::Unknown };
        match self.project.modules().module(frame.path, module) {
            Some(path) => self.in_module(path, member),
            None => Value::External(name.into()),
        }
    }

    /// `path(route, view, name=…)`
    pub(super) fn pattern(&mut self, frame: &mut Frame<'p>, kind: PatternKind, args: &Args<'p>) -> Value<'p> {
        let words = args.expr(1, "view").map(|id| frame.words(id)).unwrap_or_default();
        let route_words = args.expr(0, "route").map(|id| frame.words(id)).unwrap_or_default();
        let route = args.get(0, "route").or_else(|| args.keyword("regex"));
        let mut target = args.get(1, "view").cloned().unwrap_or_default();
        match &target {
            // A view by its dotted name.
            Value::Text(text) => {
                if let Some(name) = text.whole() {
                    target = self.import_named(frame, name);
                }
            }
            Value::External(name) if name.ends_with(".urls") => {
                target = Value::Include(Rc::new(Include { what: target, namespace: None, words: words.clone() }));
            }
            Value::Unknown if words.ends_with(".urls") => {
                target = Value::Include(Rc::new(Include { what: target, namespace: None, words: words.clone() }));
            }
            Value::List(_) | Value::Urls(_) | Value::Module(_) => {
                target = self.included(&target, None, &words);
            }
            Value::Sockets(SocketsId(id)) => {
                if let Some(sockets) = self.heap.sockets.get_mut(*id) {
                    sockets.is_inner = true;
                }
            }
            _ => {}
        }
        self.heap.pattern(Pattern {
            route: route.cloned().unwrap_or_default().as_text(&route_words),
            kind,
            target,
            name: args.text(3, "name"),
            place: args.place,
            words,
            is_conditional: self.conditions > 0,
        })
    }

    pub(super) fn include(&mut self, frame: &mut Frame<'p>, args: &Args<'p>) -> Value<'p> {
        let words = args.expr(0, "arg").map(|id| frame.words(id)).unwrap_or_default();
        let mut what = args.get(0, "arg").cloned().unwrap_or_default();
        if let Some(name) = what.whole() {
            what = match self.project.modules().module(frame.path, name) {
                Some(path) => Value::Module(path),
                None => Value::External(name.into()),
            };
        }
        let namespace = args.text(1, "namespace");
        self.included(&what, namespace, &words)
    }

    /// `include((patterns, "app"))` too.
    pub(super) fn included(&mut self, what: &Value<'p>, namespace: Option<String>, words: &str) -> Value<'p> {
        let mut found = what.clone();
        let mut own = None;
        if let Value::List(id) = what
            && let [first, second, ..] = self.heap.items(*id)
            && !matches!(first.value, Value::Pattern(_))
            && let Value::Text(_) | Value::None | Value::External(_) = &second.value
        {
            found = first.value.clone();
            own = second.value.whole().map(str::to_owned);
            if let Some(name) = found.whole() {
                found = Value::External(name.into());
            }
        }
        Value::Include(Rc::new(Include { what: found, namespace: namespace.or(own), words: words.to_owned() }))
    }

    /// `i18n_patterns(*patterns)`
    pub(super) fn languages(&mut self, frame: &mut Frame<'p>, args: &Args<'p>) -> Value<'p> {
        let items = args.positional.iter().zip(&args.exprs);
        let items: Vec<Item<'p>> = items.map(|(value, id)| self.item(value.clone(), Some(frame.place(*id)))).collect();
        let inner = self.heap.list(items);
        let may_lack = args.keyword("prefix_default_language") == Some(&Value::Bool(false));
        let pattern = Pattern {
            route: Text::default(),
            kind: PatternKind::Language(may_lack),
            target: Value::Include(Rc::new(Include { what: inner, namespace: None, words: String::new() })),
            name: None,
            place: args.place,
            words: String::new(),
            is_conditional: self.conditions > 0,
        };
        let pattern = self.heap.pattern(pattern);
        let item = self.item(pattern, Some(args.place));
        self.heap.list(vec![item])
    }

    /// `static(settings.MEDIA_URL, document_root=…)`
    pub(super) fn static_pattern(&mut self, frame: &mut Frame<'p>, args: &Args<'p>) -> Value<'p> {
        let words = args.expr(0, "prefix").map(|id| frame.words(id)).unwrap_or_default();
        let route = args.get(0, "prefix").cloned().unwrap_or_default().as_text(&words);
        let is_elsewhere = route.whole().is_some_and(|it| it.starts_with("http"));
        if is_elsewhere {
            return self.heap.list(Vec::new());
        }
        let pattern = self.heap.pattern(Pattern {
            route,
            kind: PatternKind::Static,
            target: Value::External("django.views.static.serve".into()),
            name: None,
            place: args.place,
            words: "static".to_owned(),
            is_conditional: true,
        });
        let item = self.item(pattern, Some(args.place));
        self.heap.list(vec![item])
    }
}
