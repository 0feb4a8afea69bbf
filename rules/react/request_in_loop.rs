//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::effort::without_promise;
use arrears_model::script::request::is_request;
use arrears_syntax::node::{descendants, field, parts, range, text};
use arrears_syntax::script::{call_path, called_name, is_function, unwrapped};
use tree_sitter::Node;

rule! {
    /// Finds requests that are sent once for each item of a list.
    ///
    /// Fifty selected rows are fifty requests: one after the other they take fifty round trips, all at once they queue
    /// in the browser and at the server, and when one fails half of the work is done.
    ///
    /// ```ts bad
    /// export async function archive(ids: number[]) {
    ///   for (const id of ids) {
    ///     await api.post(`/orders/${id}/archive/`);
    ///   }
    /// }
    /// ```
    /// ```ts good
    /// export async function archive(ids: number[]) {
    ///   await api.post("/orders/archive/", { ids });
    /// }
    /// ```
    ///
    /// Not flagged: uploads, pages, chunks, retries and polling, loops that end at the first success, up to five items
    /// that are written out, code of servers and of tests. ESLint's `no-await-in-loop` flags every `await` and does
    /// not see `map`.
    pub(crate) const RULE = {
        code: "react/request-in-loop",
        summary: "one request per item",
        check: Check::Node { language: Family::Script, kinds: &["call_expression"], run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
    }
}

fn check(call: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let path = call_path(call, source);
    // Of `fetch(…).then(…)` the inner call is the request.
    if path.is_empty() || without_promise(&path) != path || !is_request(&path, ctx.script()) {
        return;
    }
    if ctx.script().is_node_code()
        || ctx.script().is_test_code()
        || ctx.script().imports_any(&["k6"])
        || path.to_ascii_lowercase().contains("upload")
    {
        return;
    }
    if ctx.source().path.folders().any(|folder| matches!(folder, "scripts" | "bin" | "load_testing")) {
        return;
    }
    let Some((items, scope)) = loop_around(ctx.enclosing(), source) else { return };
    let is_special = |text: &str| {
        const WORDS: [&str; 12] = [
            "attempt", "retr", "tries", "page", "chunk", "batch", "poll", "file", "upload", "delay", "offset", "cursor",
        ];
        let text = text.to_ascii_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    };
    if is_special(&items) || leaves_early(scope) || is_special(name_around(ctx, source)) {
        return;
    }
    let message = format!("`{path}` is sent once for each of `{items}`");
    ctx.report(field(call, "function").map_or_else(|| range(call), range), message)
        .help("send one request for all of them, or limit how many are under way");
}

/// Returns what is gone through, and the loop or the callback.
fn loop_around<'t>(around: impl Iterator<Item = Node<'t>>, source: &str) -> Option<(String, Node<'t>)> {
    for scope in around {
        match scope.kind() {
            "for_in_statement" => {
                let items = field(scope, "right")?;
                return (!is_short(items) && !text(scope, source).starts_with("for await"))
                    .then(|| (shown(items, source), scope));
            }
            "for_statement" => {
                let condition = field(scope, "condition")?;
                let items = descendants(condition)
                    .find(|it| it.kind() == "member_expression" && text(*it, source).ends_with(".length"))?;
                return Some((shown(field(items, "object")?, source), scope));
            }
            "while_statement" | "do_statement" => return None,
            _ if is_function(scope) => {
                let call = scope.parent().filter(|it| it.kind() == "arguments").and_then(|it| it.parent())?;
                let is_each = matches!(called_name(call, source), Some("map" | "forEach" | "flatMap"));
                let items = field(call, "function").filter(|_| is_each).and_then(|it| field(it, "object"))?;
                return (!is_short(items)).then(|| (shown(items, source), scope));
            }
            _ => {}
        }
    }
    None
}

fn is_short(items: Node<'_>) -> bool {
    let items = unwrapped(items);
    items.kind() == "array" && parts(items).count() <= 5 && parts(items).all(|it| it.kind() != "spread_element")
}

fn shown(items: Node<'_>, source: &str) -> String {
    let path = call_path(items, source);
    if path.is_empty() { text(items, source).chars().take(30).collect() } else { path }
}

/// Whether a loop ends before its items do: it looks for the first that works.
fn leaves_early(scope: Node<'_>) -> bool {
    if is_function(scope) {
        return false;
    }
    let mut nodes = descendants(scope);
    nodes.next();
    while let Some(node) = nodes.next() {
        if is_function(node) {
            nodes.skip_children();
        } else if matches!(node.kind(), "break_statement" | "return_statement") {
            return true;
        }
    }
    false
}

fn name_around<'s>(ctx: &FileContext<'_, '_>, source: &'s str) -> &'s str {
    let named = ctx.enclosing().filter(|it| is_function(*it)).last();
    named.and_then(|it| arrears_model::script::failure::function_name(it, source)).unwrap_or("")
}
