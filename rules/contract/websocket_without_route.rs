//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::contract::Answer;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds WebSockets that the client opens and the ASGI application does not route.
    ///
    /// Channels refuses the handshake, the client tries again for ever, and what should appear live appears after a reload.
    ///
    /// ```python bad path=shop/asgi.py
    /// from channels.generic.websocket import JsonWebsocketConsumer
    /// from channels.routing import ProtocolTypeRouter, URLRouter
    /// from django.urls import path
    ///
    /// class OrderConsumer(JsonWebsocketConsumer):
    ///     def receive_json(self, content):
    ///         self.send_json({"seen": content["order"]})
    ///
    /// application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/orders/", OrderConsumer.as_asgi())])})
    /// ```
    /// ```ts bad path=web/src/api.ts
    /// export const chat = () => new WebSocket(`wss://${location.host}/ws/chat/`);
    /// export const live = () => new WebSocket(`wss://${location.host}/ws/orders/`);
    /// ```
    /// ```python good path=shop/asgi.py
    /// from channels.generic.websocket import JsonWebsocketConsumer
    /// from channels.routing import ProtocolTypeRouter, URLRouter
    /// from django.urls import path
    ///
    /// class OrderConsumer(JsonWebsocketConsumer):
    ///     def receive_json(self, content):
    ///         self.send_json({"seen": content["order"]})
    ///
    /// application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/orders/", OrderConsumer.as_asgi())])})
    /// ```
    /// ```ts good path=web/src/api.ts
    /// export const live = () => new WebSocket(`wss://${location.host}/ws/orders/`);
    /// ```
    ///
    /// Not flagged: other hosts, addresses without a path, Pusher, Ably and Socket.IO, which have servers of their own, and
    /// repositories whose ASGI application could not be read or routes no WebSocket.
    pub(crate) const RULE = {
        code: "contract/websocket-without-route",
        summary: "WebSocket that the server does not route",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let contract = model.contract();
    for call in &contract.openings {
        let Answer::NoRoute { nearest } = &call.answer else { continue };
        let message = format!("the server routes no WebSocket `{}`", call.shown);
        let finding = ctx.report(call.place.path, call.place.range, message);
        for place in &call.written {
            finding.label_once(*place, "the path is written here");
        }
        let Some(socket) = nearest.and_then(|at| contract.sockets.get(at)) else { continue };
        finding.label_once(socket.place, format!("the nearest route: `{}`", socket.path));
        finding.help(format!("the nearest route is `{}` (`{}`, {})", socket.path, socket.consumer, socket.place.path));
    }
}
