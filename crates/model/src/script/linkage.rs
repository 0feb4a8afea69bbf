//! Reads how a module is linked to others: imports, exports, modules loaded later.

use arrears_syntax::node::{children, descendants, field, parts, range, text};
use arrears_syntax::script::{arguments, call_path, is_function, string_value, unwrapped};
use tree_sitter::Node;

use crate::script::{DynamicImport, Export, Import, ImportForm, ImportedName, ScriptFacts};

/// Reads an `import` statement.
pub(crate) fn import(node: Node<'_>, source: &str, facts: &mut ScriptFacts) {
    let clauses = || children(node).filter(|child| matches!(child.kind(), "import_clause" | "import_require_clause"));
    let required = clauses().find(|clause| clause.kind() == "import_require_clause");
    let Some(module) = field(node, "source").or_else(|| field(required?, "source")) else { return };
    let mut names = Vec::new();
    let (mut marked, mut all) = (0, 0);
    for part in clauses().flat_map(parts) {
        if required.is_some() && part.kind() == "identifier" {
            names.push(name("*", text(part, source)));
            continue;
        }
        imported_names(part, source, &mut names);
        if part.kind() == "named_imports" {
            let specifiers = || parts(part).filter(|it| it.kind() == "import_specifier");
            all += specifiers().count();
            marked += specifiers().filter(|it| has_token(*it, "type")).count();
        }
    }
    let is_type = has_token(node, "type") || all > 0 && marked == all && names.len() == all;
    let form = match (names.is_empty(), is_type) {
        (true, _) if clauses().next().is_none() => ImportForm::SideEffect,
        (_, true) => ImportForm::Type,
        _ => ImportForm::Static,
    };
    add(module, names, form, source, facts);
}

fn imported_names(part: Node<'_>, source: &str, names: &mut Vec<ImportedName>) {
    match part.kind() {
        "identifier" => names.push(name("default", text(part, source))),
        "namespace_import" => names.extend(parts(part).next().map(|local| name("*", text(local, source)))),
        "named_imports" => {
            for specifier in parts(part) {
                let Some(imported) = field(specifier, "name") else { continue };
                let local = field(specifier, "alias").unwrap_or(imported);
                names.push(name(text(imported, source), text(local, source)));
            }
        }
        _ => {}
    }
}

/// Reads an `export` statement.
pub(crate) fn export(node: Node<'_>, source: &str, facts: &mut ScriptFacts) {
    let module = field(node, "source").and_then(|it| string_value(it, source)).map(std::borrow::Cow::into_owned);
    let is_default = has_token(node, "default");
    let mut add = |name: &str, local: &str, module: Option<String>| {
        facts.exports.push(Export { name: name.to_owned(), local: local.to_owned(), module });
    };
    if let Some(clause) = children(node).find(|child| child.kind() == "export_clause") {
        for specifier in parts(clause) {
            let Some(local) = field(specifier, "name") else { continue };
            let exported = field(specifier, "alias").unwrap_or(local);
            add(text(exported, source), text(local, source), module.clone());
        }
    } else if let Some(declaration) = field(node, "declaration") {
        let names = declared_names(declaration, source);
        if names.is_empty() && is_default {
            add("default", "", None);
        }
        for name in names {
            add(if is_default { "default" } else { name }, name, None);
        }
    } else if let Some(value) = field(node, "value") {
        add("default", if value.kind() == "identifier" { text(value, source) } else { "" }, None);
    } else if let Some(namespace) = children(node).find(|child| child.kind() == "namespace_export") {
        let exported = parts(namespace).next().map_or("", |name| text(name, source));
        add(exported, "*", module);
    } else if module.is_some() {
        add("*", "*", module);
    }
    if let Some(from) = field(node, "source") {
        // What is passed on is loaded, too.
        self::add(from, Vec::new(), ImportForm::Static, source, facts);
    }
}

fn declared_names<'s>(declaration: Node<'_>, source: &'s str) -> Vec<&'s str> {
    if let Some(name) = field(declaration, "name") {
        return vec![text(name, source)];
    }
    let mut names = Vec::new();
    for name in parts(declaration).filter_map(|it| field(it, "name")) {
        if name.kind() == "identifier" {
            names.push(text(name, source));
        } else {
            let bound = descendants(name)
                .filter(|it| matches!(it.kind(), "identifier" | "shorthand_property_identifier_pattern"));
            names.extend(bound.map(|it| text(it, source)));
        }
    }
    names
}

