//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds applications from which nobody hears of an error.
    ///
    /// A server that answers 500 tells its log; a page that breaks tells the console of whoever looks at it. Without
    /// something that collects errors, the first report is a customer's.
    ///
    /// ```text bad path=requirements.txt
    /// django>=5.2
    /// ```
    /// ```python bad path=manage.py
    /// from django.core.management import execute_from_command_line
    /// ```
    /// ```text good path=requirements.txt
    /// django>=5.2
    /// sentry-sdk>=2.20
    /// ```
    /// ```python good path=manage.py
    /// import sentry_sdk
    /// from django.core.management import execute_from_command_line
    ///
    /// sentry_sdk.init()
    /// ```
    ///
    /// Asked once for each Django project and FastAPI application with a manifest, and once for each `package.json` of a
    /// frontend that is built and opened. Sentry, Rollbar, Bugsnag, Honeybadger, AppSignal, Datadog, New Relic, Elastic,
    /// Scout, OpenTelemetry, LogRocket and others count, as do mails to the administrators, logs that are sent away, and a
    /// handler of all errors that asks a server. Libraries are left out. `errors/error-tracking-not-initialised` says whether what is declared runs.
    pub(crate) const RULE = {
        code: "errors/no-error-tracking",
        summary: "application that reports its errors to nobody",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for untracked in model.dependencies().untracked(model) {
        let (part, where_to) = if untracked.is_frontend {
            ("frontend", "where the application starts, and let the error boundaries report to it")
        } else {
            ("backend", "in the settings for production or where the server starts")
        };
        let message = format!("nothing collects the errors of this {part}: no error tracking is declared or started");
        ctx.report(untracked.manifest.path, untracked.manifest.range, message)
            .help(format!("start a kit such as Sentry, Rollbar or OpenTelemetry {where_to}"));
    }
}
