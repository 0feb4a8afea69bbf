//! Follows rows of the database through the project: from the queryset to whatever reads them.
//!
//! Statements are interpreted, not run: a value is *rows of a model, of which some relations are loaded*. Reading a
//! relation of a row is a demand. A demand on rows that an expression of the function makes is judged at once;
//! one on rows that came in as a parameter goes into the function's summary and is judged by its callers.
//! Serializers, templates and change lists are functions like others: of the rows that they show.

mod admin;
mod attribute;
mod builtin;
mod call;
pub(crate) mod class;
pub mod effect;
mod expression;
mod frame;
mod judge;
mod queryset;
mod serializer;
mod statement;
mod tag;
mod template;
mod value;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use arrears_core::source::{RelPath, Roles};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::django::{ModelId, Models};
use crate::project::{ClassRef, FunctionRef, ProjectModel};
use crate::python::body::Bodies;
use crate::python::{ClassId, FunctionId, PythonFacts};
use class::{Kind, Lineage};
use effect::Summary;
use frame::Frame;
pub use judge::{Cause, Finding, LazyLoad, LoopQuery, QueryText};
pub use value::Place;
use value::{Base, Query, Row, Val, Value};

/// How many calls deep a value is followed.
const DEPTH: u32 = 10;

/// The stack for following values; only what is used of it takes memory.
const STACK: usize = 256 << 20;

/// How many expressions are looked at for one entry.
const BUDGET: u32 = 400_000;

/// How many expressions are looked at for one entry when the whole project has taken more than its share.
const RATION: u32 = 4_000;

/// The share of a project: so many expressions, and so many more for each that it has.
const SHARE: (u64, u64) = (8_000_000, 40);

/// A summary that took so many expressions is kept even where something in it was cut short: functions that all call
/// one another would be run again and again.
const COSTLY: u32 = 10_000;

/// What following all values found, in the order of the places.
#[derive(Debug, Default)]
pub struct Flow<'p> {
    /// Relations that are loaded once per row.
    pub lazy_loads: Vec<LazyLoad<'p>>,
    /// Queries inside loops.
    pub loop_queries: Vec<LoopQuery<'p>>,
    /// Single places.
    pub findings: Vec<Finding<'p>>,
    /// Fields by which rows are looked up, with the places.
    pub lookups: BTreeMap<(ModelId, String), BTreeSet<Place<'p>>>,
}

/// One module, ready to be interpreted.
#[derive(Clone, Copy)]
pub(crate) struct Module<'p> {
    pub(crate) path: &'p RelPath,
    pub(crate) text: &'p str,
    pub(crate) facts: &'p PythonFacts,
    pub(crate) bodies: &'p Bodies,
}

/// What identifies the work of a summary: the function, the shapes of its arguments.
type Key<'p> = (FunctionRef<'p>, Vec<Value<'p>>);

/// What a serializer shows: itself, the model, and what annotations put on the rows.
type Shown<'p> = (ClassRef<'p>, ModelId, BTreeSet<Rc<str>>);

/// The interpreter.
pub(crate) struct Engine<'m, 'p> {
    pub(crate) project: &'m ProjectModel<'p>,
    pub(crate) models: &'m Models<'p>,
    pub(crate) modules: FxHashMap<&'p RelPath, Module<'p>>,
    pub(crate) lineages: FxHashMap<ClassRef<'p>, Rc<Lineage<'p>>>,
    pub(crate) summaries: FxHashMap<Key<'p>, Rc<Summary<'p>>>,
    pub(crate) open: FxHashSet<Key<'p>>,
    pub(crate) names: FxHashMap<(&'p RelPath, Option<FunctionRef<'p>>, &'p str), Value<'p>>,
    pub(crate) globals: FxHashMap<(&'p RelPath, String), Value<'p>>,
    pub(crate) serializers: FxHashMap<Shown<'p>, Rc<Summary<'p>>>,
    pub(crate) tags: Option<Rc<tag::Tags<'p>>>,
    templates: FxHashMap<&'p RelPath, Option<Rc<template::Whole<'p>>>>,
    pub(crate) depth: u32,
    /// How many blocks the statement that is run lies in.
    pub(crate) nesting: u32,
    /// How often something was cut short: what was computed meanwhile is not kept.
    pub(crate) cuts: u32,
    pub(crate) budget: u32,
    /// How many expressions may be looked at before the budgets of the entries get small.
    share: u64,
    pub(crate) ledger: judge::Ledger<'p>,
    /// The templates that are being rendered, the outermost first.
    pub(crate) around: Vec<effect::Step<'p>>,
    /// Whether rows are read for a change list.
    pub(crate) is_change_list: bool,
}

impl<'p> Flow<'p> {
    /// Follows the values of all functions of the project.
    ///
    /// Calls nest in expressions that nest in calls: that takes a stack of its own. Without one, nothing is followed.
    pub fn run(project: &ProjectModel<'p>) -> Self {
        let run = || Self::follow(project);
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
            match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(flow)) => flow,
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                Err(_) => Self::default(),
            }
        })
    }

    fn follow(project: &ProjectModel<'p>) -> Self {
        let models = project.models();
        if models.all().next().is_none() {
            return Self::default();
        }
        let mut engine = Engine::new(project, models);
        for (file, facts) in project.python_files() {
            if facts.bodies.is_none() || file.source.roles.contains(Roles::SEEDER) {
                continue;
            }
            let Some(module) = engine.modules.get(&file.source.path).copied() else { continue };
            for (id, _) in facts.functions_with_ids() {
                engine.enter(module, id);
            }
            for id in (0..facts.classes.len()).filter_map(|at| u32::try_from(at).ok()) {
                engine.refill();
                engine.enter_class(ClassRef { path: module.path, id: ClassId(id) });
            }
        }
        engine.finish()
    }
}

