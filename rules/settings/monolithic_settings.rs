//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::settings::{Environment, SettingsModule};

rule! {
    /// Finds Django projects with one settings module in which nothing depends on where it runs.
    ///
    /// The laptop and the server run with the same key, the same database and the same `DEBUG`. Somebody edits the file
    /// on the server, and the next deployment undoes it.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// DEBUG = True
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// import os
    /// DEBUG = os.environ.get("DEBUG") == "true"
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// ```
    ///
    /// Not flagged: settings that read the environment or a file, or that import others; a project with a second settings
    /// module, however small.
    pub(crate) const RULE = {
        code: "settings/monolithic-settings",
        summary: "one settings module serves every environment alike",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let settings = model.settings();
    for serving in settings.serving(model) {
        let others = |it: &&SettingsModule<'_>| it.root == serving.root && it.environment != Environment::Test;
        if settings.modules().iter().filter(others).count() != 1 || !serving.is_complete() {
            continue;
        }
        let Some(file) = serving.path().and_then(|path| model.file(path)) else { continue };
        if depends(&file.source.text) {
            continue;
        }
        let Some(place) = serving.own_anchor(&["DEBUG", "DATABASES"]) else { continue };
        let name = file.source.path.file_name();
        let message = format!("`{name}` is the same wherever it runs: nothing in it reads the environment");
        ctx.report(place.path, place.range, message)
            .help("read what differs from the environment, or split it into base, development and production");
    }
}

/// Returns whether the text of a settings module takes something from outside.
fn depends(text: &str) -> bool {
    const MARKS: [&str; 15] = [
        "environ",
        "getenv",
        "decouple",
        "env(",
        "env.",
        "config(",
        "open(",
        "read_text",
        "socket.",
        "platform.",
        "sys.argv",
        "pydantic",
        "getpass",
        "import *",
        "secret",
    ];
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.into_iter().any(|line| MARKS.iter().any(|mark| line.contains(mark)))
}
