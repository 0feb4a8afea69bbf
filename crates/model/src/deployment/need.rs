//! What the settings of Django need to be running, by the addresses they name.

use super::image::Store;
use crate::flow::Place;
use crate::project::ProjectModel;
use crate::settings::SettingsModule;
use crate::settings::value::{Setting, Value};

/// Something that settings connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need<'p> {
    /// What it is used for: `the message broker`.
    pub what: &'static str,
    /// What must answer.
    pub store: Store,
    /// The host.
    pub host: String,
    /// Where the address is written.
    pub place: Place<'p>,
    /// The variable whose default it is.
    pub variable: Option<String>,
    /// The folder of the Django project.
    pub root: &'p str,
}

/// Returns what the production settings of all Django projects connect to; what a condition decides is left out.
pub fn needs<'p>(project: &ProjectModel<'p>) -> Vec<Need<'p>> {
    let settings = project.settings();
    let mut found: Vec<Need<'p>> = Vec::new();
    for root in settings.roots() {
        let modules = settings.production(root);
        let [module] = modules.as_slice() else { continue };
        for (what, setting) in addresses(module) {
            let options = setting.in_production();
            let [only] = options.as_slice() else { continue };
            let variable = match &only.value {
                Value::Env(variable) => Some(variable.name.clone()),
                _ => None,
            };
            let address = only.by_default();
            let Value::Text(text) = &address.value else { continue };
            let Some((store, host)) = read(what, text) else { continue };
            let need = Need { what, store, host, place: address.place, variable, root };
            if !found.iter().any(|it| it.place == need.place) {
                found.push(need);
            }
        }
    }
    found
}

/// Returns the settings that hold addresses.
fn addresses<'a, 'p>(module: &'a SettingsModule<'p>) -> Vec<(&'static str, &'a Setting<'p>)> {
    let mut found = Vec::new();
    for name in ["CELERY_BROKER_URL", "BROKER_URL", "CELERY_BROKER"] {
        found.extend(module.get(name).map(|it| ("the message broker", it)));
    }
    let default = |name: &str| module.get(name).and_then(|it| it.get("default"));
    if let Some(location) = default("CACHES").and_then(|it| it.get("LOCATION")) {
        let first = location.items();
        found.push(("the cache", first.into_iter().next().unwrap_or(location)));
    }
    let hosts = default("CHANNEL_LAYERS").and_then(|it| it.get("CONFIG")).and_then(|it| it.get("hosts"));
    if let Some(host) = hosts.and_then(|it| it.items().into_iter().next()) {
        let first = host.items();
        found.push(("the channel layer", first.into_iter().next().unwrap_or(host)));
    }
    if let Some(database) = default("DATABASES") {
        let engine = database.get("ENGINE").and_then(|it| it.text()).unwrap_or("");
        let what = if engine.contains("postgres") || engine.contains("postgis") {
            "the PostgreSQL database"
        } else if engine.contains("mysql") {
            "the MySQL database"
        } else {
            return found;
        };
        found.extend(database.get("HOST").map(|it| (what, it)));
    }
    found
}

/// Returns what answers at an address, and its host.
fn read(what: &str, text: &str) -> Option<(Store, String)> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let store = match scheme.split('+').next().unwrap_or(scheme) {
        "redis" | "rediss" => Store::Redis,
        "amqp" | "amqps" | "pyamqp" => Store::Rabbit,
        "" => match what {
            "the channel layer" => Store::Redis,
            "the PostgreSQL database" => Store::Postgres,
            "the MySQL database" => Store::MySql,
            "the cache" if rest.ends_with(":11211") => Store::Memcached,
            _ => return None,
        },
        _ => return None,
    };
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = rest.split(['/', ':', ',', ';', '?']).next().unwrap_or("");
    let is_host =
        !host.is_empty() && host.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'));
    is_host.then(|| (store, host.to_owned()))
}
