//! See [`RULE`].

use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::endpoint::Methods;
use arrears_model::project::ProjectModel;
use arrears_model::rest::purpose::takes_credentials;
use arrears_model::rest::{Handler, Policy, View};

rule! {
    /// Finds logins, one-time codes and password resets without a limit of their own.
    ///
    /// A limit that suits the whole interface, a thousand calls an hour, is a thousand passwords an hour. Where
    /// credentials are taken, five attempts a minute are enough.
    ///
    /// ```python bad path=shop/views.py
    /// from rest_framework.permissions import AllowAny
    /// from rest_framework.views import APIView
    ///
    /// class LoginView(APIView):
    ///     permission_classes = [AllowAny]
    ///
    ///     def post(self, request):
    ///         return Response(log_in(request.data))
    /// ```
    /// ```python bad path=shop/urls.py
    /// urlpatterns = [path("login/", LoginView.as_view())]
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework.permissions import AllowAny
    /// from rest_framework.views import APIView
    ///
    /// class LoginView(APIView):
    ///     permission_classes = [AllowAny]
    ///     throttle_scope = "login"
    ///
    ///     def post(self, request):
    ///         return Response(log_in(request.data))
    /// ```
    /// ```python good path=shop/urls.py
    /// urlpatterns = [path("login/", LoginView.as_view())]
    /// ```
    ///
    /// Not flagged where a package counts the attempts: axes, defender, django-ratelimit; nor where a decorator may.
    pub(crate) const RULE = {
        code: "api/unthrottled-auth-endpoint",
        summary: "credentials may be tried without a limit of its own",
        check: Check::Project { run: check },
        preset: Preset::All,
        scope: Scope::Project,
        follows_values: true,
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for view in &model.rest().views {
        let is_limited = view.throttles != Policy::Default || view.throttle_scope.is_some();
        if is_limited || !model.is_routed(&view.name) || counts_attempts(model, view) {
            continue;
        }
        let is_open = |policy: &Policy<'_>| policy.allows_anyone();
        if takes_credentials(&view.name) && is_open(&view.permissions) && view.methods.contains(Methods::POST) {
            report(ctx, view, &view.name, view.place);
            continue;
        }
        let takes = |it: &&Handler<'_>| {
            it.is_action
                && takes_credentials(&it.name)
                && it.methods.contains(Methods::POST)
                && it.throttles == Policy::Default
                && is_open(&it.permissions)
        };
        for handler in view.handlers.iter().filter(takes) {
            let Some(function) = model.function(handler.function) else { continue };
            let place = arrears_model::flow::Place { path: handler.function.path, range: function.name_range };
            report(ctx, view, &format!("{}.{}", view.name, handler.name), place);
        }
    }
}

/// Returns whether a package or a decorator counts attempts.
fn counts_attempts(model: &ProjectModel<'_>, view: &View<'_>) -> bool {
    let packages = ["axes", "defender", "ratelimit", "django_ratelimit"];
    let is_installed = model
        .settings()
        .production_of(view.place.path)
        .iter()
        .any(|module| packages.iter().any(|app| module.app_place(app).is_some()));
    is_installed
        || view.handlers.iter().flat_map(|it| &it.decorators).any(|it| it.contains("limit") || it.contains("hrottl"))
}

fn report(ctx: &mut ProjectContext<'_>, view: &View<'_>, name: &str, place: arrears_model::flow::Place<'_>) {
    ctx.report(place.path, place.range, format!("`{name}` takes credentials without a limit of its own"))
        .help("give it a `throttle_scope` with a rate such as `5/minute`")
        .property("view", view.name.clone());
}
