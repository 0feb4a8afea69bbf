//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix};
use arrears_core::rule::{Precision, Preset};
use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::effort::{Effort, effort, is_mutation, starts_word, without_promise};
use arrears_model::script::failure::{Attempted, Failure, Handler, function_name, is_event_handler};
use arrears_model::script::react::is_shown_by_hook;
use arrears_syntax::node::{ancestors, range, text};
use arrears_syntax::script::{block_range, is_function};
use tree_sitter::Node;

rule! {
    /// Finds what a person did in a component that fails without their learning of it: the error goes to the console
    /// alone.
    ///
    /// Nobody has the console open. The person clicks again, or leaves believing that the order is saved.
    ///
    /// ```tsx bad
    /// export function DeleteOrder({ id }: { id: number }) {
    ///   const handleDelete = async () => {
    ///     try {
    ///       await api.delete(`/orders/${id}/`);
    ///     } catch (error) {
    ///       console.error(error);
    ///     }
    ///   };
    ///   return <button onClick={handleDelete}>Delete</button>;
    /// }
    /// ```
    /// ```tsx good
    /// export function DeleteOrder({ id }: { id: number }) {
    ///   const [error, setError] = useState("");
    ///   const handleDelete = async () => {
    ///     try {
    ///       await api.delete(`/orders/${id}/`);
    ///     } catch (error) {
    ///       console.error(error);
    ///       setError("The order was not deleted.");
    ///     }
    ///   };
    ///   return <button onClick={handleDelete}>Delete {error}</button>;
    /// }
    /// ```
    ///
    /// Looked at: handlers of events and changes in components and hooks. Not flagged: code outside of them, such as
    /// servers and scripts; effects that load something; `play`, `close`, the clipboard, storage, analytics; toasts
    /// that follow the promise themselves; what a comment explains; cleaning up. No other linter has this rule.
    pub(crate) const RULE = {
        code: "errors/console-only-catch",
        summary: "only the console learns that an action failed",
        check: Check::Node { language: Family::Script, kinds: &["try_statement", "call_expression"], run: check },
        preset: Preset::Strict,
        precision: Precision::Medium,
        fix: Applicability::DisplayOnly,
        mentions: &["catch"],
    }
}

fn check(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let Some(failure) = Failure::read(node, ctx.text()) else { return };
    let Handler::Console(handler) = failure.handler else { return };
    let Some(component) = component_around(node, ctx) else { return };
    let Some(lost) = lost_action(&failure, ctx) else { return };
    if failure.is_explained(ctx.text()) || failure.is_in_cleanup(ctx.text()) || ctx.script().is_test_code() {
        return;
    }
    let message = format!(
        "`{component}` tells nobody when `{}` fails: the error goes only to the console",
        without_promise(&lost.path)
    );
    let finding = ctx.report(failure.clause, message);
    finding.help("show the person that it failed: an error state, a toast, or a rethrow to a boundary");
    finding.label(range(lost.node), "what may fail");
    if handler.kind() == "statement_block" {
        let end = block_range(handler).end().saturating_sub(1);
        let edit = Edit::replace(TextRange::empty(end), "toast.error(\"That did not work.\"); ");
        finding.fix(Fix::suggestion("Show that it failed", edit));
    }
}

/// Returns the component or the hook that an inner function with this node belongs to.
fn component_around(node: Node<'_>, ctx: &FileContext<'_, '_>) -> Option<String> {
    let place = range(node);
    let facts = ctx.script();
    let is_hook = |name: &str| starts_word(name, "use");
    let outer = facts
        .functions
        .iter()
        .find(|it| it.range.contains(place) && it.range != place && (it.is_component || is_hook(&it.name)))?;
    Some(outer.name.clone())
}

/// Returns the call that the person waits for, if this answers an event or changes something.
fn lost_action<'t>(failure: &Failure<'t>, ctx: &FileContext<'_, '_>) -> Option<Attempted<'t>> {
    let source = ctx.text();
    let functions: Vec<_> = ancestors(failure.node).filter(|it| is_function(*it)).collect();
    let names = functions.iter().filter_map(|it| function_name(*it, source));
    let is_effect = functions.iter().any(|it| {
        it.parent().is_some_and(|list| {
            list.kind() == "arguments"
                && list.parent().is_some_and(|call| {
                    matches!(text(call, source).split('(').next(), Some("useEffect" | "useLayoutEffect" | "useMemo"))
                })
        })
    });
    let answers_event = functions.iter().any(|it| is_event_handler(*it, source))
        || names.clone().any(|name| ["handle", "on"].iter().any(|prefix| starts_word(name, prefix)));
    let shows_itself = text(failure.attempt, source).contains("romiseToast");
    let calls = failure.attempted(source);
    if is_effect || shows_itself || calls.iter().any(|call| call.path.contains("toast.promise")) {
        return None;
    }
    let counts = |call: &Attempted<'_>| {
        let name = call.path.split('.').next().unwrap_or("");
        call.is_awaited
            && !is_shown_by_hook(ctx.root(), name, source)
            && effort(&call.path) != Effort::Best
            && (answers_event || is_mutation(&call.path))
    };
    calls.into_iter().find(counts)
}
