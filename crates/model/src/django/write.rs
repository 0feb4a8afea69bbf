//! What functions write to the database.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use arrears_core::text::TextRange;

use super::ModelId;
use super::local::{Local, Shape};
use super::writer::Writers;
use crate::project::{FunctionRef, ProjectModel};
use crate::python::body::{Expr, ExprId, Stmt};

/// How many calls deep writes are looked for.
const DEPTH: usize = 3;

/// One write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Write {
    /// The model whose table changes.
    pub model: ModelId,
    /// What happens to it.
    pub kind: WriteKind,
    /// The call in the function that was asked.
    pub range: TextRange,
    /// Whether it happens whatever the function is called with: in no branch.
    pub is_certain: bool,
    /// Whether it is a call of a function that writes.
    pub is_inside: bool,
}

/// What a write does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteKind {
    /// Rows are made.
    Create,
    /// A row is made where there is none; to do it twice does no harm.
    Ensure,
    /// A row is saved, rows are updated.
    Change,
    /// Rows are deleted.
    Delete,
}

/// The writes of the project's functions, found as they are asked for.
pub struct Writes<'a, 'p> {
    project: &'a ProjectModel<'p>,
    known: RefCell<BTreeMap<FunctionRef<'p>, Rc<Vec<Write>>>>,
    open: RefCell<Vec<FunctionRef<'p>>>,
    /// How often calls were followed no further.
    cuts: Cell<u32>,
    writers: Writers<'p>,
}

impl<'a, 'p> Writes<'a, 'p> {
    /// Begins without any.
    pub fn new(project: &'a ProjectModel<'p>) -> Self {
        let (known, open, cuts) = (RefCell::default(), RefCell::default(), Cell::default());
        Self { project, known, open, cuts, writers: Writers::find(project) }
    }

    /// Returns whether a function may write, as far as names tell; one that may not has no writes.
    pub fn may_write(&self, function: FunctionRef<'p>) -> bool {
        self.writers.may_write(function)
    }

    /// Returns the writes of a function, in the order of the text; those of the functions it calls stand at the call.
    pub fn of(&self, local: &Local<'_, 'p>) -> Vec<Write> {
        let certain = certain(local);
        let is_certain = |range: TextRange| certain.iter().any(|statement| statement.contains(range));
        let mut found = Vec::new();
        for id in local.expressions() {
            let Some(name) = local.bodies.called(id, local.text) else { continue };
            let range = local.bodies.span(id);
            if let Some((model, kind)) = own(local, id) {
                found.push(Write { model, kind, range, is_certain: is_certain(range), is_inside: false });
            } else if self.writers.is_name(name)
                && let Some(callee) = local.callee(id)
            {
                let inner = self.inside(callee);
                let inner = inner.iter().filter(|it| it.is_certain);
                found.extend(inner.map(|it| Write { range, is_certain: is_certain(range), is_inside: true, ..*it }));
            }
        }
        found.sort_by_key(|it| (it.range.end(), it.model));
        found.dedup();
        found
    }

    fn inside(&self, function: FunctionRef<'p>) -> Rc<Vec<Write>> {
        if !self.may_write(function) {
            return Rc::default();
        }
        if let Some(known) = self.known.borrow().get(&function) {
            return Rc::clone(known);
        }
        if self.open.borrow().len() >= DEPTH || self.open.borrow().contains(&function) {
            self.cuts.set(self.cuts.get() + 1);
            return Rc::default();
        }
        let cuts = self.cuts.get();
        self.open.borrow_mut().push(function);
        let found = Local::of(self.project, function).map(|local| self.of(&local)).unwrap_or_default();
        self.open.borrow_mut().pop();
        let found = Rc::new(found);
        // What was cut short is kept only where nothing longer can be had.
        if self.cuts.get() == cuts || self.open.borrow().is_empty() {
            self.known.borrow_mut().insert(function, Rc::clone(&found));
        }
        found
    }
}

/// `Order.objects.create(…)`, `order.save()`, `orders.delete()`
fn own(local: &Local<'_, '_>, id: ExprId) -> Option<(ModelId, WriteKind)> {
    let (object, name, _) = local.method(id)?;
    let (kind, of_rows) = kind(name)?;
    let thing = local.thing(object)?;
    let fits = match thing.shape {
        Shape::Manager | Shape::Related | Shape::Query => of_rows || kind == WriteKind::Delete,
        Shape::Row | Shape::New => !of_rows,
        Shape::Class | Shape::Values | Shape::Rows | Shape::Pair => false,
    };
    fits.then_some((thing.model, kind))
}

/// Returns what a method does to the database, and whether it is one of managers.
pub(super) fn kind(name: &str) -> Option<(WriteKind, bool)> {
    let find = |name: &str| KINDS.iter().find(|(it, ..)| *it == name);
    find(name).or_else(|| find(name.strip_prefix('a')?)).map(|(_, kind, of_rows)| (*kind, *of_rows))
}

/// Method, what it does, whether it is one of managers.
const KINDS: [(&str, WriteKind, bool); 8] = [
    ("create", WriteKind::Create, true),
    ("bulk_create", WriteKind::Create, true),
    ("get_or_create", WriteKind::Ensure, true),
    ("update_or_create", WriteKind::Change, true),
    ("update", WriteKind::Change, true),
    ("bulk_update", WriteKind::Change, true),
    ("save", WriteKind::Change, false),
    ("delete", WriteKind::Delete, false),
];

/// Returns the statements that run whatever the function is called with.
fn certain(local: &Local<'_, '_>) -> Vec<TextRange> {
    let Some(body) = local.bodies.function(local.function.id) else { return Vec::new() };
    let (mut found, mut open) = (Vec::new(), vec![body.block]);
    while let Some(block) = open.pop() {
        for id in local.bodies.block(block) {
            match local.bodies.stmt(*id) {
                Stmt::With { items, body } => open.extend([items, body]),
                Stmt::For { body, .. } | Stmt::Try { body, .. } => open.push(body),
                Stmt::If { .. } | Stmt::While { .. } | Stmt::Match { .. } => {}
                _ => found.push(local.bodies.stmt_span(*id)),
            }
        }
    }
    found
}

/// Returns the models that are written inside loops, with the loops: rows that the database gets one by one.
pub fn in_loops(local: &Local<'_, '_>, writes: &[Write]) -> Vec<(Write, TextRange, ExprId)> {
    let loops: Vec<(TextRange, ExprId)> = local
        .statements
        .iter()
        .filter_map(|id| match local.bodies.stmt(*id) {
            Stmt::For { iter, .. } => Some((local.bodies.stmt_span(*id), iter)),
            _ => None,
        })
        .collect();
    let mut seen = BTreeSet::new();
    let inside = writes.iter().filter_map(|write| {
        let (range, iter) = loops.iter().find(|(range, _)| range.contains(write.range))?;
        let is_literal = matches!(local.bodies.expr(*iter), Expr::List(_) | Expr::Tuple(_) | Expr::Set(_));
        (!is_literal && seen.insert((write.model, range.start()))).then_some((*write, *range, *iter))
    });
    inside.collect()
}
