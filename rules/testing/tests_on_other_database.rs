//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::pipeline::work::Work;
use arrears_model::project::ProjectModel;
use arrears_model::settings::condition::Condition;
use arrears_model::settings::value::{Either, Setting, Value};
use arrears_model::settings::{Environment, SettingsModule};
use arrears_syntax::document::tree::Item;

rule! {
    /// Finds projects whose tests run on SQLite while the server runs on another database.
    ///
    /// SQLite takes any text into any column, locks the whole file, and knows no `DISTINCT ON`, no JSON operators, no
    /// concurrent writers. What breaks on the real one passes here.
    ///
    /// ```python bad path=config/settings/production.py
    /// INSTALLED_APPS = ["orders"]
    /// ROOT_URLCONF = "config.urls"
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}
    /// ```
    /// ```python bad path=config/settings/test.py
    /// INSTALLED_APPS = ["orders"]
    /// ROOT_URLCONF = "config.urls"
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    /// ```
    /// ```python good path=config/settings/production.py
    /// INSTALLED_APPS = ["orders"]
    /// ROOT_URLCONF = "config.urls"
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}
    /// ```
    /// ```python good path=config/settings/test.py
    /// INSTALLED_APPS = ["orders"]
    /// ROOT_URLCONF = "config.urls"
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "test"}}
    /// ```
    ///
    /// The engines are those that the settings come to: settings for tests by their name, those that workflows and pytest
    /// start tests with, else those of `manage.py`; branches such as `if "test" in sys.argv`, and what a workflow sets. Not flagged where continuous integration runs tests beside a service of production's
    /// engine, nor where production's engine is not known.
    pub(crate) const RULE = {
        code: "testing/tests-on-other-database",
        summary: "tests run on SQLite, the server does not",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Project,
        exempt: RuleMeta::MACHINE_MADE,
        follows_values: true,
    }
}

const HELP: &str =
    "run the tests on the same engine, in a service of continuous integration and a container at the desk";

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let settings = model.settings();
    let named = named_for_tests(model);
    for root in settings.roots() {
        let production = settings.production(root);
        let Some(engine) = production_engine(&production) else { continue };
        let modules: Vec<&SettingsModule<'_>> = settings.modules().iter().filter(|it| it.root == root).collect();
        let is_named = |it: &SettingsModule<'_>| named.iter().any(|name| is_called(it.path, name));
        let is_for_tests = |it: &SettingsModule<'_>| it.environment == Environment::Test || is_named(it);
        let any_is = modules.iter().any(|it| is_for_tests(it));
        // Where nothing names settings for tests, `manage.py test` takes those of `manage.py`.
        let is_default = |it: &SettingsModule<'_>| {
            !any_is && named.is_empty() && it.entries.iter().any(|entry| entry.place.path.file_name() == "manage.py")
        };
        let mut places: BTreeSet<(&str, TextRange)> = BTreeSet::new();
        for module in modules {
            let is_sure = is_named(module);
            if !is_sure && runs_on(model, engine) {
                continue;
            }
            for place in test_places(module, is_for_tests(module) || is_default(module)) {
                if places.insert((place.path.as_str(), place.range)) {
                    let message = format!("tests run on SQLite, production runs on {engine}");
                    ctx.report(place.path, place.range, message).help(HELP);
                }
            }
        }
        if places.is_empty() && !runs_on(model, engine) {
            check_workflows(model, engine, ctx);
        }
    }
}

/// Returns the settings that tests are started with, by their dotted names: in workflows, and in the runner's settings.
fn named_for_tests(model: &ProjectModel<'_>) -> Vec<String> {
    const NAME: &str = "DJANGO_SETTINGS_MODULE";
    let jobs = model.pipelines().workflows.iter().flat_map(|it| &it.jobs);
    let tested = jobs.filter(|job| job.steps.iter().any(|it| it.work.contains(Work::TEST)));
    let set = tested.flat_map(|job| &job.env).filter(|(name, ..)| name == NAME);
    let mut found: Vec<String> = set.map(|(_, value, _)| value.clone()).collect();
    for (file, document) in model.documents() {
        let value = match file.source.path.file_name() {
            "pytest.ini" | "tox.ini" => document.ini().and_then(|it| it.get("pytest", NAME)),
            "setup.cfg" => document.ini().and_then(|it| it.get("tool:pytest", NAME)),
            "pyproject.toml" => {
                let root = document.tree().and_then(|it| it.root());
                let value = root.and_then(|it| it.at(&["tool", "pytest", "ini_options", NAME])).and_then(Item::text);
                value.map(str::to_owned)
            }
            _ => None,
        };
        found.extend(value);
    }
    found
}

/// Returns whether a module has this dotted name.
fn is_called(path: &RelPath, name: &str) -> bool {
    let file = name.trim().replace('.', "/");
    let path = path.as_str();
    [format!("{file}.py"), format!("{file}/__init__.py")]
        .iter()
        .any(|it| path.strip_suffix(it.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('/')))
}

