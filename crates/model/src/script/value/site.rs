//! Which calls may ask a server.

use arrears_syntax::node::{field, parts, text};
use arrears_syntax::script::called_name;
use tree_sitter::Node;

use super::read::bare;

/// Names of functions that ask a server, whatever they belong to.
const VERBS: [&str; 24] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "del",
    "head",
    "options",
    "request",
    "ajax",
    "query",
    "mutation",
    "useQuery",
    "useSWR",
    "useSWRMutation",
    "useSWRImmutable",
    "useSWRInfinite",
    "getJSON",
    "io",
    "extend",
    "load",
    "infiniteQuery",
    "injectEndpoints",
    "sendBeacon",
];
/// What the names of functions that ask a server hold, in small letters.
const STEMS: [&str; 8] = ["fetch", "request", "api", "http", "axios", "socket", "client", "ajax"];
/// What is made to listen to a server.
const MADE: [&str; 9] = [
    "WebSocket",
    "ReconnectingWebSocket",
    "EventSource",
    "Pusher",
    "Request",
    "RobustWebSocket",
    "Echo",
    "Centrifuge",
    "EventSourcePolyfill",
];

/// Returns whether a call may ask a server: by its name, or by its first argument.
pub(super) fn may_ask(node: Node<'_>, source: &str) -> bool {
    if node.kind() == "new_expression" {
        let name = field(node, "constructor").map_or("", |it| text(it, source));
        return MADE.contains(&name.rsplit('.').next().unwrap_or(name));
    }
    let Some(first) = field(node, "arguments").and_then(|it| it.named_child(0)) else { return false };
    let name = called_name(node, source).unwrap_or("");
    VERBS.contains(&name)
        || STEMS.iter().any(|stem| holds(name, stem))
        || (name == "open" && matches!(first.kind(), "string") && text(first, source).len() <= 9)
        || looks_like_url(bare(first), source)
}

fn looks_like_url(first: Node<'_>, source: &str) -> bool {
    let written = text(first, source);
    match first.kind() {
        "string" | "template_string" => {
            let inner = written.get(1..).unwrap_or("");
            inner.starts_with('/')
                || inner.starts_with("http")
                || inner.starts_with("ws")
                || inner.starts_with("${") && inner.find('}').is_some_and(|at| inner[at + 1..].starts_with('/'))
        }
        "object" => parts(first)
            .any(|it| field(it, "key").unwrap_or(it).kind().contains("identifier") && is_named(it, "url", source)),
        "member_expression" | "call_expression" | "identifier" => {
            let written = written.get(..written.len().min(64)).unwrap_or("");
            let last = written.rsplit('.').next().unwrap_or(written);
            ["url", "endpoint", "uri"].iter().any(|word| holds(last, word))
                || last == "path"
                || ["ENDPOINT", "API", "URL", "ROUTES", "PATHS"].iter().any(|word| written.contains(word))
        }
        _ => false,
    }
}

fn is_named(entry: Node<'_>, name: &str, source: &str) -> bool {
    let key = field(entry, "key").unwrap_or(entry);
    text(key, source) == name
}

/// Returns whether a name holds a word in small letters, whatever the case of the name.
fn holds(name: &str, word: &str) -> bool {
    name.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}
