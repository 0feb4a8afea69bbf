//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::{RelPath, Roles};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::endpoint::Segment;
use arrears_model::project::ProjectModel;
use arrears_model::routes::{Gap, RootKind, Route};

rule! {
    /// Finds Django projects without a route that tells whether the server is well.
    ///
    /// Load balancers, container platforms and whoever is on call ask some page instead, and learn that the login form
    /// renders, not that database and queue answer.
    ///
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```python bad path=shop/urls.py
    /// from django.urls import path
    /// from shop import views
    ///
    /// PAGES = ("orders", "carts", "returns", "stock", "prices", "shops", "staff", "news")
    /// urlpatterns = [path(f"{name}/", views.page) for name in PAGES]
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```python good path=shop/urls.py
    /// from django.urls import path
    /// from shop import views
    ///
    /// PAGES = ("orders", "carts", "returns", "stock", "prices", "shops", "staff", "news")
    /// urlpatterns = [path(f"{name}/", views.page) for name in PAGES]
    /// urlpatterns += [path("healthz/", views.health)]
    /// ```
    ///
    /// Said once for each root of URLs that settings name. A path, a name or a view that speaks of health, readiness,
    /// liveness, a ping or a heartbeat is enough; so is a package or a middleware that answers for the project. Not
    /// flagged where routes at the root come from code that could not be read, nor roots with fewer than eight routes.
    pub(crate) const RULE = {
        code: "api/no-health-endpoint",
        summary: "no route tells whether the server is well",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        follows_values: true,
    }
}

/// How many routes a server has that somebody runs.
const FEW: usize = 8;

/// What paths, names and views of such routes are called, without `-` and `_`.
const SIGNS: [&str; 12] = [
    "health",
    "healthz",
    "healthcheck",
    "ready",
    "readyz",
    "readiness",
    "live",
    "livez",
    "liveness",
    "ping",
    "heartbeat",
    "alive",
];

/// Words that tell among others: `database_health`.
const PARTS: [&str; 8] =
    ["health", "healthz", "healthcheck", "healthchecks", "ping", "heartbeat", "readiness", "liveness"];

/// Words of packages and middleware that answer for the project.
const ANSWERERS: [&str; 12] = [
    "health_check",
    "healthcheck",
    "healthz",
    "HealthCheckMiddleware",
    "HealthcheckMiddleware",
    "watchman",
    "django_alive",
    "dockerflow",
    "django_healthchecks",
    "livez",
    "readyz",
    "heartbeat",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let routes = model.routes();
    if !model.python_is_complete() || is_answered_elsewhere(model) {
        return;
    }
    for (at, root) in routes.roots.iter().enumerate() {
        let own: Vec<&Route<'_>> = routes.routes.iter().filter(|route| route.root == at).collect();
        if root.kind != RootKind::Settings || own.len() < FEW || is_example(root.path) {
            continue;
        }
        if own.into_iter().any(tells) || routes.gaps.iter().any(is_wide) {
            continue;
        }
        ctx.report(root.path, root.range, "no route tells whether the server is well").help(
            "add a view such as `health/` that asks the database and the cache, and point the platform's probe at it",
        );
    }
}

/// Returns whether a route is one.
fn tells(route: &Route<'_>) -> bool {
    let speaks = |text: &str| {
        let lower = text.to_ascii_lowercase();
        SIGNS.contains(&lower.replace(['-', '_'], "").as_str())
            || lower.split(|it: char| !it.is_ascii_alphanumeric()).any(|word| PARTS.contains(&word))
    };
    let in_path = route.path.segments.iter().any(|segment| match segment {
        Segment::Text(text) => speaks(text),
        Segment::Param { .. } | Segment::Mixed { .. } | Segment::Rest(_) => false,
    });
    in_path || route.name.as_deref().is_some_and(speaks) || speaks(&snake(&route.view_name))
}

/// Returns `health_view` of `HealthView`.
fn snake(name: &str) -> String {
    let mut made = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            made.push('_');
        }
        made.push(letter);
    }
    made
}

/// Returns whether what could not be read may lie at the root.
fn is_wide(gap: &Gap<'_>) -> bool {
    !gap.prefix.segments.iter().any(|segment| matches!(segment, Segment::Text(_)))
}

fn is_answered_elsewhere(model: &ProjectModel<'_>) -> bool {
    ANSWERERS.iter().any(|word| {
        model
            .files_with_word(word)
            .any(|file| file.facts.python().is_some() && !file.source.roles.contains(Roles::TEST))
    })
}

/// Returns whether a root belongs to an example, not to what is deployed.
fn is_example(path: &RelPath) -> bool {
    path.folders().any(|folder| {
        ["example", "demo", "sandbox", "docs", "testing", "playground", "template"]
            .iter()
            .any(|word| folder.contains(word))
    })
}
