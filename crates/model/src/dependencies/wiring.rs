//! Packages that do nothing until settings name them, and databases without a driver.

use arrears_core::source::RelPath;

use super::python_use::Judge;
use super::{Declaration, Dependencies, Ecosystem, Kind, Set, is_within};
use crate::flow::Place;
use crate::project::ProjectModel;
use crate::settings::SettingsModule;

/// A package that settings have to name.
pub(super) struct Wiring {
    key: &'static str,
    /// The application, by the beginning of its name in `INSTALLED_APPS`; empty, where it is none.
    app: &'static str,
    /// The setting that names it otherwise, and what is named there.
    other: (&'static str, &'static str),
    /// Whether an application without the other does nothing.
    needs_both: bool,
    /// What does not happen.
    effect: &'static str,
}

const fn app(key: &'static str, app: &'static str, effect: &'static str) -> Wiring {
    Wiring { key, app, other: ("", ""), needs_both: false, effect }
}

const fn both(key: &'static str, app: &'static str, middleware: &'static str, effect: &'static str) -> Wiring {
    Wiring { key, app, other: ("MIDDLEWARE", middleware), needs_both: true, effect }
}

const fn backend(key: &'static str, setting: &'static str, path: &'static str, effect: &'static str) -> Wiring {
    Wiring { key, app: "", other: (setting, path), needs_both: false, effect }
}

/// Sorted by package.
const WIRINGS: &[Wiring] = &[
    backend("channels-redis", "CHANNEL_LAYERS", "channels_redis", "groups of WebSockets do not go through Redis"),
    app("django-activity-stream", "actstream", "no activity is recorded"),
    app("django-admin-interface", "admin_interface", "the admin looks as before"),
    app("django-allauth", "allauth", "its sign-up and social login do not exist"),
    app("django-auditlog", "auditlog", "no change is recorded"),
    both("django-axes", "axes", "axes.middleware.AxesMiddleware", "failed logins are not limited"),
    app("django-celery-beat", "django_celery_beat", "no schedule is kept in the database"),
    app("django-celery-results", "django_celery_results", "no result of a task is kept"),
    app("django-ckeditor", "ckeditor", "no field has its editor"),
    app("django-cleanup", "django_cleanup", "files of deleted rows stay"),
    app("django-compressor", "compressor", "no asset is compressed"),
    app("django-constance", "constance", "no setting can be changed at run time"),
    both(
        "django-cors-headers",
        "corsheaders",
        "corsheaders.middleware.CorsMiddleware",
        "no response carries a CORS header",
    ),
    app("django-crispy-forms", "crispy_forms", "no form is rendered by it"),
    backend(
        "django-csp",
        "MIDDLEWARE",
        "csp.middleware.CSPMiddleware",
        "no response carries a Content-Security-Policy",
    ),
    app("django-dbbackup", "dbbackup", "there is no command that saves the database"),
    both("django-debug-toolbar", "debug_toolbar", "debug_toolbar.middleware", "no page shows the toolbar"),
    app("django-extensions", "django_extensions", "its commands do not exist"),
    app("django-filter", "django_filters", "no list can be filtered by it"),
    app("django-grappelli", "grappelli", "the admin looks as before"),
    app("django-guardian", "guardian", "no permission is kept for single rows"),
    app("django-haystack", "haystack", "nothing is searched by it"),
    app("django-health-check", "health_check", "no health is checked"),
    both("django-hijack", "hijack", "hijack.middleware.HijackUserMiddleware", "nobody can act as another user"),
    both("django-htmx", "django_htmx", "django_htmx.middleware.HtmxMiddleware", "`request.htmx` does not exist"),
    app("django-import-export", "import_export", "the admin imports and exports nothing"),
    app("django-jazzmin", "jazzmin", "the admin looks as before"),
    app("django-jet-reboot", "jet", "the admin looks as before"),
    app("django-oauth-toolkit", "oauth2_provider", "no token is issued"),
    app("django-otp", "django_otp", "no second factor is asked for"),
    app("django-phonenumber-field", "phonenumber_field", "no phone number is checked"),
    both("django-prometheus", "django_prometheus", "django_prometheus.middleware", "no request is counted"),
    app("django-push-notifications", "push_notifications", "nothing is pushed"),
    app("django-q2", "django_q", "no task is queued"),
    backend("django-ratelimit", "", "", "no request is limited"),
    backend("django-redis", "CACHES", "django_redis", "no cache lies in Redis"),
    app("django-rest-knox", "knox", "no token of it is issued"),
    app("django-rest-passwordreset", "django_rest_passwordreset", "no password can be reset by it"),
    app("django-reversion", "reversion", "no version of a row is kept"),
    app("django-rosetta", "rosetta", "nobody can translate in the browser"),
    app("django-rq", "django_rq", "no job is queued"),
    app("django-select2", "django_select2", "no field has its widget"),
    both("django-silk", "silk", "silk.middleware.SilkyMiddleware", "no request is profiled"),
    app("django-simple-history", "simple_history", "no history of rows is kept"),
    app("django-solo", "solo", "there is no page for single settings"),
    backend("django-storages", "STORAGES", "storages", "uploads stay on the disk of the server"),
    app("django-summernote", "django_summernote", "no field has its editor"),
    app("django-tables2", "django_tables2", "no table is rendered by it"),
    app("django-taggit", "taggit", "nothing can be tagged"),
    app("django-two-factor-auth", "two_factor", "no second factor is asked for"),
    app("django-unfold", "unfold", "the admin looks as before"),
    both("django-waffle", "waffle", "waffle.middleware.WaffleMiddleware", "no flag is switched"),
    app("django-widget-tweaks", "widget_tweaks", "templates cannot load its tags"),
    app("djangorestframework", "rest_framework", "there is no API of it"),
    app("djangorestframework-simplejwt", "rest_framework_simplejwt", "no token is issued or checked by it"),
    app("djoser", "djoser", "its endpoints for accounts do not exist"),
    app("drf-spectacular", "drf_spectacular", "there is no schema of the API"),
    app("drf-yasg", "drf_yasg", "there is no schema of the API"),
    app("easy-thumbnails", "easy_thumbnails", "no thumbnail is made"),
    app("social-auth-app-django", "social_django", "nobody can log in with another account"),
    app("sorl-thumbnail", "sorl", "no thumbnail is made"),
    backend("whitenoise", "MIDDLEWARE", "whitenoise.middleware.WhiteNoiseMiddleware", "no static file is served by it"),
];

