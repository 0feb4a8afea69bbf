//! See [`RULE`].

use arrears_core::rule::{Precision, Scope};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::script::failure::function_name;
use arrears_model::script::retry::{of_interceptor, of_wrapper, takes_every_method};
use arrears_syntax::node::{field, parts, range, text};
use arrears_syntax::script::{arguments, is_function};
use tree_sitter::Node;

rule! {
    /// Finds wrappers that send a failed request again, a POST as well as a GET.
    ///
    /// A request whose answer is lost, or that ends with 502 or 504, may have been carried out. Sent again it pays a
    /// second time, or orders a second time; the person sees one.
    ///
    /// ```ts bad
    /// import axios from "axios";
    /// const client = axios.create({ baseURL: "/api" });
    /// client.interceptors.response.use(undefined, async (error) => {
    ///   const config = error.config;
    ///   config.retryCount = (config.retryCount ?? 0) + 1;
    ///   if (config.retryCount <= 3) {
    ///     return client(config);
    ///   }
    ///   throw error;
    /// });
    /// ```
    /// ```ts good
    /// import axios from "axios";
    /// const client = axios.create({ baseURL: "/api" });
    /// client.interceptors.response.use(undefined, async (error) => {
    ///   const config = error.config;
    ///   config.retryCount = (config.retryCount ?? 0) + 1;
    ///   if (config.retryCount <= 3 && ["get", "head"].includes(config.method)) {
    ///     return client(config);
    ///   }
    ///   throw error;
    /// });
    /// ```
    ///
    /// Interceptors of axios, functions around `fetch` in projects that give them something to write, conditions of
    /// axios-retry that leave its default, and `retry` for all mutations of TanStack Query. Not flagged: what asks for
    /// the method or an idempotency key, requests that were refused (401 and a new token, 403, 429), conditions that
    /// come from elsewhere. No other linter has this rule.
    pub(crate) const RULE = {
        code: "react/retry-non-idempotent",
        summary: "failed POST is sent again and may run twice",
        check: Check::File {
            language: Family::Script,
            kinds: &[
                "call_expression",
                "function_declaration",
                "function_expression",
                "arrow_function",
                "method_definition",
                "pair",
            ],
            run: check,
        },
        precision: Precision::High,
        scope: Scope::Project,
        mentions: &["interceptors", "axiosRetry", "fetch", "defaultOptions"],
    }
}

const HELP: &str = "send again only GET, HEAD, PUT and DELETE, or give each write an idempotency key";

/// A function around `fetch` is short.
const MAX_WRAPPER: usize = 10_000;

fn check(ctx: &mut FileContext<'_, '_>) {
    if ctx.script().is_test_code() {
        return;
    }
    for note in ctx.noted() {
        match note.node.kind() {
            "call_expression" => check_call(note.node, ctx),
            "pair" => check_mutations(note.node, ctx),
            _ => check_function(note.node, ctx),
        }
    }
}

fn check_call(call: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let Some(function) = field(call, "function") else { return };
    let written = text(function, source);
    if written.ends_with("response.use") {
        let Some(resent) = of_interceptor(call, ctx.root(), source) else { return };
        let place = field(resent, "function").map_or_else(|| range(resent), range);
        let message = "this interceptor sends every failed request again, a POST too: it may run twice";
        ctx.report(place, message).help(HELP);
    } else if written == "axiosRetry" {
        let condition = arguments(call).nth(1).and_then(|options| value_of(options, "retryCondition", source));
        let Some(condition) = condition.filter(|it| is_function(*it) && takes_every_method(*it, source)) else {
            return;
        };
        let message = "this condition sends every failed request again, a POST too: it may run twice";
        let start = range(condition).start();
        let line = text(condition, source).lines().next().unwrap_or("").len();
        ctx.report(arrears_core::text::TextRange::of(start as usize..start as usize + line), message)
            .help("keep the default, or ask `isNetworkOrIdempotentRequestError`");
    }
}

fn check_function(function: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let whole = text(function, source);
    if whole.len() > MAX_WRAPPER || !whole.contains("fetch(") {
        return;
    }
    let (Some(resent), Some(name)) = (of_wrapper(function, source), function_name(function, source)) else { return };
    let place = field(resent, "function").map_or_else(|| range(resent), range);
    let words = ["POST", "PATCH"].map(str::to_owned).to_vec();
    ctx.report(place, format!("`{name}` sends every failed request again, a POST too: it may run twice"))
        .help(HELP)
        .only_if(Condition::NameMeetsWord { name: name.to_owned(), words });
}

/// `defaultOptions: { mutations: { retry: 3 } }`
fn check_mutations(pair: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let key = |name: &str| field(pair, "key").is_some_and(|it| text(it, source) == name);
    let Some(options) = field(pair, "value").filter(|it| key("defaultOptions") && it.kind() == "object") else {
        return;
    };
    let Some(retry) = value_of(options, "mutations", source).and_then(|it| value_of(it, "retry", source)) else {
        return;
    };
    let count = text(retry, source);
    if count != "true" && count.parse::<u32>().unwrap_or(0) == 0 {
        return;
    }
    let message = match count {
        "true" | "1" => "every failed mutation is sent again: one whose answer was lost runs twice".to_owned(),
        _ => format!("every failed mutation is sent again, up to {count} times: one whose answer was lost runs twice"),
    };
    ctx.report(range(retry), message).help("leave `retry` of mutations off, and set it where a mutation may run twice");
}

fn value_of<'t>(object: Node<'t>, name: &str, source: &str) -> Option<Node<'t>> {
    let pairs = parts(object).filter(|it| it.kind() == "pair" && object.kind() == "object");
    let mut named = pairs.filter(|it| field(*it, "key").is_some_and(|key| text(key, source) == name));
    named.next().and_then(|it| field(it, "value"))
}
