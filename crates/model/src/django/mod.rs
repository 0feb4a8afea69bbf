//! The Django models of a repository: their fields, relations, reverse names and managers.
//!
//! `class` finds the classes that are models and reads what they say, `packages` knows models of installed
//! packages, `link` joins both: inheritance, targets of relations, reverse names.

mod apps;
pub mod chain;
mod class;
mod field;
mod index;
mod inherit;
pub(crate) mod lineage;
mod link;
pub mod local;
mod manager;
pub(crate) mod meta;
pub(crate) mod module;
mod packages;
mod reverse;
mod table;
pub(crate) mod target;
#[cfg(test)]
mod tests;
pub mod transaction;
pub mod write;
mod writer;

use std::collections::BTreeMap;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use rustc_hash::FxHashMap;

use crate::project::{ClassRef, ProjectModel};

/// The index of a model among [`Models`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(pub u32);

/// All models of the project and of the installed packages that are known.
#[derive(Debug, Default)]
pub struct Models<'p> {
    models: Vec<Model<'p>>,
    names: Vec<Names<'p>>,
    by_class: FxHashMap<ClassRef<'p>, ModelId>,
    by_external: BTreeMap<&'static str, ModelId>,
    /// By lower-case label; `None` where two models share it.
    by_label: BTreeMap<String, Option<ModelId>>,
    user: Option<ModelId>,
    /// Reverse names of relations of which nobody knows where they lead.
    stray: Names<'p>,
}

/// The names of one model.
#[derive(Debug, Clone, Default)]
struct Names<'p> {
    /// Fields, as attributes and in look-ups.
    forward: BTreeMap<String, Field<'p>>,
    /// Attributes that other models' relations add.
    reverse: BTreeMap<String, Field<'p>>,
    /// The names of those relations in look-ups.
    queries: BTreeMap<String, Field<'p>>,
}

/// One model.
#[derive(Debug, Clone)]
pub struct Model<'p> {
    /// Its class's name.
    pub name: String,
    /// The label of its app; with the name it makes the label `app.Name`.
    pub app: String,
    /// Its class; none for a model of an installed package.
    pub class: Option<ClassRef<'p>>,
    /// Whether it has no table and is only inherited from.
    pub is_abstract: bool,
    /// The model whose table a proxy shows.
    pub proxy_of: Option<ModelId>,
    /// The concrete models it extends by a table of its own.
    pub parents: Vec<ModelId>,
    /// Whether all its fields are known: only then does it lack what is not found.
    pub is_complete: bool,
    /// Why it is not complete.
    pub gaps: Vec<String>,
    /// Its managers, inherited ones too.
    pub managers: BTreeMap<String, Manager<'p>>,
    /// The name of its default manager.
    pub default_manager: String,
    /// `Meta.ordering`, as it is written.
    pub ordering: Vec<String>,
    /// The columns of `Meta.indexes`, `constraints`, `unique_together` and `index_together`, in order.
    pub indexes: Vec<Vec<String>>,
    /// The class's name in its file.
    pub place: Option<(&'p RelPath, TextRange)>,
}

/// A manager of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manager<'p> {
    /// The manager's class, where the project defines it.
    pub class: Option<ClassRef<'p>>,
    /// The queryset class of `as_manager()` or `from_queryset()`, where the project defines it.
    pub queryset: Option<ClassRef<'p>>,
    /// Whether nothing outside the repository changes what its default queryset loads.
    pub is_known: bool,
}

/// A field, or what another model's relation adds to this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<'p> {
    /// The name it was found under.
    pub name: String,
    /// What it is.
    pub kind: FieldKind,
    /// The model a relation leads to, if it is known.
    pub target: Option<ModelId>,
    /// The model between the sides of a many-to-many relation, where it is given.
    pub through: Option<ModelId>,
    /// Whether it may be empty; a reverse one-to-one always may.
    pub null: bool,
    /// Whether its values are unique.
    pub unique: bool,
    /// Whether it is the declared primary key.
    pub primary_key: bool,
    /// Whether a foreign key names another column of its target than the primary key.
    pub has_other_key: bool,
    /// Whether an index begins with it.
    pub db_index: bool,
    /// How many choices it has; 0 where they cannot be counted.
    pub choices: Option<usize>,
    /// The field's class: `CharField`; for a class of the project the package's class it descends from.
    pub column: String,
    /// For what another model's relation adds: that relation's name on the target.
    pub reverse_of: Option<String>,
    /// The name in the assignment of the field or of the other model's relation.
    pub place: Option<(&'p RelPath, TextRange)>,
}

