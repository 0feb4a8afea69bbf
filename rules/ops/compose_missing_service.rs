//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_core::source::Language;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::deployment::image::parts;
use arrears_model::deployment::need::{Need, needs};
use arrears_model::deployment::process::Job;
use arrears_model::deployment::{Kind, Service};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds databases, brokers and caches that the settings connect to and no compose file starts.
    ///
    /// `docker compose up` comes up green, and the first request that sends a task or reads the cache waits for a host that does
    /// not exist. In a container `localhost` is the container itself.
    ///
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["shop"]
    /// ROOT_URLCONF = "shop.urls"
    /// CELERY_BROKER_URL = "redis://redis:6379/0"
    /// ```
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```yaml bad path=docker-compose.yml
    /// services:
    ///   web:
    ///     build: .
    ///     command: gunicorn shop.asgi
    ///   db:
    ///     image: postgres:17
    /// ```
    /// ```python good path=shop/settings.py
    /// INSTALLED_APPS = ["shop"]
    /// ROOT_URLCONF = "shop.urls"
    /// CELERY_BROKER_URL = "redis://redis:6379/0"
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```yaml good path=docker-compose.yml
    /// services:
    ///   web:
    ///     build: .
    ///     command: gunicorn shop.asgi
    ///   redis:
    ///     image: redis:8
    /// ```
    ///
    /// Only what is certain is said: the address is written in the settings for production, its host is the name of no
    /// service, or `localhost` while no service offers what is asked for, and no file of the repository sets the variable whose
    /// default it is.
    pub(crate) const RULE = {
        code: "ops/compose-missing-service",
        summary: "settings need a service that compose does not start",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let deployment = model.deployment();
    let compose: Vec<&Service<'_>> = deployment.services.iter().filter(|it| it.kind == Kind::Compose).collect();
    let Some(server) = compose.iter().copied().find(|it| it.purpose.may_be_production() && runs_django(it)) else {
        return;
    };
    for need in needs(model) {
        if !is_missing(model, &compose, &need) {
            continue;
        }
        let (host, what) = (&need.host, need.what);
        let message = if is_local(host) {
            format!(
                "`{}` starts no {}, and in a container `{host}` is the container itself",
                server.place.path.file_name(),
                need.store.name()
            )
        } else {
            format!(
                "settings look for {what} at `{host}`; no service of `{}` has that name",
                server.place.path.file_name()
            )
        };
        let finding = ctx.report(server.place.path, server.place.range, message);
        finding.label_once(need.place, format!("the address of {what}"));
        finding.help(format!("add a service for {} and give its name to this one", need.store.name()));
    }
}

fn runs_django(service: &Service<'_>) -> bool {
    service.runs.processes.iter().any(|it| {
        it.words.iter().any(|word| word == "manage.py")
            || matches!(it.job(), Job::Wsgi(_) | Job::Asgi | Job::Celery { .. })
    })
}

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1")
}

fn is_missing(model: &ProjectModel<'_>, compose: &[&Service<'_>], need: &Need<'_>) -> bool {
    let servers = || compose.iter().filter(|it| runs_django(it));
    let is_named = compose.iter().any(|it| it.name == need.host || it.names.contains(&need.host));
    let offers =
        |it: &&&Service<'_>| it.image.as_deref().and_then(parts).and_then(|it| it.offers()) == Some(need.store);
    // A service that is built from something else may be anything.
    let is_offered = compose.iter().any(|it| offers(&it) || it.image.is_none() && it.build.is_none());
    let is_written = |name: &String| {
        let files = model.files_with_word(name);
        files.into_iter().any(|file| file.source.language == Language::Text)
    };
    let is_open = servers().any(|it| {
        it.uses_host_network
            || it.is_environment_open
            || it.environment_files.iter().any(|file| !model.inventory().has_file(file))
    });
    let is_inside = || model.files_with_word("redis-server").any(|file| file.source.language == Language::Text);
    if is_named || need.host.contains('.') && !is_local(&need.host) || need.variable.as_ref().is_some_and(is_written) {
        return false;
    }
    if is_local(&need.host) {
        return !is_offered && !is_open && !is_inside();
    }
    let is_unknown = is_open && need.variable.is_some();
    !is_unknown && !mentions_host(model, &need.host)
}

/// Returns whether some configuration names a host: `extra_hosts`, an alias, a link.
fn mentions_host(model: &ProjectModel<'_>, host: &str) -> bool {
    let word = host.split('-').next().unwrap_or(host);
    let is_compose = |text: &str| text.contains(&format!("{host}:")) || text.contains(&format!("- {host}"));
    model
        .files_with_word(word)
        .any(|file| matches!(file.source.path.extension(), "yml" | "yaml") && is_compose(&file.source.text))
}
