//! What a serializer class says of its fields: in its body, in its `Meta`, and in those of its bases.

use crate::django::lineage::{Base, bases};
use crate::django::meta::Items;
use crate::django::module::Module;
use crate::flow::Place;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::ClassId;
use crate::python::body::{Expr, ExprId, List, Stmt};

/// How many `Meta`s are followed from one to the next, and how many classes above a serializer are read.
const METAS: u32 = 8;
const CLASSES: usize = 60;
const LEVELS: u32 = 20;

/// What a serializer says.
pub(crate) struct Stated<'a, 'p> {
    /// The declared fields, those of the bases too, where they are not written anew.
    pub(crate) declared: Vec<Declared<'p>>,
    /// `Meta.fields`, where it is a list that is known whole.
    pub(crate) listed: Option<Vec<Listed<'p>>>,
    /// `Meta.exclude`.
    pub(crate) left_out: Vec<Listed<'p>>,
    /// Where `Meta.fields = "__all__"` stands.
    pub(crate) all: Option<Place<'p>>,
    /// Whether nothing of this was computed.
    pub(crate) is_whole: bool,
    /// Where the class `Meta` has its name.
    pub(crate) meta_place: Option<Place<'p>>,
    metas: Vec<(Module<'a, 'p>, List)>,
}

/// A field that a serializer's body declares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declared<'p> {
    pub(crate) name: &'p str,
    /// The class whose body it is.
    pub(crate) class: ClassRef<'p>,
    pub(crate) value: ExprId,
    pub(crate) place: Place<'p>,
}

/// A name in a list of `Meta`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed<'p> {
    pub(crate) name: &'p str,
    pub(crate) place: Place<'p>,
}

impl<'a, 'p> Stated<'a, 'p> {
    /// Reads a serializer: the class and its bases, in the order in which attributes are looked up.
    pub(crate) fn of(project: &'a ProjectModel<'p>, order: &[ClassRef<'p>]) -> Self {
        let mut metas = Vec::new();
        let own = meta_of(project, order);
        if let Some((module, id)) = own {
            add_metas(module, id, METAS, &mut metas);
        }
        let mut stated = Self {
            declared: declared(project, order),
            listed: None,
            left_out: Vec::new(),
            all: None,
            is_whole: true,
            meta_place: own
                .and_then(|(module, id)| Some(Place { path: module.path, range: module.facts.class(id)?.name_range })),
            metas,
        };
        stated.read_fields();
        stated.left_out = stated.names("exclude").unwrap_or_default();
        stated
    }

    fn read_fields(&mut self) {
        let Some((module, id, _)) = self.value("fields") else { return };
        if module.string(id) == Some("__all__") {
            self.all = Some(Place { path: module.path, range: module.bodies.span(id) });
        } else {
            self.listed = self.names("fields");
        }
    }

    /// Returns the names of a list in `Meta`, where all are known.
    fn names(&mut self, name: &str) -> Option<Vec<Listed<'p>>> {
        let (module, id, scope) = self.value(name)?;
        let items = Items::of(module, id, scope);
        let named = |(module, id): (Module<'a, 'p>, ExprId)| {
            Some(Listed { name: module.string(id)?, place: Place { path: module.path, range: module.bodies.span(id) } })
        };
        let names: Option<Vec<Listed<'p>>> = items.found.into_iter().map(named).collect();
        let names = names.filter(|_| items.is_whole);
        self.is_whole &= names.is_some();
        names
    }

    /// Returns what `Meta` gives a name, with the block it is written in.
    pub(crate) fn value(&self, name: &str) -> Option<(Module<'a, 'p>, ExprId, List)> {
        self.metas.iter().find_map(|(module, block)| Some((*module, module.value_in(*block, name)?, *block)))
    }

    /// Returns whether related rows are shown whole.
    pub(crate) fn has_depth(&self) -> bool {
        self.value("depth").is_some_and(|(module, id, _)| module.bodies.int(id, module.text) != Some(0))
    }

    /// Returns what `Meta.extra_kwargs` says of a field: a dictionary.
    pub(crate) fn extra(&self, name: &str) -> Option<(Module<'a, 'p>, ExprId)> {
        let (module, id, _) = self.value("extra_kwargs")?;
        entry(module, id, name).map(|id| (module, id))
    }

    /// Returns whether a field is only written.
    pub(crate) fn is_write_only(&self, name: &str) -> bool {
        let is_set = |(module, id): (Module<'a, 'p>, ExprId)| {
            entry(module, id, "write_only").is_some_and(|id| module.bodies.expr(id) == Expr::True)
        };
        self.extra(name).is_some_and(is_set)
    }
}

