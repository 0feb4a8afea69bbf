//! What a handler does when it is called: nothing, talk to the console, or something.

use arrears_syntax::node::{children, parts, range, text};
use arrears_syntax::script::{block_range, body, call_path, called_name, is_comment, is_function, unwrapped};
use tree_sitter::Node;

/// What a handler does.
#[derive(Debug, Clone, Copy)]
pub enum Deed<'t> {
    /// Nothing at all; the comment is what it says instead.
    Nothing(Option<Node<'t>>),
    /// It writes to the console, and nothing else.
    Console(Node<'t>),
    /// Something, or it cannot be told.
    Something,
}

/// Returns what a handler does: a function, or a name that stands for none.
pub fn deed<'t>(handler: Node<'t>, source: &str) -> Deed<'t> {
    if !is_function(handler) {
        let is_nothing = matches!(text(handler, source), "undefined" | "null" | "noop" | "_.noop" | "lodash.noop");
        return if is_nothing { Deed::Nothing(None) } else { Deed::Something };
    }
    let Some(body) = body(handler).map(unwrapped) else { return Deed::Something };
    if body.kind() != "statement_block" {
        return if is_console_call(body, source) {
            Deed::Console(body)
        } else if matches!(text(body, source), "undefined" | "null" | "0") {
            Deed::Nothing(None)
        } else {
            Deed::Something
        };
    }
    let inside = block_range(body);
    let comment = children(body).find(|it| is_comment(*it) && inside.contains(range(*it)));
    let (mut console, mut holds_event) = (None, false);
    let is_idle = parts(body).filter(|it| it.kind() != "empty_statement").all(|statement| {
        let Some(inner) = parts(statement).next() else { return statement.kind() == "return_statement" };
        let is_call = statement.kind() == "expression_statement";
        let is_nothing = statement.kind() == "return_statement" && matches!(text(inner, source), "undefined" | "null");
        if is_call && is_console_call(inner, source) {
            console.get_or_insert(inner);
            return true;
        }
        let is_held = is_call && only_holds_the_event(inner, source);
        holds_event |= is_held;
        is_held || is_nothing
    });
    match (is_idle, console) {
        (true, Some(call)) => Deed::Console(call),
        (true, None) if !holds_event => Deed::Nothing(comment),
        (true | false, _) => Deed::Something,
    }
}

fn is_console_call(node: Node<'_>, source: &str) -> bool {
    node.kind() == "call_expression" && call_path(node, source).starts_with("console.")
}

/// `event.preventDefault()` and the like say what is *not* to happen.
fn only_holds_the_event(node: Node<'_>, source: &str) -> bool {
    node.kind() == "call_expression"
        && matches!(called_name(node, source), Some("preventDefault" | "stopPropagation" | "persist"))
}

/// Returns whether a comment in an empty body puts its work off; any other explains why there is none.
pub fn puts_work_off(comment: &str) -> bool {
    crate::python::placeholder::announcement(comment).is_some() || announces_work(comment)
}

/// "handle click", "open the dialog", "call the API here": an order to whoever comes next.
fn announces_work(comment: &str) -> bool {
    const VERBS: [&str; 12] = [
        "handle ",
        "implement",
        "open ",
        "navigate ",
        "call ",
        "add ",
        "show ",
        "fetch ",
        "save ",
        "delete ",
        "send ",
        "go to ",
    ];
    let words = crate::python::placeholder::plain(comment).to_ascii_lowercase();
    let is_reason =
        ["handled", " by ", "no-op", "noop", "nothing", "already", "required", "not needed", "ignore", "prevent"];
    VERBS.iter().any(|verb| words.starts_with(verb)) && !is_reason.iter().any(|word| words.contains(word))
}
