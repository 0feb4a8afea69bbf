//! Connections that stay open.

use arrears_core::text::TextRange;

use super::eval::{Around, Eval};
use super::text;
use super::url::{self, Read};
use super::value::{FileId, Value};
use super::{Base, ClientUrl, Origin, SocketCall, SocketKind};
use crate::script::value::{Expr, ExprId};

/// Returns the connections that the project opens.
pub(super) fn find<'p>(eval: &Eval<'_, 'p>) -> Vec<SocketCall<'p>> {
    let mut found = Vec::new();
    for (id, file) in (0..).zip(&eval.modules.files) {
        for site in &file.values.calls {
            eval.refuel();
            let around = eval.frame_at(id, site.owner, None);
            sockets(eval, id, site.expr, around.as_ref(), &mut found);
        }
    }
    found.sort_by(|left, right| (left.path, left.range, &left.url).cmp(&(right.path, right.range, &right.url)));
    found.dedup();
    found
}

fn sockets<'p>(eval: &Eval<'_, 'p>, file: FileId, site: ExprId, around: Around<'_>, found: &mut Vec<SocketCall<'p>>) {
    let Some(module) = eval.file(file) else { return };
    let (values, source) = (module.values, module.text);
    let (callee, args) = match values.expr(site) {
        Expr::New { class, args } => (class, args),
        Expr::Call { function, args, .. } if values.span(function).len() < 60 => (function, args),
        _ => return,
    };
    let written = values.span(callee).slice(source);
    let name = written.rsplit('.').next().unwrap_or(written);
    let is_new = matches!(values.expr(site), Expr::New { .. });
    let kind = match (name, is_new) {
        ("WebSocket" | "ReconnectingWebSocket" | "RobustWebSocket" | "Centrifuge", true) => SocketKind::WebSocket,
        ("EventSource" | "EventSourcePolyfill", true) => SocketKind::EventSource,
        ("Pusher" | "Echo", true) => SocketKind::Pusher,
        ("useWebSocket" | "useReactWebSocket", false) => SocketKind::WebSocket,
        ("fetchEventSource", false) => SocketKind::EventSource,
        ("io" | "connect", false) if is_socket_io(eval, file, callee, around) => SocketKind::SocketIo,
        _ => return,
    };
    // A class of the project with that name is no socket.
    if matches!(eval.eval(file, callee, around), Value::Class(..) | Value::Function(_)) {
        return;
    }
    let given = eval.args(file, args, around);
    let first = given.first().cloned().unwrap_or(Value::Nothing);
    let spot = values.list(args).first().map_or_else(|| values.span(site), |it| values.span(*it));
    let urls = match kind {
        SocketKind::Pusher => Vec::new(),
        SocketKind::WebSocket | SocketKind::SocketIo | SocketKind::EventSource => urls(&first),
    };
    let mut add = |url: ClientUrl, range: TextRange| {
        found.push(SocketCall { path: module.path, range, url, kind, library: name.to_owned() });
    };
    if urls.is_empty() {
        let origin = if kind == SocketKind::SocketIo && given.is_empty() { Origin::Own } else { Origin::Unknown };
        add(ClientUrl { origin, base: Base::Unknown, path: None, query: Vec::new(), has_more_query: false }, spot);
    }
    for url in urls {
        add(url, spot);
    }
}

fn urls(value: &Value) -> Vec<ClientUrl> {
    let mut urls = Vec::new();
    for text in text::texts(value) {
        let url = match url::read(&text, &|_| false) {
            Read::Url(url, _) => url,
            Read::Open(..) | Read::Unreadable | Read::Nothing => continue,
        };
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    urls
}

fn is_socket_io(eval: &Eval<'_, '_>, file: FileId, callee: ExprId, around: Around<'_>) -> bool {
    match eval.eval(file, callee, around) {
        Value::Foreign(module, _) => module.starts_with("socket.io"),
        Value::Global(name) => &*name == "io",
        _ => false,
    }
}
