//! The models by their classes, dotted names and labels, and which of them is the user.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::class::Declared;
use super::lineage::Base;
use super::{ModelId, packages, target};
use crate::project::{ClassRef, ProjectModel};

/// The models by what they are called.
pub(super) struct Index<'p> {
    pub(super) by_class: FxHashMap<ClassRef<'p>, ModelId>,
    pub(super) by_external: BTreeMap<&'static str, ModelId>,
    pub(super) by_label: BTreeMap<String, Option<ModelId>>,
    /// By the folder of the app in place of its label.
    pub(super) by_folder: BTreeMap<String, Option<ModelId>>,
    pub(super) by_name: BTreeMap<String, Option<ModelId>>,
    pub(super) user: Option<ModelId>,
}

impl<'p> Index<'p> {
    pub(super) fn of(declared: &[Declared<'p>]) -> Self {
        let mut index = Self {
            by_class: FxHashMap::default(),
            by_external: BTreeMap::new(),
            by_label: BTreeMap::new(),
            by_folder: BTreeMap::new(),
            by_name: BTreeMap::new(),
            user: None,
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

    pub(super) fn base(&self, base: &Base<'p>) -> Option<ModelId> {
        match base {
            Base::Class(class) => self.by_class.get(class).copied(),
            Base::External(name) => self.by_external.get(packages::canonical(name)).copied(),
            Base::User => self.user,
            Base::Unknown(..) => None,
        }
    }

    pub(super) fn label(&self, label: &str) -> Option<ModelId> {
        let label = label.to_lowercase();
        match self.by_label.get(&label) {
            Some(found) => *found,
            None => self.by_folder.get(&label).copied().flatten(),
        }
    }
}

impl<'p> Index<'p> {
    /// `AUTH_USER_MODEL`, else the only user model of the project, else Django's.
    pub(super) fn find_user(&self, project: &ProjectModel<'p>, declared: &[Declared<'p>]) -> Option<ModelId> {
        if let Some(label) = target::setting(project, "AUTH_USER_MODEL") {
            return self.label(label);
        }
        let mut below: BTreeSet<ModelId> =
            self.by_external.get("django.contrib.auth.models.AbstractBaseUser").into_iter().copied().collect();
        let each = || (0..).map(ModelId).zip(declared);
        // A few rounds reach all that descend from it.
        for _ in 0..8 {
            let is_below = |base: &Base<'p>| self.base(base).is_some_and(|base| below.contains(&base));
            let more: Vec<ModelId> =
                each().filter(|(_, model)| model.bases.iter().any(is_below)).map(|(id, _)| id).collect();
            below.extend(more);
        }
        let mut users = each().filter(|(id, model)| {
            model.class.is_some() && !model.meta.is_abstract && !model.meta.is_proxy && below.contains(id)
        });
        match (users.next(), users.next()) {
            (None, _) => self.label("auth.User"),
            (Some((only, _)), None) => Some(only),
            (Some(_), Some(_)) => None,
        }
    }
}
