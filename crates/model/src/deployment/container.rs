//! Dockerfiles: which stage is for production, and what it runs.

use arrears_core::text::TextRange;
use arrears_syntax::document::dockerfile::{Command, Copy, Dockerfile, Stage};

use super::command::{Follower, Scene, upwards};
use super::image::{ImageUse, Namer};
use super::process::Runs;
use super::purpose::{Purpose, of_path, of_words};
use super::{Build, Container, Deployment, Kind, Service, Variable};
use crate::flow::Place;
use crate::project::ProjectModel;
use arrears_core::source::{RelPath, Roles};

/// Returns the Dockerfiles of a project.
pub(super) fn containers<'p>(project: &ProjectModel<'p>) -> Vec<Container<'p>> {
    let files = project.documents().filter(|(file, _)| !file.source.roles.contains(Roles::VENDORED));
    files
        .filter_map(|(file, document)| {
            let path = &file.source.path;
            let dockerfile = document.dockerfile()?;
            let mut purpose = of_path(path);
            let stage = production_stage(dockerfile);
            if stage.is_none() && purpose.may_be_production() {
                purpose = Purpose::Development;
            }
            Some(Container { path, file: dockerfile, purpose, stage })
        })
        .collect()
}

/// Adds what Dockerfiles run and name by themselves.
pub(super) fn add<'p>(project: &ProjectModel<'p>, found: &mut Deployment<'p>) {
    let follower = Follower::new(project);
    for container in &found.containers {
        let path = container.path;
        found.images.extend(images(container));
        let Some(at) = container.stage else { continue };
        let Some(stage) = container.file.stages.get(at) else { continue };
        let mut service = Service::new(Kind::Dockerfile, path.as_str(), place(path, stage.range), container.purpose);
        service.image = container.file.lineage(at).last().map(|it| it.image.text.clone());
        service.build = Some(Build { dockerfile: Some(path), context: path.folder().to_owned(), target: None });
        let inside = Inside::new(project, container, at);
        service.command = inside.command().map(|it| place(path, it.range));
        service.runs = inside.runs(&follower, None, None, &upwards(path.folder()));
        let lineage = container.file.lineage(at);
        service.has_healthcheck = has_healthcheck(&lineage);
        service.user = lineage.iter().find_map(|it| it.users.last()).map(|it| it.text.clone());
        service.ports = lineage.iter().flat_map(|it| &it.ports).map(|it| it.text.clone()).collect();
        service.variables = variables(path, &lineage);
        service.is_environment_open = true;
        found.services.push(service);
    }
}

