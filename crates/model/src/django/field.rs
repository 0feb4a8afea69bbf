//! Fields in class bodies: `name = models.ForeignKey(…)`, and what stands for it.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use super::FieldKind;
use super::lineage::Lineage;
use super::module::{Module, STEPS};
use super::packages;
use super::target::{self, Target};
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, FunctionRef, ProjectModel};
use crate::python::body::{Expr, ExprId, List, Stmt};

/// A field as it is declared.
#[derive(Debug, Clone)]
pub(super) struct Declaration<'p> {
    pub(super) name: String,
    pub(super) kind: FieldKind,
    pub(super) column: String,
    /// What a relation leads to; [`Target::Unknown`] for columns.
    pub(super) target: Target<'p>,
    pub(super) through: Option<Target<'p>>,
    pub(super) null: bool,
    pub(super) unique: bool,
    pub(super) primary_key: bool,
    /// Whether it names another column than the primary key: `to_field`.
    pub(super) has_other_key: bool,
    pub(super) db_index: bool,
    pub(super) choices: Option<usize>,
    pub(super) related_name: Option<String>,
    pub(super) related_query_name: Option<String>,
    pub(super) is_parent_link: bool,
    /// `symmetrical=False` on a many-to-many relation with the own model.
    pub(super) is_one_way: bool,
    /// Whether its class adds fields beside it.
    pub(super) adds_more: bool,
    pub(super) place: Option<(&'p RelPath, TextRange)>,
}

impl Declaration<'_> {
    /// A plain field.
    pub(super) fn column(name: &str, column: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: FieldKind::Column,
            column: column.to_owned(),
            target: Target::Unknown,
            through: None,
            null: false,
            unique: false,
            primary_key: false,
            has_other_key: false,
            db_index: false,
            choices: None,
            related_name: None,
            related_query_name: None,
            is_parent_link: false,
            is_one_way: false,
            adds_more: false,
            place: None,
        }
    }
}

/// What is called to make a field.
struct Class<'p> {
    /// The name of the package's class.
    column: String,
    /// The class of the project that is called.
    own: Option<ClassRef<'p>>,
    /// Arguments that `partial` or a function adds.
    more: Vec<(&'p RelPath, List)>,
}

/// Returns what the name of a field class says about its kind; `None` if it is no field's name.
pub(super) fn kind_of_name(name: &str) -> Option<FieldKind> {
    Some(match name {
        "GenericForeignKey" => FieldKind::GenericForeignKey,
        "GenericRelation" => FieldKind::GenericRelation,
        "TranslatedFields" => FieldKind::ReverseForeignKey,
        "ForeignObject" => FieldKind::ForeignKey,
        "CompositePrimaryKey" => FieldKind::Column,
        "TaggableManager" | "ClusterTaggableManager" => FieldKind::ManyToMany,
        _ if name.ends_with("ManyToManyField") || name.ends_with("ManyToManyKey") => FieldKind::ManyToMany,
        _ if name.ends_with("OneToOneField") => FieldKind::OneToOne,
        _ if name.ends_with("ForeignKey") || name.ends_with("ParentalKey") || name.ends_with("ForeignKeyField") => {
            FieldKind::ForeignKey
        }
        _ if name.ends_with("Field") => FieldKind::Column,
        _ => return None,
    })
}

/// Returns whether a field class is that of tags, which names its model differently.
pub(super) fn is_tags(column: &str) -> bool {
    matches!(column, "TaggableManager" | "ClusterTaggableManager")
}

