//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::Precision;
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::python::celery::Crontab;
use arrears_syntax::node::{field, parts, range};
use arrears_syntax::python::callee;
use tree_sitter::Node;

rule! {
    /// Finds `crontab(…)` that names an hour or a day and leaves `minute` out.
    ///
    /// A field that is left out means *every*, not *zero*: `crontab(hour=8)` fires at 08:00, 08:01 … 08:59, sixty
    /// mails instead of one. `crontab(hour="*/1")` reads like "every hour" and runs every minute.
    ///
    /// ```python bad
    /// from celery.schedules import crontab
    ///
    /// CELERY_BEAT_SCHEDULE = {
    ///     "digest": {"task": "shop.tasks.send_digest", "schedule": crontab(hour=8)},
    /// }
    /// ```
    /// ```python good
    /// from celery.schedules import crontab
    ///
    /// CELERY_BEAT_SCHEDULE = {
    ///     "digest": {"task": "shop.tasks.send_digest", "schedule": crontab(hour=8, minute=0)},
    /// }
    /// ```
    ///
    /// Not flagged: `crontab()`, which asks for every minute; `minute="*"`, which says so; arguments that are
    /// splatted in; a `crontab` that is not Celery's. flake8-pie's PIE784 finds this too.
    pub(crate) const RULE = {
        code: "celery/crontab-every-minute",
        summary: "`crontab` without `minute` fires every minute",
        check: Check::Node { language: Family::Python, kinds: &["call"], run: check },
        severity: Severity::Error,
        precision: Precision::VeryHigh,
        fix: Applicability::Unsafe,
        mentions: &["crontab"],
    }
}

fn check(call: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let Some(name) = callee(call, ctx.text()) else { return };
    let name = ctx.python().names.canonical(name, range(call).start());
    if !name.starts_with("celery.") || !name.ends_with(".crontab") {
        return;
    }
    let crontab = Crontab::read(call, ctx.text());
    if crontab.is_dynamic || crontab.minute.is_some() {
        return;
    }
    let larger = [
        ("hour", &crontab.hour),
        ("day_of_week", &crontab.day_of_week),
        ("day_of_month", &crontab.day_of_month),
        ("month_of_year", &crontab.month_of_year),
    ];
    let Some((unit, value)) = larger.iter().find_map(|(unit, value)| Some((*unit, value.as_deref()?))) else { return };
    let message = match (unit, value.parse::<u8>()) {
        ("hour", Ok(_)) => format!("`crontab(hour={value})` without `minute` fires 60 times in that hour"),
        ("hour", Err(_)) => format!("`crontab` with hour `{value}` and no `minute` fires every minute of those hours"),
        _ => format!("`crontab` with `{unit}` and no `minute` fires every minute of those days"),
    };
    let Some(arguments) = field(call, "arguments") else { return };
    let Some(first) = parts(arguments).next() else { return };
    let start = range(first).start();
    let fix = if crontab.hour.is_some() {
        Fix::unsafe_edit("Add `minute=0`", Edit::insert(start, "minute=0, "))
    } else {
        Fix::unsafe_edit("Add `minute=0, hour=0`", Edit::insert(start, "minute=0, hour=0, "))
    };
    let place = field(call, "function").map_or(range(call), range);
    ctx.report(place, message).help("say the minute: `minute=0`, or `minute=\"*\"` if every minute is meant").fix(fix);
}
