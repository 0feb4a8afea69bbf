//! How many rows an expression stands for: a whole table, or fewer.
//!
//! Read from the statements alone: chains of queryset methods, variables of the function, `get_queryset`, functions of
//! the project that return a queryset.

use super::Target;
use super::View;
use crate::django::ModelId;
use crate::django::module::Module;
use crate::flow::Place;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, FunctionRef, ProjectModel};
use crate::python::body::{Expr, ExprId, List, Stmt};

/// How many functions and variables are followed.
const STEPS: u32 = 10;

/// How many rows there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent<'p> {
    /// All rows of a model, or those that a condition without a relation to the request leaves.
    Whole(ModelId, Place<'p>),
    /// Those of one user, of one parent, of a page, of a slice.
    Narrow,
    /// Not known.
    Unknown,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct At<'m, 'p> {
    module: Module<'m, 'p>,
    function: Option<FunctionRef<'p>>,
    view: Option<&'m View<'p>>,
}

impl<'p> View<'p> {
    /// Returns how many rows the view starts from: those of `get_queryset`, or of `queryset`.
    pub fn extent(&self, project: &ProjectModel<'p>) -> Extent<'p> {
        self.rows(project, None, STEPS)
    }

    /// Returns how many rows an expression in one of the view's functions stands for.
    pub fn extent_of(&self, project: &ProjectModel<'p>, function: FunctionRef<'p>, id: ExprId) -> Extent<'p> {
        match Module::of(project, function.path) {
            Some(module) => extent(At { module, function: Some(function), view: Some(self) }, id, STEPS),
            None => Extent::Unknown,
        }
    }

    /// Returns the rows of `get_queryset` of the class or, for `super()`, of a class above one of them.
    fn rows(&self, project: &ProjectModel<'p>, above: Option<ClassRef<'p>>, steps: u32) -> Extent<'p> {
        let Some(steps) = steps.checked_sub(1) else { return Extent::Unknown };
        if !matches!(self.target, Target::Class(_)) {
            return Extent::Unknown;
        }
        let skip = above.map_or(0, |above| {
            self.ancestry.classes.iter().position(|it| *it == above).map_or(usize::MAX, |at| at.saturating_add(1))
        });
        let own = self.ancestry.classes.iter().skip(skip).find_map(|class| {
            let id = project.python(class.path)?.method(class.id, "get_queryset")?;
            Some(FunctionRef { path: class.path, id })
        });
        if let Some(function) = own {
            let Some(module) = Module::of(project, function.path) else { return Extent::Unknown };
            return returned(At { module, function: Some(function), view: Some(self) }, steps);
        }
        let Some((owner, value)) = self.ancestry.attribute(project, "queryset") else { return Extent::Unknown };
        match Module::of(project, owner.path) {
            Some(module) => extent(At { module, function: None, view: Some(self) }, value, steps),
            None => Extent::Unknown,
        }
    }
}

/// Returns what a function returns, where all of it is alike; the widest where one path narrows and another does not.
fn returned<'p>(at: At<'_, 'p>, steps: u32) -> Extent<'p> {
    let Some(body) = at.function.and_then(|it| at.module.bodies.function(it.id)) else { return Extent::Unknown };
    let mut found = None;
    for statement in at.module.bodies.statements(body.block) {
        let Stmt::Return(Some(value)) = at.module.bodies.stmt(statement) else { continue };
        if is_nothing(at, value) {
            continue;
        }
        match extent(at, value, steps) {
            whole @ Extent::Whole(..) => found = Some(whole),
            Extent::Narrow => return Extent::Narrow,
            Extent::Unknown => return Extent::Unknown,
        }
    }
    found.unwrap_or(Extent::Unknown)
}

/// Returns whether a value is no rows at all: `Order.objects.none()`.
fn is_nothing(at: At<'_, '_>, value: ExprId) -> bool {
    at.module.bodies.called(value, at.module.text) == Some("none")
}

fn extent<'p>(at: At<'_, 'p>, id: ExprId, steps: u32) -> Extent<'p> {
    let Some(steps) = steps.checked_sub(1) else { return Extent::Unknown };
    let (bodies, text) = (at.module.bodies, at.module.text);
    match bodies.expr(id) {
        Expr::Name => named(at, id, steps),
        Expr::Attr { object, name } => {
            if bodies.dotted(object, text) == Some("self") {
                return match (name.slice(text), at.view) {
                    ("queryset", Some(view)) => view.rows(at.module.project, None, steps),
                    _ => Extent::Unknown,
                };
            }
            manager(at, id, object, name.slice(text))
        }
        Expr::Call { function, args } => called(at, function, args, steps),
        Expr::Subscript { index, .. } if matches!(bodies.expr(index), Expr::Slice { .. }) => Extent::Narrow,
        Expr::Await(inner) => extent(at, inner, steps),
        Expr::Conditional { then, other, .. } => match (extent(at, then, steps), extent(at, other, steps)) {
            (Extent::Whole(model, place), Extent::Whole(..)) => Extent::Whole(model, place),
            (Extent::Narrow, _) | (_, Extent::Narrow) => Extent::Narrow,
            _ => Extent::Unknown,
        },
        _ => Extent::Unknown,
    }
}

