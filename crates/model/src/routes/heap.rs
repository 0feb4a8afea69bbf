//! The objects that URL configurations make: lists, patterns, routers, applications.

use std::rc::Rc;

use super::RoutePlace;
use super::text::Text;
use crate::endpoint::{Methods, Slash};
use crate::project::{ClassRef, FunctionRef};
use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ListId(pub(super) usize);
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PatternId(pub(super) usize);
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RouterId(pub(super) usize);
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct AppId(pub(super) usize);
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SocketsId(pub(super) usize);

/// What an expression stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Value<'p> {
    #[default]
    Unknown,
    None,
    Bool(bool),
    Int(i64),
    Text(Rc<Text>),
    List(ListId),
    Dict(Rc<Vec<(Value<'p>, Value<'p>)>>),
    Module(&'p RelPath),
    Class(ClassRef<'p>),
    /// An object of a class of the project.
    Object(ClassRef<'p>),
    Function(FunctionRef<'p>),
    /// Something from outside: `django.contrib.admin.site`.
    External(Rc<str>),
    /// What calling something from outside made.
    Called(Rc<str>),
    View(Rc<View<'p>>),
    Pattern(PatternId),
    Include(Rc<Include<'p>>),
    Router(RouterId),
    /// `router.registry`
    Registry(RouterId),
    /// `router.urls`
    Urls(RouterId),
    /// What `register` of a router of drf-extensions returns.
    Nested(RouterId, usize),
    App(AppId),
    /// `@router.get("/orders")`
    Operation(Rc<Operation>, AppId),
    /// `URLRouter(…)`
    Sockets(SocketsId),
}

/// Entries of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item<'p> {
    pub(super) value: Value<'p>,
    pub(super) is_conditional: bool,
    pub(super) place: Option<RoutePlace<'p>>,
}

/// A view as it is handed to `path()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View<'p> {
    pub(super) target: Target<'p>,
    pub(super) name: String,
    /// `as_view({"get": "list"})`: what answers which method. `None` where no map was given.
    pub(super) actions: Option<Vec<(Methods, String)>>,
    /// What a decorator around it leaves.
    pub(super) only: Option<Methods>,
}

/// What is behind a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target<'p> {
    Class(ClassRef<'p>),
    Function(FunctionRef<'p>),
    External(Rc<str>),
    Unknown,
}

/// `include(…)`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Include<'p> {
    pub(super) what: Value<'p>,
    pub(super) namespace: Option<String>,
    /// What it is, in the words of the code.
    pub(super) words: String,
}

/// `path(…)`
#[derive(Debug, Clone)]
pub(super) struct Pattern<'p> {
    pub(super) route: Text,
    pub(super) kind: PatternKind,
    pub(super) target: Value<'p>,
    pub(super) name: Option<String>,
    pub(super) place: RoutePlace<'p>,
    pub(super) words: String,
    pub(super) is_conditional: bool,
}

/// How the route of a pattern is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PatternKind {
    /// `path()`
    Plain,
    /// `re_path()`
    Regex,
    /// `i18n_patterns()`: the language; whether it may be left out.
    Language(bool),
    /// `static()`
    Static,
}

/// A router of the REST framework.
#[derive(Debug, Clone)]
pub(super) struct Router<'p> {
    pub(super) slash: Slash,
    /// Whether it answers its own root with a list of its routes.
    pub(super) has_root: bool,
    /// Whether a class of the project changes which routes it makes.
    pub(super) is_custom: bool,
    pub(super) parent: Option<Parent>,
    pub(super) entries: Vec<Entry<'p>>,
    pub(super) place: RoutePlace<'p>,
}

/// The router above a nested one.
#[derive(Debug, Clone)]
pub(super) struct Parent {
    pub(super) router: RouterId,
    pub(super) prefix: Text,
    pub(super) lookup: String,
}

/// `router.register(…)`
#[derive(Debug, Clone)]
pub(super) struct Entry<'p> {
    pub(super) prefix: Text,
    pub(super) view: Value<'p>,
    pub(super) basename: Option<String>,
    pub(super) place: RoutePlace<'p>,
    pub(super) is_conditional: bool,
    /// The entry above it, and the lookups in between, for drf-extensions.
    pub(super) above: Option<(usize, Vec<String>)>,
    /// Another router whose entries stand here.
    pub(super) other: Option<RouterId>,
}

