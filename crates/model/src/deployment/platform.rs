//! Descriptions for platforms: `render.yaml`, `fly.toml`, `app.yaml`, `railway.json`.

use arrears_core::source::Roles;
use arrears_core::text::TextRange;
use arrears_syntax::document::tree::Item;

use super::command::{Follower, Scene, upwards};
use super::purpose::{Purpose, of_path};
use super::{Deployment, Kind, Service, Variable};
use crate::flow::Place;
use crate::project::{ProjectFile, ProjectModel};

/// One process of a description: its name, where that stands, its command and the map that holds it.
type Part<'p> = (String, TextRange, Option<Item<'p>>, Item<'p>);

/// Adds the processes of all descriptions.
pub(super) fn add<'p>(project: &ProjectModel<'p>, found: &mut Deployment<'p>) {
    let follower = Follower::new(project);
    for (file, document) in project.documents().filter(|(file, _)| !file.source.roles.contains(Roles::VENDORED)) {
        let Some(root) = document.tree().and_then(|it| it.root()) else { continue };
        for (name, range, command, item) in parts(file.source.path.file_name(), root) {
            found.services.push(service(&follower, file, &name, range, command, item));
        }
    }
}

fn parts<'p>(name: &str, root: Item<'p>) -> Vec<Part<'p>> {
    let named = |item: Item<'p>, keys: &[&str]| {
        let name = item.get("name");
        let range = name.map_or_else(|| item.range(), Item::range);
        let command = keys.iter().find_map(|key| item.get(key)).filter(|it| it.scalar().is_some());
        (name.and_then(|it| it.scalar()).unwrap_or("web").to_owned(), range, command, item)
    };
    let listed = |key: &str, keys: &[&str]| {
        let items = root.get(key).map_or_else(Vec::new, |it| it.items().collect());
        items.into_iter().map(|it| named(it, keys)).collect::<Vec<_>>()
    };
    let one = |command: Option<Item<'p>>| {
        let range = root.entries().next().map_or_else(|| root.range(), |it| it.key_range);
        vec![("web".to_owned(), range, command, root)]
    };
    match name {
        "render.yaml" | "render.yml" => listed("services", &["startCommand", "dockerCommand"])
            .into_iter()
            .filter(|(.., item)| item.get("type").and_then(|it| it.text()) != Some("redis"))
            .collect(),
        "fly.toml" => {
            let processes = root.get("processes").map_or_else(Vec::new, |it| it.entries().collect());
            if processes.is_empty() {
                return one(None);
            }
            let part =
                |it: arrears_syntax::document::tree::Entry<'p>| (it.key.to_owned(), it.key_range, Some(it.value), root);
            processes.into_iter().map(part).collect()
        }
        "app.yaml" | "app.yml" if root.get("runtime").is_some() => one(root.get("entrypoint")),
        "app.yaml" | "app.yml" => {
            let keys = ["run_command"];
            let parts = ["services", "workers", "jobs"].iter().flat_map(|it| listed(it, &keys));
            parts
                .filter(|(.., item)| item.get("run_command").is_some() || item.get("dockerfile_path").is_some())
                .collect()
        }
        "railway.json" | "railway.toml" => one(root.at(&["deploy", "startCommand"])),
        "vercel.json" => one(None),
        _ => Vec::new(),
    }
}

fn service<'p>(
    follower: &Follower<'_, 'p>,
    file: ProjectFile<'p>,
    name: &str,
    range: TextRange,
    command: Option<Item<'p>>,
    item: Item<'p>,
) -> Service<'p> {
    let path = &file.source.path;
    let purpose = match of_path(path) {
        Purpose::Common => Purpose::Production,
        other => other,
    };
    let mut service = Service::new(Kind::Platform, name, Place { path, range }, purpose);
    service.is_environment_open = true;
    service.restarts = true;
    let checks = ["healthCheckPath", "health_check", "healthcheckPath", "checks", "liveness_check", "readiness_check"];
    let has = |item: Item<'_>| checks.iter().any(|it| item.get(it).is_some());
    let nested = ["http_service", "deploy"].iter().filter_map(|it| item.get(it));
    service.has_healthcheck = has(item) || nested.into_iter().any(has);
    if let Some(command) = command {
        let place = Place { path, range: command.range() };
        service.command = Some(place);
        let scene = Scene { folders: upwards(path.folder()), copies: Vec::new() };
        service.runs = follower.text(command.scalar().unwrap_or(""), place, &scene);
    } else {
        service.runs.has_gaps = true;
    }
    let variables = item.get("envVars").map_or_else(Vec::new, |it| it.items().collect());
    for variable in variables {
        let Some(key) = variable.get("key").filter(|it| it.text().is_some()) else { continue };
        let value = variable.get("value").and_then(|it| it.scalar()).map(str::to_owned);
        let place = Place { path, range: key.range() };
        service.variables.push(Variable { name: key.text().unwrap_or("").to_owned(), value, place });
    }
    for table in ["env", "env_variables"].iter().filter_map(|it| item.get(it)) {
        for entry in table.entries() {
            let value = entry.value.scalar().map(str::to_owned);
            service.variables.push(Variable {
                name: entry.key.to_owned(),
                value,
                place: Place { path, range: entry.key_range },
            });
        }
    }
    service
}
