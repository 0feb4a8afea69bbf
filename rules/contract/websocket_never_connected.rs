//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds WebSocket routes that no client of the repository opens.
    ///
    /// The consumer runs, groups are sent to, Redis is paid for, and nobody listens: the live update that the release
    /// notes speak of does not exist.
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
    /// export const orders = () => fetch("/api/orders/");
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
    /// Not flagged: repositories without a client, routes whose path stands somewhere in the client's code in any form, and
    /// all of them where a client opens a WebSocket whose address could not be read. A consumer that other servers
    /// talk to is worth a suppression that says so.
    pub(crate) const RULE = {
        code: "contract/websocket-never-connected",
        summary: "WebSocket route that no client opens",
        check: Check::Project { run: check },
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let contract = model.contract();
    if !contract.knows_all_openings() {
        return;
    }
    for socket in contract.sockets.iter().filter(|socket| socket.openings.is_empty()) {
        let message = format!("`{}` serves `{}`, which no client opens", socket.consumer, socket.path);
        let finding = ctx.report(socket.place.path, socket.place.range, message);
        if let Some(consumer) = socket.consumer_place {
            finding.label_once(consumer, "the consumer");
        }
        finding.help("open it in the client, or take the consumer and its route away");
    }
}
