//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::boundary::{Boundary, Derived, DidCatch, Fallback};
use arrears_syntax::node::range;
use tree_sitter::Node;

rule! {
    /// Finds error boundaries of a whole page whose fallback offers no way out.
    ///
    /// The state says that a child has failed until somebody sets it back. Where the fallback is all of the page and
    /// holds no button and no link, the person has to know that reloading helps, and an installed app has no reload.
    ///
    /// ```tsx bad
    /// import { Component } from "react";
    /// export class AppErrorBoundary extends Component<Props, State> {
    ///   state = { hasError: false };
    ///   static getDerivedStateFromError() {
    ///     return { hasError: true };
    ///   }
    ///   render() {
    ///     return this.state.hasError ? <h1>Something went wrong.</h1> : this.props.children;
    ///   }
    /// }
    /// ```
    /// ```tsx good
    /// import { Component } from "react";
    /// export class AppErrorBoundary extends Component<Props, State> {
    ///   state = { hasError: false };
    ///   static getDerivedStateFromError() {
    ///     return { hasError: true };
    ///   }
    ///   render() {
    ///     if (!this.state.hasError) return this.props.children;
    ///     return <button onClick={() => window.location.reload()}>Reload</button>;
    ///   }
    /// }
    /// ```
    ///
    /// Not flagged: boundaries that are named for a part of a page, fallbacks that come as a property or are another
    /// component's, classes that set their state back when a property changes. No other linter has this rule.
    pub(crate) const RULE = {
        code: "react/boundary-without-reset",
        summary: "error boundary without a way out of the error",
        check: Check::Node {
            language: Family::Script,
            kinds: &["class_declaration", "class", "variable_declarator"],
            run: check,
        },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
        mentions: &["componentDidCatch", "getDerivedStateFromError"],
    }
}

fn check(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let boundary = if node.kind() == "variable_declarator" {
        Boundary::of_declarator(node, ctx.root(), ctx.script(), ctx.text())
    } else {
        Boundary::of_class(node, ctx.root(), ctx.script(), ctx.text())
    };
    let Some(boundary) = boundary.filter(|it| is_of_a_page(it.name) && !it.renders_another()) else { return };
    let catches = boundary.derived() == Derived::State || boundary.did_catch() == DidCatch::SetsState;
    if !catches || boundary.fallback() != Fallback::Something || boundary.offers_a_way_out() {
        return;
    }
    let message = format!("`{}` leaves the person in the error: its fallback has no button and no link", boundary.name);
    ctx.report(range(boundary.name_node), message)
        .help("offer to try again: a button that sets the state back or reloads the page");
}

/// Returns whether a name claims more than a part of a page: `ErrorBoundary`, `AppErrorBoundary`.
fn is_of_a_page(name: &str) -> bool {
    const WHOLES: [&str; 8] = ["", "App", "Root", "Global", "Page", "Main", "Layout", "Screen"];
    let stem = name.strip_suffix("ErrorBoundary").or_else(|| name.strip_suffix("Boundary"));
    stem.is_some_and(|stem| WHOLES.contains(&stem))
}