/// Reads the field that an expression makes, if it makes one.
pub(super) fn read<'p>(module: Module<'_, 'p>, name: &str, value: ExprId) -> Option<Declaration<'p>> {
    let Expr::Call { function, args } = module.bodies.expr(value) else { return None };
    let class = class_of(module, function, STEPS)?;
    let kind = kind_of_name(&class.column)?;
    let sources: Vec<(Module<'_, 'p>, List)> = [(module, args)]
        .into_iter()
        .chain(class.more.iter().filter_map(|(path, args)| Some((Module::of(module.project, path)?, *args))))
        .collect();
    let args = Arguments { sources: &sources };
    let is_key = matches!(kind, FieldKind::ForeignKey | FieldKind::OneToOne);
    let primary_key = args.is_true("primary_key") || class.column == "CompositePrimaryKey";
    let unique = args.is_true("unique") || primary_key || kind == FieldKind::OneToOne;
    let is_indexed = is_key || class.column == "SlugField";
    Some(Declaration {
        kind,
        target: args.target(kind, &class.column, class.own),
        through: args.find("through").map(|(module, id)| target::read(module, id, STEPS)),
        null: args.is_true("null"),
        unique,
        primary_key,
        has_other_key: args.find("to_field").is_some(),
        db_index: unique || args.is_true("db_index") || is_indexed && !args.is_false("db_index"),
        choices: args.find("choices").map(|(module, id)| count(module, id, STEPS).unwrap_or(0)),
        related_name: args.string("related_name").or_else(|| args.related_name(kind)),
        related_query_name: args.string("related_query_name"),
        is_parent_link: args.is_true("parent_link"),
        is_one_way: args.is_false("symmetrical"),
        adds_more: class.own.is_some_and(|class| adds_more(module.project, class)),
        ..Declaration::column(name, &class.column)
    })
}

/// The arguments of a call, and those that wrappers add.
struct Arguments<'s, 'a, 'p> {
    sources: &'s [(Module<'a, 'p>, List)],
}

impl<'a, 'p> Arguments<'_, 'a, 'p> {
    fn find(&self, name: &str) -> Option<(Module<'a, 'p>, ExprId)> {
        self.sources.iter().find_map(|(module, args)| Some((*module, module.keyword(*args, name)?)))
    }

    fn is_true(&self, name: &str) -> bool {
        self.find(name).is_some_and(|(module, id)| module.bodies.expr(id) == Expr::True)
    }

    fn is_false(&self, name: &str) -> bool {
        self.find(name).is_some_and(|(module, id)| module.bodies.expr(id) == Expr::False)
    }

    fn string(&self, name: &str) -> Option<String> {
        self.find(name).and_then(|(module, id)| module.string(id)).map(str::to_owned)
    }

    /// `ManyToManyField(Tag, "orders")`, `ForeignKey(Customer, CASCADE, "orders")`
    fn related_name(&self, kind: FieldKind) -> Option<String> {
        let at = match kind {
            FieldKind::ManyToMany => 1,
            FieldKind::ForeignKey | FieldKind::OneToOne => 2,
            _ => return None,
        };
        let (module, args) = self.sources.first()?;
        module.string(module.bodies.positional(*args, at)?).map(str::to_owned)
    }

    /// The first argument, `to=`, or what the project's field class puts there.
    fn target(&self, kind: FieldKind, column: &str, own: Option<ClassRef<'p>>) -> Target<'p> {
        if matches!(kind, FieldKind::Column | FieldKind::GenericForeignKey) {
            return Target::Unknown;
        }
        if is_tags(column) {
            return self.find("to").map_or(Target::Unknown, |(module, id)| target::read(module, id, STEPS));
        }
        let first =
            self.sources.first().and_then(|(module, args)| Some((*module, module.bodies.positional(*args, 0)?)));
        let given = first.or_else(|| self.find("to"));
        match (given, own, self.sources.first()) {
            (Some((module, id)), ..) => target::read(module, id, STEPS),
            (None, Some(class), Some((module, _))) => default_target(*module, class),
            (None, ..) => Target::Unknown,
        }
    }
}

