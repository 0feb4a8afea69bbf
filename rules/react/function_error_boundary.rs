//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Precision;
use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::boundary::{contains_boundary, is_boundary_name, is_children};
use arrears_model::script::failure::function_name;
use arrears_syntax::node::{ancestors, descendants, field, parts, range, text};
use arrears_syntax::script::{called_name, element_name, is_function, is_jsx, unwrapped};
use tree_sitter::Node;

rule! {
    /// Finds functions that are meant to catch the errors of their children, which React lets only classes do.
    ///
    /// A `try` around `<Child />` is over before React calls `Child`; a listener for `error` events hears of it after
    /// the tree is gone. The error takes away the whole page, and the name promises the opposite.
    ///
    /// ```tsx bad
    /// export function ErrorBoundary({ children }: Props) {
    ///   try {
    ///     return <>{children}</>;
    ///   } catch {
    ///     return <p role="alert">Something went wrong.</p>;
    ///   }
    /// }
    /// ```
    /// ```tsx good
    /// import { ErrorBoundary as Boundary } from "react-error-boundary";
    /// export function ErrorBoundary({ children }: Props) {
    ///   return <Boundary fallback={<p role="alert">Something went wrong.</p>}>{children}</Boundary>;
    /// }
    /// ```
    ///
    /// Not flagged: a function around a real boundary; one without children, which is the fallback that a framework
    /// shows (`export function ErrorBoundary` of a route, of Expo Router); a `try` that calls or awaits something
    /// beside its elements, since that may fail in it. React's compiler rules see the `try`, not the name.
    pub(crate) const RULE = {
        code: "react/function-error-boundary",
        summary: "function components cannot be error boundaries",
        check: Check::File {
            language: Family::Script,
            kinds: &["function_declaration", "function_expression", "arrow_function", "try_statement"],
            run: check,
        },
        severity: Severity::Error,
        precision: Precision::VeryHigh,
    }
}

const HELP: &str = "use a class with `getDerivedStateFromError`, or `ErrorBoundary` of `react-error-boundary`";

fn check(ctx: &mut FileContext<'_, '_>) {
    let names_one = ctx.script().functions.iter().any(|function| is_boundary_name(&function.name));
    for note in ctx.noted() {
        if note.node.kind() == "try_statement" {
            check_try(note.node, ctx);
        } else if names_one {
            check_function(note.node, ctx);
        }
    }
}

fn check_function(function: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let Some(name) = function_name(function, ctx.text()).filter(|name| is_boundary_name(name)) else { return };
    let is_covered = contains_boundary(function, name, ctx.text()) || is_route(function, ctx);
    if is_covered || !shows_children(function, ctx.text()) {
        return;
    }
    let message = format!("`{name}` catches nothing: it is a function, and only a class can be an error boundary");
    let place = name_range(function, name, ctx.text());
    ctx.report(place, message).help(HELP);
}

fn check_try(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let (Some(attempt), Some(_)) = (field(node, "body"), field(node, "handler")) else { return };
    let Some(shown) = only_element(attempt, source) else { return };
    let Some(function) = ancestors(node).find(|it| is_function(*it)) else { return };
    let is_reported = function_name(function, source).is_some_and(is_boundary_name)
        && shows_children(function, source)
        && !contains_boundary(function, "", source);
    if is_reported {
        return;
    }
    let start = range(node).start();
    let message = format!("`try` catches nothing of `{shown}`: React renders it after this function has returned");
    ctx.report(TextRange::new(start, start + 3), message).help(HELP);
}

/// Returns what a `try` renders, when it does nothing but return an element.
fn only_element(block: Node<'_>, source: &str) -> Option<String> {
    let mut statements = parts(block);
    let value = statements.next().filter(|it| it.kind() == "return_statement").and_then(|it| parts(it).next())?;
    if statements.next().is_some() || calls_something(value) {
        return None;
    }
    let value = unwrapped(value);
    if is_children(value, source) {
        return Some("children".to_owned());
    }
    let is_component = |name: &&str| name.starts_with(|first: char| first.is_ascii_uppercase());
    let mut names = descendants(value).filter(|it| is_jsx(*it)).filter_map(|it| element_name(it, source));
    is_jsx(value).then(|| names.find(is_component)).flatten().map(|name| format!("<{name}>"))
}

/// Whether a value calls a function while it is made, or reaches deep into data that may be missing.
fn calls_something(value: Node<'_>) -> bool {
    let mut nodes = descendants(value);
    while let Some(node) = nodes.next() {
        if is_function(node) {
            nodes.skip_children();
        } else if matches!(
            node.kind(),
            "call_expression" | "new_expression" | "await_expression" | "subscript_expression" | "spread_element"
        ) || node.kind() == "member_expression"
            && field(node, "object").is_some_and(|object| object.kind() == "member_expression")
            && !matches!(field(node, "object").and_then(|it| field(it, "object")).map(|it| it.kind()), Some("this"))
        {
            return true;
        }
    }
    false
}

/// Whether a function passes its children on. A caller that calls them, `children()`, is no React component.
fn shows_children(function: Node<'_>, source: &str) -> bool {
    let Some(body) = field(function, "body") else { return false };
    let is_shown = |node: Node<'_>| node.kind().ends_with("identifier") && text(node, source) == "children";
    let called = descendants(body).any(|node| {
        node.kind() == "call_expression" && field(node, "function").is_some_and(|it| text(it, source) == "children")
    });
    !called && descendants(body).any(is_shown)
}

/// A framework calls the error component of a route with the error, or lets it ask for it.
fn is_route(function: Node<'_>, ctx: &FileContext<'_, '_>) -> bool {
    let is_call = |node: &Node<'_>| node.kind() == "call_expression";
    descendants(function).filter(is_call).any(|call| called_name(call, ctx.text()) == Some("useRouteError"))
}

fn name_range(function: Node<'_>, name: &str, source: &str) -> TextRange {
    let holder = field(function, "name")
        .is_none()
        .then(|| ancestors(function).find(|it| field(*it, "name").is_some_and(|found| text(found, source) == name)));
    let named = holder.flatten().unwrap_or(function);
    field(named, "name").map_or_else(|| range(function), range)
}
