//! What the calls of HTTP clients ask for.

use std::rc::Rc;

use arrears_core::text::TextRange;

use super::SocketKind;
use super::eval::{Around, Eval};
use super::text;
use super::value::{FileId, Http, Library, Piece, Value, Verb};
use crate::endpoint::Methods;
use crate::script::value::{Expr, ExprId, List};

/// A request as far as a call tells.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// The URL with the base of the client.
    pub(super) url: Value,
    /// The method, where it is known.
    pub(super) method: Option<Methods>,
    /// Where the URL stands in the call.
    pub(super) at: Option<(FileId, TextRange)>,
    /// Whether the body is a form with files.
    pub(super) is_multipart: bool,
    /// Whether the call only looks like a request.
    pub(super) is_guess: bool,
    /// The connection that it opens, if it opens one, and what opens it.
    pub(super) socket: Option<(SocketKind, Rc<str>)>,
}

/// Names of parameters that hold more than a URL.
const CONFIGS: [&str; 9] = ["config", "options", "opts", "cfg", "params", "args", "settings", "payload", "request"];

impl<'p> Eval<'_, 'p> {
    /// Returns what a call asks servers for.
    pub(super) fn asks(&self, file: FileId, site: ExprId, around: Around<'_>) -> Vec<Ask> {
        self.deeper(|| self.asks_now(file, site, around)).unwrap_or_default()
    }

    fn asks_now(&self, file: FileId, site: ExprId, around: Around<'_>) -> Vec<Ask> {
        let Some((values, _)) = self.values(file) else { return Vec::new() };
        if let Some(asks) = self.socket_asks(file, site, around) {
            return asks;
        }
        let Expr::Call { function, args, .. } = values.expr(site) else { return Vec::new() };
        if let Some(asks) = self.form_asks(file, site, function, args, around) {
            return asks;
        }
        let callee = self.eval(file, function, around);
        let mut asks = Vec::new();
        for callee in callee.each().iter().take(4) {
            asks.extend(match callee {
                Value::Verb(http, verb) => self.verb_asks(file, http, Some(*verb), args, around),
                Value::Http(http) => self.verb_asks(file, http, None, args, around),
                Value::Function(closure) => self.wrapper_asks(file, closure, args, around),
                Value::Unknown(_) | Value::Param(_) | Value::Global(_) | Value::Foreign(..) => {
                    self.guessed_asks(file, callee, function, args, around)
                }
                _ => Vec::new(),
            });
        }
        asks
    }

    fn verb_asks(&self, file: FileId, http: &Rc<Http>, verb: Option<Verb>, args: List, around: Around<'_>) -> Vec<Ask> {
        let given = self.args(file, args, around);
        let arg = |at: usize| given.get(at).cloned().unwrap_or(Value::Nothing);
        let spots = self.values(file).map_or(&[][..], |(values, _)| values.list(args));
        let at = |index: usize| {
            spots.get(index).and_then(|it| self.values(file).map(|(values, _)| (file, values.span(*it))))
        };
        let (url, config, method, spot) = match (http.library, verb) {
            (_, Some(Verb::Create)) => return Vec::new(),
            (Library::JQuery, None) => return Vec::new(),
            (Library::Xhr, Some(Verb::Request)) | (Library::Angular, Some(Verb::Request)) => {
                (arg(1), Value::Nothing, methods(&arg(0), None), at(1))
            }
            (Library::Xhr, _) | (Library::Angular, None) => return Vec::new(),
            (_, Some(Verb::Method(method) | Verb::Form(method))) => {
                let first = arg(0);
                if http.library == Library::JQuery && matches!(first, Value::Written(_)) {
                    (self.member(&first, "url"), first.clone(), Some(method), self.url_spot(&first).or(at(0)))
                } else {
                    // The body comes before the settings.
                    let has_body = method.intersects(Methods::POST | Methods::PUT | Methods::PATCH);
                    let config = if http.library == Library::Axios && has_body { arg(2) } else { arg(1) };
                    (first, config, Some(method), at(0))
                }
            }
            (_, Some(Verb::Request) | None) => {
                let first = arg(0);
                let default = Some(Methods::GET);
                if is_config(&first, http.library) {
                    let method = self.config_method(&first, http.library, default);
                    (self.member(&first, "url"), first.clone(), method, self.url_spot(&first).or(at(0)))
                } else {
                    let config = arg(1);
                    let method = self.config_method(&config, http.library, default);
                    (first, config, method, at(0))
                }
            }
        };
        let base = match http.library {
            Library::Axios => match self.member(&config, "baseURL") {
                base @ (Value::Text(_) | Value::Any(_) | Value::Env(_)) => base,
                _ => self.default_base(http),
            },
            _ => http.base.clone(),
        };
        let is_multipart = matches!(verb, Some(Verb::Form(_)));
        vec![Ask { url: text::based(&base, &url), method, at: spot, is_multipart, is_guess: false, socket: None }]
    }

    /// `axios.defaults.baseURL = "/api"` holds for all that say nothing else.
    fn default_base(&self, http: &Http) -> Value {
        if !matches!(http.base, Value::Nothing) {
            return http.base.clone();
        }
        let settings = self.defaults.get_or_init(|| {
            let mut found = Vec::new();
            for (id, file) in (0..).zip(&self.modules.files) {
                for (at, setting) in file.values.settings.iter().enumerate() {
                    if file.values.span(setting.target).slice(file.text).ends_with("axios.defaults.baseURL") {
                        found.push((id, at));
                    }
                }
            }
            found
        });
        let each = settings.iter().filter_map(|(file, at)| {
            let (values, _) = self.values(*file)?;
            let setting = values.settings.get(*at)?;
            let frame = self.frame_at(*file, setting.owner, None);
            Some(self.eval(*file, setting.value, frame.as_ref()))
        });
        Value::any(each.collect())
    }

    fn config_method(&self, config: &Value, library: Library, default: Option<Methods>) -> Option<Methods> {
        let method = self.member(config, "method");
        let method = match (&method, library) {
            (Value::Nothing, Library::JQuery) => self.member(config, "type"),
            _ => method,
        };
        match config {
            Value::Unknown(_) | Value::Foreign(..) => None,
            _ => methods(&method, default),
        }
    }

    /// Returns where the URL stands in an object.
    pub(super) fn url_spot(&self, config: &Value) -> Option<(FileId, TextRange)> {
        let Value::Written(written) = config else { return None };
        let (values, source) = self.values(written.file)?;
        let Expr::Object(list) = values.expr(written.expr) else { return None };
        let prop = values.props(list).iter().find(|it| it.key.slice(source) == "url")?;
        Some((written.file, values.span(prop.value)))
    }

    /// A call that looks like a request, of something that is not known: `api.get("/orders/")`.
    fn guessed_asks(&self, file: FileId, callee: &Value, function: ExprId, args: List, around: Around<'_>) -> Vec<Ask> {
        let Some((values, source)) = self.values(file) else { return Vec::new() };
        let written = values.span(function).slice(source);
        if written.len() > 120 || is_other_package(callee) {
            return Vec::new();
        }
        let (of, name) = written.rsplit_once('.').unwrap_or(("", written));
        let of = of.rsplit(['.', '?', '!', ')']).find(|it| !it.is_empty()).unwrap_or("").to_ascii_lowercase();
        let lower = name.to_ascii_lowercase();
        let is_client =
            ["api", "http", "client", "axios", "request", "fetch", "rest", "backend"].iter().any(|it| of.contains(it));
        let is_foreign = matches!(callee, Value::Foreign(..));
        let given = self.args(file, args, around);
        let url = given.first().cloned().unwrap_or(Value::Nothing);
        let looks_right = url.each().iter().any(|it| match it {
            Value::Text(pieces) => matches!(pieces.first(), Some(Piece::Fixed(text, _)) if text.starts_with('/') || text.starts_with("http")),
            _ => false,
        });
        if !looks_right || given.len() > 1 && matches!(given.get(1), Some(Value::Function(_))) {
            return Vec::new();
        }
        let config = given.get(1).cloned().unwrap_or(Value::Nothing);
        let method = match Methods::named(name) {
            Some(method) if is_client && !is_foreign => Some(method),
            Some(_) => return Vec::new(),
            None if ["fetch", "request", "axios"].iter().any(|it| lower.contains(it))
                || !is_foreign && (lower.contains("api") && of.is_empty()) =>
            {
                let by_name = [
                    ("post", Methods::POST),
                    ("put", Methods::PUT),
                    ("patch", Methods::PATCH),
                    ("delete", Methods::DELETE),
                    ("get", Methods::GET),
                ];
                let named = by_name.iter().find(|(word, _)| lower.contains(word)).map(|(_, method)| *method);
                named.or_else(|| match config {
                    Value::Written(_) => self.config_method(&config, Library::Guessed, Some(Methods::GET)),
                    _ => None,
                })
            }
            None => return Vec::new(),
        };
        let at = values.list(args).first().map(|it| (file, values.span(*it)));
        let url = text::based(&Value::unknown("base"), &url);
        vec![Ask { url, method, at, is_multipart: false, is_guess: true, socket: None }]
    }
}

