//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::source::Roles;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::django::chain::{Lookup, chain};
use arrears_model::django::local::{Local, Shape};
use arrears_model::project::ProjectModel;
use arrears_model::python::body::{Expr, ExprId, Stmt, StmtId};

rule! {
    /// Finds querysets that are asked again after the rows were changed so that they no longer match.
    ///
    /// A queryset is a question, not a list: asked again, it no longer finds the rows that were just changed. The count
    /// in the report is 0, the second loop has nothing to do, the mails are not sent.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Task(models.Model):
    ///     state = models.CharField(max_length=20)
    ///
    /// def expire():
    ///     late = Task.objects.filter(state="open")
    ///     late.update(state="expired")
    ///     return late.count()
    /// ```
    /// ```python good
    /// from django.db import models
    ///
    /// class Task(models.Model):
    ///     state = models.CharField(max_length=20)
    ///
    /// def expire():
    ///     late = Task.objects.filter(state="open")
    ///     return late.update(state="expired")
    /// ```
    ///
    /// Flagged where the function itself shows all of it: a field that the queryset filters by is written, by `update()`
    /// or on the rows of a loop that `save()` them, and the queryset is evaluated after that. Not flagged: `count()`,
    /// `len()` and a second loop after a loop over the queryset itself, which remembers its rows; a queryset that is
    /// assigned again; a value that still matches.
    pub(crate) const RULE = {
        code: "queries/queryset-reread-after-write",
        summary: "queryset is asked again after its rows stopped to match",
        check: Check::Project { run: check },
        severity: Severity::Warning,
        preset: Preset::All,
        scope: Scope::Project,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        follows_values: true,
    }
}

/// Methods that answer from the rows that a loop over the queryset has loaded.
const REMEMBERED: [&str; 2] = ["count", "exists"];

/// Methods that ask the database whatever is loaded.
const ASKED: [&str; 10] =
    ["first", "last", "get", "aggregate", "values", "values_list", "update", "delete", "in_bulk", "latest"];

/// A write after which the queryset no longer finds its rows.
struct Write<'p> {
    range: TextRange,
    /// After it, the queryset is asked again.
    end: u32,
    field: &'p str,
    /// Whether the queryset remembers the rows it found before.
    remembers: bool,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for local in Local::all(model, RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION), &[".update(", ".save("]) {
        for id in &local.statements {
            let Stmt::Assign { target, value } = local.bodies.stmt(*id) else { continue };
            let name = local.source(target);
            if local.bodies.expr(target) != Expr::Name || local.bindings(name) != 1 || local.method(value).is_none() {
                continue;
            }
            let lookups = chain(local.bodies, local.text, value).lookups;
            if lookups.is_empty() {
                continue;
            }
            let Some(write) = write(&local, name, &lookups) else { continue };
            if local.thing(value).is_none_or(|it| it.shape != Shape::Query) {
                continue;
            }
            if let Some((again, asks)) = again(&local, name, &write) {
                report(ctx, &local, name, local.bodies.span(value), &write, again, asks);
            }
        }
    }
}

fn write<'p>(local: &Local<'_, 'p>, name: &str, lookups: &[Lookup<'p>]) -> Option<Write<'p>> {
    local.statements.iter().find_map(|id| match local.bodies.stmt(*id) {
        Stmt::Expr(value) | Stmt::Assign { value, .. } => updated(local, name, lookups, value),
        Stmt::For { target, iter, .. } => saved(local, name, lookups, *id, (target, iter)),
        _ => None,
    })
}

/// `late.update(state="expired")`
fn updated<'p>(local: &Local<'_, 'p>, name: &str, lookups: &[Lookup<'p>], id: ExprId) -> Option<Write<'p>> {
    let (object, "update", args) = local.method(id)? else { return None };
    if local.bodies.expr(object) != Expr::Name || local.source(object) != name {
        return None;
    }
    let field = local.bodies.args(args).iter().find_map(|arg| {
        let field = arg.name?.slice(local.text);
        leaves(local, lookups, field, arg.value).then_some(field)
    })?;
    let range = local.bodies.span(id);
    Some(Write { range, end: range.end(), field, remembers: false })
}

