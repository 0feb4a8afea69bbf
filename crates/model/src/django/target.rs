//! What the first argument of a relation means, and the settings that name models.

use std::collections::BTreeSet;

use arrears_core::source::{RelPath, Roles};

use super::module::{Module, STEPS};
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::body::{Expr, ExprId};

/// The model that a relation names, before all models are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target<'p> {
    /// The model that has the relation.
    Own,
    /// A class of the project.
    Class(ClassRef<'p>),
    /// A class of an installed package.
    External(String),
    /// `Model`, looked for in the own app first, or `app.Model`; and the file that says so.
    Label(String, Option<&'p RelPath>),
    /// The user model.
    User,
    /// Not known.
    Unknown,
}

/// Reads the model that an expression names.
pub(crate) fn read<'p>(module: Module<'_, 'p>, id: ExprId, steps: u32) -> Target<'p> {
    let Some(steps) = steps.checked_sub(1) else { return Target::Unknown };
    if let Some(label) = module.string(id) {
        return of_label(label, module.path);
    }
    match module.bodies.expr(id) {
        Expr::Name | Expr::Attr { .. } => of_symbol(module, id, steps),
        Expr::Call { .. } => of_call(module, id, steps),
        Expr::Conditional { then, other, .. } => {
            let (then, other) = (read(module, then, steps), read(module, other, steps));
            if then == other { then } else { Target::Unknown }
        }
        _ => Target::Unknown,
    }
}

fn of_label<'p>(label: &str, path: &'p RelPath) -> Target<'p> {
    match label {
        "self" => Target::Own,
        "" => Target::Unknown,
        _ => Target::Label(label.to_owned(), Some(path)),
    }
}

fn of_symbol<'p>(module: Module<'_, 'p>, id: ExprId, steps: u32) -> Target<'p> {
    match module.symbol(id) {
        Some(Symbol::Class(class)) => Target::Class(class),
        Some(Symbol::External(name)) => match name.strip_prefix("django.conf.settings.") {
            Some(name) => of_setting(module.project, name).unwrap_or(Target::Unknown),
            None => Target::External(name),
        },
        Some(Symbol::Variable(_, name)) if name == "AUTH_USER_MODEL" => Target::User,
        Some(Symbol::Variable(path, name)) => {
            let found = Module::of(module.project, path).and_then(|module| Some((module, module.value(&name)?)));
            found.map_or(Target::Unknown, |(module, value)| read(module, value, steps))
        }
        Some(Symbol::Function(_) | Symbol::Module(_)) | None => Target::Unknown,
    }
}

fn of_call<'p>(module: Module<'_, 'p>, id: ExprId, steps: u32) -> Target<'p> {
    let Some((callee, args)) = module.bodies.call(id, module.text) else { return Target::Unknown };
    let string = |at| module.bodies.positional(args, at).and_then(|id| module.string(id));
    match callee.rsplit('.').next().unwrap_or(callee) {
        "get_user_model" => Target::User,
        "get_model" | "get_model_name" | "load_model" => match (string(0), string(1)) {
            (Some(app), Some(model)) => Target::Label(format!("{app}.{model}"), None),
            (Some(label), None) => of_label(label, module.path),
            (None, _) => Target::Unknown,
        },
        "getattr" => {
            let set = string(1).and_then(|name| of_setting(module.project, name));
            let default = || module.bodies.positional(args, 2).map(|default| read(module, default, steps));
            set.or_else(default).unwrap_or(Target::Unknown)
        }
        "get_image_model_string" | "get_image_model" => {
            of_setting(module.project, "WAGTAILIMAGES_IMAGE_MODEL").unwrap_or_else(|| named("wagtailimages.Image"))
        }
        "get_document_model_string" | "get_document_model" => {
            let set = of_setting(module.project, "WAGTAILDOCS_DOCUMENT_MODEL");
            set.unwrap_or_else(|| named("wagtaildocs.Document"))
        }
        _ => Target::Unknown,
    }
}

fn named<'p>(label: &str) -> Target<'p> {
    Target::Label(label.to_owned(), None)
}

fn of_setting<'p>(project: &ProjectModel<'p>, name: &str) -> Option<Target<'p>> {
    match name {
        "AUTH_USER_MODEL" => Some(Target::User),
        _ => setting(project, name).map(|label| Target::Label(label.to_owned(), None)),
    }
}

/// Returns the string that the settings give a name, if all of them give the same one.
///
/// Files that are known as settings are asked first, classes in them too.
pub(super) fn setting<'p>(project: &ProjectModel<'p>, name: &str) -> Option<&'p str> {
    let (mut set, mut elsewhere) = (BTreeSet::new(), BTreeSet::new());
    for file in project.files_with_word(name) {
        let Some(module) = Module::of(project, &file.source.path) else { continue };
        let classes = module.bodies.classes.iter().map(|class| class.block);
        let values = classes.chain([module.bodies.top]).filter_map(|block| module.value_in(block, name));
        let found = values.filter_map(|value| default_string(module, value, STEPS));
        if file.source.roles.contains(Roles::SETTINGS) { set.extend(found) } else { elsewhere.extend(found) }
    }
    let values = if set.is_empty() { elsewhere } else { set };
    let mut values = values.into_iter();
    values.next().filter(|_| values.next().is_none())
}

/// A string, or the default of a call that reads the environment.
fn default_string<'p>(module: Module<'_, 'p>, id: ExprId, steps: u32) -> Option<&'p str> {
    let steps = steps.checked_sub(1)?;
    match module.bodies.expr(id) {
        Expr::Call { function, args } => {
            let place = if module.dotted(function) == Some("getattr") { 2 } else { 1 };
            let default = module.keyword(args, "default").or_else(|| module.bodies.positional(args, place))?;
            default_string(module, default, steps)
        }
        _ => module.string(id),
    }
}
