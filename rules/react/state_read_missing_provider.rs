//! See [`RULE`].

use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds hooks that throw outside of their provider, and whose provider nothing renders.
    ///
    /// `useCart must be used within a CartProvider` is what the user's page dies of.
    ///
    /// ```json bad path=web/package.json
    /// { "dependencies": { "react": "19", "react-dom": "19", "react-error-boundary": "6" } }
    /// ```
    /// ```html bad path=web/index.html
    /// <script type="module" src="/src/main.tsx"></script>
    /// ```
    /// ```tsx bad path=web/src/main.tsx
    /// import { createRoot } from "react-dom/client";
    /// import { ErrorBoundary } from "react-error-boundary";
    /// import { useCart } from "./cart";
    /// function App() {
    ///   return <main>{useCart().total}</main>;
    /// }
    /// createRoot(document.body).render(<ErrorBoundary fallback="Sorry"><App /></ErrorBoundary>);
    /// ```
    /// ```tsx bad path=web/src/cart.tsx
    /// import { createContext, useContext } from "react";
    /// const CartContext = createContext(null);
    /// export function CartProvider({ children }) {
    ///   return <CartContext.Provider value={{ total: 0 }}>{children}</CartContext.Provider>;
    /// }
    /// export function useCart() {
    ///   const cart = useContext(CartContext);
    ///   if (!cart) throw new Error("useCart must be used within a CartProvider");
    ///   return cart;
    /// }
    /// ```
    /// ```tsx good
    /// import { createContext, useContext } from "react";
    /// const CartContext = createContext({ total: 0 });
    /// export const useCart = () => useContext(CartContext);
    /// ```
    ///
    /// Only hooks that throw count, that the product calls in a component it renders, and whose provider is rendered
    /// nowhere. A provider that is rendered beside the caller, not above it, is not seen. No other linter has this rule.
    pub(crate) const RULE = {
        code: "react/state-read-missing-provider",
        summary: "hook whose provider is never rendered",
        check: Check::Project { run: check },
        preset: Preset::All,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for hook in model.frontend().orphan_hooks() {
        let (name, context) = (hook.name, hook.context);
        ctx.report(
            hook.call.path,
            hook.call.range,
            format!("`{name}` throws here: nothing that is rendered provides `{context}`"),
        )
        .help(format!("render the provider of `{context}` above this component"))
        .label_in(hook.path, hook.range, "throws without a provider");
    }
}
