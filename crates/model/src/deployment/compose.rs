//! The services of compose files.

use std::collections::BTreeSet;

use arrears_core::source::{RelPath, Roles};
use arrears_syntax::document::tree::Item;
use arrears_syntax::shell;

use super::command::{Follower, Scene, upwards};
use super::container::{Inside, has_healthcheck};
use super::image::{ImageUse, Namer};
use super::process::Runs;
use super::purpose::{Purpose, of_path, of_words};
use super::{Build, Deployment, Kind, Service, Variable};
use crate::flow::Place;
use crate::project::ProjectModel;

/// A compose file.
struct File<'p> {
    path: &'p RelPath,
    root: Item<'p>,
    purpose: Purpose,
}

/// A service with what it takes from others, itself first.
type Chain<'p> = Vec<(&'p RelPath, Item<'p>)>;

/// Adds the services of all compose files.
pub(super) fn add<'p>(project: &ProjectModel<'p>, found: &mut Deployment<'p>) {
    let files = files(project);
    let follower = Follower::new(project);
    let mut workshops = BTreeSet::new();
    for file in &files {
        let from = found.services.len();
        let Some(services) = file.root.get("services") else { continue };
        for entry in services.entries().filter(|it| it.value.is_map() && it.key != "<<") {
            let chain = chain(&files, file, entry.key, entry.value);
            let place = Place { path: file.path, range: entry.key_range };
            let service = service(
                project,
                found,
                &follower,
                file,
                &chain,
                Service::new(Kind::Compose, entry.key, place, file.purpose),
            );
            found.services.push(service);
        }
        let own = found.services.get(from..).unwrap_or_default();
        if file.purpose == Purpose::Common && own.iter().any(|it| is_workshop(project, &found.containers, it)) {
            workshops.insert(file.path.folder());
        }
    }
    // What lies beside a developer's services is a developer's too.
    let is_aside = |it: &Service<'_>| {
        it.kind == Kind::Compose && it.purpose == Purpose::Common && workshops.contains(it.place.path.folder())
    };
    for service in found.services.iter_mut().filter(|it| is_aside(it)) {
        service.purpose = Purpose::Development;
    }
    for file in &files {
        images(file, &found.services, &mut found.images);
    }
}

/// Returns the compose files: what has services with images or builds, whatever its name.
fn files<'p>(project: &ProjectModel<'p>) -> Vec<File<'p>> {
    let is_compose = |root: &Item<'p>| {
        let own = |item: Item<'_>| ["image", "build", "extends", "command"].iter().any(|key| item.get(key).is_some());
        root.get("services").is_some_and(|it| it.is_map() && it.entries().any(|entry| own(entry.value)))
            && root.get("apiVersion").is_none()
            && root.get("jobs").is_none()
    };
    let files = project.documents().filter(|(file, _)| !file.source.roles.contains(Roles::VENDORED));
    files
        .filter_map(|(file, document)| {
            let path = &file.source.path;
            let root = document.tree()?.root()?;
            let is_yaml = matches!(path.extension(), "yml" | "yaml");
            (is_yaml && is_compose(&root)).then(|| File { path, root, purpose: of_path(path) })
        })
        .collect()
}

/// Returns a service, what it extends, and the service of the same name in the file that it is laid over.
fn chain<'p>(files: &[File<'p>], file: &File<'p>, name: &str, item: Item<'p>) -> Chain<'p> {
    let mut found: Chain<'p> = vec![(file.path, item)];
    let mut seen = BTreeSet::from([(file.path, name.to_owned())]);
    let (mut path, mut at) = (file.path, item);
    for _ in 0..8 {
        let Some(extends) = at.get("extends") else { break };
        let Some(base) = extends.text().or_else(|| extends.get("service").and_then(|it| it.text())) else { break };
        if let Some(other) = extends.get("file").and_then(|it| it.text()) {
            let Some(other) = joined(path.folder(), other) else { break };
            let Some(other) = files.iter().find(|it| it.path.as_str() == other) else { break };
            path = other.path;
        }
        let next = files.iter().find(|it| it.path == path).and_then(|it| it.root.at(&["services", base]));
        let Some(next) = next.filter(|_| seen.insert((path, base.to_owned()))) else { break };
        found.push((path, next));
        at = next;
    }
    let has_image = found.iter().any(|(_, it)| it.get("image").is_some() || it.get("build").is_some());
    let bases = ["docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"];
    if !has_image {
        let same = files.iter().filter(|it| it.path.folder() == file.path.folder() && it.path != file.path);
        let base = same.filter(|it| bases.contains(&it.path.file_name()));
        found.extend(base.filter_map(|it| Some((it.path, it.root.at(&["services", name])?))).take(1));
    }
    found
}

fn get<'p>(chain: &Chain<'p>, key: &str) -> Option<(&'p RelPath, Item<'p>)> {
    chain.iter().find_map(|(path, item)| Some((*path, item.get(key).filter(|it| !it.is_null())?)))
}

