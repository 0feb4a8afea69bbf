//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::project::proxy::Duty;
use arrears_model::settings::serving::{Serving, Switch};

rule! {
    /// Finds production settings without the switches that keep sessions off plain HTTP.
    ///
    /// Django leaves them off, because they break a site that has no certificate. Without `SESSION_COOKIE_SECURE` a
    /// single request to `http://`, by a typed address or an old link, sends the session cookie readable over the
    /// network; without `SECURE_HSTS_SECONDS` browsers make that request each time.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["django.contrib.sessions"]
    /// MIDDLEWARE = [
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.middleware.csrf.CsrfViewMiddleware",
    /// ]
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// import os
    /// ROOT_URLCONF = "shop.urls"
    /// DEBUG = os.environ.get("DEBUG") == "true"
    /// INSTALLED_APPS = ["django.contrib.sessions"]
    /// MIDDLEWARE = [
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.middleware.csrf.CsrfViewMiddleware",
    ///     "django.middleware.clickjacking.XFrameOptionsMiddleware",
    /// ]
    /// SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEBUG
    /// SECURE_HSTS_SECONDS = 31_536_000
    /// ```
    ///
    /// One finding for each Django project, with all that is missing, the heaviest first; a note of the preset
    /// `strict` where only the redirect and HSTS are, which a load balancer outside the repository often does. What the environment or a
    /// condition decides counts as set, and so does what nginx, Caddy, Traefik or an ingress in the repository do. Not
    /// asked for: what current Django has on by default (`X_FRAME_OPTIONS`, `SECURE_CONTENT_TYPE_NOSNIFF`,
    /// `SECURE_REFERRER_POLICY`), and HSTS for subdomains and preload lists (W005, W021 of `manage.py check --deploy`),
    /// which bind hosts that this repository does not know. Silent where a file that is not in the repository may
    /// complete the settings. `manage.py check --deploy` finds the same, once the production settings can be imported.
    pub(crate) const RULE = {
        code: "settings/missing-security-setting",
        summary: "production settings leave out what keeps sessions off plain HTTP",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        follows_values: true,
        security_severity: "5.3",
    }
}

/// Something that is not set.
struct Missing<'p> {
    name: &'static str,
    is_middleware: bool,
    /// Whether nothing outside the repository can do it.
    is_ours: bool,
    off: Option<Place<'p>>,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for serving in model.settings().serving(model) {
        if !serving.is_complete() {
            continue;
        }
        let missing = missing(model, &serving);
        let Some(place) = serving.own_anchor(&["MIDDLEWARE", "DEBUG"]) else {
            continue;
        };
        if missing.is_empty() {
            continue;
        }
        let (verb, subject) = if missing.len() == 1 { ("is", "it") } else { ("are", "them") };
        let message = format!("{} {verb} not set for production", listed(&missing));
        let finding = ctx.report(place.path, place.range, message);
        for one in &missing {
            if let Some(off) = one.off {
                finding.label_once(off, format!("`{}` is off", one.name));
            }
        }
        finding.help(format!("set {subject} in the production settings, or by a variable of the environment"));
        finding.property("missing", missing.iter().map(|it| it.name).collect::<Vec<_>>().join(" "));
        if !missing.iter().any(|it| it.is_ours) {
            finding.severity(Severity::Info).preset(Preset::Strict);
        }
    }
}

/// Returns what is missing, the heaviest first.
fn missing<'p>(model: &ProjectModel<'p>, serving: &Serving<'_, 'p>) -> Vec<Missing<'p>> {
    let lacks = |middleware: &str| !serving.may_list("MIDDLEWARE", &|it| it.ends_with(middleware));
    let own = |words: &[&str]| {
        serving.may_list("MIDDLEWARE", &|it| words.iter().any(|word| it.to_ascii_lowercase().contains(word)))
    };
    let has_list = serving.sets("MIDDLEWARE");
    let has_sessions = !has_list || !lacks("SessionMiddleware");
    let mut found = Vec::new();
    let mut add = |name: &'static str, is_ours: bool, off: Option<Place<'p>>| {
        found.push(Missing { name, is_middleware: name.ends_with("Middleware"), is_ours, off });
    };
    let mut ask = |name: &'static str, is_ours: bool| match serving.switch(name) {
        Switch::On => {}
        Switch::Off(place) => add(name, is_ours, Some(place)),
        Switch::Missing => add(name, is_ours, None),
    };
    if has_sessions {
        ask("SESSION_COOKIE_SECURE", true);
    }
    let has_csrf = !has_list || !lacks("CsrfViewMiddleware");
    if has_csrf && has_sessions && serving.switch("CSRF_USE_SESSIONS") != Switch::On {
        ask("CSRF_COOKIE_SECURE", true);
    }
    let is_redirected = model.does(Duty::Https).is_some();
    if !is_redirected && !own(&["sslify", "forcessl", "httpsredirect"]) {
        ask("SECURE_SSL_REDIRECT", false);
    }
    if model.does(Duty::Hsts).is_none() {
        ask("SECURE_HSTS_SECONDS", false);
    }
    if has_list && has_sessions {
        if !own(&["csrf"]) {
            add("CsrfViewMiddleware", true, None);
        }
        if lacks("SecurityMiddleware") && !own(&["security", "secure"]) {
            add("SecurityMiddleware", true, None);
        }
        if !own(&["frame", "clickjack", "csp"]) && model.does(Duty::Frames).is_none() {
            add("XFrameOptionsMiddleware", true, None);
        }
    }
    for name in ["SECURE_CONTENT_TYPE_NOSNIFF", "SECURE_REFERRER_POLICY"] {
        if let Switch::Off(place) = serving.switch(name) {
            add(name, true, Some(place));
        }
    }
    found
}

/// Returns names in words: `A`, `B` and the middleware `C`.
fn listed(missing: &[Missing<'_>]) -> String {
    let shown = |it: &Missing<'_>| {
        if it.is_middleware { format!("the middleware `{}`", it.name) } else { format!("`{}`", it.name) }
    };
    match missing {
        [] => String::new(),
        [only] => shown(only),
        [first @ .., last] => {
            format!("{} and {}", first.iter().map(shown).collect::<Vec<_>>().join(", "), shown(last))
        }
    }
}