/// Finds out what is called to make a field.
fn class_of<'p>(module: Module<'_, 'p>, id: ExprId, steps: u32) -> Option<Class<'p>> {
    let steps = steps.checked_sub(1)?;
    let plain = |column: &str| Class { column: column.to_owned(), own: None, more: Vec::new() };
    let id = match module.bodies.expr(id) {
        Expr::Subscript { object, .. } => object,
        _ => id,
    };
    let dotted = module.dotted(id)?;
    let by_name = || {
        let last = dotted.rsplit('.').next().unwrap_or(dotted);
        kind_of_name(last).map(|_| plain(last))
    };
    match module.symbol(id) {
        Some(Symbol::External(name)) if packages::is_no_field(&name) => None,
        Some(Symbol::External(name)) => {
            let last = name.rsplit('.').next().unwrap_or(&name);
            kind_of_name(last).map(|_| plain(last))
        }
        Some(Symbol::Class(class)) => {
            let column = external_field(module, class)?;
            Some(Class { column, own: Some(class), more: Vec::new() })
        }
        Some(Symbol::Function(function)) => returned_class(module, function, steps).or_else(by_name),
        Some(Symbol::Variable(path, name)) => partial_class(module, path, &name, steps).or_else(by_name),
        Some(Symbol::Module(_)) => None,
        None => by_name(),
    }
}

/// The package's field class that a class of the project descends from.
fn external_field<'p>(module: Module<'_, 'p>, class: ClassRef<'p>) -> Option<String> {
    let lineage = Lineage::of(module.project, class);
    let is_field = |name: &&str| kind_of_name(name).is_some();
    if lineage.external.iter().any(|name| packages::is_no_field(name)) {
        return None;
    }
    let names = lineage.external.iter().map(|name| name.rsplit('.').next().unwrap_or(name));
    let name = &module.project.python(class.path)?.class(class.id)?.name;
    // A mixin for fields is no field; what puts itself into a model is one.
    let is_likely = !lineage.unknown.is_empty() || lineage.method(module.project, "contribute_to_class").is_some();
    let own = is_likely.then_some(name.as_str());
    names.chain(own).find(is_field).map(str::to_owned)
}

/// Returns whether a field class of the project puts other fields into a model.
fn adds_more<'p>(project: &ProjectModel<'p>, class: ClassRef<'p>) -> bool {
    let Some((class, id)) = Lineage::of(project, class).method(project, "contribute_to_class") else { return false };
    let text = project.file(class.path).zip(project.function(FunctionRef { path: class.path, id }));
    text.is_none_or(|(file, function)| {
        let text = function.range.slice(&file.source.text);
        let adds = text.matches("add_field(").count() > text.matches("add_field(self").count();
        // Once in its own name, once for its base.
        adds || text.contains("add_to_class") || text.matches("contribute_to_class").count() > 2
    })
}

/// `def owner(**kwargs): return models.ForeignKey(…)`
fn returned_class<'p>(module: Module<'_, 'p>, function: FunctionRef<'p>, steps: u32) -> Option<Class<'p>> {
    let module = Module::of(module.project, function.path)?;
    let flat = module.flat(module.bodies.function(function.id)?.block);
    let mut returned = flat.statements.iter().filter_map(|id| match module.bodies.stmt(*id) {
        Stmt::Return(Some(value)) => Some(value),
        _ => None,
    });
    let (value, None) = (returned.next()?, returned.next()) else { return None };
    let Expr::Call { function, args } = module.bodies.expr(value) else { return None };
    let mut class = class_of(module, function, steps)?;
    class.more.insert(0, (module.path, args));
    Some(class)
}

/// `Owner = partial(models.ForeignKey, on_delete=CASCADE)`
fn partial_class<'p>(module: Module<'_, 'p>, path: &'p RelPath, name: &str, steps: u32) -> Option<Class<'p>> {
    let module = Module::of(module.project, path)?;
    let (callee, args) = module.bodies.call(module.value(name)?, module.text)?;
    if !callee.ends_with("partial") {
        return None;
    }
    let mut class = class_of(module, module.bodies.positional(args, 0)?, steps)?;
    class.more.insert(0, (module.path, args));
    Some(class)
}

