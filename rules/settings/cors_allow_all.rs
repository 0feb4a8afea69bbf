//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::settings::SettingsModule;
use arrears_model::settings::value::Value;

rule! {
    /// Finds production settings that let any origin call the API.
    ///
    /// Any page that a user has open then reads what the API answers. With credentials it reads it in the user's name: that is
    /// an error.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware"]
    /// CORS_ALLOW_ALL_ORIGINS = True
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware"]
    /// CORS_ALLOWED_ORIGINS = ["https://shop.example"]
    /// ```
    ///
    /// Not flagged without the middleware of django-cors-headers, in modules for development, and where `CORS_URLS_REGEX` names the
    /// public part of the interface and no credentials are sent.
    pub(crate) const RULE = {
        code: "settings/cors-allow-all",
        summary: "any origin may call the API",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
        security_severity: "6.5",
        tags: &["security"],
    }
}

/// The name of the setting, and its name before version 3.5.
const NAMES: [&str; 2] = ["CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    for module in model.settings().served(model) {
        let is_on = |name: &str| module.certain(name, |it| it.truth() == Some(true));
        let Some((name, found)) = NAMES.iter().find_map(|name| Some((*name, is_on(name)?))) else { continue };
        let credentials = is_on("CORS_ALLOW_CREDENTIALS").filter(|it| !it.is_fallback());
        let is_partial = credentials.is_none() && module.get("CORS_URLS_REGEX").is_some();
        if model.is_deployed(&found) || is_partial || !has_middleware(module) || !seen.insert(found.place) {
            continue;
        }
        let whose = if credentials.is_some() { ", with the cookies of whoever visits it" } else { "" };
        let when = found.variables.last().map(|it| format!(" where `{it}` is missing")).unwrap_or_default();
        let finding =
            ctx.report(found.place.path, found.place.range, format!("any site may call the API{whose}{when}"));
        finding.label_origin(module, found.place);
        if let Some(credentials) = credentials {
            finding.severity(Severity::Error).label_once(credentials.place, "cookies are sent along");
        }
        finding.help(format!("list the origins in `CORS_ALLOWED_ORIGINS` instead of `{name}`"));
    }
}

/// Returns whether the middleware that asks for the setting runs.
fn has_middleware(module: &SettingsModule<'_>) -> bool {
    let Some(middleware) = module.get("MIDDLEWARE") else { return !module.is_complete() };
    let mut items = middleware.items().into_iter();
    middleware.is_open()
        || items.any(|it| {
            it.text().map_or(!matches!(it.value, Value::None), |name| name.to_ascii_lowercase().contains("cors"))
        })
}
