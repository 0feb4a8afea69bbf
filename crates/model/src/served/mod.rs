//! What serializers send: the fields of each, with their kinds, as JSON has them.

mod annotation;
mod column;
mod field;
mod find;
mod overridden;
mod setting;
pub(crate) mod stated;
#[cfg(test)]
mod tests;

use arrears_core::text::TextRange;
use rustc_hash::FxHashMap;

use crate::django::ModelId;
use crate::flow::Place;
use crate::project::{ClassRef, ProjectModel};
pub(crate) use setting::camelize;

/// The serializers of a project, sorted by path and place.
#[derive(Debug, Default)]
pub struct Served<'p> {
    serializers: Vec<Serializer<'p>>,
    by_class: FxHashMap<ClassRef<'p>, usize>,
}

/// One serializer.
#[derive(Debug, Clone)]
pub struct Serializer<'p> {
    /// Its name.
    pub name: &'p str,
    /// Its class.
    pub class: ClassRef<'p>,
    /// Where its name stands.
    pub place: Place<'p>,
    /// The model whose rows it shows.
    pub model: Option<ModelId>,
    /// What it sends, as far as that is known, each name once.
    pub fields: Vec<ServedField<'p>>,
    /// Whether it sends nothing else: only then a field that is not among these is never sent.
    pub is_complete: bool,
}

/// A field that is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ServedField<'p> {
    /// Its name, as it is sent.
    pub name: String,
    /// What it is.
    pub kind: Kind<'p>,
    /// Whether it may be `null`: where that is certain.
    pub is_nullable: bool,
    /// Whether it may be missing.
    pub is_optional: bool,
    /// Where the serializer says so.
    pub place: Place<'p>,
    /// The field of the model that it shows.
    pub column: Option<Column<'p>>,
}

/// A field of a model, as a reader knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column<'p> {
    /// `Order.total`
    pub name: String,
    /// The name in its assignment.
    pub place: (&'p arrears_core::source::RelPath, TextRange),
}

/// What a field is in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind<'p> {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A decimal, sent as a string.
    Decimal,
    /// `true` or `false`
    Boolean,
    /// A date, a time or both, sent as a string.
    Time,
    /// A UUID, sent as a string.
    Uuid,
    /// Any JSON.
    Json,
    /// A list.
    List(Box<Kind<'p>>),
    /// What another serializer sends.
    Object(ClassRef<'p>),
    /// Not known.
    Unknown,
}

impl Kind<'_> {
    /// Says what arrives: `a string`.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Integer | Self::Float => "a number",
            Self::Decimal => "a decimal as a string",
            Self::Boolean => "a boolean",
            Self::Time => "a date as a string",
            Self::Uuid => "a UUID as a string",
            Self::Json => "JSON",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::Unknown => "something",
        }
    }
}

impl<'p> Served<'p> {
    /// Finds the serializers of a project.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        let serializers = find::serializers(project);
        let by_class = serializers.iter().enumerate().map(|(at, it)| (it.class, at)).collect();
        Self { serializers, by_class }
    }

    /// Returns all serializers, sorted by path and place.
    pub fn all(&self) -> &[Serializer<'p>] {
        &self.serializers
    }

    /// Returns the serializer that a class is.
    pub fn of_class(&self, class: ClassRef<'p>) -> Option<&Serializer<'p>> {
        self.serializers.get(*self.by_class.get(&class)?)
    }
}

impl<'p> Serializer<'p> {
    /// Returns the field that is sent under a name.
    pub fn field(&self, name: &str) -> Option<&ServedField<'p>> {
        self.fields.iter().find(|field| field.name == name)
    }
}
