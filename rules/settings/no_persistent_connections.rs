//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Language;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::settings::database::{Database, Engine};

rule! {
    /// Finds production settings that open a database connection for each request.
    ///
    /// `CONN_MAX_AGE` is 0 where nothing is said: each request connects, authenticates and hangs up, which takes PostgreSQL a few
    /// milliseconds and a process each time.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// import environ
    ///
    /// env = environ.Env()
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// DATABASES = {"default": env.db("DATABASE_URL")}
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// import environ
    ///
    /// env = environ.Env()
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// DATABASES = {"default": env.db("DATABASE_URL")}
    /// DATABASES["default"]["CONN_MAX_AGE"] = 60
    /// ```
    ///
    /// Not flagged for SQLite, with a pool of connections in the options or in the engine, with PgBouncer or a serverless platform
    /// in the repository, and where the rest of the configuration is not seen.
    pub(crate) const RULE = {
        code: "settings/no-persistent-connections",
        summary: "each request opens a database connection",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    let is_pooled = std::cell::OnceCell::new();
    for module in model.settings().served(model) {
        let databases = module.databases();
        let connects = |it: &Database<'_, '_>| matches!(it.engine, Engine::Server | Engine::Url) && !keeps(model, it);
        let serves: Vec<_> = databases.iter().filter(|it| it.engine != Engine::Sqlite).collect();
        if serves.is_empty()
            || !serves.iter().all(|it| connects(it))
            || *is_pooled.get_or_init(|| is_pooled_outside(model))
        {
            continue;
        }
        let Some(found) = serves.first() else { continue };
        let place = found.said.place;
        if seen.insert(place) {
            ctx.report(place.path, place.range, "each request opens a new database connection: `CONN_MAX_AGE` is 0")
                .label_origin(module, place)
                .help("set `CONN_MAX_AGE`, under ASGI `OPTIONS = {\"pool\": True}` instead");
        }
    }
}

/// Returns whether connections are kept, or may be.
fn keeps(model: &ProjectModel<'_>, database: &Database<'_, '_>) -> bool {
    let is_set = |key: &str| database.whole.get(key).is_some();
    let has_pool = || database.whole.get("OPTIONS").is_some_and(|it| it.get("pool").is_some() || it.is_open());
    let is_pool = || database.said.text().is_some_and(|it| it.contains("pool") || it.contains("conn_max_age"));
    is_set("CONN_MAX_AGE")
        || has_pool()
        || is_pool()
        || says(model, database.said.place)
        || says(model, database.said.value.place)
        || says(model, database.whole.place)
}

/// Returns whether the call that reads a URL is told to keep connections: `config(conn_max_age=600)`.
fn says(model: &ProjectModel<'_>, place: Place<'_>) -> bool {
    let text = model.file(place.path).map_or("", |file| place.range.slice(&file.source.text));
    text.to_ascii_lowercase().contains("conn_max_age") || text.contains("**")
}

/// Returns whether something outside Django keeps connections, or no process lives long enough to.
fn is_pooled_outside(model: &ProjectModel<'_>) -> bool {
    const WORDS: [&str; 5] = ["pgbouncer", "PGBOUNCER", "pgpool", "zappa", "mangum"];
    let is_configuration = |language: Language| language != Language::Markdown;
    WORDS.iter().any(|word| model.files_with_word(word).any(|file| is_configuration(file.source.language)))
        || model.files().any(|file| {
            matches!(file.source.path.file_name(), "zappa_settings.json" | "vercel.json" | "serverless.yml")
        })
}
