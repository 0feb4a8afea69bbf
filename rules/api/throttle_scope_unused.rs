//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::rule::Scope;
use arrears_core::source::{RelPath, Roles};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::rest::defaults::RestDefault;
use arrears_model::settings::SettingsModule;
use arrears_model::settings::value::Value;

rule! {
    /// Finds rates for throttle scopes that no view and no throttle uses.
    ///
    /// `"login": "5/minute"` looks like a protection against guessed passwords. Without a view of that scope nothing
    /// counts the attempts.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    ///     "DEFAULT_THROTTLE_RATES": {"login": "5/minute"},
    /// }
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    ///     "DEFAULT_THROTTLE_RATES": {"login": "5/minute"},
    /// }
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework.views import APIView
    ///
    /// class LoginView(APIView):
    ///     throttle_scope = "login"
    /// ```
    ///
    /// A string that names the scope in any module about throttles counts as a use. `anon` and `user` are in use where
    /// their classes are.
    pub(crate) const RULE = {
        code: "api/throttle-scope-unused",
        summary: "rate of a throttle scope that nothing uses",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    let settings = model.settings();
    for module in settings.roots().into_iter().flat_map(|root| settings.production(root)) {
        let RestDefault::Set(rates) = module.rest_default("DEFAULT_THROTTLE_RATES") else { continue };
        for rates in rates.in_production() {
            let Value::Dict { entries, .. } = &rates.by_default().value else { continue };
            for entry in entries {
                let is_off = matches!(entry.value.by_default().value, Value::None | Value::Unset);
                if is_off || !seen.insert(entry.key_place) || is_used(model, module, &entry.key) {
                    continue;
                }
                let place = entry.key_place;
                let rate = entry.value.text().map(|it| format!(" ({it})")).unwrap_or_default();
                let message =
                    format!("nothing uses the throttle scope `{}`: its rate{rate} slows nobody down", entry.key);
                ctx.report(place.path, place.range, message).help(help(&entry.key));
            }
        }
    }
}

fn help(scope: &str) -> String {
    match class_of(scope) {
        Some(class) => {
            format!("add `rest_framework.throttling.{class}` to `DEFAULT_THROTTLE_CLASSES`, or take the rate out")
        }
        None => format!("set `throttle_scope = \"{scope}\"` on the view it was meant for, or take the rate out"),
    }
}

fn class_of(scope: &str) -> Option<&'static str> {
    match scope {
        "anon" => Some("AnonRateThrottle"),
        "user" => Some("UserRateThrottle"),
        _ => None,
    }
}

fn is_used(model: &ProjectModel<'_>, settings: &SettingsModule<'_>, scope: &str) -> bool {
    let is_production = |roles: Roles| !roles.intersects(Roles::TEST | Roles::MIGRATION);
    if let Some(class) = class_of(scope)
        && model.files_with_word(class).any(|file| is_production(file.source.roles))
    {
        return true;
    }
    let quoted = [format!("\"{scope}\""), format!("'{scope}'")];
    let is_settings =
        |path: &RelPath| path == settings.path || model.settings().modules().iter().any(|module| module.path == path);
    model.python_files().any(|(file, _)| {
        let text = &file.source.text;
        is_production(file.source.roles)
            && !is_settings(&file.source.path)
            && (text.contains("hrottl"))
            && quoted.iter().any(|it| text.contains(it))
    })
}
