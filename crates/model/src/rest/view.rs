//! Finds the views of the REST framework.

use std::collections::BTreeSet;

use arrears_core::source::Roles;

use super::policy::{pages, policy};
use super::purpose::checks_caller;
use super::{Handler, Pages, Policy, Target, View};
use crate::django::module::Module;
use crate::endpoint::Methods;
use crate::flow::Place;
use crate::project::ancestry::Ancestry;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, FunctionRef, ProjectModel};
use crate::python::body::{Expr, ExprId};
use crate::python::function::Decorator;
use crate::python::{ClassId, FunctionId};

/// The methods of the framework's own view sets and generic views, by the last part of their names.
const BRINGS: [(&str, Methods, bool); 19] = [
    ("ModelViewSet", Methods::GET.union(Methods::UNSAFE), true),
    ("ReadOnlyModelViewSet", Methods::GET, true),
    ("ListModelMixin", Methods::GET, true),
    ("RetrieveModelMixin", Methods::GET, false),
    ("CreateModelMixin", Methods::POST, false),
    ("UpdateModelMixin", Methods::PUT.union(Methods::PATCH), false),
    ("DestroyModelMixin", Methods::DELETE, false),
    ("ListAPIView", Methods::GET, true),
    ("ListCreateAPIView", Methods::GET.union(Methods::POST), true),
    ("RetrieveAPIView", Methods::GET, false),
    ("CreateAPIView", Methods::POST, false),
    ("UpdateAPIView", Methods::PUT.union(Methods::PATCH), false),
    ("DestroyAPIView", Methods::DELETE, false),
    ("RetrieveUpdateAPIView", Methods::GET.union(Methods::PUT).union(Methods::PATCH), false),
    ("RetrieveDestroyAPIView", Methods::GET.union(Methods::DELETE), false),
    (
        "RetrieveUpdateDestroyAPIView",
        Methods::GET.union(Methods::PUT).union(Methods::PATCH).union(Methods::DELETE),
        false,
    ),
    ("APIView", Methods::empty(), false),
    ("GenericAPIView", Methods::empty(), false),
    ("ViewSet", Methods::empty(), false),
];

/// The names of methods that answer requests, and what they answer.
const HANDLED: [(&str, Methods); 11] = [
    ("get", Methods::GET),
    ("post", Methods::POST),
    ("put", Methods::PUT),
    ("patch", Methods::PATCH),
    ("delete", Methods::DELETE),
    ("list", Methods::GET),
    ("retrieve", Methods::GET),
    ("create", Methods::POST),
    ("update", Methods::PUT),
    ("partial_update", Methods::PATCH),
    ("destroy", Methods::DELETE),
];

/// Methods that decide who may use a view, whatever its lists say.
const DECIDES: [&str; 3] = ["get_permissions", "check_permissions", "permission_denied"];

/// Methods that may decide who may use a view, beside what the framework does there.
const MAY_DECIDE: [&str; 4] = ["initial", "dispatch", "initialize_request", "perform_authentication"];

/// Finds all views of a project.
pub(super) fn views<'p>(project: &ProjectModel<'p>) -> Vec<View<'p>> {
    let mut found = Vec::new();
    let mut bases: BTreeSet<ClassRef<'p>> = BTreeSet::new();
    for (file, facts) in project.python_files() {
        if file.source.roles.intersects(Roles::TEST | Roles::MIGRATION | Roles::VENDORED) {
            continue;
        }
        let Some(module) = Module::of(project, &file.source.path) else { continue };
        for id in (0..facts.classes.len()).filter_map(|at| u32::try_from(at).ok()).map(ClassId) {
            let class = ClassRef { path: module.path, id };
            let ancestry = project.ancestry(class);
            if !ancestry.outside.iter().any(|name| is_rest_view(name)) {
                continue;
            }
            bases.extend(ancestry.classes.iter().skip(1));
            found.extend(class_view(module, class, ancestry));
        }
        for (id, function) in facts.functions_with_ids() {
            let is_api = function.class.is_none()
                && function.decorators.iter().any(|it| it.path.rsplit('.').next() == Some("api_view"));
            if is_api {
                found.extend(function_view(module, FunctionRef { path: module.path, id }));
            }
        }
    }
    for view in &mut found {
        view.is_base = matches!(view.target, Target::Class(class) if bases.contains(&class));
    }
    found
}

