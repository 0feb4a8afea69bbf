//! See [`RULE`].

use arrears_core::diagnostic::Severity;
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
    /// Finds deployments that serve by WSGI although the project has WebSocket routes.
    ///
    /// WSGI knows no WebSockets: every client that connects is answered 404 or 400, tries again, and the live update that works
    /// under `runserver` never arrives in production.
    ///
    /// ```python bad path=shop/asgi.py
    /// from channels.generic.websocket import JsonWebsocketConsumer
    /// from channels.routing import ProtocolTypeRouter, URLRouter
    /// from django.urls import path
    ///
    /// class OrderConsumer(JsonWebsocketConsumer):
    ///     def receive_json(self, content):
    ///         self.send_json({"seen": content["order"]})
    ///
    /// application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/orders/", OrderConsumer.as_asgi())])})
    /// ```
    /// ```procfile bad path=Procfile
    /// web: gunicorn shop.wsgi:application --bind 0.0.0.0:$PORT
    /// ```
    /// ```python good path=shop/asgi.py
    /// from channels.generic.websocket import JsonWebsocketConsumer
    /// from channels.routing import ProtocolTypeRouter, URLRouter
    /// from django.urls import path
    ///
    /// class OrderConsumer(JsonWebsocketConsumer):
    ///     def receive_json(self, content):
    ///         self.send_json({"seen": content["order"]})
    ///
    /// application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/orders/", OrderConsumer.as_asgi())])})
    /// ```
    /// ```procfile good path=Procfile
    /// web: daphne shop.asgi:application --bind 0.0.0.0 --port $PORT
    /// ```
    ///
    /// Dockerfiles, compose files, Kubernetes, Procfiles, supervisor, systemd and descriptions for platforms are read, start
    /// scripts followed. Not flagged where anything in the repository's configuration runs or mentions a server for ASGI, or
    /// where more is deployed by means that are not read.
    pub(crate) const RULE = {
        code: "settings/websocket-under-wsgi",
        summary: "WebSocket routes behind a server that knows none",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Repository,
        follows_values: true,
    }
}

/// Words of whatever serves ASGI.
const SERVERS: [&str; 9] =
    ["daphne", "uvicorn", "hypercorn", "granian", "asgi", "UvicornWorker", "runworker", "nginx_unit", "uvloop"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let routes = model.routes();
    let Some(socket) = routes.sockets.iter().find(|it| !it.is_conditional) else { return };
    let deployment = model.deployment();
    if deployment.elsewhere.is_some() || !deployment.unread.is_empty() || mention(model, &SERVERS).is_some() {
        return;
    }
    let root = model.settings().root_of(socket.place.path);
    let servers = deployment.production().filter_map(|it| Some((it, wsgi(it)?)));
    let own: Vec<(&Service<'_>, (Place<'_>, Option<String>))> =
        servers.filter(|(_, (_, target))| is_of(model, target.as_deref(), root)).collect();
    let Some((_, (first, target))) = own.first() else { return };
    let count = routes.sockets.len();
    let (noun, verb) = if count == 1 { ("WebSocket route", "is") } else { ("WebSocket routes", "are") };
    let shown = target.as_deref().map_or_else(|| "WSGI".to_owned(), |it| format!("`{it}`"));
    let message = format!("{count} {noun} {verb} out of reach: production runs {shown}, and WSGI knows no WebSockets");
    let finding = ctx.report(first.path, first.range, message);
    finding.label_once(socket.place, format!("`{}` answers at `{}`", socket.consumer_name, socket.path));
    for (_, (place, _)) in own.iter().skip(1).take(4) {
        finding.label_once(*place, "here too");
    }
    finding
        .help("serve the ASGI application: `daphne`, `uvicorn`, or `gunicorn … asgi -k uvicorn.workers.UvicornWorker`");
}

/// Returns where a service runs a server for WSGI, and what it serves.
fn wsgi<'p>(service: &Service<'p>) -> Option<(Place<'p>, Option<String>)> {
    service.runs.processes.iter().find_map(|it| match it.job() {
        Job::Wsgi(target) => Some((it.place, target)),
        _ => None,
    })
}

/// Returns whether an application belongs to a Django project; where there is only one, any does.
fn is_of(model: &ProjectModel<'_>, target: Option<&str>, root: Option<&str>) -> bool {
    let settings = model.settings();
    if settings.roots().len() < 2 {
        return true;
    }
    let Some(module) = target.map(|it| it.split(':').next().unwrap_or(it).replace('.', "/")) else { return false };
    let is_it = |path: &str| path == format!("{module}.py") || path.ends_with(&format!("/{module}.py"));
    let found = model.python_files().find(|(file, _)| is_it(file.source.path.as_str()));
    found.is_some_and(|(file, _)| settings.root_of(&file.source.path) == root)
}
