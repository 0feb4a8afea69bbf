//! Where failures are caught: what was attempted, and what is done when it fails.

use arrears_core::text::TextRange;
use arrears_syntax::node::{ancestors, children, descendants, field, parts, range, text};
use arrears_syntax::script::{
    arguments, block_range, body, call_path, called_name, is_comment, is_function, unwrapped,
};
use tree_sitter::Node;

/// A `catch` clause, or a call of `.catch(…)`.
#[derive(Debug)]
pub struct Failure<'t> {
    /// The words that catch: `catch (error)`, `.catch`.
    pub clause: TextRange,
    /// The `try` statement, or the call of `.catch`.
    pub node: Node<'t>,
    /// What may fail: the body of the `try`, or the promise.
    pub attempt: Node<'t>,
    /// What is done then.
    pub handler: Handler<'t>,
    /// The name of the error, where it has one.
    pub error: Option<Node<'t>>,
}

/// What is done with a failure.
#[derive(Debug, Clone, Copy)]
pub enum Handler<'t> {
    /// Nothing. The node is the empty block, or what stands in its place.
    Empty(Node<'t>),
    /// It is written to the console, and nothing else.
    Console(Node<'t>),
    /// A value takes its place.
    Value,
    /// Something.
    Other,
}

/// A call that a `try` or a promise is made of.
#[derive(Debug, Clone)]
pub struct Attempted<'t> {
    /// The call.
    pub node: Node<'t>,
    /// What it calls, without arguments.
    pub path: String,
    /// Whether it is waited for.
    pub is_awaited: bool,
}

impl<'t> Failure<'t> {
    /// Reads a `try` statement that has a handler, or a call of `.catch`.
    pub fn read(node: Node<'t>, source: &str) -> Option<Self> {
        if node.kind() == "try_statement" { Self::of_try(node, source) } else { Self::of_call(node, source) }
    }

    fn of_try(node: Node<'t>, source: &str) -> Option<Self> {
        let clause = field(node, "handler")?;
        let block = field(clause, "body")?;
        let error = field(clause, "parameter");
        let header = TextRange::new(range(clause).start(), range(block).start());
        let words = header.slice(source).trim_end().len();
        let clause = TextRange::of(header.to_usize().start..header.to_usize().start + words);
        Some(Self { clause, node, attempt: field(node, "body")?, handler: block_handler(block, source), error })
    }

    fn of_call(node: Node<'t>, source: &str) -> Option<Self> {
        let function = field(node, "function").filter(|it| it.kind() == "member_expression")?;
        let property = field(function, "property").filter(|it| text(*it, source) == "catch")?;
        let attempt = field(function, "object")?;
        let mut given = arguments(node);
        let argument = given.next();
        if given.next().is_some() {
            return None;
        }
        let list = field(node, "arguments")?;
        let (handler, error) = match argument {
            None => (Handler::Empty(list), None),
            Some(argument) => callback_handler(argument, source),
        };
        Some(Self { clause: range(property), node, attempt, handler, error })
    }

    /// Returns whether the promise's outcome is used: given away, compared, awaited into a name.
    pub fn is_used(&self, source: &str) -> bool {
        let mut at = self.node;
        while let Some(parent) = at.parent() {
            match parent.kind() {
                "await_expression" | "parenthesized_expression" | "non_null_expression" => {}
                "unary_expression" if text(parent, source).starts_with("void") => {}
                "member_expression" if is_chained(parent, source) => {}
                "call_expression" if field(parent, "function").is_some_and(|it| it.id() == at.id()) => {}
                "expression_statement" => return false,
                "arrow_function" => return !is_event_handler(parent, source),
                _ => return true,
            }
            at = parent;
        }
        true
    }

    /// Returns whether the promise comes from a call. One that only has a name was made elsewhere, and its `.catch`
    /// keeps the runtime from complaining.
    pub fn is_made_here(&self, source: &str) -> bool {
        let mut at = unwrapped(self.attempt);
        while at.kind() == "call_expression" && matches!(called_name(at, source), Some("then" | "catch" | "finally")) {
            let Some(before) = field(at, "function").and_then(|it| field(it, "object")) else { return false };
            at = unwrapped(before);
        }
        at.kind() == "call_expression"
    }

