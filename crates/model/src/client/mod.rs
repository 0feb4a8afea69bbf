//! What the scripts of the project ask servers for: requests, sockets, tables of endpoints.
//!
//! URLs are evaluated symbolically: constants through imports, templates, endpoint tables, clients with a base,
//! wrappers of the project. What cannot be read is a [`ClientGap`], never a guess.

mod ask;
mod declared;
mod eval;
mod form;
mod http;
mod instance;
mod library;
mod modules;
mod proxy;
mod scope;
mod segment;
mod socket;
mod string;
#[cfg(test)]
mod tests;
mod text;
mod url;
mod value;
mod wrapper;

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use crate::endpoint::{Methods, Segment, UrlPath};
pub use crate::flow::Place;
use crate::project::ProjectModel;
use eval::Eval;

/// What the scripts of a project ask servers for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client<'p> {
    /// The requests, by path and range. A call whose URL has several values is here once for each.
    pub calls: Vec<ClientCall<'p>>,
    /// The connections that stay open, by path and range.
    pub sockets: Vec<SocketCall<'p>>,
    /// The requests whose URL cannot be read, by path and range.
    pub gaps: Vec<ClientGap<'p>>,
    /// The entries of endpoint tables, by path and range.
    pub declared: Vec<DeclaredUrl<'p>>,
    /// What serves or hands on requests before the API sees them.
    pub proxies: Vec<Proxy<'p>>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCall<'p> {
    /// The file of the call.
    pub path: &'p RelPath,
    /// The URL where it is an argument, else the call up to it.
    pub range: TextRange,
    /// What is asked.
    pub url: ClientUrl,
    /// The path as a reader would write it: `/orders/{id}/`.
    pub shown: String,
    /// The method; several where either may be used; nothing where that cannot be told.
    pub method: Option<Methods>,
    /// Where the text of the URL stands if not in the call: entries of tables, constants.
    pub also: Vec<Place<'p>>,
    /// What the answer is said to be.
    pub response: Option<TypeUse<'p>>,
    /// Whether the body is a form with files.
    pub is_multipart: bool,
}

/// A type that is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeUse<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// Where in it.
    pub range: TextRange,
    /// The type as it is written: `Order[]`.
    pub text: String,
}

/// A URL as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientUrl {
    /// Who is asked.
    pub origin: Origin,
    /// What stands before `path`.
    pub base: Base,
    /// The path after the base; nothing where it is not known at all.
    pub path: Option<UrlPath>,
    /// The names of the parameters after `?`.
    pub query: Vec<String>,
    /// Whether there may be parameters that are not in `query`.
    pub has_more_query: bool,
}

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The host that the page came from, or a host of this machine.
    Own,
    /// A host that is written down.
    Other(String),
    /// A host that is not known: it comes from the environment or from elsewhere.
    Unknown,
}

/// What stands before the path of a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    /// The path is whole; the base is the root.
    Root,
    /// A value of the environment.
    Env {
        /// The variable.
        name: String,
        /// The path of the value where the variable is not set.
        default: Option<UrlPath>,
        /// The host of the value where the variable is not set.
        host: Option<String>,
    },
    /// Something that is not known, with a path of its own or without.
    Unknown,
}

impl ClientUrl {
    /// Returns the path with that of its base, as far as the base is known.
    pub fn full(&self) -> Option<UrlPath> {
        let path = self.path.as_ref()?;
        let before = match &self.base {
            Base::Env { default: Some(before), .. } => before.segments.as_slice(),
            Base::Root | Base::Env { default: None, .. } | Base::Unknown => &[],
        };
        let segments = before.iter().chain(&path.segments).cloned().collect();
        Some(UrlPath { segments, slash: path.slash })
    }

    /// Returns whether anything fixed is in the path or in that of the base.
    fn says_something(&self) -> bool {
        let fixed = |it: &Segment| matches!(it, Segment::Text(_) | Segment::Mixed { .. });
        self.full().is_some_and(|path| path.segments.iter().any(fixed))
    }

    /// Returns whether the URL is that of a host that is known, or known by a name, without a path.
    fn is_root(&self) -> bool {
        self.base != Base::Unknown && self.path.as_ref().is_some_and(|path| path.segments.is_empty())
    }
}

/// A connection that stays open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketCall<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The URL, or the call where there is none.
    pub range: TextRange,
    /// What is connected to; without a path where it is not said.
    pub url: ClientUrl,
    /// What is spoken.
    pub kind: SocketKind,
    /// The class or function that connects: `WebSocket`, `io`.
    pub library: String,
}

/// What is spoken over a connection that stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SocketKind {
    /// A WebSocket.
    WebSocket,
    /// Socket.IO, which the server has to speak too.
    SocketIo,
    /// Pusher, or a server that speaks like it.
    Pusher,
    /// Server-sent events.
    EventSource,
}

/// A request whose URL cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientGap<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The call.
    pub range: TextRange,
    /// Why.
    pub reason: GapReason,
}

/// Why the URL of a request cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapReason {
    /// It is a value that comes from elsewhere.
    Url,
    /// It is a parameter, and no caller was found.
    Wrapper,
    /// There was too much to evaluate.
    Budget,
    /// The module is a client that was made from a schema: it may ask for all that the schema offers.
    Generated,
}

/// An entry of a table of endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredUrl<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The text of the URL.
    pub range: TextRange,
    /// The name of the table.
    pub table: String,
    /// The entry: `orders.detail`.
    pub entry: String,
    /// What it says.
    pub url: ClientUrl,
    /// Whether some request uses it.
    pub is_used: bool,
}

/// Something that serves or hands on requests before the API sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// Where it is said.
    pub range: TextRange,
    /// What it is.
    pub kind: ProxyKind,
    /// What the paths that it takes begin with, as it is written: `/api`, `/api/:path*`.
    pub prefix: String,
    /// Where they go, as far as it is written down.
    pub target: Option<String>,
    /// Whether the path is changed on the way.
    pub rewrites: bool,
}

/// What hands requests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProxyKind {
    /// A server for development: Vite, webpack, Create React App.
    Development,
    /// A rewrite of Next.
    Rewrite,
    /// A route handler of Next, which answers itself.
    NextRoute,
}

impl<'p> Client<'p> {
    /// Reads what the scripts of a project ask for.
    pub fn find(model: &ProjectModel<'p>) -> Self {
        let eval = Eval::new(model);
        let mut client = ask::run(&eval);
        client.gaps.extend(generated(model));
        client.gaps.sort_by_key(|it| (it.path, it.range, it.reason));
        client.declared = declared::find(&eval);
        client.proxies = proxy::find(model, &eval);
        client
    }
}

/// Returns the modules that were made from a schema and ask servers for something.
fn generated<'p>(model: &ProjectModel<'p>) -> Vec<ClientGap<'p>> {
    let asks = |text: &str| ["axios", "fetch(", "request("].iter().any(|it| text.contains(it));
    let files = model.files().filter(|it| {
        it.facts.script().is_some()
            && !it.source.roles.contains(Roles::TEST)
            && modules::is_generated(it.source.path.as_str(), &it.source.text)
            && asks(&it.source.text)
    });
    files
        .map(|it| ClientGap { path: &it.source.path, range: TextRange::default(), reason: GapReason::Generated })
        .collect()
}
