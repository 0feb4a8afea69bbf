//! Which modules are settings, what they are for, and what they come to.

use std::collections::BTreeSet;

use arrears_core::source::{RelPath, Roles};

use super::condition::{has_word, is_service, is_workshop};
use super::entries::entries;
use super::run::Evaluator;
use super::scope::Scope;
use super::{Environment, SettingsModule};
use crate::project::{ClassRef, ProjectFile, ProjectModel};
use crate::python::{ClassId, PythonFacts};

/// Names that only settings bind.
const MARKS: [&str; 4] = ["INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", "WSGI_APPLICATION"];

/// Finds the settings modules and evaluates them.
pub(super) fn modules<'p>(project: &ProjectModel<'p>) -> Vec<SettingsModule<'p>> {
    let named = entries(project);
    let mut wanted: BTreeSet<&'p RelPath> = named.keys().copied().collect();
    wanted.extend(
        project.python_files().filter(|(file, facts)| is_settings(*file, facts)).map(|(file, _)| &file.source.path),
    );
    let by_star = with_stars(project, &wanted);
    wanted.extend(by_star);
    wanted.retain(|path| !is_template(path));
    let configured: BTreeSet<&RelPath> = project
        .production_settings()
        .iter()
        .filter_map(|name| project.modules().module(&RelPath::new(""), name))
        .collect();
    wanted.extend(project.python_files().map(|(file, _)| &file.source.path).filter(|path| configured.contains(path)));
    let mut evaluator = Evaluator::new(project);
    let mut found = Vec::new();
    for path in wanted {
        let Some(scope) = evaluator.module(path) else { continue };
        let of = |scope: &Scope<'p>, class: Option<ClassRef<'p>>, name: &str| SettingsModule {
            path,
            class,
            environment: environment(name),
            is_part: false,
            entries: named.get(path).cloned().unwrap_or_default(),
            root: root(project, path),
            gaps: scope.open.clone(),
            missing: scope.missing.clone(),
            is_configured: configured.contains(&path),
            refused: scope.refused.clone(),
            stars: Vec::new(),
            names: scope.names.clone(),
        };
        let classes = configurations(project, path);
        if classes.is_empty() {
            found.push(of(&scope, None, stem(path)));
        }
        for class in classes {
            let settings = evaluator.class_scope(class, None);
            let name = project.python(path).and_then(|it| it.class(class.id)).map_or("", |it| &it.name);
            found.push(of(&settings, Some(class), &spaced(name)));
        }
    }
    let stars: BTreeSet<&RelPath> = evaluator.stars.iter().map(|(_, part)| *part).collect();
    for module in &mut found {
        module.stars.clone_from(&evaluator.stars);
        module.is_part = stars.contains(module.path) && module.entries.is_empty();
    }
    // A module that only classes use binds nothing itself.
    found.retain(|module| module.names.keys().any(|name| name.contains(|it: char| it.is_ascii_uppercase())));
    found
}

/// Returns whether a module says of itself that it is settings.
fn is_settings(file: ProjectFile<'_>, facts: &PythonFacts) -> bool {
    if facts.bodies.is_none() || file.source.roles.contains(Roles::SEEDER) {
        return false;
    }
    let binds = |name: &&&str| facts.names.assignment(name).is_some();
    let marks = MARKS.iter().filter(binds).count();
    marks > 1
        || marks == 1 && file.source.roles.contains(Roles::SETTINGS)
        || file.facts.words.may_contain("load_settings") && file.source.roles.contains(Roles::SETTINGS)
        || file.source.text.contains("split_settings.tools")
        || file.source.text.contains("configurations import Configuration")
}

/// Returns the modules that take over the names of settings.
fn with_stars<'p>(project: &ProjectModel<'p>, known: &BTreeSet<&'p RelPath>) -> BTreeSet<&'p RelPath> {
    let mut found: BTreeSet<&'p RelPath> = known.clone();
    for _ in 0..6 {
        let before = found.len();
        for (file, facts) in project.python_files() {
            let path = &file.source.path;
            let is_new = facts.bodies.is_some() && !found.contains(path);
            let takes = |star: &String| project.modules().module(path, star).is_some_and(|it| found.contains(it));
            if is_new && facts.names.stars.iter().any(takes) {
                found.insert(path);
            }
        }
        if found.len() == before {
            break;
        }
    }
    found
}

/// A template of a project is none.
fn is_template(path: &RelPath) -> bool {
    path.folders().any(|it| it.contains("{{") || it.contains("project_template") || it == "project_name")
}

/// Returns the classes of django-configurations in a module that no other class of it is made of.
fn configurations<'p>(project: &ProjectModel<'p>, path: &'p RelPath) -> Vec<ClassRef<'p>> {
    let Some(facts) = project.python(path) else { return Vec::new() };
    if !facts.names.imports().iter().any(|it| it.target.starts_with("configurations.")) {
        return Vec::new();
    }
    let ids = (0..).map(ClassId).zip(&facts.classes).filter(|(_, class)| !class.is_nested);
    let own = ids.map(|(id, _)| ClassRef { path, id });
    own.filter(|class| project.descends_from(*class, &|name| name.ends_with("Configuration"))).collect()
}

fn environment(name: &str) -> Environment {
    if is_service(name) || has_word(name, &["staging", "stage", "deploy", "heroku", "cloud", "server"]) {
        Environment::Production
    } else if has_word(name, &["test", "tests", "testing", "ci", "e2e", "mocked", "pytest"]) {
        Environment::Test
    } else if is_workshop(name) || has_word(name, &["docker", "compose", "example", "codespaces", "gitpod", "build"]) {
        Environment::Development
    } else {
        Environment::Common
    }
}

fn stem(path: &RelPath) -> &str {
    let name = path.file_name();
    name.strip_suffix(".py").unwrap_or(name)
}

/// `DevSettings` reads as `Dev_Settings`.
pub(super) fn spaced(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !spaced.is_empty() {
            spaced.push('_');
        }
        spaced.push(letter);
    }
    spaced
}

/// Returns the folder of the Django project of a settings module: the nearest one with a `manage.py`, else where its
/// outermost package lies.
fn root<'p>(project: &ProjectModel<'p>, path: &'p RelPath) -> &'p str {
    let folders = || {
        std::iter::successors(Some(path.folder()), |inner| {
            if inner.is_empty() { None } else { Some(inner.rsplit_once('/').map_or("", |(outer, _)| outer)) }
        })
    };
    let has = |folder: &str, name: &str| {
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        project.file(&RelPath::new(&path)).is_some()
    };
    if let Some(found) = folders().find(|folder| has(folder, "manage.py")) {
        return found;
    }
    folders().find(|folder| !has(folder, "__init__.py")).unwrap_or("")
}
