//! What calls of strings, of the runtime and of the functions of the project give back.

use std::rc::Rc;

use super::eval::{Around, Eval};
use super::library;
use super::modules::Named;
use super::text;
use super::value::{FileId, Http, Library, Piece, Value, Verb, Written};
use crate::script::value::{Expr, ExprId, List};

impl<'p> Eval<'_, 'p> {
    /// Evaluates a call.
    pub(super) fn call(&self, file: FileId, function: ExprId, args: List, around: Around<'_>) -> Value {
        let Some((values, source)) = self.values(file) else { return Value::unknown("") };
        let first = values.list(args).first().copied();
        match values.expr(function) {
            Expr::Member { object, name } => {
                let name = name.slice(source);
                if values.expr(object) == Expr::Regex && name == "test" {
                    let tested = first.map_or(Value::Nothing, |it| self.eval(file, it, around));
                    return tests(values.span(object).slice(source), &tested);
                }
                let of = self.eval(file, object, around);
                match self.method(file, &of, name, args, around) {
                    Some(value) => value,
                    None => {
                        let callee = self.member(&of, name);
                        self.applied(file, &callee, args, around, &of)
                    }
                }
            }
            Expr::Name => {
                let name = values.span(function).slice(source);
                let given = || first.map_or(Value::Nothing, |it| self.eval(file, it, around));
                match name {
                    "encodeURIComponent" | "decodeURIComponent" | "escape" => match given() {
                        Value::Param(param) => Value::Unknown(param.name.clone()),
                        value => value,
                    },
                    "String" | "encodeURI" | "decodeURI" | "toRaw" | "unref" => given(),
                    "require" => self.required(file, first),
                    "useMemo" | "computed" => match given() {
                        Value::Function(closure) => self.result(&closure, Vec::new()),
                        _ => Value::unknown(""),
                    },
                    "useCallback" | "memo" | "debounce" | "throttle" | "useEvent" | "useRef" | "cache"
                    | "useEffectEvent" | "useEventCallback" => given(),
                    _ => {
                        let callee = self.eval(file, function, around);
                        self.applied(file, &callee, args, around, &Value::Nothing)
                    }
                }
            }
            _ => {
                let callee = self.eval(file, function, around);
                self.applied(file, &callee, args, around, &Value::Nothing)
            }
        }
    }

    fn required(&self, file: FileId, module: Option<ExprId>) -> Value {
        let Some((values, source)) = self.values(file) else { return Value::unknown("") };
        let Some(Expr::Str(range)) = module.map(|it| values.expr(it)) else { return Value::unknown("") };
        match self.modules.resolve(file, range.slice(source)) {
            Named::Module(target) => match self.values(target).and_then(|(values, _)| values.default_export) {
                Some(expr) => match self.eval(target, expr, None) {
                    Value::Unknown(_) => Value::Module(target),
                    exports => exports,
                },
                None => Value::Module(target),
            },
            Named::Package(module, _) => library::foreign(&module, ""),
            Named::Local(..) | Named::Missing => Value::unknown(""),
        }
    }

    fn applied(&self, file: FileId, callee: &Value, args: List, around: Around<'_>, of: &Value) -> Value {
        match callee {
            Value::Function(closure) => {
                let args = self.args(file, args, around);
                self.deeper(|| self.result(closure, args)).unwrap_or_else(|| Value::unknown(""))
            }
            Value::Verb(http, Verb::Create) => {
                let given = self.args(file, args, around);
                self.made_client(http, given.first().unwrap_or(&Value::Nothing))
            }
            Value::Any(values) => {
                Value::any(values.iter().take(4).map(|it| self.applied(file, it, args, around, of)).collect())
            }
            // What wraps a client is one: `setupCache(axios.create())`.
            Value::Foreign(_, name) => {
                let given = self.args(file, args, around);
                match given.first() {
                    Some(Value::Http(http)) => Value::Http(http.clone()),
                    Some(Value::Foreign(_, kind)) if &**name == "inject" => {
                        library::of_type(kind).unwrap_or_else(|| Value::unknown(""))
                    }
                    Some(Value::Function(closure)) if matches!(&**name, "useCallback" | "useEvent") => {
                        Value::Function(closure.clone())
                    }
                    _ => Value::Unknown(callee.hint()),
                }
            }
            // `id.toString()`, `name.trim()`: what it is of says more.
            Value::Unknown(name) if !of.hint().is_empty() && !matches!(of, Value::Any(_)) => {
                let is_plain = matches!(
                    &**name,
                    "toString" | "trim" | "toLowerCase" | "toUpperCase" | "valueOf" | "replace" | "slice"
                );
                Value::Unknown(if is_plain { of.hint() } else { name.clone() })
            }
            // `form.data("locale")`: what is asked for says more.
            Value::Unknown(name)
                if matches!(&**name, "data" | "attr" | "prop" | "get" | "getItem" | "getAttribute") =>
            {
                let asked = self.args(file, args, around).first().and_then(Value::plain);
                asked.filter(|it| it.len() < 40).map_or_else(|| Value::Unknown(name.clone()), |it| Value::unknown(&it))
            }
            _ => Value::Unknown(callee.hint()),
        }
    }

    /// `axios.create({ baseURL })`
    fn made_client(&self, http: &Rc<Http>, config: &Value) -> Value {
        let keys: &[&str] = match http.library {
            Library::Ky => &["prefixUrl", "prefix", "baseUrl"],
            Library::Fetch => &["baseURL", "baseUrl"],
            _ => &["baseURL"],
        };
        let base = keys.iter().map(|key| self.member(config, key)).find(|it| !matches!(it, Value::Nothing));
        let base = base.unwrap_or_else(|| http.base.clone());
        Value::Http(Rc::new(Http { library: http.library, base }))
    }

    /// Returns what a method of a string or an array gives back.
    fn method(&self, file: FileId, of: &Value, name: &str, args: List, around: Around<'_>) -> Option<Value> {
        let arg = |at: usize| {
            let (values, _) = self.values(file)?;
            values.list(args).get(at).map(|it| self.eval(file, *it, around))
        };
        if let Value::Written(written) = of {
            return match name {
                "join" => self.array_joined(written, &arg(0).unwrap_or(Value::Nothing)),
                "filter" => Some(of.clone()),
                _ => None,
            };
        }
        match (name, of) {
            ("toString", Value::Text(_) | Value::Query | Value::Env(_) | Value::Param(_)) => return Some(of.clone()),
            ("startsWith" | "includes" | "endsWith", _) => {
                return Some(
                    arg(0).and_then(|it| holds(of, name, &it.plain()?)).map_or_else(|| Value::unknown(""), Value::Bool),
                );
            }
            ("bind", Value::Function(_) | Value::Verb(..)) => return Some(of.clone()),
            _ => {}
        }
        let is_text = of.each().iter().any(|it| matches!(it, Value::Text(_) | Value::Env(_)));
        if !is_text {
            return None;
        }
        match name {
            "trim" | "trimEnd" | "trimStart" | "toString" | "valueOf" | "toLowerCase" | "normalize" => Some(of.clone()),
            "concat" => Some(text::joined(std::iter::once(of.clone()).chain(self.args(file, args, around)))),
            "replace" | "replaceAll" => {
                let (values, source) = self.values(file)?;
                let pattern = values.list(args).first().copied()?;
                let by = arg(1).unwrap_or(Value::Nothing);
                if values.expr(pattern) == Expr::Regex {
                    return Some(replaced(of, &Pattern::of_regex(values.span(pattern).slice(source))?, &by));
                }
                let pattern = self.eval(file, pattern, around).plain()?;
                Some(replaced(of, &Pattern { text: pattern, at_start: false, at_end: false, repeats: false }, &by))
            }
            _ => None,
        }
    }

    fn array_joined(&self, written: &Written, separator: &Value) -> Option<Value> {
        let (values, _) = self.values(written.file)?;
        let Expr::Array(list) = values.expr(written.expr) else { return None };
        let mut parts = Vec::new();
        for (at, item) in values.list(list).iter().take(60).enumerate() {
            if at > 0 {
                parts.push(separator.clone());
            }
            parts.push(self.eval(written.file, *item, written.frame.as_ref()));
        }
        Some(text::joined(parts.into_iter()))
    }
}

