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
            let is_model = match descent.standing(class, STEPS * 4) {
                Standing::Model => true,
                // Without its base the fields of Django tell.
                Standing::Unknown => field::has_some(module, class),
                Standing::Plain => false,
            };
            if is_model {
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
                Base::External(name) if packages::is_plain(&name) => Standing::Plain,
                Base::External(_) | Base::Unknown(..) => Standing::Unknown,
            };
            standing = match (standing, of_base) {
                (Standing::Model, _) | (_, Standing::Model) => Standing::Model,
                (Standing::Unknown, _) | (_, Standing::Unknown) => Standing::Unknown,
                (Standing::Plain, Standing::Plain) => Standing::Plain,
            };
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
        fields: Vec::new(),
        bound: BTreeSet::new(),
        managers: Vec::new(),
        meta,
        gaps: Vec::new(),
        place: facts.map(|it| (module.path, it.name_range)),
    };
    for base in bases(module.project, class) {
        let is_model = match &base {
            Base::Class(base) => descent.standing(*base, STEPS) != Standing::Plain,
            Base::External(name) => packages::is_model(name),
            Base::Unknown(..) => false,
        };
        if is_model {
            declared.bases.push(base);
        } else {
            mixin_gaps(module.project, &base, &mut declared.gaps);
        }
    }
    read_body(module, class, &mut declared);
    decoration_gaps(module, class, &mut declared.gaps);
    declared
}

/// A base that is no model may still change one.
fn mixin_gaps<'p>(project: &ProjectModel<'p>, base: &Base<'p>, gaps: &mut Vec<String>) {
    match base {
        Base::External(name) if packages::is_plain(name) => {}
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
            | Stmt::Jump
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
    !["setattr", "add_to_class", "contribute_to_class", "type("].iter().any(|word| text.contains(word))
}
