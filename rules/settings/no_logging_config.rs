//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds Django projects that serve with Django's own logging.
    ///
    /// Without `LOGGING` and with `DEBUG` off, Django mails errors to `ADMINS`, who are none unless set, and writes
    /// nothing below a warning: what the project's own loggers report at `info` is thrown away.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// LOGGING = {"version": 1, "root": {"handlers": ["console"], "level": "INFO"}}
    /// ```
    ///
    /// Not flagged where code configures it: `dictConfig`, `fileConfig`, `basicConfig`, structlog, loguru, Logfire.
    pub(crate) const RULE = {
        code: "settings/no-logging-config",
        summary: "production settings configure no logging",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for serving in model.settings().serving(model) {
        let is_set = serving.sets("LOGGING") || serving.sets("LOGGING_CONFIG");
        if is_set || !serving.is_complete() || configures_logging(model) {
            continue;
        }
        let Some(place) = serving.own_anchor(&["DEBUG", "MIDDLEWARE"]) else { continue };
        let message = "no `LOGGING` is set: what the loggers of this project report below a warning is thrown away";
        ctx.report(place.path, place.range, message)
            .help("set `LOGGING` with a handler that writes to the console, and a level for the root logger");
    }
}

/// Returns whether code that is no script configures logging.
fn configures_logging(model: &ProjectModel<'_>) -> bool {
    const WORDS: [&str; 7] =
        ["dictConfig", "fileConfig", "basicConfig", "structlog", "loguru", "logfire", "django_structlog"];
    WORDS.iter().any(|word| {
        model.files_with_word(word).any(|file| {
            let roles = file.source.roles;
            file.facts.python().is_some() && !roles.intersects(Roles::TEST | Roles::COMMAND | Roles::VENDORED)
        })
    })
}
