//! What Python reads: `os.environ`, django-environ, environs, decouple, Starlette, settings of pydantic, own helpers.

use std::collections::BTreeMap;

use arrears_core::text::TextRange;

use super::{Dynamic, Environment, Fallback, Read, Reader, is_production};
use crate::django::module::Module;
use crate::flow::Place;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, FunctionRef, ProjectModel};
use crate::python::body::{Expr, ExprId, List, Stmt};
use crate::python::{ClassId, FunctionId};

/// Functions of the project that read the variable that one of their parameters names, with that parameter.
type Wrappers<'p> = BTreeMap<FunctionRef<'p>, usize>;

/// Finds what is read.
pub(super) fn find<'p>(project: &ProjectModel<'p>, found: &mut Environment<'p>) {
    let files = project.python_files().filter(|(file, _)| is_production(&file.source.path, file.source.roles));
    let modules: Vec<Module<'_, 'p>> =
        files.filter_map(|(file, _)| Module::of(project, &file.source.path)).filter(|it| mentions(it.text)).collect();
    let mut wrappers = Wrappers::new();
    for module in &modules {
        read_directly(*module, found, &mut wrappers);
    }
    if !wrappers.is_empty() {
        for (file, _) in project.python_files() {
            if let Some(module) =
                Module::of(project, &file.source.path).filter(|_| is_production(&file.source.path, file.source.roles))
            {
                read_by_wrappers(module, found, &wrappers);
            }
        }
    }
}

/// Returns whether a module may read the environment at all.
fn mentions(text: &str) -> bool {
    ["environ", "getenv", "decouple", "BaseSettings", "env(", "env.", "starlette.config"]
        .iter()
        .any(|word| text.contains(word))
}

/// What reads a variable.
enum Access {
    /// A call, with its arguments; a missing variable fails, or is nothing.
    Call(List, Fallback),
    /// `os.environ[…]`, `… in os.environ`
    Index(ExprId, Fallback),
}

fn read_directly<'p>(module: Module<'_, 'p>, found: &mut Environment<'p>, wrappers: &mut Wrappers<'p>) {
    for id in module.bodies.ids() {
        let (named, fallback) = match access(module, id, found) {
            Some(Access::Call(args, fallback)) => {
                let bodies = module.bodies;
                let named = ["key", "var", "name"].iter().find_map(|name| module.keyword(args, name));
                let Some(named) = bodies.positional(args, 0).or(named) else { continue };
                let has_default = module.keyword(args, "default").is_some()
                    || bodies.positional(args, 1).is_some_and(|second| is_default(module, second));
                (named, if has_default { Fallback::Default } else { fallback })
            }
            Some(Access::Index(named, fallback)) => (named, fallback),
            None => continue,
        };
        let range = module.bodies.span(named);
        if let Some(name) = text_of(module, named) {
            let place = Place { path: module.path, range };
            found.reads.push(Read { place, name, fallback, reader: Reader::Server });
        } else if let Some((function, at)) = parameter(module, named) {
            wrappers.insert(function, at);
        } else {
            let is_composed = is_composed(module, named, 2);
            let place = Place { path: module.path, range };
            found.dynamic.push(Dynamic { place, reader: Reader::Server, is_composed });
        }
    }
    for id in (0..).map(ClassId).take(module.facts.classes.len()) {
        pydantic(module, id, found);
    }
}

/// The second argument of a reader is its default, or a type.
fn is_default(module: Module<'_, '_>, id: ExprId) -> bool {
    !matches!(module.dotted(id), Some("bool" | "int" | "str" | "float" | "list" | "dict" | "tuple"))
}

