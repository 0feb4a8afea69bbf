//! `class Meta` of a model.

use super::lineage::Lineage;
use super::module::{Module, STEPS};
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::body::{ClassBody, Expr, ExprId, List, Stmt};

/// How many members of a list that is put together are read.
const ITEMS: usize = 500;
/// How many `Meta`s are followed from one to the next.
const METAS: u32 = 4;

/// What a model's `class Meta` says; `None` where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Meta {
    /// Whether the class has a `Meta` of its own.
    pub(super) is_own: bool,
    pub(super) is_abstract: bool,
    pub(super) is_proxy: bool,
    pub(super) app_label: Option<String>,
    pub(super) ordering: Option<Vec<String>>,
    pub(super) indexes: Option<Vec<Vec<String>>>,
    pub(super) constraints: Option<Vec<Vec<String>>>,
    pub(super) unique_together: Option<Vec<Vec<String>>>,
    pub(super) index_together: Option<Vec<Vec<String>>>,
    pub(super) default_manager: Option<String>,
    pub(super) default_related_name: Option<String>,
}

impl Meta {
    /// Takes what is not said from what is inherited; being abstract or a proxy is not.
    pub(super) fn inherit(&mut self, base: &Self) {
        fn take<T: Clone>(own: &mut Option<T>, base: &Option<T>) {
            if own.is_none() {
                own.clone_from(base);
            }
        }
        take(&mut self.app_label, &base.app_label);
        take(&mut self.ordering, &base.ordering);
        take(&mut self.indexes, &base.indexes);
        take(&mut self.constraints, &base.constraints);
        take(&mut self.unique_together, &base.unique_together);
        take(&mut self.index_together, &base.index_together);
        take(&mut self.default_manager, &base.default_manager);
        take(&mut self.default_related_name, &base.default_related_name);
    }

    /// Returns the columns of all indexes and constraints.
    pub(super) fn all_indexes(&self) -> Vec<Vec<String>> {
        let lists = [&self.indexes, &self.constraints, &self.unique_together, &self.index_together];
        lists.into_iter().flatten().flatten().filter(|columns| !columns.is_empty()).cloned().collect()
    }
}

/// Reads the `Meta` of a class, with what it inherits from the `Meta`s it names.
pub(super) fn read<'p>(module: Module<'_, 'p>, class: ClassRef<'p>) -> Meta {
    of_class(module.project, class, METAS).unwrap_or_default()
}

/// The own `Meta` of a class; `None` if it has none.
fn of_class<'p>(project: &ProjectModel<'p>, class: ClassRef<'p>, steps: u32) -> Option<Meta> {
    let steps = steps.checked_sub(1)?;
    let module = Module::of(project, class.path)?;
    let body = inner(module, class)?;
    let mut meta = of_body(module, body);
    for arg in module.bodies.args(body.args) {
        let Some(name) = module.dotted(arg.value) else { continue };
        let at = module.bodies.span(arg.value).start();
        let outer = name.strip_suffix(".Meta").and_then(|outer| match project.resolve(module.path, outer, at) {
            Some(Symbol::Class(outer)) => Some(outer),
            _ => None,
        });
        let base = match (outer, project.resolve(module.path, name, at)) {
            (Some(outer), _) => nearest(project, outer, steps),
            (None, Some(Symbol::Class(meta))) => {
                Module::of(project, meta.path).and_then(|module| Some(of_body(module, module.class_body(meta)?)))
            }
            (None, _) => None,
        };
        if let Some(base) = base {
            meta.inherit(&base);
        }
    }
    Some(meta)
}

/// The body of the class `Meta` in a class.
fn inner<'p>(module: Module<'_, 'p>, class: ClassRef<'p>) -> Option<&'p ClassBody> {
    let flat = module.flat(module.class_body(class)?.block);
    let inner = flat.statements.iter().rev().find_map(|id| match module.bodies.stmt(*id) {
        Stmt::Class(id) if module.facts.class(id).is_some_and(|it| it.name == "Meta") => Some(id),
        _ => None,
    })?;
    module.bodies.class(inner)
}

/// The `Meta` that a class has, of its own or from a base.
fn nearest<'p>(project: &ProjectModel<'p>, class: ClassRef<'p>, steps: u32) -> Option<Meta> {
    let steps = steps.checked_sub(1)?;
    Lineage::of(project, class).classes.into_iter().find_map(|class| of_class(project, class, steps))
}

fn of_body(module: Module<'_, '_>, body: &ClassBody) -> Meta {
    let value = |name: &str| module.value_in(body.block, name);
    let is_true = |name: &str| value(name).is_some_and(|id| module.bodies.expr(id) == Expr::True);
    let string = |name: &str| value(name).and_then(|id| module.string(id)).map(str::to_owned);
    let together = |name: &str| value(name).map(|id| together(module, id));
    Meta {
        is_own: true,
        is_abstract: is_true("abstract"),
        is_proxy: is_true("proxy"),
        app_label: string("app_label"),
        ordering: value("ordering").map(|id| ordering(module, id)),
        indexes: value("indexes").map(|id| indexes(module, id)),
        constraints: value("constraints").map(|id| indexes(module, id)),
        unique_together: together("unique_together"),
        index_together: together("index_together"),
        default_manager: string("default_manager_name"),
        default_related_name: string("default_related_name"),
    }
}

