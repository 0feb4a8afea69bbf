//! Which app a module belongs to.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{RelPath, Roles};

use super::module::Module;
use crate::project::{ClassRef, ProjectModel};
use crate::python::ClassId;

/// The apps of a project, by their folders.
pub(super) struct Apps<'p> {
    /// The labels that application configurations give.
    labels: BTreeMap<String, String>,
    /// Folders with a `models.py` or a `models` package.
    homes: BTreeSet<&'p str>,
    settings: Vec<&'p str>,
}

impl<'p> Apps<'p> {
    /// Finds the apps of a project.
    pub(super) fn find(project: &ProjectModel<'p>) -> Self {
        let mut apps = Self { labels: BTreeMap::new(), homes: BTreeSet::new(), settings: Vec::new() };
        for (file, facts) in project.python_files() {
            let path = &file.source.path;
            if path.file_name() == "models.py" {
                apps.homes.insert(path.folder());
            } else if let Some((home, "models")) = path.folder().rsplit_once('/') {
                apps.homes.insert(home);
            }
            if file.source.roles.contains(Roles::SETTINGS) {
                apps.settings.push(&file.source.text);
            }
            let Some(module) = Module::of(project, path) else { continue };
            for (id, class) in (0..).map(ClassId).zip(&facts.classes) {
                let is_config = class.bases.iter().any(|base| base.ends_with("Config"))
                    && project.descends_from(ClassRef { path, id }, &|name| name.ends_with("AppConfig"));
                if is_config {
                    apps.add(module, id);
                }
            }
        }
        apps
    }

    fn add(&mut self, module: Module<'_, 'p>, class: ClassId) {
        let Some(body) = module.bodies.class(class) else { return };
        let value = |name| module.value_in(body.block, name).and_then(|id| module.string(id));
        let name = value("name");
        let folder = name.and_then(|name| match module.project.modules().module(module.path, name)? {
            found if found.file_name() == "__init__.py" => Some(found.folder()),
            _ => None,
        });
        let folder = folder.unwrap_or_else(|| module.path.folder());
        let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
        let label = value("label").map(str::to_owned).or_else(|| name.map(last)).unwrap_or_else(|| last_of(folder));
        // A second configuration of the same folder is a variant of the first.
        self.labels.entry(folder.to_owned()).or_insert(label);
    }

    /// Returns the label of the app that a module belongs to.
    pub(super) fn label(&self, path: &RelPath) -> String {
        let mut home = None;
        for folder in around(path.folder()) {
            if let Some(label) = self.labels.get(folder) {
                return match home {
                    Some(home) if self.is_installed(home) => last_of(home),
                    _ => label.clone(),
                };
            }
            if home.is_none() && self.homes.contains(folder) {
                home = Some(folder);
            }
        }
        last_of(home.unwrap_or_else(|| path.folder()))
    }

    /// Returns whether the settings name an app in a folder; a project without settings may.
    fn is_installed(&self, folder: &str) -> bool {
        let dotted = folder.replace('/', ".");
        let mut names = (0..3).scan(dotted.as_str(), |rest, _| {
            let name = *rest;
            *rest = rest.split_once('.')?.1;
            Some(name.to_owned())
        });
        self.settings.is_empty()
            || names.any(|name| {
                self.settings
                    .iter()
                    .any(|text| text.contains(&format!("\"{name}\"")) || text.contains(&format!("'{name}'")))
            })
    }
}

fn last_of(folder: &str) -> String {
    folder.rsplit('/').next().unwrap_or(folder).to_owned()
}

/// The folder and those around it, the innermost first.
fn around(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |inner| inner.rsplit_once('/').map(|(outer, _)| outer))
}