fn service<'p>(
    project: &ProjectModel<'p>,
    found: &Deployment<'p>,
    follower: &Follower<'_, 'p>,
    file: &File<'p>,
    chain: &Chain<'p>,
    mut service: Service<'p>,
) -> Service<'p> {
    service.image = get(chain, "image").and_then(|(_, it)| it.scalar()).map(str::to_owned);
    service.build = get(chain, "build").and_then(|(path, it)| build(project, path, it));
    service.user = get(chain, "user").and_then(|(_, it)| it.scalar()).map(str::to_owned);
    let restart = get(chain, "restart").and_then(|(_, it)| it.scalar());
    service.restarts = restart.is_some_and(|it| it == "always" || it.starts_with("unless"))
        || get(chain, "deploy")
            .is_some_and(|(_, it)| it.get("restart_policy").is_some() || it.get("replicas").is_some());
    service.uses_host_network = get(chain, "network_mode").and_then(|(_, it)| it.scalar()) == Some("host");
    service.ports = list(chain, "ports");
    service.volumes = list(chain, "volumes");
    service.names = list(chain, "hostname");
    service.names.extend(list(chain, "container_name"));
    let networks = get(chain, "networks").map(|(_, it)| it);
    let aliases = networks.iter().flat_map(|it| it.entries()).filter_map(|it| it.value.get("aliases"));
    service
        .names
        .extend(aliases.flat_map(|it| it.items().collect::<Vec<_>>()).filter_map(|it| it.text().map(str::to_owned)));
    environment(chain, &mut service);
    let entrypoint = get(chain, "entrypoint").map(|(path, it)| (words(it), Place { path, range: it.range() }));
    let command = get(chain, "command").map(|(path, it)| (words(it), Place { path, range: it.range() }));
    service.command = command.as_ref().or(entrypoint.as_ref()).map(|(_, place)| *place);
    let mut folders = service.build.as_ref().map_or_else(Vec::new, |it| upwards(&it.context));
    folders.extend(upwards(file.path.folder()));
    let container = service.build.as_ref().and_then(|it| it.dockerfile).and_then(|it| found.container(it));
    let target = service.build.as_ref().and_then(|it| it.target.as_deref());
    let stage = container.and_then(|it| match target {
        Some(target) => it.file.stage_named(target),
        None => it.file.stages.len().checked_sub(1),
    });
    let check = get(chain, "healthcheck").map(|(_, it)| it);
    let is_off = check.is_some_and(|it| it.get("disable").and_then(Item::bool) == Some(true));
    service.has_healthcheck = check.is_some() && !is_off;
    if let (Some(container), Some(stage)) = (container, stage) {
        service.has_healthcheck |= !is_off && has_healthcheck(&container.file.lineage(stage));
        service.runs = Inside::new(project, container, stage).runs(follower, entrypoint, command, &folders);
        return service;
    }
    service.runs = outside(follower, entrypoint, command, folders);
    service.runs.has_gaps |= service.build.is_some() || service.command.is_none();
    service
}

/// Returns what an image from elsewhere runs.
fn outside<'p>(
    follower: &Follower<'_, 'p>,
    entrypoint: Option<(Vec<String>, Place<'p>)>,
    command: Option<(Vec<String>, Place<'p>)>,
    folders: Vec<String>,
) -> Runs<'p> {
    let Some(place) = command.as_ref().or(entrypoint.as_ref()).map(|(_, place)| *place) else { return Runs::default() };
    let words = entrypoint.into_iter().chain(command).flat_map(|(words, _)| words).collect();
    follower.words(words, place, &Scene { folders, copies: Vec::new() })
}

/// Returns the words of a command; `$$` is one dollar.
pub(super) fn words(item: Item<'_>) -> Vec<String> {
    if item.is_list() {
        return item.items().filter_map(|it| it.scalar()).map(|it| it.replace("$$", "$")).collect();
    }
    let text = item.scalar().unwrap_or("").replace("$$", "$");
    let commands = shell::commands(&text);
    if let [only] = commands.as_slice() {
        return only.words.iter().map(|it| it.text.clone()).collect();
    }
    vec!["sh".to_owned(), "-c".to_owned(), text]
}

fn build<'p>(project: &ProjectModel<'p>, path: &'p RelPath, item: Item<'p>) -> Option<Build<'p>> {
    let context = item.scalar().or_else(|| item.get("context").and_then(|it| it.scalar())).unwrap_or(".");
    let name = item.get("dockerfile").and_then(|it| it.scalar()).unwrap_or("Dockerfile");
    let target = item.get("target").and_then(|it| it.scalar()).map(str::to_owned);
    let context = joined(path.folder(), context).unwrap_or_default();
    let dockerfile = joined(&context, name).map(|it| RelPath::new(&it));
    let dockerfile = dockerfile.and_then(|it| project.file(&it)).map(|file| &file.source.path);
    Some(Build { dockerfile, context, target })
}

