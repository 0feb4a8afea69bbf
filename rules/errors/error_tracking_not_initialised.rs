//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds error tracking that is installed and never started.
    ///
    /// Everybody believes that errors are collected, calls to report them run without complaint, and nothing arrives.
    ///
    /// ```text bad path=requirements.txt
    /// django>=5.2
    /// sentry-sdk>=2.20
    /// ```
    /// ```python bad path=shop/monitoring.py
    /// import sentry_sdk
    ///
    /// def start_tracking(dsn):
    ///     sentry_sdk.init(dsn=dsn)
    /// ```
    /// ```text good path=requirements.txt
    /// django>=5.2
    /// sentry-sdk>=2.20
    /// ```
    /// ```python good path=shop/settings.py
    /// import os
    ///
    /// import sentry_sdk
    ///
    /// sentry_sdk.init(dsn=os.environ["SENTRY_DSN"])
    /// ```
    ///
    /// Sentry, Rollbar, Bugsnag, Honeybadger and AppSignal are known in Python and in frontends. A start counts at the top of
    /// a module and in a function that some code calls or hands on; settings, middleware and the plugins of frameworks count
    /// too. knip and deptry see only whether the package is imported.
    pub(crate) const RULE = {
        code: "errors/error-tracking-not-initialised",
        summary: "error tracking that is installed and never started",
        check: Check::Project { run: check },
        scope: Scope::Repository,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for unstarted in model.dependencies().unstarted(model) {
        let (kit, package, manifest) = (unstarted.kit, &unstarted.package, unstarted.manifest);
        match (unstarted.start, unstarted.import) {
            (Some((start, name)), _) => {
                let message = format!("{kit} is started in `{name}`, which nothing reaches: no error is collected");
                ctx.report(start.path, start.range, message)
                    .help(format!("start {kit} from the settings for production, or where the application starts"))
                    .label_in(manifest.path, manifest.range, "declared here");
            }
            (None, Some(import)) => {
                let message = format!("`{package}` is used, but nothing starts {kit}: what is reported goes nowhere");
                ctx.report(manifest.path, manifest.range, message)
                    .help(format!("start {kit} in the settings for production, or where the application starts"))
                    .label_in(import.path, import.range, "used here");
            }
            (None, None) => {
                let message = format!("`{package}` is a dependency, but nothing imports it: {kit} collects nothing");
                ctx.report(manifest.path, manifest.range, message)
                    .help(format!("start {kit} where the application starts, or take `{package}` out"));
            }
        }
    }
}
