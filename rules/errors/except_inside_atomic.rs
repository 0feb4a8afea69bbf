//! See [`RULE`].

use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::handler::Setting;
use arrears_model::python::handling::Outcome;

rule! {
    /// Finds broad handlers inside `transaction.atomic` that end normally: the work that was done before the error
    /// is committed.
    ///
    /// `atomic` rolls back when an exception leaves it. A handler inside keeps it from leaving, so half of the order
    /// is saved. After a database error it is worse: every further query of the block fails.
    ///
    /// ```python bad
    /// from django.db import transaction
    ///
    /// @transaction.atomic
    /// def place(order):
    ///     try:
    ///         order.save()
    ///         order.reserve_stock()
    ///     except Exception:
    ///         return None
    /// ```
    /// ```python good
    /// from django.db import transaction
    ///
    /// def place(order):
    ///     try:
    ///         with transaction.atomic():
    ///             order.save()
    ///             order.reserve_stock()
    ///     except OutOfStock:
    ///         return None
    /// ```
    ///
    /// Not flagged: a handler that raises or calls `set_rollback(True)`, and a `try` whose body opens its own
    /// `atomic`: that savepoint is rolled back. Specific exceptions are taken as meant.
    pub(crate) const RULE = {
        code: "errors/except-inside-atomic",
        summary: "handler inside `atomic` commits the partial work",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        scope: Scope::Project,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    for handler in ctx.python().handlers.iter().filter(|it| it.is_broad() && it.setting.contains(Setting::IN_ATOMIC)) {
        let is_undone = handler.outcome.intersects(Outcome::RAISES | Outcome::ROLLS_BACK);
        if is_undone || !handler.setting.contains(Setting::TRIES_WRITE) {
            continue;
        }
        let message = format!(
            "`{}` inside `transaction.atomic` ends normally: the work done before the error is committed",
            handler.shown(ctx.text())
        );
        let finding = ctx.report(handler.clause, message);
        finding.help("raise again, call `transaction.set_rollback(True)`, or open `atomic` inside the `try`");
        if !handler.calls.is_empty() {
            finding.only_if(Condition::NoCallRaises(handler.calls.clone()));
        }
    }
}