fn is_rest_view(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    name.starts_with("rest_framework.")
        && (BRINGS.iter().any(|(known, ..)| *known == last) && !last.ends_with("Mixin")
            || matches!(last, "GenericViewSet" | "ViewSetMixin"))
}

/// Returns whether a base from outside changes nothing that is asked for here.
fn is_plain_base(name: &str) -> bool {
    name.starts_with("rest_framework.")
        || matches!(name, "object" | "abc.ABC" | "typing.Generic" | "Generic")
        || name.starts_with("django_filters.")
        || name.starts_with("rest_framework_extensions.mixins.NestedViewSetMixin")
}

fn class_view<'p>(module: Module<'_, 'p>, class: ClassRef<'p>, ancestry: Ancestry<'p>) -> Option<View<'p>> {
    let project = module.project;
    let facts = module.facts.class(class.id)?;
    let read = |name: &str| {
        let (owner, value) = ancestry.attribute(project, name)?;
        Some((Module::of(project, owner.path)?, value))
    };
    let listed = |name: &str, methods: &[&str]| {
        if methods.iter().any(|method| ancestry.method(project, method).is_some()) {
            return Policy::Computed;
        }
        read(name).map_or(Policy::Default, |(module, value)| policy(module, value))
    };
    let decides = |name: &&str| {
        let Some(function) = ancestry.method(project, name) else { return false };
        let Some((file, facts)) = project.file(function.path).zip(project.function(function)) else { return true };
        let body = facts.range.slice(&file.source.text);
        checks_caller(body) || !body.contains("super()") && !body.contains("super(")
    };
    let is_guarded = MAY_DECIDE.iter().any(decides);
    let brought: Vec<&str> = ancestry.outside.iter().map(|it| it.rsplit('.').next().unwrap_or(it)).collect();
    let brings = || BRINGS.iter().filter(|(name, ..)| brought.contains(name));
    let handlers = handlers(module, &ancestry);
    let has_own = |name: &str| handlers.iter().any(|it| it.name == name);
    let mut methods = brings().fold(Methods::empty(), |all, (_, methods, _)| all | *methods);
    methods = handlers.iter().fold(methods, |all, it| all | it.methods);
    if let Some((module, value)) = read("http_method_names") {
        let names = module.bodies.members(value).unwrap_or_default();
        let allowed = names.iter().filter_map(|it| Methods::named(module.string(*it)?));
        methods &= allowed.fold(Methods::empty(), |all, it| all | it);
    }
    let throttle_scope = read("throttle_scope").and_then(|(module, value)| {
        Some((module.string(value)?.to_owned(), Place { path: module.path, range: module.bodies.span(value) }))
    });
    let pages = match read("pagination_class") {
        _ if ancestry.method(project, "paginate_queryset").is_some() => Pages::Some,
        _ if ancestry.method(project, "paginator").is_some() => Pages::Some,
        Some((module, value)) => pages(module, value),
        None => Pages::Default,
    };
    Some(View {
        name: facts.name.clone(),
        place: Place { path: class.path, range: facts.name_range },
        target: Target::Class(class),
        is_known: ancestry.is_whole && ancestry.outside.iter().all(|name| is_plain_base(name)),
        is_base: false,
        permissions: if is_guarded { Policy::Computed } else { listed("permission_classes", &DECIDES) },
        authentication: listed("authentication_classes", &["get_authenticators", "perform_authentication"]),
        throttles: listed("throttle_classes", &["get_throttles", "check_throttles"]),
        throttle_scope,
        pages,
        methods,
        lists: brings().any(|(.., lists)| *lists) && !has_own("list") && !has_own("get"),
        handlers,
        ancestry,
    })
}

/// Returns the methods of a class that answer requests, those of its bases too, the nearest of each name.
fn handlers<'p>(module: Module<'_, 'p>, ancestry: &Ancestry<'p>) -> Vec<Handler<'p>> {
    let project = module.project;
    let mut found: Vec<Handler<'p>> = Vec::new();
    for class in &ancestry.classes {
        let Some(owner) = Module::of(project, class.path) else { continue };
        for (id, function) in owner.facts.functions_with_ids().filter(|(_, it)| it.class == Some(class.id)) {
            if found.iter().any(|it| it.name == function.name) {
                continue;
            }
            let function_ref = FunctionRef { path: owner.path, id };
            let action = decorator(owner, id, "action");
            let plain = HANDLED.iter().find(|(name, _)| *name == function.name).map(|(_, methods)| *methods);
            let methods = match (&action, plain) {
                (Some(call), _) => action_methods(owner, *call),
                (None, Some(methods)) => methods,
                (None, None) => continue,
            };
            let said = |name: &str| keyword(owner, action?, name);
            let read = |name: &str| said(name).map_or(Policy::Default, |value| policy(owner, value));
            found.push(Handler {
                name: function.name.clone(),
                function: function_ref,
                methods,
                is_action: action.is_some(),
                permissions: read("permission_classes"),
                throttles: read("throttle_classes"),
                pages: said("pagination_class").map_or(Pages::Default, |value| pages(owner, value)),
                decorators: function.decorators.iter().map(decorator_name).collect(),
            });
        }
    }
    found
}