impl<'m, 'p> Engine<'m, 'p> {
    fn new(project: &'m ProjectModel<'p>, models: &'m Models<'p>) -> Self {
        let modules: FxHashMap<&'p RelPath, Module<'p>> = project
            .python_files()
            .filter_map(|(file, facts)| {
                let bodies = facts.bodies.as_deref()?;
                let path = &file.source.path;
                Some((path, Module { path, text: &file.source.text, facts, bodies }))
            })
            .collect();
        let count = modules.values().map(|it| it.bodies.ids().count() as u64).sum::<u64>();
        let share = SHARE.0 + count * SHARE.1;
        Self {
            project,
            models,
            modules,
            lineages: FxHashMap::default(),
            summaries: FxHashMap::default(),
            open: FxHashSet::default(),
            names: FxHashMap::default(),
            globals: FxHashMap::default(),
            serializers: FxHashMap::default(),
            tags: None,
            templates: FxHashMap::default(),
            depth: 0,
            nesting: 0,
            cuts: 0,
            budget: BUDGET,
            share,
            ledger: judge::Ledger::default(),
            around: Vec::new(),
            is_change_list: false,
        }
    }

    pub(crate) fn module(&self, path: &'p RelPath) -> Option<Module<'p>> {
        self.modules.get(path).copied()
    }

    pub(crate) fn text(&self, path: &'p RelPath) -> Option<&'p str> {
        self.modules.get(path).map(|module| module.text)
    }

    pub(crate) fn bodies(&self, path: &'p RelPath) -> Option<&'p Bodies> {
        self.modules.get(path).map(|module| module.bodies)
    }

    /// Gives an entry its budget.
    fn refill(&mut self) {
        self.share = self.share.saturating_sub(u64::from(BUDGET.saturating_sub(self.budget)));
        self.budget = if self.share > 0 { BUDGET } else { RATION };
    }

    /// Interprets a function of which nobody says who calls it.
    fn enter(&mut self, module: Module<'p>, id: FunctionId) {
        self.refill();
        let function = FunctionRef { path: module.path, id };
        let Some(facts) = module.facts.function(id) else { return };
        let receiver = facts.class.map(|id| {
            let class = ClassRef { path: module.path, id };
            let is_action = facts.decorators.iter().any(|it| it.path.ends_with("action"))
                || matches!(
                    facts.name.as_str(),
                    "list" | "retrieve" | "create" | "update" | "partial_update" | "destroy"
                );
            match self.receiver(class) {
                Value::Object(..) if is_action && self.lineage(class).kind.contains(Kind::REST_VIEW) => {
                    view::acting(class, &facts.name)
                }
                other => other,
            }
        });
        let mut arguments: Vec<Val<'p>> = receiver.into_iter().map(|value| Val::new(value, 0)).collect();
        self.chosen_rows(module, function, &mut arguments);
        self.summary(function, arguments);
    }

    /// Returns what `self` is in the methods of a class.
    pub(crate) fn receiver(&mut self, class: ClassRef<'p>) -> Value<'p> {
        if let Some(model) = self.models.of_class(class) {
            return if self.is_defined_twice(class) { Value::Unknown } else { Value::Row(somewhere(model)) };
        }
        let kind = self.lineage(class).kind;
        if kind.intersects(Kind::MANAGER | Kind::QUERYSET) { Value::Unknown } else { Value::object(class) }
    }

    /// Returns whether a module has another class of the name: nobody knows which of them counts.
    pub(crate) fn is_defined_twice(&self, class: ClassRef<'p>) -> bool {
        let Some(facts) = self.project.python(class.path) else { return false };
        let Some(own) = facts.class(class.id) else { return false };
        facts.classes.iter().filter(|it| !it.is_nested && it.name == own.name).nth(1).is_some()
    }

    /// Interprets what a framework does with a class.
    fn enter_class(&mut self, class: ClassRef<'p>) {
        let kind = self.lineage(class).kind;
        if kind.intersects(Kind::REST_LIST | Kind::REST_RETRIEVE | Kind::REST_VIEW) {
            self.rest_view(class);
        }
        if kind.contains(Kind::TEMPLATE_VIEW) {
            self.template_view(class);
        }
        if kind.contains(Kind::ADMIN) {
            self.change_list(class);
        }
        if kind.contains(Kind::INLINE) {
            self.inline(class);
        }
    }

    /// Creates the frame of a function or of the top of a module.
    pub(crate) fn frame(&self, module: Module<'p>, function: Option<FunctionRef<'p>>) -> Frame<'p> {
        let class = function
            .and_then(|it| module.facts.function(it.id))
            .and_then(|facts| facts.class)
            .map(|id| ClassRef { path: module.path, id });
        Frame::new(module, function, class)
    }
}

/// A row that came from nobody knows where.
pub(crate) fn somewhere<'p>(model: ModelId) -> Row<'p> {
    Rc::new(Query { many: false, ..Query::new(model, Base::Somewhere) }).row()
}
