//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Preset;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds routes of an API that no call of the repository's clients asks for.
    ///
    /// Half of a feature: the screen was never written, or it was taken away and the view stayed, with its permissions, its
    /// queries and its tests.
    ///
    /// ```python bad path=shop/urls.py
    /// from django.urls import path
    /// from rest_framework.decorators import api_view
    /// from rest_framework.response import Response
    ///
    /// @api_view()
    /// def orders(request):
    ///     return Response({"orders": []})
    ///
    /// urlpatterns = [path("api/orders/", orders), path("api/totals/", orders)]
    /// ```
    /// ```ts bad path=web/src/api.ts
    /// export const orders = () => fetch("/api/orders/");
    /// ```
    /// ```python good path=shop/urls.py
    /// from django.urls import path
    /// from rest_framework.decorators import api_view
    /// from rest_framework.response import Response
    ///
    /// @api_view()
    /// def orders(request):
    ///     return Response({"orders": []})
    ///
    /// urlpatterns = [path("api/orders/", orders), path("api/totals/", orders)]
    /// ```
    /// ```ts good path=web/src/api.ts
    /// export const orders = () => fetch("/api/orders/");
    /// export const totals = () => fetch("/api/totals/");
    /// ```
    ///
    /// Said only where every call of the client could be read. Not flagged: webhooks, callbacks, schemas, health checks,
    /// routes that other programs ask for (`public`, `external`, `webhook`, `hooks`), routes of packages, pages, and
    /// repositories without a client. A mobile client in another repository is worth turning the rule off.
    pub(crate) const RULE = {
        code: "contract/route-never-called",
        summary: "route that no client calls",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let contract = model.contract();
    if !contract.knows_all_calls() {
        return;
    }
    for route in
        contract.routes.iter().filter(|route| route.callers.is_empty() && route.is_api && !route.is_for_others())
    {
        let asked = route.asked();
        ctx.report(route.place.path, route.place.range, format!("no client in this repository calls `{asked}`"))
            .help(format!("take the route and {} away, or suppress with the client that calls it", route.shown()));
    }
}
