//! Joins the models: what each inherits, what its relations lead to, what other models' relations add to it.

use super::class::Declared;
use super::field::{Declaration, is_tags};
use super::index::Index;
use super::inherit::{Inheritance, Made};
use super::reverse::{add_reverse, put};
use super::target::Target;
use super::{Field, FieldKind, Model, ModelId, Models, Names, packages};
use crate::project::ProjectModel;
use crate::project::resolve::Symbol;

/// Joins the models.
pub(super) fn link<'p>(project: &ProjectModel<'p>, declared: Vec<Declared<'p>>) -> Models<'p> {
    let mut index = Index::of(&declared);
    index.user = index.find_user(project, &declared);
    let inherited = Inheritance::of(&declared, &index);
    let linker = Linker { project, declared: &declared, index: &index, made: &inherited.made };
    let fields = linker.fields();
    let (reverse, stray) = linker.reverse(&fields);
    let names = linker.names(&inherited.order, &fields, reverse);
    let models = declared.iter().zip(inherited.made).map(|(declared, made)| model(declared, made)).collect();
    let Index { by_class, by_external, by_label, user, .. } = index;
    Models { models, names, by_class, by_external, by_label, user, stray }
}

fn model<'p>(declared: &Declared<'p>, made: Made<'p>) -> Model<'p> {
    let default = made.meta.default_manager.clone().or_else(|| made.managers.first().map(|(name, _)| name.clone()));
    Model {
        name: declared.name.clone(),
        app: declared.app.clone(),
        class: declared.class,
        is_abstract: declared.meta.is_abstract,
        proxy_of: made.proxy_of,
        parents: made.parents,
        is_complete: made.gaps.is_empty(),
        default_manager: default.unwrap_or_else(|| "objects".to_owned()),
        managers: made.managers.into_iter().collect(),
        indexes: made.meta.all_indexes(),
        ordering: made.meta.ordering.unwrap_or_default(),
        gaps: made.gaps,
        place: declared.place,
    }
}

struct Linker<'a, 'p> {
    project: &'a ProjectModel<'p>,
    declared: &'a [Declared<'p>],
    index: &'a Index<'p>,
    made: &'a [Made<'p>],
}

/// A relation with its target found.
type Linked<'p> = (Declaration<'p>, Field<'p>);

