//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::routes::events::Events;

rule! {
    /// Finds events of Channels that are sent and never handled, or handled and never sent.
    ///
    /// An event without a handler raises `No handler for message type` in every consumer of the group, and closes its
    /// connections. A handler without an event is a feature that waits for a message nobody sends.
    ///
    /// ```python bad path=stock/consumers.py
    /// from channels.generic.websocket import AsyncJsonWebsocketConsumer
    ///
    /// class StockConsumer(AsyncJsonWebsocketConsumer):
    ///     async def stock_changed(self, event):
    ///         await self.send_json(event["data"])
    /// ```
    /// ```python bad path=stock/signals.py
    /// from asgiref.sync import async_to_sync
    /// from channels.layers import get_channel_layer
    ///
    /// def publish(item):
    ///     async_to_sync(get_channel_layer().group_send)("stock", {"type": "stock.update", "data": item.count})
    /// ```
    /// ```python good path=stock/consumers.py
    /// from channels.generic.websocket import AsyncJsonWebsocketConsumer
    ///
    /// class StockConsumer(AsyncJsonWebsocketConsumer):
    ///     async def stock_changed(self, event):
    ///         await self.send_json(event["data"])
    /// ```
    /// ```python good path=stock/signals.py
    /// from asgiref.sync import async_to_sync
    /// from channels.layers import get_channel_layer
    ///
    /// def publish(item):
    ///     async_to_sync(get_channel_layer().group_send)("stock", {"type": "stock.changed", "data": item.count})
    /// ```
    ///
    /// Handlers count as never sent only where no event of the project is computed, events as never handled only where
    /// all bases of all consumers are known.
    pub(crate) const RULE = {
        code: "contract/realtime-event-unmatched",
        summary: "event that is sent or handled, but not both",
        check: Check::Project { run: check },
        severity: Severity::Warning,
        preset: Preset::All,
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    if !model.python_is_complete() {
        return;
    }
    let events = Events::find(model);
    if events.handlers.is_empty() && events.sent.is_empty() {
        return;
    }
    for event in events.sent.iter().filter(|event| events.has_all_handlers && !events.is_handled(event)) {
        let message = format!("event `{}` is sent, but no consumer has a method `{}`", event.name, event.method());
        ctx.report(event.place.path, event.place.range, message)
            .help(format!("write `{}` in the consumers of the group, or send a type that they handle", event.method()));
    }
    // Where nothing is sent at all, the events come from elsewhere.
    if events.has_computed || events.sent.is_empty() {
        return;
    }
    for handler in events.handlers.iter().filter(|handler| !events.is_sent(handler)) {
        let message = format!("`{}.{}` handles an event that nothing sends", handler.consumer, handler.name);
        ctx.report(handler.place.path, handler.place.range, message)
            .help(format!("send `{{\"type\": \"{}\"}}` where it happens, or delete the method", handler.name));
    }
}
