//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::rest::defaults::RestDefault;
use arrears_model::settings::SettingsModule;
use arrears_model::settings::value::Value;

rule! {
    /// Finds production settings whose cache lives in one process.
    ///
    /// Each worker keeps its own: a limit of 10 requests per minute is 40 with four workers, what one deletes the others still
    /// serve, and a restart empties all.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```python bad path=shop/views.py
    /// from django.core.cache import cache
    ///
    /// def prices(request):
    ///     return cache.get_or_set("prices", load, 60)
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    /// ```
    /// ```python good path=shop/views.py
    /// from django.core.cache import cache
    ///
    /// def prices(request):
    ///     return cache.get_or_set("prices", load, 60)
    /// ```
    ///
    /// Said once for each Django project: where `CACHES` is not set or is `LocMemCache` or `DummyCache`, and something uses it: own
    /// code, throttles of the REST framework, sessions, allauth. Where nothing does, only `all` says that there is no cache. Not
    /// flagged where the settings that decide are not in the repository, and where one process serves.
    pub(crate) const RULE = {
        code: "settings/no-shared-cache",
        summary: "the cache lives in one process",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    for module in model.settings().served(model) {
        let Some((place, state)) = local_cache(model, module) else { continue };
        // The settings that serve speak once for a project, however many they are.
        if !seen.insert(module.root) || is_single(model) {
            continue;
        }
        let used = user(model, module);
        let message = match used {
            Some((what, _)) => format!("{what} per process: {state}"),
            None => format!("nothing is cached, and no cache is set up: {state}"),
        };
        let finding = ctx.report(place.path, place.range, message);
        finding.label_origin(module, place);
        match used {
            Some((_, Some(place))) => _ = finding.label_once(place, "used here"),
            Some((_, None)) => {}
            None => _ = finding.preset(Preset::All),
        }
        finding.help("set `CACHES` to Redis or Memcached in the production settings");
    }
}

/// Returns where the cache is one that each process has for itself, and what says so.
fn local_cache<'p>(model: &ProjectModel<'p>, module: &SettingsModule<'p>) -> Option<(Place<'p>, &'static str)> {
    if module.lacks("CACHES") {
        let place = module.get("INSTALLED_APPS")?.chain.first().copied()?;
        return Some((place, "`CACHES` is not set"));
    }
    let caches = module.outcomes("CACHES");
    let backends: Vec<_> = caches.iter().flat_map(|it| it.get("default")).flat_map(|it| it.get("BACKEND")).collect();
    let first = backends.first().filter(|_| backends.len() >= caches.len())?;
    let ends = |end: &str| backends.iter().all(|it| it.text().is_some_and(|text| text.ends_with(end)));
    // Who has a shared one beside it chose what lives where.
    let is_memory = |text: &str| text.ends_with("LocMemCache") || text.ends_with("DummyCache");
    let has_other = caches.iter().any(|all| match &all.value.value {
        Value::Dict { entries, is_open } => {
            *is_open
                || entries
                    .iter()
                    .any(|it| it.value.get("BACKEND").and_then(|it| it.text()).is_some_and(|it| !is_memory(it)))
        }
        _ => true,
    });
    let is_open = has_other || first.is_choice || !first.tests.is_empty() || model.is_deployed(first);
    let state = match () {
        () if ends("LocMemCache") => "`CACHES` is `LocMemCache`",
        () if ends("DummyCache") => "`CACHES` is `DummyCache`, which keeps nothing",
        () => return None,
    };
    (!is_open).then_some((first.place, state))
}

/// Returns what uses the cache, and where.
fn user<'p>(model: &ProjectModel<'p>, module: &SettingsModule<'p>) -> Option<(&'static str, Option<Place<'p>>)> {
    let throttles = match module.rest_default("DEFAULT_THROTTLE_CLASSES") {
        RestDefault::Set(classes) => classes.items().first().map(|it| it.place),
        RestDefault::Missing | RestDefault::Unknown => None,
    };
    if let Some(place) = throttles {
        return Some(("throttles count", Some(place)));
    }
    for (app, what) in [
        ("django_ratelimit", "limits count"),
        ("ratelimit", "limits count"),
        ("allauth.account", "the limits of allauth count"),
        ("cachalot", "queries are cached"),
    ] {
        if let Some(place) = module.app_place(app) {
            return Some((what, Some(place)));
        }
    }
    let sessions = module
        .get("SESSION_ENGINE")
        .filter(|it| it.text().is_some_and(|text| text.ends_with("sessions.backends.cache")));
    if let Some(sessions) = sessions {
        return Some(("sessions live", Some(sessions.place)));
    }
    let code = model.files_with_word("cache").filter(|file| {
        !file.source.roles.intersects(Roles::TEST | Roles::MIGRATION | Roles::VENDORED | Roles::SETTINGS)
            && model.settings().root_of(&file.source.path) == Some(module.root)
    });
    let names = ["django.core.cache.cache", "django.views.decorators.cache.cache_page"];
    let used = code.into_iter().find_map(|file| {
        let imports = file.facts.python()?.names.imports();
        let import = imports.iter().find(|it| names.contains(&it.target.as_str()))?;
        Some(Place { path: &file.source.path, range: import.range })
    });
    used.map(|place| ("values are cached", Some(place)))
}

/// Returns whether one process serves: nothing but the module for development is named with a number of workers.
fn is_single(model: &ProjectModel<'_>) -> bool {
    model.deployed("WEB_CONCURRENCY").iter().any(|it| it.value == Some("1"))
}
