//! Finds the serializers, and puts the fields of each together.

use arrears_core::source::Roles;

use super::field::Reader;
use super::overridden::{Overridden, is_likely};
use super::setting::{Settings, camelize};
use super::stated::{Stated, order_of};
use super::{Kind, Serializer, ServedField};
use crate::django::lineage::Lineage;
use crate::django::module::{Module, STEPS};
use crate::django::target::{self, Target};
use crate::django::{Field, FieldKind, ModelId, Models};
use crate::flow::Place;
use crate::flow::class::{Kind as Base, kind_of};
use crate::project::{ClassRef, ProjectModel};
use crate::python::ClassId;

/// Finds the serializers of a project, sorted by path and place.
pub(super) fn serializers<'p>(project: &ProjectModel<'p>) -> Vec<Serializer<'p>> {
    if project.files_with_word("rest_framework").next().is_none() {
        return Vec::new();
    }
    let settings = Settings::of(project);
    let mut found = Vec::new();
    for (file, facts) in project.python_files() {
        if facts.bodies.is_none() || file.source.roles.contains(Roles::TEST) {
            continue;
        }
        let Some(module) = Module::of(project, &file.source.path) else { continue };
        for (id, _) in (0..).map(ClassId).zip(&facts.classes).filter(|(id, _)| is_likely(facts, *id)) {
            found.extend(serializer(module, ClassRef { path: module.path, id }, settings));
        }
    }
    found
}

/// Returns what frameworks make of a class, by its bases from outside.
pub(super) fn base_of<'p>(project: &ProjectModel<'p>, class: ClassRef<'p>) -> Base {
    let lineage = Lineage::of(project, class);
    let strange = if lineage.unknown.is_empty() { Base::empty() } else { Base::STRANGE };
    lineage.external.iter().fold(strange, |kind, name| kind | kind_of(name))
}

fn serializer<'p>(module: Module<'_, 'p>, class: ClassRef<'p>, settings: Settings) -> Option<Serializer<'p>> {
    let project = module.project;
    let base = base_of(project, class);
    if !base.contains(Base::SERIALIZER) {
        return None;
    }
    let facts = module.facts.class(class.id)?;
    let order = order_of(project, class);
    let stated = Stated::of(project, &order);
    let overridden = Overridden::of(project, &order);
    let models = project.models();
    let model = if base.contains(Base::MODEL_SERIALIZER) { model_of(models, &stated) } else { None };
    let reader = Reader { project, models, settings, order: &order, stated: &stated, model };
    let mut fields = Vec::new();
    let is_whole = add_fields(&reader, base, &mut fields);
    let is_foreign = base.contains(Base::STRANGE);
    for field in &mut fields {
        if overridden.is_dynamic || is_foreign || overridden.names(&field.name) {
            field.kind = Kind::Unknown;
            field.is_nullable = false;
            field.is_optional = true;
        }
        if settings.is_camel {
            field.name = camelize(&field.name);
        }
    }
    Some(Serializer {
        name: &facts.name,
        class,
        place: Place { path: module.path, range: facts.name_range },
        model,
        fields,
        is_complete: is_whole && !overridden.is_open && !overridden.is_dynamic && !is_foreign,
    })
}

/// Returns the model that `Meta.model` names.
fn model_of<'p>(models: &Models<'p>, stated: &Stated<'_, 'p>) -> Option<ModelId> {
    let (module, id, _) = stated.value("model")?;
    match target::read(module, id, STEPS) {
        Target::Class(class) => models.of_class(class),
        Target::External(name) => models.of_external(&name),
        Target::User => models.user(),
        Target::Label(label, _) => models.of_label(&label),
        Target::Own | Target::Unknown => None,
    }
}

/// Adds the fields that a serializer sends; returns whether these are all.
fn add_fields<'p>(reader: &Reader<'_, 'p>, base: Base, fields: &mut Vec<ServedField<'p>>) -> bool {
    let Reader { stated, model, .. } = reader;
    let is_model = base.contains(Base::MODEL_SERIALIZER);
    let is_out = |name: &str| stated.left_out.iter().any(|it| it.name == name);
    let is_listed = |name: &str| match &stated.listed {
        Some(listed) => listed.iter().any(|it| it.name == name),
        None => !is_out(name),
    };
    for declared in &stated.declared {
        if !is_model || is_listed(declared.name) {
            fields.extend(reader.declared(declared));
        }
    }
    let is_declared = |name: &str| stated.declared.iter().any(|it| it.name == name);
    let mut is_whole = stated.is_whole && (!is_model || model.is_some());
    for it in stated.listed.iter().flatten().filter(|it| is_model && !is_declared(it.name)) {
        fields.extend(reader.implied(it.name, it.place));
    }
    let shows_rest = is_model && (stated.all.is_some() || stated.value("fields").is_none());
    if let (true, Some(model)) = (shows_rest, *model) {
        let place = stated.all.or(stated.meta_place);
        let models = reader.models;
        let own: Vec<&Field<'p>> = models.fields(model).filter(|field| is_shown(models, model, field)).collect();
        for field in own {
            if let Some(place) = place
                && !is_declared(&field.name)
                && !is_out(&field.name)
            {
                fields.extend(reader.implied(&field.name, place));
            }
        }
        is_whole &= models.get(model).is_complete;
    }
    is_whole
}

/// Returns whether `__all__` stands for a field too.
fn is_shown(models: &Models<'_>, model: ModelId, field: &Field<'_>) -> bool {
    let is_own = field.reverse_of.is_none()
        && matches!(
            field.kind,
            FieldKind::Column | FieldKind::ForeignKey | FieldKind::OneToOne | FieldKind::ManyToMany
        );
    // The column of a foreign key is no field of its own.
    let is_key_column = field.kind == FieldKind::Column
        && field.name.strip_suffix("_id").is_some_and(|name| {
            models.field(model, name).is_some_and(|key| {
                matches!(key.kind, FieldKind::ForeignKey | FieldKind::OneToOne) && key.place == field.place
            })
        });
    is_own && field.name != "pk" && !is_key_column
}
