//! What the parameter of a view set's detail route has to be, which its path does not say.

use crate::endpoint::{ParamKind, Segment, UrlPath};
use crate::project::ProjectModel;
use crate::project::resolve::Symbol;
use crate::python::body::Expr;
use crate::routes::{Framework, Route, ViewRef};

/// Returns the path of a route, its parameter narrowed to the primary key of the model where the framework looks rows up
/// by it: `/orders/open/` is no order, although the pattern takes it.
pub(super) fn narrowed<'p>(project: &ProjectModel<'p>, route: &Route<'p>) -> UrlPath {
    let mut path = route.path.clone();
    if let Some(kind) = kind(project, route)
        && let Some(Segment::Param { kind: known @ ParamKind::Any, .. }) = path.segments.last_mut()
    {
        *known = kind;
    }
    path
}

fn kind<'p>(project: &ProjectModel<'p>, route: &Route<'p>) -> Option<ParamKind> {
    let (Framework::Rest, Some(ViewRef::Class(class))) = (route.framework, route.view) else { return None };
    // What the project's own methods look up is theirs.
    if route.handlers.is_empty() || route.handlers.iter().any(|it| it.function.is_some()) {
        return None;
    }
    let ancestry = project.ancestry(class);
    let has_own = |name: &str| ancestry.method(project, name).is_some() || ancestry.attribute(project, name).is_some();
    if !ancestry.is_whole || ["get_object", "lookup_field", "lookup_url_kwarg"].into_iter().any(has_own) {
        return None;
    }
    let (owner, value) = ancestry.attribute(project, "serializer_class")?;
    let (bodies, text) = project.bodies(owner)?;
    let Expr::Name = bodies.expr(value) else { return None };
    let name = bodies.span(value);
    let Some(Symbol::Class(serializer)) = project.resolve(owner.path, name.slice(text), name.start()) else {
        return None;
    };
    let model = project.served().of_class(serializer)?.model?;
    let models = project.models();
    if !models.get(model).is_complete {
        return None;
    }
    let declared = models.fields(model).find(|field| field.primary_key && field.reverse_of.is_none());
    match declared.map(|field| field.column.as_str()) {
        None => Some(ParamKind::Int),
        Some(column) if column.contains("Auto") || column.contains("Integer") => Some(ParamKind::Int),
        Some("UUIDField") => Some(ParamKind::Uuid),
        Some(_) => None,
    }
}
