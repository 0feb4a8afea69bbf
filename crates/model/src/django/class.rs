//! The classes that are models, and what each says about itself.

use std::collections::BTreeSet;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use rustc_hash::FxHashMap;

use super::Manager;
use super::apps::Apps;
use super::field::{self, Declaration};
use super::lineage::{Base, Lineage, bases};
use super::manager;
use super::meta::{self, Meta};
use super::module::{Module, STEPS};
use super::packages;
use super::target::Target;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::ClassId;
use crate::python::body::{Expr, ExprId, Stmt};

/// A model as its class or the table of packages states it.
#[derive(Debug)]
pub(super) struct Declared<'p> {
    pub(super) name: String,
    pub(super) app: String,
    /// The name of the app's folder, which people write where the label is another.
    pub(super) folder: String,
    pub(super) class: Option<ClassRef<'p>>,
    /// The dotted name of a package's model.
    pub(super) external: Option<&'static str>,
    pub(super) bases: Vec<Base<'p>>,
    /// Whether a base is not known that may be a model.
    pub(super) has_unknown_base: bool,
    pub(super) fields: Vec<Declaration<'p>>,
    /// All names that the class body binds: they hide inherited fields.
    pub(super) bound: BTreeSet<String>,
    pub(super) managers: Vec<(String, Manager<'p>)>,
    pub(super) meta: Meta,
    /// Why there may be fields that are not known.
    pub(super) gaps: Vec<String>,
    pub(super) place: Option<(&'p RelPath, TextRange)>,
}

/// Returns the classes of the project that are models, sorted by path and place.
pub(super) fn declare<'p>(project: &ProjectModel<'p>) -> Vec<Declared<'p>> {
    let apps = Apps::find(project);
    let mut descent = Descent { project, seen: FxHashMap::default() };
    let mut found = Vec::new();
    for (file, facts) in project.python_files() {
        let Some(module) = Module::of(project, &file.source.path) else { continue };
        for (id, _) in (0..).map(ClassId).zip(&facts.classes).filter(|(_, class)| !class.is_nested) {
            let class = ClassRef { path: module.path, id };
            if descent.standing(class, STEPS * 4) == Standing::Model {
                found.push(read(module, class, &apps, &mut descent));
            }
        }
    }
    found
}

/// What a class is by its bases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Model,
    Plain,
    Unknown,
}

struct Descent<'a, 'p> {
    project: &'a ProjectModel<'p>,
    seen: FxHashMap<ClassRef<'p>, Standing>,
}

impl<'p> Descent<'_, 'p> {
    fn standing(&mut self, class: ClassRef<'p>, steps: u32) -> Standing {
        if let Some(known) = self.seen.get(&class) {
            return *known;
        }
        let Some(steps) = steps.checked_sub(1) else { return Standing::Unknown };
        // A class that descends from itself is nothing.
        self.seen.insert(class, Standing::Plain);
        let mut standing = Standing::Plain;
        for base in bases(self.project, class) {
            let of_base = match base {
                Base::Class(base) => self.standing(base, steps),
                Base::External(name) if packages::is_model(&name) => Standing::Model,
                Base::User => Standing::Model,
                Base::External(name) if packages::is_plain(&name) || name.starts_with("django.") => Standing::Plain,
                Base::External(_) | Base::Unknown(..) => Standing::Unknown,
            };
            standing = match (standing, of_base) {
                (Standing::Model, _) | (_, Standing::Model) => Standing::Model,
                (Standing::Unknown, _) | (_, Standing::Unknown) => Standing::Unknown,
                (Standing::Plain, Standing::Plain) => Standing::Plain,
            };
        }
        // Without its base the fields of Django tell.
        let is_likely = || Module::of(self.project, class.path).is_some_and(|module| field::has_some(module, class));
        if standing == Standing::Unknown && is_likely() {
            standing = Standing::Model;
        }
        self.seen.insert(class, standing);
        standing
    }
}

