//! The routes of the server: which path is answered by which view, with which methods.
//!
//! URL configurations are programs that build lists, so they are interpreted (`interpret`): modules and the
//! functions they call, with lists, routers and applications as objects on a heap. What is reachable from a root is
//! then expanded (`expand`) into one [`Route`] for each path and view. What cannot be read becomes a [`Gap`], below
//! which nothing is claimed.

mod call;
mod channels;
mod evaluate;
pub mod events;
mod expand;
mod fastapi;
mod find;
mod heap;
mod interpret;
mod known;
mod pattern;
mod regex;
mod rest;
mod roots;
mod router;
mod sequence;
mod statement;
#[cfg(test)]
mod tests;
mod text;
mod view;

use std::collections::BTreeMap;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use crate::endpoint::{Methods, UrlPath};
pub use crate::flow::Place as RoutePlace;
use crate::project::{ClassRef, FunctionRef, ProjectModel};

/// The routes of all servers in the repository.
#[derive(Debug, Default)]
pub struct Routes<'p> {
    /// HTTP routes, in the order in which they are tried.
    pub routes: Vec<Route<'p>>,
    /// WebSocket routes that an application serves.
    pub sockets: Vec<SocketRoute<'p>>,
    /// Lists of WebSocket routes that no application serves.
    pub unmounted_sockets: Vec<UnmountedSockets<'p>>,
    /// Whether all of the applications' WebSocket routes could be read.
    pub has_all_sockets: bool,
    /// Parts of the address space about which nothing is known.
    pub gaps: Vec<Gap<'p>>,
    /// Where the routes start from.
    pub roots: Vec<Root<'p>>,
    index: BTreeMap<String, Vec<usize>>,
    open: Vec<usize>,
}

/// A path and what answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route<'p> {
    /// Its place among the routes: the first one that fits answers.
    pub order: usize,
    /// The whole path, from the root of the server.
    pub path: UrlPath,
    /// The methods it answers; `None` where they are not known, or any.
    pub methods: Option<Methods>,
    /// The call of `path()` or `register()`, or the decorator.
    pub place: RoutePlace<'p>,
    /// The class or function that answers, where it lies in the project.
    pub view: Option<ViewRef<'p>>,
    /// Its name, as the code calls it.
    pub view_name: String,
    /// The name by which the URL is reversed, with its namespaces: `shop:order-list`.
    pub name: Option<String>,
    /// The framework.
    pub framework: Framework,
    /// Whether it is only there under some setting: `if settings.DEBUG:`.
    pub is_conditional: bool,
    /// What answers which method, as far as that is known.
    pub handlers: Vec<Handler<'p>>,
    /// The action of a view set: that of its extra action, else the first of its handlers.
    pub action: Option<String>,
    /// The root it was reached from, by its place in [`Routes::roots`].
    pub root: usize,
}

/// What answers some methods of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler<'p> {
    /// The methods.
    pub methods: Methods,
    /// The name of the method of the class: `get`, `list`, `mark_read`.
    pub name: String,
    /// The function, where it lies in the project.
    pub function: Option<FunctionRef<'p>>,
}

/// What answers a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ViewRef<'p> {
    /// A class.
    Class(ClassRef<'p>),
    /// A function.
    Function(FunctionRef<'p>),
}

/// What a route is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Framework {
    /// Django without the REST framework.
    Django,
    /// Django's REST framework.
    Rest,
    /// `FastAPI`.
    FastApi,
}

/// A path that WebSockets are opened at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketRoute<'p> {
    /// The whole path.
    pub path: UrlPath,
    /// The call of `path()`, or the decorator.
    pub place: RoutePlace<'p>,
    /// The consumer or function.
    pub consumer: Option<ViewRef<'p>>,
    /// Its name, as the code calls it.
    pub consumer_name: String,
    /// Whether it is only there under some setting.
    pub is_conditional: bool,
}

/// A list of WebSocket routes that no application serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmountedSockets<'p> {
    /// Where the name of the list stands.
    pub place: RoutePlace<'p>,
    /// The name of the list: `websocket_urlpatterns`.
    pub name: String,
    /// Its routes.
    pub routes: Vec<SocketRoute<'p>>,
}

/// A part of the address space about which nothing is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap<'p> {
    /// Everything below it.
    pub prefix: UrlPath,
    /// The code that could not be read.
    pub place: Option<RoutePlace<'p>>,
    /// What it is, in the words of the code.
    pub reason: String,
    /// Whether it is only there under some setting.
    pub is_conditional: bool,
}

/// Where routes start from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root<'p> {
    /// The module.
    pub path: &'p RelPath,
    /// Why it is one.
    pub kind: RootKind,
    /// Where its list of routes, or the application, stands.
    pub range: TextRange,
}

/// Why a module is a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RootKind {
    /// Settings name it.
    Settings,
    /// It is called `urls.py` and nobody includes it.
    Guess,
    /// It makes an application.
    Application,
}

impl<'p> Routes<'p> {
    /// Reads the URL configurations of a project.
    pub(crate) fn find_all(project: &ProjectModel<'p>) -> Self {
        roots::routes(project)
    }

    /// Returns whether the routes of Django start at a module that settings name.
    pub fn has_settled_root(&self) -> bool {
        self.roots.iter().any(|root| root.kind == RootKind::Settings)
    }
}

impl Route<'_> {
    /// Returns what answers a method.
    pub fn handler(&self, method: Methods) -> Option<&Handler<'_>> {
        self.handlers.iter().find(|it| it.methods.intersects(method))
    }
}
