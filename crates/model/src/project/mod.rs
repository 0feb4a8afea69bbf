//! The model that joins the facts of all files, and the questions it answers.

pub mod ancestry;
pub mod celery;
pub mod condition;
pub mod csrf;
pub mod handling;
pub mod ignored;
pub mod inventory;
pub mod manifest;
pub mod proxy;
pub mod resolve;
pub mod scripts;
pub mod tags;
pub mod templates;
pub mod twins;
pub mod unused;
pub mod usage;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrears_core::source::{RelPath, SourceFile};
use arrears_syntax::document::Document;

use crate::client::Client;
use crate::contract::Contract;
use crate::dependencies::Dependencies;
use crate::deployment::Deployment;
use crate::django::Models;
use crate::environment::Environment;
use crate::facts::Facts;
use crate::flow::Flow;
use crate::frontend::Frontend;
use crate::i18n::interface::interface_is_latin;
use crate::i18n::translations::Translations;
use crate::pages::Pages;
use crate::pair::Pairs;
use crate::pipeline::Pipelines;
use crate::python::{ClassId, FunctionId, PythonFacts};
use crate::rest::Rest;
use crate::routes::Routes;
use crate::served::Served;
use crate::settings::DjangoSettings;
use crate::suite::Suites;
use celery::Tasks;
use inventory::Inventory;
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
    inventory: Option<&'p Inventory>,
    own_inventory: OnceLock<Inventory>,
    production_settings: &'p [String],
    modules: Modules<'p>,
    tasks: OnceLock<Tasks>,
    models: OnceLock<Models<'p>>,
    templates: OnceLock<Templates<'p>>,
    flow: OnceLock<Flow<'p>>,
    frontend: OnceLock<Frontend<'p>>,
    routes: OnceLock<Routes<'p>>,
    client: OnceLock<Client<'p>>,
    contract: OnceLock<Contract<'p>>,
    served: OnceLock<Served<'p>>,
    pages: OnceLock<Pages<'p>>,
    pairs: OnceLock<Pairs<'p>>,
    settings: OnceLock<DjangoSettings<'p>>,
    deployment: OnceLock<Deployment<'p>>,
    environment: OnceLock<Environment<'p>>,
    interface_is_latin: OnceLock<bool>,
    rest: OnceLock<Rest<'p>>,
    translations: OnceLock<Translations<'p>>,
    pipelines: OnceLock<Pipelines<'p>>,
    suites: OnceLock<Suites<'p>>,
    dependencies: OnceLock<Dependencies<'p>>,
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
            inventory: None,
            own_inventory: OnceLock::new(),
            production_settings: &[],
            modules,
            tasks: OnceLock::new(),
            models: OnceLock::new(),
            templates: OnceLock::new(),
            flow: OnceLock::new(),
            frontend: OnceLock::new(),
            routes: OnceLock::new(),
            client: OnceLock::new(),
            contract: OnceLock::new(),
            served: OnceLock::new(),
            pages: OnceLock::new(),
            pairs: OnceLock::new(),
            settings: OnceLock::new(),
            deployment: OnceLock::new(),
            environment: OnceLock::new(),
            interface_is_latin: OnceLock::new(),
            rest: OnceLock::new(),
            translations: OnceLock::new(),
            pipelines: OnceLock::new(),
            suites: OnceLock::new(),
            dependencies: OnceLock::new(),
        }
    }

    /// Takes the paths of the repository, files that are not read too; without them the files that are joined are all.
    #[must_use]
    pub fn with_inventory(self, inventory: &'p Inventory) -> Self {
        Self { inventory: Some(inventory), ..self }
    }

    /// Takes the settings modules of which the configuration says that they serve users, by their dotted names.
    #[must_use]
    pub fn with_production_settings(self, names: &'p [String]) -> Self {
        Self { production_settings: names, ..self }
    }

    /// Returns the settings modules of which the configuration says that they serve users.
    pub fn production_settings(&self) -> &'p [String] {
        self.production_settings
    }

    /// Returns which files the repository has, whether they are read or not.
    pub fn inventory(&self) -> &Inventory {
        self.inventory.unwrap_or_else(|| {
            self.own_inventory.get_or_init(|| Inventory::new(self.files.keys().map(|path| (*path).clone()), None))
        })
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

    /// Returns configuration and documents with what was read from them, sorted by path; broken ones are left out.
    pub fn documents(&self) -> impl Iterator<Item = (ProjectFile<'p>, &'p Document)> {
        self.files().filter_map(|file| Some((file, file.facts.document()?)))
    }

    /// Returns configuration or a document; none, where it does not exist or is broken.
    pub fn document(&self, path: &RelPath) -> Option<&'p Document> {
        self.files.get(path)?.facts.document()
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

    /// Returns the module graph of the frontend.
    pub fn frontend(&self) -> &Frontend<'p> {
        self.frontend.get_or_init(|| Frontend::find(self))
    }

    /// Returns the routes of the server: which path is answered by what.
    pub fn routes(&self) -> &Routes<'p> {
        self.routes.get_or_init(|| Routes::find_all(self))
    }

    /// Returns what the scripts of the project ask servers for.
    pub fn client(&self) -> &Client<'p> {
        self.client.get_or_init(|| Client::find(self))
    }

    /// Returns the routes of the servers beside the calls of the clients.
    pub fn contract(&self) -> &Contract<'p> {
        self.contract.get_or_init(|| Contract::find(self))
    }

    /// Returns what the serializers of the project send.
    pub fn served(&self) -> &Served<'p> {
        self.served.get_or_init(|| Served::find(self))
    }

    /// Returns the types of the client beside the serializers that fill them.
    pub fn pairs(&self) -> &Pairs<'p> {
        self.pairs.get_or_init(|| Pairs::find(self))
    }

    /// Returns the pages of Markdown, with the paths they name and where their links lead.
    pub fn pages(&self) -> &Pages<'p> {
        self.pages.get_or_init(|| Pages::find(self))
    }

    /// Returns the effective settings of the Django projects of the repository.
    ///
    /// They are known where a rule of the run follows values.
    pub fn settings(&self) -> &DjangoSettings<'p> {
        self.settings.get_or_init(|| DjangoSettings::find(self))
    }

    /// Returns what the repository runs: containers, services, processes.
    pub fn deployment(&self) -> &Deployment<'p> {
        self.deployment.get_or_init(|| Deployment::find(self))
    }

    /// Returns the manifests of the repository with what they declare.
    pub fn dependencies(&self) -> &Dependencies<'p> {
        self.dependencies.get_or_init(|| Dependencies::find(self))
    }

    /// Returns the variables of the environment that code reads, and those that are declared.
    ///
    /// What Python reads is known where a rule of the run follows values.
    pub fn environment(&self) -> &Environment<'p> {
        self.environment.get_or_init(|| Environment::find(self))
    }

    /// Returns the catalogues of translated texts.
    pub fn translations(&self) -> &Translations<'p> {
        self.translations.get_or_init(|| Translations::find(self))
    }

    /// Returns what continuous integration runs.
    pub fn pipelines(&self) -> &Pipelines<'p> {
        self.pipelines.get_or_init(|| Pipelines::find(self))
    }

    /// Returns the tests of the repository, and what they are for.
    pub fn suites(&self) -> &Suites<'p> {
        self.suites.get_or_init(|| Suites::find(self))
    }

    /// Returns whether most texts of the frontend are written in Latin letters.
    pub fn interface_is_latin(&self) -> bool {
        *self.interface_is_latin.get_or_init(|| interface_is_latin(self))
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
