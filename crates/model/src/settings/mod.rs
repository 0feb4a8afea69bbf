//! The effective settings of Django: what each settings module comes to, with its star imports, its conditions and
//! the defaults of the environment.
//!
//! Modules are evaluated symbolically (`run`, `eval`, `call`): both branches of a condition are kept with it, a variable of
//! the environment with its default, and what is not understood is unknown. `find` decides which modules are settings,
//! and which of them look like production.

mod call;
mod class;
pub mod condition;
pub mod database;
mod decide;
pub mod deployed;
mod entries;
mod environ;
mod eval;
pub mod fallback;
mod find;
pub mod names;
pub mod outcome;
pub mod reads;
mod run;
mod scope;
pub mod serving;
#[cfg(test)]
mod tests;
pub mod value;

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::RelPath;

use crate::flow::Place;
use crate::project::{ClassRef, ProjectModel};
use value::{Setting, Shared};

/// The settings of all Django projects of a repository.
#[derive(Debug, Default)]
pub struct DjangoSettings<'p> {
    modules: Vec<SettingsModule<'p>>,
}

/// One module of settings, or one class of settings in it.
#[derive(Debug)]
pub struct SettingsModule<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The class, where settings are classes (django-configurations).
    pub class: Option<ClassRef<'p>>,
    /// What the module is for, by its name.
    pub environment: Environment,
    /// Whether other settings modules take its names over and nothing names it as the settings to run with.
    pub is_part: bool,
    /// Where it is named as the settings to run with: `manage.py`, `wsgi.py`, a compose file.
    pub entries: Vec<Entry<'p>>,
    /// The folder of the Django project: that of its `manage.py`.
    pub root: &'p str,
    /// Where names may be bound that are not seen: star imports from outside, `globals().update(…)`.
    pub gaps: Vec<Place<'p>>,
    /// Imports of modules that may be missing, and are: `local_settings`.
    pub missing: Vec<Place<'p>>,
    /// Whether the configuration names it as settings of production.
    pub is_configured: bool,
    /// Names that the module checks, and refuses to start where it does not like them.
    pub refused: BTreeSet<String>,
    /// Where names of other modules are taken over, and which modules those are.
    stars: Vec<(Place<'p>, &'p RelPath)>,
    names: BTreeMap<String, Shared<'p>>,
}

/// What a settings module is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Environment {
    /// `production`, `prod`, `live`, `staging`, `deploy`
    Production,
    /// No environment is in its name: `settings`, `base`, `common`.
    Common,
    /// `dev`, `development`, `local`, `docker`
    Development,
    /// `test`, `ci`
    Test,
}

/// A place that names the settings to run with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'p> {
    /// What for.
    pub kind: EntryKind,
    /// Where.
    pub place: Place<'p>,
}

/// Who runs with some settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// The server: `wsgi.py`, `asgi.py`, a Celery application.
    Server,
    /// `manage.py` and other scripts.
    Script,
    /// What serves users: a Dockerfile, a Procfile, manifests of Kubernetes, a compose file for production.
    Deployment,
    /// Compose files and other configuration.
    Configuration,
}

impl<'p> DjangoSettings<'p> {
    /// Finds and evaluates the settings of a project.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        Self { modules: find::modules(project) }
    }

    /// Returns all settings modules, sorted by path; parts of others too.
    pub fn modules(&self) -> &[SettingsModule<'p>] {
        &self.modules
    }

    /// Returns whether there is a Django project.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// Returns the folders of the Django projects.
    pub fn roots(&self) -> Vec<&'p str> {
        let mut roots: Vec<&str> = self.modules.iter().map(|it| it.root).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// Returns the settings that look like production of the Django project in a folder.
    ///
    /// Those that the configuration names; else those that are named so; else those that a deployment or the server runs
    /// with, or that are for no environment; else all that are no tests.
    pub fn production(&self, root: &str) -> Vec<&SettingsModule<'p>> {
        let all = || self.modules.iter().filter(|it| it.root == root && it.environment != Environment::Test);
        // What lacks the applications is a part, or is completed where nobody sees it.
        let has_apps = |it: &&SettingsModule<'p>| it.names.contains_key("INSTALLED_APPS");
        let any_has = all().any(|it| has_apps(&it));
        let known: Vec<&SettingsModule<'p>> = all().filter(|it| !any_has || has_apps(it)).collect();
        let whole: Vec<&SettingsModule<'p>> = known.iter().copied().filter(|it| !it.is_part).collect();
        let known = if whole.is_empty() { known } else { whole };
        let configured: Vec<_> = self.modules.iter().filter(|it| it.root == root && it.is_configured).collect();
        if !configured.is_empty() {
            return configured;
        }
        let is_served = |it: &SettingsModule<'p>| it.is_run_by(EntryKind::Server);
        let steps: [&dyn Fn(&SettingsModule<'p>) -> bool; 6] = [
            &|it| it.environment == Environment::Production,
            &|it| it.is_run_by(EntryKind::Deployment),
            &|it| it.environment == Environment::Common && is_served(it),
            &|it| it.environment == Environment::Common && !it.entries.is_empty(),
            &|it| it.environment == Environment::Common,
            &is_served,
        ];
        let picked = steps.iter().map(|step| known.iter().copied().filter(|it| step(it)).collect::<Vec<_>>());
        picked.into_iter().find(|it| !it.is_empty()).unwrap_or(known)
    }

    /// Returns the folder of the Django project that a file belongs to: the nearest one around it, or the only one.
    pub fn root_of(&self, path: &RelPath) -> Option<&'p str> {
        let roots = self.roots();
        let is_around = |root: &&str| {
            root.is_empty() || path.as_str().strip_prefix(*root).is_some_and(|rest| rest.starts_with('/'))
        };
        let nearest = roots.iter().copied().filter(is_around).max_by_key(|root| root.len());
        nearest.or(if let [only] = roots.as_slice() { Some(*only) } else { None })
    }

    /// Returns the production settings of the Django project that a file belongs to.
    pub fn production_of(&self, path: &RelPath) -> Vec<&SettingsModule<'p>> {
        self.root_of(path).map(|root| self.production(root)).unwrap_or_default()
    }
}

impl<'p> SettingsModule<'p> {
    /// Returns a setting.
    pub fn get(&self, name: &str) -> Option<&Setting<'p>> {
        self.names.get(name).map(|it| &**it)
    }

    /// Returns whether something of a kind runs with these settings.
    fn is_run_by(&self, kind: EntryKind) -> bool {
        self.entries.iter().any(|entry| entry.kind == kind)
    }

    /// Returns whether these are settings of production: by the configuration, their name, or what runs with them.
    fn serves(&self) -> bool {
        let is_named = matches!(self.environment, Environment::Production | Environment::Common);
        self.is_configured || is_named || self.is_run_by(EntryKind::Deployment)
    }

    /// Returns all settings, sorted by name: the names in capitals.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Setting<'p>)> {
        let is_setting = |name: &str| {
            name.starts_with(|it: char| it.is_ascii_uppercase()) && !name.contains(|it: char| it.is_ascii_lowercase())
        };
        self.names.iter().filter(move |(name, _)| is_setting(name)).map(|(name, value)| (name.as_str(), &**value))
    }

    /// Returns whether all that is set is seen: what is not found is not set then.
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }
}
