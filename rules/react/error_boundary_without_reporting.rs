//! See [`RULE`].

use arrears_core::rule::{Precision, Scope};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::script::boundary::{Boundary, Derived, DidCatch};
use arrears_model::script::reporting::{Hopes, Reporting};
use arrears_syntax::node::{children, field, range, text};
use arrears_syntax::script::element_name;
use tree_sitter::Node;

rule! {
    /// Finds error boundaries that show a fallback and tell nobody outside of the browser.
    ///
    /// Without a boundary an error reaches the window, where a tracker sees it. A boundary catches it: what is not
    /// passed on from `componentDidCatch` or `onError` stays in the console of the person whom it hit.
    ///
    /// ```tsx bad
    /// import { Component } from "react";
    /// export class AppErrorBoundary extends Component<Props, State> {
    ///   state = { hasError: false };
    ///   static getDerivedStateFromError() {
    ///     return { hasError: true };
    ///   }
    ///   componentDidCatch(error: Error) {
    ///     console.error(error); // TODO: send it to Sentry
    ///   }
    ///   render() {
    ///     return this.state.hasError ? <button onClick={() => location.reload()}>Reload</button> : this.props.children;
    ///   }
    /// }
    /// ```
    /// ```tsx good
    /// import { Component } from "react";
    /// import * as Sentry from "@sentry/react";
    /// export class AppErrorBoundary extends Component<Props, State> {
    ///   state = { hasError: false };
    ///   static getDerivedStateFromError() {
    ///     return { hasError: true };
    ///   }
    ///   componentDidCatch(error: Error) {
    ///     Sentry.captureException(error);
    ///   }
    ///   render() {
    ///     return this.state.hasError ? <button onClick={() => location.reload()}>Reload</button> : this.props.children;
    ///   }
    /// }
    /// ```
    ///
    /// A property that is called with the error reports if some element of the boundary gives it a function that does
    /// more than write to the console; a function of another module, unless all of it is known to end there. Not
    /// flagged: a boundary around another, one that throws on, projects whose tracker collects the console or hears
    /// of errors from React's root (`onCaughtError`). No other linter has this rule.
    pub(crate) const RULE = {
        code: "react/error-boundary-without-reporting",
        summary: "error boundary that reports nowhere",
        check: Check::File {
            language: Family::Script,
            kinds: &[
                "class_declaration",
                "class",
                "variable_declarator",
                "jsx_opening_element",
                "jsx_self_closing_element",
            ],
            run: check,
        },
        precision: Precision::High,
        scope: Scope::Project,
        mentions: &["componentDidCatch", "getDerivedStateFromError", "ErrorBoundary"],
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let library = library_name(ctx);
    let mut is_library_flagged = ctx.script().imports_tracker();
    for note in ctx.noted() {
        match note.node.kind() {
            "jsx_opening_element" | "jsx_self_closing_element" => {
                if !is_library_flagged
                    && library.as_deref().is_some_and(|name| element_name(note.node, ctx.text()) == Some(name))
                {
                    is_library_flagged = check_element(note.node, ctx);
                }
            }
            _ => check_class(note.node, ctx),
        }
    }
}

fn check_class(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let boundary = if node.kind() == "variable_declarator" {
        Boundary::of_declarator(node, ctx.root(), ctx.script(), ctx.text())
    } else {
        Boundary::of_class(node, ctx.root(), ctx.script(), ctx.text())
    };
    let Some(boundary) = boundary.filter(|it| !it.renders_another()) else { return };
    // What catches nothing is another rule's.
    let catches = boundary.derived() == Derived::State || boundary.did_catch() == DidCatch::SetsState;
    if !catches || ctx.script().imports_tracker() {
        return;
    }
    let Reporting::Unless(hopes) = boundary.reporting(ctx.script()) else { return };
    let name = boundary.name.to_owned();
    let message = message(&name, &hopes, boundary.did_catch());
    let finding = ctx.report(range(boundary.name_node), message);
    finding
        .help("send the error to the error tracker from `componentDidCatch`")
        .only_if(Condition::ConsoleIsNotCollected);
    if !hopes.calls.is_empty() {
        finding.only_if(Condition::OnlyWriteConsole(hopes.calls));
    }
    if !hopes.props.is_empty() || !hopes.gates.is_empty() {
        finding.only_if(Condition::IsGivenNoReporter { component: name, props: hopes.props, gates: hopes.gates });
    }
}

fn message(name: &str, hopes: &Hopes, did_catch: DidCatch) -> String {
    let told = match (hopes.props.first(), hopes.gates.first()) {
        (_, Some(gate)) => format!("no element of it sets `{gate}`, on which its report depends"),
        (Some(prop), None) => format!("no element of it gives it an `{prop}` that reports"),
        (None, None) if hopes.writes_console || !hopes.calls.is_empty() => {
            "the error is only written to the console".to_owned()
        }
        (None, None) if did_catch == DidCatch::Missing => "it has no `componentDidCatch`".to_owned(),
        (None, None) => "`componentDidCatch` does nothing with the error".to_owned(),
    };
    format!("`{name}` catches errors and reports them nowhere: {told}")
}

/// Returns the name by which the file knows `ErrorBoundary` of react-error-boundary.
fn library_name(ctx: &FileContext<'_, '_>) -> Option<String> {
    let import = ctx.script().imports.iter().find(|it| it.module == "react-error-boundary")?;
    import.names.iter().find(|it| it.imported == "ErrorBoundary").map(|it| it.local.clone())
}

fn check_element(tag: Node<'_>, ctx: &mut FileContext<'_, '_>) -> bool {
    let mut shown = None;
    for attribute in children(tag) {
        // A spread may hold `onError`.
        if attribute.kind() == "jsx_expression" {
            return false;
        }
        let mut inner = children(attribute);
        let name = inner.next().map_or("", |it| text(it, ctx.text()));
        let value = inner.next().map_or("", |it| text(it, ctx.text()).trim_matches(['{', '}', ' ']));
        match name {
            "onError" => return false,
            "FallbackComponent" => shown = Some(value.to_owned()),
            "fallbackRender" if value.contains("eport") || value.contains("capture") || value.contains("log") => {
                return false;
            }
            _ => {}
        }
    }
    let Some(name) = field(tag, "name") else { return false };
    let message =
        format!("`<{}>` catches errors and reports them nowhere: it has no `onError`", text(name, ctx.text()));
    let finding = ctx.report(range(name), message);
    finding
        .help("send the error to the error tracker: `onError={(error) => …}`")
        .only_if(Condition::ConsoleIsNotCollected);
    if let Some(shown) = shown {
        finding.only_if(Condition::OnlyShows(shown));
    }
    true
}
