//! What is read from the environment: `os.environ`, django-environ, environs, decouple, dj-database-url, own helpers.

use std::sync::Arc;

use super::decide::as_bool;
use super::eval::key_of;
use super::run::{Evaluator, Frame};
use super::value::{Cast, Setting, Shared, Value, Variable};
use crate::django::module::Module;
use crate::flow::Place;
use crate::project::FunctionRef;
use crate::python::body::{Expr, ExprId, List};

/// Makes a variable of the environment.
pub(super) fn variable<'p>(name: String, cast: Cast, default: Option<Shared<'p>>, place: Place<'p>) -> Shared<'p> {
    let default = default.map(|default| convert_default(cast, default));
    Setting::shared(Value::Env(Variable { name, cast, default }), place)
}

/// A default that is written as text is read as the variable's text would be.
fn convert_default(cast: Cast, default: Shared<'_>) -> Shared<'_> {
    let Value::Text(text) = &default.value else { return default };
    let value = match cast {
        Cast::Bool => as_bool(text).map(Value::Bool),
        Cast::Int => text.trim().parse().ok().map(Value::Int),
        Cast::List => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            let items = parts.map(|part| Setting::shared(Value::Text(part.to_owned()), default.place)).collect();
            Some(Value::List { items, is_open: false })
        }
        Cast::Text | Cast::Url | Cast::Other => None,
    };
    match value {
        Some(value) => Setting::shared(value, default.place),
        None => default,
    }
}

fn cast_of(name: &str) -> Cast {
    match name.rsplit('.').next().unwrap_or(name) {
        "str" | "unicode" | "bytes" | "get" | "string" | "config" | "" => Cast::Text,
        "bool" | "boolean" | "strtobool" => Cast::Bool,
        "int" | "integer" | "float" | "decimal" | "number" => Cast::Int,
        "list" | "tuple" | "Csv" | "csv" | "set" => Cast::List,
        "db" | "db_url" | "cache" | "cache_url" | "email" | "email_url" | "search_url" | "channels"
        | "channels_url" | "dj_db_url" | "dj_email_url" | "dj_cache_url" => Cast::Url,
        _ => Cast::Other,
    }
}

