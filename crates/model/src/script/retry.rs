//! Requests that are sent again by a wrapper around all requests.

use arrears_syntax::node::{ancestors, descendants, field, parts, text};
use arrears_syntax::script::{arguments, call_path, called_name, is_comment, is_function, unwrapped};
use tree_sitter::Node;

use crate::script::failure::function_name;

/// Returns where an interceptor of responses sends a failed request again without asking for its method.
///
/// A request that was refused (401, 403, 429) has not been carried out, and may be sent again.
pub fn of_interceptor<'t>(call: Node<'t>, root: Node<'t>, source: &str) -> Option<Node<'t>> {
    let path = call_path(call, source);
    let client = path.strip_suffix(".interceptors.response.use")?;
    let given = arguments(call).nth(1)?;
    let handler = resolved(given, root, source)?;
    let is_resent = |node: &Node<'t>| {
        let path = if node.kind() == "call_expression" { call_path(*node, source) } else { return false };
        let sends =
            path == client || path.ends_with(".request") || matches!(path.as_str(), "axios" | "api" | "instance");
        sends && arguments(*node).next().is_some_and(|it| is_old_request(it, source))
    };
    let whole = code(handler, source);
    if asks_method(&whole) {
        return None;
    }
    let is_retried = |call: &Node<'t>| {
        let Some(reasons) = reasons(*call, handler, root, source) else { return false };
        let basis = if reasons.is_empty() { &whole } else { &reasons };
        is_retry(basis) && !asks_method(&reasons) && !is_refusal(&reasons) && !is_about_session(&reasons)
    };
    descendants(handler).filter(is_resent).find(is_retried)
}

/// Returns where a function around `fetch` sends what it was given again without asking for its method.
pub fn of_wrapper<'t>(function: Node<'t>, source: &str) -> Option<Node<'t>> {
    let name = function_name(function, source)?;
    let options = parameters(function, source);
    let takes = |argument: Node<'_>| {
        let value = unwrapped(argument);
        let spread = descendants(value).filter(|it| it.kind() == "spread_element").filter_map(|it| parts(it).next());
        std::iter::once(value).chain(spread).any(|it| options.contains(&text(it, source)))
    };
    let is_sent = |node: &Node<'t>| {
        node.kind() == "call_expression"
            && matches!(call_path(*node, source).as_str(), "fetch" | "window.fetch" | "globalThis.fetch")
            && arguments(*node).nth(1).is_some_and(takes)
    };
    let sent = descendants(function).find(is_sent)?;
    let calls_itself = descendants(function).find(|node| {
        node.kind() == "call_expression"
            && called_name(*node, source) == Some(name)
            && arguments(*node).any(|it| it.kind() == "binary_expression" || text(it, source).contains("ttempt"))
    });
    let repeats = calls_itself.or_else(|| {
        let is_loop = |node: &Node<'_>| matches!(node.kind(), "for_statement" | "while_statement" | "do_statement");
        let around = ancestors(sent).take_while(|it| it.id() != function.id()).find(is_loop)?;
        let head = text(around, source).split('{').next().unwrap_or("").to_ascii_lowercase();
        ["attempt", "retr", "tries"].iter().any(|word| head.contains(word)).then_some(sent)
    })?;
    let whole = code(function, source);
    (!asks_method(&whole) && !is_refusal(&whole)).then_some(repeats)
}

/// Returns whether the condition of axios-retry takes requests of every method, which its default does not.
pub fn takes_every_method(condition: Node<'_>, source: &str) -> bool {
    let written = code(condition, source);
    let is_open = ["500", "isRetryableError", "isNetworkError(", "=> true", "return true"]
        .iter()
        .any(|word| written.contains(word));
    is_open && !asks_method(&written)
}

/// Returns the function that a value is: on the spot, or one of the file by its name.
fn resolved<'t>(value: Node<'t>, root: Node<'t>, source: &str) -> Option<Node<'t>> {
    if is_function(value) {
        return Some(value);
    }
    let path = call_path(value, source);
    let name = path.strip_suffix(".bind").unwrap_or(&path);
    named(name.rsplit('.').next().unwrap_or(name), root, source)
}