/// Returns the methods that a value may name.
pub(super) fn methods(value: &Value, default: Option<Methods>) -> Option<Methods> {
    let mut all = Methods::empty();
    for each in value.each() {
        all |= match each {
            Value::Nothing => default?,
            Value::Text(_) => Methods::named(&each.plain()?)?,
            _ => return None,
        };
    }
    (!all.is_empty()).then_some(all)
}

/// Returns whether the first argument of a call is an object of settings rather than a URL.
pub(super) fn is_config(value: &Value, library: Library) -> bool {
    match value {
        Value::Written(_) => true,
        Value::Param(param) => {
            let lower = param.name.to_ascii_lowercase();
            library != Library::Fetch && CONFIGS.iter().any(|it| lower.ends_with(it))
        }
        _ => false,
    }
}

/// Returns whether something belongs to a package that asks no server with it.
fn is_other_package(callee: &Value) -> bool {
    match callee {
        Value::Foreign(module, _) => [
            "msw",
            "express",
            "supertest",
            "nock",
            "koa",
            "fastify",
            "react-router",
            "next/",
            "@playwright",
            "cypress",
            "hono",
            "node:",
            "fs",
            "path",
            "@storybook",
            "vitest",
            "@jest",
            "i18n",
            "react",
            "lodash",
            "@mui",
            "@reduxjs",
        ]
        .iter()
        .any(|it| module.starts_with(it)),
        Value::Global(name) => ["cy.", "app.", "router.", "server."].iter().any(|it| name.starts_with(it)),
        _ => false,
    }
}
