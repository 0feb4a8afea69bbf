//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::contract::Answer;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds calls of the client with a method that the route does not accept.
    ///
    /// The path is right, so it looks right in review, and the request answers 405 every time: the button saves nothing.
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
    /// export const addOrder = (name: string) => fetch("/api/orders/", { method: "POST", body: name });
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
    /// The methods of a route come from its view: handlers and mixins through all bases, `http_method_names`, `@action`,
    /// `as_view({...})`, `@api_view`, `require_http_methods`. Not flagged: routes whose methods could not be read, calls
    /// whose method is computed, and paths for which a later route could be the one that answers.
    pub(crate) const RULE = {
        code: "contract/api-method-mismatch",
        summary: "call with a method that its route refuses",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let contract = model.contract();
    for call in &contract.calls {
        let Answer::WrongMethod { route, allowed } = &call.answer else { continue };
        let (Some(route), Some(method)) = (contract.routes.get(*route), call.method) else { continue };
        let asked = call.asked();
        let message = format!("`{asked}` answers 405: the route exists, but accepts only {allowed}");
        let finding = ctx.report(call.place.path, call.place.range, message);
        for place in &call.written {
            finding.label_once(*place, "the path is written here");
        }
        let shown = route.shown();
        finding.label_once(route.place, format!("answered by {shown}"));
        if let Some(view) = route.view_place {
            finding.label_once(view, format!("accepts only {allowed}"));
        }
        finding.help(format!("ask with {}, or let {shown} accept {method}", allowed.to_string().replace(", ", " or ")));
    }
}
