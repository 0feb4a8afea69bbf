//! See [`RULE`].

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::naming::words;
use arrears_model::script::binding::Bindings;
use arrears_model::script::credential::{Meaning, meaning};
use arrears_syntax::node::{children, descendants, field, range, text};
use arrears_syntax::script::{arguments, call_path, called_name, is_function, returned, string_value, unwrapped};
use tree_sitter::Node;

rule! {
    /// Finds tokens in the URL of a WebSocket.
    ///
    /// URLs are written down on the way: by proxies, by load balancers, by the access log of the server. The token lies
    /// in all of them, in clear, for as long as logs are kept.
    ///
    /// ```ts bad
    /// export function listen(room: string, token: string) {
    ///   return new WebSocket(`wss://example.com/ws/rooms/${room}/?token=${token}`);
    /// }
    /// ```
    /// ```ts good
    /// export async function listen(room: string) {
    ///   const { ticket } = await api.post("/ws-tickets/");
    ///   return new WebSocket(`wss://example.com/ws/rooms/${room}/?ticket=${ticket}`);
    /// }
    /// ```
    ///
    /// An URL is a socket's where it is given to one, follows `ws://` or `wss://`, or starts with a name that says so.
    /// Not flagged: tickets that work once, cookies, a first message that carries the token. No other linter has this
    /// rule.
    pub(crate) const RULE = {
        code: "security/token-in-websocket-url",
        summary: "token travels in the URL of a WebSocket and ends up in logs",
        check: Check::File {
            language: Family::Script,
            kinds: &["template_string", "binary_expression", "new_expression", "call_expression"],
            run: check,
        },
        mentions: &["token", "access_token", "accessToken", "jwt", "auth_token", "authToken"],
        security_severity: "4.3",
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    if ctx.script().is_test_code() {
        return;
    }
    let (root, source) = (ctx.root(), ctx.text());
    let speaks = ["WebSocket", "websocket", "ws", "wss", "useWebSocket", "ReconnectingWebSocket", "Centrifuge"];
    let holds_socket = speaks.iter().any(|word| ctx.facts().words.may_contain(word));
    if !holds_socket {
        return;
    }
    let notes = ctx.noted();
    let sockets: Vec<Node<'_>> = notes.iter().map(|note| note.node).filter(|it| opens_socket(*it, source)).collect();
    let bindings = if sockets.is_empty() { Bindings::default() } else { Bindings::read(root, source) };
    let mut urls: Vec<Node<'_>> = notes.iter().map(|note| note.node).filter(|it| says_socket(*it, source)).collect();
    for socket in &sockets {
        urls.extend(urls_of(*socket, &bindings, source));
    }
    let mut places: Vec<_> = urls.into_iter().filter_map(|url| Some((range(url), token_in(url, source)?))).collect();
    for note in &notes {
        places.extend(parameter_set(note.node, &sockets, source));
    }
    places.sort_by_key(|(place, _)| (place.start(), place.end()));
    let mut end = 0;
    for (place, name) in places {
        // A part of an URL that is reported already says nothing new.
        if place.start() < end {
            continue;
        }
        end = place.end();
        ctx.report(place, format!("`{name}` travels in the URL of a WebSocket, and URLs end up in logs"))
            .help("send it in the first message, or trade it for a ticket that works once");
    }
}

/// How much of a URL's beginning is looked at.
const MAX_HEAD: usize = 200;

fn opens_socket(node: Node<'_>, source: &str) -> bool {
    let called = match node.kind() {
        "new_expression" => field(node, "constructor"),
        "call_expression" => field(node, "function"),
        _ => None,
    };
    called.is_some_and(|it| {
        let path = text(it, source);
        let name = path.rsplit('.').next().unwrap_or(path);
        name.ends_with("WebSocket") && !name.starts_with("close") || name == "WebSocketSubject"
    })
}

/// Returns the URL that a socket is given, and those that its names and its makers stand for.
fn urls_of<'t>(socket: Node<'t>, bindings: &Bindings<'t, '_>, source: &str) -> Vec<Node<'t>> {
    let Some(url) = arguments(socket).next().map(unwrapped) else { return Vec::new() };
    let Some(value) = bindings.resolved(url, source) else { return Vec::new() };
    let mut urls = vec![value];
    if value.kind() == "call_expression"
        && let Some(maker) = field(value, "function").and_then(|it| bindings.resolved(it, source))
        && is_function(maker)
    {
        urls.extend(returned(maker).into_iter().filter_map(|it| bindings.resolved(it, source)));
    }
    urls.retain(|it| !is_function(*it));
    urls
}

/// Returns whether a text is an URL of a socket by its own words.
fn says_socket(node: Node<'_>, source: &str) -> bool {
    let head = match node.kind() {
        "template_string" => children(node).next(),
        "binary_expression" if field(node, "operator").is_some_and(|it| it.kind() == "+") => field(node, "left"),
        _ => None,
    };
    head.is_some_and(|head| {
        // Concatenations nest: the beginning tells.
        let written = text(head, source);
        let written = &written[..written.floor_char_boundary(MAX_HEAD.min(written.len()))];
        written.contains("ws://")
            || written.contains("wss://")
            || words(written).iter().any(|word| matches!(word.as_str(), "ws" | "wss" | "websocket" | "websockets"))
    })
}

/// Returns the parameter of a URL that holds a token: `?token=${token}`.
fn token_in(url: Node<'_>, source: &str) -> Option<String> {
    descendants(url).take(400).filter(|it| !is_function(*it)).find_map(|it| {
        let written = match it.kind() {
            "string_fragment" | "string" => text(it, source),
            _ => return None,
        };
        let (_, name) = written.trim_end_matches(['"', '\'']).strip_suffix('=')?.rsplit_once(['?', '&'])?;
        (meaning(name) == Meaning::Token || name == "auth").then(|| name.to_owned())
    })
}

/// `url.searchParams.set("token", token)`, where a socket is given `url`.
fn parameter_set(
    call: Node<'_>,
    sockets: &[Node<'_>],
    source: &str,
) -> Option<(arrears_core::text::TextRange, String)> {
    if call.kind() != "call_expression" || !matches!(called_name(call, source), Some("set" | "append")) {
        return None;
    }
    let path = call_path(call, source);
    let object = path.strip_suffix(".searchParams.set").or_else(|| path.strip_suffix(".searchParams.append"))?;
    let name = arguments(call).next().and_then(|it| string_value(it, source))?;
    let is_given = sockets.iter().any(|socket| {
        let url = arguments(*socket).next().map(|url| call_path(url, source));
        url.is_some_and(|url| url == object || url.strip_prefix(object).is_some_and(|rest| rest.starts_with('.')))
    });
    (is_given && meaning(&name) == Meaning::Token).then(|| (range(call), name.into_owned()))
}
