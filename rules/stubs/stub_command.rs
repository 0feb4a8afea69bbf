//! See [`RULE`].

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::entry::{Entry, entry};
use arrears_model::python::function::Traits;
use arrears_model::python::placeholder::explains_emptiness;

rule! {
    /// Finds management commands whose `handle` does nothing.
    ///
    /// A cron entry or a runbook that calls the command sees exit code 0 and believes that the work was done.
    ///
    /// ```python bad
    /// from django.core.management.base import BaseCommand
    ///
    /// class Command(BaseCommand):
    ///     def handle(self, *args, **options):
    ///         pass
    /// ```
    /// ```python good
    /// from django.core.management.base import BaseCommand
    ///
    /// class Command(BaseCommand):
    ///     def handle(self, *args, **options):
    ///         Invoice.objects.overdue().remind()
    /// ```
    ///
    /// A body that only writes a message or returns a constant counts where its words admit that the work is missing
    /// ("TODO", "this would …"). Not flagged: a command that says why it is empty ("kept for old deployments"), a
    /// base class whose subclasses write `handle`. Sonar's S1186 finds `pass` without a comment, in any function.
    pub(crate) const RULE = {
        code: "stubs/stub-command",
        summary: "management command does nothing",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let facts = ctx.python();
    for function in &facts.functions {
        let Some(stub) = function.stub.as_ref().filter(|it| it.kind.is_empty() || it.evidence.is_some()) else {
            continue;
        };
        let is_exempt = function.traits.intersects(Traits::ABSTRACT | Traits::FALLBACK | Traits::EXPLAINED);
        if is_exempt || stub.is_for_others || entry(facts, function, ctx.text()) != Some(Entry::Command) {
            continue;
        }
        let class = function.class.and_then(|id| facts.class(id));
        if class.is_some_and(|class| explains_emptiness(class.range.slice(ctx.text()))) {
            continue;
        }
        let file = ctx.source().path.file_name();
        let name = file.strip_suffix(".py").unwrap_or(file);
        let message = match &stub.evidence {
            Some(evidence) => format!("command `{name}` does nothing: \"{evidence}\""),
            None => format!("command `{name}` does nothing: `handle` holds {}", stub.kind.describe()),
        };
        ctx.report(function.name_range, message)
            .help("write it, raise `CommandError` until then, or delete the command")
            .only_if(Condition::IsFinal(function.name_range));
    }
}