fn named<'t>(name: &str, root: Node<'t>, source: &str) -> Option<Node<'t>> {
    descendants(root).find(|it| is_function(*it) && function_name(*it, source) == Some(name))
}

/// `config`, `error.config`, `originalRequest`.
fn is_old_request(argument: Node<'_>, source: &str) -> bool {
    let path = call_path(argument, source).to_ascii_lowercase();
    let path = if path.is_empty() { text(argument, source).to_ascii_lowercase() } else { path };
    (path.contains("config") || path.contains("request")) && !path.contains("refresh")
}

/// Returns what must hold for a request to be sent again: the conditions around the call, and what they ask of
/// functions of the file. `None` where they ask a function that is not in the file.
fn reasons(call: Node<'_>, handler: Node<'_>, root: Node<'_>, source: &str) -> Option<String> {
    let mut found = String::new();
    for at in ancestors(call).take_while(|it| it.id() != handler.id()) {
        let condition = match at.kind() {
            "if_statement" | "ternary_expression" => field(at, "condition"),
            "switch_case" => field(at, "value"),
            _ => None,
        };
        let Some(condition) = condition else { continue };
        found.push_str(&code(condition, source));
        found.push('\n');
        for asked in descendants(condition).filter(|it| it.kind() == "call_expression") {
            let name = called_name(asked, source)?;
            if matches!(name, "includes" | "has" | "some" | "test" | "startsWith" | "isAxiosError" | "Boolean" | "get")
            {
                continue;
            }
            found.push_str(&code(named(name, root, source)?, source));
        }
        // `const shouldRetry = …` above.
        for name in descendants(condition).filter(|it| it.kind() == "identifier") {
            let value = descendants(handler).find(|it| {
                it.kind() == "variable_declarator"
                    && field(*it, "name").is_some_and(|it| text(it, source) == text(name, source))
            });
            found.extend(value.and_then(|it| field(it, "value")).map(|it| code(it, source)));
        }
    }
    Some(found)
}

/// Returns the text of a node without its comments.
fn code(node: Node<'_>, source: &str) -> String {
    let mut written = String::new();
    let mut at = node.start_byte();
    for comment in descendants(node).filter(|it| is_comment(*it)) {
        written.push_str(source.get(at..comment.start_byte()).unwrap_or(""));
        at = comment.end_byte();
    }
    written.push_str(source.get(at..node.end_byte()).unwrap_or(""));
    written
}

fn asks_method(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    ["method", "idempot", "issafe", "isget"].iter().any(|word| code.contains(word))
}

/// Whether code sends again what failed, not what was refused: it counts, or speaks of servers and networks.
fn is_retry(code: &str) -> bool {
    const WORDS: [&str; 12] = [
        "retrycount",
        "retries",
        "maxretr",
        "attempt",
        "500",
        "502",
        "503",
        "504",
        "err_network",
        "econnaborted",
        "network error",
        "!error.response",
    ];
    let code = code.to_ascii_lowercase();
    WORDS.iter().any(|word| code.contains(word))
}

/// Whether a condition is about requests that the server refused.
fn is_refusal(condition: &str) -> bool {
    let lower = condition.to_ascii_lowercase();
    let refused = ["401", "403", "419", "429", "unauthor", "expired", "csrf", "refresh", "ratelimit"];
    let failed = ["500", "502", "503", "504", "!error.response", "err_network"];
    refused.iter().any(|word| lower.contains(word)) && !failed.iter().any(|word| lower.contains(word))
}

/// Whether a condition asks for the person: a request that was not let in has not run.
fn is_about_session(condition: &str) -> bool {
    let lower = condition.to_ascii_lowercase();
    ["token", "session", "login", "auth"].iter().any(|word| lower.contains(word)) && !lower.contains("retr")
}

/// Returns the names of the parameters after the first that may be options of a request.
fn parameters<'s>(function: Node<'_>, source: &'s str) -> Vec<&'s str> {
    let list = field(function, "parameters").into_iter().flat_map(parts);
    let names = list.filter_map(|it| field(it, "pattern").or_else(|| field(it, "left")).or(Some(it)));
    names.skip(1).filter(|it| it.kind() == "identifier").map(|it| text(it, source)).collect()
}