fn read<'p>(
    module: Module<'_, 'p>,
    class: ClassRef<'p>,
    apps: &Apps<'p>,
    descent: &mut Descent<'_, 'p>,
) -> Declared<'p> {
    let facts = module.facts.class(class.id);
    let folder = apps.label(module.path);
    let meta = meta::read(module, class);
    let mut declared = Declared {
        name: facts.map(|it| it.name.clone()).unwrap_or_default(),
        app: meta.app_label.clone().unwrap_or_else(|| folder.clone()),
        folder,
        class: Some(class),
        external: None,
        bases: Vec::new(),
        has_unknown_base: false,
        fields: Vec::new(),
        bound: BTreeSet::new(),
        managers: Vec::new(),
        meta,
        gaps: Vec::new(),
        place: facts.map(|it| (module.path, it.name_range)),
    };
    for base in bases(module.project, class) {
        let is_model = match &base {
            Base::Class(base) => descent.standing(*base, STEPS) == Standing::Model,
            Base::User => true,
            Base::External(name) => packages::is_model(name),
            Base::Unknown(..) => false,
        };
        if is_model {
            declared.bases.push(base);
        } else {
            mixin_gaps(module.project, &base, &mut declared.gaps);
        }
    }
    // A mixin that is not called a model brings no manager.
    declared.has_unknown_base = declared.gaps.iter().any(|gap| gap.starts_with("base ") && gap.contains("Model"));
    read_body(module, class, &mut declared);
    decoration_gaps(module, class, &mut declared.gaps);
    if module.project.file(module.path).is_some_and(|file| file.facts.has_errors) {
        declared.gaps.push("syntax error in the file".to_owned());
    }
    declared
}

/// A base that is no model may still change one.
fn mixin_gaps<'p>(project: &ProjectModel<'p>, base: &Base<'p>, gaps: &mut Vec<String>) {
    match base {
        Base::External(name) if packages::is_plain(name) => {}
        Base::User => {}
        Base::External(name) | Base::Unknown(name, _) => gaps.push(format!("base {name}")),
        Base::Class(class) => {
            let lineage = Lineage::of(project, *class);
            for class in &lineage.classes {
                hook_gaps(project, *class, gaps);
            }
            let external = lineage.external.iter().filter(|name| !packages::is_plain(name));
            let unknown = lineage.unknown.iter().map(|(text, _)| text);
            gaps.extend(external.chain(unknown).map(|name| format!("base {name}")));
        }
    }
}

/// Methods that are called when a class is made.
fn hook_gaps(project: &ProjectModel<'_>, class: ClassRef<'_>, gaps: &mut Vec<String>) {
    let Some(facts) = project.python(class.path) else { return };
    for hook in ["__init_subclass__", "contribute_to_class", "__new__", "add_to_class", "__getattr__"] {
        if facts.method(class.id, hook).is_some() {
            gaps.push(format!("method {hook}"));
        }
    }
}

fn read_body<'p>(module: Module<'_, 'p>, class: ClassRef<'p>, declared: &mut Declared<'p>) {
    let Some(body) = module.class_body(class) else { return };
    hook_gaps(module.project, class, &mut declared.gaps);
    let flat = module.flat(body.block);
    if flat.has_loop {
        declared.gaps.push("loop in the class".to_owned());
    }
    for id in flat.statements {
        match module.bodies.stmt(id) {
            Stmt::Function(id) => {
                declared.bound.extend(module.facts.function(id).map(|it| it.name.clone()));
            }
            Stmt::Class(id) => declared.bound.extend(module.facts.class(id).map(|it| it.name.clone())),
            Stmt::Assign { target, value } | Stmt::Annotated { target, value: Some(value), .. } => {
                assign(module, target, value, declared);
            }
            Stmt::Expr(value) if matches!(module.bodies.expr(value), Expr::Call { .. }) => {
                declared.gaps.push("call in the class".to_owned());
            }
            Stmt::Expr(_)
            | Stmt::Annotated { .. }
            | Stmt::Augmented { .. }
            | Stmt::Return(_)
            | Stmt::Raise(_)
            | Stmt::For { .. }
            | Stmt::While { .. }
            | Stmt::If { .. }
            | Stmt::Try { .. }
            | Stmt::With { .. }
            | Stmt::Match { .. }
            | Stmt::Block(_)
            | Stmt::Star(_)
            | Stmt::Jump
            | Stmt::Break
            | Stmt::Other(_) => {}
        }
    }
}

