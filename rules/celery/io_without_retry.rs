//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::celery::Task;
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_model::python::function::Function;

rule! {
    /// Finds Celery tasks that talk to the network and have no retry policy.
    ///
    /// A reset connection or a deploy of the other side loses the message for good: the task fails once, and
    /// nothing sends it again.
    ///
    /// ```python bad
    /// import requests
    /// from celery import shared_task
    ///
    /// @shared_task
    /// def push_order(order_id):
    ///     requests.post("https://erp.example/orders", json={"id": order_id}, timeout=10)
    /// ```
    /// ```python good
    /// import requests
    /// from celery import shared_task
    ///
    /// @shared_task(autoretry_for=(requests.RequestException,), retry_backoff=True)
    /// def push_order(order_id):
    ///     requests.post("https://erp.example/orders", json={"id": order_id}, timeout=10)
    /// ```
    ///
    /// Not flagged: a task that retries by itself, by its decorator, its base class or a decorator such as
    /// tenacity's; one that beat runs again within the hour. Off by default, because a lost message is not always a
    /// loss.
    pub(crate) const RULE = {
        code: "celery/io-without-retry",
        summary: "task performs network I/O without a retry policy",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::Medium,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let tasks = model.tasks();
    for task in &tasks.tasks {
        let Some(file) = model.file(&task.path) else { continue };
        let Some(facts) = file.facts.python() else { continue };
        let Some(function) = facts.function(task.function) else { continue };
        let runs_often = || {
            let when = tasks.schedules_of(task).filter_map(|it| it.when.as_deref());
            when.into_iter()
                .any(|when| when.contains("minute") || when.contains("second") || when.starts_with("every hour"))
        };
        if retries(task, function, file) || runs_often() {
            continue;
        }
        let call = facts.calls_of(task.function).find(|call| {
            let name = call.callee.slice(&file.source.text);
            is_network(&facts.names.canonical(name, call.callee.start()))
        });
        let Some(call) = call else { continue };
        let name = call.callee.slice(&file.source.text);
        ctx.report(&task.path, task.range, format!("task `{}` calls `{name}` without a retry policy", task.name))
            .help("add `autoretry_for=(…,)` with `retry_backoff=True`, or call `self.retry`")
            .label(call.callee, "one failure here loses the message");
    }
}

fn retries(task: &Task, function: &Function, file: ProjectFile<'_>) -> bool {
    const OPTIONS: [&str; 5] = ["autoretry_for", "max_retries", "retry_backoff", "retry_kwargs", "base"];
    let by_option = task.options.iter().any(|(key, _)| OPTIONS.contains(&key.as_str()) || key.starts_with("retry"));
    let by_decorator = function.decorators.iter().any(|it| it.path.contains("retry") || it.path.contains("backoff"));
    let calls_retry = || {
        let calls = file.facts.python().into_iter().flat_map(|facts| facts.calls_of(task.function));
        calls.into_iter().any(|call| call.callee.slice(&file.source.text).contains("retry"))
    };
    by_option || by_decorator || calls_retry()
}

fn is_network(callee: &str) -> bool {
    const HTTP: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "request", "stream"];
    let (module, name) = callee.rsplit_once('.').unwrap_or(("", callee));
    match module {
        "requests" | "httpx" => HTTP.contains(&name),
        "urllib.request" => name == "urlopen",
        "django.core.mail" => {
            matches!(name, "send_mail" | "send_mass_mail" | "EmailMessage" | "EmailMultiAlternatives")
        }
        "boto3" => matches!(name, "client" | "resource"),
        "smtplib" => matches!(name, "SMTP" | "SMTP_SSL"),
        _ => false,
    }
}