    /// Returns whether another attempt follows a `try` that leaves when it succeeds, or an error is raised after it.
    pub fn is_first_of_several(&self, source: &str) -> bool {
        let leaves =
            |node: Node<'_>| matches!(node.kind(), "return_statement" | "break_statement" | "continue_statement");
        let may_leave = descendants(self.attempt).any(leaves);
        let around = || std::iter::once(self.node).chain(ancestors(self.node).take_while(|it| !is_function(*it)));
        let in_loop = around()
            .any(|it| matches!(it.kind(), "for_statement" | "for_in_statement" | "while_statement" | "do_statement"));
        let after = |node: Node<'t>| std::iter::successors(node.next_named_sibling(), |it| it.next_named_sibling());
        let goes_on = |it: &Node<'_>| !is_comment(*it) && text(*it, source).contains('(');
        let mut rest = around().flat_map(after);
        may_leave && in_loop || rest.any(|it| it.kind() == "throw_statement" || may_leave && goes_on(&it))
    }

    /// Returns the calls that may fail. Functions inside are left out; so are the arguments of a promise's maker.
    pub fn attempted(&self, source: &str) -> Vec<Attempted<'t>> {
        let is_promise = self.node.kind() == "call_expression";
        let mut found = Vec::new();
        let mut awaited = is_promise.then_some(self.attempt);
        let mut nodes = descendants(self.attempt);
        while let Some(node) = nodes.next() {
            match node.kind() {
                "await_expression" => awaited = parts(node).next(),
                "call_expression" | "new_expression" => {
                    let is_awaited = awaited.is_some_and(|promise| is_part_of(promise, node, source));
                    found.push(Attempted { node, path: call_path(node, source), is_awaited });
                }
                _ if is_function(node) => nodes.skip_children(),
                _ => {}
            }
        }
        found
    }

    /// Returns whether somebody wrote down why it may fail: in an empty handler in any words, beside it, above it or
    /// beside a call of the console in words that speak of failing.
    pub fn is_explained(&self, source: &str) -> bool {
        let handler = match self.handler {
            Handler::Empty(node) | Handler::Console(node) => node,
            Handler::Value | Handler::Other => return false,
        };
        let body = block_range(handler);
        let mut inside = descendants(handler).filter(|it| is_comment(*it) && body.contains(range(*it)));
        let is_empty = matches!(self.handler, Handler::Empty(_));
        if inside.any(|it| is_reason(text(it, source)) || is_empty && !is_task(text(it, source))) {
            return true;
        }
        let end = if self.node.kind() == "try_statement" { body.end() } else { range(self.node).end() };
        let rest_of_line =
            source.get(TextRange::empty(end).to_usize().start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let beside = rest_of_line.find("//").or_else(|| rest_of_line.find("/*")).map(|at| &rest_of_line[at..]);
        let last = children(self.attempt).last().filter(|it| is_comment(*it));
        let above = ancestors(self.node)
            .take_while(|it| !is_function(*it) && !it.kind().ends_with("_block"))
            .filter_map(|it| it.prev_named_sibling());
        let comments = self.node.prev_named_sibling().into_iter().chain(above).filter(|it| is_comment(*it)).chain(last);
        beside.is_some_and(is_reason) || comments.into_iter().any(|it| is_reason(text(it, source)))
    }

    /// Returns whether it lies where failing is all right: in `finally`, in another handler, in code that cleans up.
    pub fn is_in_cleanup(&self, source: &str) -> bool {
        let mut inner = self.node;
        for outer in ancestors(self.node) {
            let is_cleanup = match outer.kind() {
                "finally_clause" | "catch_clause" => true,
                "return_statement" => is_function(unwrapped(inner)),
                _ if is_function(outer) => function_name(outer, source).is_some_and(is_cleanup_name),
                _ => false,
            };
            if is_cleanup {
                return true;
            }
            inner = outer;
        }
        false
    }
}

/// Returns whether a function of the file, found by its name, does something about failures of its own.
pub fn handles_failures(root: Node<'_>, name: &str, source: &str) -> bool {
    let is_handled = |node: Node<'_>| {
        matches!(node.kind(), "try_statement" | "call_expression")
            && Failure::read(node, source).is_some_and(|it| !matches!(it.handler, Handler::Empty(_)))
    };
    descendants(root)
        .filter(|node| is_function(*node) && function_name(*node, source) == Some(name))
        .any(|function| descendants(function).any(is_handled))
}

/// Returns the name of a function: its own, its variable's, its property's.
pub fn function_name<'s>(function: Node<'_>, source: &'s str) -> Option<&'s str> {
    if let Some(name) = field(function, "name") {
        return Some(text(name, source));
    }
    let mut holder = function.parent()?;
    if holder.kind() == "arguments" {
        holder = holder.parent().and_then(|call| call.parent())?;
    }
    let name = match holder.kind() {
        "variable_declarator" | "public_field_definition" => field(holder, "name"),
        "pair" => field(holder, "key"),
        "assignment_expression" => field(holder, "left"),
        _ => None,
    };
    name.map(|name| text(name, source))
}

/// Returns whether a function answers an event: an attribute `onClick={…}`, a property `onPress: …`.
pub fn is_event_handler(function: Node<'_>, source: &str) -> bool {
    let Some(holder) = function.parent() else { return false };
    let attribute = match holder.kind() {
        "jsx_expression" => holder.parent().and_then(|attribute| parts(attribute).next()),
        "pair" => field(holder, "key"),
        _ => None,
    };
    attribute.is_some_and(|name| text(name, source).starts_with("on"))
}

