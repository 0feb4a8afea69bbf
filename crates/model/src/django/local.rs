//! What the names of one function stand for, as far as its own statements tell: rows and querysets of which model.
//!
//! Names are looked at without regard to order: a name that is bound to different things is nothing. Calls are not
//! followed; what a class or an annotation says is.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::lineage::Lineage;
use super::module::Module;
use super::{Field, FieldKind, ModelId};
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, FunctionRef, ProjectModel};
use crate::python::body::{Bodies, Clause, Expr, ExprId, List, Stmt, StmtId};
use crate::python::function::Function;

/// How many expressions are looked at to know what one is.
const STEPS: u32 = 40;

/// What a name or an expression stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thing {
    /// The model.
    pub model: ModelId,
    /// What of it.
    pub shape: Shape,
}

/// What of a model something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The class.
    Class,
    /// A manager of all its rows.
    Manager,
    /// A manager of the rows that belong to another row.
    Related,
    /// A queryset.
    Query,
    /// A queryset of dictionaries or tuples.
    Values,
    /// Rows in memory.
    Rows,
    /// A row that was read from the database.
    Row,
    /// A row that was made here.
    New,
    /// The row and the flag of `get_or_create`.
    Pair,
}

/// How a name is bound.
#[derive(Debug, Clone, Copy)]
enum Binding {
    Value(ExprId),
    /// One of what is iterated.
    Element(ExprId),
    /// The first of two.
    First(ExprId),
    Annotation(ExprId),
    Nothing,
}

/// One function, ready to be asked.
pub struct Local<'a, 'p> {
    /// The function.
    pub function: FunctionRef<'p>,
    /// The text of its file.
    pub text: &'p str,
    /// The statements of its file.
    pub bodies: &'p Bodies,
    /// Its own statements, those of functions and classes inside it left out, in the order of the text.
    pub statements: Vec<StmtId>,
    module: Module<'a, 'p>,
    class: Option<ClassRef<'p>>,
    bindings: BTreeMap<&'p str, Vec<Binding>>,
    /// What is known of names so far; `None` while it is found out.
    known: RefCell<BTreeMap<&'p str, Option<Thing>>>,
    uses: OnceCell<BTreeMap<&'p str, Vec<ExprId>>>,
}

impl<'a, 'p> Local<'a, 'p> {
    /// Reads the bindings of a function.
    pub fn of(project: &'a ProjectModel<'p>, function: FunctionRef<'p>) -> Option<Self> {
        let module = Module::of(project, function.path)?;
        let facts = module.facts.function(function.id)?;
        let mut local = Self::empty(module, function);
        local.class = facts.class.map(|id| ClassRef { path: module.path, id });
        local.bind_all();
        Some(local)
    }

    fn empty(module: Module<'a, 'p>, function: FunctionRef<'p>) -> Self {
        let (text, bodies) = (module.text, module.bodies);
        let (bindings, known, uses) = (BTreeMap::new(), RefCell::default(), OnceCell::new());
        Self { function, text, bodies, statements: Vec::new(), module, class: None, bindings, known, uses }
    }

