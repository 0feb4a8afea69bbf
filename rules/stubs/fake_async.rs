//! See [`RULE`].

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::invention::simulates;
use arrears_model::script::effort::{Effort, effort, is_mutation};
use arrears_model::script::failure::function_name;
use arrears_model::script::guard::{is_behind_flag, is_showcase};
use arrears_syntax::node::{descendants, field, range, text};
use arrears_syntax::script::{arguments, body, call_path, callee, is_comment, is_function};
use tree_sitter::Node;

rule! {
    /// Finds functions that wait for a timer where a request belongs.
    ///
    /// The spinner turns, the message says "saved", and nothing has left the browser.
    ///
    /// ```tsx bad
    /// export function OrderForm({ order }: Props) {
    ///   const handleSave = async () => {
    ///     setSaving(true);
    ///     await new Promise((resolve) => setTimeout(resolve, 1500));
    ///     setSaving(false);
    ///     toast.success("Order saved");
    ///   };
    ///   return <Button onClick={handleSave}>Save</Button>;
    /// }
    /// ```
    /// ```tsx good
    /// export function OrderForm({ order }: Props) {
    ///   const handleSave = async () => {
    ///     setSaving(true);
    ///     await api.put(`/orders/${order.id}/`, order);
    ///     setSaving(false);
    ///     toast.success("Order saved");
    ///   };
    ///   return <Button onClick={handleSave}>Save</Button>;
    /// }
    /// ```
    ///
    /// A timer counts where its function makes no request and awaits nothing else, and either a comment says that it
    /// simulates one, or the function turns a state of loading or saving on and off around half a second and more.
    /// Not flagged: loops that wait between attempts, debouncing, animation, helpers such as `sleep`, tests, stories.
    /// No other linter has this rule.
    pub(crate) const RULE = {
        code: "stubs/fake-async",
        summary: "timer stands where a request belongs",
        check: Check::Node { language: Family::Script, kinds: &["call_expression"], run: check },
        mentions: &["setTimeout"],
    }
}

fn check(call: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    if !matches!(callee(call, source), Some("setTimeout" | "window.setTimeout")) {
        return;
    }
    if ctx.script().is_test_code() || is_showcase(&ctx.source().path) {
        return;
    }
    let scopes: Vec<Node<'_>> = ctx.enclosing().collect();
    let in_loop = scopes
        .iter()
        .take_while(|it| !is_function(**it) || is_executor(**it, source))
        .any(|it| matches!(it.kind(), "for_statement" | "for_in_statement" | "while_statement" | "do_statement"));
    let mut functions = scopes.iter().copied().filter(|it| is_function(*it)).peekable();
    let is_promise = functions.peek().is_some_and(|it| is_executor(*it, source));
    if is_promise {
        functions.next();
    }
    let Some(function) = functions.next().filter(|_| !in_loop) else { return };
    let name = function_name(function, source).unwrap_or("");
    if is_helper(name) || !is_fake(function, call, is_promise, source) || is_behind_flag(call, source) {
        return;
    }
    let message = if name.is_empty() {
        "a timer stands where a request belongs: nothing is sent".to_owned()
    } else {
        format!("`{name}` waits for a timer where a request belongs: nothing is sent")
    };
    ctx.report(range(call), message).help("call the API, or take the control away until there is one");
}

/// `new Promise((resolve) => setTimeout(resolve, 500))`
fn is_executor(function: Node<'_>, source: &str) -> bool {
    let made = function.parent().and_then(|list| list.parent());
    made.is_some_and(|it| {
        it.kind() == "new_expression" && field(it, "constructor").is_some_and(|it| text(it, source) == "Promise")
    })
}

fn is_helper(name: &str) -> bool {
    const WORDS: [&str; 16] = [
        "sleep",
        "delay",
        "wait",
        "debounce",
        "throttle",
        "retry",
        "backoff",
        "poll",
        "animate",
        "animation",
        "scroll",
        "focus",
        "highlight",
        "copy",
        "close",
        "timeout",
    ];
    let lower = name.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// A function with more nodes than this does too much to be a pretence.
const MAX_NODES: usize = 4_000;

fn is_fake(function: Node<'_>, timer: Node<'_>, is_promise: bool, source: &str) -> bool {
    let Some(body) = body(function).filter(|it| it.kind() == "statement_block") else { return false };
    let mut is_simulated = false;
    let mut toggles = 0;
    let own = range(timer);
    for (at, node) in descendants(body).enumerate() {
        if at > MAX_NODES {
            return false;
        }
        match node.kind() {
            _ if is_comment(node) => is_simulated |= simulates(text(node, source)) && is_near(node, timer),
            "await_expression" if !range(node).contains(own) => return false,
            "call_expression" => {
                let path = call_path(node, source);
                if is_request(&path) {
                    return false;
                }
                toggles += u32::from(sets_progress(&path));
            }
            _ => {}
        }
    }
    let length = arguments(timer).nth(1).and_then(|it| text(it, source).replace('_', "").parse::<u32>().ok());
    let lasts = |least: u32| length.is_none_or(|length| length >= least);
    is_simulated && lasts(200) || is_promise && length.is_some() && lasts(500) && toggles >= 2
}

/// A comment speaks of the timer where it stands before it in the same statements, or within it.
fn is_near(comment: Node<'_>, timer: Node<'_>) -> bool {
    let (comment, timer) = (comment.start_position().row, timer.start_position().row);
    comment <= timer + 3 && timer <= comment + 4
}

fn is_request(path: &str) -> bool {
    let words: Vec<&str> = path.split('.').collect();
    let last = words.last().copied().unwrap_or("");
    let is_setter = path.starts_with("set") && path.chars().nth(3).is_some_and(char::is_uppercase);
    !is_setter
        && (effort(path) == Effort::Request
            || words
                .first()
                .is_some_and(|it| matches!(*it, "api" | "client" | "apiClient" | "http" | "$" | "supabase"))
            || words.len() > 1 && words[0].ends_with("Service") && is_mutation(last)
            || matches!(last, "mutate" | "mutateAsync" | "refetch" | "invalidateQueries" | "send" | "query" | "reload"))
}

/// `setLoading`, `setIsSaving`
fn sets_progress(path: &str) -> bool {
    const WORDS: [&str; 11] = [
        "loading",
        "saving",
        "submitting",
        "pending",
        "processing",
        "sending",
        "deleting",
        "uploading",
        "generating",
        "busy",
        "exporting",
    ];
    let lower = path.to_ascii_lowercase();
    lower.starts_with("set") && WORDS.iter().any(|word| lower.contains(word))
}