/// What a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldKind {
    /// A value; the `_id` of a foreign key too.
    Column,
    /// A foreign key.
    ForeignKey,
    /// A one-to-one relation.
    OneToOne,
    /// A many-to-many relation.
    ManyToMany,
    /// The rows whose foreign key names this one.
    ReverseForeignKey,
    /// The row whose one-to-one relation names this one.
    ReverseOneToOne,
    /// The other side of a many-to-many relation.
    ReverseManyToMany,
    /// A key to a row of any model.
    GenericForeignKey,
    /// The rows whose generic key names this one.
    GenericRelation,
}

impl FieldKind {
    /// Returns whether it leads to rows.
    pub fn is_relation(self) -> bool {
        self.is_many() || self.is_single()
    }

    /// Returns whether it is a manager of rows.
    pub fn is_many(self) -> bool {
        match self {
            Self::ManyToMany | Self::ReverseForeignKey | Self::ReverseManyToMany | Self::GenericRelation => true,
            Self::Column | Self::ForeignKey | Self::OneToOne | Self::ReverseOneToOne | Self::GenericForeignKey => false,
        }
    }

    /// Returns whether it is one row.
    pub fn is_single(self) -> bool {
        match self {
            Self::ForeignKey | Self::OneToOne | Self::ReverseOneToOne | Self::GenericForeignKey => true,
            Self::Column
            | Self::ManyToMany
            | Self::ReverseForeignKey
            | Self::ReverseManyToMany
            | Self::GenericRelation => false,
        }
    }

    /// Returns what the other side of a relation is.
    fn reversed(self) -> Option<Self> {
        match self {
            Self::ForeignKey => Some(Self::ReverseForeignKey),
            Self::OneToOne => Some(Self::ReverseOneToOne),
            Self::ManyToMany => Some(Self::ReverseManyToMany),
            Self::Column
            | Self::ReverseForeignKey
            | Self::ReverseOneToOne
            | Self::ReverseManyToMany
            | Self::GenericForeignKey
            | Self::GenericRelation => None,
        }
    }
}

impl<'p> Models<'p> {
    /// Finds all models.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        let mut declared = class::declare(project);
        packages::declare(project, &mut declared);
        class::add_to_classes(project, &mut declared);
        link::link(project, declared)
    }

    /// Returns a model.
    pub fn get(&self, id: ModelId) -> &Model<'p> {
        &self.models[id.0 as usize]
    }

    /// Returns all models, those of packages last.
    pub fn all(&self) -> impl Iterator<Item = (ModelId, &Model<'p>)> {
        (0..).map(ModelId).zip(&self.models)
    }

    /// Returns the model that a class of the project is, abstract ones too.
    pub fn of_class(&self, class: ClassRef<'p>) -> Option<ModelId> {
        self.by_class.get(&class).copied()
    }

    /// Returns the model of an installed package: `django.contrib.auth.models.User`.
    pub fn of_external(&self, dotted: &str) -> Option<ModelId> {
        self.by_external.get(packages::canonical(dotted)).copied()
    }

    /// Returns the model of a label such as `app.Model`, in any case; none where two models share it.
    pub fn of_label(&self, label: &str) -> Option<ModelId> {
        self.by_label.get(&label.to_lowercase()).copied().flatten()
    }

    /// Returns the user model: that of `AUTH_USER_MODEL`, else Django's own.
    pub fn user(&self) -> Option<ModelId> {
        self.user
    }

    /// Returns what an instance has under a name: a field, also an inherited one, or a reverse accessor.
    pub fn field(&self, model: ModelId, name: &str) -> Option<&Field<'p>> {
        let names = self.names.get(model.0 as usize)?;
        names.forward.get(name).or_else(|| names.reverse.get(name))
    }

    /// Returns what a name means in `filter()` and `order_by()`.
    pub fn lookup(&self, model: ModelId, name: &str) -> Option<&Field<'p>> {
        let names = self.names.get(model.0 as usize)?;
        // A generic key is no column.
        let forward = names.forward.get(name).filter(|field| field.kind != FieldKind::GenericForeignKey);
        forward.or_else(|| names.queries.get(name))
    }

    /// Returns whether a model certainly has nothing of a name: no attribute by a field or relation, and no look-up.
    ///
    /// Methods, properties and annotations are not asked.
    pub fn lacks(&self, model: ModelId, name: &str) -> bool {
        self.models.get(model.0 as usize).is_some_and(|model| model.is_complete)
            && self.field(model, name).is_none()
            && self.lookup(model, name).is_none()
            && !self.stray.reverse.contains_key(name)
            && !self.stray.queries.contains_key(name)
    }

    /// Returns the fields and reverse accessors of a model, each sorted by name; `pk` and `_id` columns too.
    pub fn fields(&self, model: ModelId) -> impl Iterator<Item = &Field<'p>> {
        let names = self.names.get(model.0 as usize);
        names.into_iter().flat_map(|names| names.forward.values().chain(names.reverse.values()))
    }
}
