//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::deployment::image::parts;
use arrears_model::deployment::process::Process;
use arrears_model::deployment::{Container, Kind, Service};
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds images for production that run as the superuser.
    ///
    /// Whoever gets code to run in the application owns the container: installs tools, reads mounted secrets, writes to
    /// mounted volumes as root of the host.
    ///
    /// ```dockerfile bad path=Dockerfile
    /// FROM python:3.13-slim
    /// RUN pip install -r requirements.txt
    /// CMD ["gunicorn", "shop.asgi"]
    /// ```
    /// ```dockerfile good path=Dockerfile
    /// FROM python:3.13-slim
    /// RUN pip install -r requirements.txt && useradd --system shop
    /// USER shop
    /// CMD ["gunicorn", "shop.asgi"]
    /// ```
    ///
    /// The stage for production is judged, with the stages that it is made of. Not flagged: images whose base is not known to
    /// be root's, servers and entrypoints that give up its rights themselves (nginx, `gosu`, `su-exec`, `setpriv`,
    /// supervisor with `user=`), services and clusters that name another user, images for development, images that run
    /// nothing. hadolint (DL3002) says it only where `USER root` is written.
    pub(crate) const RULE = {
        code: "ops/container-runs-as-root",
        summary: "image runs as the superuser",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Project,
    }
}

/// Servers that start as root and give its rights up, or that need them.
const GIVE_UP: [&str; 16] = [
    "nginx",
    "httpd",
    "httpd-foreground",
    "apache2",
    "apachectl",
    "apache2-foreground",
    "postgres",
    "redis-server",
    "mysqld",
    "haproxy",
    "php-fpm",
    "cron",
    "crond",
    "sshd",
    "dockerd",
    "init",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let deployment = model.deployment();
    let is_decided_elsewhere =
        ["runAsUser", "runAsNonRoot"].iter().any(|word| model.files_with_word(word).next().is_some());
    if is_decided_elsewhere {
        return;
    }
    for container in deployment.containers.iter().filter(|it| it.purpose.may_be_production()) {
        let Some(stage) = container.stage else { continue };
        let own = deployment.services.iter().find(|it| it.kind == Kind::Dockerfile && it.place.path == container.path);
        let Some(own) = own.filter(|it| stays_root(model, it)) else { continue };
        let Some((place, message)) = root_user(container, stage, own) else { continue };
        let users: Vec<&Service<'_>> =
            deployment.built_from(container.path).filter(|it| it.purpose.may_be_production()).collect();
        let names_other = |it: &&Service<'_>| it.user.as_deref().is_some_and(|user| !is_root(user));
        if !users.is_empty() && users.iter().all(names_other) {
            continue;
        }
        if own.command.is_none() && !users.iter().any(|it| it.command.is_some()) {
            continue;
        }
        let finding = ctx.report(place.path, place.range, message);
        if place.range != own.place.range {
            finding.label_once(own.place, "the stage that is run");
        }
        finding
            .help("create a user in the image and name it before the command: `RUN useradd --system app`, `USER app`");
    }
}

/// Returns whether what the image runs keeps the rights that it starts with.
fn stays_root(model: &ProjectModel<'_>, service: &Service<'_>) -> bool {
    let is_flag = |it: &String| {
        ["--user", "--uid", "-u", "--chuid"].iter().any(|flag| it == flag || it.starts_with(&format!("{flag}=")))
    };
    let gives_up = |it: &Process<'_>| {
        let is_server = matches!(it.program(), "gunicorn" | "uwsgi" | "celery" | "granian" | "apachectl");
        GIVE_UP.contains(&it.program()) || is_server && it.words.iter().any(is_flag)
    };
    let runs = &service.runs;
    if runs.drops_privileges || runs.processes.iter().any(gives_up) {
        return false;
    }
    let is_supervised = runs.processes.iter().any(|it| it.program() == "supervisord");
    let programs = model.deployment().services.iter().filter(|it| it.kind == Kind::Supervisor);
    if is_supervised {
        return !programs.filter_map(|it| it.user.as_deref()).any(|user| !is_root(user));
    }
    // An entrypoint that is not in the repository may do anything.
    !runs.has_unread_script
}

/// Returns where it is decided that a stage runs as root, and what to say there.
fn root_user<'p>(container: &Container<'p>, stage: usize, own: &Service<'p>) -> Option<(Place<'p>, String)> {
    let lineage = container.file.lineage(stage);
    let path = container.path;
    if let Some(user) = lineage.iter().find_map(|it| it.users.last()) {
        let message = format!("`USER {}` is the last one: the image runs as root", user.text);
        return is_root(&user.text).then_some((Place { path, range: user.range }, message));
    }
    let base = &lineage.last()?.image.text;
    let is_known = parts(base).and_then(|it| it.runs_as_root()) == Some(true)
        || resolved(container, base).and_then(|name| parts(&name)?.runs_as_root()) == Some(true);
    let message = format!("no `USER` after `FROM {base}`: the image runs as root");
    is_known.then(|| (own.command.unwrap_or(own.place), message))
}

/// Returns the name of an image with the variables of the file in their places.
fn resolved(container: &Container<'_>, name: &str) -> Option<String> {
    let mut name = name.to_owned();
    for argument in &container.file.arguments {
        let value = argument.value.as_deref().unwrap_or("");
        name = name.replace(&format!("${{{}}}", argument.name), value).replace(&format!("${}", argument.name), value);
    }
    (!name.contains('$')).then_some(name)
}

fn is_root(user: &str) -> bool {
    matches!(user.split(':').next().unwrap_or(user), "root" | "0")
}