/// Returns the name of a decorator; of `method_decorator(login_required)` that of what it applies.
fn decorator_name(decorator: &Decorator) -> String {
    let inner = decorator.argument.as_deref().map(|it| it.split('(').next().unwrap_or(it).trim_matches(['[', ' ']));
    match inner {
        Some(inner) if decorator.path.ends_with("method_decorator") => inner.to_owned(),
        _ => decorator.path.clone(),
    }
}

fn keyword(module: Module<'_, '_>, call: ExprId, name: &str) -> Option<ExprId> {
    match module.bodies.expr(call) {
        Expr::Call { args, .. } => module.keyword(args, name),
        _ => None,
    }
}

/// Returns the decorator of a function that ends with a name: the call, or the name.
fn decorator(module: Module<'_, '_>, id: FunctionId, name: &str) -> Option<ExprId> {
    let body = module.bodies.function(id)?;
    body.decorators.iter().copied().find(|it| {
        let dotted = match module.bodies.expr(*it) {
            Expr::Call { function, .. } => module.dotted(function),
            _ => module.dotted(*it),
        };
        dotted.and_then(|it| it.rsplit('.').next()) == Some(name)
    })
}

/// Returns the methods of `@action(methods=["post"])`.
fn action_methods(module: Module<'_, '_>, call: ExprId) -> Methods {
    let Some(methods) = keyword(module, call, "methods") else { return Methods::GET };
    let names = module.bodies.members(methods).unwrap_or_default();
    let known = names.iter().filter_map(|it| Methods::named(module.string(*it)?));
    known.fold(Methods::empty(), |all, it| all | it)
}

fn function_view<'p>(module: Module<'_, 'p>, function: FunctionRef<'p>) -> Option<View<'p>> {
    let facts = module.facts.function(function.id)?;
    let api = decorator(module, function.id, "api_view")?;
    let is_rest = |name: &str| name.starts_with("rest_framework.");
    let called = match module.bodies.expr(api) {
        Expr::Call { function, .. } => function,
        _ => api,
    };
    if !matches!(module.symbol(called), Some(Symbol::External(name)) if is_rest(&name)) {
        return None;
    }
    let first = |call: ExprId| match module.bodies.expr(call) {
        Expr::Call { args, .. } => {
            module.bodies.positional(args, 0).or_else(|| module.keyword(args, "http_method_names"))
        }
        _ => None,
    };
    let said = |name: &str| decorator(module, function.id, name).and_then(first);
    let read = |name: &str| said(name).map_or(Policy::Default, |value| policy(module, value));
    let names = first(api).and_then(|it| module.bodies.members(it)).unwrap_or_default();
    let methods = names.iter().filter_map(|it| Methods::named(module.string(*it)?));
    let methods = methods.fold(Methods::empty(), |all, it| all | it);
    let methods = if methods.is_empty() { Methods::GET } else { methods };
    let decorators: Vec<String> = facts.decorators.iter().map(decorator_name).collect();
    let handler = Handler {
        name: facts.name.clone(),
        function,
        methods,
        is_action: false,
        permissions: Policy::Default,
        throttles: Policy::Default,
        pages: Pages::Default,
        decorators,
    };
    Some(View {
        name: facts.name.clone(),
        place: Place { path: function.path, range: facts.name_range },
        target: Target::Function(function),
        ancestry: Ancestry { is_whole: true, ..Ancestry::default() },
        is_known: true,
        is_base: false,
        permissions: read("permission_classes"),
        authentication: read("authentication_classes"),
        throttles: read("throttle_classes"),
        throttle_scope: None,
        pages: Pages::Default,
        methods,
        lists: false,
        handlers: vec![handler],
    })
}
