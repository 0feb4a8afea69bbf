//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds apps whose models have no migrations in the repository.
    ///
    /// Whoever sets the project up makes migrations of their own, each with other names and another history. The first
    /// deployment works; the second one meets a database whose tables nobody's migrations describe.
    ///
    /// ```python bad path=config/settings.py
    /// INSTALLED_APPS = ["shop"]
    /// ROOT_URLCONF = "config.urls"
    /// ```
    /// ```python bad path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    /// ```
    /// ```python good path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///
    ///     class Meta:
    ///         abstract = True
    /// ```
    ///
    /// Shown at the line of a `.gitignore` that keeps them out, where there is one, and at the first model otherwise.
    /// Counts apps that the settings install. Not flagged: abstract, unmanaged and proxy models, apps of tests,
    /// projects with `MIGRATION_MODULES`, settings that cannot be read. Asks git.
    pub(crate) const RULE = {
        code: "ops/migrations-not-committed",
        summary: "app has models, but no migrations in the repository",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Repository,
        exempt: Roles::TEST.union(Roles::VENDORED).union(Roles::GENERATED),
        follows_values: true,
        asks_git: true,
    }
}

/// The models of one app.
#[derive(Default)]
struct App<'p> {
    label: String,
    models: Vec<(&'p RelPath, TextRange)>,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let Some(tracked) = model.inventory().tracked() else { return };
    let mut apps: BTreeMap<&str, App<'_>> = BTreeMap::new();
    for (_, found) in model.models().all() {
        let (Some((path, range)), Some(_)) = (found.place, found.class) else { continue };
        if found.is_abstract || found.proxy_of.is_some() || !is_production(model, path) {
            continue;
        }
        let app = apps.entry(home(path)).or_default();
        app.label.clone_from(&found.app);
        app.models.push((path, range));
    }
    for (home, app) in apps {
        let start = if home.is_empty() { "migrations/".to_owned() } else { format!("{home}/migrations/") };
        let has_migrations = tracked.iter().any(|path| {
            path.as_str()
                .strip_prefix(&start)
                .is_some_and(|rest| rest.ends_with(".py") && !rest.ends_with("__init__.py"))
        });
        if !has_migrations && is_installed(model, home, &app) {
            report(model, home, &app, ctx);
        }
    }
}

fn report(model: &ProjectModel<'_>, home: &str, app: &App<'_>, ctx: &mut ProjectContext<'_>) {
    let Some((path, range)) = app.models.first() else { return };
    let first = if home.is_empty() {
        "migrations/0001_initial.py".to_owned()
    } else {
        format!("{home}/migrations/0001_initial.py")
    };
    let models = match app.models.len() {
        1 => "1 model".to_owned(),
        count => format!("{count} models"),
    };
    let (label, folder) = (&app.label, first.trim_end_matches("0001_initial.py"));
    match model.ignored_by(&first) {
        Some(line) => {
            let message = format!("this keeps the migrations of `{label}` out of the repository, which has {models}");
            let finding = ctx.report(line.path, line.range, message);
            finding.label_in(path, *range, "the first of them");
            finding.help(format!("take the line away and commit `{folder}`"));
        }
        None => {
            let message = format!("app `{label}` has {models}, and the repository has no migration of it");
            let finding = ctx.report(path, *range, message);
            finding.help(format!("run `manage.py makemigrations {label}` and commit `{folder}`"));
        }
    }
}

/// Returns the folder of the app that a module of models belongs to.
fn home(path: &RelPath) -> &str {
    let folder = path.folder();
    let mut at = folder;
    loop {
        match at.rsplit_once('/') {
            Some((outer, "models")) => return outer,
            Some((outer, _)) => at = outer,
            None if at == "models" => return "",
            None => return folder,
        }
    }
}

fn is_production(model: &ProjectModel<'_>, path: &RelPath) -> bool {
    let left_out = Roles::TEST | Roles::VENDORED | Roles::GENERATED | Roles::MIGRATION;
    let is_app = |folder: &str| {
        !matches!(folder, "tests" | "test" | "testapp" | "test_app" | "examples" | "example" | "docs" | "demo")
            && !folder.contains("{{")
    };
    // One model that Django does not manage says that somebody else makes the tables.
    model
        .file(path)
        .is_some_and(|file| !file.source.roles.intersects(left_out) && !file.source.text.contains("managed = False"))
        && path.folders().all(is_app)
}

/// Returns whether the production settings name an app, and say nothing of where migrations are.
fn is_installed(model: &ProjectModel<'_>, home: &str, app: &App<'_>) -> bool {
    let Some((path, _)) = app.models.first() else { return false };
    let names = model.modules().names_of(&RelPath::new(&format!("{home}/__init__.py")));
    let dotted = home.replace('/', ".");
    let is_name = |installed: &str| {
        let config = installed.split_once(".apps.").map_or(installed, |(name, _)| name);
        config == dotted || dotted.ends_with(&format!(".{config}")) || names.iter().any(|name| name == config)
    };
    let modules = model.settings().production_of(path);
    let has_place = modules.iter().any(|module| module.get("MIGRATION_MODULES").is_some());
    !has_place
        && modules.iter().any(|module| {
            let installed = module.get("INSTALLED_APPS").map(|it| it.items()).unwrap_or_default();
            installed.iter().filter_map(|it| it.text()).any(is_name)
        })
}
