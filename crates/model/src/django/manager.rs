//! Managers in class bodies: `X()`, `X.as_manager()`, `Manager.from_queryset(X)()`.

use super::Manager;
use super::lineage::Lineage;
use super::module::Module;
use super::packages;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::body::{Expr, ExprId};

/// How many variables and base classes are followed.
const MANAGERS: u32 = 4;

/// Reads the manager that an expression makes, if it makes one.
pub(super) fn read<'p>(module: Module<'_, 'p>, value: ExprId) -> Option<Manager<'p>> {
    let Expr::Call { function, .. } = module.bodies.expr(value) else { return None };
    if let Expr::Attr { object, name } = module.bodies.expr(function)
        && name.slice(module.text) == "as_manager"
    {
        let (queryset, is_known) = queryset(module, object);
        return Some(Manager { class: None, queryset, is_known });
    }
    of_class(module, function, MANAGERS)
}

/// Reads the manager that calling an expression makes.
fn of_class<'p>(module: Module<'_, 'p>, id: ExprId, steps: u32) -> Option<Manager<'p>> {
    let steps = steps.checked_sub(1)?;
    let unknown = Manager { class: None, queryset: None, is_known: false };
    match module.bodies.expr(id) {
        Expr::Call { function, args } => {
            let (object, name) = match module.bodies.expr(function) {
                Expr::Attr { object, name } => (object, name.slice(module.text)),
                _ => (function, ""),
            };
            if !matches!(name, "from_queryset" | "for_queryset_class") {
                // `OrderManager().from_queryset(…)`
                return of_class(module, function, steps);
            }
            let base = of_class(module, object, steps).unwrap_or(unknown);
            let given = module.bodies.positional(args, 0);
            let (queryset, is_known) = given.map_or((None, false), |id| queryset(module, id));
            Some(Manager { class: base.class, queryset, is_known: base.is_known && is_known })
        }
        Expr::Subscript { object, .. } => of_class(module, object, steps),
        Expr::Name | Expr::Attr { .. } => match module.symbol(id) {
            Some(Symbol::Class(class)) => of_project_class(module.project, class, steps),
            Some(Symbol::External(name)) if packages::is_quiet_manager(&name) => {
                Some(Manager { is_known: true, ..unknown })
            }
            Some(Symbol::Variable(path, name)) => {
                let module = Module::of(module.project, path)?;
                of_class(module, module.value(&name)?, steps)
            }
            Some(Symbol::External(_)) | None => module.dotted(id)?.ends_with("Manager").then_some(unknown),
            Some(Symbol::Function(_) | Symbol::Module(_)) => None,
        },
        _ => None,
    }
}

/// A class is a manager if one of its bases is.
fn of_project_class<'p>(project: &ProjectModel<'p>, class: ClassRef<'p>, steps: u32) -> Option<Manager<'p>> {
    let lineage = Lineage::of(project, class);
    let mut is_manager = lineage.external.iter().any(|name| is_manager_name(name));
    let mut is_known = lineage.external.iter().all(|name| packages::is_quiet_manager(name) || packages::is_plain(name));
    let mut queryset = None;
    for (_, place) in &lineage.unknown {
        let base = place.and_then(|(path, id)| of_class(Module::of(project, path)?, id, steps));
        is_manager |= base.is_some();
        is_known &= base.is_some_and(|base| base.is_known);
        queryset = queryset.or(base.and_then(|base| base.queryset));
    }
    is_manager.then_some(Manager { class: Some(class), queryset, is_known })
}

fn is_manager_name(name: &str) -> bool {
    packages::is_quiet_manager(name) || name.ends_with("Manager")
}

/// Returns the queryset class that an expression is, and whether nothing unknown is in it.
fn queryset<'p>(module: Module<'_, 'p>, id: ExprId) -> (Option<ClassRef<'p>>, bool) {
    // `partial(OrderQuerySet, only_paid=True)`
    let id = match module.bodies.call(id, module.text) {
        Some((callee, args)) if callee.ends_with("partial") => module.bodies.positional(args, 0).unwrap_or(id),
        _ => id,
    };
    match module.symbol(id) {
        Some(Symbol::Class(class)) => {
            let lineage = Lineage::of(module.project, class);
            let is_quiet = |name: &String| packages::is_quiet_queryset(name) || packages::is_plain(name);
            (Some(class), lineage.unknown.is_empty() && lineage.external.iter().all(is_quiet))
        }
        Some(Symbol::External(name)) => (None, packages::is_quiet_queryset(&name)),
        Some(Symbol::Function(_) | Symbol::Variable(..) | Symbol::Module(_)) | None => (None, false),
    }
}
