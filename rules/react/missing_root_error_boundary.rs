//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::frontend::boundary::Catching;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds applications whose root no error boundary is around.
    ///
    /// React removes the whole tree when a component throws while it renders and nothing catches the error: one
    /// `undefined` in a table row, and the user looks at an empty page, without a word and without a way back.
    ///
    /// ```json bad path=web/package.json
    /// { "dependencies": { "react": "19", "react-dom": "19" } }
    /// ```
    /// ```html bad path=web/index.html
    /// <script type="module" src="/src/main.tsx"></script>
    /// ```
    /// ```tsx bad path=web/src/main.tsx
    /// import { createRoot } from "react-dom/client";
    /// const App = () => <main>Orders</main>;
    /// createRoot(document.body).render(<App />);
    /// ```
    /// ```json good path=web/package.json
    /// { "dependencies": { "react": "19", "react-dom": "19", "react-error-boundary": "6" } }
    /// ```
    /// ```html good path=web/index.html
    /// <script type="module" src="/src/main.tsx"></script>
    /// ```
    /// ```tsx good path=web/src/main.tsx
    /// import { createRoot } from "react-dom/client";
    /// import { ErrorBoundary } from "react-error-boundary";
    /// const App = () => <main>Orders</main>;
    /// createRoot(document.body).render(<ErrorBoundary fallback={<p role="alert">Sorry.</p>}><App /></ErrorBoundary>);
    /// ```
    ///
    /// A boundary counts in the module that starts the application, in the components it renders, and in those that
    /// these render. Not flagged: frameworks that catch errors themselves (Next.js, React Router's framework mode and
    /// its routers of data, Remix, Gatsby), `export { ErrorBoundary } from "expo-router"`. No other linter has this
    /// rule.
    pub(crate) const RULE = {
        code: "react/missing-root-error-boundary",
        summary: "application without an error boundary at its root",
        check: Check::Project { run: check },
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let frontend = model.frontend();
    for root in frontend.roots() {
        let end = if root.is_native { "closes the application" } else { "blanks the whole page" };
        match frontend.catching(&root) {
            Catching::Root => {}
            Catching::Nothing => {
                let message = format!("nothing catches the errors of `{}`: one in any component {end}", root.name);
                ctx.report(root.path, root.range, message)
                    .help("put an error boundary with a fallback around it, above the router and the providers");
            }
            Catching::Part(part) => {
                let message = format!("an error outside of the inner error boundaries of `{}` {end}", root.name);
                ctx.report(root.path, root.range, message)
                    .help("put an error boundary around it, too, above the router and the providers")
                    .label_in(part.path, part.range, "an inner boundary");
            }
        }
    }
}
