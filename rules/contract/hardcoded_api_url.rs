//! See [`RULE`].

use std::cell::OnceCell;

use arrears_core::diagnostic::Severity;
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::naming::words;
use arrears_model::script::effort::{Effort, effort};
use arrears_model::script::event::property;
use arrears_model::script::failure::function_name;
use arrears_model::script::guard::{is_behind_flag, is_showcase};
use arrears_syntax::node::{ancestors, children, descendants, field, range, text};
use arrears_syntax::script::{call_path, is_function};
use arrears_syntax::script_jsx::attribute_name;
use tree_sitter::Node;

rule! {
    /// Finds addresses of a developer's machine that are compiled into a client.
    ///
    /// On a phone, and in every browser but the developer's, `localhost` is somebody else. The build is green, the
    /// app starts, and each request fails.
    ///
    /// ```ts bad
    /// export const api = axios.create({ baseURL: "http://localhost:8000/api" });
    /// ```
    /// ```ts good
    /// export const api = axios.create({ baseURL: import.meta.env.VITE_API_URL });
    /// ```
    ///
    /// Counts: `localhost`, the emulator's `10.0.2.2` and private networks, in a request, or under a name that means an
    /// address. An address that stands in for a missing variable (`process.env.API_URL ?? "http://localhost:8000"`) is a
    /// note: nobody learns that the variable was forgotten. Not flagged: branches for development, the base of
    /// `new URL(path, base)`, comparisons, lists of origins, text for readers, configuration of build tools, servers,
    /// tests. No other linter has this rule.
    pub(crate) const RULE = {
        code: "contract/hardcoded-api-url",
        summary: "address of a developer's machine is compiled into the client",
        check: Check::File { language: Family::Script, kinds: &["string", "template_string"], run: check },
        mentions: &["http", "https", "ws", "wss"],
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    if ctx.script().is_test_code() || ctx.script().is_node_code() || is_of_tools(ctx) {
        return;
    }
    let (root, source) = (ctx.root(), ctx.text());
    let defaults = OnceCell::new();
    for note in ctx.noted() {
        let Some(address) = private_address(note.node, source) else { continue };
        let Some(mut usage) = usage(note.node, source).filter(|_| !is_behind_flag(note.node, source)) else { continue };
        if let Usage::Constant(name) = usage {
            let defaults: &Vec<&str> = defaults.get_or_init(|| names_of_defaults(root, source));
            if defaults.contains(&name) {
                usage = Usage::Default;
            }
        }
        let finding = match usage {
            Usage::Default => {
                let message = format!("`{address}` stands in when the variable is not set, and nobody learns of it");
                ctx.report(range(note.node), message).severity(Severity::Info)
            }
            Usage::Request | Usage::Constant(_) => ctx.report(
                range(note.node),
                format!("`{address}` is compiled into the client: only one machine answers there"),
            ),
        };
        finding.help("read the address from the build's environment, and fail when it is missing");
    }
}

/// What an address is used for.
#[derive(Debug, Clone, Copy)]
enum Usage<'s> {
    /// Another value comes first.
    Default,
    /// A request goes there.
    Request,
    /// It has a name that means an address.
    Constant(&'s str),
}

/// Returns the scheme and the host of an address that only one machine or one network knows.
fn private_address<'s>(node: Node<'_>, source: &'s str) -> Option<&'s str> {
    let written = text(node, source);
    let inner = written.get(1..written.len().checked_sub(1)?)?;
    let (scheme, rest) = inner.split_once("://")?;
    let host = rest.split(['/', ':', '?', '$']).next().unwrap_or("");
    // What follows `localhost:` at run time is a program on the person's own machine.
    let is_own = rest.strip_prefix(host).is_some_and(|port| port.starts_with(":${"));
    let is_scheme = matches!(scheme, "http" | "https" | "ws" | "wss");
    let is_private =
        matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "10.0.2.2" | "10.0.3.2" | "host.docker.internal")
            || is_private_network(host);
    let end = scheme.len() + 3 + rest.find(['/', '?', '$']).unwrap_or(rest.len());
    (is_scheme && is_private && !is_own && !inner.contains(char::is_whitespace)).then(|| &inner[..end])
}

fn is_private_network(host: &str) -> bool {
    let mut numbers = host.split('.').map(|part| part.parse::<u8>().ok());
    let numbers = [numbers.next(), numbers.next(), numbers.next(), numbers.next()].map(Option::flatten);
    match numbers {
        [Some(10), Some(_), Some(_), Some(_)] | [Some(192), Some(168), Some(_), Some(_)] => true,
        [Some(172), Some(second), Some(_), Some(_)] => (16..32).contains(&second),
        _ => false,
    }
}