/// Returns the value of a string key in a dictionary that is written out.
pub(crate) fn entry(module: Module<'_, '_>, dict: ExprId, name: &str) -> Option<ExprId> {
    match module.bodies.expr(dict) {
        Expr::Dict(pairs) => {
            let mut pairs = module.bodies.exprs(pairs).chunks_exact(2);
            pairs.rfind(|pair| module.string(pair[0]) == Some(name)).map(|pair| pair[1])
        }
        Expr::Call { args, .. } if module.bodies.called(dict, module.text) == Some("dict") => {
            module.keyword(args, name)
        }
        _ => None,
    }
}

/// Returns a class and its bases in the project, in the order in which attributes are looked up.
pub(crate) fn order_of<'p>(project: &ProjectModel<'p>, class: ClassRef<'p>) -> Vec<ClassRef<'p>> {
    let mut all = Vec::new();
    add_bases(project, class, LEVELS, &mut all);
    // An ancestor that is met twice counts where it is met last.
    let mut order: Vec<ClassRef<'p>> = Vec::with_capacity(all.len());
    for class in all.into_iter().rev() {
        if !order.contains(&class) {
            order.push(class);
        }
    }
    order.reverse();
    order
}

fn add_bases<'p>(project: &ProjectModel<'p>, class: ClassRef<'p>, levels: u32, all: &mut Vec<ClassRef<'p>>) {
    all.push(class);
    let Some(levels) = levels.checked_sub(1) else { return };
    for base in bases(project, class) {
        if let Base::Class(base) = base
            && base != class
            && all.len() < CLASSES
        {
            add_bases(project, base, levels, all);
        }
    }
}

fn declared<'p>(project: &ProjectModel<'p>, order: &[ClassRef<'p>]) -> Vec<Declared<'p>> {
    let mut fields: Vec<Declared<'p>> = Vec::new();
    for class in order {
        let Some(module) = Module::of(project, class.path) else { continue };
        let Some(body) = module.class_body(*class) else { continue };
        for stmt in module.bodies.block(body.block) {
            let Some((target, value)) = module.binding(*stmt) else { continue };
            let (Expr::Name, Expr::Call { .. } | Expr::None) = (module.bodies.expr(target), module.bodies.expr(value))
            else {
                continue;
            };
            let range = module.bodies.span(target);
            let name = range.slice(module.text);
            if !fields.iter().any(|it| it.name == name) {
                fields.push(Declared { name, class: *class, value, place: Place { path: module.path, range } });
            }
        }
    }
    fields
}

/// Returns the class `Meta` that a serializer has, of its own or from a base.
fn meta_of<'a, 'p>(project: &'a ProjectModel<'p>, order: &[ClassRef<'p>]) -> Option<(Module<'a, 'p>, ClassId)> {
    order.iter().find_map(|class| {
        let module = Module::of(project, class.path)?;
        let block = module.class_body(*class)?.block;
        let id = module.bodies.block(block).iter().find_map(|id| match module.bodies.stmt(*id) {
            Stmt::Class(id) if module.facts.class(id).is_some_and(|it| it.name == "Meta") => Some(id),
            _ => None,
        })?;
        Some((module, id))
    })
}

/// Adds the block of a `Meta` and those of the `Meta`s that it names as its bases.
fn add_metas<'a, 'p>(module: Module<'a, 'p>, id: ClassId, steps: u32, metas: &mut Vec<(Module<'a, 'p>, List)>) {
    let (Some(steps), Some(body)) = (steps.checked_sub(1), module.bodies.class(id)) else { return };
    metas.push((module, body.block));
    for arg in module.bodies.args(body.args).iter().filter(|arg| arg.name.is_none()).take(4) {
        let Some(name) = module.dotted(arg.value) else { continue };
        let at = module.bodies.span(arg.value).start();
        let resolved = |name: &str| match module.project.resolve(module.path, name, at) {
            Some(Symbol::Class(class)) => Some(class),
            _ => None,
        };
        let found = match name.strip_suffix(".Meta") {
            Some(outer) => resolved(outer).and_then(|outer| meta_of(module.project, &order_of(module.project, outer))),
            None => resolved(name).and_then(|meta| Some((Module::of(module.project, meta.path)?, meta.id))),
        };
        if let Some((module, id)) = found.filter(|_| metas.len() < METAS as usize) {
            add_metas(module, id, steps, metas);
        }
    }
}
