//! What the client asks for, held against what the server answers.

pub mod fit;
mod group;
mod join;
pub mod judge;
mod lookup;
pub mod prefix;
mod socket;

use crate::endpoint::Methods;
use crate::flow::Place;

/// The routes of the servers and the calls of the clients, matched.
#[derive(Debug, Default)]
pub struct Contract<'p> {
    /// The routes, in the order of the server.
    pub routes: Vec<RouteRow<'p>>,
    /// The calls, by file.
    pub calls: Vec<CallRow<'p>>,
    /// The routes of WebSockets.
    pub sockets: Vec<SocketRow<'p>>,
    /// What opens a WebSocket.
    pub openings: Vec<CallRow<'p>>,
    /// What could not be read, so that nothing is claimed of it.
    pub gaps: Vec<Gap<'p>>,
    has_all_calls: bool,
    has_all_openings: bool,
}

/// A route and its callers.
#[derive(Debug)]
pub struct RouteRow<'p> {
    /// The path, as documentation writes it.
    pub path: String,
    /// The methods; `None` where they are not known.
    pub methods: Option<Methods>,
    /// The view, or an empty string.
    pub view: String,
    /// Where the route is made.
    pub place: Place<'p>,
    /// Where the view is defined, if that is in the project.
    pub view_place: Option<Place<'p>>,
    /// Which [`Contract::calls`] it may answer.
    pub callers: Vec<usize>,
    /// Whether it answers programs: a view of an API, no page.
    pub is_api: bool,
}

/// A route of a WebSocket and what opens it.
#[derive(Debug)]
pub struct SocketRow<'p> {
    /// The path, as documentation writes it.
    pub path: String,
    /// The consumer.
    pub consumer: String,
    /// Where the route is made.
    pub place: Place<'p>,
    /// Where the consumer is defined, if that is in the project.
    pub consumer_place: Option<Place<'p>>,
    /// Which [`Contract::openings`] it may answer.
    pub openings: Vec<usize>,
}

/// A call and what the server answers.
#[derive(Debug)]
pub struct CallRow<'p> {
    /// The method; `None` where the code does not tell.
    pub method: Option<Methods>,
    /// The URL, as documentation writes it.
    pub shown: String,
    /// Where the call is made.
    pub place: Place<'p>,
    /// Where the text of its path stands, where that is elsewhere.
    pub written: Vec<Place<'p>>,
    /// What the server answers.
    pub answer: Answer,
    /// Whether it is only an entry in a table of endpoints, which nothing asks for.
    pub is_only_declared: bool,
}

/// What a server answers to a call. Routes are named by their place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// One of these routes answers.
    Route(Vec<usize>),
    /// 405: the route has other methods.
    WrongMethod {
        /// The route.
        route: usize,
        /// What may be asked of the path.
        allowed: Methods,
    },
    /// A redirect or 404: the route's path ends otherwise.
    WrongSlash {
        /// The route.
        route: usize,
        /// Whether the route has the slash and the call has not.
        is_missing: bool,
    },
    /// 404. The nearest route, where one is near.
    NoRoute {
        /// The route.
        nearest: Option<usize>,
    },
    /// The call goes to somebody else's server.
    Elsewhere(String),
    /// It cannot be told, and why.
    Unknown(String),
}

/// Something that could not be read, and what is therefore not claimed.
#[derive(Debug)]
pub struct Gap<'p> {
    /// Where.
    pub place: Place<'p>,
    /// Why.
    pub reason: String,
    /// What is silent because of it.
    pub side: Side,
}

/// What a gap silences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Claims that a route does not exist.
    Server,
    /// Claims that a route is never called.
    Client,
    /// Claims that a module of the frontend is never used, or a component never rendered.
    Modules,
}

impl Contract<'_> {
    /// Returns whether every call of the clients could be read: a route without a caller has none.
    pub fn knows_all_calls(&self) -> bool {
        self.has_all_calls
    }

    /// Returns whether there is a client and everything in it that opens a WebSocket could be read.
    pub fn knows_all_openings(&self) -> bool {
        self.has_all_openings
    }
}

impl CallRow<'_> {
    /// Returns method and URL: `DELETE /api/orders/{id}/`.
    pub fn asked(&self) -> String {
        match self.method {
            Some(method) => format!("{method} {}", self.shown),
            None => self.shown.clone(),
        }
    }
}

impl RouteRow<'_> {
    /// Returns methods and path: `GET, POST /api/orders/`.
    pub fn asked(&self) -> String {
        match self.methods {
            Some(methods) => format!("{methods} {}", self.path),
            None => self.path.clone(),
        }
    }

    /// Returns the view as a message names it.
    pub fn shown(&self) -> String {
        if self.view.is_empty() { "the view".to_owned() } else { format!("`{}`", self.view) }
    }

    /// Returns whether the path says that programs of others ask for it.
    pub fn is_for_others(&self) -> bool {
        const WORDS: [&str; 14] = [
            "webhook", "webhooks", "hook", "hooks", "callback", "public", "external", "schema", "docs", "swagger",
            "redoc", "health", "metrics", "ping",
        ];
        let mut words = self.path.split(['/', '-', '_', '.']).map(str::to_ascii_lowercase);
        words.any(|word| WORDS.contains(&word.as_str()))
    }
}