/// Returns whether a text starts with, ends with or holds another, where that is known.
fn holds(of: &Value, name: &str, needle: &str) -> Option<bool> {
    let Value::Text(pieces) = of else { return None };
    if let Some(whole) = of.plain() {
        return Some(match name {
            "startsWith" => whole.starts_with(needle),
            "endsWith" => whole.ends_with(needle),
            _ => whole.contains(needle),
        });
    }
    match (name, pieces.first(), pieces.last()) {
        ("startsWith", Some(Piece::Fixed(text, _)), _) if text.len() >= needle.len() => Some(text.starts_with(needle)),
        ("startsWith", Some(Piece::Fixed(text, _)), _) if !needle.starts_with(&**text) => Some(false),
        ("startsWith", Some(Piece::Env(_, None)), _) => None,
        ("endsWith", _, Some(Piece::Fixed(text, _))) if text.len() >= needle.len() => Some(text.ends_with(needle)),
        ("includes", ..) if pieces.iter().any(|it| matches!(it, Piece::Fixed(text, _) if text.contains(needle))) => {
            Some(true)
        }
        _ => None,
    }
}

/// `/^https?:/.test(url)`
fn tests(regex: &str, tested: &Value) -> Value {
    let asks_for_host = regex.starts_with("/^http")
        || regex.starts_with("/^(http")
        || regex.starts_with("/^(?:http")
        || regex.starts_with("/^(https?:)?")
        || regex.starts_with("/^([a-z");
    match (asks_for_host, tested) {
        (true, Value::Text(pieces)) => match pieces.first() {
            Some(Piece::Fixed(text, _)) if !text.is_empty() => {
                Value::Bool(text.starts_with("http") || text.starts_with("//"))
            }
            _ => Value::unknown(""),
        },
        _ => Value::unknown(""),
    }
}

