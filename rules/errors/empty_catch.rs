//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix};
use arrears_core::rule::{Precision, Preset};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::effort::{Effort, effort, is_mutation, starts_word, without_promise};
use arrears_model::script::failure::{Attempted, Failure, Handler, handles_failures};
use arrears_model::script::react::is_shown_by_hook;
use arrears_syntax::node::{range, text};
use arrears_syntax::script::{block_range, is_function};
use tree_sitter::Node;

rule! {
    /// Finds work whose failure nobody sees: an empty `catch`, `.catch(() => {})`, `.catch(noop)`, `.catch(null)`.
    ///
    /// The button does nothing, the list stays empty, and neither the person, the console nor the error tracker is
    /// told. Such reports take the longest, because there is no trace to start from.
    ///
    /// ```tsx bad
    /// export async function saveOrder(order: Order) {
    ///   try {
    ///     await api.post("/orders/", order);
    ///   } catch {}
    /// }
    /// ```
    /// ```tsx good
    /// export async function saveOrder(order: Order) {
    ///   try {
    ///     await api.post("/orders/", order);
    ///   } catch (error) {
    ///     toast.error("The order was not saved.");
    ///     reportError(error);
    ///   }
    /// }
    /// ```
    ///
    /// Not flagged, because failing is all right there: what a comment explains; a `try` that waits for nothing
    /// (storage, JSON, the page); a fallback value that is used, `response.json().catch(() => null)`; a promise that
    /// was kept in a name before; `play`, `close`, `abort`, the clipboard, prefetching, analytics; dialogs that the
    /// person may leave; cleaning up, and handlers of other errors; a first attempt that another one follows.
    ///
    /// ESLint's `no-empty` and Biome's `noEmptyBlockStatements` find every empty block, and no `.catch`.
    pub(crate) const RULE = {
        code: "errors/empty-catch",
        summary: "empty `catch` hides that something failed",
        check: Check::Node { language: Family::Script, kinds: &["try_statement", "call_expression"], run: check },
        preset: Preset::Strict,
        precision: Precision::Medium,
        fix: Applicability::DisplayOnly,
        mentions: &["catch"],
    }
}

fn check(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let Some(failure) = Failure::read(node, ctx.text()) else { return };
    let Handler::Empty(handler) = failure.handler else { return };
    let is_elsewhere = ctx.script().is_test_code() || ctx.script().is_node_code() || is_command(ctx);
    let Some(lost) = lost_work(&failure, ctx).filter(|_| !is_elsewhere) else { return };
    if failure.is_explained(ctx.text()) || failure.is_in_cleanup(ctx.text()) {
        return;
    }
    let (catcher, fix) = if node.kind() == "try_statement" {
        ("`catch` is empty", block_fix(&failure, handler, ctx))
    } else {
        ("`.catch` does nothing", callback_fix(handler))
    };
    let message = format!("a failure of `{}` goes unnoticed: its {catcher}", without_promise(&lost.path));
    ctx.report(failure.clause, message)
        .help("tell the person, report the error, or say in a comment why it may fail")
        .label(range(lost.node), "what may fail")
        .fix(fix);
}

/// Returns the call whose failure matters, if there is one.
fn lost_work<'t>(failure: &Failure<'t>, ctx: &FileContext<'_, '_>) -> Option<Attempted<'t>> {
    let is_promise = failure.node.kind() == "call_expression";
    if is_promise && (!failure.is_made_here(ctx.text()) || failure.is_used(ctx.text())) {
        return None;
    }
    if !is_promise && failure.is_first_of_several(ctx.text()) {
        return None;
    }
    let calls: Vec<_> = failure.attempted(ctx.text()).into_iter().filter(|call| call.is_awaited).collect();
    let is_best = |call: &Attempted<'_>| effort(&call.path) == Effort::Best;
    if is_promise && calls.iter().any(is_best) || is_beacon(failure.attempt, ctx.text()) {
        return None;
    }
    let at_stake = |call: &Attempted<'_>| {
        !is_best(call)
            && !call.path.starts_with("Promise.")
            && !starts_word(&call.path, "set")
            && !is_shown_elsewhere(call, ctx)
    };
    let calls: Vec<_> = calls.into_iter().filter(at_stake).collect();
    let is_followed = |call: &Attempted<'_>| call.path.ends_with(".then");
    if is_promise && !calls.iter().any(|it| is_followed(it) || is_mutation(&it.path) || is_request(it)) {
        return None;
    }
    let request = calls.iter().find(|call| is_request(call)).or(calls.first())?;
    let made_by = without_promise(&request.path);
    let same = calls.iter().filter(|call| without_promise(&call.path) == made_by);
    same.min_by_key(|call| range(call.node).len()).cloned()
}

fn is_request(call: &Attempted<'_>) -> bool {
    effort(&call.path) == Effort::Request
}

/// A request that outlives the page, or goes where things are counted: nobody waits for it.
fn is_beacon(attempt: Node<'_>, source: &str) -> bool {
    const MARKS: [&str; 7] =
        ["keepalive: true", "no-cors", "/analytics", "/telemetry", "/track", "/heartbeat", "/ping"];
    let written = text(attempt, source);
    MARKS.iter().any(|mark| written.contains(mark))
}

/// Commands and build scripts answer to whoever reads their output.
fn is_command(ctx: &FileContext<'_, '_>) -> bool {
    ctx.source().path.folders().any(|folder| matches!(folder, "cli" | "bin" | "scripts"))
}

/// Whether the failure is seen elsewhere: in the state of a hook, or by a function of this file.
fn is_shown_elsewhere(call: &Attempted<'_>, ctx: &FileContext<'_, '_>) -> bool {
    let name = call.path.split('.').next().unwrap_or("");
    let is_function_here = call.path.split('.').nth(1).is_none_or(|next| matches!(next, "then" | "catch" | "finally"));
    is_shown_by_hook(ctx.root(), name, ctx.text()) || is_function_here && handles_failures(ctx.root(), name, ctx.text())
}

fn block_fix(failure: &Failure<'_>, block: Node<'_>, ctx: &FileContext<'_, '_>) -> Fix {
    let name = failure.error.map_or("error", |error| ctx.slice(error));
    let parameter = if failure.error.is_some() { String::new() } else { "(error) ".to_owned() };
    let edit = Edit::replace(block_range(block), format!("{parameter}{{ reportError({name}); }}"));
    Fix::suggestion("Report the error", edit)
}

fn callback_fix(handler: Node<'_>) -> Fix {
    let parent = handler.parent().filter(|parent| is_function(*parent)).unwrap_or(handler);
    let content = if parent.kind() == "arguments" { "(reportError)" } else { "reportError" };
    Fix::suggestion("Report the error", Edit::replace(range(parent), content))
}
