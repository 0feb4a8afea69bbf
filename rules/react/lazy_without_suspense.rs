//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::frontend::later::Loading;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds components loaded with `lazy` that no `<Suspense>` is around.
    ///
    /// While its code is on the way such a component suspends, and React looks for the nearest `<Suspense>` above it.
    /// Where there is none, the whole application shows nothing, or React throws.
    ///
    /// ```json bad path=web/package.json
    /// { "dependencies": { "react": "19", "react-dom": "19", "react-error-boundary": "6" } }
    /// ```
    /// ```html bad path=web/index.html
    /// <script type="module" src="/src/main.tsx"></script>
    /// ```
    /// ```tsx bad path=web/src/main.tsx
    /// import { lazy } from "react";
    /// import { createRoot } from "react-dom/client";
    /// import { ErrorBoundary } from "react-error-boundary";
    /// const Orders = lazy(() => import("./Orders"));
    /// createRoot(document.body).render(<ErrorBoundary fallback="Sorry"><Orders /></ErrorBoundary>);
    /// ```
    /// ```tsx bad path=web/src/Orders.tsx
    /// export default function Orders() {
    ///   return <main>Orders</main>;
    /// }
    /// ```
    /// ```json good path=web/package.json
    /// { "dependencies": { "react": "19", "react-dom": "19", "react-error-boundary": "6" } }
    /// ```
    /// ```html good path=web/index.html
    /// <script type="module" src="/src/main.tsx"></script>
    /// ```
    /// ```tsx good path=web/src/main.tsx
    /// import { lazy, Suspense } from "react";
    /// import { createRoot } from "react-dom/client";
    /// import { ErrorBoundary } from "react-error-boundary";
    /// const Orders = lazy(() => import("./Orders"));
    /// createRoot(document.body).render(
    ///   <ErrorBoundary fallback="Sorry"><Suspense fallback="…"><Orders /></Suspense></ErrorBoundary>,
    /// );
    /// ```
    /// ```tsx good path=web/src/Orders.tsx
    /// export default function Orders() {
    ///   return <main>Orders</main>;
    /// }
    /// ```
    ///
    /// Every path from the root is followed, through layouts and wrappers; one that cannot be followed silences the
    /// finding, unless the package has no `<Suspense>` at all. Not flagged: `dynamic` of Next.js and `loadable`, which
    /// bring their own; frameworks that put one around their routes. No other linter has this rule.
    pub(crate) const RULE = {
        code: "react/lazy-without-suspense",
        summary: "lazy component without a `Suspense` above it",
        check: Check::Project { run: check },
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let frontend = model.frontend();
    for lazy in frontend.lazy_components() {
        if let Loading::Bare(place) = frontend.loading(&lazy) {
            let name = lazy.name;
            let message = format!("no `Suspense` is above `{name}`: the application shows nothing while it loads");
            let finding = ctx.report(lazy.path, lazy.range, message);
            finding.help(format!("put `<Suspense fallback={{…}}>` around `<{name} />` or around its layout"));
            if let Some(place) = place {
                finding.label_in(place.path, place.range, "rendered here");
            }
        }
    }
}
