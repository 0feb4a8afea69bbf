//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::contract::Answer;
use arrears_model::endpoint::Methods;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds calls of the client that differ from their route by the slash at the end.
    ///
    /// Where the slash is missing, Django answers with a redirect: a second round trip for each GET, and a POST that loses its
    /// body or, with `DEBUG`, is refused. Where there is one too many, or with `APPEND_SLASH = False`, the answer is 404.
    ///
    /// ```python bad path=shop/urls.py
    /// from django.urls import path
    /// from django.http import JsonResponse
    /// from django.views.decorators.http import require_GET
    ///
    /// @require_GET
    /// def orders(request):
    ///     return JsonResponse({"orders": []})
    ///
    /// urlpatterns = [path("api/orders/", orders), path("api/totals/", orders)]
    /// ```
    /// ```ts bad path=web/src/api.ts
    /// export const orders = () => fetch("/api/orders");
    /// export const totals = () => fetch("/api/totals/");
    /// ```
    /// ```python good path=shop/urls.py
    /// from django.urls import path
    /// from django.http import JsonResponse
    /// from django.views.decorators.http import require_GET
    ///
    /// @require_GET
    /// def orders(request):
    ///     return JsonResponse({"orders": []})
    ///
    /// urlpatterns = [path("api/orders/", orders), path("api/totals/", orders)]
    /// ```
    /// ```ts good path=web/src/api.ts
    /// export const orders = () => fetch("/api/orders/");
    /// export const totals = () => fetch("/api/totals/");
    /// ```
    ///
    /// Not flagged: routes that take both (`/?$`), FastAPI, which redirects with the method and the body, and paths whose
    /// end is a value of the client.
    pub(crate) const RULE = {
        code: "contract/trailing-slash-mismatch",
        summary: "call that differs from its route by the slash at the end",
        check: Check::Project { run: check },
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let contract = model.contract();
    let is_off =
        |name: &str| model.settings().modules().iter().any(|it| it.get(name).and_then(|it| it.truth()) == Some(false));
    let appends = !is_off("APPEND_SLASH");
    for call in &contract.calls {
        let Answer::WrongSlash { route, is_missing } = &call.answer else { continue };
        let Some(route) = contract.routes.get(*route) else { continue };
        let asked = call.asked();
        let loses = Methods::POST | Methods::PUT | Methods::PATCH;
        let changes = call.method.is_some_and(|method| method.intersects(loses));
        let what = match (*is_missing && appends, changes) {
            (true, false) => "lacks the slash at the end: each request is redirected first",
            (true, true) => "lacks the slash at the end: the redirect loses the body",
            (false, _) if *is_missing => "answers 404: the route ends with a slash, and `APPEND_SLASH` is off",
            (false, _) => "answers 404: the route has no slash at the end",
        };
        let finding = ctx.report(call.place.path, call.place.range, format!("`{asked}` {what}"));
        if changes || !*is_missing || !appends {
            finding.severity(Severity::Error);
        }
        for place in &call.written {
            finding.label_once(*place, "the path is written here");
        }
        finding.label_once(route.place, format!("the route: {}", route.shown()));
        finding.help(format!("ask for `{}`", route.path));
    }
}
