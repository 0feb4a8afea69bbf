//! See [`RULE`].

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::entry::{Entry, entry};
use arrears_model::python::function::{Function, Stub, Traits};
use arrears_model::python::placeholder::find_word;

rule! {
    /// Finds WebSocket handlers of Django Channels that do nothing.
    ///
    /// An empty `connect` never accepts: every client hangs until it times out. An empty `receive` drops what
    /// clients send. An empty `disconnect` after `group_add` leaves dead channels in the group, and each later
    /// `group_send` pays for them.
    ///
    /// ```python bad
    /// class OrderConsumer(AsyncWebsocketConsumer):
    ///     async def connect(self):
    ///         pass
    /// ```
    /// ```python good
    /// class OrderConsumer(AsyncWebsocketConsumer):
    ///     async def connect(self):
    ///         await self.accept()
    /// ```
    ///
    /// Not flagged: an empty `disconnect` of a consumer that joins no group; an empty handler whose comment or
    /// docstring says why; fallback classes under `except ImportError`. No other linter knows consumers.
    pub(crate) const RULE = {
        code: "stubs/stub-consumer",
        summary: "WebSocket handler does nothing",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let facts = ctx.python();
    for function in &facts.functions {
        let Some(stub) = function.stub.as_ref().filter(|it| it.kind.is_empty() || it.evidence.is_some()) else {
            continue;
        };
        let is_exempt = function.traits.intersects(Traits::ABSTRACT | Traits::FALLBACK | Traits::EXPLAINED);
        if is_exempt || stub.is_for_others || entry(facts, function, ctx.text()) != Some(Entry::Consumer) {
            continue;
        }
        let Some(class) = function.class.and_then(|id| facts.class(id)) else { continue };
        let body = class.range.slice(ctx.text());
        let Some((harm, help)) = harm(function, stub, find_word(body, "group_add").is_some()) else { continue };
        let message = match &stub.evidence {
            Some(evidence) => format!("`{}.{}` is empty, {harm}: \"{evidence}\"", class.name, function.name),
            None => format!("`{}.{}` is empty, {harm}", class.name, function.name),
        };
        ctx.report(function.name_range, message).help(help).only_if(Condition::IsFinal(function.name_range));
    }
}

/// Returns what an empty handler costs, and what to do; `None` where it costs nothing.
fn harm(function: &Function, stub: &Stub, joins_group: bool) -> Option<(&'static str, &'static str)> {
    match function.name.as_str() {
        "connect" | "websocket_connect" => {
            Some(("so no client is ever accepted", "call `self.accept()`, or `self.close()` to refuse"))
        }
        "disconnect" if joins_group => {
            Some(("so the channel stays in its group", "leave the group with `group_discard`"))
        }
        "disconnect" => stub.evidence.is_some().then_some(("so nothing is cleaned up", "write it, or delete it")),
        _ => Some(("so what clients send is dropped", "handle the message, or delete the method")),
    }
}
