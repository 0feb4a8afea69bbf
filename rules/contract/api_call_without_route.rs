//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::contract::Answer;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds calls of the client whose path no route of the server has.
    ///
    /// The request answers 404 every time. The screen shows an error or, more often, nothing: what it waits for was renamed,
    /// never written, or lives in another version of the server. Neither compiler sees the other side.
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
    /// export const totals = () => fetch("/api/orders/totals/").then((answer) => answer.json());
    /// export const orders = () => fetch("/api/orders/").then((answer) => answer.json());
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
    /// export const totals = () => fetch("/api/totals/").then((answer) => answer.json());
    /// export const orders = () => fetch("/api/orders/").then((answer) => answer.json());
    /// ```
    ///
    /// The path is put together from constants, endpoint tables, `baseURL`s of instances, wrappers and templates, through
    /// imports; a base that only the environment knows is inferred where most calls that share it are served below one beginning.
    /// Not flagged: calls to other hosts, paths that could not be read, what lies below an `include` that could not be
    /// read, routes of the client's own server, static files, and bases of which few calls fit any route, since they belong
    /// to another server. `arrears contract` lists them. Generated clients cannot have this debt; no linter looks for it.
    pub(crate) const RULE = {
        code: "contract/api-call-without-route",
        summary: "call that no route of the server answers",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let contract = model.contract();
    for call in &contract.calls {
        let Answer::NoRoute { nearest } = &call.answer else { continue };
        let asked = call.asked();
        let message = if call.is_only_declared {
            format!("no route has the path `{asked}`; nothing asks for this endpoint yet")
        } else {
            format!("`{asked}` answers 404: no route has this path")
        };
        let finding = ctx.report(call.place.path, call.place.range, message);
        for place in &call.written {
            finding.label_once(*place, "the path is written here");
        }
        let Some(route) = nearest.and_then(|at| contract.routes.get(at)) else {
            finding.help("write the route, or take the call away");
            continue;
        };
        let (known, shown) = (route.asked(), route.shown());
        finding.label_once(route.place, format!("the nearest route: {shown}"));
        finding.help(format!("the nearest route is `{known}` ({shown}, {})", route.place.path));
    }
}
