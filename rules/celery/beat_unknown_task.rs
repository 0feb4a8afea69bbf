//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::nearest::nearest;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::project::celery::{Absence, Task, Tasks};
use arrears_model::python::celery::TaskRef;

rule! {
    /// Finds entries of a beat schedule whose task does not exist.
    ///
    /// Beat sends the message on time, the worker answers `Received unregistered task` and drops it. The job that
    /// somebody scheduled never runs, from the day of the rename or the typo on.
    ///
    /// ```python bad
    /// from celery import shared_task
    ///
    /// @shared_task(name="shop.send_digest")
    /// def send_digest():
    ///     print("sent")
    ///
    /// CELERY_BEAT_SCHEDULE = {"digest": {"task": "shop.send_digests", "schedule": 3600}}
    /// ```
    /// ```python good
    /// from celery import shared_task
    ///
    /// @shared_task(name="shop.send_digest")
    /// def send_digest():
    ///     print("sent")
    ///
    /// CELERY_BEAT_SCHEDULE = {"digest": {"task": "shop.send_digest", "schedule": 3600}}
    /// ```
    ///
    /// Every way to name a task counts: its module, `name=`, a class with `name`, re-exports. Not flagged, because
    /// what is not seen cannot be missed: tasks of packages that are not in the repository; names built at run time;
    /// a module that could hold the task and does not parse. No other linter looks.
    pub(crate) const RULE = {
        code: "celery/beat-unknown-task",
        summary: "beat entry names a task that does not exist",
        check: Check::Project { run: check },
        severity: Severity::Error,
        precision: Precision::VeryHigh,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let tasks = model.tasks();
    for entry in tasks.entries.iter().filter(|entry| entry.target.is_none()) {
        let TaskRef::Name(name) = &entry.task else { continue };
        let Some(absence) = tasks.absence(model, name, &entry.path) else { continue };
        let near = nearest_task(tasks, name);
        if absence == Absence::Name && near.is_none() {
            continue;
        }
        let mut message = format!("beat entry `{}` names `{name}`, which does not exist", entry.entry);
        if let Some(when) = &entry.when {
            message += &format!(": nothing runs {when}");
        }
        let help = match (&absence, near) {
            (Absence::Renamed(path, _, registered), _) => format!("the task goes by `{registered}` ({path})"),
            (Absence::Function(path, _), _) => format!("decorate the function with `@shared_task` ({path})"),
            (_, Some((task, near))) => format!("the nearest task is `{near}` ({})", task.path),
            (Absence::Module(module), None) => {
                format!("there is no module `{module}`: write the task, or take the entry out")
            }
            (Absence::Member(path), None) => format!("write the task in {path}, or take the entry out"),
            (Absence::Name, None) => continue,
        };
        let finding = ctx.report(&entry.path, entry.range, message);
        finding.help(help);
        if let Absence::Function(path, range) = &absence {
            finding.label_in(path, *range, "a plain function, not a task");
        } else if let Absence::Renamed(path, range, registered) = &absence {
            finding.label_in(path, *range, format!("registered as `{registered}`"));
        } else if let Some((task, _)) = near {
            finding.label_in(&task.path, task.range, "the nearest task");
        }
    }
}

/// Returns the task that was meant: one of the same function name, else one whose whole name is a slip away.
fn nearest_task<'a>(tasks: &'a Tasks, name: &str) -> Option<(&'a Task, &'a str)> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let names = || tasks.tasks.iter().flat_map(|task| task.registered.iter().map(move |it| (task, it.as_str())));
    names().find(|(_, it)| it.rsplit('.').next() == Some(last)).or_else(|| {
        let prefix = name.strip_suffix(last).unwrap_or("");
        let close = nearest(last, names().filter_map(|(_, it)| it.strip_prefix(prefix)))?;
        names().find(|(_, it)| it.strip_prefix(prefix) == Some(close))
    })
}
