//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds databases in the settings for production whose driver no manifest declares.
    ///
    /// A fresh installation stops at the first query, or before: `Error loading psycopg2 or psycopg module`.
    ///
    /// ```text bad path=requirements.txt
    /// django>=5.2
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}
    /// ```
    /// ```text good path=requirements.txt
    /// django>=5.2
    /// psycopg[binary]>=3.2
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["shop"]
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}
    /// ```
    ///
    /// The engines of Django for PostgreSQL, MySQL, Oracle and SQL Server are known. Any driver of the engine in any manifest
    /// around the settings is enough, and so is one that code imports or that a Dockerfile or CI installs. Silent where a
    /// manifest cannot be read whole.
    pub(crate) const RULE = {
        code: "settings/database-driver-missing",
        summary: "database engine without a driver in the manifests",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for found in model.dependencies().driverless(model) {
        let usual = found.drivers.first().copied().unwrap_or("");
        let message = format!("`{}` has no driver in the requirements", found.engine);
        ctx.report(found.manifest.path, found.manifest.range, message)
            .help(format!("add `{usual}` beside the framework"))
            .label_in(found.place.path, found.place.range, "the engine of production");
    }
}
