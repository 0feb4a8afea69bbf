//! What packages and the runtime offer to ask servers with.

use std::rc::Rc;

use super::eval::Eval;
use super::value::{Http, Library, Value, Verb};
use crate::endpoint::Methods;

/// Packages whose names are settings.
const SETTINGS: [&str; 6] =
    ["expo-constants", "react-native-config", "@env", "react-native-dotenv", "next/config", "$env"];

fn client(library: Library) -> Value {
    Value::Http(Rc::new(Http { library, base: Value::Nothing }))
}

pub(super) fn xhr() -> Value {
    client(Library::Xhr)
}

/// Returns what a name that nobody binds stands for.
pub(super) fn global(name: &str) -> Value {
    match name {
        "fetch" | "$fetch" => client(Library::Fetch),
        "axios" => client(Library::Axios),
        "$" | "jQuery" | "$j" => client(Library::JQuery),
        "superagent" => client(Library::Superagent),
        _ => Value::Global(Rc::from(name)),
    }
}

/// Returns what a name of a package stands for; the empty name is the whole package.
pub(super) fn foreign(module: &str, name: &str) -> Value {
    let is_main = matches!(name, "" | "default");
    match module {
        "axios" | "redaxios" | "axios-hooks" if is_main || matches!(name, "axios" | "Axios") => client(Library::Axios),
        "ky" | "got" | "ky-universal" if is_main || name == module => client(Library::Ky),
        "superagent" if is_main => client(Library::Superagent),
        "jquery" if is_main || matches!(name, "$" | "jQuery") => client(Library::JQuery),
        "cross-fetch"
        | "node-fetch"
        | "isomorphic-fetch"
        | "isomorphic-unfetch"
        | "unfetch"
        | "whatwg-fetch"
        | "undici"
        | "expo/fetch"
        | "ofetch"
        | "ohmyfetch"
        | "@tauri-apps/plugin-http"
        | "react-native-fetch-api"
            if is_main || matches!(name, "fetch" | "$fetch" | "ofetch") =>
        {
            client(Library::Fetch)
        }
        _ if SETTINGS.iter().any(|it| module.starts_with(it)) && !is_main => Value::Env(Rc::from(name)),
        _ => Value::Foreign(Rc::from(module), Rc::from(name)),
    }
}

/// Returns the client that a value of a type is.
pub(super) fn of_type(kind: &str) -> Option<Value> {
    let library = match kind {
        "HttpClient" => return Some(client(Library::Angular)),
        "AxiosInstance" | "AxiosStatic" | "Axios" => Library::Axios,
        "KyInstance" => Library::Ky,
        "typeof fetch" => return Some(client(Library::Fetch)),
        _ => return None,
    };
    Some(Value::Http(Rc::new(Http { library, base: Value::unknown("base") })))
}

impl Eval<'_, '_> {
    pub(super) fn foreign_member(module: &str, path: &str, name: &str) -> Value {
        if SETTINGS.iter().any(|it| module.starts_with(it)) {
            return Value::Env(Rc::from(name));
        }
        let found = foreign(module, name);
        match (path, found) {
            ("" | "default", found @ Value::Http(_)) => found,
            ("", _) => Value::Foreign(Rc::from(module), Rc::from(name)),
            _ => Value::Foreign(Rc::from(module), Rc::from(format!("{path}.{name}"))),
        }
    }

    pub(super) fn global_member(&self, path: &str, name: &str) -> Value {
        match (path, name) {
            ("process" | "import.meta", "env") => Value::Global(Rc::from("env")),
            ("env", _) => Value::Env(Rc::from(name)),
            ("window" | "globalThis" | "self" | "global" | "document", _) => global(name),
            ("django", "jQuery") => client(Library::JQuery),
            _ => {
                let lower = path.to_ascii_lowercase();
                if lower.contains("env") || lower.contains("config") || lower.contains("settings") {
                    Value::Env(Rc::from(name))
                } else if path.len() > 120 {
                    Value::unknown(name)
                } else {
                    Value::Global(Rc::from(format!("{path}.{name}")))
                }
            }
        }
    }

    /// Returns a member of a client.
    pub(super) fn verb(http: &Rc<Http>, name: &str) -> Value {
        let is_jquery = http.library == Library::JQuery;
        let verb = match name {
            "create" | "extend" | "instance" if !is_jquery => Verb::Create,
            "request" if !is_jquery => Verb::Request,
            "ajax" if is_jquery => Verb::Request,
            "open" if http.library == Library::Xhr => Verb::Request,
            "getJSON" | "getScript" if is_jquery => Verb::Method(Methods::GET),
            "del" if http.library == Library::Superagent => Verb::Method(Methods::DELETE),
            "postForm" => Verb::Form(Methods::POST),
            "putForm" => Verb::Form(Methods::PUT),
            "patchForm" => Verb::Form(Methods::PATCH),
            "default" | "axiosRef" | "axios" | "raw" => return Value::Http(http.clone()),
            "jsonp" if http.library == Library::Angular => Verb::Method(Methods::GET),
            _ => match Methods::named(name) {
                Some(method) if http.library != Library::Xhr && name == name.to_ascii_lowercase() => {
                    Verb::Method(method)
                }
                _ => return Value::unknown(name),
            },
        };
        Value::Verb(http.clone(), verb)
    }
}
