//! Events of Channels: what is sent to groups, and which consumers handle it.

use std::collections::BTreeSet;

use arrears_core::source::Roles;
use arrears_core::text::TextRange;

use super::RoutePlace;
use crate::project::{ClassRef, FunctionRef, ProjectModel};
use crate::python::ClassId;
use crate::python::body::{Bodies, Expr, ExprId, List};

/// Methods of consumers that answer the protocol, not events of the project.
const PROTOCOL: [&str; 14] = [
    "connect",
    "disconnect",
    "receive",
    "receive_json",
    "websocket_connect",
    "websocket_disconnect",
    "websocket_receive",
    "decode_json",
    "encode_json",
    "send_json",
    "send",
    "close",
    "accept",
    "dispatch",
];

/// The events of a project.
#[derive(Debug, Default)]
pub struct Events<'p> {
    /// What is sent, in the order of files and lines.
    pub sent: Vec<Event<'p>>,
    /// Whether some event is computed, so that anything may be sent.
    pub has_computed: bool,
    /// The methods of consumers that handle events.
    pub handlers: Vec<EventHandler<'p>>,
    /// Whether all that consumers descend from is known.
    pub has_all_handlers: bool,
    /// All methods of consumers.
    methods: BTreeSet<String>,
}

/// An event that is sent: `{"type": "order.paid"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'p> {
    /// Its type.
    pub name: String,
    /// Where the type stands.
    pub place: RoutePlace<'p>,
}

/// A method that handles an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventHandler<'p> {
    /// The consumer's name.
    pub consumer: String,
    /// The method's name.
    pub name: String,
    /// Where the method's name stands.
    pub place: RoutePlace<'p>,
}

impl Event<'_> {
    /// Returns the name of the method that handles the event.
    pub fn method(&self) -> String {
        self.name.replace('.', "_")
    }
}

impl<'p> Events<'p> {
    /// Reads what is sent and handled.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        let mut events = Self { has_all_handlers: true, ..Self::default() };
        for (file, facts) in project.python_files() {
            let Some(bodies) = facts.bodies.as_deref() else { continue };
            if file.facts.words.may_contain("group_send") || file.facts.words.may_contain("channel_layer") {
                let sender = Sender { path: &file.source.path, text: &file.source.text, bodies };
                sender.read(facts, &mut events);
            }
            for (id, class) in (0..).map(ClassId).zip(&facts.classes) {
                if class.bases.iter().any(|base| base.ends_with("Consumer")) && !file.source.roles.contains(Roles::TEST)
                {
                    events.consumer(project, ClassRef { path: &file.source.path, id });
                }
            }
        }
        events
    }

    /// Returns whether some consumer has the method of an event.
    pub fn is_handled(&self, event: &Event<'_>) -> bool {
        self.methods.contains(&event.method())
    }

    /// Returns whether something sends the event of a method.
    pub fn is_sent(&self, handler: &EventHandler<'_>) -> bool {
        self.sent.iter().any(|event| event.method() == handler.name)
    }

    fn consumer(&mut self, project: &ProjectModel<'p>, class: ClassRef<'p>) {
        let ancestry = project.ancestry(class);
        let is_channels = ancestry.outside.iter().any(|base| base.starts_with("channels."));
        let is_known = |base: &String| base.starts_with("channels.") || matches!(base.as_str(), "object" | "ABC");
        self.has_all_handlers &= ancestry.is_whole && ancestry.outside.iter().all(is_known);
        if !is_channels {
            return;
        }
        let Some(own) = project.python(class.path).and_then(|facts| facts.class(class.id)) else { return };
        for owner in &ancestry.classes {
            let Some(facts) = project.python(owner.path) else { continue };
            for (id, method) in facts.functions_with_ids().filter(|(_, it)| it.class == Some(owner.id)) {
                self.methods.insert(method.name.clone());
                let function = FunctionRef { path: owner.path, id };
                if *owner == class && is_handler(project, function) {
                    let place = RoutePlace { path: owner.path, range: method.name_range };
                    self.handlers.push(EventHandler { consumer: own.name.clone(), name: method.name.clone(), place });
                }
            }
        }
    }
}