/// The members of a list, also of one that is put together: `[*Base.Meta.indexes, Index(…)]`, `COMMON + [Index(…)]`.
fn items<'a, 'p>(module: Module<'a, 'p>, id: ExprId) -> Vec<(Module<'a, 'p>, ExprId)> {
    Items::of(module, id, List::default()).found
}

/// The members of a list that may be put together of others.
pub(crate) struct Items<'a, 'p> {
    pub(crate) found: Vec<(Module<'a, 'p>, ExprId)>,
    /// Whether these are all.
    pub(crate) is_whole: bool,
    /// The block whose names are meant first.
    scope: List,
}

impl<'a, 'p> Items<'a, 'p> {
    /// Returns the members of a list that is written in a block of a module.
    pub(crate) fn of(module: Module<'a, 'p>, id: ExprId, scope: List) -> Self {
        let mut items = Self { found: Vec::new(), is_whole: true, scope };
        items.collect(module, id, STEPS);
        items
    }

    fn collect(&mut self, module: Module<'a, 'p>, id: ExprId, steps: u32) {
        let Some(steps) = steps.checked_sub(1).filter(|_| self.found.len() < ITEMS) else {
            self.is_whole = false;
            return;
        };
        match module.bodies.expr(id) {
            Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) => {
                for member in module.bodies.exprs(list) {
                    match module.bodies.expr(*member) {
                        Expr::Star(inner) => self.collect(module, inner, steps),
                        _ => self.found.push((module, *member)),
                    }
                }
            }
            Expr::Binary { op: b'+', left, right } => {
                self.collect(module, left, steps);
                self.collect(module, right, steps);
            }
            Expr::Name | Expr::Attr { .. } => {
                let local = module.dotted(id).and_then(|name| module.value_in(self.scope, name));
                match local.map(|value| (module, value)).or_else(|| value_of(module, id)) {
                    Some((module, value)) => self.collect(module, value, steps),
                    None => self.is_whole = false,
                }
            }
            Expr::Call { args, .. } => {
                let is_copy = matches!(module.bodies.called(id, module.text), Some("list" | "tuple"));
                match module.bodies.positional(args, 0).filter(|_| is_copy) {
                    Some(inner) => self.collect(module, inner, steps),
                    None => self.is_whole = false,
                }
            }
            _ => self.is_whole = false,
        }
    }
}

/// The value of a variable, or of `Base.Meta.indexes`.
fn value_of<'a, 'p>(module: Module<'a, 'p>, id: ExprId) -> Option<(Module<'a, 'p>, ExprId)> {
    let dotted = module.dotted(id)?;
    if let Some((outer, name)) = dotted.rsplit_once(".Meta.") {
        let Symbol::Class(class) = module.project.resolve(module.path, outer, module.bodies.span(id).start())? else {
            return None;
        };
        return Lineage::of(module.project, class).classes.into_iter().find_map(|class| {
            let module = Module::of(module.project, class.path)?;
            Some((module, module.value_in(inner(module, class)?.block, name)?))
        });
    }
    let Some(Symbol::Variable(path, name)) = module.symbol(id) else { return None };
    let module = Module::of(module.project, path)?;
    Some((module, module.value(&name)?))
}

fn strings(module: Module<'_, '_>, id: ExprId) -> Vec<String> {
    items(module, id).into_iter().filter_map(|(module, id)| module.string(id)).map(str::to_owned).collect()
}

/// `["-created", F("name").desc()]`
fn ordering(module: Module<'_, '_>, id: ExprId) -> Vec<String> {
    items(module, id).into_iter().filter_map(|(module, id)| ordered(module, id, STEPS)).collect()
}

fn ordered(module: Module<'_, '_>, id: ExprId, steps: u32) -> Option<String> {
    let steps = steps.checked_sub(1)?;
    match module.bodies.expr(id) {
        Expr::Str(content) => Some(content.slice(module.text).to_owned()),
        Expr::Call { function, args } => match module.bodies.expr(function) {
            Expr::Attr { object, name } if matches!(name.slice(module.text), "asc" | "desc") => {
                let inner = ordered(module, object, steps)?;
                Some(if name.slice(module.text) == "desc" { format!("-{inner}") } else { inner })
            }
            _ => ordered(module, module.bodies.positional(args, 0)?, steps),
        },
        _ => None,
    }
}

/// `[Index(fields=["a", "-b"]), UniqueConstraint("a", "b")]`
fn indexes(module: Module<'_, '_>, id: ExprId) -> Vec<Vec<String>> {
    items(module, id).into_iter().map(|(module, id)| columns(module, id)).collect()
}

fn columns(module: Module<'_, '_>, id: ExprId) -> Vec<String> {
    let Expr::Call { args, .. } = module.bodies.expr(id) else { return Vec::new() };
    let named = module.keyword(args, "fields").map(|fields| strings(module, fields));
    let columns = named.unwrap_or_else(|| {
        let plain = module.bodies.args(args).iter().filter(|arg| arg.name.is_none() && arg.stars == 0);
        plain.map_while(|arg| ordered(module, arg.value, 3)).collect()
    });
    columns.into_iter().map(|column| column.trim_start_matches('-').to_owned()).collect()
}

/// `("a", "b")` or `(("a", "b"), ("c", "d"))`
fn together(module: Module<'_, '_>, id: ExprId) -> Vec<Vec<String>> {
    let flat = strings(module, id);
    if !flat.is_empty() {
        return vec![flat];
    }
    items(module, id).into_iter().map(|(module, id)| strings(module, id)).collect()
}