/// An application or a router of `FastAPI`.
#[derive(Debug, Clone)]
pub(super) struct App<'p> {
    pub(super) is_app: bool,
    pub(super) prefix: Text,
    pub(super) parts: Vec<AppPart<'p>>,
    pub(super) place: RoutePlace<'p>,
}

/// A route of an application, or others that it takes in.
#[derive(Debug, Clone)]
pub(super) struct AppPart<'p> {
    pub(super) kind: AppPartKind<'p>,
    pub(super) path: Text,
    pub(super) place: RoutePlace<'p>,
    pub(super) is_conditional: bool,
    pub(super) words: String,
}

/// What is added to an application.
#[derive(Debug, Clone)]
pub(super) enum AppPartKind<'p> {
    Route(Option<Methods>, Value<'p>, Option<String>),
    Socket(Value<'p>),
    Include(Value<'p>),
    Mount(Value<'p>),
}

/// A decorator that adds a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) methods: Option<Methods>,
    pub(super) is_socket: bool,
    pub(super) path: Text,
    pub(super) name: Option<String>,
    pub(super) range: TextRange,
}

/// `URLRouter(…)`
#[derive(Debug, Clone)]
pub(super) struct Sockets<'p> {
    pub(super) routes: Value<'p>,
    /// Whether another one is around it.
    pub(super) is_inner: bool,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Heap<'p> {
    pub(super) lists: Vec<Vec<Item<'p>>>,
    pub(super) patterns: Vec<Pattern<'p>>,
    pub(super) routers: Vec<Router<'p>>,
    pub(super) apps: Vec<App<'p>>,
    pub(super) sockets: Vec<Sockets<'p>>,
}

/// How many objects of a kind are made at most.
const OBJECTS: usize = 40_000;

impl<'p> Heap<'p> {
    pub(super) fn list(&mut self, items: Vec<Item<'p>>) -> Value<'p> {
        if self.lists.len() > OBJECTS {
            return Value::Unknown;
        }
        self.lists.push(items);
        Value::List(ListId(self.lists.len() - 1))
    }

    pub(super) fn items(&self, id: ListId) -> &[Item<'p>] {
        self.lists.get(id.0).map_or(&[], Vec::as_slice)
    }

    pub(super) fn push(&mut self, id: ListId, item: Item<'p>) {
        if let Some(list) = self.lists.get_mut(id.0).filter(|list| list.len() < OBJECTS) {
            list.push(item);
        }
    }

    pub(super) fn pattern(&mut self, pattern: Pattern<'p>) -> Value<'p> {
        if self.patterns.len() > OBJECTS {
            return Value::Unknown;
        }
        self.patterns.push(pattern);
        Value::Pattern(PatternId(self.patterns.len() - 1))
    }

    pub(super) fn router(&mut self, router: Router<'p>) -> RouterId {
        self.routers.push(router);
        RouterId(self.routers.len() - 1)
    }

    pub(super) fn app(&mut self, app: App<'p>) -> AppId {
        self.apps.push(app);
        AppId(self.apps.len() - 1)
    }

    pub(super) fn register(&mut self, id: RouterId, entry: Entry<'p>) -> usize {
        let Some(router) = self.routers.get_mut(id.0) else { return 0 };
        if router.entries.len() < OBJECTS {
            router.entries.push(entry);
        }
        router.entries.len() - 1
    }

    pub(super) fn add(&mut self, id: AppId, part: AppPart<'p>) {
        if let Some(app) = self.apps.get_mut(id.0).filter(|app| app.parts.len() < OBJECTS) {
            app.parts.push(part);
        }
    }
}

impl<'p> Value<'p> {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Rc::new(Text::known(text)))
    }

    /// Returns the text of a string that is known.
    pub(super) fn whole(&self) -> Option<&str> {
        match self {
            Self::Text(text) => text.whole(),
            _ => None,
        }
    }

    /// Returns what the value is as a part of a string.
    pub(super) fn as_text(&self, words: &str) -> Text {
        match self {
            Self::Text(text) => (**text).clone(),
            Self::Int(number) => Text::known(&number.to_string()),
            Self::External(name) => Text::hole(name.rsplit('.').next().unwrap_or(name)),
            Self::Called(_) => Text::hole(""),
            _ => Text::hole(words.rsplit('.').next().unwrap_or(words)),
        }
    }

    /// Returns whether it may be a view.
    pub(super) fn is_view(&self) -> bool {
        matches!(self, Self::View(_) | Self::Function(_) | Self::Class(_) | Self::Sockets(_) | Self::App(_))
    }
}