/// Returns whether a method takes one event, and nothing calls it.
fn is_handler<'p>(project: &ProjectModel<'p>, function: FunctionRef<'p>) -> bool {
    let (Some(file), Some(facts)) = (project.file(function.path), project.function(function)) else { return false };
    let Some(python) = file.facts.python() else { return false };
    let Some(body) = python.bodies.as_deref().and_then(|bodies| bodies.function(function.id)) else { return false };
    let text = &file.source.text;
    let takes_event = body.params.get(1).is_some_and(|param| {
        matches!(param.name.slice(text), "event" | "message" | "data" | "msg" | "payload" | "_event" | "ev")
    });
    let is_called = python.calls.iter().any(|call| call.callee.slice(text).rsplit('.').next() == Some(&facts.name));
    body.params.len() == 2
        && takes_event
        && facts.decorators.is_empty()
        && !facts.name.starts_with('_')
        && !PROTOCOL.contains(&facts.name.as_str())
        && !is_called
}

/// A file that sends.
struct Sender<'p> {
    path: &'p arrears_core::source::RelPath,
    text: &'p str,
    bodies: &'p Bodies,
}

impl<'p> Sender<'p> {
    fn read(&self, facts: &crate::python::PythonFacts, events: &mut Events<'p>) {
        for id in self.bodies.ids() {
            let Expr::Call { function, args } = self.bodies.expr(id) else { continue };
            if !self.sends(function) || self.bodies.args(args).len() < 2 {
                continue;
            }
            let message = self.bodies.positional(args, 1).or_else(|| self.bodies.keyword(args, "message", self.text));
            let found = message.and_then(|message| self.event(message, facts));
            match found {
                Some(event) => events.sent.push(event),
                None => events.has_computed = true,
            }
        }
    }

    /// `channel_layer.group_send`, or that in `async_to_sync(…)`.
    fn sends(&self, function: ExprId) -> bool {
        let inner = match self.bodies.expr(function) {
            Expr::Call { args, .. } => match self.bodies.positional(args, 0) {
                Some(first) if self.bodies.args(args).len() == 1 => first,
                _ => return false,
            },
            _ => function,
        };
        let words = self.bodies.span(inner).slice(self.text);
        words.ends_with("group_send")
            || words.ends_with("channel_layer.send")
            || words.ends_with("get_channel_layer().send")
    }

    fn event(&self, message: ExprId, facts: &crate::python::PythonFacts) -> Option<Event<'p>> {
        let list = match self.bodies.expr(message) {
            Expr::Dict(list) => list,
            // A variable that is bound to one dictionary in the same function.
            Expr::Name => self.bound(message, facts)?,
            _ => return None,
        };
        let value = self.bodies.exprs(list).chunks(2).find_map(|pair| match pair {
            [key, value] if self.bodies.string(*key, self.text) == Some("type") => Some(*value),
            _ => None,
        })?;
        let name = self.bodies.string(value, self.text)?;
        Some(Event { name: name.to_owned(), place: RoutePlace { path: self.path, range: self.bodies.span(value) } })
    }

    fn bound(&self, name: ExprId, facts: &crate::python::PythonFacts) -> Option<List> {
        let range: TextRange = self.bodies.span(name);
        let function = facts.function_at(range)?;
        let block = self.bodies.function(function)?.block;
        let wanted = range.slice(self.text);
        let mut found = None;
        for stmt in self.bodies.statements(block) {
            let crate::python::body::Stmt::Assign { target, value } = self.bodies.stmt(stmt) else { continue };
            let is_it =
                matches!(self.bodies.expr(target), Expr::Name) && self.bodies.span(target).slice(self.text) == wanted;
            match self.bodies.expr(value) {
                Expr::Dict(list) if is_it && found.is_none() => found = Some(list),
                _ if is_it => return None,
                _ => {}
            }
        }
        found
    }
}
