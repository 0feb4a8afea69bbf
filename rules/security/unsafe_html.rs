//! See [`RULE`].

use arrears_core::rule::Preset;
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::python::markup::raw_part;
use arrears_model::script::binding::Bindings;
use arrears_model::script::markup::{Markup, injected};
use arrears_syntax::node::{field, range, text};
use arrears_syntax::script::element_name;
use arrears_syntax::script_jsx::{attribute_name, attribute_value, tag_of};
use tree_sitter::Node;

rule! {
    /// Finds data that is put into a page as HTML and that nothing here sanitises.
    ///
    /// A description that holds a `<script>` or an `onerror` runs in the browser of whoever reads it, with that person's
    /// session.
    ///
    /// ```tsx bad
    /// export function Description({ order }: { order: Order }) {
    ///   return <div dangerouslySetInnerHTML={{ __html: marked.parse(order.note) }} />;
    /// }
    /// ```
    /// ```tsx good
    /// export function Description({ order }: { order: Order }) {
    ///   return <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(marked.parse(order.note)) }} />;
    /// }
    /// ```
    ///
    /// Looked at: `dangerouslySetInnerHTML` and Django's `mark_safe`; a name stands for what it was given. Values of a
    /// request, what a template hands to a filter and Markdown that was turned into HTML are flagged by default. Under
    /// the preset `strict` so are properties and parameters of components and fields of objects that people fill: whether
    /// the server cleaned them is not seen.
    ///
    /// Not flagged: constants, what went through a sanitiser or `escape`, `format_html`, rendered templates, `<style>`
    /// and `<script>` elements, calls whose result cannot be told. Ruff's S308 and Biome's noDangerouslySetInnerHtml
    /// flag every use.
    pub(crate) const RULE = {
        code: "security/unsafe-html",
        summary: "data is put into the page as HTML without a sanitiser",
        check: Check::AnyFile { kinds: &["jsx_attribute", "call"], run: check },
        mentions: &["dangerouslySetInnerHTML", "mark_safe", "SafeString", "SafeText"],
        security_severity: "6.1",
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let is_script = ctx.source().language.family() == Some(Family::Script);
    if is_script {
        check_script(ctx);
        return;
    }
    for note in ctx.noted() {
        if let Some(raw) = raw_part(note.node, ctx.text()) {
            let message = format!("`{}` is put into the page as HTML, unescaped", text(raw, ctx.text()));
            let finding = ctx.report(range(raw), message);
            finding.help("build it with `format_html`, which escapes what it is given");
            finding.label(head(note.node), "declared to be HTML here");
            if raw.kind() == "attribute" {
                finding.preset(Preset::Strict);
            }
        }
    }
}

fn check_script(ctx: &mut FileContext<'_, '_>) {
    let (source, is_wanted) = (ctx.text(), !ctx.script().is_test_code());
    let notes = ctx.noted();
    let uses: Vec<Node<'_>> = notes
        .iter()
        .map(|note| note.node)
        .filter(|it| is_wanted && attribute_name(*it, source) == "dangerouslySetInnerHTML")
        .collect();
    if uses.is_empty() {
        return;
    }
    let bindings = Bindings::read(ctx.root(), source);
    for attribute in uses {
        let name = tag_of(attribute).and_then(|tag| element_name(tag, source)).unwrap_or("");
        let Some(value) = attribute_value(attribute).filter(|_| !matches!(name, "style" | "script" | "Script")) else {
            continue;
        };
        if let Markup::Raw(raw) = injected(value, &bindings, source) {
            let message =
                format!("`{}` is put into the page as HTML, and nothing here sanitises it", shown(raw, source));
            let finding = ctx.report(range(attribute), message);
            finding.help("pass it through `DOMPurify.sanitize`, or render it as text");
            // What comes from the server may have been cleaned there; Markdown was not.
            if raw.kind() != "call_expression" {
                finding.preset(Preset::Strict);
            }
        }
    }
}

fn shown(node: Node<'_>, source: &str) -> String {
    text(node, source).chars().take(60).collect()
}

fn head(call: Node<'_>) -> arrears_core::text::TextRange {
    field(call, "function").map_or_else(|| range(call), range)
}
