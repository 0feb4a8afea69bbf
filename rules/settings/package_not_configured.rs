//! See [`RULE`].

use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::dependencies::wiring::Lack;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds packages for Django that are installed and that the settings do not name, so that they do nothing.
    ///
    /// The list of requirements says that requests are limited, that uploads go to object storage, that other origins get
    /// an answer. None of it happens, and nothing says so.
    ///
    /// ```text bad path=requirements.txt
    /// django>=5.2
    /// django-cors-headers>=4.7
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["django.contrib.auth", "corsheaders", "shop"]
    /// MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    /// ```
    /// ```text good path=requirements.txt
    /// django>=5.2
    /// django-cors-headers>=4.7
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["django.contrib.auth", "corsheaders", "shop"]
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", "django.middleware.common.CommonMiddleware"]
    /// ```
    ///
    /// Said of packages that nothing names at all, and of applications whose middleware is missing. The settings for
    /// production have to be seen whole. Packages that are used by being imported are left out, as are others than the
    /// sixty that are known; of the rest, `ops/unused-dependency` speaks. deptry calls them unused, and cannot say what is missing.
    pub(crate) const RULE = {
        code: "settings/package-not-configured",
        summary: "installed package that the settings do not name",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for unwired in model.dependencies().unwired(model) {
        let (name, effect) = (&unwired.declaration.name, unwired.effect);
        let range = unwired.declaration.range;
        let settings = unwired.settings;
        let finding = match &unwired.missing {
            Lack::All(setting) => {
                let message = format!("`{name}` is installed, but `{setting}` does not name it: {effect}");
                ctx.report(unwired.manifest, range, message)
                    .help(format!("name it in `{settings}`, or take it out of the manifest"))
            }
            Lack::Middleware(middleware, place) => {
                let message = format!("`{name}` is installed without its middleware: {effect}");
                ctx.report(unwired.manifest, range, message)
                    .help(format!("add `{middleware}` to `MIDDLEWARE`, or take the package out"))
                    .label_in(place.path, place.range, "the application is installed here")
            }
        };
        if unwired.is_minor {
            finding.preset(Preset::Strict);
        }
    }
}
