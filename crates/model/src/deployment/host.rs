//! What runs on hosts: Procfiles, supervisor, systemd.

use arrears_core::source::Roles;
use arrears_syntax::document::ini::Section;
use arrears_syntax::shell;

use super::command::{Follower, Scene, upwards};
use super::process::{Job, Runs};
use super::purpose::{Purpose, of_path};
use super::{Deployment, Kind, Service};
use crate::flow::Place;
use crate::project::{ProjectFile, ProjectModel};

/// Adds the processes of all files.
pub(super) fn add<'p>(project: &ProjectModel<'p>, found: &mut Deployment<'p>) {
    let follower = Follower::new(project);
    for (file, document) in project.documents().filter(|(file, _)| !file.source.roles.contains(Roles::VENDORED)) {
        if let Some(lines) = document.processes() {
            let path = &file.source.path;
            let from = found.services.len();
            for line in lines {
                let place = Place { path, range: line.name_range };
                let mut service = Service::new(Kind::Procfile, &line.name, place, of_path(path));
                let place = Place { path, range: line.range };
                service.command = Some(place);
                service.is_environment_open = true;
                service.runs = follower.text(&line.command, place, &scene(&file));
                found.services.push(service);
            }
            let own = found.services.get_mut(from..).unwrap_or_default();
            if own.iter().any(watches) {
                own.iter_mut().for_each(|it| it.purpose = it.purpose.max(Purpose::Development));
            }
        }
        let Some(ini) = document.ini() else { continue };
        for section in &ini.sections {
            let is_service = file.source.path.extension() == "service" && section.name == "Service";
            let (kind, key) = match section.name.split_once(':') {
                Some(("program", _)) => (Kind::Supervisor, "command"),
                None if is_service => (Kind::Systemd, "ExecStart"),
                _ => continue,
            };
            found.services.extend(service(&follower, file, section, kind, key));
        }
    }
}

fn scene(file: &ProjectFile<'_>) -> Scene<'static> {
    Scene { folders: upwards(file.source.path.folder()), copies: Vec::new() }
}

fn service<'p>(
    follower: &Follower<'_, 'p>,
    file: ProjectFile<'p>,
    section: &'p Section,
    kind: Kind,
    key: &str,
) -> Option<Service<'p>> {
    let path = &file.source.path;
    let key = section.keys.iter().find(|it| it.name == key)?;
    let range = key.lines.first().map(|(_, range)| *range)?;
    let stem = path.file_name().trim_end_matches(".service");
    let name = section.name.split_once(':').map_or(stem, |(_, name)| name);
    let mut service = Service::new(kind, name, Place { path, range: section.range }, of_path(path));
    let place = Place { path, range };
    service.command = Some(place);
    service.is_environment_open = true;
    service.restarts = true;
    let user = section.keys.iter().find(|it| it.name.eq_ignore_ascii_case("user"));
    service.user = user.map(arrears_syntax::document::ini::Key::value);
    // A line of systemd may go on, and may begin with marks.
    let text = key.value().replace("\\\n", " ");
    service.runs = follower.text(text.trim_start_matches(['-', '@', '+', '!', ':']), place, &scene(&file));
    Some(service)
}

/// Returns whether a process watches sources: its Procfile is for a developer's machine.
fn watches(service: &Service<'_>) -> bool {
    let is_watcher = |word: &str| {
        let word = word.trim_start_matches('-');
        word == "autoreload" || word.split(['-', ':', '_']).any(|it| matches!(it, "watch" | "watcher" | "watchmedo"))
    };
    let is_script = |it: &Job| matches!(it, Job::Development(shown) if !shown.starts_with("manage.py"));
    has_word(&service.runs, &is_watcher) || service.runs.jobs().any(|it| is_script(&it)) || is_made(&service.runs)
}

fn has_word(runs: &Runs<'_>, is_wanted: &dyn Fn(&str) -> bool) -> bool {
    runs.processes.iter().flat_map(|it| &it.words).any(|it| is_wanted(it))
}

/// `web: make run`
fn is_made(runs: &Runs<'_>) -> bool {
    let is_make = |words: &[String]| {
        words.first().is_some_and(|it| it == "make") && !words.iter().any(|it| shell::is_assignment(it))
    };
    runs.processes.iter().any(|it| is_make(&it.words))
}