/// The target that `__init__` of a field class sets: `kwargs["to"] = X`, `setdefault("to", X)`, `super().__init__(X)`.
fn default_target<'p>(module: Module<'_, 'p>, class: ClassRef<'p>) -> Target<'p> {
    let found = Lineage::of(module.project, class).method(module.project, "__init__").and_then(|(class, init)| {
        let module = Module::of(module.project, class.path)?;
        let flat = module.flat(module.bodies.function(init)?.block);
        flat.statements.iter().find_map(|id| match module.bodies.stmt(*id) {
            Stmt::Assign { target, value } => match module.bodies.expr(target) {
                Expr::Subscript { index, .. } if module.string(index) == Some("to") => Some((module, value)),
                _ => None,
            },
            Stmt::Expr(value) => {
                let Expr::Call { function, args } = module.bodies.expr(value) else { return None };
                let Expr::Attr { name, .. } = module.bodies.expr(function) else { return None };
                let first = module.bodies.positional(args, 0);
                let given = match name.slice(module.text) {
                    "setdefault" if first.and_then(|id| module.string(id)) == Some("to") => {
                        module.bodies.positional(args, 1)
                    }
                    "__init__" => module.keyword(args, "to").or(first),
                    _ => None,
                };
                Some((module, given?))
            }
            _ => None,
        })
    });
    found.map_or(Target::Unknown, |(module, value)| target::read(module, value, STEPS))
}

/// Returns how many choices an expression lists, if they can be counted.
fn count(module: Module<'_, '_>, id: ExprId, steps: u32) -> Option<usize> {
    let steps = steps.checked_sub(1)?;
    if let Some(members) = module.bodies.members(id) {
        return Some(members.len());
    }
    let dotted = module.dotted(id)?;
    let at = module.bodies.span(id);
    // A list or an enumeration in the class around the field.
    let holder = dotted.strip_suffix(".choices").unwrap_or(dotted);
    let around = module.facts.classes.iter().zip(&module.bodies.classes).filter(|(class, _)| class.range.contains(at));
    for (_, body) in around {
        if let Some(value) = module.value_in(body.block, holder) {
            return count(module, value, steps);
        }
        let inner = module.flat(body.block).statements.into_iter().find_map(|id| match module.bodies.stmt(id) {
            Stmt::Class(id) if module.facts.class(id).is_some_and(|it| it.name == holder) => Some(id),
            _ => None,
        });
        if let Some(body) = inner.and_then(|id| module.bodies.class(id)) {
            return Some(module.bodies.assignments(body.block, module.text).count());
        }
    }
    match module.project.resolve(module.path, holder, at.start())? {
        Symbol::Variable(path, name) => {
            let module = Module::of(module.project, path)?;
            count(module, module.value(&name)?, steps)
        }
        Symbol::Class(class) => {
            let module = Module::of(module.project, class.path)?;
            Some(module.bodies.assignments(module.class_body(class)?.block, module.text).count())
        }
        Symbol::Function(_) | Symbol::Module(_) | Symbol::External(_) => None,
    }
}

/// Returns whether a class assigns fields of Django itself.
pub(super) fn has_some<'p>(module: Module<'_, 'p>, class: ClassRef<'p>) -> bool {
    let Some(body) = module.class_body(class) else { return false };
    module.flat(body.block).statements.iter().filter_map(|id| module.binding(*id)).any(|(_, value)| {
        let Expr::Call { function, .. } = module.bodies.expr(value) else { return false };
        let Some(Symbol::External(name)) = module.symbol(function) else { return false };
        let is_django = name.starts_with("django.db.models.") || name.starts_with("django.contrib.");
        is_django && !packages::is_no_field(&name) && kind_of_name(name.rsplit('.').next().unwrap_or(&name)).is_some()
    })
}

/// Returns the class from outside that an expression calls, where nothing tells that it adds no fields.
pub(super) fn unknown_class<'p>(module: Module<'_, 'p>, value: ExprId) -> Option<&'p str> {
    let (callee, _) = module.bodies.call(value, module.text)?;
    let Expr::Call { function, .. } = module.bodies.expr(value) else { return None };
    match module.symbol(function) {
        Some(Symbol::External(name)) if packages::adds_nothing(&name) => None,
        Some(Symbol::External(_)) => {
            let last = callee.rsplit('.').next().unwrap_or(callee);
            last.starts_with(|first: char| first.is_ascii_uppercase()).then_some(callee)
        }
        Some(Symbol::Class(class)) => {
            Lineage::of(module.project, class).method(module.project, "contribute_to_class").is_some().then_some(callee)
        }
        Some(Symbol::Function(_) | Symbol::Variable(..) | Symbol::Module(_)) | None => None,
    }
}
