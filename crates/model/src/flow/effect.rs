//! What running a function does to the database, as far as its callers have to know.

use std::rc::Rc;

use super::value::{Place, Row, Val};
use crate::django::ModelId;

/// How a relation is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum What {
    /// A key is followed, or a row of a one-to-one relation is looked for.
    Load,
    /// The rows of a to-many relation are read as they may have been prefetched.
    Iterate,
    /// The database is asked again, whatever was prefetched: the method that does it.
    Again(Rc<str>),
}

/// How a row came to be read: what a reader has to know to find the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    /// An attribute that follows a key.
    ForeignKey,
    /// The manager of a to-many relation.
    Related,
    /// A property or method of the model.
    Method,
    /// A field of a serializer.
    SerializerField,
    /// A method of a serializer.
    SerializerMethod,
    /// A template.
    Template,
    /// A change list of the admin.
    Admin,
    /// A `get_queryset` that leaves the class's own queryset behind.
    EagerLoadingDropped,
}

impl Via {
    /// Returns the word for `properties.via`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ForeignKey => "foreign-key",
            Self::Related => "related",
            Self::Method => "method",
            Self::SerializerField => "serializer-field",
            Self::SerializerMethod => "serializer-method",
            Self::Template => "template",
            Self::Admin => "admin",
            Self::EagerLoadingDropped => "eager-loading-dropped",
        }
    }
}

/// A station on the way from a queryset to where its rows are read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Step<'p> {
    /// Where.
    pub place: Place<'p>,
    /// What happens there.
    pub what: String,
}

/// A relation that is read of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Demand<'p> {
    /// The row that the relation leads to, or whose relation is read.
    pub(crate) row: Row<'p>,
    /// How.
    pub(crate) what: What,
    /// Through what.
    pub(crate) via: Via,
    /// Where it is read.
    pub(crate) access: Place<'p>,
    /// The stations between the queryset and the access, the outermost first.
    pub(crate) steps: Vec<Step<'p>>,
}

/// A query that a function makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked<'p> {
    /// The expression that asks.
    pub(crate) place: Place<'p>,
    /// The model.
    pub(crate) model: ModelId,
    /// The method that asks: `get`, `iterate`.
    pub(crate) method: Rc<str>,
    /// Whether it writes.
    pub(crate) writes: bool,
    /// What it depends on.
    pub(crate) on: u64,
    /// The queryset.
    pub(crate) made: Option<Place<'p>>,
    /// The calls between here and there, the outermost first.
    pub(crate) steps: Vec<Step<'p>>,
}

/// Everything a function does, relative to its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Effects<'p> {
    pub(crate) demands: Vec<Demand<'p>>,
    pub(crate) asked: Vec<Asked<'p>>,
}

/// A function's value and effects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Summary<'p> {
    pub(crate) returns: Val<'p>,
    pub(crate) effects: Effects<'p>,
}