/// `for task in late: task.state = "expired"; task.save()`
fn saved<'p>(
    local: &Local<'_, 'p>,
    name: &str,
    lookups: &[Lookup<'p>],
    id: StmtId,
    (target, iter): (ExprId, ExprId),
) -> Option<Write<'p>> {
    let source = local.source(iter);
    let remembers = source == name;
    let is_copy = ["iterator(", "all(", "select_related(", "prefetch_related(", "order_by(", "select_for_update("]
        .iter()
        .any(|method| {
            source
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|rest| rest.starts_with(method))
        });
    if !remembers && !is_copy {
        return None;
    }
    let row = local.source(target);
    let block = *local.bodies.blocks(id).first()?;
    // What a branch writes is written to some rows only.
    let inside = local.bodies.block(block);
    let (range, field) = inside.iter().find_map(|id| {
        let Stmt::Assign { target, value } = local.bodies.stmt(*id) else { return None };
        let (object, field) = local.attr(target)?;
        let is_left = local.source(object) == row && leaves(local, lookups, field, value);
        is_left.then(|| (local.bodies.stmt_span(*id), field))
    })?;
    let is_saved = inside.iter().any(|id| match local.bodies.stmt(*id) {
        Stmt::Expr(value) => {
            local.method(value).is_some_and(|(object, name, _)| name == "save" && local.source(object) == row)
        }
        _ => false,
    });
    let end = local.bodies.stmt_span(id).end();
    is_saved.then_some(Write { range, end, field, remembers })
}

/// Returns whether a row no longer matches once a field has a value.
fn leaves(local: &Local<'_, '_>, lookups: &[Lookup<'_>], field: &str, value: ExprId) -> bool {
    let value_text = local.source(value);
    let is_constant = |id: ExprId| {
        matches!(
            local.bodies.expr(id),
            Expr::Str(_) | Expr::Int | Expr::True | Expr::False | Expr::None | Expr::Attr { .. }
        )
    };
    is_constant(value)
        && lookups.iter().any(|it| {
            let was = it.value.slice(local.text);
            match it.name.split_once("__") {
                None if it.name == field && matches!(it.method, "filter" | "get") => was != value_text,
                None if it.name == field && it.method == "exclude" => was == value_text,
                Some((name, "isnull")) if name == field && it.method == "filter" => {
                    (was == "True") != (local.bodies.expr(value) == Expr::None)
                }
                _ => false,
            }
        })
}

/// Returns where the queryset is asked again, and by what.
fn again<'p>(local: &Local<'_, 'p>, name: &str, write: &Write<'p>) -> Option<(TextRange, &'p str)> {
    let asks = local.expressions().filter_map(|id| {
        let (object, method, _) = local.method(id)?;
        let is_own = local.bodies.expr(object) == Expr::Name && local.source(object) == name;
        let is_asked = ASKED.contains(&method) || !write.remembers && REMEMBERED.contains(&method);
        (is_own && is_asked).then(|| (local.bodies.span(id), method))
    });
    let loops = local.statements.iter().filter_map(|id| {
        let Stmt::For { iter, .. } = local.bodies.stmt(*id) else { return None };
        let is_own = !write.remembers && local.source(iter) == name;
        is_own.then(|| (local.bodies.span(iter), "for"))
    });
    let after = |(range, _): &(TextRange, &str)| range.start() >= write.end && local.reaches(write.range, *range);
    asks.chain(loops).filter(after).min_by_key(|(range, _)| range.start())
}

fn report(
    ctx: &mut ProjectContext<'_>,
    local: &Local<'_, '_>,
    name: &str,
    queryset: TextRange,
    write: &Write<'_>,
    again: TextRange,
    asks: &str,
) {
    let how = if asks == "for" { "iterated".to_owned() } else { format!("asked for `{asks}()`") };
    let message =
        format!("`{name}` is {how} after its rows were given another `{}`: it no longer finds them", write.field);
    let finding = ctx.report(local.function.path, again, message);
    finding.help("keep what is needed before the write: the count that `update()` returns, the keys, `list(…)`");
    finding.label(write.range, "written here");
    let line = queryset.slice(local.text).lines().next().unwrap_or("");
    let end = queryset.start() + u32::try_from(line.len()).unwrap_or(0);
    finding.label(TextRange::new(queryset.start(), end), "the queryset");
    finding.property("field", write.field);
}
