//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Precision, Scope};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::celery::{Caller, ScheduledTask, Task};
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_model::python::function::{Function, StubKind, Traits};
use arrears_model::python::placeholder::promises_work;

rule! {
    /// Finds Celery tasks that do nothing: `pass`, `...`, only a docstring, `return`, `raise NotImplementedError`, a
    /// log line beside a `TODO`, or invented data under a comment that admits it.
    ///
    /// The task is sent, succeeds and shows green in every dashboard. The mail, the report, the clean-up that people
    /// rely on never happens, and nothing says so.
    ///
    /// ```python bad
    /// from celery import shared_task
    ///
    /// @shared_task
    /// def send_weekly_summary():
    ///     """Mail the summary to every customer."""
    ///     pass
    /// ```
    /// ```python good
    /// from celery import shared_task
    /// from shop.mail import mail_summary
    ///
    /// @shared_task
    /// def send_weekly_summary():
    ///     """Mail the summary to every customer."""
    ///     mail_summary()
    /// ```
    ///
    /// Not flagged: `debug_task` of Celery's project template; a docstring or comment that says why the body is empty
    /// ("no-op", "kept for", "deprecated"); a task that only logs and admits nothing; a constant returned by a task
    /// whose name promises no work; fallbacks under `except ImportError`. Semgrep's pass-body-fn and Sonar's S1186
    /// see only a bare `pass`; Ruff's PIE790 offers to delete it.
    pub(crate) const RULE = {
        code: "celery/stub-task",
        summary: "task that does nothing",
        check: Check::Project { run: check },
        severity: Severity::Error,
        precision: Precision::VeryHigh,
        scope: Scope::Project,
        fix: Applicability::DisplayOnly,
    }
}

/// What a task does in the place of its work, and where it admits that.
struct Verdict {
    instead: String,
    admission: Option<TextRange>,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let tasks = model.tasks();
    for task in &tasks.tasks {
        let Some(file) = model.file(&task.path) else { continue };
        let Some(function) = file.facts.python().and_then(|facts| facts.function(task.function)) else { continue };
        let Some(verdict) = judge(function) else { continue };
        let schedule = tasks.schedules_of(task).next();
        let caller = tasks.first_caller(model, task);
        let finding = ctx.report(&task.path, task.range, message(task, &verdict, schedule, caller.as_ref()));
        finding.help(help(function, schedule));
        if let Some(place) = verdict.admission {
            finding.label(place, "admitted here");
        }
        if let Some(schedule) = schedule {
            let when =
                schedule.when.as_deref().map_or_else(|| "scheduled here".to_owned(), |when| format!("runs {when}"));
            finding.label_in(&schedule.path, schedule.range, when);
        }
        if let Some(caller) = caller {
            finding.label_in(&caller.path, caller.range, "called here");
        }
        if let Some(fix) = raise(function, file) {
            finding.fix(fix);
        }
    }
}

fn judge(function: &Function) -> Option<Verdict> {
    if function.name == "debug_task"
        || function.traits.intersects(Traits::ABSTRACT | Traits::EXPLAINED | Traits::FALLBACK)
    {
        return None;
    }
    let Some(stub) = &function.stub else {
        let body = function.task_body.as_ref().filter(|body| body.is_inert)?;
        let admission = body.admissions.first()?;
        return Some(Verdict { instead: "only makes up its result".to_owned(), admission: Some(admission.range) });
    };
    let is_stub = match stub.kind {
        StubKind::LogOnly => stub.admission.is_some(),
        StubKind::ReturnConstant | StubKind::ConstantResponse => {
            stub.admission.is_some() || promises_work(&function.name)
        }
        kind => kind.is_empty(),
    };
    let instead = match stub.kind {
        StubKind::LogOnly => "only logs",
        StubKind::ReturnConstant | StubKind::ConstantResponse => "only returns a constant",
        StubKind::NotImplemented => "always raises NotImplementedError",
        StubKind::Pass | StubKind::Ellipsis | StubKind::Docstring | StubKind::ReturnNone => "does nothing",
    };
    is_stub.then(|| Verdict { instead: instead.to_owned(), admission: None })
}

fn message(task: &Task, verdict: &Verdict, schedule: Option<&ScheduledTask>, caller: Option<&Caller>) -> String {
    let mut message = format!("task `{}` {}", task.name, verdict.instead);
    if let Some(schedule) = schedule {
        message += &match &schedule.when {
            Some(when) => format!(", yet beat runs it {when}"),
            None => ", yet beat runs it".to_owned(),
        };
    }
    if let Some(caller) = caller {
        let from = if caller.symbol.is_empty() { caller.path.as_str() } else { &caller.symbol };
        let joint = if schedule.is_some() { ", and it" } else { ", yet it" };
        message += &format!("{joint} is called from `{from}`");
    }
    message
}

fn help(function: &Function, schedule: Option<&ScheduledTask>) -> String {
    let raises = function.stub.as_ref().is_some_and(|stub| stub.kind == StubKind::NotImplemented);
    let aloud = if raises { "" } else { "raise NotImplementedError and " };
    let Some(schedule) = schedule else { return format!("implement it, or {aloud}take the calls out until it is") };
    let holder = schedule.holder.as_deref().unwrap_or("beat_schedule");
    format!("implement it, or {aloud}take `{}` out of `{holder}` ({})", schedule.entry, schedule.path)
}

/// Offers to say aloud what the last line keeps quiet.
fn raise(function: &Function, file: ProjectFile<'_>) -> Option<Fix> {
    let kind = function.stub.as_ref()?.kind;
    let text = function.range.slice(&file.source.text);
    let line = text.lines().next_back()?;
    let said = line.trim();
    if kind == StubKind::NotImplemented || !matches!(said, "pass" | "..." | "return" | "return None") {
        return None;
    }
    let end = function.range.to_usize().end - (line.len() - line.trim_end().len());
    let edit = Edit::replace(TextRange::of(end - said.len()..end), "raise NotImplementedError");
    Some(Fix::suggestion("Raise NotImplementedError", edit))
}
