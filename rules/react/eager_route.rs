//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

/// With fewer routes, one bundle is no burden.
const FEWEST: usize = 8;

rule! {
    /// Finds tables of routes whose pages are all loaded with the first one.
    ///
    /// Whoever opens the login page downloads and parses the settings, the reports and the editor, too. `lazy` leaves
    /// each page out of the first bundle until somebody goes there.
    ///
    /// ```json bad path=web/package.json
    /// { "dependencies": { "react": "19", "react-router-dom": "7", "react-error-boundary": "6" } }
    /// ```
    /// ```html bad path=web/index.html
    /// <script type="module" src="/src/main.tsx"></script>
    /// ```
    /// ```tsx bad path=web/src/main.tsx
    /// import { createRoot } from "react-dom/client";
    /// import { ErrorBoundary } from "react-error-boundary";
    /// import { BrowserRouter, Route, Routes } from "react-router-dom";
    /// import { A } from "./a";
    /// import { B } from "./b";
    /// import { C } from "./c";
    /// import { D } from "./d";
    /// import { E } from "./e";
    /// import { F } from "./f";
    /// import { G } from "./g";
    /// import { H } from "./h";
    /// createRoot(document.body).render(
    ///   <ErrorBoundary fallback="Sorry"><BrowserRouter><Routes>
    ///     <Route path="/a" element={<A />} />
    ///     <Route path="/b" element={<B />} />
    ///     <Route path="/c" element={<C />} />
    ///     <Route path="/d" element={<D />} />
    ///     <Route path="/e" element={<E />} />
    ///     <Route path="/f" element={<F />} />
    ///     <Route path="/g" element={<G />} />
    ///     <Route path="/h" element={<H />} />
    ///   </Routes></BrowserRouter></ErrorBoundary>,
    /// );
    /// ```
    /// ```tsx bad path=web/src/a.tsx
    /// export const A = () => <p>A</p>;
    /// ```
    /// ```tsx bad path=web/src/b.tsx
    /// export const B = () => <p>B</p>;
    /// ```
    /// ```tsx bad path=web/src/c.tsx
    /// export const C = () => <p>C</p>;
    /// ```
    /// ```tsx bad path=web/src/d.tsx
    /// export const D = () => <p>D</p>;
    /// ```
    /// ```tsx bad path=web/src/e.tsx
    /// export const E = () => <p>E</p>;
    /// ```
    /// ```tsx bad path=web/src/f.tsx
    /// export const F = () => <p>F</p>;
    /// ```
    /// ```tsx bad path=web/src/g.tsx
    /// export const G = () => <p>G</p>;
    /// ```
    /// ```tsx bad path=web/src/h.tsx
    /// export const H = () => <p>H</p>;
    /// ```
    /// ```tsx good
    /// import { lazy } from "react";
    /// import { Route, Routes } from "react-router-dom";
    /// const Orders = lazy(() => import("./orders"));
    /// export const Pages = () => <Routes><Route path="/orders" element={<Orders />} /></Routes>;
    /// ```
    ///
    /// Tables with at least eight pages in modules of their own count; one page that is loaded later shows that
    /// somebody has thought about it. Not flagged: routes that are files, which frameworks split; applications for
    /// phones. No other linter has this rule.
    pub(crate) const RULE = {
        code: "react/eager-route",
        summary: "table of routes without any lazy page",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let frontend = model.frontend();
    for routes in frontend.eager_routes(FEWEST) {
        if frontend.is_native(routes.path) {
            continue;
        }
        let message = format!("all {} pages of this table of routes are loaded with the first one", routes.count);
        ctx.report(routes.path, routes.range, message)
            .help("load pages with `lazy(() => import(…))`, those first that few users open");
    }
}
