//! What `REST_FRAMEWORK` says in the settings that serve.

use arrears_core::source::RelPath;

use crate::flow::Place;
use crate::project::ProjectModel;
use crate::settings::SettingsModule;
use crate::settings::value::{Setting, Value};

/// What the settings say under a key of `REST_FRAMEWORK`.
#[derive(Debug, Clone, Copy)]
pub enum RestDefault<'a, 'p> {
    /// This.
    Set(&'a Setting<'p>),
    /// Nothing, and all that they say is seen: the framework's own default holds.
    Missing,
    /// Nobody knows.
    Unknown,
}

impl<'p> ProjectModel<'p> {
    /// Returns what the production settings for a file say under a key of `REST_FRAMEWORK`.
    pub fn rest_default(&self, path: &RelPath, key: &str) -> RestDefault<'_, 'p> {
        let modules = self.settings().production_of(path);
        let all: Vec<RestDefault<'_, 'p>> = modules.iter().map(|module| module.rest_default(key)).collect();
        let is_set = |it: &&RestDefault<'_, 'p>| matches!(it, RestDefault::Set(_));
        match all.iter().find(is_set) {
            Some(set) => *set,
            None if all.is_empty() || all.iter().any(|it| matches!(it, RestDefault::Unknown)) => RestDefault::Unknown,
            None => RestDefault::Missing,
        }
    }
}

impl<'p> SettingsModule<'p> {
    /// Returns what the module says under a key of `REST_FRAMEWORK`.
    pub fn rest_default(&self, key: &str) -> RestDefault<'_, 'p> {
        let Some(setting) = self.get("REST_FRAMEWORK") else {
            return if self.is_complete() { RestDefault::Missing } else { RestDefault::Unknown };
        };
        let mut found = RestDefault::Missing;
        for one in setting.in_production() {
            match &one.by_default().value {
                Value::Dict { is_open, .. } => match one.get(key) {
                    Some(value) if !matches!(value.value, Value::Unset) => return RestDefault::Set(value),
                    _ if *is_open => found = RestDefault::Unknown,
                    _ => {}
                },
                Value::Unset => {}
                _ => found = RestDefault::Unknown,
            }
        }
        found
    }

    /// Returns where `REST_FRAMEWORK` is assigned first, else where the app is installed.
    pub fn rest_place(&self) -> Option<Place<'p>> {
        let assigned = self.get("REST_FRAMEWORK").and_then(|it| it.chain.first().copied());
        assigned.or_else(|| self.app_place("rest_framework"))
    }

    /// Returns where an app is installed: its name in `INSTALLED_APPS`.
    pub fn app_place(&self, app: &str) -> Option<Place<'p>> {
        let apps = self.get("INSTALLED_APPS")?.items();
        let is_it = |name: &str| name == app || name.strip_prefix(app).is_some_and(|rest| rest.starts_with('.'));
        apps.into_iter().find(|it| it.text().is_some_and(is_it)).map(|it| it.place)
    }
}
