//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::deployment::mention::mention;
use arrears_model::deployment::process::{Job, Process};
use arrears_model::deployment::purpose::Purpose;
use arrears_model::deployment::{Container, Deployment, Kind, Service};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds deployments that run the server that is meant for a developer's machine.
    ///
    /// Django says of `runserver` that it has had no security audit and is not made for load; `vite` and `next dev` serve
    /// unminified sources and compile each module when it is first asked for.
    ///
    /// ```dockerfile bad path=Dockerfile
    /// FROM python:3.13-slim
    /// COPY . /app
    /// USER shop
    /// CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]
    /// ```
    /// ```dockerfile good path=Dockerfile
    /// FROM python:3.13-slim
    /// COPY . /app
    /// USER shop
    /// CMD ["gunicorn", "shop.asgi", "-k", "uvicorn.workers.UvicornWorker"]
    /// ```
    ///
    /// Start scripts and scripts of `package.json` are followed. Not flagged: files, stages and services for development (by
    /// name, by mounted sources, by a debug flag), and all of them where something else of the repository runs a server
    /// for production: then this one is for development, whatever its name. A server for production that watches
    /// its files (`--reload`) is a warning.
    pub(crate) const RULE = {
        code: "ops/dev-server-in-production",
        summary: "development server is the production command",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
    }
}

/// Programs that serve Python for production, by the words that name them.
const SERVERS: [&str; 9] =
    ["gunicorn", "uwsgi", "uWSGI", "daphne", "uvicorn", "hypercorn", "granian", "waitress", "mod_wsgi"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let deployment = model.deployment();
    for service in deployment.services.iter().filter(|it| is_for_production(deployment, it)) {
        if let Some(process) = service.runs.processes.iter().find(|it| is_unfit(it)) {
            let Job::Development(shown) = process.job() else { continue };
            let is_django = shown.starts_with("manage.py") || shown == "flask run";
            let is_other = if is_django { has_server(model) } else { builds_frontend(model, service) };
            if service.runs.serves() || is_other {
                continue;
            }
            let help = if is_django {
                "run a server that is made for it: `gunicorn`, or `daphne`, `uvicorn` or `granian` for ASGI"
            } else {
                "build the client into the image and serve the files"
            };
            let finding = ctx.report(process.place.path, process.place.range, format!("`{shown}` serves production"));
            finding.help(help).label_once(service.place, service_shown(service));
        } else if let Some((process, flag)) = service.runs.processes.iter().find_map(|it| Some((it, it.watches()?))) {
            let message = format!("`{flag}` makes `{}` watch the sources in production", process.program());
            let finding = ctx.report(process.place.path, process.place.range, message);
            finding
                .severity(Severity::Warning)
                .help(format!("take `{flag}` out; it belongs into the development stage"));
            finding.label_once(service.place, service_shown(service));
        }
    }
}

fn service_shown(service: &Service<'_>) -> String {
    match service.kind {
        Kind::Dockerfile => "the stage that is run".to_owned(),
        _ => format!("the service `{}`", service.name),
    }
}

fn is_unfit(process: &Process<'_>) -> bool {
    matches!(process.job(), Job::Development(_))
}

/// Returns whether something of a description says that it is for production, or nothing says that it is not.
fn is_for_production(deployment: &Deployment<'_>, service: &Service<'_>) -> bool {
    if !service.purpose.may_be_production() || service.is_debugged() || deployment.elsewhere.is_some() {
        return false;
    }
    let is_aside = |it: &Service<'_>| !it.purpose.may_be_production() || it.is_debugged();
    match service.kind {
        Kind::Dockerfile => {
            let mut users = deployment.built_from(service.place.path).peekable();
            users.peek().is_none() || users.any(|it| !is_aside(it) && it.command.is_none())
        }
        Kind::Compose => service.purpose == Purpose::Production || service.restarts && service.command.is_some(),
        Kind::Procfile => {
            let platform = ["$PORT", "${PORT"];
            let has_port = service
                .runs
                .processes
                .iter()
                .flat_map(|it| &it.words)
                .any(|it| platform.iter().any(|mark| it.contains(mark)));
            let has_release = |it: &Service<'_>| it.place.path == service.place.path && it.name == "release";
            has_port || deployment.services.iter().any(has_release)
        }
        Kind::Kubernetes | Kind::Supervisor | Kind::Systemd | Kind::Platform => true,
    }
}

/// Returns whether anything in the repository runs a server for Python that is made for production.
fn has_server(model: &ProjectModel<'_>) -> bool {
    let deployment = model.deployment();
    deployment.services.iter().any(|it| it.runs.serves()) || mention(model, &SERVERS).is_some()
}

/// Returns whether another image of the repository builds a client, or a platform does.
fn builds_frontend(model: &ProjectModel<'_>, service: &Service<'_>) -> bool {
    let deployment = model.deployment();
    let own = service.build.as_ref().and_then(|it| it.dockerfile);
    let builds = |text: &str| text.split_whitespace().any(|it| it == "build" || it.starts_with("build:"));
    let others = deployment.containers.iter().filter(|it| Some(it.path) != own && it.purpose.may_be_production());
    let is_built = |container: &Container<'_>| {
        let text = model.file(container.path).map_or("", |file| &file.source.text);
        let mut runs = container.file.stages.iter().flat_map(|it| &it.runs);
        runs.any(|run| builds(run.range.slice(text)))
    };
    deployment.services.iter().any(|it| it.kind == Kind::Platform) || others.into_iter().any(is_built)
}
