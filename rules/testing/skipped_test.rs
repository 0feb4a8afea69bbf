//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{descendants, field, parts, range, text};
use arrears_syntax::script::{self, arguments};
use tree_sitter::Node;

rule! {
    /// Finds tests that are skipped without saying why.
    ///
    /// Nobody can tell whether the test was wrong, slow, or right about a fault that is still there; so nobody turns it
    /// on again.
    ///
    /// ```python bad path=orders/test_orders.py
    /// import pytest
    ///
    /// @pytest.mark.skip
    /// def test_order_is_sent(client):
    ///     assert client.post("/orders/").status_code == 201
    /// ```
    /// ```ts bad path=web/src/orders.test.ts
    /// it.skip("sends the order", () => {
    ///   expect(send()).toBe(true);
    /// });
    /// ```
    /// ```python good path=orders/test_orders.py
    /// import pytest
    ///
    /// @pytest.mark.skip(reason="the payment sandbox is down until #412")
    /// def test_order_is_sent(client):
    ///     assert client.post("/orders/").status_code == 201
    /// ```
    ///
    /// A reason is an argument that says one, or a comment on the line or the one above. Not flagged: `skipif` and
    /// `skipUnless`, whose condition is the reason, and `test.skip()` of Playwright with a condition.
    pub(crate) const RULE = {
        code: "testing/skipped-test",
        summary: "test is skipped without a reason",
        check: Check::AnyFile { kinds: &[], run: check },
        severity: Severity::Info,
        preset: Preset::All,
        exempt: RuleMeta::MACHINE_MADE,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    if !ctx.source().roles.contains(Roles::TEST) {
        return;
    }
    let found: Vec<TextRange> = match ctx.source().language.family() {
        Some(Family::Python) if source.contains("skip") => python_skips(ctx.root(), source),
        Some(Family::Script) => script_skips(ctx.root(), source),
        _ => Vec::new(),
    };
    for place in found {
        if !is_explained(source, place) {
            let what = place.slice(source).lines().next().unwrap_or("skip").trim_end_matches('(');
            ctx.report(place, format!("`{what}` gives no reason"))
                .help("say why, and what has to happen before the test runs again; or mend or delete it");
        }
    }
}

fn python_skips(root: Node<'_>, source: &str) -> Vec<TextRange> {
    let mut found = Vec::new();
    for node in descendants(root) {
        let (name, call) = match node.kind() {
            "decorator" => {
                let Some(inner) = parts(node).next() else { continue };
                let is_call = inner.kind() == "call";
                let name = if is_call { field(inner, "function") } else { Some(inner) };
                (name, is_call.then_some(inner))
            }
            "expression_statement" => {
                let call = parts(node).next().filter(|it| it.kind() == "call");
                (call.and_then(|it| field(it, "function")), call)
            }
            _ => continue,
        };
        let Some(name) = name else { continue };
        let is_skip = match text(name, source) {
            "pytest.mark.skip" | "mark.skip" | "unittest.skip" | "skip" => node.kind() == "decorator",
            "pytest.skip" | "self.skipTest" => node.kind() == "expression_statement",
            _ => false,
        };
        let reasons = call.and_then(|it| field(it, "arguments")).into_iter().flat_map(parts);
        let is_empty = |it: Node<'_>| matches!(text(it, source), "\"\"" | "''" | "reason=\"\"" | "reason=''");
        if is_skip && reasons.into_iter().all(is_empty) {
            found.push(range(name));
        }
    }
    found
}

fn script_skips(root: Node<'_>, source: &str) -> Vec<TextRange> {
    const NAMES: [&str; 7] =
        ["xit", "xtest", "xdescribe", "it.skip", "test.skip", "describe.skip", "test.describe.skip"];
    let mut found = Vec::new();
    for call in descendants(root).filter(|it| it.kind() == "call_expression") {
        let Some(name) = script::callee(call, source).filter(|it| NAMES.contains(it)) else { continue };
        let mut values = arguments(call);
        // A condition in the place of the title decides by itself.
        let is_titled = values.next().is_some_and(|it| matches!(it.kind(), "string" | "template_string"));
        if is_titled && values.next().is_some() {
            let start = range(call).start();
            found.push(TextRange::new(start, start + u32::try_from(name.len()).unwrap_or(0)));
        }
    }
    found
}

/// Returns whether a comment stands on the line of a place, or on the one above.
fn is_explained(source: &str, place: TextRange) -> bool {
    let at = place.to_usize().start;
    let start = source.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let line = source.get(start..).and_then(|it| it.split('\n').next()).unwrap_or("");
    let above = source.get(..start.saturating_sub(1)).and_then(|it| it.rsplit('\n').next()).unwrap_or("").trim();
    // A comment that silences a finding explains nothing.
    let says = |line: &str| (line.contains("# ") || line.contains("// ")) && !line.contains("arrears:");
    says(line) || above.starts_with(['#', '*']) || above.starts_with("//") || above.ends_with("*/")
}
