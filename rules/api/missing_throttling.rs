//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::rest::Policy;
use arrears_model::rest::defaults::RestDefault;
use arrears_model::settings::SettingsModule;
use arrears_model::settings::value::Value;

rule! {
    /// Finds projects whose interface, or whose login, anyone may call as often as they like.
    ///
    /// Nothing stops somebody from trying a million passwords, from reading the whole catalogue in an hour, or from one
    /// client's endless loop that takes all workers.
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
    /// from rest_framework.views import APIView
    ///
    /// class OrderView(APIView):
    ///     def get(self, request):
    ///         return Response({})
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    ///     "DEFAULT_THROTTLE_RATES": {"anon": "60/minute"},
    /// }
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework.views import APIView
    ///
    /// class OrderView(APIView):
    ///     def get(self, request):
    ///         return Response({})
    /// ```
    ///
    /// Said once for each Django project, at `REST_FRAMEWORK`, or at the login view where there is no such interface. Not
    /// flagged where anything in the repository limits calls: a throttle of any view, django-ratelimit, axes, defender,
    /// own code that speaks of rate limits, `limit_req` of nginx and its kin in Traefik and Kubernetes. A limit that is kept
    /// outside the repository is worth a suppression that says where.
    pub(crate) const RULE = {
        code: "api/missing-throttling",
        summary: "anyone may call the interface as often as they like",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        follows_values: true,
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let settings = model.settings();
    let other = std::cell::OnceCell::new();
    for root in settings.roots() {
        let modules = settings.production(root);
        let views: Vec<_> =
            model.rest().views.iter().filter(|it| settings.root_of(it.place.path) == Some(root)).collect();
        let is_slowed = |policy: &Policy<'_>| match policy {
            Policy::Default => false,
            Policy::Listed(listed) => !listed.classes.is_empty(),
            Policy::Computed => true,
        };
        let by_view = views.iter().any(|view| {
            is_slowed(&view.throttles)
                || view.throttle_scope.is_some()
                || view.handlers.iter().any(|it| is_slowed(&it.throttles))
        });
        if by_view || modules.iter().any(|module| is_limited(module)) {
            continue;
        }
        let place = if views.is_empty() { login(model, root) } else { interface(&modules, views.len()) };
        let Some((place, message)) = place.filter(|_| other.get_or_init(|| model.other_limit()).is_none()) else {
            continue;
        };
        let help = if views.is_empty() {
            "limit the attempts: django-axes, django-ratelimit, or `limit_req` in nginx"
        } else {
            "set `DEFAULT_THROTTLE_CLASSES` and `DEFAULT_THROTTLE_RATES`, with a rate of its own for the login"
        };
        ctx.report(place.path, place.range, message).help(help);
    }
}

/// Returns whether settings limit calls, or may.
fn is_limited(module: &SettingsModule<'_>) -> bool {
    let has_throttles = match module.rest_default("DEFAULT_THROTTLE_CLASSES") {
        RestDefault::Set(classes) => {
            !classes.items().is_empty() || classes.is_open() || matches!(classes.value, Value::Text(_))
        }
        RestDefault::Missing => false,
        RestDefault::Unknown => true,
    };
    let is_installed = |app: &&str| module.app_place(app).is_some();
    has_throttles
        || ["axes", "defender", "django_ratelimit", "ratelimit", "brutebuster", "blacklist"].iter().any(is_installed)
        || ["ACCOUNT_RATE_LIMITS", "ACCOUNT_LOGIN_ATTEMPTS_LIMIT"].iter().any(|name| module.get(name).is_some())
}

/// Where to say that an interface is not limited.
fn interface<'p>(modules: &[&SettingsModule<'p>], views: usize) -> Option<(Place<'p>, String)> {
    let place = modules.iter().find_map(|module| module.rest_place())?;
    let views = if views == 1 { "the view".to_owned() } else { format!("all {views} views") };
    Some((place, format!("no throttle protects the interface: anyone may call {views} as often as they like")))
}

/// Where to say that a login is not limited.
fn login<'p>(model: &ProjectModel<'p>, root: &str) -> Option<(Place<'p>, String)> {
    let logins = model.logins();
    let own = logins.iter().find(|it| model.settings().root_of(it.place.path) == Some(root))?;
    Some((
        own.place,
        format!("`{}` takes as many passwords as somebody likes to try: nothing limits the attempts", own.name),
    ))
}
