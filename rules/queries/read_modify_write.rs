//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::source::Roles;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::django::local::{Local, Shape};
use arrears_model::django::{Field, FieldKind};
use arrears_model::project::ProjectModel;
use arrears_model::python::body::{Expr, ExprId, Stmt, StmtId};

rule! {
    /// Finds numbers of a row that are read, changed in memory and saved, so that two requests at once count one.
    ///
    /// Both read 7, both save 8. The counter is wrong from then on, the stock is sold twice, and no log tells of it.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Article(models.Model):
    ///     views = models.IntegerField(default=0)
    ///
    /// def show(pk):
    ///     article = Article.objects.get(pk=pk)
    ///     article.views += 1
    ///     article.save(update_fields=["views"])
    /// ```
    /// ```python good
    /// from django.db import models
    /// from django.db.models import F
    ///
    /// class Article(models.Model):
    ///     views = models.IntegerField(default=0)
    ///
    /// def show(pk):
    ///     Article.objects.filter(pk=pk).update(views=F("views") + 1)
    /// ```
    ///
    /// Not flagged: rows that were made by the same function; functions that take a lock, `select_for_update` or
    /// another, and methods that a module with `select_for_update` calls; commands and migrations, which run alone;
    /// texts, dates and lists.
    pub(crate) const RULE = {
        code: "queries/read-modify-write",
        summary: "number of a row is changed in memory and saved",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::Strict,
        scope: Scope::Project,
        fix: Applicability::Unsafe,
        exempt: EXEMPT,
        follows_values: true,
    }
}

const EXEMPT: Roles = RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION).union(Roles::COMMAND);

/// One change of a number.
struct Change<'p> {
    statement: StmtId,
    object: ExprId,
    field: &'p str,
    op: u8,
    by: ExprId,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for local in Local::all(model, EXEMPT, &[".save(", ".asave("]) {
        for id in &local.statements {
            let Some(change) = change(&local, *id) else { continue };
            let Some((owner, field)) = number(model, &local, &change) else { continue };
            let Some(save) = saved(&local, &change) else { continue };
            if !is_locked(model, &local, &change) && !is_copied(&local, &change) {
                report(model, ctx, &local, &change, (owner, field), save);
            }
        }
    }
}

/// `order.total += 1` and `order.total = order.total + 1`
fn change<'p>(local: &Local<'_, 'p>, statement: StmtId) -> Option<Change<'p>> {
    let (target, op, by) = match local.bodies.stmt(statement) {
        Stmt::Augmented { target, op, value } => (target, op, value),
        Stmt::Assign { target, value } => match local.bodies.expr(value) {
            Expr::Binary { op, left, right } if local.source(left) == local.source(target) => (target, op, right),
            _ => return None,
        },
        _ => return None,
    };
    let (object, field) = local.attr(target)?;
    matches!(op, b'+' | b'-').then_some(Change { statement, object, field, op, by })
}

/// Returns the model and the field, where a row that was read has a number there.
fn number<'a, 'p>(
    model: &'a ProjectModel<'p>,
    local: &Local<'_, 'p>,
    change: &Change<'p>,
) -> Option<(&'a str, &'a Field<'p>)> {
    let thing = local.thing(change.object).filter(|it| it.shape == Shape::Row)?;
    let field = model.models().field(thing.model, change.field)?;
    let is_number = field.kind == FieldKind::Column
        && ["IntegerField", "DecimalField", "FloatField"].iter().any(|end| field.column.ends_with(end));
    is_number.then(|| (model.models().get(thing.model).name.as_str(), field))
}

/// Returns the later `save()` of the same row.
fn saved(local: &Local<'_, '_>, change: &Change<'_>) -> Option<TextRange> {
    let after = local.bodies.stmt_span(change.statement).end();
    let object = local.source(change.object);
    local.expressions().find_map(|id| {
        let (on, name, _) = local.method(id)?;
        let span = local.bodies.span(id);
        let is_save = matches!(name, "save" | "asave") && span.start() >= after && local.source(on) == object;
        is_save.then_some(span)
    })
}

/// Returns whether the function, or one that may call it with the row, holds a lock.
fn is_locked(model: &ProjectModel<'_>, local: &Local<'_, '_>, change: &Change<'_>) -> bool {
    let Some(facts) = local.facts() else { return true };
    let text = facts.range.slice(local.text);
    if text.contains("select_for_update") || mentions_lock(text) {
        return true;
    }
    let root = local.source(change.object).split('.').next().unwrap_or("");
    let came_in = root == "self"
        || local
            .bodies
            .function(local.function.id)
            .is_some_and(|body| body.params.iter().any(|param| param.name.slice(local.text) == root));
    came_in
        && model.python_files().any(|(file, _)| {
            file.source.text.contains("select_for_update") && file.facts.words.may_contain(&facts.name)
        })
}

/// A clock and a block are no lock.
fn mentions_lock(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.match_indices("lock").any(|(at, _)| !text[..at].ends_with(['b', 'c']))
}

/// Returns whether the row is made a new one: `order.pk = None`.
fn is_copied(local: &Local<'_, '_>, change: &Change<'_>) -> bool {
    let object = local.source(change.object);
    local.statements.iter().any(|id| match local.bodies.stmt(*id) {
        Stmt::Assign { target, value } => local.attr(target).is_some_and(|(on, name)| {
            matches!(name, "pk" | "id") && local.source(on) == object && local.bodies.expr(value) == Expr::None
        }),
        _ => false,
    })
}

fn report(
    model: &ProjectModel<'_>,
    ctx: &mut ProjectContext<'_>,
    local: &Local<'_, '_>,
    change: &Change<'_>,
    (owner, field): (&str, &Field<'_>),
    save: TextRange,
) {
    let (path, range) = (local.function.path, local.bodies.stmt_span(change.statement));
    let (name, op) = (change.field, char::from(change.op));
    let message = format!("`{owner}.{name}` is changed in memory and saved: of two requests at once one is lost");
    let read = format!("{}.{name}", local.source(change.object));
    let reads = local.expressions().filter(|id| local.source(*id) == read).count();
    let finding = ctx.report(path, range, message);
    let is_asked = local.statements.iter().any(|id| {
        let Stmt::If { test, .. } = local.bodies.stmt(*id) else { return false };
        local.bodies.within(test).iter().any(|id| local.source(*id) == read)
    });
    let by = local.source(change.by);
    finding.help(if is_asked {
        "the condition reads it too: load the row with `select_for_update()` inside `transaction.atomic()`".to_owned()
    } else {
        format!("let the database count: `F(\"{name}\") {op} {by}` in `update()` or before `save()`")
    });
    finding.label(save, "saved here");
    if let Some((path, range)) = field.place {
        finding.label_in(path, range, "the field");
    }
    finding.property("model", owner);
    finding.property("field", name);
    let names = model.python(path).map(|facts| facts.names.imports());
    let imported = |target: &str| names.into_iter().flatten().find(|it| it.target == target).map(|it| it.local.clone());
    let f = imported("django.db.models.F").or_else(|| Some(format!("{}.F", imported("django.db.models")?)));
    let is_once = reads == 1 || reads == 2 && matches!(local.bodies.stmt(change.statement), Stmt::Assign { .. });
    if let Some(f) = f.filter(|_| is_once && !is_asked) {
        let content = format!("{read} = {f}(\"{name}\") {op} {by}");
        finding.fix(Fix::unsafe_edit("let the database count", Edit::replace(range, content)));
    }
}
