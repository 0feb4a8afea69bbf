//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pages::endpoint::undocumented;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds routes of an API that its guide leaves out.
    ///
    /// Whoever builds against the guide does not know that the endpoint exists, and asks for it, or builds it again.
    ///
    /// ```markdown bad path=docs/api.md
    /// # API
    ///
    /// - `GET /api/orders/`, `GET /api/orders/{id}/`
    /// - `GET /api/carts/`, `GET /api/prices/`, `GET /api/shops/`
    /// ```
    /// ```python bad path=shop/urls.py
    /// from django.urls import path
    /// from rest_framework.decorators import api_view
    /// from rest_framework.response import Response
    ///
    /// @api_view()
    /// def page(request, **kwargs):
    ///     return Response({"orders": []})
    ///
    /// urlpatterns = [
    ///     path("api/orders/", page), path("api/orders/<int:pk>/", page), path("api/carts/", page),
    ///     path("api/prices/", page), path("api/shops/", page), path("api/returns/", page),
    /// ]
    /// ```
    /// ```markdown good path=docs/api.md
    /// # API
    ///
    /// - `GET /api/orders/`, `GET /api/orders/{id}/`, `GET /api/returns/`
    /// - `GET /api/carts/`, `GET /api/prices/`, `GET /api/shops/`
    /// ```
    /// ```python good path=shop/urls.py
    /// from django.urls import path
    /// from rest_framework.decorators import api_view
    /// from rest_framework.response import Response
    ///
    /// @api_view()
    /// def page(request, **kwargs):
    ///     return Response({"orders": []})
    ///
    /// urlpatterns = [
    ///     path("api/orders/", page), path("api/orders/<int:pk>/", page), path("api/carts/", page),
    ///     path("api/prices/", page), path("api/shops/", page), path("api/returns/", page),
    /// ]
    /// ```
    ///
    /// A guide is a page that names at least five routes of the project, where at least half of them are named. A route is documented where any page or a kept
    /// schema (`openapi.yaml`) names its path; how parameters are written does not matter, nor what the API is mounted under.
    /// Not flagged: repositories without a guide, one row where the list is described, routes of packages, webhooks, health checks, and what other programs ask for.
    pub(crate) const RULE = {
        code: "docs/undocumented-endpoint",
        summary: "route that the API guide leaves out",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let Some(found) = undocumented(model) else { return };
    for route in found.routes {
        let asked = route.asked();
        ctx.report(route.place.path, route.place.range, format!("`{asked}` is not in the API guide")).help(format!(
            "describe {} in `{}`",
            route.shown(),
            found.guide
        ));
    }
}
