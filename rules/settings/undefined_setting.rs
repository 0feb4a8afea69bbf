//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds settings that code reads and that no settings module defines.
    ///
    /// `settings.NAME` raises `AttributeError` when the line runs: not at the start, but on the one page, in the one task
    /// that needs it.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// ```
    /// ```python bad path=shop/mails.py
    /// from django.conf import settings
    ///
    /// def reset_link(token):
    ///     return f"{settings.FRONTEND_URL}/reset/{token}"
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// import os
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// FRONTEND_URL = os.environ["FRONTEND_URL"]
    /// ```
    /// ```python good path=shop/mails.py
    /// from django.conf import settings
    ///
    /// def reset_link(token):
    ///     return f"{settings.FRONTEND_URL}/reset/{token}"
    /// ```
    ///
    /// Said once for each name, at the first place that reads it. A name counts as defined where any code holds it in
    /// another way than `settings.NAME`: `getattr`, `hasattr`, `override_settings`, an own table of defaults. Silent for the
    /// whole repository where settings come from outside (star imports of packages, optional local files, dynaconf,
    /// django-appconf, `setattr`).
    pub(crate) const RULE = {
        code: "settings/undefined-setting",
        summary: "setting is read but never defined",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for undefined in model.undefined_settings() {
        let Some((first, others)) = undefined.places.split_first() else { continue };
        let name = undefined.name;
        let message = format!("`settings.{name}` is read, and no settings module defines it");
        let finding = ctx.report(first.path, first.range, message);
        finding.help(format!("define `{name}` in the settings, or read it with `getattr(settings, \"{name}\", …)`"));
        for place in others.iter().take(4) {
            finding.label_in(place.path, place.range, "read here, too");
        }
    }
}
