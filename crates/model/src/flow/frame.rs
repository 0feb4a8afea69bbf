//! One function while it is interpreted.

use std::collections::BTreeMap;
use std::rc::Rc;

use arrears_core::text::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Module;
use super::effect::{Effects, Via};
use super::value::{Place, Query, Val, Value};
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::ExprId;

/// The first bit that stands for a loop; those below stand for parameters.
const LOOPS: u32 = 40;

/// A loop around the expression that is looked at.
#[derive(Debug, Clone)]
pub(crate) struct Loop<'p> {
    /// What is iterated.
    pub(crate) place: Place<'p>,
    /// The rows that are iterated, where they are.
    pub(crate) rows: Option<Rc<Query<'p>>>,
    /// The bit of what depends on the loop; 0 where the loop is too short to matter.
    pub(crate) bit: u64,
    /// How the rows are shown, where no statement is the loop.
    pub(crate) shown: Option<Via>,
}

/// Names and their values, and what else a function does while it runs.
pub(crate) struct Frame<'p> {
    pub(crate) module: Module<'p>,
    pub(crate) function: Option<FunctionRef<'p>>,
    /// The class whose body holds the function.
    pub(crate) class: Option<ClassRef<'p>>,
    pub(crate) env: FxHashMap<&'p str, Val<'p>>,
    /// Attributes that were set on `self`.
    pub(crate) set: BTreeMap<Rc<str>, Value<'p>>,
    /// Attributes that were set on other names: they are loaded then.
    pub(crate) given: FxHashSet<(&'p str, &'p str)>,
    pub(crate) loops: Vec<Loop<'p>>,
    pub(crate) returns: Option<Val<'p>>,
    pub(crate) yields: Option<Val<'p>>,
    pub(crate) effects: Effects<'p>,
    /// Whether the statements after this one are not reached.
    pub(crate) is_over: bool,
    /// The bits of the loops that end with the turn that is looked at.
    pub(crate) left: u64,
    pub(crate) name_of_self: Option<&'p str>,
}

impl<'p> Frame<'p> {
    pub(crate) fn new(module: Module<'p>, function: Option<FunctionRef<'p>>, class: Option<ClassRef<'p>>) -> Self {
        Self {
            module,
            function,
            class,
            env: FxHashMap::default(),
            set: BTreeMap::new(),
            given: FxHashSet::default(),
            loops: Vec::new(),
            returns: None,
            yields: None,
            effects: Effects::default(),
            is_over: false,
            left: 0,
            name_of_self: None,
        }
    }

    /// Returns the text of an expression.
    pub(crate) fn source(&self, id: ExprId) -> &'p str {
        self.module.bodies.span(id).slice(self.module.text)
    }

    /// Returns the place of an expression.
    pub(crate) fn place(&self, id: ExprId) -> Place<'p> {
        self.at(self.module.bodies.span(id))
    }

    /// Returns a place in the file.
    pub(crate) fn at(&self, range: TextRange) -> Place<'p> {
        Place { path: self.module.path, range }
    }

    /// Returns the bit for one more loop.
    pub(crate) fn next_bit(&self) -> u64 {
        let depth = u32::try_from(self.loops.len()).unwrap_or(u32::MAX).min(63 - LOOPS);
        1 << (LOOPS + depth)
    }

    /// Returns a value where the outer loops are forgotten: what the function's callers may know.
    pub(crate) fn without_loops(on: u64) -> u64 {
        on & ((1 << LOOPS) - 1)
    }
}