/// `Order.objects`
fn manager<'p>(at: At<'_, 'p>, id: ExprId, object: ExprId, name: &str) -> Extent<'p> {
    let Some(model) = model_of(at.module, object, 4) else { return Extent::Unknown };
    let is_manager = matches!(name, "objects" | "_default_manager" | "_base_manager")
        || at.module.project.models().get(model).managers.contains_key(name);
    if !is_manager {
        return Extent::Unknown;
    }
    Extent::Whole(model, Place { path: at.module.path, range: at.module.bodies.span(id) })
}

/// Returns the model that an expression names: a class, or `get_user_model()`.
fn model_of(module: Module<'_, '_>, id: ExprId, steps: u32) -> Option<ModelId> {
    let steps = steps.checked_sub(1)?;
    let models = module.project.models();
    if let Expr::Call { .. } = module.bodies.expr(id) {
        return if module.bodies.called(id, module.text) == Some("get_user_model") { models.user() } else { None };
    }
    match module.symbol(id)? {
        Symbol::Class(class) => models.of_class(class),
        Symbol::External(name) => models.of_external(&name),
        Symbol::Variable(path, name) => {
            let other = Module::of(module.project, path)?;
            model_of(other, other.value(&name)?, steps)
        }
        Symbol::Function(_) | Symbol::Module(_) => None,
    }
}

/// A variable: what it is bound to first, and what it is made to be after that.
fn named<'p>(at: At<'_, 'p>, id: ExprId, steps: u32) -> Extent<'p> {
    let (bodies, text) = (at.module.bodies, at.module.text);
    let name = bodies.span(id).slice(text);
    let Some(body) = at.function.and_then(|it| bodies.function(it.id)) else { return Extent::Unknown };
    let before = bodies.span(id).start();
    let mut found = Extent::Unknown;
    for statement in bodies.statements(body.block) {
        let (target, value) = match bodies.stmt(statement) {
            Stmt::Assign { target, value } | Stmt::Annotated { target, value: Some(value), .. } => (target, value),
            Stmt::Augmented { target, .. } => (target, target),
            Stmt::For { target, .. } => (target, target),
            _ => continue,
        };
        let binds = bodies
            .within(target)
            .into_iter()
            .any(|it| matches!(bodies.expr(it), Expr::Name) && bodies.span(it).slice(text) == name);
        if !binds || bodies.span(target).start() >= before {
            continue;
        }
        if target == value || !matches!(bodies.expr(target), Expr::Name) {
            return Extent::Unknown;
        }
        if is_nothing(at, value) {
            continue;
        }
        match (found, extent(at, value, steps)) {
            (_, Extent::Narrow) => return Extent::Narrow,
            (_, Extent::Unknown) => return Extent::Unknown,
            (_, whole) => found = whole,
        }
    }
    found
}

fn called<'p>(at: At<'_, 'p>, function: ExprId, args: List, steps: u32) -> Extent<'p> {
    let (bodies, text) = (at.module.bodies, at.module.text);
    let first = bodies.positional(args, 0);
    let Expr::Attr { object, name } = bodies.expr(function) else {
        return match (bodies.dotted(function, text), at.module.symbol(function)) {
            (Some("list" | "tuple" | "sorted" | "reversed"), _) => {
                first.map_or(Extent::Unknown, |it| extent(at, it, steps))
            }
            (_, Some(Symbol::Function(function))) => of_function(at, function, steps),
            _ => Extent::Unknown,
        };
    };
    let name = name.slice(text);
    let is_super = bodies.called(object, text) == Some("super");
    if (is_super || bodies.dotted(object, text) == Some("self"))
        && let Some(view) = at.view
    {
        let own = at.function.and_then(|it| at.module.facts.function(it.id)?.class);
        let above = own.filter(|_| is_super).map(|id| ClassRef { path: at.module.path, id });
        return match name {
            "get_queryset" => view.rows(at.module.project, above, steps),
            "filter_queryset" => first.map_or(Extent::Unknown, |it| extent(at, it, steps)),
            "paginate_queryset" => Extent::Narrow,
            _ => Extent::Unknown,
        };
    }
    match name {
        "all" | "order_by" | "select_related" | "prefetch_related" | "distinct" | "annotate" | "alias" | "only"
        | "defer" | "using" | "reverse" | "values" | "values_list" | "iterator" => extent(at, object, steps),
        "filter" | "exclude" => match extent(at, object, steps) {
            Extent::Whole(model, place) if !narrows(at, model, name, args) => Extent::Whole(model, place),
            Extent::Whole(..) | Extent::Narrow => Extent::Narrow,
            Extent::Unknown => Extent::Unknown,
        },
        _ => match at.module.symbol(function) {
            Some(Symbol::Function(function)) => of_function(at, function, steps),
            _ => Extent::Unknown,
        },
    }
}