fn access<'p>(module: Module<'_, 'p>, id: ExprId, found: &mut Environment<'p>) -> Option<Access> {
    let bodies = module.bodies;
    match bodies.expr(id) {
        Expr::Call { function, args } => {
            let called = module.dotted(function)?;
            let canonical = module.facts.names.canonical(called, bodies.span(function).start());
            match canonical.as_ref() {
                "os.environ.get" | "os.getenv" | "os.environ.pop" | "environ.get" => {
                    return Some(Access::Call(args, Fallback::Nothing));
                }
                "os.environ.setdefault" => {
                    let name = bodies.positional(args, 0).and_then(|id| text_of(module, id));
                    found.set.extend(name);
                    return None;
                }
                "os.environ.items" | "os.environ.copy" | "os.environ.keys" => {
                    let is_prefix = canonical.ends_with("items") || canonical.ends_with("keys");
                    let place = Place { path: module.path, range: bodies.span(id) };
                    let dynamic = Dynamic { place, reader: Reader::Server, is_composed: true };
                    found.dynamic.extend(is_prefix.then_some(dynamic));
                    return None;
                }
                "decouple.config" => return Some(Access::Call(args, Fallback::Fails)),
                "environ.Env" | "environ.FileAwareEnv" => {
                    // What the schema knows has a default.
                    let names = bodies.args(args).iter().filter_map(|arg| Some((arg.name?, arg.value)));
                    for (name, value) in names {
                        let has_default = bodies.members(value).is_some_and(|pair| pair.len() == 2);
                        let fallback = if has_default { Fallback::Default } else { Fallback::Fails };
                        let (place, name) =
                            (Place { path: module.path, range: name }, name.slice(module.text).to_owned());
                        found.reads.push(Read { place, name, fallback, reader: Reader::Server });
                    }
                    return None;
                }
                _ => {}
            }
            let (root, method) = called.split_once('.').unwrap_or((called, ""));
            let is_reading =
                !method.contains('.') && !method.starts_with("read") && !matches!(method, "prefixed" | "seal" | "dump");
            (is_reading && is_reader(module, root, bodies.span(function).start()))
                .then_some(Access::Call(args, Fallback::Fails))
        }
        Expr::Subscript { object, index } if is_environ(module, object) => {
            let span = bodies.span(id);
            let after = module.text.get(span.end() as usize..).unwrap_or("").trim_start();
            if after.starts_with('=') && !after.starts_with("==") {
                found.set.extend(text_of(module, index));
                return None;
            }
            Some(Access::Index(index, Fallback::Fails))
        }
        Expr::Compare(list) => match *bodies.exprs(list) {
            [name, environ] if is_environ(module, environ) => Some(Access::Index(name, Fallback::Default)),
            _ => None,
        },
        _ => None,
    }
}

fn is_environ(module: Module<'_, '_>, id: ExprId) -> bool {
    module.dotted(id).is_some_and(|dotted| {
        let canonical = module.facts.names.canonical(dotted, module.bodies.span(id).start());
        canonical == "os.environ"
    })
}

/// Returns whether a name stands for an object that reads the environment: `env = environ.Env()`, here or where it comes from.
fn is_reader(module: Module<'_, '_>, name: &str, at: u32) -> bool {
    let makes = |module: Module<'_, '_>, name: &str| {
        let value = module.value(name);
        let called = value.and_then(|id| module.bodies.call(id, module.text)).map(|(called, _)| called);
        called.is_some_and(|called| {
            matches!(
                module.facts.names.canonical(called, 0).as_ref(),
                "environ.Env"
                    | "environ.FileAwareEnv"
                    | "environs.Env"
                    | "environs.FileAwareEnv"
                    | "decouple.AutoConfig"
                    | "decouple.Config"
                    | "starlette.config.Config"
            )
        })
    };
    if makes(module, name) {
        return true;
    }
    match module.project.resolve(module.path, name, at) {
        Some(Symbol::Variable(path, variable)) => {
            Module::of(module.project, path).is_some_and(|other| makes(other, &variable))
        }
        _ => false,
    }
}

fn text_of(module: Module<'_, '_>, id: ExprId) -> Option<String> {
    let is_name =
        |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if let Some(text) = module.string(id) {
        return Some(text).filter(is_name).map(str::to_owned);
    }
    // A constant of the module.
    let name = module.dotted(id).filter(|name| !name.contains('.'))?;
    let value = module.value(name)?;
    module.string(value).filter(is_name).map(str::to_owned)
}

/// Returns whether a name is put together, here or where the variable that holds it is assigned.
fn is_composed(module: Module<'_, '_>, id: ExprId, steps: u32) -> bool {
    let bodies = module.bodies;
    match bodies.expr(id) {
        Expr::Format(_) | Expr::Binary { .. } => true,
        Expr::Call { function, .. } => match bodies.expr(function) {
            // `row.get("name")` takes a name that stands somewhere.
            Expr::Attr { name, .. } => !matches!(name.slice(module.text), "get" | "pop"),
            _ => true,
        },
        Expr::Name => {
            let name = bodies.span(id).slice(module.text);
            let assigned =
                bodies.functions.iter().flat_map(|it| bodies.statements(it.block)).chain(bodies.statements(bodies.top));
            steps > 0
                && assigned
                    .filter_map(|it| module.binding(it))
                    .any(|(target, value)| module.dotted(target) == Some(name) && is_composed(module, value, steps - 1))
        }
        _ => false,
    }
}

