//! See [`RULE`].

use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::dependencies::{Ecosystem, Kind, Unused};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds packages that a manifest declares and nothing in the repository uses.
    ///
    /// Each is downloaded on every build, audited on every alert, and has to be compatible with every upgrade of the
    /// others. Somebody who reads the list believes that the product caches, queues or translates.
    ///
    /// ```text bad path=requirements.txt
    /// django>=5.2
    /// django-redis>=6.0
    /// ```
    /// ```python bad path=shop/views.py
    /// from django.http import HttpResponse
    /// ```
    /// ```text good path=requirements.txt
    /// django>=5.2
    /// django-redis>=6.0
    /// ```
    /// ```python good path=shop/settings.py
    /// from django.core.management.utils import get_random_secret_key
    /// CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://cache:6379/1"}}
    /// ```
    ///
    /// Requirements files, `pyproject.toml`, `setup.cfg`, `setup.py`, `Pipfile` and `package.json` are read. An import is
    /// a use, and so is a name in a text (`INSTALLED_APPS`, a backend), in a command (`Procfile`, Dockerfiles, CI, scripts)
    /// or in the configuration of a tool. Drivers count by the engine of the database, Pillow by `ImageField`, peers by
    /// the package that asks for them. Tools, stubs and packages that are listed for their version alone are left out, as
    /// are lists that a program wrote. What is declared for development is looked at under `strict`.
    ///
    /// deptry and knip ask the same of one language each; deptry does not read settings, so it reports the apps and drivers.
    pub(crate) const RULE = {
        code: "ops/unused-dependency",
        summary: "declared package that nothing uses",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for unused in model.dependencies().unused(model) {
        report(&unused, ctx);
    }
}

fn report(unused: &Unused<'_>, ctx: &mut ProjectContext<'_>) {
    let declaration = &unused.declaration;
    let name = &declaration.name;
    let message = match (unused.ecosystem, unused.has_code) {
        (Ecosystem::Node, false) => format!("`{name}` is declared, but no code lies beside this manifest to use it"),
        (Ecosystem::Node, true) => format!("`{name}` is declared, but nothing imports or names it"),
        (Ecosystem::Python, _) => format!("`{name}` is declared, but nothing imports, configures or starts it"),
    };
    let help = match declaration.kind {
        Kind::Dev => "take it out: it is installed on every machine that builds or tests this",
        _ => "take it out: it is installed with every release, and every security alert about it has to be answered",
    };
    let finding = ctx.report(unused.manifest, declaration.range, message).help(help);
    if unused.is_minor {
        finding.preset(Preset::Strict);
    }
}
