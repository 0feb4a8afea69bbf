//! The workloads of Kubernetes, and the values of charts.

use std::collections::BTreeSet;

use arrears_core::source::{RelPath, Roles};
use arrears_syntax::document::tree::Item;

use super::command::{Follower, Scene, upwards};
use super::image::{ImageUse, Namer};
use super::purpose::{Purpose, of_path};
use super::{Deployment, Kind, Service, Variable};
use crate::flow::Place;
use crate::project::ProjectModel;

/// Adds the containers of all manifests.
pub(super) fn add<'p>(project: &ProjectModel<'p>, found: &mut Deployment<'p>) {
    let follower = Follower::new(project);
    let pinned = pinned(project);
    for (file, document) in project.documents().filter(|(file, _)| !file.source.roles.contains(Roles::VENDORED)) {
        let path = &file.source.path;
        let Some(tree) = document.tree().filter(|_| matches!(path.extension(), "yml" | "yaml")) else { continue };
        if path.file_name().starts_with("values") {
            found.images.extend(tree.documents().flat_map(|root| values(path, root)));
            continue;
        }
        for root in tree.documents() {
            for (workload, container, is_main) in containers(root) {
                let Some(service) = service(&follower, path, workload, container) else { continue };
                found.images.extend(image(path, container, service.purpose, &pinned));
                if is_main {
                    found.services.push(service);
                }
            }
        }
    }
}

fn service<'p>(
    follower: &Follower<'_, 'p>,
    path: &'p RelPath,
    workload: Item<'p>,
    container: Item<'p>,
) -> Option<Service<'p>> {
    let name = container.get("name").filter(|it| it.scalar().is_some())?;
    let purpose = match of_path(path) {
        Purpose::Common => Purpose::Production,
        other => other,
    };
    let place = Place { path, range: name.range() };
    let mut service = Service::new(Kind::Kubernetes, name.scalar().unwrap_or(""), place, purpose);
    fill(&mut service, workload, container);
    let (entrypoint, command) = (container.get("command"), container.get("args"));
    if let Some(written) = command.or(entrypoint) {
        let place = Place { path, range: written.range() };
        let items = entrypoint.into_iter().chain(command).flat_map(|it| it.items().collect::<Vec<_>>());
        let words = items.filter_map(|it| it.scalar().map(str::to_owned)).collect();
        service.command = Some(place);
        let scene = Scene { folders: upwards(path.folder()), copies: Vec::new() };
        service.runs = follower.words(words, place, &scene);
    }
    service.runs.has_gaps |= entrypoint.is_none();
    Some(service)
}

fn image<'p>(
    path: &'p RelPath,
    container: Item<'p>,
    purpose: Purpose,
    pinned: &BTreeSet<&'p str>,
) -> Option<ImageUse<'p>> {
    let image = container.get("image")?;
    let name = image.scalar()?;
    let repository = name.rsplit_once(':').map_or(name, |(repository, _)| repository);
    let place = Place { path, range: image.range() };
    (!pinned.contains(repository)).then(|| ImageUse::new(name, place, purpose, Namer::Kubernetes))
}

/// Returns the containers of a manifest with their workload, and whether they go on running.
fn containers<'p>(root: Item<'p>) -> Vec<(Item<'p>, Item<'p>, bool)> {
    let kind = root.get("kind").and_then(|it| it.text()).unwrap_or("");
    if root.get("apiVersion").is_none() {
        return Vec::new();
    }
    let pod = match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "ReplicaSet" | "Rollout" => {
            root.at(&["spec", "template", "spec"])
        }
        "CronJob" => root.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        "Pod" => root.get("spec"),
        _ => None,
    };
    let Some(pod) = pod else { return Vec::new() };
    let main = pod.get("containers").into_iter().flat_map(|it| it.items().collect::<Vec<_>>());
    let first = pod.get("initContainers").into_iter().flat_map(|it| it.items().collect::<Vec<_>>());
    main.map(|it| (root, it, true)).chain(first.map(|it| (root, it, false))).collect()
}

fn fill<'p>(service: &mut Service<'p>, workload: Item<'p>, container: Item<'p>) {
    service.image = container.get("image").and_then(|it| it.scalar()).map(str::to_owned);
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    service.has_healthcheck = probes.iter().any(|it| container.get(it).is_some());
    let is_server =
        matches!(workload.get("kind").and_then(|it| it.text()), Some("Deployment" | "StatefulSet" | "Rollout"));
    service.restarts = is_server;
    if is_server {
        let ports = container.get("ports").into_iter().flat_map(|it| it.items().collect::<Vec<_>>());
        service.ports = ports.filter_map(|it| it.get("containerPort")?.scalar().map(str::to_owned)).collect();
    }
    let user = container.at(&["securityContext", "runAsUser"]);
    service.user = user.and_then(|it| it.scalar()).map(str::to_owned);
    service.is_environment_open = container.get("envFrom").is_some();
    let variables = container.get("env").into_iter().flat_map(|it| it.items().collect::<Vec<_>>());
    for variable in variables {
        let Some(name) = variable.get("name").filter(|it| it.text().is_some()) else { continue };
        let value = variable.get("value").and_then(|it| it.scalar()).map(str::to_owned);
        let place = Place { path: service.place.path, range: name.range() };
        service.variables.push(Variable { name: name.text().unwrap_or("").to_owned(), value, place });
    }
}

/// Returns the images that a kustomization gives another tag.
fn pinned<'p>(project: &ProjectModel<'p>) -> BTreeSet<&'p str> {
    let kustomizations =
        project.documents().filter(|(file, _)| file.source.path.file_name().starts_with("kustomization"));
    let images = kustomizations
        .filter_map(|(_, document)| document.tree()?.root()?.get("images"))
        .flat_map(|it| it.items().collect::<Vec<_>>());
    images
        .filter(|it| it.get("newTag").is_some_and(|tag| tag.scalar() != Some("latest")) || it.get("digest").is_some())
        .filter_map(|it| it.get("name")?.scalar())
        .collect()
}

/// Returns the images that the values of a chart name: `image: {repository, tag}`.
fn values<'p>(path: &'p RelPath, root: Item<'p>) -> Vec<ImageUse<'p>> {
    let (mut found, mut open, mut steps) = (Vec::new(), vec![root], 0);
    while let Some(item) = open.pop() {
        steps += 1;
        if steps > 20_000 {
            break;
        }
        for entry in item.entries() {
            let repository = entry.value.get("repository").and_then(|it| it.scalar());
            let tag = entry.value.get("tag").filter(|it| it.scalar().is_some_and(|it| !it.is_empty()));
            if let (true, Some(repository), Some(tag)) = (entry.key.ends_with("mage"), repository, tag) {
                let name = format!("{repository}:{}", tag.scalar().unwrap_or(""));
                let place = Place { path, range: tag.range() };
                found.push(ImageUse::new(&name, place, of_path(path), Namer::Values));
            }
            open.push(entry.value);
        }
    }
    found
}
