//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::endpoint::Methods;
use arrears_model::project::ProjectModel;
use arrears_model::rest::defaults::RestDefault;
use arrears_model::rest::purpose::{checks_caller, is_open_on_purpose};
use arrears_model::rest::{Handler, Policy, View};

rule! {
    /// Finds views of the REST framework that are public because nobody said who may use them.
    ///
    /// Without `DEFAULT_PERMISSION_CLASSES` the framework lets everybody in. A view that names no permissions itself
    /// answers anyone on the internet, and nothing in it says that this was meant.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {"PAGE_SIZE": 50}
    /// ```
    /// ```python bad path=shop/views.py
    /// from rest_framework import viewsets
    ///
    /// class InvoiceViewSet(viewsets.ModelViewSet):
    ///     serializer_class = InvoiceSerializer
    /// ```
    /// ```python bad path=shop/urls.py
    /// router.register("invoices", InvoiceViewSet)
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework import viewsets
    ///
    /// class InvoiceViewSet(viewsets.ModelViewSet):
    ///     serializer_class = InvoiceSerializer
    /// ```
    /// ```python good path=shop/urls.py
    /// router.register("invoices", InvoiceViewSet)
    /// ```
    ///
    /// The settings are those that look like production, with star imports, conditions and defaults of the environment
    /// evaluated; where something in them cannot be read, nothing is said. Not flagged: views whose permissions come
    /// from a base, a decorator or a method; bodies that check the caller themselves; logins, webhooks, health checks and
    /// others that are open by nature; views that no route names. The strict preset also reports settings without a
    /// default where every view names its own: the next view is public until somebody thinks of it. A view that only reads is
    /// a warning.
    pub(crate) const RULE = {
        code: "api/endpoint-without-permission",
        summary: "view is public because nobody said who may use it",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
        follows_values: true,
        security_severity: "7.5",
        tags: &["security"],
    }
}

/// Decorators that say nothing of who may use a view.
const NEUTRAL: [&str; 18] = [
    "api_view",
    "action",
    "extend_schema",
    "extend_schema_view",
    "swagger_auto_schema",
    "renderer_classes",
    "parser_classes",
    "throttle_classes",
    "csrf_exempt",
    "ensure_csrf_cookie",
    "never_cache",
    "cache_page",
    "vary_on_headers",
    "vary_on_cookie",
    "atomic",
    "non_atomic_requests",
    "schema",
    "authentication_classes",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut roots = BTreeSet::new();
    for view in &model.rest().views {
        let default = model.rest_default(view.place.path, "DEFAULT_PERMISSION_CLASSES");
        if !matches!(default, RestDefault::Missing) {
            continue;
        }
        roots.extend(model.settings().root_of(view.place.path));
        if is_public(model, view) {
            report(model, ctx, view);
        }
    }
    for root in roots {
        without_default(model, ctx, root);
    }
}

/// Returns whether nothing about a view says who may use it.
fn is_public<'p>(model: &ProjectModel<'p>, view: &View<'p>) -> bool {
    view.is_known
        && view.permissions == Policy::Default
        && !view.methods.is_empty()
        && !is_open_on_purpose(&view.name)
        && view.handlers.iter().all(|it| is_unguarded(model, it))
        && (view.lists || view.methods.intersects(Methods::UNSAFE) || !view.handlers.is_empty())
        && !is_decorated(model, view)
        && !looks_at_caller(model, view)
        && model.is_routed(&view.name)
}

fn is_unguarded<'p>(model: &ProjectModel<'p>, handler: &Handler<'p>) -> bool {
    let is_neutral = |name: &String| NEUTRAL.contains(&name.rsplit('.').next().unwrap_or(name));
    let body = model.file(handler.function.path).zip(model.function(handler.function));
    handler.permissions == Policy::Default
        && handler.decorators.iter().all(is_neutral)
        && !is_open_on_purpose(&handler.name)
        && !body.is_some_and(|(file, function)| checks_caller(function.range.slice(&file.source.text)))
}

/// Returns whether a decorator of the class may protect it: `@method_decorator(login_required, name="dispatch")`.
fn is_decorated<'p>(model: &ProjectModel<'p>, view: &View<'p>) -> bool {
    view.ancestry.classes.iter().any(|class| {
        let Some((bodies, text)) = model.bodies(*class) else { return true };
        let decorators = bodies.class(class.id).map(|body| body.decorators.as_slice()).unwrap_or_default();
        decorators.iter().any(|id| {
            let name = |id| bodies.call(id, text).map(|(name, _)| name).or_else(|| bodies.dotted(id, text));
            let applied = bodies.call(*id, text).filter(|(name, _)| name.ends_with("method_decorator"));
            let applied = applied.and_then(|(_, args)| bodies.positional(args, 0));
            let name = name(applied.unwrap_or(*id)).unwrap_or("");
            !NEUTRAL.contains(&name.rsplit('.').next().unwrap_or(name))
        })
    })
}

/// Returns whether a method of the view, or of a base in the project, looks at who calls.
fn looks_at_caller<'p>(model: &ProjectModel<'p>, view: &View<'p>) -> bool {
    view.ancestry.classes.iter().any(|class| {
        let file = model.file(class.path);
        let facts = file.and_then(|it| it.facts.python()?.class(class.id));
        file.zip(facts).is_none_or(|(file, facts)| checks_caller(facts.range.slice(&file.source.text)))
    })
}

fn report(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>, view: &View<'_>) {
    let message =
        format!("`{}` is public: it names no `permission_classes`, and the settings have no default", view.name);
    let finding = ctx.report(view.place.path, view.place.range, message);
    if !view.methods.intersects(Methods::UNSAFE) {
        finding.severity(Severity::Warning);
    }
    finding.help(
        "set `DEFAULT_PERMISSION_CLASSES` to `IsAuthenticated`, and `AllowAny` where a view is meant to be public",
    );
    let modules = model.settings().production_of(view.place.path);
    if let Some(place) = modules.iter().find_map(|it| it.rest_place()) {
        finding.label_once(place, "no `DEFAULT_PERMISSION_CLASSES` here");
    }
    finding.property("view", view.name.clone());
    finding.property("methods", view.methods.to_string());
}

/// Settings without a default: every view has to name its own permissions.
fn without_default(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>, root: &str) {
    let place = model.settings().production(root).iter().find_map(|it| it.rest_place());
    let Some(place) = place else { return };
    let views = model.rest().views.iter().filter(|it| model.settings().root_of(it.place.path) == Some(root)).count();
    let message =
        format!("no `DEFAULT_PERMISSION_CLASSES`: each of {views} views has to name its permissions, or is public");
    ctx.report(place.path, place.range, message)
        .help("set it to `IsAuthenticated`; views that are public say `AllowAny`")
        .severity(Severity::Info)
        .preset(Preset::Strict);
}
