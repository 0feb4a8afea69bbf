//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix};
use arrears_core::rule::{Precision, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::range;
use arrears_syntax::python::{called_name, keyword_argument};
use tree_sitter::Node;

rule! {
    /// Finds mail that is sent with `fail_silently=True`.
    ///
    /// A wrong password, a full disk, a blocked host: the mail is not sent and nobody learns of it. Code that marks
    /// the reminder as sent goes on to do so.
    ///
    /// ```python bad
    /// from django.core.mail import send_mail
    ///
    /// send_mail("Your order", body, None, [customer.email], fail_silently=True)
    /// ```
    /// ```python good
    /// from django.core.mail import send_mail
    ///
    /// send_mail("Your order", body, None, [customer.email])
    /// ```
    ///
    /// Not flagged: `mail_admins` and `mail_managers` inside a handler, where a second error would hide the first.
    pub(crate) const RULE = {
        code: "errors/fail-silently-mail",
        summary: "`fail_silently=True` hides undelivered mail",
        check: Check::Node { language: Family::Python, kinds: &["call"], run: check },
        precision: Precision::VeryHigh,
        fix: Applicability::Unsafe,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["fail_silently"],
    }
}

fn check<'t>(call: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    let Some(name) = called_name(call, ctx.text()) else { return };
    let Some(argument) = keyword_argument(call, "fail_silently", ctx.text()) else { return };
    if !ctx.slice(argument).ends_with("True") {
        return;
    }
    let in_handler = ctx.enclosing().any(|scope| scope.kind() == "except_clause");
    if in_handler && matches!(name, "mail_admins" | "mail_managers") {
        return;
    }
    let fix = Fix::unsafe_edit("Let failures raise", Edit::delete(with_comma(argument)));
    let message = format!("`fail_silently=True` hides mail that `{name}` could not deliver");
    ctx.report(range(argument), message).help("let the failure raise, and retry or record it").fix(fix);
}

/// Returns the argument with the comma and the space before it, or after it where it is the first one.
fn with_comma(argument: Node<'_>) -> TextRange {
    let before = argument.prev_sibling().filter(|it| it.kind() == ",");
    let after = argument.next_sibling().filter(|it| it.kind() == ",");
    match (before, after) {
        (Some(comma), _) => TextRange::new(range(comma).start(), range(argument).end()),
        (None, Some(comma)) => {
            let end = comma.next_sibling().map_or(range(comma).end(), |next| range(next).start());
            TextRange::new(range(argument).start(), end)
        }
        (None, None) => range(argument),
    }
}
