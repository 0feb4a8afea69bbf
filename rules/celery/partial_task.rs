//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::python::function::{Function, Traits};

rule! {
    /// Finds Celery tasks that stop half-way: the last statement is `pass`, the body ends in commented-out code or a
    /// `TODO`, or a comment admits that a part of the work is a placeholder or invented.
    ///
    /// The first half runs, so the task looks alive; nobody notices that the archive is never written or that the
    /// numbers in the report are made up.
    ///
    /// ```python bad
    /// from celery import shared_task
    /// from shop.models import Counter
    ///
    /// @shared_task
    /// def monthly_maintenance():
    ///     """Reset the counters, archive the boards."""
    ///     Counter.objects.update(value=0)
    ///     # archive = Board.objects.archive()
    ///     pass
    /// ```
    /// ```python good
    /// from celery import shared_task
    /// from shop.models import Board, Counter
    ///
    /// @shared_task
    /// def monthly_maintenance():
    ///     """Reset the counters, archive the boards."""
    ///     Counter.objects.update(value=0)
    ///     Board.objects.archive()
    /// ```
    ///
    /// Not flagged: `pass` as the whole branch of an `if`; a `TODO` in the middle that wishes for more ("TODO: save
    /// the mentions too"). A task that does nothing at all is `celery/stub-task`. Ruff's PIE790 and ERA001 see
    /// fragments of this.
    pub(crate) const RULE = {
        code: "celery/partial-task",
        summary: "task that stops at a placeholder",
        check: Check::Project { run: check },
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let tasks = model.tasks();
    for task in &tasks.tasks {
        let Some(file) = model.file(&task.path) else { continue };
        let Some(function) = file.facts.python().and_then(|facts| facts.function(task.function)) else { continue };
        let (place, what, others) = match (end(function), holes(function).as_slice()) {
            (Some((place, what)), _) => (place, what, Vec::new()),
            (None, [first, others @ ..]) => (*first, "is in part a placeholder", others.to_vec()),
            (None, []) => continue,
        };
        let quoted = first_line(place.slice(&file.source.text));
        let mut message = format!("task `{}` {what}: `{quoted}`", task.name);
        let schedule = tasks.schedules_of(task).next();
        if let Some(when) = schedule.and_then(|it| it.when.as_ref()) {
            message += &format!(", yet beat runs it {when}");
        }
        // The end of a body is told at the name, a hole where it is.
        let is_end = end(function).is_some();
        let finding = ctx.report(&task.path, if is_end { task.range } else { place }, message);
        finding.help("write what is missing, or leave it out of the task and of its docstring");
        if is_end {
            finding.label(place, "the work stops here");
        }
        for other in others {
            finding.label(other, "and here");
        }
        if let Some(schedule) = schedule {
            finding.label_in(&schedule.path, schedule.range, "scheduled here");
        }
    }
}

/// Returns the placeholder that a body ends with, and what it is.
fn end(function: &Function) -> Option<(TextRange, &'static str)> {
    if function.stub.is_some() {
        return None;
    }
    let tail = function.task_body.as_ref().and_then(|body| body.commented_tail);
    let unfinished = || function.unfinished.as_ref().map(|it| (it.range, "stops at a placeholder"));
    tail.map(|tail| (tail, "ends in commented-out code")).or_else(unfinished)
}

/// Returns the comments that admit a hole in a body that does something.
fn holes(function: &Function) -> Vec<TextRange> {
    let is_silent = function.stub.is_some() || function.traits.contains(Traits::FALLBACK);
    let body = function.task_body.as_ref().filter(|body| !is_silent && !body.is_inert);
    body.into_iter().flat_map(|body| &body.admissions).map(|it| it.range).collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("").trim_start_matches('#').trim()
}
