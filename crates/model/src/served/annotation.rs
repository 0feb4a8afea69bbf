//! What the annotation of a return value says of JSON.

use super::Kind;
use crate::django::module::Module;
use crate::project::{FunctionRef, ProjectModel};
use crate::python::body::{Expr, ExprId};

/// How deep annotations are read.
const DEPTH: u32 = 6;

/// What a method returns: its kind, and whether it may be `None`.
pub(super) fn returned<'p>(project: &ProjectModel<'p>, function: FunctionRef<'p>) -> (Kind<'p>, bool) {
    let found = Module::of(project, function.path).and_then(|module| {
        let annotation = module.bodies.function(function.id)?.returns?;
        Some(read(module, annotation, DEPTH))
    });
    found.unwrap_or((Kind::Unknown, false))
}

fn read<'p>(module: Module<'_, 'p>, id: ExprId, depth: u32) -> (Kind<'p>, bool) {
    const UNKNOWN: (Kind<'_>, bool) = (Kind::Unknown, false);
    let Some(depth) = depth.checked_sub(1) else { return UNKNOWN };
    match module.bodies.expr(id) {
        Expr::None => (Kind::Unknown, true),
        Expr::Str(content) => (named(content.slice(module.text)), false),
        Expr::Name | Expr::Attr { .. } => (module.dotted(id).map_or(Kind::Unknown, named), false),
        Expr::Binary { op: b'|', left, right } => either(read(module, left, depth), read(module, right, depth), {
            let is_none = |id| module.bodies.expr(id) == Expr::None;
            (is_none(left), is_none(right))
        }),
        Expr::Subscript { object, index } => {
            let name = module.dotted(object).map_or("", last);
            match name {
                "Optional" => (read(module, index, depth).0, true),
                "list" | "List" | "Sequence" | "Iterable" | "set" | "Set" | "tuple" | "Tuple" => {
                    (Kind::List(Box::new(read(module, index, depth).0)), false)
                }
                "dict" | "Dict" | "Mapping" => (Kind::Json, false),
                _ => UNKNOWN,
            }
        }
        _ => UNKNOWN,
    }
}

fn either<'p>(left: (Kind<'p>, bool), right: (Kind<'p>, bool), is_none: (bool, bool)) -> (Kind<'p>, bool) {
    let kind = match is_none {
        (true, _) => right.0,
        (_, true) => left.0,
        _ if left.0 == right.0 => left.0,
        _ => Kind::Unknown,
    };
    (kind, left.1 || right.1)
}

fn last(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

fn named<'p>(name: &str) -> Kind<'p> {
    match last(name) {
        "str" => Kind::Text,
        "int" => Kind::Integer,
        "float" => Kind::Float,
        "bool" => Kind::Boolean,
        // The encoder writes it as a string.
        "Decimal" => Kind::Decimal,
        "datetime" | "date" | "time" | "timedelta" => Kind::Time,
        "UUID" => Kind::Uuid,
        "dict" | "Dict" => Kind::Json,
        "list" | "List" => Kind::List(Box::new(Kind::Unknown)),
        _ => Kind::Unknown,
    }
}
