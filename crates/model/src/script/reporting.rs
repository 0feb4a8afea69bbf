//! Who hears of an error that a boundary has caught.

use arrears_syntax::node::{ancestors, field, parts, text};
use arrears_syntax::script::{call_path, is_function};
use tree_sitter::Node;

use crate::script::ScriptFacts;
use crate::script::boundary::Boundary;

/// What becomes known of an error outside of the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reporting {
    /// Something that is not read here hears of it.
    Somewhere,
    /// Nothing does, unless one of these.
    Unless(Hopes),
}

/// What may yet tell somebody of an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hopes {
    /// Whether it is written to the console.
    pub writes_console: bool,
    /// Properties that are called with it.
    pub props: Vec<String>,
    /// Properties on which a report depends: `if (this.props.enableReporting) report(error)`.
    pub gates: Vec<String>,
    /// Functions of other modules of the project that are called with it.
    pub calls: Vec<String>,
}

/// Packages that collect errors.
pub const TRACKERS: [&str; 24] = [
    "@sentry",
    "sentry-expo",
    "@bugsnag",
    "bugsnag-js",
    "rollbar",
    "@rollbar",
    "posthog-js",
    "posthog-react-native",
    "@posthog",
    "@datadog",
    "logrocket",
    "@logrocket",
    "@honeybadger-io",
    "raygun4js",
    "trackjs",
    "newrelic",
    "@newrelic",
    "@microsoft/applicationinsights-web",
    "@airbrake",
    "@appsignal",
    "@elastic/apm-rum",
    "@opentelemetry",
    "@highlight-run",
    "@react-native-firebase",
];

/// Packages that collect what is written to the console.
pub const CONSOLE_READERS: [&str; 4] = ["@datadog", "logrocket", "@logrocket", "@highlight-run"];

/// Names of settings by which React's root reports errors, or a tracker reads the console.
pub const CONSOLE_SETTINGS: [&str; 6] = [
    "onCaughtError",
    "reactErrorHandler",
    "captureConsoleIntegration",
    "CaptureConsole",
    "capture_console_errors",
    "captureConsoleErrors",
];

impl ScriptFacts {
    /// Returns whether the module imports a package that collects errors.
    pub fn imports_tracker(&self) -> bool {
        self.imports_any(&TRACKERS)
    }
}

impl<'t> Boundary<'t, '_> {
    /// Returns who hears of an error. Methods of the class that are used are looked into.
    pub fn reporting(&self, facts: &ScriptFacts) -> Reporting {
        const CAUGHT: [&str; 4] =
            ["componentDidCatch", "getDerivedStateFromError", "componentDidUpdate", "unstable_handleError"];
        let mut hopes = Hopes::default();
        for name in CAUGHT {
            let Some(member) = self.member(name) else { continue };
            let Some(function) = member.function else { return Reporting::Somewhere };
            let nodes = self.reached(function);
            let scene = Scene { boundary: self, facts, locals: locals(&nodes, self.source) };
            for node in nodes {
                if scene.tells(node, &mut hopes) {
                    return Reporting::Somewhere;
                }
            }
        }
        Reporting::Unless(hopes)
    }
}

/// What a function of a boundary sees.
struct Scene<'a, 't, 's> {
    boundary: &'a Boundary<'t, 's>,
    facts: &'a ScriptFacts,
    locals: Locals<'s>,
}

/// The names that functions bind: those taken of `this.props`, and the others.
#[derive(Default)]
struct Locals<'s> {
    props: Vec<&'s str>,
    others: Vec<&'s str>,
}

/// What a call has to do with telling somebody.
enum Told {
    Nobody,
    Console,
    Prop(String),
    Call(String),
    Somebody,
}

impl<'s> Scene<'_, '_, 's> {
    /// Returns whether a node tells somebody for certain; what may do so is noted.
    fn tells(&self, node: Node<'_>, hopes: &mut Hopes) -> bool {
        if node.kind() == "throw_statement" {
            return true;
        }
        if !matches!(node.kind(), "call_expression" | "new_expression") {
            return false;
        }
        let told = self.told(node);
        if let Some(gate) = self.gate(node)
            && matches!(told, Told::Somebody | Told::Call(_))
        {
            hopes.gates.push(gate);
            return false;
        }
        match told {
            Told::Nobody => {}
            Told::Console => hopes.writes_console = true,
            Told::Prop(name) => hopes.props.push(name),
            Told::Call(name) => hopes.calls.push(name),
            Told::Somebody => return true,
        }
        false
    }

    fn told(&self, call: Node<'_>) -> Told {
        let source = self.boundary.source;
        let path = call_path(call, source);
        let (head, rest) = path.split_once('.').unwrap_or((&path, ""));
        let last = path.rsplit('.').next().unwrap_or(&path);
        if let Some(rest) = path.strip_prefix("this.props.") {
            return Told::Prop(rest.split('.').next().unwrap_or(rest).to_owned());
        }
        if matches!(last, "setState" | "forceUpdate") || is_harmless(&path) {
            return if head == "console" { Told::Console } else { Told::Nobody };
        }
        if head == "this" {
            let name = rest.split('.').next().unwrap_or(rest);
            return if self.boundary.method(name).is_some() || is_plain_method(last) {
                Told::Nobody
            } else {
                Told::Somebody
            };
        }
        if self.locals.props.contains(&head) {
            return Told::Prop(head.to_owned());
        }
        if self.locals.others.contains(&head) || head.is_empty() {
            return if is_plain_method(last) { Told::Nobody } else { Told::Somebody };
        }
        match self.facts.imported(head) {
            Some((module, _)) if is_local_module(module) => Told::Call(head.to_owned()),
            Some((module, _)) if is_harmless_package(module) => Told::Nobody,
            _ => Told::Somebody,
        }
    }

