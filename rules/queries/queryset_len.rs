//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::source::Roles;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::django::local::{Local, Shape};
use arrears_model::project::ProjectModel;
use arrears_model::python::body::{Expr, ExprId, Stmt};

rule! {
    /// Finds querysets whose rows are all loaded only to count them, or to see whether there are any.
    ///
    /// `len()` and `if` fetch every row with every column. The database counts ten thousand rows in a millisecond; to
    /// send them and make objects of them takes half a second and some 20 MB.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     open = models.BooleanField(default=True)
    ///
    /// def backlog():
    ///     orders = Order.objects.filter(open=True)
    ///     return len(orders)
    /// ```
    /// ```python good
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     open = models.BooleanField(default=True)
    ///
    /// def backlog():
    ///     orders = Order.objects.filter(open=True)
    ///     return orders.count()
    /// ```
    ///
    /// Not flagged: a queryset that the function also iterates, indexes, returns or hands on, for then the rows are
    /// needed and `len()` is free; a slice with a bound; related rows that a prefetch may have loaded.
    pub(crate) const RULE = {
        code: "queries/queryset-len",
        summary: "rows are loaded only to count them",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Project,
        fix: Applicability::Unsafe,
        exempt: EXEMPT,
        follows_values: true,
    }
}

const EXEMPT: Roles = RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION);

/// Methods of a queryset that do not use the rows it has loaded.
const ASIDE: [&str; 20] = [
    "filter",
    "exclude",
    "order_by",
    "count",
    "exists",
    "first",
    "last",
    "get",
    "update",
    "delete",
    "values",
    "values_list",
    "aggregate",
    "annotate",
    "distinct",
    "latest",
    "earliest",
    "none",
    "union",
    "in_bulk",
];

/// A place where a queryset is asked how many rows it has, or whether it has any.
struct Question {
    /// The whole: `len(orders)`, or the test.
    whole: ExprId,
    queryset: ExprId,
    is_test: bool,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for local in
        Local::all(model, EXEMPT, &["objects", "_default_manager", "get_queryset", "_set.", ".filter(", ".all("])
    {
        let questions = questions(&local);
        let asked: BTreeSet<ExprId> = questions.iter().map(|it| it.queryset).collect();
        for question in &questions {
            if is_wasteful(&local, question.queryset, &asked) {
                report(model, ctx, &local, question);
            }
        }
    }
}

fn questions(local: &Local<'_, '_>) -> Vec<Question> {
    let mut found = Vec::new();
    for id in local.expressions() {
        match local.bodies.expr(id) {
            Expr::Call { args, .. } => {
                let Some((name @ ("len" | "bool"), _)) = local.bodies.call(id, local.text) else { continue };
                let [arg] = local.bodies.args(args) else { continue };
                if arg.stars == 0 && arg.name.is_none() {
                    found.push(Question { whole: id, queryset: arg.value, is_test: name == "bool" });
                }
            }
            Expr::Conditional { test, .. } => tests(local, test, &mut found),
            _ => {}
        }
    }
    for id in &local.statements {
        if let Stmt::If { test, .. } = local.bodies.stmt(*id) {
            tests(local, test, &mut found);
        }
    }
    found
}

/// The parts of a condition that are taken as true or false.
fn tests(local: &Local<'_, '_>, test: ExprId, found: &mut Vec<Question>) {
    let mut open = vec![test];
    while let Some(id) = open.pop() {
        match local.bodies.expr(id) {
            Expr::Not(inner) => open.push(inner),
            Expr::Bool { left, right } => open.extend([left, right]),
            Expr::Name | Expr::Call { .. } => found.push(Question { whole: id, queryset: id, is_test: true }),
            _ => {}
        }
    }
}

/// Returns whether nothing uses the rows that are loaded.
fn is_wasteful(local: &Local<'_, '_>, queryset: ExprId, asked: &BTreeSet<ExprId>) -> bool {
    let made =
        if local.bodies.expr(queryset) == Expr::Name { local.value(local.source(queryset)) } else { Some(queryset) };
    if made.and_then(|id| local.method(id)).is_none() {
        return false;
    }
    if !local.thing(queryset).is_some_and(|it| matches!(it.shape, Shape::Query | Shape::Values)) {
        return false;
    }
    let Expr::Name = local.bodies.expr(queryset) else { return is_fresh(local, queryset) };
    let name = local.source(queryset);
    let Some(value) = local.value(name).filter(|value| is_fresh(local, *value)) else { return false };
    let defined = local.bodies.span(value).start();
    let aside: BTreeSet<ExprId> = local
        .expressions()
        .filter_map(|id| local.attr(id))
        .filter(|(_, method)| ASIDE.contains(method))
        .map(|(object, _)| object)
        .collect();
    local.uses(name).iter().all(|id| {
        let is_target = local.bodies.span(*id).end() <= defined;
        is_target || asked.contains(id) || aside.contains(id)
    })
}

/// Returns whether an expression is a queryset without a bound, made here from a model's manager.
fn is_fresh(local: &Local<'_, '_>, id: ExprId) -> bool {
    let mut at = id;
    for _ in 0..40 {
        match local.bodies.expr(at) {
            Expr::Call { .. } => match local.method(at) {
                Some((_, "get_queryset" | "iterator" | "none", _)) | None => return false,
                Some((object, _, _)) => at = object,
            },
            _ => return local.thing(at).is_some_and(|it| it.shape == Shape::Manager),
        }
    }
    false
}

fn report(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>, local: &Local<'_, '_>, question: &Question) {
    let Some(thing) = local.thing(question.queryset) else { return };
    let owner = &model.models().get(thing.model).name;
    let span = local.bodies.span(question.queryset);
    let (method, purpose) =
        if question.is_test { ("exists", "to see whether there are any") } else { ("count", "to count them") };
    let message = format!("all rows of this queryset of `{owner}` are loaded only {purpose}");
    let finding = ctx.report(local.function.path, local.bodies.span(question.whole), message);
    finding.help(format!("ask the database: `.{method}()`"));
    if let Some(value) = local.value(local.source(question.queryset)) {
        finding.label(first_line(local.bodies.span(value), local.text), "the queryset");
    }
    finding.property("model", owner.clone());
    let whole = local.bodies.span(question.whole);
    let content = format!("{}.{method}()", span.slice(local.text));
    finding.fix(Fix::unsafe_edit(format!("ask with `.{method}()`"), Edit::replace(whole, content)));
}

fn first_line(range: TextRange, text: &str) -> TextRange {
    let line = range.slice(text).lines().next().unwrap_or("");
    TextRange::new(range.start(), range.start() + u32::try_from(line.len()).unwrap_or(0))
}
