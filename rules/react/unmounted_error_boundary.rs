//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::frontend::Frontend;
use arrears_model::frontend::boundary::CatchingComponent;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds error boundaries that nothing renders.
    ///
    /// The class is right, the fallback is designed, and the errors of the application still take the whole page away,
    /// because the boundary is around nothing. A barrel that passes it on does not change that, nor does a component
    /// that renders it and is never rendered itself.
    ///
    /// ```json bad path=web/package.json
    /// { "private": true, "dependencies": { "react": "19", "react-dom": "19" } }
    /// ```
    /// ```html bad path=web/index.html
    /// <script type="module" src="/src/main.tsx"></script>
    /// ```
    /// ```tsx bad path=web/src/main.tsx
    /// import { createRoot } from "react-dom/client";
    /// import { App } from "./ui";
    /// createRoot(document.body).render(<App />);
    /// ```
    /// ```tsx bad path=web/src/ui/index.ts
    /// export * from "./App";
    /// export * from "./AppErrorBoundary";
    /// ```
    /// ```tsx bad path=web/src/ui/App.tsx
    /// export const App = () => <main>Orders</main>;
    /// ```
    /// ```tsx bad path=web/src/ui/AppErrorBoundary.tsx
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
    /// Every use counts that the module graph leads to: an element, a value such as `component={AppErrorBoundary}`, a
    /// higher-order component, a route that is a file. Not flagged: what a published package exports, and what a
    /// computed or unresolved import may reach. Knip lists an unused file, and is silent once a barrel imports it.
    pub(crate) const RULE = {
        code: "react/unmounted-error-boundary",
        summary: "error boundary that nothing renders",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let frontend = model.frontend();
    let (mounted, unmounted): (Vec<_>, Vec<_>) = frontend
        .boundaries()
        .into_iter()
        .partition(|it| frontend.rendered(it.path, it.name) || !is_known(frontend, it));
    for boundary in unmounted {
        let package = frontend.package_of(boundary.path).map(|it| it.folder);
        let finding = ctx.report(
            boundary.path,
            boundary.range,
            format!("`{}` is never rendered, so it catches nothing", boundary.name),
        );
        let beside = mounted.iter().find(|it| frontend.package_of(it.path).map(|it| it.folder) == package);
        let root = frontend.roots().into_iter().find(|it| frontend.package_of(it.path).map(|it| it.folder) == package);
        match (beside, root) {
            (Some(beside), _) => {
                finding.help(format!("render it, or delete it: `{}` is rendered", beside.name));
                finding.label_in(beside.path, beside.range, "this one is rendered");
            }
            (None, Some(root)) => {
                finding.help(format!("put it around the application in `{}`", root.path));
                finding.label_in(root.path, root.range, "nothing catches errors here");
            }
            (None, None) => {
                finding.help("put it around the application, or delete it");
            }
        }
    }
}

/// Whether all modules that could render it are known.
fn is_known(frontend: &Frontend<'_>, boundary: &CatchingComponent<'_>) -> bool {
    frontend.is_unused(boundary.path) || frontend.is_reachable(boundary.path) && frontend.is_whole_around(boundary.path)
}
