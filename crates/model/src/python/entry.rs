//! What outside code calls a function for: a request, a command, a signal, a message, a task.

use crate::python::function::{Decorator, Function};
use crate::python::{Class, PythonFacts};

/// Who calls a function, beside the project's own code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// The URL dispatcher, if a URL pattern or a router names the function or its class.
    View,
    /// The router of a framework that reads decorators: FastAPI, Ninja, Flask.
    Endpoint,
    /// `manage.py`
    Command,
    /// A signal.
    Receiver,
    /// A WebSocket.
    Consumer,
    /// A worker.
    Task,
}

/// Returns what a function is called for; `None` for a plain function or method.
pub fn entry(facts: &PythonFacts, function: &Function, source: &str) -> Option<Entry> {
    if function.decorators.iter().any(|it| matches!(last(&it.path), "task" | "shared_task" | "periodic_task")) {
        return Some(Entry::Task);
    }
    if function.decorators.iter().any(|it| last(&it.path) == "receiver") {
        return Some(Entry::Receiver);
    }
    if function.decorators.iter().any(is_route) {
        return Some(Entry::Endpoint);
    }
    match function.class.and_then(|id| facts.class(id)) {
        Some(class) => of_method(class, function),
        None => {
            let is_view = function.outer.is_none()
                && (function.decorators.iter().any(|it| last(&it.path) == "api_view")
                    || takes_request(function, source));
            is_view.then_some(Entry::View)
        }
    }
}

fn of_method(class: &Class, function: &Function) -> Option<Entry> {
    const SOCKET: [&str; 6] =
        ["connect", "receive", "receive_json", "disconnect", "websocket_connect", "websocket_receive"];
    const HTTP: [&str; 11] =
        ["get", "post", "put", "patch", "delete", "list", "create", "retrieve", "update", "partial_update", "destroy"];
    let name = function.name.as_str();
    let has_base = |suffixes: &[&str]| class.bases.iter().any(|base| suffixes.iter().any(|it| base.ends_with(it)));
    if name == "handle" && has_base(&["Command"]) {
        return Some(Entry::Command);
    }
    if SOCKET.contains(&name) && has_base(&["Consumer"]) {
        return Some(Entry::Consumer);
    }
    let is_action = function.decorators.iter().any(|it| last(&it.path) == "action");
    let is_view = has_base(&["View", "ViewSet", "Viewset", "Endpoint"]) && (is_action || HTTP.contains(&name));
    is_view.then_some(Entry::View)
}

/// `@router.get("/orders")`: a method of HTTP, called with a path.
fn is_route(decorator: &Decorator) -> bool {
    let verb = matches!(
        last(&decorator.path),
        "get" | "post" | "put" | "patch" | "delete" | "route" | "api_route" | "websocket"
    );
    let is_path = |argument: &String| argument.is_empty() || argument.starts_with('/');
    verb && decorator.path.contains('.') && decorator.argument.as_ref().is_some_and(is_path)
}

fn takes_request(function: &Function, source: &str) -> bool {
    let after = source.get(function.name_range.end() as usize..).unwrap_or("");
    let first = after.trim_start_matches(['(', ' ', '\n', '\t']);
    first.strip_prefix("request").is_some_and(|rest| rest.starts_with([',', ')', ':', ' ']))
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
