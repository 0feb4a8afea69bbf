//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::failure::function_name;
use arrears_model::script::request::is_request;
use arrears_syntax::node::{descendants, field, parts, range, text};
use arrears_syntax::script::{arguments, call_path, called_name, is_function, returned};
use tree_sitter::Node;

rule! {
    /// Finds effects that send a request and put its answer into state, with nothing to cancel it or to tell of failure.
    ///
    /// When what the effect depends on changes twice, two requests are under way, and the answer that comes last wins,
    /// not the one that was asked for last: the page shows one customer's orders under another's name.
    ///
    /// ```tsx bad
    /// import { useEffect, useState } from "react";
    /// export function Orders({ customer }: { customer: number }) {
    ///   const [orders, setOrders] = useState([]);
    ///   useEffect(() => {
    ///     fetch(`/api/customers/${customer}/orders/`).then((answer) => answer.json()).then(setOrders);
    ///   }, [customer]);
    ///   return <p>{orders.length}</p>;
    /// }
    /// ```
    /// ```tsx good
    /// import { useEffect, useState } from "react";
    /// export function Orders({ customer }: { customer: number }) {
    ///   const [orders, setOrders] = useState([]);
    ///   const [failed, setFailed] = useState(false);
    ///   useEffect(() => {
    ///     const controller = new AbortController();
    ///     fetch(`/api/customers/${customer}/orders/`, { signal: controller.signal })
    ///       .then((answer) => answer.json())
    ///       .then(setOrders)
    ///       .catch(() => setFailed(!controller.signal.aborted));
    ///     return () => controller.abort();
    ///   }, [customer]);
    ///   return <p>{failed ? "not available" : orders.length}</p>;
    /// }
    /// ```
    ///
    /// A function of the same component that the effect calls is looked into. Not flagged: effects with a clean-up or
    /// a flag such as `ignore`, effects that only send. An effect that runs once is flagged only where nothing
    /// handles its failure.
    pub(crate) const RULE = {
        code: "react/fetch-in-effect",
        summary: "request in an effect without cancellation or error state",
        check: Check::Node { language: Family::Script, kinds: &["call_expression"], run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
        mentions: &["useEffect", "useLayoutEffect"],
    }
}

/// Longer components are not looked through for the functions that an effect calls.
const MAX_COMPONENT: usize = 100_000;

fn check(call: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    if !matches!(called_name(call, ctx.text()), Some("useEffect" | "useLayoutEffect")) {
        return;
    }
    let mut given = arguments(call);
    let (Some(effect), dependencies) = (given.next().filter(|it| is_function(*it)), given.next()) else { return };
    let is_read = |it: &Node<'_>| is_function(*it) && it.end_byte() - it.start_byte() < MAX_COMPONENT;
    let component = ctx.enclosing().find(is_read);
    let mut functions = vec![effect];
    functions.extend(component.into_iter().flat_map(|it| called_functions(it, effect, ctx.text())));
    let Some((path, sets)) = request(&functions, ctx) else { return };
    if !sets || functions.iter().any(|it| is_guarded(*it, ctx.text())) || has_cleanup(effect) {
        return;
    }
    let called = called(effect, ctx.text());
    let changing = dependencies.and_then(|list| changing(list, &called, ctx.text()));
    let is_caught = functions.iter().any(|it| handles_failure(*it, ctx.text()));
    let (message, help) = match changing {
        Some(name) => (
            format!("nothing cancels `{path}` when `{name}` changes: an older answer can replace a newer one"),
            "abort the request in the effect's clean-up, or drop its answer there",
        ),
        None if !is_caught => (
            format!("nothing tells the person when `{path}` fails: this effect has no error state"),
            "catch the failure and show it",
        ),
        None => return,
    };
    let place = field(call, "function").map_or_else(|| range(call), range);
    ctx.report(place, message).help(help);
}

/// Returns the functions of a component that an effect calls by name.
fn called_functions<'t>(component: Node<'t>, effect: Node<'t>, source: &str) -> Vec<Node<'t>> {
    let called = called(effect, source);
    let is_called = |node: &Node<'_>| {
        let is_inside = effect.start_byte() <= node.start_byte() && node.end_byte() <= effect.end_byte();
        is_function(*node) && !is_inside && function_name(*node, source).is_some_and(|name| called.contains(&name))
    };
    descendants(component).skip(1).filter(is_called).take(4).collect()
}

/// Returns the names of the functions that an effect calls.
fn called<'s>(effect: Node<'_>, source: &'s str) -> Vec<&'s str> {
    let is_call = |node: &Node<'_>| node.kind() == "call_expression";
    descendants(effect).filter(is_call).filter_map(|it| called_name(it, source)).collect()
}

/// Returns the request that some functions send, and whether one of them sets state.
fn request(functions: &[Node<'_>], ctx: &FileContext<'_, '_>) -> Option<(String, bool)> {
    let source = ctx.text();
    let mut path = None;
    let mut sets = false;
    for node in functions.iter().flat_map(|it| descendants(*it)) {
        match node.kind() {
            "call_expression" => {
                let called = call_path(node, source);
                sets |= is_setter(&called);
                if path.is_none() && is_request(&called, ctx.script()) {
                    path = Some(shown(node, source));
                }
            }
            // `.then(setOrders)`
            "identifier" => sets |= is_setter(text(node, source)),
            _ => {}
        }
    }
    path.map(|path| (path, sets))
}

fn shown(call: Node<'_>, source: &str) -> String {
    let path = call_path(call, source);
    arrears_model::script::effort::without_promise(&path)
}

fn is_setter(name: &str) -> bool {
    name.strip_prefix("set").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Whether some name in a function is that of a flag or of what cancels; comments have no names.
fn is_guarded(function: Node<'_>, source: &str) -> bool {
    const WORDS: [&str; 12] = [
        "abort",
        "signal",
        "ignore",
        "cancel",
        "mounted",
        "active",
        "stale",
        "iscurrent",
        "unsubscribe",
        "latest",
        "disposed",
        "requestid",
    ];
    descendants(function).filter(|it| it.kind().contains("identifier")).any(|it| {
        let name = text(it, source).to_ascii_lowercase();
        name == "current" || WORDS.iter().any(|word| name.contains(word))
    })
}

fn has_cleanup(effect: Node<'_>) -> bool {
    let is_block = field(effect, "body").is_some_and(|it| it.kind() == "statement_block");
    is_block && returned(effect).into_iter().any(is_function)
}

fn handles_failure(function: Node<'_>, source: &str) -> bool {
    descendants(function).any(|node| match node.kind() {
        "catch_clause" => true,
        "call_expression" => {
            let is_second = called_name(node, source) == Some("then") && arguments(node).count() > 1;
            is_second || matches!(called_name(node, source), Some("catch"))
        }
        _ => false,
    })
}

/// Returns the first dependency that may change while the component is shown, functions left out.
fn changing<'s>(list: Node<'_>, called: &[&str], source: &'s str) -> Option<&'s str> {
    const STABLE: [&str; 10] =
        ["dispatch", "navigate", "router", "t", "toast", "api", "client", "i18n", "navigation", "queryClient"];
    const VERBS: [&str; 8] = ["set", "fetch", "load", "get", "on", "handle", "refresh", "show"];
    let is_verb = |name: &str| {
        VERBS.iter().any(|verb| {
            name.strip_prefix(verb).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
        })
    };
    let mut names = parts(list).map(|it| text(it, source));
    names.find(|name| {
        !STABLE.contains(name) && !called.contains(name) && !is_verb(name.rsplit('.').next().unwrap_or(name))
    })
}
