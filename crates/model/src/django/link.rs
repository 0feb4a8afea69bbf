//! Joins the models: what each inherits, what its relations lead to, what other models' relations add to it.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::class::Declared;
use super::field::{Declaration, is_tags};
use super::lineage::Base;
use super::meta::Meta;
use super::target::{self, Target};
use super::{Field, FieldKind, Manager, Model, ModelId, Models, Names, packages};
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};

/// How many models may inherit from one another in a row.
const LEVELS: u32 = 40;
/// How many fields a model may have.
const FIELDS: usize = 2000;

/// Joins the models.
pub(super) fn link<'p>(project: &ProjectModel<'p>, declared: Vec<Declared<'p>>) -> Models<'p> {
    let index = Index::of(&declared);
    let inherited = Inheritance::of(&declared, &index);
    let mut linker = Linker { project, declared: &declared, index: &index, made: &inherited.made, user: None };
    linker.user = linker.find_user();
    let fields = linker.fields();
    let reverse = linker.reverse(&fields);
    let names = linker.names(&inherited.order, &fields, reverse);
    let user = linker.user;
    let models = declared.iter().zip(inherited.made).map(|(declared, made)| model(declared, made)).collect();
    let Index { by_class, by_external, by_label, .. } = index;
    Models { models, names, by_class, by_external, by_label, user }
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

/// The models by what they are called.
struct Index<'p> {
    by_class: FxHashMap<ClassRef<'p>, ModelId>,
    by_external: BTreeMap<&'static str, ModelId>,
    by_label: BTreeMap<String, Option<ModelId>>,
    /// By the folder of the app in place of its label.
    by_folder: BTreeMap<String, Option<ModelId>>,
    by_name: BTreeMap<String, Option<ModelId>>,
}

impl<'p> Index<'p> {
    fn of(declared: &[Declared<'p>]) -> Self {
        let mut index = Self {
            by_class: FxHashMap::default(),
            by_external: BTreeMap::new(),
            by_label: BTreeMap::new(),
            by_folder: BTreeMap::new(),
            by_name: BTreeMap::new(),
        };
        let put = |map: &mut BTreeMap<String, Option<ModelId>>, key: String, id| {
            map.entry(key).and_modify(|before| *before = before.filter(|it| *it == id)).or_insert(Some(id));
        };
        for (id, model) in (0..).map(ModelId).zip(declared) {
            index.by_class.extend(model.class.map(|class| (class, id)));
            index.by_external.extend(model.external.map(|path| (path, id)));
            if !model.meta.is_abstract {
                put(&mut index.by_label, format!("{}.{}", model.app, model.name).to_lowercase(), id);
                put(&mut index.by_folder, format!("{}.{}", model.folder, model.name).to_lowercase(), id);
                // A package's model never makes a bare name ambiguous, nor is it meant by one.
                if model.class.is_some() {
                    put(&mut index.by_name, model.name.to_lowercase(), id);
                }
            }
        }
        index
    }

    fn base(&self, base: &Base<'p>) -> Option<ModelId> {
        match base {
            Base::Class(class) => self.by_class.get(class).copied(),
            Base::External(name) => self.by_external.get(packages::canonical(name)).copied(),
            Base::Unknown(..) => None,
        }
    }

    fn label(&self, label: &str) -> Option<ModelId> {
        let label = label.to_lowercase();
        match self.by_label.get(&label) {
            Some(found) => *found,
            None => self.by_folder.get(&label).copied().flatten(),
        }
    }
}

/// A model with what it inherits.
#[derive(Debug, Clone, Default)]
struct Made<'p> {
    /// Own fields, and those of abstract bases.
    local: Vec<Declaration<'p>>,
    parents: Vec<ModelId>,
    proxy_of: Option<ModelId>,
    /// The default one first.
    managers: Vec<(String, Manager<'p>)>,
    meta: Meta,
    gaps: Vec<String>,
    level: u32,
    is_done: bool,
}

struct Inheritance<'a, 'p> {
    declared: &'a [Declared<'p>],
    index: &'a Index<'p>,
    made: Vec<Made<'p>>,
    is_open: Vec<bool>,
    /// The models, bases before what descends from them.
    order: Vec<ModelId>,
}