/// Returns the one engine that production is known to run on.
fn production_engine(modules: &[&SettingsModule<'_>]) -> Option<&'static str> {
    let mut found: BTreeSet<&'static str> = BTreeSet::new();
    for module in modules {
        let databases = module.get("DATABASES")?;
        for databases in databases.in_production() {
            for default in databases.get("default")?.in_production() {
                for engine in default.get("ENGINE")?.in_production() {
                    found.insert(family(engine.text()?)?);
                }
            }
        }
    }
    let only = found.first().copied().filter(|it| found.len() == 1 && *it != "SQLite")?;
    Some(only)
}

fn family(engine: &str) -> Option<&'static str> {
    let lower = engine.to_ascii_lowercase();
    let names = [
        ("sqlite", "SQLite"),
        ("spatialite", "SQLite"),
        ("postg", "PostgreSQL"),
        ("psycopg", "PostgreSQL"),
        ("mysql", "MySQL"),
        ("mariadb", "MariaDB"),
        ("oracle", "Oracle"),
        ("mssql", "SQL Server"),
    ];
    names.iter().find(|(word, _)| lower.contains(word)).map(|(_, name)| *name)
}

/// Returns where the settings of a module give SQLite to tests.
fn test_places<'p>(module: &SettingsModule<'p>, is_for_tests: bool) -> Vec<Place<'p>> {
    let Some(databases) = module.get("DATABASES") else { return Vec::new() };
    let mut found = Vec::new();
    for (databases, by_branch) in leaves(databases, is_for_tests) {
        let Some(default) = databases.get("default") else { continue };
        for (default, by_branch) in leaves(default, by_branch) {
            let Some(engine) = default.get("ENGINE") else { continue };
            for (engine, is_decided) in leaves(engine, by_branch) {
                if is_decided && engine.text().and_then(family) == Some("SQLite") {
                    found.push(engine.place);
                }
            }
        }
    }
    found
}

/// Returns what a setting may be when tests run, with whether something said that they do.
fn leaves<'a, 'p>(setting: &'a Setting<'p>, is_decided: bool) -> Vec<(&'a Setting<'p>, bool)> {
    let (mut found, mut open) = (Vec::new(), vec![(setting, is_decided)]);
    while let Some((at, is_decided)) = open.pop() {
        match &at.value {
            Value::Either(either) => open.extend(branches(either, is_decided)),
            _ => found.push((at, is_decided)),
        }
        if found.len() + open.len() > 32 {
            break;
        }
    }
    found
}

fn branches<'a, 'p>(either: &'a Either<'p>, is_decided: bool) -> Vec<(&'a Setting<'p>, bool)> {
    match in_tests(&either.test, 12) {
        Some(true) => vec![(&*either.then, true)],
        Some(false) => vec![(&*either.other, true)],
        // What the environment decides says nothing about tests, also in settings that are for tests.
        None => vec![(&*either.then, false), (&*either.other, is_decided && either.holds == Some(false))],
    }
}

fn in_tests(condition: &Condition, depth: u32) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    let speaks = |name: &str| {
        name.split(|it: char| !it.is_ascii_alphanumeric())
            .any(|word| ["test", "tests", "testing", "pytest"].iter().any(|it| word.eq_ignore_ascii_case(it)))
    };
    match condition {
        Condition::TestRun => Some(true),
        Condition::Name(name) => speaks(name).then_some(true),
        Condition::Is(_, texts) => texts.iter().all(|it| speaks(it)).then_some(true),
        Condition::Not(inner) => in_tests(inner, depth).map(|it| !it),
        Condition::Any(left, right) => {
            (in_tests(left, depth) == Some(true) || in_tests(right, depth) == Some(true)).then_some(true)
        }
        Condition::All(left, right) => {
            (in_tests(left, depth) == Some(true) && in_tests(right, depth) == Some(true)).then_some(true)
        }
        Condition::Imported | Condition::Other => None,
    }
}

/// Returns whether continuous integration runs tests beside a service of an engine.
fn runs_on(model: &ProjectModel<'_>, engine: &str) -> bool {
    let words: &[&str] = match engine {
        "PostgreSQL" => &["postg", "pgvector", "timescale"],
        "MySQL" | "MariaDB" => &["mysql", "mariadb", "percona"],
        "Oracle" => &["oracle"],
        _ => &["mssql", "sqlserver"],
    };
    let is_it = |text: &str| words.iter().any(|it| text.to_ascii_lowercase().contains(it));
    model.pipelines().running().flat_map(|it| &it.jobs).any(|job| {
        let tests = job.steps.iter().any(|it| it.work.intersects(Work::TEST | Work::UNKNOWN));
        tests
            && (job.services.iter().any(|(image, _)| is_it(image)) || job.env.iter().any(|(_, value, _)| is_it(value)))
    })
}

fn check_workflows(model: &ProjectModel<'_>, engine: &str, ctx: &mut ProjectContext<'_>) {
    for workflow in model.pipelines().running() {
        for job in workflow.jobs.iter().filter(|job| job.steps.iter().any(|it| it.work.contains(Work::TEST))) {
            let set = job.env.iter().find(|(name, value, _)| {
                let is_database = name.contains("DATABASE") || name.contains("DB_");
                is_database && value.to_ascii_lowercase().contains("sqlite")
            });
            let Some((name, _, range)) = set else { continue };
            let message = format!("`{name}` lets the tests run on SQLite, production runs on {engine}");
            ctx.report(workflow.path, *range, message).help(HELP);
        }
    }
}
