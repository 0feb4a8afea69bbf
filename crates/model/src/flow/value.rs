//! What an expression may stand for: rows of a model with what is covered, and what leads to them.

use std::collections::BTreeMap;
use std::rc::Rc;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use crate::django::ModelId;
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::ExprId;

/// How many alternatives a value keeps.
const ALTERNATIVES: usize = 6;

/// How many relations a row is followed through.
pub(crate) const HOPS: usize = 60;

/// How many parts a value is made of; one that holds another twice, and again, has no end of them.
const PARTS: usize = 1_000;

/// A place in a file of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// Where in it.
    pub range: TextRange,
}

/// Relation names from the rows of a query to other rows.
pub(crate) type Path = Vec<Rc<str>>;

/// A value of the program, as far as it matters for queries.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) enum Value<'p> {
    /// Not known.
    #[default]
    Unknown,
    /// `None`, or a function that returns nothing.
    None,
    /// A string.
    Str(Rc<str>),
    /// A whole number.
    Int(i64),
    /// `True` or `False`
    Bool(bool),
    /// A model class.
    Model(ModelId),
    /// `Model.objects`; the name is the manager's.
    Manager(ModelId, Rc<str>),
    /// A queryset that is not evaluated yet.
    Query(Rc<Query<'p>>),
    /// Rows in memory: an evaluated queryset, a list made of it, a page.
    Rows(Rc<Query<'p>>),
    /// One row of a query, or what a relation leads to from there.
    Row(Row<'p>),
    /// The manager of a to-many relation of a row, and what `.all()` of it returns.
    Related(Row<'p>),
    /// A row that was built in memory.
    New(ModelId),
    /// A class of the project that is no model.
    Class(ClassRef<'p>),
    /// A function of the project.
    Function(FunctionRef<'p>),
    /// A function bound to its first argument.
    Method(Rc<Value<'p>>, FunctionRef<'p>),
    /// `super()` of an object, seen from a class.
    Super(Rc<Value<'p>>, ClassRef<'p>),
    /// An object of a class of the project, with the attributes that were set on it.
    Object(ClassRef<'p>, Rc<BTreeMap<Rc<str>, Value<'p>>>),
    /// A module of the project.
    Module(&'p RelPath),
    /// Something from outside the project: `django.shortcuts.render`.
    External(Rc<str>),
    /// A lambda: its file, its expression.
    Lambda(&'p RelPath, ExprId),
    /// Many values of one kind.
    Items(Rc<Value<'p>>),
    /// A mapping to values of one kind.
    Mapping(Rc<Value<'p>>),
    /// A few values.
    Tuple(Rc<[Value<'p>]>),
    /// A dictionary with string keys.
    Dict(Rc<BTreeMap<Rc<str>, Value<'p>>>),
    /// One of several.
    Either(Rc<[Value<'p>]>),
}

/// Where the rows of a query come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Base<'p> {
    /// An expression.
    Site(Place<'p>),
    /// The row or the query that was the n-th one among the arguments of the function.
    Param(u16),
    /// Nobody knows who made them, nor what they cover.
    Somewhere,
}

/// Rows of a model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Query<'p> {
    /// The model.
    pub(crate) model: ModelId,
    /// Where they come from.
    pub(crate) base: Base<'p>,
    /// What is loaded with them.
    pub(crate) cover: Cover,
    /// Whether there may be more than one.
    pub(crate) many: bool,
    /// At most so many, where a literal says so.
    pub(crate) bound: Option<u32>,
    /// The related manager that this queryset was made from by a method that asks the database again.
    pub(crate) again: Option<Rc<(Row<'p>, Rc<str>)>>,
    /// How it can be extended.
    pub(crate) chain: Option<Chain<'p>>,
    /// Whether a class's own queryset was left behind for this one.
    pub(crate) dropped: bool,
    /// Whether the rows are tuples or dictionaries: `values()`.
    pub(crate) plain: bool,
    /// The function's expression that made it, where the place is the call of the function.
    pub(crate) made: Option<Place<'p>>,
}

/// The text of a queryset, for whoever wants to extend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Chain<'p> {
    /// The file.
    pub(crate) path: &'p RelPath,
    /// From the first name to the end of the last call.
    pub(crate) range: TextRange,
    /// The arguments of the last `select_related(…)`, brackets left out.
    pub(crate) select: Option<TextRange>,
    /// The arguments of the last `prefetch_related(…)`, brackets left out.
    pub(crate) prefetch: Option<TextRange>,
}

/// A row: a query's own, or the one that a path of relations leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Row<'p> {
    /// The query.
    pub(crate) query: Rc<Query<'p>>,
    /// The way from its rows.
    pub(crate) path: Path,
    /// The model at the end of the way.
    pub(crate) model: ModelId,
    /// The steps of the way that lead to a single row although the relation has many: a bit each.
    pub(crate) single: u64,
}

/// What is loaded together with rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Cover {
    /// The relations, each with what is loaded with its rows.
    pub(crate) relations: BTreeMap<Rc<str>, Covered>,
    /// Attributes that hold rows: `Prefetch(to_attr=…)`.
    pub(crate) lists: BTreeMap<Rc<str>, Rc<(ModelId, Cover)>>,
    /// Names that annotations put on the rows.
    pub(crate) annotations: std::collections::BTreeSet<Rc<str>>,
    /// `select_related()` without names: every key that is not null.
    pub(crate) every_key: bool,
    /// Something may be loaded that is not seen.
    pub(crate) is_unknown: bool,
}

/// A loaded relation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Covered {
    /// What is loaded with it.
    pub(crate) cover: Cover,
    /// Whether it is a prefetch, not a join.
    pub(crate) is_prefetch: bool,
}

/// Whether a relation is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// It is.
    Loaded,
    /// Nobody knows.
    Unknown,
    /// It is not: the number of names at the start of the way that are.
    Missing(usize),
}

impl Cover {
    /// Adds the relations of a path, each with those before it.
    pub(crate) fn add(&mut self, path: &str, is_prefetch: bool) {
        if path.split("__").nth(HOPS).is_some() {
            self.is_unknown = true;
            return;
        }
        let mut at = self;
        for name in path.split("__") {
            let covered = at.relations.entry(Rc::from(name)).or_default();
            covered.is_prefetch |= is_prefetch;
            at = &mut covered.cover;
        }
    }

    /// Adds everything that another covers.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.is_unknown |= other.is_unknown;
        self.every_key |= other.every_key;
        self.annotations.extend(other.annotations.iter().cloned());
        for (name, list) in &other.lists {
            self.lists.insert(Rc::clone(name), Rc::clone(list));
        }
        for (name, covered) in &other.relations {
            let own = self.relations.entry(Rc::clone(name)).or_default();
            own.is_prefetch |= covered.is_prefetch;
            own.cover.merge(&covered.cover);
        }
    }

    /// Takes the parts away from those that are left; returns false where there are more.
    fn fits(&self, left: &mut usize) -> bool {
        let own = 1 + self.annotations.len();
        *left = left.saturating_sub(own);
        *left > 0
            && self.relations.values().all(|it| it.cover.fits(left))
            && self.lists.values().all(|it| it.1.fits(left))
    }

    /// Returns what is covered at the end of a path, if the path is.
    pub(crate) fn below(&self, path: &[Rc<str>]) -> Option<&Self> {
        path.iter().try_fold(self, |at, name| at.relations.get(name).map(|covered| &covered.cover))
    }
}

impl<'p> Query<'p> {
    /// A query of all rows of a model.
    pub(crate) fn new(model: ModelId, base: Base<'p>) -> Self {
        Self {
            model,
            base,
            cover: Cover::default(),
            many: true,
            bound: None,
            again: None,
            chain: None,
            dropped: false,
            plain: false,
            made: None,
        }
    }

    fn fits(&self, left: &mut usize) -> bool {
        self.cover.fits(left) && self.again.as_ref().is_none_or(|again| again.0.query.fits(left))
    }

    /// Returns a row of the query.
    pub(crate) fn row(self: &Rc<Self>) -> Row<'p> {
        Row { query: Rc::clone(self), path: Vec::new(), model: self.model, single: 0 }
    }
}

impl<'p> Row<'p> {
    /// Returns the row that a relation leads to.
    pub(crate) fn follow(&self, name: &str, model: ModelId) -> Self {
        let mut path = self.path.clone();
        path.push(Rc::from(name));
        Self { query: Rc::clone(&self.query), path, model, single: self.single }
    }

    /// Returns one row of those that the last relation leads to.
    pub(crate) fn one(&self) -> Self {
        let last = self.path.len().saturating_sub(1).min(63);
        Self { single: self.single | 1 << last, ..self.clone() }
    }
}

impl<'p> Value<'p> {
    /// An object of a class without attributes of its own.
    pub(crate) fn object(class: ClassRef<'p>) -> Self {
        Self::Object(class, Rc::default())
    }

    /// Returns the alternatives.
    pub(crate) fn each(&self) -> &[Self] {
        match self {
            Self::Either(values) => values,
            other => std::slice::from_ref(other),
        }
    }

    /// Returns a value that may be either. What nothing is known of gives way to what something is known of.
    pub(crate) fn or(self, other: Self) -> Self {
        if self == other || matches!(other, Self::Unknown | Self::None) {
            return self;
        }
        if matches!(self, Self::Unknown | Self::None) {
            return other;
        }
        if other.is_empty_query() && self.is_rows() {
            return self;
        }
        if self.is_empty_query() && other.is_rows() {
            return other;
        }
        let mut all: Vec<Self> = self.each().to_vec();
        for value in other.each() {
            // Where one branch loads more than the other, so may the condition have decided for the reader too.
            match all.iter().position(|known| known.is_same_rows(value)) {
                Some(at) => all[at] = all[at].joined(value),
                _ if all.contains(value) || all.len() >= ALTERNATIVES => {}
                _ => all.push(value.clone()),
            }
        }
        if let [only] = all.as_slice() {
            return only.clone();
        }
        Self::Either(Rc::from(all))
    }

    /// Returns whether it is `None`, where that is known.
    pub(crate) fn is_none(&self) -> Option<bool> {
        match self {
            Self::None => Some(true),
            Self::Unknown | Self::Either(_) | Self::Row(_) => None,
            _ => Some(false),
        }
    }

    /// Returns whether it is `Model.objects.none()`.
    fn is_empty_query(&self) -> bool {
        matches!(self, Self::Query(query) if query.bound == Some(0))
    }

    fn is_rows(&self) -> bool {
        matches!(self, Self::Query(_) | Self::Rows(_) | Self::Related(_) | Self::Either(_))
    }

    /// Returns whether two values are rows of the same queryset.
    fn is_same_rows(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Query(left), Self::Query(right)) | (Self::Rows(left), Self::Rows(right)) => {
                left.base == right.base
                    && left.model == right.model
                    && left.again == right.again
                    && left.plain == right.plain
            }
            _ => false,
        }
    }

    /// Returns rows of one queryset with what either branch loads.
    fn joined(&self, other: &Self) -> Self {
        let join = |left: &Rc<Query<'p>>, right: &Rc<Query<'p>>| {
            if left.cover == right.cover && left.bound == right.bound {
                return Rc::clone(left);
            }
            let mut next = (**left).clone();
            next.cover.merge(&right.cover);
            next.bound = left.bound.and(right.bound);
            next.chain = right.chain.or(left.chain);
            Rc::new(next)
        };
        match (self, other) {
            (Self::Query(left), Self::Query(right)) => Self::Query(join(left, right)),
            (Self::Rows(left), Self::Rows(right)) => Self::Rows(join(left, right)),
            _ => self.clone(),
        }
    }

    /// Applies a function to each alternative.
    pub(crate) fn map(&self, mut change: impl FnMut(&Self) -> Self) -> Self {
        match self {
            Self::Either(values) => values.iter().fold(Self::Unknown, |all, value| {
                let changed = change(value);
                all.or(changed)
            }),
            other => change(other),
        }
    }

    /// Returns the value; one of too many parts is not known.
    pub(crate) fn bounded(&self) -> Self {
        if self.fits(&mut PARTS.clone()) { self.clone() } else { Self::Unknown }
    }

    fn fits(&self, left: &mut usize) -> bool {
        *left = left.saturating_sub(1);
        *left > 0
            && match self {
                Self::Query(query) | Self::Rows(query) => query.fits(left),
                Self::Row(row) | Self::Related(row) => row.query.fits(left),
                Self::Items(inner) | Self::Mapping(inner) | Self::Method(inner, _) | Self::Super(inner, _) => {
                    inner.fits(left)
                }
                Self::Tuple(values) | Self::Either(values) => values.iter().all(|it| it.fits(left)),
                Self::Dict(fields) | Self::Object(_, fields) => fields.values().all(|it| it.fits(left)),
                Self::Unknown
                | Self::None
                | Self::Str(_)
                | Self::Int(_)
                | Self::Bool(_)
                | Self::Model(_)
                | Self::Manager(..)
                | Self::New(_)
                | Self::Class(_)
                | Self::Function(_)
                | Self::Module(_)
                | Self::External(_)
                | Self::Lambda(..) => true,
            }
    }

    /// Returns whether anything is known that could lead to rows.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Self::Unknown | Self::None | Self::Str(_) | Self::Int(_) | Self::Bool(_))
    }
}

/// A value, and what it depends on: one bit for each parameter and each loop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Val<'p> {
    pub(crate) value: Value<'p>,
    pub(crate) on: u64,
}

impl<'p> Val<'p> {
    pub(crate) fn new(value: Value<'p>, on: u64) -> Self {
        Self { value, on }
    }

    pub(crate) fn unknown(on: u64) -> Self {
        Self { value: Value::Unknown, on }
    }

    /// Returns a value that may be either.
    pub(crate) fn or(self, other: Self) -> Self {
        Self { on: self.on | other.on, value: self.value.or(other.value) }
    }
}
