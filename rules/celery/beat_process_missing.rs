//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::deployment::Service;
use arrears_model::deployment::mention::mention;
use arrears_model::deployment::process::Job;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds beat schedules that no deployed process runs.
    ///
    /// The worker waits for messages that nobody sends. The nightly cleanup, the weekly mail and the payment that is checked every five
    /// minutes are in the code, tested, and never happen.
    ///
    /// ```python bad path=shop/celery.py
    /// from celery import Celery, shared_task
    ///
    /// app = Celery("shop")
    ///
    /// @shared_task
    /// def clean_carts():
    ///     print("cleaned")
    ///
    /// app.conf.beat_schedule = {"clean": {"task": "shop.celery.clean_carts", "schedule": 3600}}
    /// ```
    /// ```procfile bad path=Procfile
    /// web: gunicorn shop.wsgi
    /// worker: celery -A shop worker
    /// ```
    /// ```python good path=shop/celery.py
    /// from celery import Celery, shared_task
    ///
    /// app = Celery("shop")
    ///
    /// @shared_task
    /// def clean_carts():
    ///     print("cleaned")
    ///
    /// app.conf.beat_schedule = {"clean": {"task": "shop.celery.clean_carts", "schedule": 3600}}
    /// ```
    /// ```procfile good path=Procfile
    /// web: gunicorn shop.wsgi
    /// worker: celery -A shop worker
    /// beat: celery -A shop beat
    /// ```
    ///
    /// Said where a description for production starts a worker. Not flagged where anything in configuration or scripts mentions
    /// beat, or where more is deployed by means that are not read: Terraform, Ansible, Helm.
    pub(crate) const RULE = {
        code: "celery/beat-process-missing",
        summary: "no deployed process runs the beat schedule",
        check: Check::Project { run: check },
        scope: Scope::Repository,
    }
}

/// Words of whatever runs beat.
const SIGNS: [&str; 7] = ["beat", "celerybeat", "celery_beat", "redbeat", "Beat", "BEAT", "beatx"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let tasks = model.tasks();
    let Some(entry) = tasks.entries.first() else { return };
    let deployment = model.deployment();
    let is_beat = |it: &Service<'_>| it.runs.jobs().any(|job| matches!(job, Job::Celery { is_beat: true, .. }));
    if deployment.elsewhere.is_some()
        || !deployment.unread.is_empty()
        || deployment.services.iter().any(is_beat)
        || mention(model, &SIGNS).is_some()
    {
        return;
    }
    let Some((service, place)) = deployment.production().find_map(|it| Some((it, worker(it)?))) else { return };
    let what = match tasks.entries.len() {
        1 => "the entry of the beat schedule is".to_owned(),
        count => format!("{count} entries of the beat schedule are"),
    };
    let message = format!("nothing runs beat beside this worker: {what} never sent");
    let finding = ctx.report(place.path, place.range, message);
    finding.label_once(service.place, format!("the worker `{}`", service.name));
    finding.label_in(&entry.path, entry.range, "scheduled here");
    finding
        .help("run `celery beat` in one more process, exactly once; for a single worker `celery worker --beat` does");
}

/// Returns where a service starts a worker.
fn worker<'p>(service: &Service<'p>) -> Option<Place<'p>> {
    let is_worker = |job: &Job| matches!(job, Job::Celery { is_worker: true, .. });
    service.runs.processes.iter().find(|it| is_worker(&it.job())).map(|it| it.place)
}