impl<'p> Linker<'_, 'p> {
    fn each(&self) -> impl Iterator<Item = (ModelId, &Declared<'p>, &Made<'p>)> {
        (0..).map(ModelId).zip(self.declared).zip(self.made).map(|((id, declared), made)| (id, declared, made))
    }

    /// Finds what the relations of each model lead to.
    fn fields(&self) -> Vec<Vec<Linked<'p>>> {
        let of_model = |(id, _, made): (ModelId, &Declared<'p>, &Made<'p>)| {
            made.local.iter().map(|declaration| (declaration.clone(), self.field(id, declaration))).collect()
        };
        self.each().map(of_model).collect()
    }

    fn field(&self, own: ModelId, declaration: &Declaration<'p>) -> Field<'p> {
        let through = declaration.through.as_ref().and_then(|through| self.target(own, through));
        let target = self.target(own, &declaration.target);
        let target =
            if is_tags(&declaration.column) { target.or_else(|| self.tag(declaration, through)) } else { target };
        Field {
            name: declaration.name.clone(),
            kind: declaration.kind,
            target,
            through,
            null: declaration.null,
            unique: declaration.unique,
            primary_key: declaration.primary_key,
            has_other_key: declaration.has_other_key,
            db_index: declaration.db_index,
            choices: declaration.choices,
            column: declaration.column.clone(),
            reverse_of: None,
            place: declaration.place,
        }
    }

    /// Tags are what the model between names `tag`.
    fn tag(&self, declaration: &Declaration<'p>, through: Option<ModelId>) -> Option<ModelId> {
        let Some(through) = through else {
            return if declaration.through.is_none() { self.index.label("taggit.Tag") } else { None };
        };
        let made = self.made.get(through.0 as usize)?;
        let tag = made.local.iter().find(|field| field.name == "tag")?;
        self.target(through, &tag.target)
    }

    fn target(&self, own: ModelId, target: &Target<'p>) -> Option<ModelId> {
        let found = match target {
            Target::Own => return Some(own),
            Target::Class(class) => self.index.by_class.get(class).copied(),
            Target::External(name) => self.index.by_external.get(packages::canonical(name)).copied(),
            Target::User => self.index.user,
            Target::Label(label, _) if label.contains('.') => self.index.label(label),
            Target::Label(name, path) => {
                let declared = self.declared.get(own.0 as usize)?;
                let in_app = self.index.label(&format!("{}.{name}", declared.app));
                let imported = || match self.project.resolve((*path)?, name, 0)? {
                    Symbol::Class(class) => self.index.by_class.get(&class).copied(),
                    Symbol::External(name) => self.index.by_external.get(packages::canonical(&name)).copied(),
                    Symbol::Function(_) | Symbol::Variable(..) | Symbol::Module(_) => None,
                };
                let named = || self.index.by_name.get(&name.to_lowercase()).copied().flatten();
                in_app.or_else(imported).or_else(named)
            }
            Target::Unknown => None,
        };
        found.filter(|id| self.declared.get(id.0 as usize).is_some_and(|it| !it.meta.is_abstract))
    }

    /// Collects what relations add to their targets.
    ///
    /// What relations with an unknown target add comes apart.
    fn reverse(&self, fields: &[Vec<Linked<'p>>]) -> (Vec<Names<'p>>, Names<'p>) {
        let mut stray = Names::default();
        let mut added: Vec<Names<'p>> = vec![Names::default(); self.declared.len()];
        for ((id, declared, made), fields) in self.each().zip(fields) {
            if declared.meta.is_abstract || made.proxy_of.is_some() || self.is_swapped(id, declared) {
                continue;
            }
            for (declaration, field) in fields {
                let Some(target) = field.target else {
                    add_reverse(&mut stray, id, declared, made, (declaration, field));
                    continue;
                };
                let concrete = self.made.get(target.0 as usize).and_then(|made| made.proxy_of).unwrap_or(target);
                if let Some(names) = added.get_mut(concrete.0 as usize) {
                    add_reverse(names, id, declared, made, (declaration, field));
                }
            }
            for parent in self.pointers(made, fields) {
                let name = declared.name.to_lowercase();
                let Some(to) = self.declared.get(parent.0 as usize) else { continue };
                let field = Field {
                    kind: FieldKind::ReverseOneToOne,
                    target: Some(id),
                    null: true,
                    reverse_of: Some(format!("{}_ptr", to.name.to_lowercase())),
                    place: declared.place,
                    ..column(&name, "OneToOneField")
                };
                if let Some(names) = added.get_mut(parent.0 as usize) {
                    put(&mut names.reverse, field.clone());
                    put(&mut names.queries, field);
                }
            }
        }
        (added, stray)
    }

    /// Django's user has no table where the settings name another.
    fn is_swapped(&self, id: ModelId, declared: &Declared<'p>) -> bool {
        declared.external == Some("django.contrib.auth.models.User") && self.index.user != Some(id)
    }

    /// The parents to which no declared field leads.
    fn pointers<'m>(&self, made: &'m Made<'p>, fields: &[Linked<'p>]) -> Vec<&'m ModelId> {
        let is_linked = |parent: &ModelId| {
            fields.iter().any(|(declaration, field)| declaration.is_parent_link && field.target == Some(*parent))
        };
        made.parents.iter().filter(|parent| !is_linked(parent)).collect()
    }

    /// Puts the names of each model together, bases first.
    fn names(&self, order: &[ModelId], fields: &[Vec<Linked<'p>>], added: Vec<Names<'p>>) -> Vec<Names<'p>> {
        let mut all = added;
        for id in order {
            let at = id.0 as usize;
            let (Some(made), Some(declared), Some(fields)) = (self.made.get(at), self.declared.get(at), fields.get(at))
            else {
                continue;
            };
            let mut names = all.get_mut(at).map(std::mem::take).unwrap_or_default();
            for (_, field) in fields {
                names.forward.insert(field.name.clone(), field.clone());
            }
            if !declared.meta.is_abstract {
                for parent in self.pointers(made, fields) {
                    let Some(to) = self.declared.get(parent.0 as usize) else { continue };
                    let name = format!("{}_ptr", to.name.to_lowercase());
                    let pointer = Field {
                        kind: FieldKind::OneToOne,
                        target: Some(*parent),
                        unique: true,
                        db_index: true,
                        place: declared.place,
                        ..column(&name, "OneToOneField")
                    };
                    names.forward.entry(name).or_insert(pointer);
                }
            }
            for base in made.parents.iter().chain(&made.proxy_of) {
                if let Some(base) = all.get(base.0 as usize) {
                    inherit(&mut names, base);
                }
            }
            let has_key = fields.iter().any(|(declaration, _)| declaration.primary_key);
            add_columns(&mut names, has_key || !made.parents.is_empty() || made.proxy_of.is_some());
            if let Some(slot) = all.get_mut(at) {
                *slot = names;
            }
        }
        all
    }
}

fn inherit<'p>(names: &mut Names<'p>, base: &Names<'p>) {
    let pairs =
        [(&mut names.forward, &base.forward), (&mut names.reverse, &base.reverse), (&mut names.queries, &base.queries)];
    for (own, base) in pairs {
        for (name, field) in base {
            own.entry(name.clone()).or_insert_with(|| field.clone());
        }
    }
}

/// `id`, `pk`, and the columns of keys.
fn add_columns(names: &mut Names<'_>, has_key: bool) {
    let keys: Vec<Field<'_>> = names
        .forward
        .values()
        .filter(|field| matches!(field.kind, FieldKind::ForeignKey | FieldKind::OneToOne))
        .map(|field| Field {
            null: field.null,
            unique: field.unique,
            db_index: field.db_index,
            place: field.place,
            ..column(&format!("{}_id", field.name), &field.column)
        })
        .collect();
    let key = |name| Field { unique: true, db_index: true, ..column(name, "AutoField") };
    let id = (!has_key).then(|| key("id"));
    for field in keys.into_iter().chain(id).chain([key("pk")]) {
        names.forward.entry(field.name.clone()).or_insert(field);
    }
}

fn column<'p>(name: &str, column: &str) -> Field<'p> {
    Field {
        name: name.to_owned(),
        kind: FieldKind::Column,
        target: None,
        through: None,
        null: false,
        unique: false,
        primary_key: false,
        has_other_key: false,
        db_index: false,
        choices: None,
        column: column.to_owned(),
        reverse_of: None,
        place: None,
    }
}
