//! See [`RULE`].

use std::cell::OnceCell;

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::binding::Bindings;
use arrears_model::script::credential::Meaning;
use arrears_model::script::storage::{Area, key_meaning, persisted_token, stored_token};
use arrears_syntax::node::{field, range, text};
use arrears_syntax::script::{arguments, called_name, string_value, unwrapped};
use tree_sitter::Node;

rule! {
    /// Finds tokens in `localStorage` and `sessionStorage`.
    ///
    /// Every script of the page reads them: an advertisement, a compromised package, one unescaped name. Whoever has
    /// the token is the user, from anywhere, until it expires.
    ///
    /// ```ts bad
    /// export function keep(response: LoginResponse) {
    ///   localStorage.setItem("access_token", response.access);
    /// }
    /// ```
    /// ```ts good
    /// export async function logIn(body: Credentials) {
    ///   // The server answers with a cookie that is `HttpOnly`, `Secure` and `SameSite`.
    ///   await fetch("/api/login/", { method: "POST", credentials: "include", body: JSON.stringify(body) });
    /// }
    /// ```
    ///
    /// A token is known by its key, by the name of the constant that holds the key, or by its value; a store of Zustand
    /// that persists itself by its fields. A read counts where a written token stands in for a missing one
    /// (`getItem("token") || "dev-token"`). Not flagged: other keys, CSRF tokens, tokens of designs and of language
    /// models, what is only said about a token, such as when it expires. Semgrep's rule wants `jwt_decode` next to it;
    /// Sonar's S3271 flags all storage.
    pub(crate) const RULE = {
        code: "security/token-in-web-storage",
        summary: "token is kept where any script can read it",
        check: Check::File {
            language: Family::Script,
            kinds: &["call_expression", "assignment_expression", "binary_expression"],
            run: check,
        },
        mentions: &["localStorage", "sessionStorage", "persist"],
        security_severity: "5.9",
    }
}

const HELP: &str = "let the server set an `HttpOnly` cookie; a short-lived access token can live in memory";

fn check(ctx: &mut FileContext<'_, '_>) {
    if ctx.script().is_test_code() {
        return;
    }
    let (root, source, facts) = (ctx.root(), ctx.text(), ctx.script());
    let bindings = OnceCell::new();
    for note in ctx.noted() {
        let node = note.node;
        let is_call = node.kind() == "call_expression";
        if node.kind() == "binary_expression" {
            check_stand_in(node, ctx);
            continue;
        }
        if is_call && !matches!(called_name(node, source), Some("setItem" | "persist")) {
            continue;
        }
        let bindings: &Bindings<'_, '_> = bindings.get_or_init(|| Bindings::read(root, source));
        let stored = stored_token(node, bindings, source)
            .or_else(|| is_call.then(|| persisted_token(node, facts, bindings, source)).flatten());
        let Some(stored) = stored.filter(|stored| stored.area.is_web()) else { continue };
        let name = text(stored.evidence, source).trim_matches(['"', '\'', '`']);
        let message = format!("`{name}` is kept in `{}`, where any script of the page reads it", stored.area.name());
        let finding = ctx.report(range(stored.place), message);
        finding.help(HELP);
        if range(stored.evidence).start() > range(stored.place).end() && stored.place.kind() != "member_expression" {
            finding.label(range(stored.evidence), "the token");
        }
    }
}

/// `localStorage.getItem("token") || "dev-token"`
fn check_stand_in(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let is_fallback = field(node, "operator").is_some_and(|it| matches!(it.kind(), "||" | "??"));
    let (true, Some(left), Some(right)) = (is_fallback, field(node, "left").map(unwrapped), field(node, "right"))
    else {
        return;
    };
    let Some(written) = string_value(right, source).filter(|it| !it.trim().is_empty()) else { return };
    let is_read = left.kind() == "call_expression" && called_name(left, source) == Some("getItem");
    let object = field(left, "function").and_then(|it| field(it, "object"));
    let area = object.and_then(|it| Area::of(it, &Bindings::default(), source)).filter(|area| area.is_web());
    let (true, Some(area), Some(key)) = (is_read, area, arguments(left).next()) else { return };
    if key_meaning(key, source) != Meaning::Token {
        return;
    }
    let message = format!("the token is read from `{}`, and `{written}` stands in for a missing one", area.name());
    ctx.report(range(node), message).help(HELP);
}
