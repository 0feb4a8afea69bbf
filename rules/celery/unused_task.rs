//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::project::celery::Task;
use arrears_model::python::placeholder::find_word;

rule! {
    /// Finds Celery tasks whose name stands nowhere else in the repository.
    ///
    /// Nobody schedules, sends or tests it, yet every worker loads it and every reader has to ask what it is for.
    /// Often the schedule was lost in a refactoring, and then a job is missing.
    ///
    /// ```python bad
    /// from celery import shared_task
    ///
    /// @shared_task
    /// def rebuild_price_index():
    ///     print("rebuilt")
    /// ```
    /// ```python good
    /// from celery import shared_task
    ///
    /// @shared_task
    /// def rebuild_price_index():
    ///     print("rebuilt")
    ///
    /// CELERY_BEAT_SCHEDULE = {"index": {"task": "shop.tasks.rebuild_price_index", "schedule": 3600}}
    /// ```
    ///
    /// Any mention counts as a use: strings, `send_task`, wrappers, tests, comments, YAML, JSON, templates, shell
    /// scripts. `debug_task` of Celery's project template is exempt. A task that is sent only from outside the
    /// repository, or by a row of django-celery-beat's tables, is worth a suppression that says so. Vulture has no
    /// notion of tasks and reports every one.
    pub(crate) const RULE = {
        code: "celery/unused-task",
        summary: "task that nothing mentions",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let tasks = model.tasks();
    for task in tasks.tasks.iter().filter(|task| !task.has_computed_name && !task.name.starts_with("debug_task")) {
        if tasks.schedules_of(task).next().is_some() || is_mentioned(model, task) {
            continue;
        }
        ctx.report(&task.path, task.range, format!("task `{}` is never scheduled, called or mentioned", task.name))
            .help("schedule or send it, or delete it");
    }
}

fn is_mentioned(model: &ProjectModel<'_>, task: &Task) -> bool {
    let Some(own) = model.file(&task.path) else { return true };
    let text = &own.source.text;
    let after = text.get(task.range.to_usize().end..).unwrap_or("");
    let before = text.get(..task.range.to_usize().start).unwrap_or("");
    let is_elsewhere = |word: &str| model.files_with_word(word).any(|file| file.source.path != task.path);
    if is_elsewhere(&task.name) || find_word(before, &task.name).is_some() && !names_itself(task) {
        return true;
    }
    // A given name such as `shop.rebuild` may be sent by its last part alone.
    let given = task.registered.iter().filter_map(|name| name.rsplit('.').next()).find(|name| *name != task.name);
    find_word(after, &task.name).is_some() || given.is_some_and(is_elsewhere)
}

/// Returns whether the decorator repeats the function's own name.
fn names_itself(task: &Task) -> bool {
    task.options.iter().any(|(key, value)| key == "name" && find_word(value, &task.name).is_some())
}