/// Returns the function that has an expression as a parameter, and which one.
fn parameter<'p>(module: Module<'_, 'p>, id: ExprId) -> Option<(FunctionRef<'p>, usize)> {
    let name = module.dotted(id)?;
    let function: FunctionId = module.facts.function_at(module.bodies.span(id))?;
    let params = &module.bodies.function(function)?.params;
    let at = params.iter().position(|param| param.name.slice(module.text) == name)?;
    Some((FunctionRef { path: module.path, id: function }, at))
}

fn read_by_wrappers<'p>(module: Module<'_, 'p>, found: &mut Environment<'p>, wrappers: &Wrappers<'p>) {
    let names: Vec<&str> = wrappers.keys().filter_map(|it| Some(module.project.function(*it)?.name.as_str())).collect();
    for id in module.bodies.ids() {
        let Expr::Call { function, args } = module.bodies.expr(id) else { continue };
        let Some(called) = module.dotted(function) else { continue };
        if !names.contains(&called.rsplit('.').next().unwrap_or(called)) {
            continue;
        }
        let at = module.bodies.span(function).start();
        let resolved = ProjectModel::as_function(module.project.resolve(module.path, called, at));
        let Some((wrapper, param)) = resolved.and_then(|it| Some((it, *wrappers.get(&it)?))) else { continue };
        let params =
            Module::of(module.project, wrapper.path).and_then(|it| Some((it, &it.bodies.function(wrapper.id)?.params)));
        let Some((home, params)) = params else { continue };
        let keyword = params.get(param).and_then(|it| module.keyword(args, it.name.slice(home.text)));
        let Some(named) = module.bodies.positional(args, param).or(keyword) else { continue };
        let place = Place { path: module.path, range: module.bodies.span(named) };
        match text_of(module, named) {
            Some(name) => {
                let is_given = module.bodies.args(args).len() > 1 || params.iter().any(|it| it.default.is_some());
                let fallback = if is_given { Fallback::Default } else { Fallback::Nothing };
                found.reads.push(Read { place, name, fallback, reader: Reader::Server });
            }
            None => {
                let is_composed = is_composed(module, named, 2);
                found.dynamic.push(Dynamic { place, reader: Reader::Server, is_composed });
            }
        }
    }
}

/// Takes the fields of a class of pydantic's settings.
fn pydantic<'p>(module: Module<'_, 'p>, id: ClassId, found: &mut Environment<'p>) {
    let class = ClassRef { path: module.path, id };
    if !module.project.descends_from(class, &|name| name.rsplit('.').next() == Some("BaseSettings")) {
        return;
    }
    let (Some(body), Some(facts)) = (module.bodies.class(id), module.facts.class(id)) else { return };
    let text = facts.range.slice(module.text);
    let prefix = text.split_once("env_prefix").and_then(|(_, rest)| {
        let rest = rest.trim_start_matches(['"', '\'', ' ', '=', ':']);
        rest.split(['"', '\'']).next()
    });
    for statement in module.bodies.block(body.block) {
        let Stmt::Annotated { target, value, .. } = module.bodies.stmt(*statement) else { continue };
        let Some(field) = module.dotted(target).filter(|it| !it.starts_with('_') && *it != "model_config") else {
            continue;
        };
        let call = value.and_then(|value| module.bodies.call(value, module.text));
        let alias = call.and_then(|(_, args)| {
            ["env", "validation_alias", "alias"]
                .iter()
                .find_map(|name| module.keyword(args, name))
                .and_then(|id| module.string(id))
        });
        let is_filled = match (value, call) {
            (None, _) => false,
            (Some(_), Some((called, args))) if called.ends_with("Field") => {
                module.keyword(args, "default").is_some()
                    || module.keyword(args, "default_factory").is_some()
                    || module.bodies.positional(args, 0).is_some_and(|id| !is_ellipsis(module, id))
            }
            (Some(value), _) => !is_ellipsis(module, value),
        };
        let name = alias.map_or_else(|| format!("{}{field}", prefix.unwrap_or("")).to_ascii_uppercase(), str::to_owned);
        let fallback = if is_filled { Fallback::Default } else { Fallback::Fails };
        let range: TextRange = module.bodies.span(target);
        found.reads.push(Read { place: Place { path: module.path, range }, name, fallback, reader: Reader::Server });
    }
}

fn is_ellipsis(module: Module<'_, '_>, id: ExprId) -> bool {
    module.bodies.span(id).slice(module.text) == "..."
}
