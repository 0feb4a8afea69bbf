//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::source::Roles;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::django::local::Local;
use arrears_model::django::transaction::Transactions;
use arrears_model::django::write::{Write, WriteKind, Writes, in_loops};
use arrears_model::project::ProjectModel;
use arrears_model::python::body::{Expr, Stmt};

rule! {
    /// Finds writes that belong together but run without a transaction.
    ///
    /// An error between them, or a process that is stopped there, leaves the order without its payment. Nobody notices
    /// at once, and the rows are mended by hand.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Salary(models.Model):
    ///     amount = models.IntegerField()
    ///
    /// class Booking(models.Model):
    ///     amount = models.IntegerField()
    ///
    /// def pay(request):
    ///     Salary.objects.create(amount=100)
    ///     Booking.objects.create(amount=-100)
    /// ```
    /// ```python good
    /// from django.db import models, transaction
    ///
    /// class Salary(models.Model):
    ///     amount = models.IntegerField()
    ///
    /// class Booking(models.Model):
    ///     amount = models.IntegerField()
    ///
    /// @transaction.atomic
    /// def pay(request):
    ///     Salary.objects.create(amount=100)
    ///     Booking.objects.create(amount=-100)
    /// ```
    ///
    /// Flagged: two models written one after the other; rows that are deleted and made anew; a view that writes the rows
    /// of a loop one by one. Not flagged: projects with `ATOMIC_REQUESTS`; functions that run in a transaction on one of
    /// the ways to them, as far as names tell; a second write to a log, an audit trail or a notification; `get_or_create`;
    /// writes with a `return` or a `raise` between them; a second write whose failure is caught; signal receivers,
    /// `save()` and `delete()` of models, tasks, commands, migrations.
    pub(crate) const RULE = {
        code: "queries/missing-atomic",
        summary: "writes that belong together run without a transaction",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Project,
        fix: Applicability::Unsafe,
        exempt: EXEMPT,
        follows_values: true,
    }
}

const EXEMPT: Roles = RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION).union(Roles::COMMAND).union(Roles::SETTINGS);

/// Parts of names of models whose rows only tell what happened.
const TELLING: [&str; 17] = [
    "Log",
    "Audit",
    "History",
    "Notification",
    "Activity",
    "Event",
    "Alert",
    "Message",
    "Metric",
    "Visit",
    "Trace",
    "Job",
    "Email",
    "Session",
    "Favorite",
    "Favourite",
    "Recent",
];

/// Parts of paths of code that fills a database for trying things out, or that runs again when it fails.
const ASIDE: [&str; 7] = ["dummy", "seed", "random_data", "testing", "demo", "task", "fixture"];

/// What is wrong with the writes of a function.
enum Debt {
    /// The second is written without the first.
    Pair(Write, Write),
    /// Deleted and made anew.
    Replaced(Write, Write),
    /// One by one in a loop.
    Loop(Write, TextRange),
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let transactions = Transactions::new(model);
    if transactions.has_all_requests() {
        return;
    }
    let writes = Writes::new(model);
    let words = &["save(", "create(", "update(", "delete("];
    for local in Local::some(model, EXEMPT, words, |function| writes.may_write(function)) {
        if is_hook(&local) {
            continue;
        }
        let found = writes.of(&local);
        let Some(debt) = debt(model, &local, &found) else { continue };
        if !transactions.may_hold(local.function) {
            report(model, ctx, &local, &debt);
        }
    }
}

/// Returns whether a function runs inside what somebody else does, a receiver of signals, a model's own `save`, or
/// runs again when it fails: a task.
fn is_hook(local: &Local<'_, '_>) -> bool {
    let Some(facts) = local.facts() else { return true };
    let is_receiver = facts.decorators.iter().any(|it| {
        let name = it.path.rsplit('.').next().unwrap_or("");
        name == "receiver" || name.ends_with("task") || name == "fixture"
    });
    let path = local.function.path;
    if path.folders().chain([path.file_name()]).any(|part| ASIDE.iter().any(|word| part.contains(word))) {
        return true;
    }
    let params = local.bodies.function(local.function.id).map_or(&[][..], |body| &body.params);
    let is_signal = params.first().is_some_and(|it| it.name.slice(local.text) == "sender");
    is_receiver || is_signal || matches!(facts.name.as_str(), "save" | "delete" | "ready" | "setUp" | "setUpTestData")
}

fn debt(model: &ProjectModel<'_>, local: &Local<'_, '_>, writes: &[Write]) -> Option<Debt> {
    let replaced = pairs(local, writes).find(|(first, second)| {
        let is_again =
            first.model == second.model && first.kind == WriteKind::Delete && second.kind == WriteKind::Create;
        is_again && !first.is_inside && !second.is_inside
    });
    if let Some((first, second)) = replaced {
        return Some(Debt::Replaced(first, second));
    }
    let name = |write: &Write| model.models().get(write.model).name.as_str();
    let tells = |write: &Write| TELLING.iter().any(|part| name(write).contains(part));
    let pair = pairs(local, writes).find(|(first, second)| {
        first.model != second.model
            && first.range != second.range
            && first.kind != WriteKind::Ensure
            && !tells(first)
            && !tells(second)
            && !local.are_apart(first.range, second.range)
            && !is_ensured(local, first, second)
            && !is_interrupted(local, first, second)
            && !is_caught(local, first, second)
    });
    if let Some((first, second)) = pair {
        return Some(Debt::Pair(first, second));
    }
    if !is_view(local) {
        return None;
    }
    let mut loops = in_loops(local, writes).into_iter();
    loops
        .find(|(write, range, _)| {
            write.kind != WriteKind::Delete && !tells(write) && !is_caught_in(local, *range, write.range)
        })
        .map(|(write, range, _)| Debt::Loop(write, range))
}