fn block_handler<'t>(block: Node<'t>, source: &str) -> Handler<'t> {
    let mut statements = parts(block).filter(|it| it.kind() != "empty_statement").peekable();
    if statements.peek().is_none() {
        Handler::Empty(block)
    } else if statements.all(|it| is_console_call(it, source)) {
        Handler::Console(block)
    } else {
        Handler::Other
    }
}

fn callback_handler<'t>(argument: Node<'t>, source: &str) -> (Handler<'t>, Option<Node<'t>>) {
    let written = text(argument, source);
    if !is_function(argument) {
        let handler = match written {
            "null" | "undefined" | "noop" | "_.noop" | "lodash.noop" | "$.noop" => Handler::Empty(argument),
            "console.error" | "console.log" | "console.warn" => Handler::Console(argument),
            _ => Handler::Other,
        };
        return (handler, None);
    }
    let error = field(argument, "parameter").or_else(|| field(argument, "parameters").and_then(|it| parts(it).next()));
    let handler = match body(argument).map(unwrapped) {
        Some(block) if block.kind() == "statement_block" => match block_handler(block, source) {
            Handler::Other if parts(block).all(returns_nothing) => Handler::Empty(block),
            handler => handler,
        },
        Some(value) if matches!(text(value, source), "null" | "undefined") || text(value, source) == "0" => {
            Handler::Empty(argument)
        }
        Some(value) if value.kind() == "call_expression" && call_path(value, source).starts_with("console.") => {
            Handler::Console(argument)
        }
        Some(value) if value.kind() == "call_expression" => Handler::Other,
        _ => Handler::Value,
    };
    (handler, error)
}

fn returns_nothing(statement: Node<'_>) -> bool {
    statement.kind() == "return_statement"
        && parts(statement).next().is_none_or(|value| matches!(value.kind(), "null" | "undefined"))
}

fn is_console_call(statement: Node<'_>, source: &str) -> bool {
    let Some(call) = parts(statement).next().filter(|_| statement.kind() == "expression_statement") else {
        return false;
    };
    call.kind() == "call_expression" && call_path(call, source).starts_with("console.")
}

/// `p.then(f)` and `p.finally(f)` go on with the promise; a callback that takes a value uses what `catch` returned.
fn is_chained(member: Node<'_>, source: &str) -> bool {
    let Some(call) = member.parent().filter(|it| it.kind() == "call_expression") else { return false };
    match called_name(call, source) {
        Some("finally") => true,
        Some("then") => arguments(call).next().is_some_and(|callback| {
            field(callback, "parameter").is_none()
                && field(callback, "parameters").is_some_and(|list| parts(list).next().is_none())
        }),
        _ => false,
    }
}

/// Whether a call is a link of the chain that makes a promise; `Promise.all` and the like are made of what they take.
fn is_part_of(promise: Node<'_>, call: Node<'_>, source: &str) -> bool {
    let mut at = Some(unwrapped(promise));
    while let Some(link) = at {
        if link.id() == call.id() {
            return true;
        }
        at = match link.kind() {
            "call_expression" if call_path(link, source).starts_with("Promise.") => {
                return range(link).contains(range(call));
            }
            "call_expression" => field(link, "function"),
            "member_expression" | "subscript_expression" => field(link, "object"),
            "ternary_expression" | "binary_expression" => return range(link).contains(range(call)),
            _ => return false,
        }
        .map(unwrapped);
    }
    false
}

/// Whether a comment puts the matter off, or only speaks to a tool.
fn is_task(comment: &str) -> bool {
    const WORDS: [&str; 11] = [
        "todo",
        "fixme",
        "xxx",
        "hack",
        "arrears:",
        "eslint-",
        "biome-ignore",
        "@ts-",
        "istanbul",
        "prettier-",
        "noinspection",
    ];
    let comment = comment.trim_start_matches(['/', '*', ' ', '\t']).to_ascii_lowercase();
    WORDS.iter().any(|word| comment.starts_with(word))
}

/// Whether a comment speaks of failing.
fn is_reason(comment: &str) -> bool {
    const WORDS: [&str; 22] = [
        "best effort",
        "best-effort",
        "fail",
        "fire and forget",
        "fire-and-forget",
        "ignore",
        "optional",
        "may throw",
        "may not",
        "might",
        "not critical",
        "non-critical",
        "noncritical",
        "non-blocking",
        "nonblocking",
        "silent",
        "swallow",
        "throws",
        "unavailable",
        "unhandled",
        "background",
        "doesn't matter",
    ];
    let comment = comment.to_ascii_lowercase();
    // A suppression says `ignore`, too; it needs the finding that it suppresses.
    !comment.contains("arrears:") && WORDS.iter().any(|word| comment.contains(word))
}

fn is_cleanup_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "cleanup",
        "dispose",
        "teardown",
        "destroy",
        "unmount",
        "shutdown",
        "disconnect",
        "unload",
        "logout",
        "signout",
        "unsubscribe",
    ]
    .iter()
    .any(|word| name.contains(word))
        || matches!(name.as_str(), "close" | "stop" | "reset")
}
