//! What a relation adds to the model it leads to.

use std::collections::BTreeMap;

use super::class::Declared;
use super::field::{Declaration, is_tags};
use super::inherit::Made;
use super::target::Target;
use super::{Field, FieldKind, ModelId, Names};

/// Adds to a target what one relation adds: an attribute and a name for look-ups.
pub(super) fn add_reverse<'p>(
    names: &mut Names<'p>,
    source: ModelId,
    declared: &Declared<'p>,
    made: &Made<'p>,
    (declaration, field): (&Declaration<'p>, &Field<'p>),
) {
    let lower = declared.name.to_lowercase();
    let filled = |name: &String| {
        name.replace("%(class)s", &lower)
            .replace("%(model_name)s", &lower)
            .replace("%(app_label)s", &declared.app.to_lowercase())
    };
    let related = declaration.related_name.as_ref().or(made.meta.default_related_name.as_ref()).map(filled);
    let query = declaration.related_query_name.as_ref().map(filled);
    let reversed = |name: String, kind| Field {
        name,
        kind,
        target: Some(source),
        null: declaration.kind == FieldKind::OneToOne,
        primary_key: false,
        reverse_of: Some(declaration.name.clone()),
        ..field.clone()
    };
    let is_mutual = declaration.target == Target::Own && !declaration.is_one_way;
    match declaration.kind {
        FieldKind::ManyToMany if is_mutual => {}
        FieldKind::ManyToMany if is_tags(&declaration.column) => {
            put(&mut names.queries, reversed(query.unwrap_or(lower), FieldKind::ReverseManyToMany));
        }
        FieldKind::GenericRelation => {
            if let Some(query) = query {
                put(&mut names.queries, reversed(query, FieldKind::ReverseForeignKey));
            }
        }
        FieldKind::ForeignKey | FieldKind::OneToOne | FieldKind::ManyToMany => {
            let Some(kind) = declaration.kind.reversed() else { return };
            if related.as_ref().is_some_and(|name| name.ends_with('+')) {
                return;
            }
            let is_one = declaration.kind == FieldKind::OneToOne;
            let default = if is_one { lower.clone() } else { format!("{lower}_set") };
            put(&mut names.queries, reversed(query.or_else(|| related.clone()).unwrap_or(lower), kind));
            put(&mut names.reverse, reversed(related.unwrap_or(default), kind));
        }
        FieldKind::Column
        | FieldKind::ReverseForeignKey
        | FieldKind::ReverseOneToOne
        | FieldKind::ReverseManyToMany
        | FieldKind::GenericForeignKey => {}
    }
}

/// Two relations of the same reverse name: what it leads to is not known; the project's own hides a package's.
pub(super) fn put<'p>(names: &mut BTreeMap<String, Field<'p>>, field: Field<'p>) {
    match names.get_mut(&field.name) {
        Some(before) if before.target == field.target && before.reverse_of == field.reverse_of => {}
        Some(before) if before.place.is_some() && field.place.is_none() => {}
        Some(before) => (before.target, before.reverse_of) = (None, None),
        None => {
            names.insert(field.name.clone(), field);
        }
    }
}
