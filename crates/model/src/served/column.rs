//! Fields of models as JSON, and the way of dots from a row to one.

use crate::django::{Field, FieldKind, ModelId, Models};
use crate::project::{ClassRef, FunctionRef, ProjectModel};

use super::Kind;
use super::stated::order_of;

/// How many keys are followed to know what one is.
const KEYS: u32 = 8;

/// What `source="customer.name"` leads to.
pub(super) struct Reached<'m, 'p> {
    /// The model at the end of the way.
    pub(super) model: ModelId,
    /// Its field.
    pub(super) field: Option<&'m Field<'p>>,
    /// Else the method or property.
    pub(super) function: Option<FunctionRef<'p>>,
    /// Whether a row on the way may be missing.
    pub(super) has_gap: bool,
}

/// Follows a way of dots from a row.
pub(super) fn reach<'m, 'p>(
    project: &ProjectModel<'p>,
    models: &'m Models<'p>,
    model: ModelId,
    source: &str,
) -> Option<Reached<'m, 'p>> {
    let mut reached = Reached { model, field: None, function: None, has_gap: false };
    let mut names = source.split('.').peekable();
    while let Some(name) = names.next() {
        let field = models.field(reached.model, name);
        if names.peek().is_none() {
            reached.field = field;
            reached.function = if field.is_none() { member(project, models, reached.model, name) } else { None };
            break;
        }
        let field = field.filter(|field| field.kind.is_single())?;
        reached.has_gap |= field.null || field.kind == FieldKind::ReverseOneToOne;
        reached.model = field.target?;
    }
    (reached.field.is_some() || reached.function.is_some()).then_some(reached)
}

/// Returns the method or property of a model.
fn member<'p>(project: &ProjectModel<'p>, models: &Models<'p>, model: ModelId, name: &str) -> Option<FunctionRef<'p>> {
    let class = models.get(model).class?;
    method(project, &order_of(project, class), name)
}

/// Returns the method that the nearest of some classes has.
pub(super) fn method<'p>(project: &ProjectModel<'p>, order: &[ClassRef<'p>], name: &str) -> Option<FunctionRef<'p>> {
    order.iter().find_map(|class| {
        Some(FunctionRef { path: class.path, id: project.python(class.path)?.method(class.id, name)? })
    })
}

/// Returns what a model's field is in JSON where nothing says otherwise: keys of relations, not their rows.
pub(super) fn kind<'p>(models: &Models<'p>, field: &Field<'p>, decimals_are_text: bool) -> Kind<'p> {
    let target = field.target.filter(|_| !field.has_other_key);
    let key = || target.map_or(Kind::Unknown, |target| key_of(models, target, KEYS));
    match field.kind {
        FieldKind::Column if field.column.ends_with("ForeignKey") || field.column.ends_with("OneToOneField") => {
            Kind::Unknown
        }
        FieldKind::Column => column(&field.column, decimals_are_text),
        FieldKind::ForeignKey | FieldKind::OneToOne | FieldKind::ReverseOneToOne => key(),
        FieldKind::ManyToMany | FieldKind::ReverseForeignKey | FieldKind::ReverseManyToMany => {
            Kind::List(Box::new(key()))
        }
        FieldKind::GenericForeignKey | FieldKind::GenericRelation => Kind::Unknown,
    }
}

/// Returns what the primary key of a model is.
pub(super) fn key_of<'p>(models: &Models<'p>, model: ModelId, steps: u32) -> Kind<'p> {
    let Some(steps) = steps.checked_sub(1) else { return Kind::Unknown };
    let facts = models.get(model);
    let declared = models.fields(model).find(|field| field.primary_key && field.reverse_of.is_none());
    if let Some(field) = declared {
        return match (field.kind, field.target) {
            (FieldKind::Column, _) => column(&field.column, true),
            (FieldKind::ForeignKey | FieldKind::OneToOne, Some(target)) => key_of(models, target, steps),
            _ => Kind::Unknown,
        };
    }
    match facts.proxy_of.or(facts.parents.first().copied()) {
        Some(parent) if parent != model => key_of(models, parent, steps),
        // A base that is not known may bring a key of its own.
        _ if facts.gaps.iter().any(|gap| gap.starts_with("base ")) => Kind::Unknown,
        _ => models.field(model, "id").map_or(Kind::Unknown, |field| column(&field.column, true)),
    }
}

fn column<'p>(class: &str, decimals_are_text: bool) -> Kind<'p> {
    match class {
        "AutoField"
        | "BigAutoField"
        | "SmallAutoField"
        | "IntegerField"
        | "BigIntegerField"
        | "SmallIntegerField"
        | "PositiveIntegerField"
        | "PositiveSmallIntegerField"
        | "PositiveBigIntegerField" => Kind::Integer,
        "FloatField" => Kind::Float,
        "DecimalField" if decimals_are_text => Kind::Decimal,
        "DecimalField" => Kind::Float,
        "BooleanField" | "NullBooleanField" => Kind::Boolean,
        "CharField"
        | "TextField"
        | "EmailField"
        | "URLField"
        | "SlugField"
        | "GenericIPAddressField"
        | "IPAddressField"
        | "FileField"
        | "ImageField"
        | "FilePathField" => Kind::Text,
        "DateField" | "DateTimeField" | "TimeField" | "DurationField" => Kind::Time,
        "UUIDField" => Kind::Uuid,
        "JSONField" => Kind::Json,
        "ArrayField" => Kind::List(Box::new(Kind::Unknown)),
        _ => Kind::Unknown,
    }
}

/// Returns what a field class of REST framework sends, where its name says it all.
pub(super) fn declared<'p>(class: &str, decimals_are_text: bool) -> Option<Kind<'p>> {
    Some(match class {
        "CharField"
        | "EmailField"
        | "RegexField"
        | "SlugField"
        | "URLField"
        | "IPAddressField"
        | "FilePathField"
        | "FileField"
        | "ImageField"
        | "StringRelatedField"
        | "HyperlinkedIdentityField" => Kind::Text,
        "UUIDField" => Kind::Uuid,
        "IntegerField" => Kind::Integer,
        "FloatField" => Kind::Float,
        "DecimalField" if decimals_are_text => Kind::Decimal,
        "DecimalField" => Kind::Float,
        "BooleanField" | "NullBooleanField" => Kind::Boolean,
        "DateField" | "DateTimeField" | "TimeField" | "DurationField" => Kind::Time,
        "JSONField" | "DictField" | "HStoreField" => Kind::Json,
        "ListField" | "MultipleChoiceField" => Kind::List(Box::new(Kind::Unknown)),
        _ => return None,
    })
}