/// `const x = require("y")`, `const { x } = await import("y")` and `const X = lazy(() => import("y"))` bind names as
/// an import does.
pub(crate) fn bound_module(declarator: Node<'_>, value: Node<'_>, source: &str, facts: &mut ScriptFacts) {
    let (value, Some(pattern)) = (unwrapped(value), field(declarator, "name")) else { return };
    if value.kind() == "member_expression" && pattern.kind() == "identifier" {
        // `const x = require("y").x`
        let (Some(object), Some(property)) = (field(value, "object").map(unwrapped), field(value, "property")) else {
            return;
        };
        if let Some((module, form)) = loaded(object, source) {
            add(module, vec![name(text(property, source), text(pattern, source))], form, source, facts);
        }
        return;
    }
    if value.kind() != "call_expression" {
        return;
    }
    if let Some((module, form)) = loaded(value, source) {
        add(module, bound_names(pattern, source), form, source, facts);
    } else if let Some(form) = later(value, source)
        && let Some(call) = arguments(value).next().and_then(inner_import)
        && let Some(module) = arguments(call).next()
    {
        let local = text(pattern, source);
        let whole = arguments(value).next().map_or("", |it| text(it, source));
        add(module, vec![name(picked(whole).unwrap_or("default"), local)], form, source, facts);
    }
}

/// The module that `require("y")` or `import("y")` loads.
fn loaded<'t>(call: Node<'t>, source: &str) -> Option<(Node<'t>, ImportForm)> {
    let function = field(call, "function").filter(|_| call.kind() == "call_expression")?;
    let form = match function.kind() {
        "import" => ImportForm::Dynamic,
        "identifier" if text(function, source) == "require" => ImportForm::Require,
        _ => return None,
    };
    Some((arguments(call).next()?, form))
}

fn bound_names(pattern: Node<'_>, source: &str) -> Vec<ImportedName> {
    match pattern.kind() {
        "identifier" => vec![name("*", text(pattern, source))],
        _ => parts(pattern)
            .map(|part| {
                let (imported, local) = (field(part, "key").unwrap_or(part), field(part, "value").unwrap_or(part));
                name(text(imported, source), text(local, source))
            })
            .collect(),
    }
}

/// Returns how a call loads its component later, where it does.
fn later(call: Node<'_>, source: &str) -> Option<ImportForm> {
    let path = call_path(field(call, "function")?, source);
    let last = path.rsplit('.').next().unwrap_or(&path);
    match last {
        "lazy" if path.starts_with("loadable") => Some(ImportForm::Loadable),
        "lazy" => Some(ImportForm::Lazy),
        _ if last.starts_with("lazy") || last.ends_with("Lazy") || last.starts_with("retry") => {
            Some(ImportForm::Loadable)
        }
        "dynamic" | "loadable" | "Loadable" | "asyncComponent" | "load" => Some(ImportForm::Loadable),
        _ => None,
    }
}

fn inner_import(argument: Node<'_>) -> Option<Node<'_>> {
    is_function(argument).then_some(())?;
    let is_import = |node: &Node<'_>| {
        node.kind() == "call_expression" && field(*node, "function").is_some_and(|it| it.kind() == "import")
    };
    descendants(argument).take(200).find(is_import)
}

/// Returns the export that `.then(m => ({ default: m.Orders }))` or `.then(m => m.Orders)` picks.
fn picked(loader: &str) -> Option<&str> {
    let (_, callback) = loader.split_once(".then(")?;
    let (_, value) = callback.split_once("default:").or_else(|| callback.split_once("=>"))?;
    let (_, member) = value.split_once('.')?;
    let end = member.find(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '_' | '$')).unwrap_or(member.len());
    member.get(..end).filter(|it| !it.is_empty())
}

/// Reads a call: `import("y")`, `require("y")`, `import.meta.glob("…")`, `require.context("…")`.
pub(crate) fn call(node: Node<'_>, source: &str, facts: &mut ScriptFacts) {
    let Some(function) = field(node, "function") else { return };
    let form = match function.kind() {
        "import" => ImportForm::Dynamic,
        "identifier" if text(function, source) == "require" => ImportForm::Require,
        "member_expression" => return folder(node, function, source, facts),
        _ => return,
    };
    let Some(module) = arguments(node).next() else { return };
    // A declaration around it has bound its names.
    let is_known = facts.imports.iter().rev().take(4).any(|it| it.range == range(module));
    if is_known {
        return;
    }
    if string_value(module, source).is_some() {
        add(module, Vec::new(), form, source, facts);
    } else {
        facts.dynamic.push(DynamicImport { pattern: pattern(module, source), range: range(node) });
    }
}