/// A function of the project: what it returns.
fn of_function<'p>(at: At<'_, 'p>, function: FunctionRef<'p>, steps: u32) -> Extent<'p> {
    match Module::of(at.module.project, function.path) {
        Some(module) => returned(At { module, function: Some(function), view: None }, steps),
        None => Extent::Unknown,
    }
}

/// Returns whether the conditions of a `filter` leave few rows: they name a relation or a key, or nobody knows.
fn narrows(at: At<'_, '_>, model: ModelId, method: &str, args: List) -> bool {
    let (bodies, text) = (at.module.bodies, at.module.text);
    if method == "exclude" {
        return false;
    }
    bodies.args(args).iter().any(|arg| match (arg.name, arg.stars) {
        (Some(name), _) => is_narrow(at, model, name.slice(text), arg.value),
        (None, 0) => condition_narrows(at, model, arg.value, 6),
        (None, _) => true,
    })
}

/// Returns whether a look-up leaves few rows. A switch, a status, a kind leave many.
fn is_narrow(at: At<'_, '_>, model: ModelId, lookup: &str, value: ExprId) -> bool {
    let models = at.module.project.models();
    let first = lookup.split("__").next().unwrap_or(lookup);
    let is_constant =
        matches!(at.module.bodies.expr(value), Expr::True | Expr::False | Expr::None | Expr::Str(_) | Expr::Int)
            || at
                .module
                .bodies
                .members(value)
                .is_some_and(|all| all.iter().all(|it| matches!(at.module.bodies.expr(*it), Expr::Str(_) | Expr::Int)));
    let is_constant = is_constant || is_name(at, value);
    if lookup.ends_with("__isnull") || is_constant && first != "pk" && first != "id" {
        return false;
    }
    match models.lookup(model, first) {
        Some(field) => {
            field.kind.is_relation() || field.unique || field.column != "BooleanField" && field.choices.is_none()
        }
        None => true,
    }
}

/// Returns whether a value is a constant with a name: `Status.OPEN`, `Kind.book.name`, `OPEN`.
fn is_name(at: At<'_, '_>, value: ExprId) -> bool {
    let Some(dotted) = at.module.dotted(value) else { return false };
    let is_constant = |part: Option<&str>| part.is_some_and(|it| !it.contains(|it: char| it.is_ascii_lowercase()));
    dotted.contains('.') && dotted.starts_with(|it: char| it.is_ascii_uppercase())
        || is_constant(dotted.rsplit('.').next())
}

/// Returns whether `Q(…)` leaves few rows; what `|` joins leaves at least as many as its widest part.
fn condition_narrows(at: At<'_, '_>, model: ModelId, id: ExprId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    let (bodies, text) = (at.module.bodies, at.module.text);
    match bodies.expr(id) {
        Expr::Binary { op: b'|', left, right } => {
            condition_narrows(at, model, left, depth) && condition_narrows(at, model, right, depth)
        }
        Expr::Binary { op: b'&', left, right } => {
            condition_narrows(at, model, left, depth) || condition_narrows(at, model, right, depth)
        }
        Expr::Call { args, .. } if matches!(bodies.called(id, text), Some("Q")) => {
            args.is_empty() || narrows(at, model, "filter", args)
        }
        Expr::Name => {
            let name = bodies.span(id).slice(text);
            let Some(body) = at.function.and_then(|it| bodies.function(it.id)) else { return true };
            let mut is_narrow = true;
            for statement in bodies.statements(body.block) {
                match bodies.stmt(statement) {
                    Stmt::Assign { target, value } if bodies.dotted(target, text) == Some(name) => {
                        is_narrow = condition_narrows(at, model, value, depth);
                    }
                    Stmt::Augmented { target, op, value } if bodies.dotted(target, text) == Some(name) => {
                        let added = condition_narrows(at, model, value, depth);
                        is_narrow = if op == b'|' { is_narrow && added } else { is_narrow || added };
                    }
                    _ => {}
                }
            }
            is_narrow
        }
        _ => true,
    }
}
