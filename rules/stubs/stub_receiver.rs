//! See [`RULE`].

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::python::entry::{Entry, entry};
use arrears_model::python::function::Traits;

rule! {
    /// Finds signal receivers that do nothing.
    ///
    /// Whoever reads `@receiver(post_save, sender=Order)` believes that something follows a saved order. Nothing
    /// does, and every save still pays for the call.
    ///
    /// ```python bad
    /// @receiver(post_save, sender=Order)
    /// def update_stock(sender, instance, **kwargs):
    ///     pass
    /// ```
    /// ```python good
    /// @receiver(post_save, sender=Order)
    /// def update_stock(sender, instance, **kwargs):
    ///     instance.lines.reserve()
    /// ```
    ///
    /// Not flagged: a receiver that only logs, unless its words admit that the work is missing; audit logs are
    /// written so. A receiver that says why it is empty. No other linter knows receivers.
    pub(crate) const RULE = {
        code: "stubs/stub-receiver",
        summary: "signal receiver does nothing",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        mentions: &["receiver", "connect"],
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let facts = ctx.python();
    for function in &facts.functions {
        let Some(stub) = function.stub.as_ref().filter(|it| it.kind.is_empty() || it.evidence.is_some()) else {
            continue;
        };
        let is_exempt = function.traits.intersects(Traits::ABSTRACT | Traits::FALLBACK | Traits::EXPLAINED);
        if is_exempt || entry(facts, function, ctx.text()) != Some(Entry::Receiver) {
            continue;
        }
        let signal = function.decorators.iter().find(|it| it.path.ends_with("receiver"));
        let signal = signal.and_then(|it| it.argument.as_deref()).unwrap_or("the signal");
        let name = &function.name;
        let message = match &stub.evidence {
            Some(evidence) => format!("`{name}` does nothing on `{signal}`: \"{evidence}\""),
            None => format!("`{name}` does nothing on `{signal}`: its body is {}", stub.kind.describe()),
        };
        ctx.report(function.name_range, message).help("write it, or delete the receiver");
    }
}
