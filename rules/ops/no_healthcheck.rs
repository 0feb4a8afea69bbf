//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::deployment::{Kind, Service};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds services that nothing asks whether they are well.
    ///
    /// A process that hangs is running for Docker and Kubernetes: traffic goes on to it, nothing starts it again, and what
    /// depends on it starts before it answers.
    ///
    /// ```yaml bad path=docker-compose.prod.yml
    /// services:
    ///   web:
    ///     image: registry.example.com/shop:1.4
    ///     command: gunicorn shop.wsgi
    ///     ports: ["8000:8000"]
    /// ```
    /// ```yaml good path=docker-compose.prod.yml
    /// services:
    ///   web:
    ///     image: registry.example.com/shop:1.4
    ///     command: gunicorn shop.wsgi
    ///     ports: ["8000:8000"]
    ///     healthcheck:
    ///       test: ["CMD", "curl", "-f", "http://localhost:8000/health/"]
    /// ```
    ///
    /// Judged are services of compose files and containers of Kubernetes that serve HTTP for production: those that run a
    /// server of Python, and those of Kubernetes that have a port. `HEALTHCHECK` of the Dockerfile counts. A Dockerfile alone is
    /// not judged: platforms ask on their own.
    pub(crate) const RULE = {
        code: "ops/no-healthcheck",
        summary: "nothing asks the service whether it is well",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for service in model.deployment().production().filter(|it| !it.has_healthcheck && serves(it)) {
        let what = if service.kind == Kind::Kubernetes { "probe" } else { "health check" };
        let finding = ctx.report(
            service.place.path,
            service.place.range,
            format!("`{}` serves requests and has no {what}", service.name),
        );
        finding.help(match service.kind {
            Kind::Kubernetes => "add a `readinessProbe` and a `livenessProbe` that ask a route for health",
            _ => "add a `healthcheck` that asks a route for health",
        });
    }
}

fn serves(service: &Service<'_>) -> bool {
    match service.kind {
        Kind::Compose => service.runs.serves() && !service.ports.is_empty(),
        Kind::Kubernetes => !service.ports.is_empty(),
        Kind::Dockerfile | Kind::Procfile | Kind::Supervisor | Kind::Systemd | Kind::Platform => false,
    }
}