/// A package that settings do not name.
#[derive(Debug, Clone)]
pub struct Unwired<'p> {
    /// The manifest.
    pub manifest: &'p RelPath,
    /// What it declares there.
    pub declaration: Declaration,
    /// What settings do not name.
    pub missing: Lack<'p>,
    /// What does not happen.
    pub effect: &'static str,
    /// The settings.
    pub settings: &'p RelPath,
    /// Whether it is declared for development only.
    pub is_minor: bool,
}

/// What settings do not name of a package.
#[derive(Debug, Clone)]
pub enum Lack<'p> {
    /// Nothing names it at all: the application, or the backend of a setting.
    All(&'static str),
    /// The application is installed, here, but its middleware is not.
    Middleware(&'static str, Place<'p>),
}

impl<'p> Judge<'_, 'p> {
    /// Returns the packages that settings have to name and do not.
    pub(super) fn unwired(&self) -> Vec<Unwired<'p>> {
        let mut found = Vec::new();
        for set in self.dependencies.sets().iter().filter(|it| it.ecosystem == Ecosystem::Python) {
            let Some(settings) = self.settings_of(set) else { continue };
            for manifest in set.members.iter().filter_map(|at| self.dependencies.manifests().get(*at)) {
                let judged = manifest.declarations.iter().filter(|it| self.is_judged(manifest, it));
                for declaration in judged {
                    let Some(wiring) = wiring(&declaration.key) else { continue };
                    let Some(missing) = self.lack(set, declaration, wiring, &settings) else { continue };
                    found.push(Unwired {
                        manifest: manifest.path,
                        declaration: declaration.clone(),
                        missing,
                        effect: wiring.effect,
                        settings: settings.first().map_or(manifest.path, |it| it.path),
                        is_minor: manifest.kind != Kind::Runtime || declaration.kind != Kind::Runtime,
                    });
                }
            }
        }
        found
    }

    /// Returns whether the rule about settings speaks of a package that nothing names.
    pub(super) fn is_left_to_settings(&self, set: &Set<'p>, key: &str) -> bool {
        wiring(key).is_some() && self.settings_of(set).is_some()
    }

    /// Returns the production settings of the Django project that a set is for, where they are seen whole.
    fn settings_of(&self, set: &Set<'p>) -> Option<Vec<&SettingsModule<'p>>> {
        let all = self.model.settings();
        let roots = all.roots();
        let below =
            roots.iter().find(|root| set.folder.is_empty() || **root == set.folder || is_within(root, set.folder));
        let around = || roots.iter().find(|root| is_within(set.folder, root));
        let found = all.production(below.or_else(around)?);
        let is_known = |it: &&SettingsModule<'p>| {
            let lists = ["INSTALLED_APPS", "MIDDLEWARE"].map(|name| it.get(name));
            it.is_complete() && lists.iter().all(|list| list.is_some_and(|list| !list.is_open()))
        };
        (!found.is_empty() && found.iter().all(is_known)).then_some(found)
    }

    fn lack(
        &self,
        set: &Set<'p>,
        declaration: &Declaration,
        wiring: &Wiring,
        settings: &[&SettingsModule<'p>],
    ) -> Option<Lack<'p>> {
        if !self.is_used(set, declaration) {
            let what = if wiring.app.is_empty() { wiring.other.0 } else { "INSTALLED_APPS" };
            return (!what.is_empty()).then_some(Lack::All(what));
        }
        if !wiring.needs_both {
            return None;
        }
        let (_, middleware) = wiring.other;
        // Another middleware of the package, or one that is made of it, may do the same.
        let head = middleware.split('.').next().unwrap_or(middleware);
        let class = middleware.rsplit('.').next().unwrap_or(middleware);
        let is_elsewhere = || {
            self.corpus.modules_of(set.folder).any(|module| {
                module.file.facts.words.may_contain(class) || module.imports(&format!("{head}.middleware"))
            })
        };
        let installed = settings.iter().find_map(|module| {
            let apps = module.get("INSTALLED_APPS")?.items();
            let is_it = |name: &str| name == wiring.app || name.starts_with(&format!("{}.", wiring.app));
            apps.into_iter().find(|it| it.text().is_some_and(is_it)).map(|it| it.place)
        })?;
        let has_middleware = self.model.settings().modules().iter().any(|module| {
            let items = module.get("MIDDLEWARE").map(|it| it.items()).unwrap_or_default();
            items.iter().any(|it| it.text().is_some_and(|text| text.split('.').next() == Some(head)))
        });
        (!has_middleware && !is_elsewhere()).then_some(Lack::Middleware(middleware, installed))
    }
}