    /// Reads the functions of the project, but those of files that play one of some parts, and those that do not hold
    /// one of some words.
    pub fn all(
        project: &'a ProjectModel<'p>,
        but: Roles,
        words: &'static [&'static str],
    ) -> impl Iterator<Item = Self> {
        Self::some(project, but, words, |_| true)
    }

    /// Reads those of these functions that are wanted.
    pub fn some(
        project: &'a ProjectModel<'p>,
        but: Roles,
        words: &'static [&'static str],
        is_wanted: impl Fn(FunctionRef<'p>) -> bool + Copy,
    ) -> impl Iterator<Item = Self> {
        let files = project.python_files().filter(move |(file, _)| {
            !file.source.roles.intersects(but) && words.iter().any(|word| file.source.text.contains(word))
        });
        files.flat_map(move |(file, facts)| {
            let path = &file.source.path;
            let wanted = facts.functions_with_ids().filter(move |(_, function)| {
                let text = function.range.slice(&file.source.text);
                words.iter().any(|word| text.contains(word))
            });
            let wanted = wanted.map(move |(id, _)| FunctionRef { path, id }).filter(move |it| is_wanted(*it));
            wanted.filter_map(move |function| Self::of(project, function))
        })
    }

    /// Returns all expressions of its statements, an expression before its parts.
    pub fn expressions(&self) -> impl Iterator<Item = ExprId> {
        let own = self.statements.iter().flat_map(|id| self.bodies.own(*id));
        own.flat_map(|id| self.bodies.within(id))
    }

    /// Returns the text of an expression.
    pub fn source(&self, id: ExprId) -> &'p str {
        self.bodies.span(id).slice(self.text)
    }

    /// Returns the facts of the function.
    pub fn facts(&self) -> Option<&'p Function> {
        self.module.facts.function(self.function.id)
    }

    /// Returns the object, the method's name and the arguments of a call of a method.
    pub fn method(&self, id: ExprId) -> Option<(ExprId, &'p str, List)> {
        let Expr::Call { function, args } = self.bodies.expr(id) else { return None };
        let Expr::Attr { object, name } = self.bodies.expr(function) else { return None };
        Some((object, name.slice(self.text), args))
    }

    /// Returns the object and the name of an attribute.
    pub fn attr(&self, id: ExprId) -> Option<(ExprId, &'p str)> {
        let Expr::Attr { object, name } = self.bodies.expr(id) else { return None };
        Some((object, name.slice(self.text)))
    }

    /// Returns the places where a name stands in the function, those of inner functions too.
    pub fn uses(&self, name: &str) -> &[ExprId] {
        let found = self.uses.get_or_init(|| {
            let mut found: BTreeMap<&'p str, Vec<ExprId>> = BTreeMap::new();
            let range = self.facts().map_or(TextRange::empty(0), |facts| facts.range);
            let names = self.bodies.ids().filter(|id| self.bodies.expr(*id) == Expr::Name);
            for id in names.filter(|id| range.contains(self.bodies.span(*id))) {
                found.entry(self.source(id)).or_default().push(id);
            }
            found
        });
        found.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns what an expression stands for.
    pub fn thing(&self, id: ExprId) -> Option<Thing> {
        self.expr(id, STEPS)
    }

    /// Returns how often a name is bound.
    pub fn bindings(&self, name: &str) -> usize {
        self.bindings.get(name).map_or(0, Vec::len)
    }

    /// Returns the expression that a name's only binding assigns.
    pub fn value(&self, name: &str) -> Option<ExprId> {
        match self.bindings.get(name)?.as_slice() {
            [Binding::Value(value)] => Some(*value),
            _ => None,
        }
    }

    /// Returns a field of a model.
    pub fn field(&self, model: ModelId, name: &str) -> Option<&'a Field<'p>> {
        self.module.project.models().field(model, name)
    }

    /// Returns the function of the project that a call calls.
    pub fn callee(&self, id: ExprId) -> Option<FunctionRef<'p>> {
        let Expr::Call { function, .. } = self.bodies.expr(id) else { return None };
        if let Expr::Attr { object, name } = self.bodies.expr(function)
            && let Some(thing) = self.thing(object)
        {
            let is_own = matches!(thing.shape, Shape::Row | Shape::New | Shape::Class);
            let class = self.module.project.models().get(thing.model).class.filter(|_| is_own)?;
            let (class, id) =
                Lineage::of(self.module.project, class).method(self.module.project, name.slice(self.text))?;
            return Some(FunctionRef { path: class.path, id });
        }
        let dotted = self.module.dotted(function)?;
        let head = dotted.split('.').next().unwrap_or(dotted);
        if self.bindings.contains_key(head) && !matches!(head, "self" | "cls") {
            return None;
        }
        let at = self.bodies.span(function).start();
        ProjectModel::as_function(self.module.project.resolve(self.module.path, dotted, at))
    }

    /// Returns whether what stands at one place may be followed by what stands at a later one: not from one branch to
    /// another, nor out of one that returns.
    pub fn reaches(&self, from: TextRange, to: TextRange) -> bool {
        self.statements.iter().all(|id| {
            let (is_choice, blocks) = match self.bodies.stmt(*id) {
                Stmt::Match { cases, .. } => {
                    (true, self.bodies.block(cases).iter().flat_map(|id| self.bodies.blocks(*id)).collect())
                }
                stmt => (matches!(stmt, Stmt::If { .. }), self.bodies.blocks(*id)),
            };
            let Some(block) = blocks.iter().find(|block| self.covers(**block, from)) else { return true };
            if self.covers(*block, to) {
                return true;
            }
            let ends = |id: &StmtId| {
                matches!(self.bodies.stmt(*id), Stmt::Return(_) | Stmt::Raise(_) | Stmt::Jump | Stmt::Break)
            };
            let is_elsewhere = is_choice && blocks.iter().any(|other| self.covers(*other, to));
            !is_elsewhere && !self.bodies.block(*block).iter().any(ends)
        })
    }

    /// Returns whether two places lie in branches of different conditions: one says nothing of the other.
    pub fn are_apart(&self, first: TextRange, second: TextRange) -> bool {
        let alone = |one: TextRange, other: TextRange| {
            self.statements.iter().any(|id| {
                matches!(self.bodies.stmt(*id), Stmt::If { .. } | Stmt::Match { .. })
                    && self.bodies.stmt_span(*id).contains(one)
                    && !self.bodies.stmt_span(*id).contains(other)
            })
        };
        alone(first, second) && alone(second, first)
    }

    fn covers(&self, block: List, place: TextRange) -> bool {
        let statements = self.bodies.block(block);
        let (Some(first), Some(last)) = (statements.first(), statements.last()) else { return false };
        TextRange::new(self.bodies.stmt_span(*first).start(), self.bodies.stmt_span(*last).end()).contains(place)
    }

    fn bind_all(&mut self) {
        let bodies = self.bodies;
        let Some(body) = bodies.function(self.function.id) else { return };
        self.statements = bodies.statements(body.block);
        for param in &body.params {
            let binding = match param.annotation {
                Some(annotation) if param.stars == 0 => Binding::Annotation(annotation),
                _ => Binding::Nothing,
            };
            self.bindings.entry(param.name.slice(self.text)).or_default().push(binding);
        }
        for id in self.statements.clone() {
            match bodies.stmt(id) {
                Stmt::Assign { target, value } => self.bind(target, Binding::Value(value)),
                Stmt::Annotated { target, value: Some(value), .. } => self.bind(target, Binding::Value(value)),
                Stmt::For { target, iter, .. } => self.bind(target, Binding::Element(iter)),
                _ => {}
            }
            for part in bodies.own(id).into_iter().flat_map(|own| bodies.within(own)) {
                match bodies.expr(part) {
                    Expr::Walrus { target, value } => self.bind(target, Binding::Value(value)),
                    Expr::Comprehension { clauses, .. } => self.bind_clauses(clauses),
                    _ => {}
                }
            }
        }
    }

    fn bind_clauses(&mut self, clauses: List) {
        for clause in self.bodies.clauses(clauses) {
            if let Clause::For { target, iter } = *clause {
                self.bind(target, Binding::Element(iter));
            }
        }
    }

    fn bind(&mut self, target: ExprId, binding: Binding) {
        let bodies = self.bodies;
        match (bodies.expr(target), binding) {
            (Expr::Name, _) => {
                self.bindings.entry(bodies.span(target).slice(self.text)).or_default().push(binding);
            }
            (Expr::Tuple(list) | Expr::List(list), _) => {
                let members = bodies.exprs(list);
                for (at, member) in members.iter().enumerate() {
                    let part = match binding {
                        Binding::Value(value) if at == 0 && members.len() == 2 => Binding::First(value),
                        _ => Binding::Nothing,
                    };
                    if matches!(bodies.expr(*member), Expr::Name) {
                        self.bindings.entry(bodies.span(*member).slice(self.text)).or_default().push(part);
                    }
                }
            }
            _ => {}
        }
    }

    fn name(&self, name: &'p str, at: u32, steps: u32) -> Option<Thing> {
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        let Some(bindings) = self.bindings.get(name) else { return self.outside(name, at) };
        self.known.borrow_mut().insert(name, None);
        let mut found: Option<Thing> = None;
        let mut is_clear = true;
        for binding in bindings {
            let thing = match *binding {
                Binding::Value(value) if self.bodies.expr(value) == Expr::None => continue,
                Binding::Value(value) => self.expr(value, steps),
                Binding::Element(iter) => self.expr(iter, steps).and_then(element),
                Binding::First(value) => {
                    self.expr(value, steps).filter(|it| it.shape == Shape::Pair).map(|it| it.with(Shape::Row))
                }
                Binding::Annotation(annotation) => self.annotation(annotation, steps),
                Binding::Nothing => None,
            };
            is_clear &= thing.is_some() && found.is_none_or(|found| Some(found) == thing);
            found = found.or(thing);
            // `rows = rows.filter(…)` sees what was bound before.
            self.known.borrow_mut().insert(name, found.filter(|_| is_clear));
        }
        let found = found.filter(|_| is_clear);
        self.known.borrow_mut().insert(name, found);
        found
    }

    /// A name that the function does not bind.
    fn outside(&self, name: &str, at: u32) -> Option<Thing> {
        match self.module.project.resolve(self.module.path, name, at)? {
            Symbol::Class(class) => self.class(class),
            Symbol::External(dotted) => {
                Some(Thing { model: self.module.project.models().of_external(&dotted)?, shape: Shape::Class })
            }
            _ => None,
        }
    }

    fn class(&self, class: ClassRef<'p>) -> Option<Thing> {
        Some(Thing { model: self.module.project.models().of_class(class)?, shape: Shape::Class })
    }

    fn annotation(&self, id: ExprId, steps: u32) -> Option<Thing> {
        let text = self.text;
        if let Expr::Binary { op: b'|', left, right } = self.bodies.expr(id) {
            let left = self.annotation(left, steps.checked_sub(1)?);
            return left.or_else(|| self.annotation(right, steps - 1));
        }
        let name = match self.bodies.expr(id) {
            Expr::Str(content) => content.slice(text),
            _ => self.module.dotted(id)?,
        };
        let at = self.bodies.span(id).start();
        match self.module.project.resolve(self.module.path, name, at)? {
            Symbol::Class(class) => self.class(class).map(|it| it.with(Shape::Row)),
            _ => None,
        }
    }

    fn expr(&self, id: ExprId, steps: u32) -> Option<Thing> {
        let steps = steps.checked_sub(1)?;
        let bodies = self.bodies;
        match bodies.expr(id) {
            Expr::Name => {
                let span = bodies.span(id);
                let name = span.slice(self.text);
                if name == "self" { self.receiver() } else { self.name(name, span.start(), steps) }
            }
            Expr::Attr { object, name } => self.attribute(id, object, name.slice(self.text), steps),
            Expr::Call { function, args } => self.call(function, args, steps),
            Expr::Await(inner) => self.expr(inner, steps),
            Expr::Subscript { object, index } => {
                let thing = self.expr(object, steps)?;
                match (bodies.expr(index), thing.shape) {
                    (Expr::Slice { .. }, Shape::Query | Shape::Values | Shape::Rows) => Some(thing),
                    (Expr::Int, Shape::Query | Shape::Rows | Shape::Pair) => Some(thing.with(Shape::Row)),
                    _ => None,
                }
            }
            Expr::Conditional { then, other, .. } => self.either(then, other, steps),
            Expr::Bool { left, right } => self.either(left, right, steps),
            Expr::Comprehension { element, .. } => {
                let thing = self.expr(element, steps)?;
                matches!(thing.shape, Shape::Row | Shape::New).then(|| thing.with(Shape::Rows))
            }
            _ => None,
        }
    }

    fn either(&self, left: ExprId, right: ExprId, steps: u32) -> Option<Thing> {
        let is_none = |id| self.bodies.expr(id) == Expr::None;
        match (self.expr(left, steps), self.expr(right, steps)) {
            (Some(left), Some(right)) if left == right => Some(left),
            (Some(left), None) if is_none(right) => Some(left),
            (None, Some(right)) if is_none(left) => Some(right),
            _ => None,
        }
    }

    /// `self` in a model.
    fn receiver(&self) -> Option<Thing> {
        Some(self.class(self.class?)?.with(Shape::Row))
    }

    fn attribute(&self, id: ExprId, object: ExprId, name: &str, steps: u32) -> Option<Thing> {
        let models = self.module.project.models();
        if let Some(dotted) = self.module.dotted(id) {
            let is_user = matches!(dotted, "request.user" | "self.request.user" | "info.context.user");
            if is_user {
                return Some(Thing { model: models.user()?, shape: Shape::Row });
            }
            if !self.bindings.contains_key(dotted.split('.').next().unwrap_or(dotted)) && !dotted.starts_with("self.") {
                let at = self.bodies.span(id).start();
                if let Some(Symbol::Class(class)) = self.module.project.resolve(self.module.path, dotted, at)
                    && let Some(thing) = self.class(class)
                {
                    return Some(thing);
                }
            }
        }
        let thing = self.expr(object, steps)?;
        match thing.shape {
            Shape::Class => {
                let is_manager = matches!(name, "objects" | "_default_manager" | "_base_manager")
                    || models.get(thing.model).managers.contains_key(name);
                is_manager.then(|| thing.with(Shape::Manager))
            }
            Shape::Row | Shape::New => {
                let field = models.field(thing.model, name)?;
                let model = field.target?;
                let shape = if field.kind.is_many() { Shape::Related } else { Shape::Row };
                (field.kind != FieldKind::GenericForeignKey).then_some(Thing { model, shape })
            }
            _ => None,
        }
    }

    fn call(&self, function: ExprId, args: List, steps: u32) -> Option<Thing> {
        let bodies = self.bodies;
        let first = || bodies.positional(args, 0).and_then(|id| self.expr(id, steps));
        match bodies.expr(function) {
            Expr::Name => match bodies.span(function).slice(self.text) {
                "get_object_or_404" | "aget_object_or_404" => first().map(|it| it.with(Shape::Row)),
                "get_list_or_404" => first().map(|it| it.with(Shape::Rows)),
                "get_user_model" => Some(Thing { model: self.module.project.models().user()?, shape: Shape::Class }),
                "list" | "sorted" | "reversed" | "set" | "tuple" => match first()?.shape {
                    Shape::Query | Shape::Rows => first().map(|it| it.with(Shape::Rows)),
                    _ => None,
                },
                _ => self.made(function, steps),
            },
            Expr::Attr { object, name } => {
                let name = name.slice(self.text);
                if matches!(bodies.expr(object), Expr::Name)
                    && bodies.span(object).slice(self.text) == "self"
                    && self.receiver().is_none()
                {
                    return match name {
                        "get_object" => self.of_view().map(|it| it.with(Shape::Row)),
                        "get_queryset" | "filter_queryset" => self.of_view().map(|it| it.with(Shape::Query)),
                        _ => None,
                    };
                }
                match self.expr(object, steps) {
                    Some(thing) => method(thing, name),
                    None => self.made(function, steps),
                }
            }
            _ => None,
        }
    }

    /// `Model(…)`
    fn made(&self, function: ExprId, steps: u32) -> Option<Thing> {
        self.expr(function, steps).filter(|it| it.shape == Shape::Class).map(|it| it.with(Shape::New))
    }

    /// The model of `queryset` or `model` in a view that the function is a method of.
    fn of_view(&self) -> Option<Thing> {
        let lineage = Lineage::of(self.module.project, self.class?);
        lineage.classes.iter().take(12).find_map(|class| self.stated_by(class.path, *class))
    }

    fn stated_by(&self, path: &RelPath, class: ClassRef<'p>) -> Option<Thing> {
        let module = Module::of(self.module.project, path)?;
        let body = module.class_body(class)?;
        let value = module.value_in(body.block, "queryset").or_else(|| module.value_in(body.block, "model"))?;
        Local::empty(module, self.function).thing(value)
    }
}

