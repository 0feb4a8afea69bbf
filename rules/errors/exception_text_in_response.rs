//! See [`RULE`].

use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::handler::{Breadth, Handler, Setting};
use arrears_syntax::node::{descendants, field, range};
use arrears_syntax::python::called_name;
use tree_sitter::Node;

rule! {
    /// Finds responses that send the text of an unexpected exception to the client.
    ///
    /// The text names tables, columns, paths, hosts and libraries to whoever asks, and tells an honest user nothing.
    ///
    /// ```python bad
    /// def order(request, pk):
    ///     try:
    ///         return Response(place(pk))
    ///     except Exception as error:
    ///         return Response({"error": str(error)}, status=500)
    /// ```
    /// ```python good
    /// import logging
    /// logger = logging.getLogger(__name__)
    ///
    /// def order(request, pk):
    ///     try:
    ///         return Response(place(pk))
    ///     except OutOfStock as error:
    ///         return Response({"error": str(error)}, status=409)
    /// ```
    ///
    /// Not flagged: specific exceptions, whose text is written for the client, and branches under `settings.DEBUG`.
    /// CodeQL's py/stack-trace-exposure sees the traceback only.
    pub(crate) const RULE = {
        code: "errors/exception-text-in-response",
        summary: "text of an unexpected exception is sent to the client",
        check: Check::Node { language: Family::Python, kinds: &["except_clause"], run: check },
        scope: Scope::Project,
        security_severity: "4.3",
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["except"],
    }
}

fn check<'t>(clause: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    let start = range(clause).start();
    let Some(handler) = ctx.python().handlers.iter().find(|it| it.clause.start() == start) else { return };
    if handler.breadth == Breadth::Narrow || handler.setting.contains(Setting::IN_DEBUG) {
        return;
    }
    let mut nodes = descendants(clause);
    while let Some(node) = nodes.next() {
        match node.kind() {
            "try_statement" | "function_definition" | "lambda" => nodes.skip_children(),
            "if_statement" if field(node, "condition").is_some_and(|test| ctx.slice(test).contains("DEBUG")) => {
                nodes.skip_children()
            }
            "call" if is_response(node, ctx.text()) => {
                if let Some(leak) = field(node, "arguments").and_then(|list| leak_in(list, handler, ctx)) {
                    report(leak, handler, node, ctx);
                }
                nodes.skip_children();
            }
            _ => {}
        }
    }
}

fn report(leak: TextRange, handler: &Handler, response: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let response = called_name(response, ctx.text()).unwrap_or("response");
    let message = format!("`{response}` sends the text of an unexpected exception to the client");
    let finding = ctx.report(leak, message);
    finding.help("log the exception and answer with a fixed message");
    finding.label(handler.clause, "everything is caught here");
    if handler.breadth == Breadth::Imported {
        finding.only_if(Condition::CatchesEverything(handler.types.clone()));
    }
}

fn is_response(call: Node<'_>, source: &str) -> bool {
    called_name(call, source).is_some_and(|name| {
        name.ends_with("Response")
            || name.starts_with("HttpResponse")
            || matches!(name, "HTTPException" | "APIException")
    })
}

/// Returns where the exception is turned into text: `str(e)`, `{e}`, `e.args`, `traceback.format_exc()`.
fn leak_in(arguments: Node<'_>, handler: &Handler, ctx: &FileContext<'_, '_>) -> Option<TextRange> {
    let binding = handler.binding.as_deref();
    let is_binding = |node: Node<'_>| node.kind() == "identifier" && binding == Some(ctx.slice(node));
    let mut nodes = descendants(arguments);
    while let Some(node) = nodes.next() {
        match node.kind() {
            "call" if called_name(node, ctx.text()) == Some("format_exc") => return Some(range(node)),
            // The exception's type or code is no text of it.
            "call" if matches!(called_name(node, ctx.text()), Some("type" | "isinstance" | "getattr")) => {
                nodes.skip_children()
            }
            "attribute" if field(node, "object").is_some_and(is_binding) => {
                let name = field(node, "attribute").map_or("", |name| ctx.slice(name));
                if matches!(name, "args" | "message" | "__cause__") {
                    return Some(range(node));
                }
                nodes.skip_children();
            }
            "keyword_argument" if field(node, "value").is_some_and(is_binding) => return Some(range(node)),
            "identifier" if is_binding(node) => {
                let parent = node.parent();
                // The name of a keyword argument is no use of the exception.
                let is_name =
                    parent.is_some_and(|it| it.kind() == "keyword_argument" && field(it, "name") == Some(node));
                if !is_name {
                    return Some(
                        parent
                            .filter(|it| it.kind() == "argument_list")
                            .and_then(|it| it.parent())
                            .map_or(range(node), range),
                    );
                }
            }
            _ => {}
        }
    }
    None
}
