//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::endpoint::Methods;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::rest::purpose::{checks_caller, is_open_on_purpose};
use arrears_model::rest::{Handler, Policy, View};

rule! {
    /// Finds views that let everybody write.
    ///
    /// `AllowAny` is meant for what is read by everybody. On a view set it also opens `create`, `update` and
    /// `destroy`: anyone on the internet changes and deletes rows, without a name.
    ///
    /// ```python bad path=shop/views.py
    /// from rest_framework import permissions, viewsets
    ///
    /// class ProductViewSet(viewsets.ModelViewSet):
    ///     serializer_class = ProductSerializer
    ///     permission_classes = [permissions.AllowAny]
    /// ```
    /// ```python bad path=shop/urls.py
    /// router.register("products", ProductViewSet)
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework import permissions, viewsets
    ///
    /// class ProductViewSet(viewsets.ModelViewSet):
    ///     serializer_class = ProductSerializer
    ///     permission_classes = [permissions.IsAuthenticatedOrReadOnly]
    /// ```
    /// ```python good path=shop/urls.py
    /// router.register("products", ProductViewSet)
    /// ```
    ///
    /// Not flagged: logins, registrations, password resets, callbacks, webhooks and others that somebody without an
    /// account is meant to call; bodies that check a user, a key or a signature; methods that write nothing; views
    /// that limit how often they are called by a throttle of their own; views that no route names.
    pub(crate) const RULE = {
        code: "api/public-write-endpoint",
        summary: "everybody may write",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
        security_severity: "6.5",
        tags: &["security"],
    }
}

/// What a body calls to write.
const WRITES: [&str; 12] = [
    ".save(",
    ".create(",
    ".delete(",
    ".update(",
    ".bulk_create(",
    ".bulk_update(",
    ".get_or_create(",
    ".update_or_create(",
    ".add(",
    ".remove(",
    "perform_create(",
    "super().create(",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for view in &model.rest().views {
        if !view.is_known || is_open_on_purpose(&view.name) || !model.is_routed(&view.name) {
            continue;
        }
        let is_open = view.permissions.allows_anyone();
        for handler in view.handlers.iter().filter(|it| it.permissions.allows_anyone()) {
            if is_open_on_purpose(&handler.name) || !writes(model, handler) {
                continue;
            }
            let Some(listed) = handler.permissions.listed() else { continue };
            let methods = handler.methods & Methods::UNSAFE;
            report(ctx, &format!("{}.{}", view.name, handler.name), methods, listed.place);
        }
        let Some(listed) = view.permissions.listed().filter(|_| is_open && !is_limited(&view.throttles)) else {
            continue;
        };
        let open = open_methods(model, view);
        if !open.is_empty() {
            report(ctx, &view.name, open, listed.place);
        }
    }
}

fn is_limited(throttles: &Policy<'_>) -> bool {
    match throttles {
        Policy::Default => false,
        Policy::Listed(listed) => !listed.classes.is_empty(),
        Policy::Computed => true,
    }
}

/// Returns the methods by which everybody may write, where the class's own list decides.
fn open_methods<'p>(model: &ProjectModel<'p>, view: &View<'p>) -> Methods {
    const NAMES: [(&str, Methods); 4] = [
        ("create", Methods::POST),
        ("update", Methods::PUT),
        ("partial_update", Methods::PATCH),
        ("destroy", Methods::DELETE),
    ];
    let unsafe_methods = view.methods & Methods::UNSAFE;
    let by_project = |method: Methods| {
        view.handlers.iter().filter(move |it| it.methods.intersects(method) && it.permissions == Policy::Default)
    };
    let mut open = Methods::empty();
    for (name, method) in NAMES {
        if !unsafe_methods.contains(method) {
            continue;
        }
        let mut own = by_project(method).filter(|it| !it.is_action).peekable();
        let is_brought = own.peek().is_none() && brings(view, name);
        if is_brought || own.any(|it| writes(model, it)) {
            open |= method;
        }
    }
    for action in view.handlers.iter().filter(|it| it.is_action && it.permissions == Policy::Default) {
        if writes(model, action) && !is_open_on_purpose(&action.name) {
            open |= action.methods & Methods::UNSAFE;
        }
    }
    open
}

/// Returns whether the framework's own code writes under an action.
fn brings(view: &View<'_>, action: &str) -> bool {
    let word = match action {
        "create" => "Create",
        "destroy" => "Destroy",
        _ => "Update",
    };
    view.ancestry.outside.iter().any(|base| {
        let last = base.rsplit('.').next().unwrap_or(base);
        last == "ModelViewSet" || last.contains(word)
    })
}

/// Returns whether a method writes, and does not look at who calls.
fn writes<'p>(model: &ProjectModel<'p>, handler: &Handler<'p>) -> bool {
    let Some((file, function)) = model.file(handler.function.path).zip(model.function(handler.function)) else {
        return false;
    };
    let body = function.range.slice(&file.source.text);
    let is_neutral = |name: &String| {
        let last = name.rsplit('.').next().unwrap_or(name);
        matches!(last, "api_view" | "action" | "extend_schema" | "swagger_auto_schema" | "csrf_exempt" | "atomic")
            || last.ends_with("_classes")
    };
    handler.methods.intersects(Methods::UNSAFE)
        && handler.decorators.iter().all(is_neutral)
        && WRITES.iter().any(|it| body.contains(it))
        && !checks_caller(body)
}

fn report(ctx: &mut ProjectContext<'_>, name: &str, methods: Methods, place: Place<'_>) {
    let message = format!("anyone may {methods} through `{name}`");
    let finding = ctx.report(place.path, place.range, message);
    finding.help("name who may write: `IsAuthenticatedOrReadOnly`, or `get_permissions` by action");
    finding.property("view", name);
    finding.property("methods", methods.to_string());
}
