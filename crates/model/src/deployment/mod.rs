//! What the repository runs: images, the services of compose files and clusters, processes of platforms and hosts.
//!
//! Each [`Service`] has the place that describes it, what it comes to run (`command` follows entrypoints, start scripts and
//! scripts of packages), its environment and what it is for. `purpose` decides what is development.

mod command;
mod compose;
mod container;
mod host;
pub mod image;
mod kubernetes;
mod launcher;
pub mod mention;
pub mod need;
mod platform;
pub mod process;
pub mod purpose;
#[cfg(test)]
mod tests;

use arrears_core::source::RelPath;
use arrears_syntax::document::dockerfile::Dockerfile;

use crate::flow::Place;
use crate::project::ProjectModel;
use image::ImageUse;
use process::Runs;
use purpose::Purpose;

/// What the repository runs.
#[derive(Debug, Default)]
pub struct Deployment<'p> {
    /// The Dockerfiles.
    pub containers: Vec<Container<'p>>,
    /// Everything that runs: Dockerfiles by themselves too, sorted by the kind and the path of what describes it.
    pub services: Vec<Service<'p>>,
    /// Every image that is named.
    pub images: Vec<ImageUse<'p>>,
    /// Descriptions that could not be read: broken ones, patterns of Helm and Jinja.
    pub unread: Vec<&'p RelPath>,
    /// A file that says that more is described in a language that is not read: Terraform, Ansible, Helm.
    pub elsewhere: Option<RelPath>,
}

/// A Dockerfile.
#[derive(Debug)]
pub struct Container<'p> {
    /// Where it lies.
    pub path: &'p RelPath,
    /// What is in it.
    pub file: &'p Dockerfile,
    /// What it is for.
    pub purpose: Purpose,
    /// The stage that is built for production: the last one that is not named as one for development or tests.
    pub stage: Option<usize>,
}

/// Something that runs.
#[derive(Debug)]
pub struct Service<'p> {
    /// What describes it.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where it is described: its key, its name, the line of its process.
    pub place: Place<'p>,
    /// What it is for.
    pub purpose: Purpose,
    /// Its image, where one is named.
    pub image: Option<String>,
    /// What its image is built from.
    pub build: Option<Build<'p>>,
    /// What is written of its command here; none, where only its image decides.
    pub command: Option<Place<'p>>,
    /// What it comes to run.
    pub runs: Runs<'p>,
    /// The ports that others reach it at, as they are written.
    pub ports: Vec<String>,
    /// The variables that its description sets.
    pub variables: Vec<Variable<'p>>,
    /// The files that its variables come from, as paths of the repository.
    pub environment_files: Vec<String>,
    /// Whether variables may come from where they are not seen: secrets, other resources, the platform.
    pub is_environment_open: bool,
    /// Whether something asks it now and then whether it is well.
    pub has_healthcheck: bool,
    /// The user that its description names.
    pub user: Option<String>,
    /// Whether it starts again by itself: `restart: always`.
    pub restarts: bool,
    /// Other names that it is reached by.
    pub names: Vec<String>,
    /// Where it keeps data: `pgdata:/var/lib/postgresql/data`.
    pub volumes: Vec<String>,
    /// Whether it shares the network of its host.
    pub uses_host_network: bool,
}

/// What an image is built from.
#[derive(Debug, Clone)]
pub struct Build<'p> {
    /// The Dockerfile, where it is in the repository and could be read.
    pub dockerfile: Option<&'p RelPath>,
    /// The folder that is given to the build.
    pub context: String,
    /// The stage.
    pub target: Option<String>,
}

/// A variable of the environment.
#[derive(Debug, Clone)]
pub struct Variable<'p> {
    /// Its name.
    pub name: String,
    /// Its value; none, where it comes from outside.
    pub value: Option<String>,
    /// Where it is written.
    pub place: Place<'p>,
}

/// What describes a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A Dockerfile alone.
    Dockerfile,
    /// A compose file.
    Compose,
    /// A manifest of Kubernetes.
    Kubernetes,
    /// A Procfile.
    Procfile,
    /// A configuration of supervisor.
    Supervisor,
    /// A unit of systemd.
    Systemd,
    /// A description for a platform: `render.yaml`, `fly.toml`, `app.yaml`, `railway.json`.
    Platform,
}

impl<'p> Deployment<'p> {
    /// Finds what the repository runs.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        let mut found = Self { elsewhere: purpose::elsewhere(project), ..Self::default() };
        found.containers = container::containers(project);
        container::add(project, &mut found);
        compose::add(project, &mut found);
        kubernetes::add(project, &mut found);
        host::add(project, &mut found);
        platform::add(project, &mut found);
        found.unread = purpose::unread(project);
        found
    }

    /// Returns the Dockerfile at a path.
    pub fn container(&self, path: &RelPath) -> Option<&Container<'p>> {
        self.containers.iter().find(|it| it.path == path)
    }

    /// Returns the services that are built from a Dockerfile, itself left out.
    pub fn built_from<'a>(&'a self, path: &'a RelPath) -> impl Iterator<Item = &'a Service<'p>> {
        self.services.iter().filter(move |it| {
            it.kind != Kind::Dockerfile && it.build.as_ref().is_some_and(|build| build.dockerfile == Some(path))
        })
    }

    /// Returns the services that are not for development, tests or examples.
    pub fn production(&self) -> impl Iterator<Item = &Service<'p>> {
        self.services.iter().filter(|it| it.purpose.may_be_production())
    }

    /// Returns whether nothing describes how the repository is run.
    pub fn is_empty(&self) -> bool {
        self.services.is_empty() && self.containers.is_empty() && self.unread.is_empty() && self.elsewhere.is_none()
    }
}

impl<'p> Service<'p> {
    /// Starts a description.
    fn new(kind: Kind, name: &str, place: Place<'p>, purpose: Purpose) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            place,
            purpose,
            image: None,
            build: None,
            command: None,
            runs: Runs::default(),
            ports: Vec::new(),
            variables: Vec::new(),
            environment_files: Vec::new(),
            is_environment_open: false,
            has_healthcheck: false,
            user: None,
            restarts: false,
            names: Vec::new(),
            volumes: Vec::new(),
            uses_host_network: false,
        }
    }

    /// Returns the value of a variable of its own description.
    pub fn variable(&self, name: &str) -> Option<&Variable<'p>> {
        self.variables.iter().find(|it| it.name == name)
    }

    /// Returns whether its description says that it is for development: a debug flag, settings for development.
    pub fn is_debugged(&self) -> bool {
        let is_on =
            |value: &str| matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes" | "t" | "y");
        self.variables.iter().any(|it| {
            let Some(value) = it.value.as_deref() else { return false };
            match it.name.as_str() {
                "DJANGO_SETTINGS_MODULE" | "NODE_ENV" | "FLASK_ENV" | "ENVIRONMENT" | "APP_ENV" | "ENV" => {
                    purpose::of_words(value).is_some_and(|it| !it.may_be_production())
                }
                name => (name == "DEBUG" || name.ends_with("_DEBUG")) && is_on(value),
            }
        })
    }
}
