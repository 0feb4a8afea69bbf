//! See [`RULE`].

use arrears_core::rule::{Precision, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::range;
use tree_sitter::Node;

rule! {
    /// Finds `return`, `break` and `continue` in a `finally` clause.
    ///
    /// The jump discards the exception that is on its way, and the value that the `try` body returned. Since Python
    /// 3.14 the compiler warns of it.
    ///
    /// ```python bad
    /// def load(path):
    ///     source = open(path)
    ///     try:
    ///         return source.read()
    ///     finally:
    ///         source.close()
    ///         return None
    /// ```
    /// ```python good
    /// def load(path):
    ///     source = open(path)
    ///     try:
    ///         return source.read()
    ///     finally:
    ///         source.close()
    /// ```
    ///
    /// Not flagged: a jump out of a loop that lies inside the `finally` itself. Ruff's SIM107 and B012, pylint's W0150.
    pub(crate) const RULE = {
        code: "errors/jump-in-finally",
        summary: "jump in `finally` discards the exception",
        check: Check::Node { language: Family::Python, kinds: &["return_statement", "break_statement", "continue_statement"], run: check },
        precision: Precision::VeryHigh,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["finally"],
    }
}

fn check<'t>(jump: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    let is_return = jump.kind() == "return_statement";
    let ends_search = |scope: &Node<'_>| match scope.kind() {
        "function_definition" | "class_definition" | "lambda" => true,
        "for_statement" | "while_statement" => !is_return,
        _ => false,
    };
    if ctx.enclosing().take_while(|scope| !ends_search(scope)).any(|scope| scope.kind() == "finally_clause") {
        let word = ctx.slice(jump).split_whitespace().next().unwrap_or("return").to_owned();
        let start = range(jump).start();
        let place = arrears_core::text::TextRange::of(start as usize..start as usize + word.len());
        ctx.report(place, format!("`{word}` in `finally` discards the exception that is on its way"))
            .help("jump after the `try` statement");
    }
}
