//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{descendants, field, parts, range, text};
use schemars::JsonSchema;
use serde::Deserialize;
use tree_sitter::Node;

rule! {
    /// Finds functions without type hints in modules where the others have them.
    ///
    /// Mypy and Pyright pass over the body of a function without annotations, and what it returns is `Any` for every
    /// caller. In a module that is annotated otherwise nobody expects a hole there.
    ///
    /// ```python bad
    /// def net(price: int, rate: int) -> int:
    ///     return price * 100 // (100 + rate)
    ///
    /// def tax(price: int, rate: int) -> int:
    ///     return price - net(price, rate)
    ///
    /// def total(prices, rate):
    ///     return sum(prices) + tax(sum(prices), rate)
    /// ```
    /// ```python good
    /// def net(price: int, rate: int) -> int:
    ///     return price * 100 // (100 + rate)
    ///
    /// def total(prices: list[int], rate: int) -> int:
    ///     return sum(prices) + rate
    /// ```
    ///
    /// Option `min-share` (60): from which share of annotated functions, in percent, a module counts. Not flagged:
    /// projects and modules that do not use annotations, private and nested functions, functions that take and
    /// return nothing, special methods. Ruff's ANN rules and `disallow_untyped_defs` of Mypy flag every module.
    pub(crate) const RULE = {
        code: "types/missing-type-hints",
        summary: "function without type hints in an annotated module",
        check: Check::File { language: Family::Python, kinds: &["function_definition"], run: check },
        options: Options,
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
    }
}

/// Options of `types/missing-type-hints`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    /// From which share of annotated functions, in percent, a module counts as annotated.
    min_share: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { min_share: 60 }
    }
}

/// How much of a function is annotated.
struct Hints {
    annotated: usize,
    missing: usize,
    returns: bool,
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let options: Options = ctx.options();
    let functions: Vec<(Node<'_>, Hints)> = ctx
        .noted()
        .into_iter()
        .filter(|note| {
            let outer = ctx.enclosing_of(*note).find(|it| it.kind() == "function_definition");
            outer.is_none()
        })
        .map(|note| (note.node, hints(note.node, ctx.text())))
        .filter(|(_, hints)| hints.annotated + hints.missing > 0 || hints.returns)
        .collect();
    let has_hints = |hints: &Hints| hints.annotated > 0 || hints.returns;
    let annotated = functions.iter().filter(|(_, hints)| has_hints(hints)).count();
    if annotated < 2 || annotated * 100 < functions.len() * options.min_share {
        return;
    }
    for (function, hints) in functions.iter().filter(|(_, hints)| !has_hints(hints)) {
        let Some(name) = field(*function, "name") else { continue };
        let shown = text(name, ctx.text());
        if shown.starts_with('_') || hints.missing == 0 && !returns_value(*function) {
            continue;
        }
        let message =
            format!("`{shown}` has no type hints; {annotated} of {} functions of this module have", functions.len());
        ctx.report(range(name), message).help("annotate its parameters and what it returns");
    }
}

fn hints(function: Node<'_>, source: &str) -> Hints {
    let mut found = Hints { annotated: 0, missing: 0, returns: field(function, "return_type").is_some() };
    for parameter in field(function, "parameters").into_iter().flat_map(parts) {
        match parameter.kind() {
            "typed_parameter" | "typed_default_parameter" => found.annotated += 1,
            "identifier" if !matches!(text(parameter, source), "self" | "cls" | "request") => found.missing += 1,
            "default_parameter" => found.missing += 1,
            _ => {}
        }
    }
    found
}

fn returns_value(function: Node<'_>) -> bool {
    let mut nodes = field(function, "body").into_iter().flat_map(descendants);
    nodes.any(|it| it.kind() == "return_statement" && parts(it).next().is_some())
}
