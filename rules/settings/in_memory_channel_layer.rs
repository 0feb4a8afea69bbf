//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds production settings whose channel layer lives in one process.
    ///
    /// A message to a group reaches only the sockets of the process that sent it: with two workers, every second user misses it,
    /// and what a Celery task sends reaches nobody.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}
    /// ```
    ///
    /// What counts is what the production settings come to: a base module that production overrides is fine.
    pub(crate) const RULE = {
        code: "settings/in-memory-channel-layer",
        summary: "groups of WebSockets live in one process",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    for module in model.settings().served(model) {
        let layers = module.outcomes("CHANNEL_LAYERS");
        let backends: Vec<_> =
            layers.iter().flat_map(|it| it.get("default")).flat_map(|it| it.get("BACKEND")).collect();
        let is_memory = |text: Option<&str>| text.is_some_and(|it| it.ends_with("InMemoryChannelLayer"));
        if backends.len() < layers.len() || !backends.iter().all(|it| is_memory(it.text())) {
            continue;
        }
        let Some(found) = backends.first().filter(|it| !it.is_choice) else { continue };
        if model.is_deployed(found) || !seen.insert(found.place) {
            continue;
        }
        let when = found.variables.last().map(|it| format!(" where `{it}` is missing")).unwrap_or_default();
        let message =
            format!("groups of WebSockets live in one process{when}: what one worker sends, the others never see");
        ctx.report(found.place.path, found.place.range, message)
            .label_origin(module, found.place)
            .help("use `channels_redis.core.RedisChannelLayer` in the production settings");
    }
}
