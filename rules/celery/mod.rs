//! Celery tasks and their schedules.

mod beat_process_missing;
mod beat_unknown_task;
mod crontab_every_minute;
mod dispatch_in_atomic;
mod io_without_retry;
mod model_argument;
mod partial_task;
mod stub_task;
mod sync_mail_in_view;
mod unused_task;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    beat_process_missing::RULE,
    beat_unknown_task::RULE,
    crontab_every_minute::RULE,
    dispatch_in_atomic::RULE,
    io_without_retry::RULE,
    model_argument::RULE,
    partial_task::RULE,
    stub_task::RULE,
    sync_mail_in_view::RULE,
    unused_task::RULE,
];
