//! What expressions stand for.

use std::rc::Rc;

use super::heap::{Item, ListId, Value};
use super::interpret::{Frame, Interpreter};
use super::text::Text;
use crate::python::body::{Clause, Expr, ExprId, List};

/// How many elements a comprehension makes at most.
const ELEMENTS: usize = 400;

impl<'p> Interpreter<'_, 'p> {
    /// Returns what an expression stands for.
    pub(super) fn eval(&mut self, frame: &mut Frame<'p>, id: ExprId) -> Value<'p> {
        if !self.spend() {
            return Value::Unknown;
        }
        let bodies = frame.bodies;
        match bodies.expr(id) {
            Expr::Name => {
                let span = bodies.span(id);
                self.name(frame, span.slice(frame.text), span.start())
            }
            Expr::Attr { object, name } => {
                let dotted = bodies.dotted(id, frame.text);
                let object = self.eval(frame, object);
                self.attribute(frame, &object, name.slice(frame.text), dotted)
            }
            Expr::Call { function, args } => self.eval_call(frame, id, function, args),
            Expr::Str(content) => string(bodies.span(id).slice(frame.text), content.slice(frame.text)),
            Expr::Int => bodies.int(id, frame.text).map_or(Value::Unknown, Value::Int),
            Expr::True => Value::Bool(true),
            Expr::False => Value::Bool(false),
            Expr::None => Value::None,
            Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) => self.display(frame, list),
            Expr::Dict(list) => self.dictionary(frame, list),
            Expr::Subscript { object, index } => {
                let (object, index) = (self.eval(frame, object), self.eval(frame, index));
                self.subscript(&object, &index)
            }
            Expr::Comprehension { element, clauses, .. } => self.comprehension(frame, element, clauses),
            Expr::Conditional { then, other, .. } => {
                let (then, other) = (self.eval(frame, then), self.eval(frame, other));
                self.one_of(then, other)
            }
            Expr::Bool { left, right } => {
                let (left, right) = (self.eval(frame, left), self.eval(frame, right));
                if matches!(left, Value::Bool(_) | Value::None | Value::Unknown) { right } else { left }
            }
            Expr::Not(inner) => match self.eval(frame, inner) {
                Value::Bool(known) => Value::Bool(!known),
                _ => Value::Unknown,
            },
            Expr::Binary { op, left, right } => self.binary(frame, op, left, right),
            Expr::Star(inner) | Expr::Await(inner) => self.eval(frame, inner),
            Expr::Walrus { target, value } => {
                let value = self.eval(frame, value);
                self.bind(frame, target, value.clone());
                value
            }
            Expr::Format(list) => Value::Text(self.formatted(frame, id, list).into()),
            Expr::Lambda { .. } => Value::Called("lambda".into()),
            Expr::Opaque(list) => self.concatenated(frame, id, list),
            Expr::Slice { .. } | Expr::Compare(_) | Expr::Yield(_) => Value::Unknown,
        }
    }

    /// `then if … else other`
    fn one_of(&mut self, then: Value<'p>, other: Value<'p>) -> Value<'p> {
        match (&then, &other) {
            (Value::List(one), Value::List(two)) => {
                let both = [self.conditional(*one), self.conditional(*two)].concat();
                self.heap.list(both)
            }
            (Value::Text(_), Value::Text(_)) if then != other => Value::Text(Text::hole("").into()),
            (Value::Unknown | Value::None, _) => other,
            _ => then,
        }
    }

    fn conditional(&self, id: ListId) -> Vec<Item<'p>> {
        self.heap.items(id).iter().map(|item| Item { is_conditional: true, ..item.clone() }).collect()
    }

    /// `[a, *b]`
    fn display(&mut self, frame: &mut Frame<'p>, list: List) -> Value<'p> {
        let made = self.heap.list(Vec::new());
        let Value::List(id) = made else { return Value::Unknown };
        for part in frame.bodies.exprs(list) {
            let place = frame.place(*part);
            let value = self.eval(frame, *part);
            if let Expr::Star(_) = frame.bodies.expr(*part) {
                self.copy(id, &value, place);
            } else {
                self.heap.push(id, Item { value, is_conditional: false, place: Some(place) });
            }
        }
        made
    }

    fn dictionary(&mut self, frame: &mut Frame<'p>, list: List) -> Value<'p> {
        let mut pairs = Vec::new();
        for pair in frame.bodies.exprs(list).chunks(2) {
            let [key, value] = pair else { continue };
            let is_splat = matches!(frame.bodies.expr(*key), Expr::Opaque(parts) if parts.is_empty());
            let (key, value) = (self.eval(frame, *key), self.eval(frame, *value));
            match value {
                Value::Dict(more) if is_splat => pairs.extend(more.iter().cloned()),
                value => pairs.push((key, value)),
            }
        }
        Value::Dict(Rc::new(pairs))
    }

    fn subscript(&self, object: &Value<'p>, index: &Value<'p>) -> Value<'p> {
        match (object, index) {
            (Value::List(id), Value::Int(at)) => {
                let items = self.heap.items(*id);
                let at = if *at < 0 { at.saturating_add_unsigned(items.len() as u64) } else { *at };
                usize::try_from(at).ok().and_then(|at| items.get(at)).map(|item| item.value.clone()).unwrap_or_default()
            }
            (Value::Dict(pairs), key) => {
                pairs.iter().rfind(|(it, _)| it == key).map(|(_, value)| value.clone()).unwrap_or_default()
            }
            // A part of a list: the list, for what is in it is still there.
            (Value::List(_), Value::Unknown) => object.clone(),
            _ => Value::Unknown,
        }
    }

    fn comprehension(&mut self, frame: &mut Frame<'p>, element: ExprId, clauses: List) -> Value<'p> {
        let made = self.heap.list(Vec::new());
        if let Value::List(id) = made {
            let clauses = frame.bodies.clauses(clauses).to_vec();
            self.clause(frame, element, &clauses, id);
        }
        made
    }

    fn clause(&mut self, frame: &mut Frame<'p>, element: ExprId, clauses: &[Clause], into: ListId) {
        match clauses.split_first() {
            None => {
                let place = frame.place(element);
                let value = self.eval(frame, element);
                let item = self.item(value, Some(place));
                self.heap.push(into, item);
            }
            Some((Clause::If(_), rest)) => {
                self.conditions += 1;
                self.clause(frame, element, rest, into);
                self.conditions -= 1;
            }
            Some((Clause::For { target, iter }, rest)) => {
                let iter = self.eval(frame, *iter);
                let members = self.members(&iter).unwrap_or_else(|| vec![Value::Unknown]);
                for member in members.into_iter().take(ELEMENTS) {
                    if !self.spend() {
                        return;
                    }
                    self.bind(frame, *target, member);
                    self.clause(frame, element, rest, into);
                }
            }
        }
    }

    fn binary(&mut self, frame: &mut Frame<'p>, op: u8, left: ExprId, right: ExprId) -> Value<'p> {
        let places = (frame.place(left), frame.place(right));
        let words = (frame.words(left), frame.words(right));
        let values = (self.eval(frame, left), self.eval(frame, right));
        match (op, &values.0, &values.1) {
            (b'+', Value::Text(_), _) | (b'+', _, Value::Text(_)) => {
                let mut text = values.0.as_text(&words.0);
                text.join(&values.1.as_text(&words.1));
                Value::Text(text.into())
            }
            (b'+', one, other) if is_listed(one) || is_listed(other) => {
                let made = self.heap.list(Vec::new());
                if let Value::List(id) = made {
                    self.copy(id, one, places.0);
                    self.copy(id, other, places.1);
                }
                made
            }
            (b'%', Value::Text(text), value) => {
                let parts = match value {
                    Value::List(id) => self.heap.items(*id).iter().map(|item| item.value.clone()).collect(),
                    other => vec![other.clone()],
                };
                Value::Text(percent(text, &parts).into())
            }
            _ => Value::Unknown,
        }
    }

    /// `f"…{value}…"`
    fn formatted(&mut self, frame: &mut Frame<'p>, id: ExprId, list: List) -> Text {
        let span = frame.bodies.span(id);
        let whole = span.slice(frame.text);
        let prefix = whole.bytes().take_while(|it| it.is_ascii_alphabetic()).count();
        let is_raw = whole[..prefix].contains(['r', 'R']);
        let quotes = if whole[prefix..].starts_with("\"\"\"") || whole[prefix..].starts_with("'''") { 3 } else { 1 };
        let known = |text: &str| {
            let text = text.replace("{{", "{").replace("}}", "}");
            if is_raw { text } else { unescaped(&text) }
        };
        let (mut at, mut text) = (prefix + quotes, Text::default());
        for part in frame.bodies.exprs(list) {
            let inner = frame.bodies.span(*part);
            let from = (inner.start() - span.start().min(inner.start())) as usize;
            let to = (inner.end() - span.start().min(inner.end())) as usize;
            let before = whole.get(at..from).unwrap_or("").trim_end();
            text.push(&known(before.strip_suffix('{').unwrap_or(before)));
            let words = frame.words(*part);
            let value = self.eval(frame, *part);
            text.join(&value.as_text(&words));
            at = whole.get(to..).and_then(|rest| rest.find('}')).map_or(whole.len(), |found| to + found + 1);
        }
        let end = whole.len().saturating_sub(quotes);
        text.push(&known(whole.get(at..end.max(at)).unwrap_or("")));
        text
    }

    /// `"a" "b"`
    fn concatenated(&mut self, frame: &mut Frame<'p>, id: ExprId, list: List) -> Value<'p> {
        let parts = frame.bodies.exprs(list);
        let is_string = |it: &ExprId| matches!(frame.bodies.expr(*it), Expr::Str(_) | Expr::Format(_));
        let starts = frame.bodies.span(id).slice(frame.text).trim_start().starts_with(['"', '\'', 'r', 'f', 'b', 'u']);
        if parts.len() < 2 || !starts || !parts.iter().all(is_string) {
            return Value::Unknown;
        }
        let mut text = Text::default();
        for part in parts {
            let words = frame.words(*part);
            text.join(&self.eval(frame, *part).as_text(&words));
        }
        Value::Text(text.into())
    }

    /// `object.name`
    fn attribute(&mut self, frame: &Frame<'p>, object: &Value<'p>, name: &str, dotted: Option<&str>) -> Value<'p> {
        match (object, name) {
            (Value::Module(path), _) => match self.in_module(path, name) {
                // A module of the package that nobody imports.
                Value::Unknown => dotted.map(|dotted| self.imported(frame, dotted)).unwrap_or_default(),
                known => known,
            },
            (Value::External(head), _) if &**head == "django.conf.settings" => self.setting(name),
            (Value::External(head), _) => Value::External(format!("{head}.{name}").into()),
            (Value::Called(head), _) => Value::Called(format!("{head}.{name}").into()),
            (Value::Router(id), "urls") => Value::Urls(*id),
            (Value::Router(id), "registry") => Value::Registry(*id),
            (Value::App(_), "routes" | "router") => object.clone(),
            (Value::Object(class), _) => match self.project.method(*class, name, 8) {
                // A property.
                Some(function) if name.ends_with("urls") || name.ends_with("patterns") => {
                    self.call(function, super::interpret::Names::new(), &[Value::Object(*class)])
                }
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn imported(&mut self, frame: &Frame<'p>, dotted: &str) -> Value<'p> {
        match self.project.resolve(frame.path, dotted, 0) {
            Some(crate::project::resolve::Symbol::External(_)) | None => Value::Unknown,
            Some(symbol) => self.symbol(symbol),
        }
    }

    /// Returns a setting, where the settings modules agree on one text.
    fn setting(&mut self, name: &str) -> Value<'p> {
        let mut found: Option<String> = None;
        let files = self.project.files_with_word(name);
        for file in files.filter(|it| it.source.roles.contains(arrears_core::source::Roles::SETTINGS)) {
            let Some(bodies) = file.facts.python().and_then(|it| it.bodies.as_deref()) else { continue };
            let text: &str = &file.source.text;
            for (_, _, value) in bodies.assignments(bodies.top, text).filter(|(it, ..)| *it == name) {
                match (bodies.string(value, text), &found) {
                    (Some(one), None) => found = Some(one.to_owned()),
                    (Some(one), Some(other)) if one == other => {}
                    _ => return Value::External(format!("django.conf.settings.{name}").into()),
                }
            }
        }
        match found {
            Some(text) => Value::text(&text),
            None => Value::External(format!("django.conf.settings.{name}").into()),
        }
    }

    /// `router.trailing_slash = "/?"`
    pub(super) fn set_attribute(&mut self, object: &Value<'p>, name: &str, value: &Value<'p>) {
        let Value::Router(id) = object else { return };
        if let Some(router) = self.heap.routers.get_mut(id.0) {
            match name {
                "trailing_slash" => router.slash = super::router::slash_of(value),
                "routes" => router.is_custom = true,
                "include_root_view" => router.has_root = *value == Value::Bool(true),
                _ => {}
            }
        }
    }
}

/// Reads a string as it is written.
fn string<'p>(whole: &str, content: &str) -> Value<'p> {
    let is_raw = whole.bytes().take_while(u8::is_ascii_alphabetic).any(|it| it | 32 == b'r');
    Value::text(&if is_raw { content.to_owned() } else { unescaped(content) })
}

fn is_listed(value: &Value<'_>) -> bool {
    matches!(value, Value::List(_) | Value::Urls(_))
}

/// `"…%s…" % values`
fn percent(text: &Text, values: &[Value<'_>]) -> Text {
    let mut made = Text::default();
    let mut values = values.iter();
    for part in &text.0 {
        let super::text::Part::Known(known) = part else {
            made.0.push(part.clone());
            continue;
        };
        let mut pieces = known.split("%s");
        made.push(pieces.next().unwrap_or(""));
        for piece in pieces {
            let value = values.next().cloned().unwrap_or_default();
            made.join(&value.as_text("value"));
            made.push(piece);
        }
    }
    made
}

/// `"…{}…".format(values)`
pub(super) fn braces(text: &Text, positional: &[Text], keywords: &[(String, Text)]) -> Text {
    let mut made = Text::default();
    let mut next = positional.iter();
    for part in &text.0 {
        let super::text::Part::Known(known) = part else {
            made.0.push(part.clone());
            continue;
        };
        let mut rest = known.as_str();
        while let Some(start) = rest.find('{') {
            made.push(&rest[..start]);
            let after = &rest[start + 1..];
            if let Some(escaped) = after.strip_prefix('{') {
                made.push("{");
                rest = escaped;
                continue;
            }
            let Some(end) = after.find('}') else { break };
            let name = after[..end].split([':', '!']).next().unwrap_or("");
            let value = match name.parse::<usize>() {
                Ok(at) => positional.get(at).cloned(),
                Err(_) if name.is_empty() => next.next().cloned(),
                Err(_) => keywords.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone()),
            };
            made.join(&value.unwrap_or_else(|| Text::hole(name)));
            rest = &after[end + 1..];
        }
        made.push(&rest.replace("}}", "}"));
    }
    made
}

/// Returns a string with its escapes read, as far as paths have any.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut made = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        if next != '\\' {
            made.push(next);
            continue;
        }
        match chars.next() {
            Some('\n') => {}
            Some('n') => made.push('\n'),
            Some('t') => made.push('\t'),
            Some(other @ ('\\' | '"' | '\'')) => made.push(other),
            // What is no escape keeps its backslash: `"\d+"`.
            Some(other) => made.extend(['\\', other]),
            None => made.push('\\'),
        }
    }
    made
}
