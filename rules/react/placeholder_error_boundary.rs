//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::Precision;
use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::boundary::{Boundary, Derived, DidCatch, Fallback};
use arrears_syntax::node::{descendants, range};
use arrears_syntax::script::{body, element_name};
use tree_sitter::Node;

rule! {
    /// Finds classes that are meant as error boundaries and cannot catch an error, or have nothing to show for it.
    ///
    /// React looks for `static getDerivedStateFromError` or `componentDidCatch`, and then renders the class again. A
    /// class with neither is passed over; one that renders the same again fails again. Either way an error in any
    /// child takes away the whole page, and the name promises the opposite.
    ///
    /// ```tsx bad
    /// import { Component } from "react";
    /// export class AppErrorBoundary extends Component {
    ///   render() {
    ///     return this.props.children; // catch errors later
    ///   }
    /// }
    /// ```
    /// ```tsx good
    /// import { Component } from "react";
    /// export class AppErrorBoundary extends Component {
    ///   state = { hasError: false };
    ///   static getDerivedStateFromError() {
    ///     return { hasError: true };
    ///   }
    ///   render() {
    ///     return this.state.hasError ? <p role="alert">Something went wrong.</p> : this.props.children;
    ///   }
    /// }
    /// ```
    ///
    /// Not flagged: a class that inherits from another file, hands the error to its parent or leaves the page, or puts
    /// its children into another boundary; an empty fallback around a part of a page, which ornaments use on purpose.
    /// Around the whole application it is flagged. No other linter has this rule.
    pub(crate) const RULE = {
        code: "react/placeholder-error-boundary",
        summary: "error boundary that cannot catch anything",
        check: Check::Node {
            language: Family::Script,
            kinds: &["class_declaration", "class", "variable_declarator"],
            run: check,
        },
        severity: Severity::Error,
        precision: Precision::VeryHigh,
        fix: Applicability::DisplayOnly,
    }
}

fn check(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let boundary = if node.kind() == "variable_declarator" {
        Boundary::of_declarator(node, ctx.root(), ctx.script(), ctx.text())
    } else {
        Boundary::of_class(node, ctx.root(), ctx.script(), ctx.text())
    };
    let Some(boundary) = boundary.filter(|it| it.is_meant() && !it.renders_another()) else { return };
    if is_completed_outside(&boundary, ctx.text()) {
        return;
    }
    let Some((missing, help)) = verdict(&boundary, ctx) else { return };
    let finding = ctx.report(range(boundary.name_node), format!("`{}` {missing}", boundary.name));
    finding.help(help);
    if let Some(fix) = suggestion(&boundary) {
        finding.fix(fix);
    }
}

/// Returns what is missing and what to do about it.
fn verdict(boundary: &Boundary<'_, '_>, ctx: &FileContext<'_, '_>) -> Option<(&'static str, &'static str)> {
    const ADD_BOTH: &str = "add `static getDerivedStateFromError` that returns a state, and a fallback in `render`";
    const ADD_FALLBACK: &str = "return a fallback from `render` when the state says that a child failed";
    let found = match (boundary.derived(), boundary.did_catch(), boundary.fallback()) {
        (Derived::Missing, DidCatch::Missing, _) => {
            ("cannot catch anything: it has neither `getDerivedStateFromError` nor `componentDidCatch`", ADD_BOTH)
        }
        (Derived::Missing, DidCatch::Inert, _) => (
            "shows nothing after an error: its `componentDidCatch` sets no state, so React removes the children",
            ADD_BOTH,
        ),
        (Derived::NotStatic, DidCatch::Missing | DidCatch::Inert, _) => (
            "cannot catch anything: `getDerivedStateFromError` is not `static`, and React does not call it",
            "make `getDerivedStateFromError` static",
        ),
        (Derived::Nothing, DidCatch::Missing | DidCatch::Inert, _) => (
            "renders its children again after an error: `getDerivedStateFromError` returns no state",
            "return a state such as `{ hasError: true }`, and render a fallback for it",
        ),
        (Derived::State, DidCatch::Missing | DidCatch::Inert, Fallback::SameAsBefore)
        | (_, DidCatch::SetsState, Fallback::SameAsBefore) => {
            ("has no fallback: `render` shows the same children again after an error", ADD_FALLBACK)
        }
        (_, _, Fallback::Empty) if is_around_everything(boundary, ctx) => {
            ("shows an empty page after an error: its fallback is empty", ADD_FALLBACK)
        }
        _ => return None,
    };
    Some(found)
}

/// `Name.getDerivedStateFromError = …` and the like complete a class from outside.
fn is_completed_outside(boundary: &Boundary<'_, '_>, source: &str) -> bool {
    ["getDerivedStateFromError", "prototype.componentDidCatch"]
        .iter()
        .any(|member| source.contains(&format!("{}.{member}", boundary.name)))
        || boundary.member("unstable_handleError").is_some()
}

/// Whether the file itself puts the application into the boundary, or its name says that it is meant for it.
fn is_around_everything(boundary: &Boundary<'_, '_>, ctx: &FileContext<'_, '_>) -> bool {
    let is_named = ["App", "Root", "Global"].iter().any(|word| boundary.name.starts_with(word));
    let mounts = ["createRoot(", "hydrateRoot(", "ReactDOM.render(", "AppRegistry.registerComponent("];
    let is_entry = mounts.iter().any(|call| ctx.text().contains(call));
    is_named || is_entry && descendants(ctx.root()).any(|node| element_name(node, ctx.text()) == Some(boundary.name))
}

fn suggestion(boundary: &Boundary<'_, '_>) -> Option<Fix> {
    const DERIVED: &str = "\n  static getDerivedStateFromError() {\n    return { hasError: true };\n  }\n";
    const FALLBACK: &str =
        "\n    if (this.state?.hasError) {\n      return <p role=\"alert\">Something went wrong.</p>;\n    }";
    let opening = |node: Node<'_>| TextRange::empty(range(node).start() + 1);
    let render = boundary.member("render").and_then(|it| it.function).and_then(body);
    let render = render.filter(|it| it.kind() == "statement_block");
    let title = "Catch errors and show a fallback".to_owned();
    let edits = match boundary.derived() {
        Derived::NotStatic => {
            let name = boundary.member("getDerivedStateFromError")?.name_node;
            vec![Edit::insert(range(name).start(), "static ")]
        }
        Derived::Missing if boundary.body.kind() == "class_body" => {
            vec![Edit::replace(opening(boundary.body), DERIVED), Edit::replace(opening(render?), FALLBACK)]
        }
        _ => return None,
    };
    Some(Fix { title, applicability: Applicability::DisplayOnly, edits })
}
