//! Secrets that the environment holds, and what stands in the code for the case that it does not.

use std::collections::BTreeSet;

use arrears_core::source::{RelPath, Roles};

use super::SettingsModule;
use super::condition::{has_word, is_workshop};
use super::deployed::is_example;
use super::outcome::Outcome;
use super::value::{Setting, Value};
use crate::django::module::Module;
use crate::flow::Place;
use crate::project::{ClassRef, ProjectModel};
use crate::python::ClassId;
use crate::python::body::{Expr, ExprId, List, Stmt};

/// How many values of a settings module are looked through.
const MOST: usize = 20_000;

/// A literal that is taken where a variable with a secret is missing.
#[derive(Debug, Clone)]
pub struct Fallback<'p> {
    /// The variable, or the field of a class of settings.
    pub name: String,
    /// Where the literal stands.
    pub place: Place<'p>,
    /// How many letters it has.
    pub length: usize,
    /// Whether something is signed or opened with it; a password only lets in.
    pub is_key: bool,
}

impl<'p> SettingsModule<'p> {
    /// Returns the literals that settings of production fall back to where a variable with a secret is missing.
    pub fn fallbacks(&self) -> Vec<Fallback<'p>> {
        let mut found: Vec<Fallback<'p>> = Vec::new();
        let mut left = MOST;
        for (name, _) in self.all() {
            if self.refused.contains(name) {
                continue;
            }
            let own = is_secret(name).then_some(name);
            let mut open: Vec<(Outcome<'_, 'p>, u32)> = self.outcomes(name).into_iter().map(|it| (it, 12)).collect();
            while let Some((outcome, depth)) = open.pop() {
                if left == 0 {
                    return found;
                }
                left -= 1;
                if let Value::Text(text) = &outcome.value.value {
                    let variable = outcome.variables.last().copied();
                    let secret = variable.filter(|it| is_secret(it) || own.is_some() && outcome.variables.len() == 1);
                    if let Some(secret) = secret.filter(|it| tells(it, text) && !self.refused.contains(*it)) {
                        add(&mut found, secret, outcome.value.place, text);
                    }
                    continue;
                }
                let Some(depth) = depth.checked_sub(1) else { continue };
                let parts: Vec<&Setting<'p>> = match &outcome.value.value {
                    Value::List { items, .. } => items.iter().map(|it| &**it).collect(),
                    Value::Dict { entries, .. } => entries.iter().map(|it| &*it.value).collect(),
                    _ => continue,
                };
                // The condition around a whole dictionary is none of each of its parts.
                open.extend(parts.into_iter().flat_map(Setting::outcomes).map(|it| (it, depth)));
            }
        }
        found
    }
}

impl<'p> ProjectModel<'p> {
    /// Returns the literals that code outside Django's settings falls back to where a variable with a secret is missing:
    /// arguments of `os.getenv`, fields of pydantic's `BaseSettings`.
    ///
    /// They are known where a rule of the run follows values.
    pub fn fallbacks(&self) -> Vec<Fallback<'p>> {
        let settings: BTreeSet<&RelPath> = self.settings().modules().iter().map(|it| it.path).collect();
        let mut found = Vec::new();
        for (file, _) in self.python_files() {
            let path = &file.source.path;
            let words = &file.facts.words;
            let reads = ["getenv", "environ", "config", "env", "BaseSettings"].iter().any(|it| words.may_contain(it));
            let is_out = file.source.roles.intersects(Roles::TEST | Roles::MIGRATION | Roles::SEEDER)
                || is_example(path)
                || path
                    .as_str()
                    .split('/')
                    .any(|part| is_workshop(part) || has_word(part, &["archive", "scripts", "script"]));
            if !reads || is_out || settings.contains(path) {
                continue;
            }
            if let Some(module) = Module::of(self, path) {
                calls(module, &mut found);
                fields(module, &mut found);
            }
        }
        found
    }
}

fn add<'p>(found: &mut Vec<Fallback<'p>>, name: &str, place: Place<'p>, text: &str) {
    if found.iter().all(|it| it.place != place) {
        let upper = name.to_ascii_uppercase();
        let is_key = !upper.contains("PASS") && !upper.contains("ACCESS_KEY");
        found.push(Fallback { name: name.to_owned(), place, length: text.chars().count(), is_key });
    }
}

/// `os.getenv("JWT_SECRET", "literal")`
fn calls<'p>(module: Module<'_, 'p>, found: &mut Vec<Fallback<'p>>) {
    let (bodies, text) = (module.bodies, module.text);
    for id in bodies.ids() {
        let Expr::Call { function, args } = bodies.expr(id) else { continue };
        let Some(dotted) = bodies.dotted(function, text) else { continue };
        let name = module.facts.names.canonical(dotted, bodies.span(id).start());
        let is_reader =
            matches!(name.as_ref(), "os.getenv" | "os.environ.get" | "os.environ.setdefault" | "decouple.config")
                || matches!(dotted, "env" | "env.str" | "config")
                    && module.facts.names.imports().iter().any(|it| {
                        ["environ", "environs", "decouple", "starlette.config"]
                            .iter()
                            .any(|from| it.target.starts_with(from))
                    });
        if !is_reader || name.ends_with("setdefault") {
            continue;
        }
        let variable = bodies.positional(args, 0).and_then(|id| module.string(id));
        let default = module.keyword(args, "default").or_else(|| bodies.positional(args, 1));
        if let (Some(variable), Some(default)) = (variable, default)
            && is_secret(variable)
        {
            literal(module, variable, default, found);
        }
    }
}

