//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::failure::function_name;
use arrears_syntax::node::{descendants, field, parts, range, text};
use arrears_syntax::script::{called_name, is_function, is_jsx, unwrapped};
use tree_sitter::Node;

rule! {
    /// Finds queries for lists of which a component reads the data and nothing else.
    ///
    /// While the query runs, and when it fails, the data is missing. The component shows an empty list in both cases,
    /// and the person believes it.
    ///
    /// ```tsx bad
    /// import { useQuery } from "@tanstack/react-query";
    /// export function Orders() {
    ///   const { data = [] } = useQuery({ queryKey: ["orders"], queryFn: loadOrders });
    ///   return <ul>{data.map((order) => <li key={order.id}>{order.number}</li>)}</ul>;
    /// }
    /// ```
    /// ```tsx good
    /// import { useQuery } from "@tanstack/react-query";
    /// export function Orders() {
    ///   const { data = [], isPending, isError } = useQuery({ queryKey: ["orders"], queryFn: loadOrders });
    ///   if (isPending) return <Spinner />;
    ///   if (isError) return <p role="alert">The orders are not available.</p>;
    ///   return <ul>{data.map((order) => <li key={order.id}>{order.number}</li>)}</ul>;
    /// }
    /// ```
    ///
    /// Hooks of TanStack Query, SWR and Apollo, and RTK Query's `use…Query` of a module of the project. Not flagged:
    /// suspense and `throwOnError`, queries with initial or placeholder data or an interval, components that ask
    /// whether the data is there, hooks that pass the data on.
    pub(crate) const RULE = {
        code: "react/unhandled-query-state",
        summary: "query whose loading and error states nobody reads",
        check: Check::Node { language: Family::Script, kinds: &["variable_declarator"], run: check },
        preset: Preset::All,
        severity: Severity::Warning,
        precision: Precision::High,
        mentions: &["data"],
    }
}

/// Longer components are not looked through.
const MAX_COMPONENT: usize = 100_000;

fn check(declarator: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let (Some(pattern), Some(value)) = (field(declarator, "name"), field(declarator, "value")) else { return };
    let call = unwrapped(value);
    if call.kind() != "call_expression" {
        return;
    }
    let Some(hook) = called_name(call, ctx.text()).filter(|hook| is_query(hook, ctx)) else { return };
    if decides_otherwise(call, ctx.text()) {
        return;
    }
    let Some(component) = ctx.enclosing().find(|it| is_function(*it)) else { return };
    if component.end_byte() - component.start_byte() > MAX_COMPONENT {
        return;
    }
    let is_component = function_name(component, ctx.text()).is_some_and(|it| it.starts_with(char::is_uppercase));
    if !is_component || !descendants(component).any(is_jsx) {
        return;
    }
    let Some(data) = only_data(pattern, component, ctx.text()) else { return };
    let is_list = is_shown_as_list(pattern, component, &data, ctx.text());
    if !is_list || asks_for(component, &data, ctx.text()) {
        return;
    }
    let place = field(call, "function").map_or_else(|| range(call), range);
    ctx.report(place, format!("`{hook}` shows neither that it loads nor that it failed: only its `data` is read"))
        .help("read `isPending` and `isError`, and show something for each");
}

fn is_query(hook: &str, ctx: &FileContext<'_, '_>) -> bool {
    const PACKAGES: [&str; 7] = [
        "@tanstack/react-query",
        "react-query",
        "@apollo/client",
        "@apollo/client/react",
        "swr",
        "swr/infinite",
        "urql",
    ];
    const HOOKS: [&str; 5] = ["useQuery", "useInfiniteQuery", "useSWR", "useSWRInfinite", "default"];
    let Some((module, imported)) = ctx.script().imported(hook) else { return false };
    let is_library = PACKAGES.contains(&module) && HOOKS.contains(&imported);
    let is_generated = hook.starts_with("use")
        && hook.ends_with("Query")
        && hook.len() > "useQuery".len()
        && !hook.contains("Lazy")
        && !hook.contains("Suspense")
        && (module.starts_with('.') || module.starts_with("@/"))
        && ["api", "Api", "store", "slice", "services"].iter().any(|word| module.contains(word));
    is_library || is_generated
}

/// Whether the options of a query say what is shown meanwhile.
fn decides_otherwise(call: Node<'_>, source: &str) -> bool {
    const WORDS: [&str; 11] = [
        "suspense",
        "throwOnError",
        "useErrorBoundary",
        "initialData",
        "placeholderData",
        "fallbackData",
        "refetchInterval",
        "pollInterval",
        "keepPreviousData",
        "onError",
        "cache-only",
    ];
    let given = field(call, "arguments").map_or("", |list| text(list, source));
    WORDS.iter().any(|word| given.contains(word))
}

/// Returns the name of the data, where nothing else of the result is read.
fn only_data(pattern: Node<'_>, component: Node<'_>, source: &str) -> Option<String> {
    if pattern.kind() == "identifier" {
        let result = text(pattern, source);
        let mut reads = 0;
        for node in descendants(component).filter(|it| it.kind() == "identifier" && text(*it, source) == result) {
            if node.id() == pattern.id() {
                continue;
            }
            let member = node.parent().filter(|it| it.kind() == "member_expression")?;
            let property = field(member, "property").map(|it| text(it, source))?;
            (property == "data").then_some(())?;
            reads += 1;
        }
        return (reads > 0).then(|| format!("{result}.data"));
    }
    if pattern.kind() != "object_pattern" {
        return None;
    }
    let mut names = parts(pattern);
    let only = names.next().filter(|_| names.next().is_none())?;
    let (key, local) = match only.kind() {
        "shorthand_property_identifier_pattern" => (only, only),
        "object_assignment_pattern" => (field(only, "left")?, field(only, "left")?),
        "pair_pattern" => {
            let value = field(only, "value")?;
            (field(only, "key")?, if value.kind() == "assignment_pattern" { field(value, "left")? } else { value })
        }
        _ => return None,
    };
    (text(key, source) == "data" && local.kind().contains("identifier")).then(|| text(local, source).to_owned())
}

/// Whether missing data looks like an empty list.
fn is_shown_as_list(pattern: Node<'_>, component: Node<'_>, data: &str, source: &str) -> bool {
    let body = text(component, source);
    let is_listed = |rest: &str| {
        let rest = rest.trim_start().trim_start_matches(['?', '!', ')']).trim_start();
        [".map(", ".length", ".filter(", ".flatMap("].iter().any(|used| rest.starts_with(used))
            || ["? []", "|| []", "[]"].iter().any(|used| rest.starts_with(used))
    };
    let has_default = text(pattern, source).contains("= []");
    has_default || body.match_indices(data).any(|(at, _)| is_listed(&body[at + data.len()..]))
}

/// Whether a component asks if its data is there: `!data`, `data && …`, `data ? … : …`, `if (data)`.
fn asks_for(component: Node<'_>, data: &str, source: &str) -> bool {
    let is_it = |node: Option<Node<'_>>| {
        node.is_some_and(|node| {
            let written = text(unwrapped(node), source);
            written == data || written.strip_prefix(data).is_some_and(|rest| rest.starts_with(['.', '?']))
        })
    };
    descendants(component).any(|node| match node.kind() {
        "unary_expression" => is_it(field(node, "argument")),
        "binary_expression" => {
            let operator = field(node, "operator").map_or("", |it| text(it, source));
            matches!(operator, "&&" | "===" | "!==" | "==" | "!=" | ">") && is_it(field(node, "left"))
        }
        "ternary_expression" | "if_statement" => is_it(field(node, "condition")),
        _ => false,
    })
}
