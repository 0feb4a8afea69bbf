//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::project::proxy::Duty;

rule! {
    /// Finds Django projects whose responses nothing in the repository compresses.
    ///
    /// JSON and HTML shrink to a tenth: a list of 400 KB takes 40 KB, which on a phone is the difference between three
    /// seconds and a blink.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware"]
    /// ```
    ///
    /// Compression by middleware, nginx, Caddy, Traefik or an ingress in the repository counts; WhiteNoise does not, it
    /// compresses static files only. A service in front that is configured elsewhere, as a CDN, is worth a suppression
    /// that names it.
    pub(crate) const RULE = {
        code: "settings/no-response-compression",
        summary: "responses are sent uncompressed",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for serving in model.settings().serving(model) {
        let compresses = |it: &str| {
            let lower = it.to_ascii_lowercase();
            ["gzip", "compress", "brotli", "zip"].iter().any(|word| lower.contains(word))
        };
        if !serving.sets("MIDDLEWARE")
            || !serving.is_complete()
            || serving.may_list("MIDDLEWARE", &compresses)
            || model.does(Duty::Compression).is_some()
        {
            continue;
        }
        let Some(place) = serving.anchor() else { continue };
        let message = "responses are sent uncompressed: no middleware and no proxy in the repository compresses them";
        ctx.report(place.path, place.range, message)
            .help("turn on gzip in the proxy, or add `django.middleware.gzip.GZipMiddleware` as the first middleware");
    }
}
