//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Preset, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{field, parts, range};
use schemars::JsonSchema;
use serde::Deserialize;
use tree_sitter::Node;

rule! {
    /// Finds a new exception raised in a handler without `from`.
    ///
    /// The traceback then says "during handling of the above exception, another exception occurred", as if raising
    /// were the mistake. `from error` says that the one caused the other; `from None` says that it does not matter.
    ///
    /// ```python bad
    /// try:
    ///     rate = rates[country]
    /// except KeyError:
    ///     raise LookupError(country)
    /// ```
    /// ```python good
    /// try:
    ///     rate = rates[country]
    /// except KeyError as error:
    ///     raise LookupError(country) from error
    /// ```
    ///
    /// Not flagged unless `deliberate = true`: exceptions that are answers, such as `Http404`, `ValidationError`,
    /// `PermissionDenied`, `CommandError`. Ruff's B904 and pylint's W0707 report all of them.
    pub(crate) const RULE = {
        code: "errors/raise-without-cause",
        summary: "new exception does not name its cause",
        check: Check::Node { language: Family::Python, kinds: &["raise_statement"], run: check },
        options: Options,
        severity: Severity::Info,
        preset: Preset::Strict,
        fix: Applicability::DisplayOnly,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["except"],
    }
}

/// Options of `errors/raise-without-cause`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    /// Whether exceptions that are answers to the client are flagged too.
    deliberate: bool,
}

fn check<'t>(raise: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    if field(raise, "cause").is_some() {
        return;
    }
    let Some(raised) = parts(raise).next().filter(|raised| raised.kind() == "call") else { return };
    let inner = |node: &Node<'_>| matches!(node.kind(), "function_definition" | "lambda");
    let clause = ctx.enclosing().take_while(|scope| !inner(scope)).find(|scope| scope.kind() == "except_clause");
    let Some(handler) =
        clause.and_then(|clause| ctx.python().handlers.iter().find(|it| it.clause.start() == range(clause).start()))
    else {
        return;
    };
    let Some(function) = field(raised, "function").filter(|it| matches!(it.kind(), "identifier" | "attribute")) else {
        return;
    };
    let path = ctx.slice(function);
    let name = path.rsplit('.').next().unwrap_or(path);
    let is_exception = name.starts_with(|first: char| first.is_ascii_uppercase());
    let is_other = handler.binding.as_deref().is_none_or(|binding| !path.starts_with(binding));
    if !is_exception || !is_other || is_answer(name) && !ctx.options::<Options>().deliberate {
        return;
    }
    let finding = ctx.report(range(function), format!("`{name}` is raised without naming its cause"));
    match &handler.binding {
        Some(binding) => {
            finding.help(format!("end with `from {binding}`"));
            finding.fix(Fix::suggestion(
                format!("Add `from {binding}`"),
                Edit::insert(range(raised).end(), format!(" from {binding}")),
            ));
        }
        None => {
            finding.help("bind the caught exception with `as error` and end with `from error`");
        }
    }
}

fn is_answer(name: &str) -> bool {
    matches!(
        name,
        "Http404"
            | "ValidationError"
            | "PermissionDenied"
            | "CommandError"
            | "NotFound"
            | "HTTPException"
            | "SuspiciousOperation"
            | "AuthenticationFailed"
            | "NotAuthenticated"
            | "ParseError"
            | "GraphQLError"
            | "SystemExit"
            | "BadRequest"
    )
}