fn folder(call: Node<'_>, function: Node<'_>, source: &str, facts: &mut ScriptFacts) {
    let path = text(function, source);
    match path {
        "import.meta.glob" | "import.meta.globEager" | "import.meta.globEagerDefault" => {
            let Some(given) = arguments(call).next() else { return };
            let globs: Vec<Node<'_>> = if given.kind() == "array" { parts(given).collect() } else { vec![given] };
            for glob in globs {
                let pattern = pattern(glob, source);
                facts.dynamic.push(DynamicImport { pattern, range: range(call) });
            }
        }
        "require.context" => {
            let base = arguments(call).next().and_then(|it| string_value(it, source));
            let pattern = base.map(|base| format!("{}/**", base.trim_end_matches('/')));
            facts.dynamic.push(DynamicImport { pattern, range: range(call) });
        }
        "require.resolve" | "jest.requireActual" | "vi.importActual" => {
            if let Some(module) = arguments(call).next() {
                add(module, Vec::new(), ImportForm::Require, source, facts);
            }
        }
        _ => {}
    }
}

/// Returns a string with `*` for what is computed in it.
fn pattern(node: Node<'_>, source: &str) -> Option<String> {
    if let Some(value) = string_value(node, source) {
        return Some(value.into_owned());
    }
    match node.kind() {
        "template_string" => {
            let mut pattern = String::new();
            for part in children(node) {
                pattern.push_str(if part.kind() == "template_substitution" { "*" } else { text(part, source) });
            }
            Some(pattern)
        }
        "binary_expression" => {
            let left = field(node, "left").and_then(|it| pattern_of_side(it, source))?;
            let right =
                field(node, "right").and_then(|it| pattern_of_side(it, source)).unwrap_or_else(|| "*".to_owned());
            Some(left + &right)
        }
        _ => None,
    }
}

/// One level of `"./locales/" + name + ".js"`.
fn pattern_of_side(node: Node<'_>, source: &str) -> Option<String> {
    match string_value(node, source) {
        Some(value) => Some(value.into_owned()),
        None if node.kind() == "binary_expression" => {
            let left = field(node, "left").and_then(|it| string_value(it, source))?;
            Some(format!("{left}*"))
        }
        None => None,
    }
}

/// `new URL("./worker.ts", import.meta.url)` names a file.
pub(crate) fn new_url(node: Node<'_>, source: &str, facts: &mut ScriptFacts) {
    if field(node, "constructor").is_none_or(|it| text(it, source) != "URL") {
        return;
    }
    let mut given = arguments(node);
    if let (Some(module), Some(base)) = (given.next(), given.next())
        && text(base, source).contains("import.meta")
    {
        add(module, Vec::new(), ImportForm::Url, source, facts);
    }
}

/// `module.exports = …` and `exports.x = …`
pub(crate) fn assignment(node: Node<'_>, source: &str, facts: &mut ScriptFacts) {
    let Some(left) = field(node, "left").filter(|it| it.kind() == "member_expression") else { return };
    let path = text(left, source);
    let Some(rest) = path.strip_prefix("module.exports").or_else(|| path.strip_prefix("exports.").map(|_| path)) else {
        return;
    };
    let Some(value) = field(node, "right") else { return };
    let local =
        |value: Node<'_>| if value.kind() == "identifier" { text(value, source).to_owned() } else { String::new() };
    let mut add = |name: &str, local: String, module: Option<String>| {
        facts.exports.push(Export { name: name.to_owned(), local, module });
    };
    if !rest.is_empty() {
        let name = rest.rsplit('.').next().unwrap_or(rest);
        return add(name, local(value), None);
    }
    add("default", local(value), None);
    if value.kind() == "object" {
        for part in parts(value) {
            match part.kind() {
                "shorthand_property_identifier" => add(text(part, source), text(part, source).to_owned(), None),
                "pair" => {
                    if let (Some(key), Some(value)) = (field(part, "key"), field(part, "value")) {
                        add(text(key, source), local(value), None);
                    }
                }
                _ => {}
            }
        }
    } else if let Some((module, _)) = loaded(value, source)
        && let Some(module) = string_value(module, source)
    {
        add("*", "*".to_owned(), Some(module.into_owned()));
    }
}

fn name(imported: &str, local: &str) -> ImportedName {
    ImportedName { imported: imported.to_owned(), local: local.to_owned() }
}

fn add(module: Node<'_>, names: Vec<ImportedName>, form: ImportForm, source: &str, facts: &mut ScriptFacts) {
    if let Some(name) = string_value(module, source) {
        facts.imports.push(Import { module: name.into_owned(), range: range(module), names, form });
    }
}

fn has_token(node: Node<'_>, kind: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == kind)
}
