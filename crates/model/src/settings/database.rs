//! Which database serves.

use super::SettingsModule;
use super::outcome::Outcome;
use super::value::{Setting, Value};

/// The key under which a dictionary keeps the URL that the rest of it is made of.
pub(super) const URL: &str = "{url}";

/// What keeps the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server: PostgreSQL, MySQL, Oracle.
    Server,
    /// What a URL says that is put in at run time.
    Url,
    /// Not known.
    Unknown,
}

/// The default database, as it may be in production.
#[derive(Debug, Clone)]
pub struct Database<'a, 'p> {
    /// What it is.
    pub engine: Engine,
    /// What says so: the text of its `ENGINE`, its URL, or the variable that holds the URL.
    pub said: Outcome<'a, 'p>,
    /// All that is said of it.
    pub whole: &'a Setting<'p>,
}

impl<'p> SettingsModule<'p> {
    /// Returns what the default database may be in production; nothing where none is configured or something that is not
    /// seen may set it again.
    pub fn databases(&self) -> Vec<Database<'_, 'p>> {
        let mut found = Vec::new();
        for all in self.outcomes("DATABASES") {
            let defaults = all.get("default");
            if defaults.is_empty() {
                let is_empty =
                    matches!(&all.value.value, Value::Dict { entries, is_open: false } if entries.is_empty());
                if !is_empty {
                    found.push(Database { engine: Engine::Unknown, whole: all.value, said: all });
                }
            }
            for one in defaults {
                said_of(&one, &mut found);
            }
        }
        found
    }
}

fn said_of<'a, 'p>(one: &Outcome<'a, 'p>, found: &mut Vec<Database<'a, 'p>>) {
    let whole = one.value;
    let (urls, engines) = (one.get(URL), one.get("ENGINE"));
    match &whole.value {
        Value::Dict { .. } if !urls.is_empty() || !engines.is_empty() => {
            // What is merged last, wins; where both are said, the URL is put in where there is one.
            let of_url = urls.into_iter().map(|said| (by_url(&said), said));
            let of_engine = engines.into_iter().map(|said| (by_engine(&said), said));
            found.extend(of_url.chain(of_engine).map(|(engine, said)| Database { engine, said, whole }));
        }
        Value::Text(_) | Value::Env(_) => {
            found.push(Database { engine: by_url(one), said: one.clone(), whole });
        }
        _ => found.push(Database { engine: Engine::Unknown, said: one.clone(), whole }),
    }
}

fn by_engine(said: &Outcome<'_, '_>) -> Engine {
    match said.text() {
        Some(engine) if engine.ends_with("sqlite3") || engine.ends_with("spatialite") => Engine::Sqlite,
        Some(engine) if engine.ends_with("dummy") || engine.is_empty() => Engine::Unknown,
        Some(_) => Engine::Server,
        None => Engine::Unknown,
    }
}

fn by_url(said: &Outcome<'_, '_>) -> Engine {
    match &said.value.value {
        Value::Text(url) if url.starts_with("sqlite") || url.starts_with("spatialite") => Engine::Sqlite,
        Value::Text(url) if url.contains("://") => Engine::Server,
        Value::Env(_) | Value::None => Engine::Url,
        _ => Engine::Unknown,
    }
}