/// Joins a folder and a path relative to it; none, where a variable or a host is in it, or it leads out.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    let path = path.strip_prefix("${PWD}/").or_else(|| path.strip_prefix("$PWD/")).unwrap_or(path);
    let path = if path == "${PWD}" || path == "$PWD" { "." } else { path };
    if path.contains(['$', ':']) || path.starts_with('/') || path.starts_with('~') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn list(chain: &Chain<'_>, key: &str) -> Vec<String> {
    let Some((_, item)) = get(chain, key) else { return Vec::new() };
    if let Some(one) = item.scalar() {
        return vec![one.to_owned()];
    }
    let long = |it: Item<'_>| match it.scalar() {
        Some(text) => Some(text.to_owned()),
        None => {
            let part = |key: &str| it.get(key).and_then(|it| it.scalar());
            let source = part("source").or_else(|| part("published")).unwrap_or("");
            Some(format!("{source}:{}", part("target")?))
        }
    };
    item.items().filter_map(long).collect()
}

fn environment<'p>(chain: &Chain<'p>, service: &mut Service<'p>) {
    for (path, item) in chain {
        let Some(item) = item.get("environment") else { continue };
        for entry in all_entries(item) {
            let value = entry.value.scalar().map(str::to_owned);
            let place = Place { path, range: entry.key_range };
            service.variables.push(Variable { name: entry.key.to_owned(), value, place });
        }
        for line in item.items() {
            let Some(text) = line.scalar() else { continue };
            let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            let place = Place { path, range: line.range() };
            service.variables.push(Variable { name: name.to_owned(), value: value.map(str::to_owned), place });
        }
    }
    for (path, item) in chain {
        let Some(item) = item.get("env_file") else { continue };
        let names = item
            .scalar()
            .into_iter()
            .chain(item.items().filter_map(|it| it.scalar().or_else(|| it.get("path").and_then(|it| it.scalar()))));
        for name in names {
            match joined(path.folder(), name) {
                Some(file) => service.environment_files.push(file),
                None => service.is_environment_open = true,
            }
        }
    }
}

/// Returns the entries of a map with those that `<<` merges into it, two levels deep.
fn all_entries<'p>(item: Item<'p>) -> Vec<arrears_syntax::document::tree::Entry<'p>> {
    let mut found = Vec::new();
    for entry in item.entries() {
        if entry.key == "<<" {
            let parts = entry.value.items().chain([entry.value]);
            found.extend(parts.flat_map(|it| it.entries().filter(|it| it.key != "<<").collect::<Vec<_>>()));
        } else {
            found.push(entry);
        }
    }
    found
}

/// Returns whether a service is a developer's: its sources are mounted, it debugs, it is built from a stage for that.
fn is_workshop(project: &ProjectModel<'_>, containers: &[super::Container<'_>], service: &Service<'_>) -> bool {
    let Some(build) = &service.build else { return false };
    let is_aside = |name: &str| of_words(name).is_some_and(|it| matches!(it, Purpose::Development | Purpose::Test));
    let container = build.dockerfile.and_then(|path| containers.iter().find(|it| it.path == path));
    let mounts = service.volumes.iter().any(|volume| {
        let source = volume.split(':').next().unwrap_or("");
        let is_path = source.starts_with('.') || source.starts_with("${PWD}") || source.starts_with("$PWD");
        is_path
            && joined(service.place.path.folder(), source).is_some_and(|folder| {
                let is_code = |path: &&RelPath| matches!(path.extension(), "py" | "ts" | "tsx" | "js" | "jsx" | "vue");
                !project.inventory().has_file(&folder)
                    && project.inventory().files_below(&folder).any(|it| is_code(&it))
            })
    });
    mounts
        || service.is_debugged()
        || build.target.as_deref().is_some_and(is_aside)
        || container.is_some_and(|it| !it.purpose.may_be_production())
        || service.environment_files.iter().any(|it| is_aside(it.rsplit('/').next().unwrap_or(it)))
}

fn images<'p>(file: &File<'p>, own: &[Service<'p>], images: &mut Vec<ImageUse<'p>>) {
    let own: Vec<&Service<'p>> =
        own.iter().filter(|it| it.kind == Kind::Compose && it.place.path == file.path).collect();
    let built: BTreeSet<&str> =
        own.iter().filter(|it| it.build.is_some()).filter_map(|it| it.image.as_deref()).collect();
    let Some(services) = file.root.get("services") else { return };
    for entry in services.entries() {
        // A merged image is named where it is written.
        let Some(image) = entry.value.entries().find(|it| it.key == "image").map(|it| it.value) else { continue };
        let Some(name) = image.scalar() else { continue };
        let service = own.iter().find(|it| it.name == entry.key);
        let is_built = built.contains(name) || service.is_some_and(|it| it.build.is_some());
        let purpose = service.map_or(file.purpose, |it| it.purpose);
        let place = Place { path: file.path, range: image.range() };
        images.push(ImageUse::new(name, place, purpose, Namer::Compose { is_built }));
    }
}