/// Returns the variables that an image brings.
pub(super) fn variables<'p>(path: &'p RelPath, lineage: &[&'p Stage]) -> Vec<Variable<'p>> {
    let all = lineage.iter().flat_map(|it| &it.variables).filter(|it| !it.is_argument);
    all.map(|it| Variable { name: it.name.clone(), value: it.value.clone(), place: place(path, it.range) }).collect()
}

/// Returns whether a stage says how it is asked whether it is well.
pub(super) fn has_healthcheck(lineage: &[&Stage]) -> bool {
    lineage.iter().find_map(|it| it.healthcheck.as_ref()).is_some_and(|it| !it.is_none)
}

/// What is inside an image of a Dockerfile.
pub(super) struct Inside<'a, 'p> {
    path: &'p RelPath,
    text: &'p str,
    lineage: Vec<&'p Stage>,
    copies: Vec<&'a Copy>,
}

impl<'a, 'p: 'a> Inside<'a, 'p> {
    pub(super) fn new(project: &ProjectModel<'p>, container: &Container<'p>, stage: usize) -> Self {
        let path = container.path;
        let text: &'p str = project.file(path).map_or("", |file| &file.source.text);
        let lineage = container.file.lineage(stage);
        // What an earlier stage has copied may be copied on.
        let copies = container.file.stages.iter().flat_map(|it| &it.copies).collect();
        Self { path, text, lineage, copies }
    }

    /// Returns what decides what runs: the `CMD`, else the `ENTRYPOINT`.
    pub(super) fn command(&self) -> Option<&'p Command> {
        self.given().or_else(|| self.entrypoint())
    }

    pub(super) fn entrypoint(&self) -> Option<&'p Command> {
        self.lineage.iter().find_map(|it| it.entrypoint.as_ref())
    }

    /// A stage with an entrypoint of its own is not given what the stage before was given.
    fn given(&self) -> Option<&'p Command> {
        let last = self.lineage.iter().position(|it| it.entrypoint.is_some());
        let stages = self.lineage.iter().take(last.map_or(usize::MAX, |at| at + 1));
        stages.filter_map(|it| it.command.as_ref()).next()
    }

    /// Returns what the image comes to run, where its description gives it other words.
    pub(super) fn runs(
        &self,
        follower: &Follower<'_, 'p>,
        entrypoint: Option<(Vec<String>, Place<'p>)>,
        command: Option<(Vec<String>, Place<'p>)>,
        folders: &[String],
    ) -> Runs<'p> {
        let scene = Scene { folders: folders.to_vec(), copies: self.copies.clone() };
        let has_entrypoint = entrypoint.is_some();
        let own_entrypoint = || self.entrypoint().map(|it| (self.words(it), place(self.path, it.range)));
        let own_command = || self.given().map(|it| (self.words(it), place(self.path, it.range)));
        let entrypoint = entrypoint.or_else(own_entrypoint);
        // Another entrypoint takes the image's command away.
        let command = command.or_else(|| if has_entrypoint { None } else { own_command() });
        let Some(place) = command.as_ref().or(entrypoint.as_ref()).map(|(_, place)| *place) else {
            return Runs::default();
        };
        let words = entrypoint.into_iter().chain(command).flat_map(|(words, _)| words).collect();
        follower.words(words, place, &scene)
    }

    fn words(&self, command: &Command) -> Vec<String> {
        match &command.words {
            Some(words) => words.clone(),
            None => vec!["sh".to_owned(), "-c".to_owned(), command.range.slice(self.text).to_owned()],
        }
    }
}

/// Returns the stage that is built for production.
fn production_stage(file: &Dockerfile) -> Option<usize> {
    let purpose = |stage: &Stage| stage.name.as_ref().and_then(|name| of_words(&name.text));
    let is_fine = |stage: &Stage| purpose(stage).is_none_or(Purpose::may_be_production);
    let is_named = |stage: &Stage| purpose(stage) == Some(Purpose::Production);
    let last = file.stages.len().checked_sub(1)?;
    if is_fine(file.stages.get(last)?) {
        return Some(last);
    }
    file.stages.iter().rposition(is_named).or_else(|| {
        // What the last stage is made of.
        let mut at = last;
        while let Some(stage) = file.stages.get(at).filter(|it| !is_fine(it)) {
            at = file.stage_named(&stage.image.text).filter(|earlier| *earlier < at)?;
        }
        Some(at).filter(|at| file.stages.get(*at).is_some_and(|it| it.command.is_some() || it.entrypoint.is_some()))
    })
}

/// Returns the images that a Dockerfile starts from or copies from.
fn images<'p>(container: &Container<'p>) -> Vec<ImageUse<'p>> {
    let mut found = Vec::new();
    for (at, stage) in container.file.stages.iter().enumerate() {
        let froms = stage.copies.iter().filter_map(|copy| copy.from.as_ref());
        for (image, is_base) in [(&stage.image, true)].into_iter().chain(froms.map(|from| (from, false))) {
            let is_stage = container.file.stage_named(&image.text).is_some_and(|named| !is_base || named < at);
            if is_stage || image.text.eq_ignore_ascii_case("scratch") {
                continue;
            }
            let is_aside =
                stage.name.as_ref().and_then(|it| of_words(&it.text)).is_some_and(|it| !it.may_be_production());
            let purpose = if is_aside { container.purpose.max(Purpose::Development) } else { container.purpose };
            found.push(ImageUse::new(&image.text, place(container.path, image.range), purpose, Namer::Dockerfile));
        }
    }
    found
}

fn place(path: &RelPath, range: TextRange) -> Place<'_> {
    Place { path, range }
}
