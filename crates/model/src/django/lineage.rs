//! The bases of a class, and theirs.

use rustc_hash::FxHashSet;

use arrears_core::source::RelPath;

use super::module::Module;
use super::packages;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::FunctionId;
use crate::python::body::{Expr, ExprId};

/// How many classes are looked at above one.
const CLASSES: usize = 64;
/// How many bases of a class, and bases of a lineage that are not known, are looked at.
const BASES: usize = 32;

/// A base of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base<'p> {
    /// A class of the project.
    Class(ClassRef<'p>),
    /// A class from outside, by its dotted name.
    External(String),
    /// The user model, by `get_user_model()`.
    User,
    /// Not known: how it is written, and where its expression is.
    Unknown(String, Option<(&'p RelPath, ExprId)>),
}

impl Base<'_> {
    /// Says which base it is.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Class(class) => format!("base in {}", class.path),
            Self::External(name) | Self::Unknown(name, _) => format!("base {name}"),
            Self::User => "base get_user_model()".to_owned(),
        }
    }
}

/// A class and all that it descends from, each once, the nearest first.
#[derive(Debug, Default)]
pub(crate) struct Lineage<'p> {
    pub(crate) classes: Vec<ClassRef<'p>>,
    pub(crate) external: Vec<String>,
    pub(crate) unknown: Vec<(String, Option<(&'p RelPath, ExprId)>)>,
}

impl<'p> Lineage<'p> {
    /// Follows the bases of a class.
    pub(crate) fn of(project: &ProjectModel<'p>, class: ClassRef<'p>) -> Self {
        let mut lineage = Self::default();
        let mut seen = FxHashSet::from_iter([class]);
        let mut open = vec![class];
        while let Some(class) = open.pop() {
            if lineage.classes.len() >= CLASSES || lineage.unknown.len() >= BASES {
                lineage.unknown.push(("too many bases".to_owned(), None));
                break;
            }
            lineage.classes.push(class);
            for base in bases(project, class).into_iter().rev() {
                match base {
                    Base::Class(base) => {
                        if seen.insert(base) {
                            open.push(base);
                        }
                    }
                    Base::External(name) => lineage.external.push(name),
                    Base::User => lineage.external.push("django.contrib.auth.models.AbstractBaseUser".to_owned()),
                    Base::Unknown(text, place) => lineage.unknown.push((text, place)),
                }
            }
        }
        lineage
    }

    /// Returns the method of a name that the nearest class has.
    pub(crate) fn method(&self, project: &ProjectModel<'p>, name: &str) -> Option<(ClassRef<'p>, FunctionId)> {
        self.classes.iter().find_map(|class| Some((*class, project.python(class.path)?.method(class.id, name)?)))
    }
}

/// Returns the bases of a class, in order.
pub(crate) fn bases<'p>(project: &ProjectModel<'p>, class: ClassRef<'p>) -> Vec<Base<'p>> {
    let Some(module_facts) = project.python(class.path) else { return Vec::new() };
    let Some(facts) = module_facts.class(class.id) else { return Vec::new() };
    let named = |name: &str, id: Option<ExprId>| match project.resolve(class.path, name, facts.range.start()) {
        Some(Symbol::Class(base)) if base != class => Base::Class(base),
        Some(Symbol::External(name)) => Base::External(name),
        Some(Symbol::Variable(path, variable)) if is_user(project, path, &variable) => Base::User,
        _ => {
            // What a star import brings into the project's module is known under the module's name.
            let canonical = module_facts.names.canonical(name, facts.range.start());
            if canonical.contains('.') && !canonical.starts_with('.') && canonical != name {
                Base::External(canonical.into_owned())
            } else {
                Base::Unknown(name.to_owned(), id.map(|id| (class.path, id)))
            }
        }
    };
    let body = Module::of(project, class.path).and_then(|module| Some((module, module.class_body(class)?)));
    let Some((module, body)) = body else {
        return facts.bases.iter().take(BASES).map(|base| named(base, None)).collect();
    };
    let mut found = Vec::new();
    for arg in module.bodies.args(body.args).iter().filter(|arg| arg.name.is_none()).take(BASES) {
        if arg.stars > 0 {
            found.push(Base::Unknown("*".to_owned(), None));
        } else {
            found.extend(written(module, arg.value, &|name, id| named(name, Some(id))));
        }
    }
    found
}

/// A base is a name, `Generic[T]`, `with_metaclass(Meta, Base)`, or a call that makes a class.
fn written<'p>(module: Module<'_, 'p>, id: ExprId, named: &dyn Fn(&str, ExprId) -> Base<'p>) -> Vec<Base<'p>> {
    let id = match module.bodies.expr(id) {
        Expr::Subscript { object, .. } => object,
        _ => id,
    };
    if let Some(name) = module.dotted(id) {
        return vec![named(name, id)];
    }
    let unknown = || {
        let text = module.bodies.span(id).slice(module.text);
        vec![Base::Unknown(text.to_owned(), Some((module.path, id)))]
    };
    match module.bodies.call(id, module.text) {
        Some((callee, args)) if callee.ends_with("with_metaclass") => {
            let args = module.bodies.args(args).iter().skip(1);
            args.filter_map(|arg| Some(named(module.dotted(arg.value)?, arg.value))).collect()
        }
        Some((callee, _)) => match named(callee, id) {
            Base::External(name) if packages::is_plain(&name) => vec![Base::External(name)],
            Base::Class(_) | Base::External(_) | Base::User | Base::Unknown(..) => unknown(),
        },
        None => unknown(),
    }
}

/// `User = get_user_model()`
fn is_user(project: &ProjectModel<'_>, path: &RelPath, name: &str) -> bool {
    let call = Module::of(project, path)
        .and_then(|module| module.bodies.call(module.value(name)?, module.text))
        .map(|(callee, _)| callee);
    call.is_some_and(|callee| callee.ends_with("get_user_model"))
}
