//! Connections that stay open.

use super::SocketKind;
use super::eval::{Around, Eval};
use super::http::Ask;
use super::value::{FileId, Value};
use crate::script::value::{Expr, ExprId};

impl Eval<'_, '_> {
    /// Returns what a place connects to; nothing where it opens no connection.
    pub(super) fn socket_asks(&self, file: FileId, site: ExprId, around: Around<'_>) -> Option<Vec<Ask>> {
        let (values, source) = self.values(file)?;
        let (callee, args, is_new) = match values.expr(site) {
            Expr::New { class, args } => (class, args, true),
            Expr::Call { function, args, .. } if values.span(function).len() < 60 => (function, args, false),
            _ => return None,
        };
        let written = values.span(callee).slice(source);
        let name = written.rsplit('.').next().unwrap_or(written);
        let kind = match (name, is_new) {
            ("WebSocket" | "ReconnectingWebSocket" | "RobustWebSocket" | "Centrifuge", true) => SocketKind::WebSocket,
            ("EventSource" | "EventSourcePolyfill", true) => SocketKind::EventSource,
            ("Pusher" | "Echo", true) => SocketKind::Pusher,
            ("useWebSocket" | "useReactWebSocket", false) => SocketKind::WebSocket,
            ("fetchEventSource", false) => SocketKind::EventSource,
            ("io" | "connect", false) if self.is_socket_io(file, callee, around) => SocketKind::SocketIo,
            _ => return None,
        };
        // A class or a hook of the project with that name is no socket itself.
        if matches!(self.eval(file, callee, around), Value::Class(..) | Value::Function(_)) {
            return None;
        }
        let first = self.args(file, args, around).into_iter().next();
        let url = match (kind, first) {
            // Its first argument is a key.
            (SocketKind::Pusher, _) => Value::unknown(""),
            // Without a URL the host of the page is connected to.
            (SocketKind::SocketIo, None) => Value::fixed("/"),
            (_, first) => first.unwrap_or(Value::Nothing),
        };
        let spot = values.list(args).first().copied().unwrap_or(site);
        let at = Some((file, values.span(spot)));
        let socket = Some((kind, name.into()));
        Some(vec![Ask { url, method: None, at, is_multipart: false, is_guess: false, socket }])
    }

    fn is_socket_io(&self, file: FileId, callee: ExprId, around: Around<'_>) -> bool {
        match self.eval(file, callee, around) {
            Value::Foreign(module, _) => module.starts_with("socket.io"),
            Value::Global(name) => &*name == "io",
            _ => false,
        }
    }
}