impl Thing {
    fn with(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }
}

fn element(thing: Thing) -> Option<Thing> {
    matches!(thing.shape, Shape::Query | Shape::Rows).then(|| thing.with(Shape::Row))
}

/// What a method of a manager, a queryset or a row returns.
fn method(thing: Thing, name: &str) -> Option<Thing> {
    match thing.shape {
        Shape::Manager | Shape::Related | Shape::Query => {}
        Shape::Values => {
            return matches!(name, "distinct" | "order_by" | "filter" | "exclude" | "annotate").then_some(thing);
        }
        Shape::Class | Shape::Rows | Shape::Row | Shape::New | Shape::Pair => return None,
    }
    let shape = match name {
        "all" | "filter" | "exclude" | "order_by" | "distinct" | "annotate" | "alias" | "select_related"
        | "prefetch_related" | "only" | "defer" | "reverse" | "using" | "select_for_update" | "none" | "union"
        | "complex_filter" | "extra" | "iterator" | "get_queryset" | "intersection" | "difference" => Shape::Query,
        "values" | "values_list" => Shape::Values,
        "get" | "first" | "last" | "latest" | "earliest" | "aget" | "afirst" | "alast" => Shape::Row,
        "create" | "acreate" => Shape::New,
        "get_or_create" | "update_or_create" | "aget_or_create" | "aupdate_or_create" => Shape::Pair,
        "bulk_create" => Shape::Rows,
        _ => return None,
    };
    Some(thing.with(shape))
}