/// The writes of which the second may follow the first.
fn pairs(local: &Local<'_, '_>, writes: &[Write]) -> impl Iterator<Item = (Write, Write)> {
    let writes = &writes[..writes.len().min(60)];
    let all =
        writes.iter().enumerate().flat_map(|(at, first)| writes[at + 1..].iter().map(move |second| (*first, *second)));
    all.filter(|(first, second)| first.range.end() <= second.range.start() && local.reaches(first.range, second.range))
}

/// Returns whether the first write makes what was not there: `if not state: state = State.objects.create(…)`.
fn is_ensured(local: &Local<'_, '_>, first: &Write, second: &Write) -> bool {
    first.kind == WriteKind::Create
        && local.statements.iter().any(|id| {
            let Stmt::If { test, .. } = local.bodies.stmt(*id) else { return false };
            let span = local.bodies.stmt_span(*id);
            let is_absence = match local.bodies.expr(test) {
                Expr::Not(inner) => local.bodies.expr(inner) == Expr::Name,
                Expr::Compare(operands) => {
                    local.bodies.exprs(operands).iter().any(|it| local.bodies.expr(*it) == Expr::None)
                }
                _ => false,
            };
            is_absence && span.contains(first.range) && !span.contains(second.range)
        })
}

/// Returns whether the function may end between two writes.
fn is_interrupted(local: &Local<'_, '_>, first: &Write, second: &Write) -> bool {
    local.statements.iter().any(|id| {
        let is_end = matches!(local.bodies.stmt(*id), Stmt::Return(_) | Stmt::Raise(_));
        let span = local.bodies.stmt_span(*id);
        is_end && span.start() >= first.range.end() && span.end() <= second.range.start()
    })
}

/// Returns whether the failure of the second write is expected.
fn is_caught(local: &Local<'_, '_>, first: &Write, second: &Write) -> bool {
    tries(local).any(|range| range.contains(second.range) && !range.contains(first.range))
}

/// Returns whether a `try` inside the loop expects the failure of a write.
fn is_caught_in(local: &Local<'_, '_>, around: TextRange, write: TextRange) -> bool {
    tries(local).any(|range| range.contains(write) && around.contains(range))
}

fn tries(local: &Local<'_, '_>) -> impl Iterator<Item = TextRange> {
    local.statements.iter().filter_map(|id| {
        let Stmt::Try { body, handlers, .. } = local.bodies.stmt(*id) else { return None };
        let body = local.bodies.block(body);
        let (first, last) = (body.first()?, body.last()?);
        let range = TextRange::new(local.bodies.stmt_span(*first).start(), local.bodies.stmt_span(*last).end());
        (!handlers.is_empty()).then_some(range)
    })
}

/// Returns whether a function answers a request.
fn is_view(local: &Local<'_, '_>) -> bool {
    let params = local.bodies.function(local.function.id).map_or(&[][..], |body| &body.params);
    params.iter().take(2).any(|param| param.name.slice(local.text) == "request")
}

fn report(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>, local: &Local<'_, '_>, debt: &Debt) {
    let name = |write: &Write| model.models().get(write.model).name.clone();
    let path = local.function.path;
    let finding = match debt {
        Debt::Pair(first, second) => {
            let (first_name, second_name) = (name(first), name(second));
            let message = format!(
                "an error here leaves `{first_name}` written without `{second_name}`: no transaction holds them together"
            );
            let finding = ctx.report(path, second.range, message);
            finding.label(first.range, format!("`{first_name}` is written here"));
            finding.property("model", first_name);
            finding
        }
        Debt::Replaced(first, second) => {
            let message = format!(
                "an error here leaves no `{}`: the old rows are deleted in a transaction of their own",
                name(second)
            );
            let finding = ctx.report(path, second.range, message);
            finding.label(first.range, "deleted here");
            finding.property("model", name(first));
            finding
        }
        Debt::Loop(write, range) => {
            let message = format!(
                "an error here leaves `{}` written for some rows of the loop: each turn is a transaction of its own",
                name(write)
            );
            let finding = ctx.report(path, write.range, message);
            let line = range.slice(local.text).lines().next().unwrap_or("");
            let end = range.start() + u32::try_from(line.len()).unwrap_or(0);
            finding.label(TextRange::new(range.start(), end), "the loop");
            finding.property("model", name(write));
            finding
        }
    };
    finding.help(
        "put the writes into one `with transaction.atomic():`, or decorate the function with `@transaction.atomic`",
    );
    if let Some(edit) = decorator(model, local) {
        finding.fix(Fix::unsafe_edit("run the function in a transaction", edit));
    }
}

/// Returns the edit that decorates a function, where `transaction` is at hand.
fn decorator(model: &ProjectModel<'_>, local: &Local<'_, '_>) -> Option<Edit> {
    let names = &model.python(local.function.path)?.names;
    let transaction = names.imports().iter().find(|it| it.target == "django.db.transaction")?;
    let facts = local.facts()?;
    let is_plain = facts.decorators.is_empty() && !facts.range.slice(local.text).starts_with("async");
    let start = facts.range.start();
    let line = local.text.get(..start as usize)?.rfind('\n').map_or(0, |at| at + 1);
    let indent = local.text.get(line..start as usize)?;
    let is_blank = indent.chars().all(|it| it == ' ' || it == '\t');
    (is_plain && is_blank).then(|| Edit::insert(start, format!("@{}.atomic\n{indent}", transaction.local)))
}
