//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::endpoint::Segment;
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_model::routes::Route;

rule! {
    /// Finds routes of the server that no test mentions: not by name, not by path, not by view.
    ///
    /// What answers there is only tried by users.
    ///
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```python bad path=shop/urls.py
    /// from django.urls import path
    /// from shop import views
    ///
    /// urlpatterns = [
    ///     path("orders/", views.order_list, name="order-list"),
    ///     path("refunds/", views.refund, name="refund"),
    /// ]
    /// ```
    /// ```python bad path=shop/views.py
    /// def order_list(request):
    ///     return render(request, "orders.html")
    ///
    /// def refund(request):
    ///     return render(request, "refund.html")
    /// ```
    /// ```python bad path=shop/tests.py
    /// from django.test import TestCase
    /// from django.urls import reverse
    ///
    /// class OrderTests(TestCase):
    ///     def test_list(self):
    ///         self.assertEqual(self.client.get(reverse("order-list")).status_code, 200)
    /// ```
    /// ```python good path=shop/urls.py
    /// from django.urls import path
    /// from shop import views
    ///
    /// urlpatterns = [path("orders/", views.order_list, name="order-list")]
    /// ```
    /// ```python good path=shop/tests.py
    /// from django.test import TestCase
    ///
    /// class OrderTests(TestCase):
    ///     def test_list(self):
    ///         self.assertEqual(self.client.get("/orders/").status_code, 200)
    /// ```
    ///
    /// Each view once. A mention anywhere in a file of tests is enough. Not flagged: views from packages; projects whose
    /// tests walk through the schema or the URL patterns; projects without tests, of which `testing/no-tests` speaks.
    pub(crate) const RULE = {
        code: "testing/untested-endpoint",
        summary: "route that no test mentions",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Project,
        follows_values: true,
    }
}

/// Words of tests that try all routes.
const WALKERS: [&str; 5] = ["schemathesis", "get_resolver", "urlpatterns", "url_patterns", "tavern"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let tests: Vec<ProjectFile<'_>> = model.files().filter(|it| it.source.roles.contains(Roles::TEST)).collect();
    let is_walked = tests.iter().any(|it| WALKERS.iter().any(|word| it.facts.words.may_contain(word)));
    if is_walked || !model.suites().files.iter().any(|it| it.is_python) {
        return;
    }
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mentioned: BTreeSet<&str> =
        model.routes().routes.iter().filter(|it| is_mentioned(&tests, it)).map(|it| it.view_name.as_str()).collect();
    for route in &model.routes().routes {
        let is_aside = route.view.is_none() || route.is_conditional || mentioned.contains(route.view_name.as_str());
        if is_aside || !told.insert(route.view_name.clone()) {
            continue;
        }
        let message = format!("no test mentions `{}`, which `{}` answers", route.path, route.view_name);
        ctx.report(route.place.path, route.place.range, message)
            .help("add a test that asks it as somebody who may, and one as somebody who may not");
    }
}

fn is_mentioned(tests: &[ProjectFile<'_>], route: &Route<'_>) -> bool {
    let view = route.view_name.rsplit('.').next().unwrap_or(&route.view_name);
    let name: Vec<&str> =
        route.name.as_deref().map(|it| words(it.rsplit(':').next().unwrap_or(it))).unwrap_or_default();
    let path: Vec<&str> = route
        .path
        .segments
        .iter()
        .filter_map(|it| match it {
            Segment::Text(text) => Some(words(text)),
            Segment::Param { .. } | Segment::Mixed { .. } | Segment::Rest(_) => None,
        })
        .flatten()
        .collect();
    let holds =
        |test: &ProjectFile<'_>, all: &[&str]| !all.is_empty() && all.iter().all(|it| test.facts.words.may_contain(it));
    tests.iter().any(|test| holds(test, &[view]) || holds(test, &name) || holds(test, &path))
}

fn words(text: &str) -> Vec<&str> {
    text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_').filter(|it| !it.is_empty()).collect()
}
