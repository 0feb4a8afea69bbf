//! The model that joins the facts of all files, and the questions it answers.

pub mod ancestry;
pub mod celery;
pub mod condition;
pub mod handling;
pub mod resolve;
pub mod templates;
pub mod usage;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrears_core::source::{RelPath, SourceFile};

use crate::django::Models;
use crate::facts::Facts;
use crate::flow::Flow;
use crate::python::{ClassId, FunctionId, PythonFacts};
use crate::rest::Rest;
use crate::routes::Routes;
use crate::settings::DjangoSettings;
use celery::Tasks;
use resolve::Modules;
use templates::Templates;

/// One file of the project, as the model sees it.
#[derive(Debug, Clone, Copy)]
pub struct ProjectFile<'p> {
    /// Its text and roles.
    pub source: &'p SourceFile,
    /// Its facts.
    pub facts: &'p Facts,
}

/// The joined facts of a repository.
pub struct ProjectModel<'p> {
    files: BTreeMap<&'p RelPath, ProjectFile<'p>>,
    modules: Modules<'p>,
    tasks: OnceLock<Tasks>,
    models: OnceLock<Models<'p>>,
    templates: OnceLock<Templates<'p>>,
    flow: OnceLock<Flow<'p>>,
    routes: OnceLock<Routes<'p>>,
    settings: OnceLock<DjangoSettings<'p>>,
    rest: OnceLock<Rest<'p>>,
}

/// A function of some file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionRef<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The function in it.
    pub id: FunctionId,
}

/// A class of some file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassRef<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The class in it.
    pub id: ClassId,
}

impl<'p> ProjectModel<'p> {
    /// Joins the facts of all files.
    pub fn join(files: impl IntoIterator<Item = ProjectFile<'p>>) -> Self {
        let files: BTreeMap<_, _> = files.into_iter().map(|file| (&file.source.path, file)).collect();
        let modules = Modules::find(&files);
        Self {
            files,
            modules,
            tasks: OnceLock::new(),
            models: OnceLock::new(),
            templates: OnceLock::new(),
            flow: OnceLock::new(),
            routes: OnceLock::new(),
            settings: OnceLock::new(),
            rest: OnceLock::new(),
        }
    }

    /// Returns all files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = ProjectFile<'p>> {
        self.files.values().copied()
    }

    /// Returns a file.
    pub fn file(&self, path: &RelPath) -> Option<ProjectFile<'p>> {
        self.files.get(path).copied()
    }

    /// Returns the Python modules, sorted by path.
    pub fn python_files(&self) -> impl Iterator<Item = (ProjectFile<'p>, &'p PythonFacts)> {
        self.files().filter_map(|file| Some((file, file.facts.python()?)))
    }

    /// Returns the facts of a Python module.
    pub fn python(&self, path: &RelPath) -> Option<&'p PythonFacts> {
        self.files.get(path)?.facts.python()
    }

    /// Returns the Celery tasks and schedules of the project.
    pub fn tasks(&self) -> &Tasks {
        self.tasks.get_or_init(|| Tasks::find(self))
    }

    /// Returns the Django models of the project and of the packages it uses.
    pub fn models(&self) -> &Models<'p> {
        self.models.get_or_init(|| Models::find(self))
    }

    /// Returns what following the rows of the database through the project found.
    pub fn flow(&self) -> &Flow<'p> {
        self.flow.get_or_init(|| Flow::run(self))
    }

    /// Returns the routes of the server: which path is answered by what.
    pub fn routes(&self) -> &Routes<'p> {
        self.routes.get_or_init(|| Routes::find_all(self))
    }

    /// Returns the effective settings of the Django projects of the repository.
    ///
    /// They are known where a rule of the run follows values.
    pub fn settings(&self) -> &DjangoSettings<'p> {
        self.settings.get_or_init(|| DjangoSettings::find(self))
    }

    /// Returns the views of Django's REST framework.
    ///
    /// They are known where a rule of the run follows values.
    pub fn rest(&self) -> &Rest<'p> {
        self.rest.get_or_init(|| Rest::find(self))
    }

    /// Returns the files that hold a word, wherever it stands: code, strings, comments, configuration.
    pub fn files_with_word(&self, word: &str) -> impl Iterator<Item = ProjectFile<'p>> {
        self.files().filter(move |file| file.facts.words.may_contain(word))
    }

    /// Returns whether every Python file that is no test was parsed whole: what is not found then does not exist.
    pub fn python_is_complete(&self) -> bool {
        self.python_files().all(|(file, _)| !file.facts.has_errors)
    }
}
