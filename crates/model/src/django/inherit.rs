//! What models inherit: fields of abstract bases, parents with tables of their own, managers, `Meta`.

use std::collections::BTreeSet;

use super::class::Declared;
use super::field::Declaration;
use super::index::Index;
use super::lineage::Base;
use super::meta::Meta;
use super::{Manager, ModelId, packages};

/// How many models may inherit from one another in a row.
const LEVELS: u32 = 40;
/// How many fields a model may have.
const FIELDS: usize = 2000;

/// A model with what it inherits.
#[derive(Debug, Clone, Default)]
pub(super) struct Made<'p> {
    /// Own fields, and those of abstract bases.
    pub(super) local: Vec<Declaration<'p>>,
    pub(super) parents: Vec<ModelId>,
    pub(super) proxy_of: Option<ModelId>,
    /// The default one first.
    pub(super) managers: Vec<(String, Manager<'p>)>,
    pub(super) meta: Meta,
    pub(super) gaps: Vec<String>,
    has_unknown_base: bool,
    level: u32,
    is_done: bool,
}

pub(super) struct Inheritance<'a, 'p> {
    declared: &'a [Declared<'p>],
    index: &'a Index<'p>,
    pub(super) made: Vec<Made<'p>>,
    is_open: Vec<bool>,
    /// The models, bases before what descends from them.
    pub(super) order: Vec<ModelId>,
}

impl<'a, 'p> Inheritance<'a, 'p> {
    pub(super) fn of(declared: &'a [Declared<'p>], index: &'a Index<'p>) -> Self {
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
            has_unknown_base: declared.has_unknown_base,
            is_done: true,
            ..Made::default()
        };
        // Packages that are not known relate to users and to one another.
        if self.index.user == Some(id) || declared.external.is_some() && !declared.meta.is_abstract {
            made.gaps.push("packages may relate to it".to_owned());
        }
        let mut hidden: BTreeSet<&str> = declared.bound.iter().map(String::as_str).collect();
        hidden.extend(declared.fields.iter().map(|field| field.name.as_str()));
        let mut proxied = None;
        for base in &declared.bases {
            if matches!(base, Base::External(name) if packages::is_root(name)) {
                continue;
            }
            let found = self.index.base(base).filter(|it| *it != id);
            let Some((base_id, of_base, base_made)) = found.and_then(|it| self.done(it)) else {
                made.gaps.push(base.describe());
                made.has_unknown_base = true;
                continue;
            };
            made.level = made.level.max(base_made.level + 1);
            made.gaps.extend(base_made.gaps.iter().cloned());
            made.has_unknown_base |= base_made.has_unknown_base;
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
        let is_known = !made.has_unknown_base;
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
