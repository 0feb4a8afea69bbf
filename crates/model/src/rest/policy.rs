//! Reads `permission_classes` and its kin: of class bodies, decorators, keyword arguments.

use super::{Listed, Named, Pages, Policy};
use crate::django::module::Module;
use crate::flow::Place;
use crate::project::resolve::Symbol;
use crate::python::body::{Expr, ExprId};

/// Reads a list of classes.
pub(super) fn policy<'p>(module: Module<'_, 'p>, value: ExprId) -> Policy<'p> {
    let place = Place { path: module.path, range: module.bodies.span(value) };
    let mut listed = Listed { classes: Vec::new(), place, is_joined: false };
    if add_all(module, value, &mut listed, 6) { Policy::Listed(listed) } else { Policy::Computed }
}

/// Adds the members of a list, of a variable that holds one, of two lists that are added; returns whether all are known.
fn add_all<'p>(module: Module<'_, 'p>, value: ExprId, listed: &mut Listed<'p>, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    if let Some(members) = module.bodies.members(value) {
        return members.iter().all(|member| add(module, *member, listed, depth));
    }
    match module.bodies.expr(value) {
        Expr::Binary { op: b'+', left, right } => {
            add_all(module, left, listed, depth) && add_all(module, right, listed, depth)
        }
        Expr::Name | Expr::Attr { .. } => match module.symbol(value) {
            Some(Symbol::Variable(path, name)) => {
                let Some(other) = Module::of(module.project, path) else { return false };
                other.value(&name).is_some_and(|value| add_all(other, value, listed, depth))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Adds one member, or those that an operator joins.
fn add<'p>(module: Module<'_, 'p>, member: ExprId, listed: &mut Listed<'p>, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let place = Place { path: module.path, range: module.bodies.span(member) };
    match module.bodies.expr(member) {
        Expr::Binary { op: b'|' | b'&', left, right } => {
            listed.is_joined = true;
            add(module, left, listed, depth) && add(module, right, listed, depth)
        }
        Expr::Not(inner) => {
            listed.is_joined = true;
            add(module, inner, listed, depth)
        }
        Expr::Opaque(parts) => {
            // `~Permission`
            listed.is_joined = true;
            let parts = module.bodies.exprs(parts);
            !parts.is_empty() && parts.iter().all(|part| add(module, *part, listed, depth))
        }
        Expr::Call { function, .. } => {
            // `HasScope("read")`, `functools.partial(…)`
            listed.is_joined = true;
            let name = module.dotted(function).unwrap_or("").to_owned();
            listed.classes.push(Named { name, class: None, place });
            true
        }
        Expr::Name | Expr::Attr { .. } => {
            let Some(dotted) = module.dotted(member) else { return false };
            let (name, class) = match module.symbol(member) {
                Some(Symbol::External(name)) => (name, None),
                Some(Symbol::Class(class)) => (dotted.to_owned(), Some(class)),
                Some(Symbol::Variable(path, name)) => {
                    // `IsEditor = IsAuthenticated & HasRole`
                    let Some(other) = Module::of(module.project, path) else { return false };
                    listed.is_joined = true;
                    return other.value(&name).is_some_and(|value| add(other, value, listed, depth));
                }
                Some(Symbol::Function(_) | Symbol::Module(_)) | None => {
                    listed.is_joined = true;
                    (dotted.to_owned(), None)
                }
            };
            listed.classes.push(Named { name, class, place });
            true
        }
        _ => false,
    }
}

/// Reads `pagination_class`.
pub(super) fn pages<'p>(module: Module<'_, 'p>, value: ExprId) -> Pages<'p> {
    match module.bodies.expr(value) {
        Expr::None => Pages::None(Place { path: module.path, range: module.bodies.span(value) }),
        _ => Pages::Some,
    }
}