impl<'m, 'p> Evaluator<'m, 'p> {
    /// Evaluates a call of `env`, `env.bool` and the like.
    pub(super) fn reader(
        &mut self,
        frame: &mut Frame<'m, 'p>,
        known: &[(String, Variable<'p>)],
        method: &str,
        args: List,
        place: Place<'p>,
    ) -> Shared<'p> {
        let mut cast = cast_of(method);
        let fallback = match method {
            "db" | "db_url" | "dj_db_url" => Some("DATABASE_URL"),
            "cache" | "cache_url" | "dj_cache_url" => Some("CACHE_URL"),
            "email" | "email_url" | "dj_email_url" => Some("EMAIL_URL"),
            _ => None,
        };
        let bodies = frame.module.bodies;
        let text = frame.module.text;
        let first = ["var", "name"].iter().find_map(|name| bodies.keyword(args, name, text));
        let name = match first.or_else(|| bodies.positional(args, 0)) {
            Some(id) => key_of(&self.eval(frame, id)),
            None => fallback.map(str::to_owned),
        };
        let Some(name) = name else { return Setting::shared(Value::Unknown, place) };
        let mut default = bodies.keyword(args, "default", text).map(|id| self.eval(frame, id));
        let second = bodies.keyword(args, "cast", text).or_else(|| bodies.positional(args, 1));
        if let Some(id) = second {
            let called = bodies.call(id, text).map(|(name, _)| name).or_else(|| bodies.dotted(id, text));
            match called.map(cast_of) {
                Some(known) if known != Cast::Other || bodies.keyword(args, "cast", text).is_some() => cast = known,
                _ if matches!(bodies.expr(id), Expr::Lambda { .. }) => cast = Cast::Other,
                _ if default.is_none() => default = Some(self.eval(frame, id)),
                _ => {}
            }
        }
        let known = known.iter().find(|(known, _)| *known == name).map(|(_, variable)| variable);
        if let Some(known) = known {
            cast = if matches!(method, "" | "get") { known.cast } else { cast };
            default = default.or_else(|| known.default.clone());
        }
        variable(name, cast, default, place)
    }

    /// Evaluates `environ.Env(DEBUG=(bool, False), **MORE)`.
    pub(super) fn schema(&mut self, frame: &mut Frame<'m, 'p>, args: List) -> Value<'p> {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let mut known: Vec<(String, Variable<'p>)> = Vec::new();
        for arg in bodies.args(args) {
            if let Some(name) = arg.name {
                let name = name.slice(text).to_owned();
                let variable = match bodies.members(arg.value) {
                    Some(&[cast, default]) => {
                        let cast = bodies.dotted(cast, text).map_or(Cast::Other, cast_of);
                        let default = convert_default(cast, self.eval(frame, default));
                        Variable { name: name.clone(), cast, default: Some(default) }
                    }
                    _ => {
                        let cast = bodies.dotted(arg.value, text).map_or(Cast::Other, cast_of);
                        Variable { name: name.clone(), cast, default: None }
                    }
                };
                known.push((name, variable));
            } else if arg.stars == 2 {
                let more = self.eval(frame, arg.value);
                let Value::Dict { entries, .. } = &more.value else { continue };
                for entry in entries {
                    let Value::List { items, .. } = &entry.value.value else { continue };
                    let cast = match items.first().map(|it| &it.value) {
                        Some(Value::Name(name)) => cast_of(name),
                        _ => Cast::Other,
                    };
                    let default = items.get(1).map(|it| convert_default(cast, Arc::clone(it)));
                    known.push((entry.key.clone(), Variable { name: entry.key.clone(), cast, default }));
                }
            }
        }
        Value::Reader(Arc::new(known))
    }

    /// Evaluates a call of something outside the project that reads the environment.
    pub(super) fn environment(
        &mut self,
        frame: &mut Frame<'m, 'p>,
        called: &str,
        args: List,
        place: Place<'p>,
    ) -> Option<Shared<'p>> {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        match called {
            "os.environ.get" | "os.getenv" | "os.environ.setdefault" | "os.environ.pop" | "environ.get" => {
                let name = bodies.positional(args, 0).or_else(|| bodies.keyword(args, "key", text))?;
                let name = key_of(&self.eval(frame, name))?;
                let default = bodies.positional(args, 1).or_else(|| bodies.keyword(args, "default", text));
                let default = match default {
                    Some(id) => self.eval(frame, id),
                    None => Setting::shared(Value::None, place),
                };
                Some(variable(name, Cast::Text, Some(default), place))
            }
            "decouple.config" => Some(self.reader(frame, &[], "", args, place)),
            "environ.Env" | "environ.FileAwareEnv" => Some(Setting::shared(self.schema(frame, args), place)),
            "environs.Env"
            | "environs.FileAwareEnv"
            | "decouple.AutoConfig"
            | "decouple.Config"
            | "starlette.config.Config" => Some(Setting::shared(Value::Reader(Arc::default()), place)),
            "dj_database_url.config" => {
                let name = bodies.keyword(args, "env", text).or_else(|| bodies.positional(args, 0));
                let name =
                    name.and_then(|id| key_of(&self.eval(frame, id))).unwrap_or_else(|| "DATABASE_URL".to_owned());
                let default = bodies.keyword(args, "default", text).or_else(|| bodies.positional(args, 1));
                let default = default.map(|id| self.eval(frame, id));
                Some(variable(name, Cast::Url, default, place))
            }
            "dj_database_url.parse" | "environ.Env.db_url_config" => {
                let value = bodies.positional(args, 0)?;
                let value = self.eval(frame, value);
                Some(self.convert(&value, Cast::Url, place, &|it| it.text().map(|text| Value::Text(text.to_owned()))))
            }
            "getattr" => {
                let name = bodies.positional(args, 1)?;
                let name = key_of(&self.eval(frame, name))?;
                let default = bodies.positional(args, 2).map(|id| self.eval(frame, id));
                Some(variable(name, Cast::Text, default, place))
            }
            _ => None,
        }
    }

    /// Evaluates a call of a function of the project that hands the name of a variable on: `get_bool("DEBUG", False)`.
    pub(super) fn wrapper(
        &mut self,
        frame: &mut Frame<'m, 'p>,
        function: FunctionRef<'p>,
        args: List,
        place: Place<'p>,
    ) -> Option<Shared<'p>> {
        let module = Module::of(self.project, function.path)?;
        let body = module.bodies.function(function.id)?;
        let params: Vec<&str> = body.params.iter().map(|it| it.name.slice(module.text)).collect();
        let named = environment_parameter(module, function, &params)?;
        let default = params
            .iter()
            .position(|name| name.contains("default") || name.contains("fallback"))
            .or_else(|| (named + 1 < params.len()).then_some(named + 1));
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let given = |at: usize| bodies.positional(args, at).or_else(|| bodies.keyword(args, params.get(at)?, text));
        let name = given(named)?;
        let name = key_of(&self.eval(frame, name))?;
        let own = |at: usize| body.params.get(at).and_then(|it| it.default);
        let default = match default.and_then(given) {
            Some(id) => Some(self.eval(frame, id)),
            None => default.and_then(own).map(|id| self.eval(&mut Frame::new(module), id)),
        };
        let called = self.project.function(function)?.name.as_str();
        let cast = match called {
            _ if called.contains("bool") || called.contains("flag") => Cast::Bool,
            _ if called.contains("int") || called.contains("float") => Cast::Int,
            _ if called.contains("list") || called.contains("csv") => Cast::List,
            _ => Cast::Text,
        };
        Some(variable(name, cast, default, place))
    }
}

/// Returns which parameter of a function is the name of a variable of the environment that it reads.
fn environment_parameter(module: Module<'_, '_>, function: FunctionRef<'_>, params: &[&str]) -> Option<usize> {
    let body = module.bodies.function(function.id)?;
    let statements = module.bodies.statements(body.block);
    if statements.len() > 40 {
        return None;
    }
    let all = statements.into_iter().flat_map(|id| module.bodies.own(id)).flat_map(|id| module.bodies.within(id));
    let parameter = |id: ExprId| {
        let name = module.dotted(id)?;
        params.iter().position(|it| *it == name)
    };
    let is = |id: ExprId, names: &[&str]| {
        module.dotted(id).is_some_and(|dotted| {
            let external = module.facts.names.canonical(dotted, module.bodies.span(id).start());
            names.contains(&external.as_ref())
        })
    };
    all.into_iter().find_map(|id| match module.bodies.expr(id) {
        Expr::Call { function, args } if is(function, &["os.environ.get", "os.getenv", "decouple.config"]) => {
            parameter(module.bodies.positional(args, 0)?)
        }
        Expr::Subscript { object, index } if is(object, &["os.environ"]) => parameter(index),
        _ => None,
    })
}
