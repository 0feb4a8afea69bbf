//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::settings::database::{Database, Engine};

rule! {
    /// Finds production settings that keep the data in SQLite.
    ///
    /// One writer at a time: under load, requests fail with `database is locked`. The file lies on the disk of one machine or
    /// container; the next deployment starts with an empty one.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// import dj_database_url
    ///
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// DATABASES = {"default": dj_database_url.config(conn_max_age=600)}
    /// ```
    ///
    /// Also where SQLite is what is taken when the variable with the URL is missing, unless a deployment of the repository sets that
    /// variable. Not flagged where the settings let the operator choose among databases, and where SQLite is set up to serve: with
    /// Litestream, or with `transaction_mode` in its options.
    pub(crate) const RULE = {
        code: "settings/sqlite-in-production",
        summary: "production keeps its data in SQLite",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    let is_replicated = std::cell::OnceCell::new();
    for module in model.settings().served(model) {
        let databases = module.databases();
        if databases.iter().any(|it| it.engine != Engine::Sqlite || it.said.is_choice || is_set_up(it)) {
            continue;
        }
        let Some(found) = databases.first().map(|it| &it.said) else { continue };
        let is_replicated = || *is_replicated.get_or_init(|| model.files_with_word("litestream").next().is_some());
        if model.is_deployed(found) || is_replicated() || !seen.insert(found.place) {
            continue;
        }
        let message = match found.variables.last() {
            Some(name) => format!("production falls back to SQLite where `{name}` is missing"),
            None => "production keeps its data in SQLite: one writer at a time, on one disk".to_owned(),
        };
        let finding = ctx.report(found.place.path, found.place.range, message);
        finding
            .label_origin(module, found.place)
            .help("read `DATABASE_URL` without a default, or name the server's database here");
        if let Some(test) = found.tests.last() {
            finding.severity(Severity::Info).label_once(*test, "decided here");
        }
    }
}

/// Returns whether SQLite is set up to serve.
fn is_set_up(database: &Database<'_, '_>) -> bool {
    let options = database.whole.get("OPTIONS");
    options.is_some_and(|it| ["transaction_mode", "init_command"].iter().any(|key| it.get(key).is_some()))
}