    /// Returns the property that an `if` around a call asks for, where nothing gives it a default.
    fn gate(&self, call: Node<'_>) -> Option<String> {
        let source = self.boundary.source;
        for at in ancestors(call).take_while(|it| !is_function(*it)) {
            if at.kind() != "if_statement" {
                continue;
            }
            let condition = text(field(at, "condition")?, source).trim_matches(['(', ')', ' ']);
            let is_then = field(at, "consequence").is_some_and(|it| it.byte_range().contains(&call.start_byte()));
            let name = condition
                .strip_prefix("this.props.")
                .or_else(|| self.locals.props.contains(&condition).then_some(condition));
            let name = name.filter(|name| is_then && name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            let Some(name) = name else { continue };
            let has_default = source.contains("defaultProps") || source.contains(&format!("{name} = "));
            return (!has_default).then(|| name.to_owned());
        }
        None
    }
}

fn locals<'s>(nodes: &[Node<'_>], source: &'s str) -> Locals<'s> {
    let mut found = Locals::default();
    for node in nodes {
        match node.kind() {
            "variable_declarator" => {
                let Some(name) = field(*node, "name") else { continue };
                let is_props = field(*node, "value").is_some_and(|value| text(value, source) == "this.props");
                let bound = if is_props { &mut found.props } else { &mut found.others };
                bind(name, source, bound);
            }
            "required_parameter" | "optional_parameter" => {
                found.others.extend(field(*node, "pattern").map(|name| text(name, source)));
            }
            "formal_parameters" => {
                let plain = parts(*node).filter(|it| it.kind() == "identifier");
                found.others.extend(plain.map(|it| text(it, source)));
            }
            "arrow_function" => found.others.extend(field(*node, "parameter").map(|name| text(name, source))),
            _ => {}
        }
    }
    found
}

fn bind<'s>(pattern: Node<'_>, source: &'s str, bound: &mut Vec<&'s str>) {
    if pattern.kind() == "identifier" {
        bound.push(text(pattern, source));
        return;
    }
    for part in parts(pattern) {
        match part.kind() {
            "shorthand_property_identifier_pattern" | "identifier" => bound.push(text(part, source)),
            "pair_pattern" => bound.extend(field(part, "value").map(|name| text(name, source))),
            "object_assignment_pattern" => bound.extend(field(part, "left").map(|name| text(name, source))),
            _ => {}
        }
    }
}

/// Returns whether a path belongs to the language, to the page, or to the console.
pub fn is_harmless(path: &str) -> bool {
    const HEADS: [&str; 21] = [
        "console",
        "Date",
        "JSON",
        "Object",
        "Array",
        "Math",
        "String",
        "Number",
        "Boolean",
        "Promise",
        "Error",
        "Map",
        "Set",
        "setTimeout",
        "clearTimeout",
        "localStorage",
        "sessionStorage",
        "navigator",
        "super",
        "alert",
        "URL",
    ];
    let path = path.strip_prefix("window.").or_else(|| path.strip_prefix("globalThis.")).unwrap_or(path);
    let head = path.split('.').next().unwrap_or(path);
    HEADS.contains(&head) && path != "navigator.sendBeacon"
        || path.starts_with("location.")
        || path.starts_with("history.")
        || path.starts_with("document.")
        || matches!(path, "requestAnimationFrame" | "setInterval" | "clearInterval")
}

/// Methods of strings, lists and errors.
fn is_plain_method(name: &str) -> bool {
    const NAMES: [&str; 26] = [
        "includes",
        "toString",
        "match",
        "split",
        "slice",
        "trim",
        "startsWith",
        "endsWith",
        "toLowerCase",
        "toUpperCase",
        "push",
        "join",
        "map",
        "filter",
        "find",
        "some",
        "every",
        "indexOf",
        "replace",
        "concat",
        "substring",
        "test",
        "forEach",
        "focus",
        "clear",
        "toISOString",
    ];
    NAMES.contains(&name)
}

fn is_local_module(module: &str) -> bool {
    module.starts_with('.') || module.starts_with("@/") || module.starts_with("~/") || module.starts_with("src/")
}

/// Packages that show, name or format, and tell nobody outside.
fn is_harmless_package(module: &str) -> bool {
    const PACKAGES: [&str; 13] = [
        "react",
        "react-native",
        "sonner",
        "react-toastify",
        "react-hot-toast",
        "antd",
        "notistack",
        "uuid",
        "nanoid",
        "lodash",
        "date-fns",
        "i18next",
        "react-router-dom",
    ];
    PACKAGES.contains(&module)
}
