//! Django's REST framework: which views there are, and what each of them decides about permissions, authentication,
//! throttles and pages, through its bases and its decorators.

pub mod defaults;
pub mod extent;
mod policy;
pub mod purpose;
pub mod throttle;
mod view;

use crate::endpoint::Methods;
use crate::flow::Place;
use crate::project::ancestry::Ancestry;
use crate::project::{ClassRef, FunctionRef, ProjectModel};

/// The views and classes of the REST framework in a project.
#[derive(Debug, Default)]
pub struct Rest<'p> {
    /// The views, in the order of files and lines.
    pub views: Vec<View<'p>>,
}

/// A view of the REST framework.
#[derive(Debug)]
pub struct View<'p> {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub place: Place<'p>,
    /// What it is.
    pub target: Target<'p>,
    /// What its class descends from; of a function nothing.
    pub ancestry: Ancestry<'p>,
    /// Whether what it decides is known: all bases from outside are the framework's own, no decorator is strange.
    pub is_known: bool,
    /// Whether other classes of the project descend from it.
    pub is_base: bool,
    /// Who may use it.
    pub permissions: Policy<'p>,
    /// How users are recognised.
    pub authentication: Policy<'p>,
    /// What slows clients down.
    pub throttles: Policy<'p>,
    /// `throttle_scope`
    pub throttle_scope: Option<(String, Place<'p>)>,
    /// How lists are cut.
    pub pages: Pages<'p>,
    /// The methods it answers.
    pub methods: Methods,
    /// Whether the framework's own code lists its rows.
    pub lists: bool,
    /// The methods of the project that answer requests.
    pub handlers: Vec<Handler<'p>>,
}

/// What a view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'p> {
    /// A class.
    Class(ClassRef<'p>),
    /// A function with `@api_view`.
    Function(FunctionRef<'p>),
}

/// What a view says of the classes that guard it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy<'p> {
    /// Nothing: the settings decide.
    Default,
    /// These classes.
    Listed(Listed<'p>),
    /// A method or something computed decides.
    Computed,
}

/// Classes that a view names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<'p> {
    /// The classes; what `|`, `&` and `~` join stands here one by one.
    pub classes: Vec<Named<'p>>,
    /// Where the list is written.
    pub place: Place<'p>,
    /// Whether `|`, `&` or `~` joins some of them.
    pub is_joined: bool,
}

/// A class that is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<'p> {
    /// The name it goes by: `rest_framework.permissions.AllowAny`; of a class of the project its own.
    pub name: String,
    /// The class, where it lies in the project.
    pub class: Option<ClassRef<'p>>,
    /// Where it is named.
    pub place: Place<'p>,
}

/// What a view says of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pages<'p> {
    /// Nothing: the settings decide.
    Default,
    /// There are none: `pagination_class = None`.
    None(Place<'p>),
    /// A class cuts them, or something computed.
    Some,
}

/// A method of the project that answers requests.
#[derive(Debug)]
pub struct Handler<'p> {
    /// The method's name: `get`, `list`, `mark_read`.
    pub name: String,
    /// The function.
    pub function: FunctionRef<'p>,
    /// The methods it answers.
    pub methods: Methods,
    /// Whether `@action` makes it a route of its own.
    pub is_action: bool,
    /// What its `@action` says of permissions.
    pub permissions: Policy<'p>,
    /// What its `@action` says of throttles.
    pub throttles: Policy<'p>,
    /// What its `@action` says of pages.
    pub pages: Pages<'p>,
    /// The other decorators, as they are written.
    pub decorators: Vec<String>,
}

impl<'p> Rest<'p> {
    /// Finds the views of a project.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        Self { views: view::views(project) }
    }
}

impl Named<'_> {
    /// Returns the last part of the name.
    pub fn last(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

impl<'p> Policy<'p> {
    /// Returns the classes that are listed, if a list decides.
    pub fn listed(&self) -> Option<&Listed<'p>> {
        match self {
            Self::Listed(listed) => Some(listed),
            Self::Default | Self::Computed => None,
        }
    }

    /// Returns whether a list lets everybody in: it is empty, or names nothing but `AllowAny`.
    pub fn allows_anyone(&self) -> bool {
        self.listed().is_some_and(|listed| listed.classes.iter().all(|it| it.last() == "AllowAny") && !listed.is_joined)
    }
}