/// What `replace` looks for: a text without anything that varies.
struct Pattern {
    text: String,
    at_start: bool,
    at_end: bool,
    /// Whether the text may stand there several times.
    repeats: bool,
}

impl Pattern {
    /// Reads a regular expression that is a plain text with anchors.
    fn of_regex(regex: &str) -> Option<Self> {
        let inner = regex.strip_prefix('/')?;
        let inner = inner.get(..inner.rfind('/')?)?;
        let (at_start, inner) = inner.strip_prefix('^').map_or((false, inner), |rest| (true, rest));
        let (at_end, inner) = match inner.strip_suffix('$') {
            Some(rest) if !rest.ends_with('\\') => (true, rest),
            _ => (false, inner),
        };
        let (repeats, inner) = match inner.strip_suffix(['+', '*', '?']) {
            Some(rest) => (true, rest),
            None => (false, inner),
        };
        let text = inner.replace("\\/", "/").replace("\\.", ".").replace("\\-", "-");
        let is_plain = !text.contains(['\\', '[', '(', '|', '*', '+', '?', '^', '$', '{']);
        (is_plain && !text.is_empty()).then_some(Self { text, at_start, at_end, repeats })
    }

    /// Returns what stands before and after the first place where it is found.
    fn found<'t>(&self, text: &'t str, is_first: bool, is_last: bool) -> Option<(&'t str, &'t str)> {
        match (self.at_start, self.at_end) {
            (true, _) => text.strip_prefix(&*self.text).filter(|_| is_first).map(|rest| ("", rest)),
            (false, true) if self.repeats => {
                let rest = text.trim_end_matches(&*self.text);
                (is_last && rest.len() < text.len()).then_some((rest, ""))
            }
            (false, true) => text.strip_suffix(&*self.text).filter(|_| is_last).map(|rest| (rest, "")),
            (false, false) => text.split_once(&*self.text),
        }
    }
}

fn replaced(of: &Value, pattern: &Pattern, by: &Value) -> Value {
    let by = text::texts(by).into_iter().next().unwrap_or_else(|| Rc::from([]));
    let each = of.each().iter().map(|value| match value {
        Value::Text(pieces) => Value::Text(Rc::from(replaced_in(pieces, pattern, &by))),
        other => other.clone(),
    });
    Value::any(each.collect())
}

fn replaced_in(pieces: &[Piece], pattern: &Pattern, by: &[Piece]) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut is_done = false;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Fixed(text, place) if !is_done => {
                match pattern.found(text, at == 0, at + 1 == pieces.len()) {
                    Some((before, after)) => {
                        is_done = true;
                        all.push(Piece::Fixed(Rc::from(before), *place));
                        // A parameter that is put in for a placeholder is no path.
                        all.extend(by.iter().map(|it| match it {
                            Piece::Open(param) => Piece::Hole(param.name.clone()),
                            other => other.clone(),
                        }));
                        all.push(Piece::Fixed(Rc::from(after), *place));
                    }
                    None => all.push(piece.clone()),
                }
            }
            Piece::Env(name, Some(default)) => {
                all.push(Piece::Env(name.clone(), Some(Rc::from(replaced_in(default, pattern, by)))));
            }
            other => all.push(other.clone()),
        }
    }
    all
}