fn literal<'p>(module: Module<'_, 'p>, name: &str, value: ExprId, found: &mut Vec<Fallback<'p>>) {
    let Some(text) = module.string(value) else { return };
    if tells(name, text) {
        add(found, name, Place { path: module.path, range: module.bodies.span(value) }, text);
    }
}

/// `JWT_SECRET: str = "literal"`, `… = Field("literal")`
fn fields<'p>(module: Module<'_, 'p>, found: &mut Vec<Fallback<'p>>) {
    for (id, class) in (0..).map(ClassId).zip(&module.facts.classes) {
        let class_ref = ClassRef { path: module.path, id };
        let is_settings = class.bases.iter().any(|base| base.ends_with("BaseSettings"))
            || module.project.descends_from(class_ref, &|name| name.ends_with("BaseSettings"));
        if !is_settings || is_workshop(&super::find::spaced(&class.name)) {
            continue;
        }
        let Some(body) = module.class_body(class_ref) else { continue };
        let source = class.range.slice(module.text);
        for statement in module.bodies.block(body.block) {
            let (target, value) = match module.bodies.stmt(*statement) {
                Stmt::Annotated { target, value: Some(value), .. } | Stmt::Assign { target, value } => (target, value),
                _ => continue,
            };
            let Some(name) = module.dotted(target).filter(|name| is_secret(name)) else { continue };
            if !is_validated(source, name) {
                literal(module, name, default_of(module, value), found);
            }
        }
    }
}

/// Returns the default in `Field(default="x")`, `SecretStr("x")`; else the value itself.
fn default_of(module: Module<'_, '_>, value: ExprId) -> ExprId {
    let of = |args: List| module.keyword(args, "default").or_else(|| module.bodies.positional(args, 0));
    let mut at = value;
    for _ in 0..3 {
        match module.bodies.expr(at) {
            Expr::Call { args, .. } => match of(args) {
                Some(inner) => at = inner,
                None => break,
            },
            _ => break,
        }
    }
    at
}

/// Returns whether a validator of the class looks at a field.
fn is_validated(class: &str, field: &str) -> bool {
    let is_named = |mark: &str| {
        class.match_indices(mark).any(|(at, _)| {
            let line = class.get(at..).unwrap_or("").lines().next().unwrap_or("");
            line.contains(&format!("\"{field}\"")) || line.contains(&format!("'{field}'"))
        })
    };
    is_named("validator(")
}

/// Returns whether a variable of the environment holds a secret by its name.
pub fn is_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split('_').filter(|it| !it.is_empty()).collect();
    const PUBLIC: [&str; 9] = ["PUBLIC", "PUBLISHABLE", "ANON", "SITE", "TEST", "DEV", "DEMO", "LOCAL", "DEBUG"];
    const NO_KEY: [&str; 14] = [
        "CACHE",
        "PRIMARY",
        "FOREIGN",
        "SORT",
        "PARTITION",
        "PREFIX",
        "GROUP",
        "ROUTING",
        "QUEUE",
        "OBJECT",
        "ACCESS",
        "ID",
        "SESSION",
        "TRACKING",
    ];
    if words.iter().any(|word| PUBLIC.contains(word)) {
        return false;
    }
    match words.as_slice() {
        [.., "SECRET" | "PASSWORD" | "PASSWD" | "PASSPHRASE"] => true,
        [.., before, "KEY"] => !NO_KEY.contains(before) || words.contains(&"SECRET"),
        [.., before, "TOKEN"] => !matches!(*before, "CSRF" | "MAX" | "PAGE"),
        _ => false,
    }
}

/// Returns whether a literal is taken for the secret: it is no sign of "not set", no path, no stand-in for the key of a
/// service outside.
fn tells(name: &str, text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    // `guest` is what RabbitMQ takes from its own machine, and from nowhere else.
    let is_sign = matches!(
        lower.as_str(),
        "none"
            | "guest"
            | "null"
            | "nil"
            | "not_set"
            | "not-set"
            | "unset"
            | "n/a"
            | "missing"
            | "undefined"
            | "empty"
            | "disabled"
    );
    let is_path = lower.contains("://")
        || [".pem", ".key", ".json", ".crt", ".txt"].iter().any(|end| lower.ends_with(end))
        || lower.starts_with('/') && lower.len() < 80;
    let is_template = lower.contains("{{") || lower.starts_with('<') || lower.starts_with('$');
    // Whoever made up the key of a service outside opens nothing with it.
    let is_outside = has_word(&name.replace('_', "-"), &["api", "token"]);
    let stands_in = ["dummy", "fake", "mock", "placeholder", "test", "demo", "your", "xxx", "example", "change"];
    text.chars().count() > 2
        && !text.contains(char::is_whitespace)
        && !(is_sign || is_path || is_template || is_outside && stands_in.iter().any(|word| lower.contains(word)))
}