fn wiring(key: &str) -> Option<&'static Wiring> {
    let at = WIRINGS.binary_search_by_key(&key, |it| it.key).ok()?;
    WIRINGS.get(at).filter(|it| !it.app.is_empty() || !it.other.0.is_empty())
}

/// An engine whose driver no manifest declares.
#[derive(Debug, Clone)]
pub struct Driverless<'p> {
    /// The manifest of the application, at the framework.
    pub manifest: Place<'p>,
    /// The engine as settings name it.
    pub engine: String,
    /// Where they name it.
    pub place: Place<'p>,
    /// The drivers of which one is needed, the usual one first.
    pub drivers: &'static [&'static str],
}

/// Engines by a part of their name, with the drivers of which one is needed.
const DRIVERS: [(&str, &[&str]); 5] = [
    ("mysql.connector", &["mysql-connector-python"]),
    (
        "postg",
        &[
            "psycopg",
            "psycopg2",
            "psycopg2-binary",
            "psycopg-binary",
            "psycopg-c",
            "psycopg2cffi",
            "psycopg2-bin",
            "aws-psycopg2",
        ],
    ),
    ("mysql", &["mysqlclient", "pymysql", "mysql-connector-python", "cymysql"]),
    ("oracle", &["oracledb", "cx-oracle"]),
    ("mssql", &["mssql-django", "django-mssql-backend", "pyodbc"]),
];

impl<'p> Dependencies<'p> {
    /// Returns the engines of databases in production settings whose drivers no manifest declares.
    pub fn driverless(&self, model: &ProjectModel<'p>) -> Vec<Driverless<'p>> {
        let judge = Judge::new(model, self);
        let mut found: Vec<Driverless<'p>> = Vec::new();
        for root in model.settings().roots() {
            for module in model.settings().production(root) {
                let Some(databases) = module.get("DATABASES") else { continue };
                let Some((engine, place, drivers)) = engine_of(databases) else { continue };
                let sets = self.around(module.path, Ecosystem::Python);
                let is_around = sets.iter().all(|set| is_within(module.path.as_str(), set.folder) && !set.has_gaps);
                let manifests: Vec<_> = sets.iter().flat_map(|set| self.members(set)).collect();
                let declares = |names: &[&str]| {
                    let mut all = manifests.iter().flat_map(|it| &it.declarations);
                    all.any(|it| names.contains(&it.key.as_str()))
                };
                let framework = manifests.iter().find_map(|it| Some((it.path, it.declaration("django")?.range)));
                let Some((path, range)) = framework.filter(|_| is_around && !declares(drivers)) else { continue };
                // What is imported and not declared is said by itself; what an image installs is there.
                let is_named = || judge.is_any_named(&sets, drivers);
                if !is_named() && !found.iter().any(|it| it.place == place) {
                    found.push(Driverless { manifest: Place { path, range }, engine, place, drivers });
                }
            }
        }
        found
    }
}

/// Returns the engine of a database that needs a driver, with its place.
fn engine_of<'p>(
    databases: &crate::settings::value::Setting<'p>,
) -> Option<(String, Place<'p>, &'static [&'static str])> {
    use crate::settings::value::Value;
    for leaf in databases.in_production() {
        let Value::Dict { entries, .. } = &leaf.by_default().value else { continue };
        for database in entries.iter().flat_map(|it| it.value.in_production()) {
            let Some(engine) = database.get("ENGINE") else { continue };
            for leaf in engine.in_production() {
                let Some(name) = leaf.text() else { continue };
                let wanted = DRIVERS.iter().find(|(part, _)| name.contains(part));
                if let Some((_, drivers)) =
                    wanted.filter(|_| name.starts_with("django.") || name.contains("mysql.connector"))
                {
                    return Some((name.to_owned(), leaf.place, drivers));
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn packages_are_sorted() {
        assert!(super::WIRINGS.is_sorted_by_key(|it| it.key));
    }
}