/// Returns what an address is used for, seen from inside out; `None` where it is no client's way to a server.
fn usage<'s>(node: Node<'_>, source: &'s str) -> Option<Usage<'s>> {
    let mut inner = node;
    let mut is_default = false;
    for outer in ancestors(node).take(12) {
        match outer.kind() {
            "binary_expression" => {
                let operator = field(outer, "operator").map_or("", |it| it.kind());
                if !matches!(operator, "||" | "??" | "+") {
                    return None;
                }
                is_default |= operator != "+" && field(outer, "left").is_some_and(|left| left.id() != inner.id());
            }
            "ternary_expression" => is_default |= field(outer, "condition").is_some_and(|it| is_setting(it, source)),
            "variable_declarator" | "public_field_definition" | "assignment_expression" => {
                let name = field(outer, "name").or_else(|| field(outer, "left")).map(|it| text(it, source))?;
                return named(name, is_default);
            }
            "pair" => {
                let name = field(outer, "key").map(|it| text(it, source).trim_matches(['"', '\'']))?;
                let is_tool = outer.parent().is_some_and(|it| property(it, "target", source).is_some());
                return if is_tool || matches!(name, "target" | "proxy" | "example" | "placeholder") {
                    None
                } else {
                    named(name, is_default)
                };
            }
            "call_expression" | "new_expression" => return requested(outer, inner, is_default, source),
            "jsx_attribute" => {
                let name = attribute_name(outer, source);
                return matches!(name, "src" | "href" | "action" | "url" | "baseUrl").then_some(Usage::Request);
            }
            "return_statement" | "arrow_function" => {
                let function = ancestors(outer).find(|it| is_function(*it)).unwrap_or(outer);
                let function = if is_function(outer) { outer } else { function };
                let name = function_name(function, source)?;
                return named(name, is_default);
            }
            // What a parameter is where nobody gives it: its callers decide.
            "assignment_pattern"
            | "object_assignment_pattern"
            | "required_parameter"
            | "optional_parameter"
            | "array"
            | "literal_type"
            | "enum_body"
            | "switch_case"
            | "subscript_expression" => return None,
            _ => {}
        }
        inner = outer;
    }
    None
}

/// A name such as `API_BASE_URL` means an address; one such as `ALLOWED_ORIGINS` means whom to let in.
fn named(name: &str, is_default: bool) -> Option<Usage<'_>> {
    const ADDRESSES: [&str; 17] = [
        "url",
        "uri",
        "urls",
        "host",
        "base",
        "baseurl",
        "endpoint",
        "api",
        "server",
        "backend",
        "ws",
        "socket",
        "websocket",
        "gateway",
        "domain",
        "apiurl",
        "origin",
    ];
    const OTHERS: [&str; 10] =
        ["allowed", "cors", "csp", "trusted", "test", "mock", "example", "placeholder", "dummy", "referrer"];
    let words = words(name);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    if has(&OTHERS) || !has(&ADDRESSES) {
        return None;
    }
    Some(if is_default { Usage::Default } else { Usage::Constant(name) })
}

fn requested<'s>(call: Node<'_>, inner: Node<'_>, is_default: bool, source: &'s str) -> Option<Usage<'s>> {
    let path = call_path(call, source);
    let last = path.rsplit('.').next().unwrap_or("");
    let is_argument = inner.kind() == "arguments";
    let is_socket = last.ends_with("WebSocket") || matches!(last, "EventSource" | "io" | "connect");
    let is_request = is_socket || effort(&path) == Effort::Request || path.starts_with("axios.");
    if call.kind() == "new_expression" && last == "URL" || !is_argument {
        return None;
    }
    match (is_request, is_default) {
        (true, true) => Some(Usage::Default),
        (true, false) => Some(Usage::Request),
        // `env("API_URL", "http://localhost:8000")`
        (false, _) if last.to_ascii_lowercase().contains("env") => Some(Usage::Default),
        (false, _) => None,
    }
}

/// Returns whether an expression reads the environment or a configuration.
fn is_setting(node: Node<'_>, source: &str) -> bool {
    let written = text(node, source);
    ["env", "ENV", "config", "Config", "Constants.", "extra", "settings", "window."]
        .iter()
        .any(|it| written.contains(it))
        || node.kind() == "identifier" && written.chars().all(|it| !it.is_ascii_lowercase())
}

/// Returns the names that stand behind a variable of the environment: `process.env.API_URL ?? DEFAULT_URL`.
fn names_of_defaults<'s>(root: Node<'_>, source: &'s str) -> Vec<&'s str> {
    let defaults = descendants(root).filter(|node| {
        node.kind() == "binary_expression"
            && field(*node, "operator").is_some_and(|it| matches!(it.kind(), "||" | "??"))
            && field(*node, "left").is_some_and(|left| is_setting(left, source))
    });
    defaults.filter_map(|node| field(node, "right")).map(|right| text(right, source)).collect()
}

/// Configuration of build tools, servers of development, examples.
fn is_of_tools(ctx: &FileContext<'_, '_>) -> bool {
    const TOOLS: [&str; 24] = [
        "vite",
        "webpack",
        "next",
        "nuxt",
        "rollup",
        "jest",
        "vitest",
        "playwright",
        "cypress",
        "babel",
        "eslint",
        "tailwind",
        "metro",
        "rsbuild",
        "craco",
        "svelte",
        "astro",
        "tsup",
        "karma",
        "proxy",
        "setupProxy",
        "codegen",
        "graphql",
        "msw",
    ];
    const FOLDERS: [&str; 15] = [
        "scripts",
        "load_testing",
        "loadtest",
        "tools",
        "k6",
        "server",
        "server-only",
        "email",
        "emails",
        "storybook",
        "docs",
        "test",
        "tests",
        "mocks",
        "msw",
    ];
    let path = &ctx.source().path;
    let name = path.file_name();
    let is_tool = TOOLS.iter().any(|tool| {
        name.strip_prefix(tool)
            .is_some_and(|rest| rest.starts_with(".config") || rest.starts_with('.') || rest.starts_with('-'))
    });
    is_tool
        || is_showcase(path)
        || path.folders().any(|it| FOLDERS.contains(&it))
        || name.starts_with("environment.") && !name.contains("prod")
        || ctx.text().contains("__ENV.")
        || children(ctx.root()).next().is_some_and(|first| first.kind() == "hash_bang_line")
}