fn assign<'p>(module: Module<'_, 'p>, target: ExprId, value: ExprId, declared: &mut Declared<'p>) {
    let Expr::Name = module.bodies.expr(target) else {
        if !matches!(module.bodies.expr(target), Expr::Attr { .. } | Expr::Tuple(_)) {
            declared.gaps.push("computed names".to_owned());
        }
        return;
    };
    let span = module.bodies.span(target);
    let name = span.slice(module.text);
    declared.bound.insert(name.to_owned());
    if let Some(mut field) = field::read(module, name, value) {
        field.place = Some((module.path, span));
        if field.column == "TranslatedFields" {
            declared.gaps.push("translated fields".to_owned());
        }
        if field.adds_more {
            declared.gaps.push(format!("{name} adds fields"));
        }
        let extra =
            (field.column == "MoneyField").then(|| Declaration::column(&format!("{name}_currency"), "CharField"));
        // In `if` and `else` the same field is written twice; a relation that differs is not known.
        match declared.fields.iter_mut().find(|it| it.name == name) {
            Some(before) if before.target == field.target => *before = field,
            Some(before) => *before = Declaration { target: Target::Unknown, ..field },
            None => declared.fields.push(field),
        }
        declared.fields.extend(extra);
    } else if let Some(manager) = manager::read(module, value) {
        declared.managers.retain(|(it, _)| it != name);
        declared.managers.push((name.to_owned(), manager));
    } else if let Some(callee) = field::unknown_class(module, value) {
        declared.gaps.push(format!("{name} = {callee}()"));
    }
}

/// Decorators and metaclasses that may add fields.
fn decoration_gaps<'p>(module: Module<'_, 'p>, class: ClassRef<'p>, gaps: &mut Vec<String>) {
    let Some(body) = module.class_body(class) else { return };
    for decorator in &body.decorators {
        let callee = match module.bodies.expr(*decorator) {
            Expr::Call { function, .. } => function,
            _ => *decorator,
        };
        if !leaves_class(module, callee) {
            gaps.push(format!("decorator {}", module.bodies.span(callee).slice(module.text)));
        }
    }
    if let Some(metaclass) = module.keyword(body.args, "metaclass")
        && !leaves_class(module, metaclass)
    {
        gaps.push(format!("metaclass {}", module.bodies.span(metaclass).slice(module.text)));
    }
}

/// Returns whether a decorator or a metaclass adds no fields, as far as its text tells.
fn leaves_class(module: Module<'_, '_>, id: ExprId) -> bool {
    let (path, range) = match module.symbol(id) {
        Some(Symbol::External(name)) => return packages::leaves_class(&name),
        Some(Symbol::Function(function)) => {
            let Some(facts) = module.project.function(function) else { return false };
            (function.path, facts.range)
        }
        Some(Symbol::Class(class)) => {
            let facts = module.project.python(class.path).and_then(|facts| facts.class(class.id));
            let Some(facts) = facts else { return false };
            (class.path, facts.range)
        }
        Some(Symbol::Variable(..) | Symbol::Module(_)) | None => return false,
    };
    let Some(file) = module.project.file(path) else { return false };
    let text = range.slice(&file.source.text);
    !["setattr", "add_to_class", "contribute_to_class", "Field(", "ForeignKey("].iter().any(|word| text.contains(word))
}

/// Adds the fields of `Model.add_to_class("name", Field(…))`.
pub(super) fn add_to_classes<'p>(project: &ProjectModel<'p>, declared: &mut [Declared<'p>]) {
    for file in project.files_with_word("add_to_class") {
        let Some(module) = Module::of(project, &file.source.path) else { continue };
        let functions = module.bodies.functions.iter().map(|function| function.block);
        for block in functions.chain([module.bodies.top]) {
            for id in module.flat(block).statements {
                if let Stmt::Expr(call) = module.bodies.stmt(id) {
                    add_to_class(module, call, declared);
                }
            }
        }
    }
}

fn add_to_class<'p>(module: Module<'_, 'p>, call: ExprId, declared: &mut [Declared<'p>]) -> Option<()> {
    let (callee, args) = module.bodies.call(call, module.text)?;
    let model = callee.strip_suffix(".add_to_class")?;
    let found = match module.project.resolve(module.path, model, module.bodies.span(call).start())? {
        Symbol::Class(class) => declared.iter_mut().find(|it| it.class == Some(class)),
        Symbol::External(name) => declared.iter_mut().find(|it| it.external == Some(packages::canonical(&name))),
        Symbol::Function(_) | Symbol::Variable(..) | Symbol::Module(_) => None,
    }?;
    let name = module.bodies.positional(args, 0).and_then(|id| module.string(id));
    let value = module.bodies.positional(args, 1);
    let field = name.zip(value).and_then(|(name, value)| field::read(module, name, value));
    match field {
        Some(field) => {
            let place = module.bodies.positional(args, 0).map(|id| (module.path, module.bodies.span(id)));
            found.fields.push(Declaration { place, ..field });
        }
        None => found.gaps.push("add_to_class".to_owned()),
    }
    Some(())
}