impl<'a, 'p> Inheritance<'a, 'p> {
    fn of(declared: &'a [Declared<'p>], index: &'a Index<'p>) -> Self {
        let count = declared.len();
        let made = vec![Made::default(); count];
        let mut this = Self { declared, index, made, is_open: vec![false; count], order: Vec::with_capacity(count) };
        for (id, _) in (0..).map(ModelId).zip(declared) {
            this.visit(id, LEVELS * 2);
        }
        this
    }

    fn visit(&mut self, id: ModelId, steps: u32) {
        let (at, Some(steps)) = (id.0 as usize, steps.checked_sub(1)) else { return };
        let (Some(declared), Some(is_open)) = (self.declared.get(at), self.is_open.get_mut(at)) else { return };
        if std::mem::replace(is_open, true) {
            return;
        }
        for base in declared.bases.iter().filter_map(|base| self.index.base(base)) {
            self.visit(base, steps);
        }
        let made = self.make(id, declared);
        if let Some(slot) = self.made.get_mut(at) {
            *slot = made;
        }
        self.order.push(id);
    }

    fn make(&self, id: ModelId, declared: &Declared<'p>) -> Made<'p> {
        let mut made = Made {
            local: declared.fields.clone(),
            managers: declared.managers.clone(),
            meta: declared.meta.clone(),
            gaps: declared.gaps.clone(),
            is_done: true,
            ..Made::default()
        };
        let mut hidden: BTreeSet<&str> = declared.bound.iter().map(String::as_str).collect();
        hidden.extend(declared.fields.iter().map(|field| field.name.as_str()));
        let mut proxied = None;
        for base in &declared.bases {
            if matches!(base, Base::External(name) if packages::is_root(name)) {
                continue;
            }
            let found = self.index.base(base).filter(|it| *it != id);
            let Some((base_id, of_base, base_made)) = found.and_then(|it| self.done(it)) else {
                made.gaps.push(format!("base {base:?}"));
                continue;
            };
            made.level = made.level.max(base_made.level + 1);
            made.gaps.extend(base_made.gaps.iter().cloned());
            if of_base.meta.is_abstract {
                let fields = base_made.local.iter().filter(|field| hidden.insert(&field.name));
                made.local.extend(fields.cloned());
                made.parents.extend(&base_made.parents);
                if !declared.meta.is_own {
                    made.meta.inherit(&base_made.meta);
                }
            } else {
                let concrete = base_made.proxy_of.unwrap_or(base_id);
                proxied = proxied.or(Some(concrete));
                made.parents.push(concrete);
                if made.meta.ordering.is_none() {
                    made.meta.ordering.clone_from(&base_made.meta.ordering);
                }
            }
            for (name, manager) in &base_made.managers {
                if !declared.bound.contains(name) && !made.managers.iter().any(|(it, _)| it == name) {
                    made.managers.push((name.clone(), *manager));
                }
            }
        }
        self.finish(declared, made, proxied)
    }

    fn finish(&self, declared: &Declared<'p>, mut made: Made<'p>, proxied: Option<ModelId>) -> Made<'p> {
        made.local.truncate(FIELDS);
        made.gaps.sort();
        made.gaps.dedup();
        made.gaps.truncate(20);
        let mut seen = BTreeSet::new();
        made.parents.retain(|parent| seen.insert(*parent));
        if declared.meta.is_proxy {
            made.proxy_of = proxied;
            made.parents.clear();
        }
        let has_objects = declared.bound.contains("objects") || made.managers.iter().any(|(name, _)| name == "objects");
        let is_known = made.gaps.is_empty();
        if made.managers.is_empty() && !declared.meta.is_abstract || !is_known && !has_objects {
            made.managers.push(("objects".to_owned(), Manager { class: None, queryset: None, is_known }));
        }
        made
    }

    /// Returns a base that is ready; one that is part of a circle, or too far up, is not.
    fn done(&self, id: ModelId) -> Option<(ModelId, &Declared<'p>, &Made<'p>)> {
        let made = self.made.get(id.0 as usize).filter(|made| made.is_done && made.level < LEVELS)?;
        Some((id, self.declared.get(id.0 as usize)?, made))
    }
}

struct Linker<'a, 'p> {
    project: &'a ProjectModel<'p>,
    declared: &'a [Declared<'p>],
    index: &'a Index<'p>,
    made: &'a [Made<'p>],
    user: Option<ModelId>,
}

/// A relation with its target found.
type Linked<'p> = (Declaration<'p>, Field<'p>);

impl<'p> Linker<'_, 'p> {
    fn each(&self) -> impl Iterator<Item = (ModelId, &Declared<'p>, &Made<'p>)> {
        (0..).map(ModelId).zip(self.declared).zip(self.made).map(|((id, declared), made)| (id, declared, made))
    }

    fn find_user(&self) -> Option<ModelId> {
        if let Some(label) = target::setting(self.project, "AUTH_USER_MODEL") {
            return self.index.label(label);
        }
        let abstract_user = self.index.by_external.get("django.contrib.auth.models.AbstractBaseUser")?;
        let mut below: BTreeSet<ModelId> = BTreeSet::from([*abstract_user]);
        // A few rounds reach all that descend from it.
        for _ in 0..8 {
            let more: Vec<ModelId> = self
                .each()
                .filter(|(_, declared, _)| {
                    declared.bases.iter().filter_map(|base| self.index.base(base)).any(|base| below.contains(&base))
                })
                .map(|(id, ..)| id)
                .collect();
            below.extend(more);
        }
        let own = |(id, declared, made): (ModelId, &Declared<'p>, &Made<'p>)| {
            let is_own = declared.class.is_some() && !declared.meta.is_abstract && made.proxy_of.is_none();
            (is_own && below.contains(&id)).then_some(id)
        };
        let mut users = self.each().filter_map(own);
        match (users.next(), users.next()) {
            (None, _) => self.index.label("auth.User"),
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) => None,
        }
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
            Target::User => self.user,
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
    fn reverse(&self, fields: &[Vec<Linked<'p>>]) -> Vec<Names<'p>> {
        let mut added: Vec<Names<'p>> = vec![Names::default(); self.declared.len()];
        for ((id, declared, made), fields) in self.each().zip(fields) {
            if declared.meta.is_abstract || made.proxy_of.is_some() {
                continue;
            }
            for (declaration, field) in fields {
                let Some(target) = field.target else { continue };
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
        added
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
        db_index: false,
        choices: None,
        column: column.to_owned(),
        reverse_of: None,
        place: None,
    }
}

/// Adds to a target what one relation adds: an attribute and a name for look-ups.
fn add_reverse<'p>(
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

/// Two relations of the same reverse name: what it leads to is not known.
fn put<'p>(names: &mut BTreeMap<String, Field<'p>>, field: Field<'p>) {
    match names.get_mut(&field.name) {
        Some(before) if before.target == field.target && before.reverse_of == field.reverse_of => {}
        Some(before) => (before.target, before.reverse_of) = (None, None),
        None => {
            names.insert(field.name.clone(), field);
        }
    }
}
