//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix};
use arrears_core::rule::RuleMeta;
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::python::{called_name, dotted, keyword};
use tree_sitter::Node;

rule! {
    /// Finds tasks that are sent inside `transaction.atomic`, as a block or as a decorator.
    ///
    /// The worker may start before the transaction commits: it does not find the row, or reads the old one. If the
    /// transaction rolls back, the task has run for something that never happened.
    ///
    /// ```python bad
    /// from celery import shared_task
    /// from django.db import transaction
    ///
    /// @shared_task
    /// def send_receipt(order_id):
    ///     print(order_id)
    ///
    /// def pay(order):
    ///     with transaction.atomic():
    ///         order.save()
    ///         send_receipt.delay(order.pk)
    /// ```
    /// ```python good
    /// from celery import shared_task
    /// from django.db import transaction
    ///
    /// @shared_task
    /// def send_receipt(order_id):
    ///     print(order_id)
    ///
    /// def pay(order):
    ///     with transaction.atomic():
    ///         order.save()
    ///         transaction.on_commit(lambda: send_receipt.delay(order.pk))
    /// ```
    ///
    /// Not flagged: `delay_on_commit`; a lambda or a nested function, which run later; a `countdown` or `eta`, which
    /// give the commit time. Only what the text shows: a caller's transaction and `ATOMIC_REQUESTS` are not followed.
    pub(crate) const RULE = {
        code: "celery/dispatch-in-atomic",
        summary: "task is sent before the transaction commits",
        check: Check::Node { language: Family::Python, kinds: &["call"], run: check },
        fix: Applicability::Unsafe,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["atomic"],
    }
}

/// What lies around a call.
struct Around {
    atomic: TextRange,
    is_bare: bool,
    in_loop: bool,
}

fn check(call: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let Some("delay" | "apply_async") = called_name(call, ctx.text()) else { return };
    if keyword(call, "countdown", ctx.text()).is_some() || keyword(call, "eta", ctx.text()).is_some() {
        return;
    }
    let Some(around) = transaction_around(ctx) else { return };
    let Some(callee) = field(call, "function") else { return };
    let task = field(callee, "object").map_or("", |object| ctx.slice(object));
    let message = format!("task `{}` is sent before the transaction commits", first_line(task));
    let fix = on_commit(call, &around, ctx);
    let finding = ctx.report(range(callee), message);
    finding.help("send it with `transaction.on_commit(…)` or `.delay_on_commit(…)`");
    finding.label(around.atomic, "the transaction opens here");
    finding.only_if(Condition::ProjectMentions("celery".to_owned()));
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// Returns the `atomic` whose transaction is open at the node that is being checked.
fn transaction_around(ctx: &FileContext<'_, '_>) -> Option<Around> {
    let mut scopes = ctx.enclosing();
    let mut in_loop = false;
    while let Some(scope) = scopes.next() {
        match scope.kind() {
            "for_statement" | "while_statement" | "list_comprehension" => in_loop = true,
            "with_statement" => {
                let items = children(scope).filter(|it| it.kind() == "with_clause").flat_map(parts);
                let mut managers = items.filter_map(|item| field(item, "value"));
                if let Some(atomic) = managers.find(|manager| is_atomic(*manager, ctx)) {
                    let is_bare = field(atomic, "arguments").is_none_or(|list| parts(list).next().is_none());
                    return Some(Around { atomic: range(atomic), is_bare, in_loop });
                }
            }
            "function_definition" => {
                let decorated = scopes.next().filter(|it| it.kind() == "decorated_definition")?;
                let decorators = children(decorated).filter(|it| it.kind() == "decorator");
                let atomic = decorators.filter_map(|it| parts(it).next()).find(|it| is_atomic(*it, ctx))?;
                return Some(Around { atomic: range(atomic), is_bare: true, in_loop });
            }
            // What a lambda holds runs later; a class body never runs in a view.
            "lambda" | "class_definition" => return None,
            _ => {}
        }
    }
    None
}

/// Returns whether an expression is `transaction.atomic`, called or not, a project's wrapper of that name, or
/// `method_decorator(transaction.atomic)`.
fn is_atomic(expression: Node<'_>, ctx: &FileContext<'_, '_>) -> bool {
    match expression.kind() {
        "as_pattern" => parts(expression).next().is_some_and(|it| is_atomic(it, ctx)),
        "call" => {
            let Some(function) = field(expression, "function") else { return false };
            let is_method_decorator = text(function, ctx.text()).ends_with("method_decorator");
            let mut arguments = field(expression, "arguments").into_iter().flat_map(parts);
            is_atomic(function, ctx) || is_method_decorator && arguments.any(|it| is_atomic(it, ctx))
        }
        _ => dotted(expression, ctx.text()).is_some_and(|path| {
            let path = ctx.python().names.canonical(path, range(expression).start());
            let name = path.rsplit('.').next().unwrap_or("");
            name == "atomic" || name.contains("atomic_transaction")
        }),
    }
}

/// Offers to wrap a statement, where `transaction` is at hand and no loop variable would be bound late.
fn on_commit(call: Node<'_>, around: &Around, ctx: &FileContext<'_, '_>) -> Option<Fix> {
    let is_statement = call.parent().is_some_and(|it| it.kind() == "expression_statement");
    let names = &ctx.python().names;
    let transaction = names.imports().iter().find(|import| import.target == "django.db.transaction")?;
    if !is_statement || around.in_loop || !around.is_bare {
        return None;
    }
    let wrapped = format!("{}.on_commit(lambda: {})", transaction.local, ctx.slice(call));
    Some(Fix::unsafe_edit("Send it on commit", Edit::replace(range(call), wrapped)))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}
