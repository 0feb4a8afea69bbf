//! What a repository deploys: applications of Django, and packages that are applications.

use std::collections::BTreeMap;

use arrears_core::source::{RelPath, Roles};
use arrears_syntax::document::tree::Item;

use super::{Unit, UnitKind};
use crate::project::manifest::{first_line, is_aside};
use crate::project::{ProjectFile, ProjectModel};

/// Dependencies that only applications have.
const FRAMEWORKS: [&str; 15] = [
    "next",
    "expo",
    "nuxt",
    "@angular/core",
    "@remix-run/react",
    "gatsby",
    "react-scripts",
    "@nestjs/core",
    "express",
    "fastify",
    "react-native",
    "@sveltejs/kit",
    "@react-router/node",
    "astro",
    "hono",
];

/// Dependencies that applications have beside a page of their own.
const LIBRARIES: [&str; 5] = ["react-dom", "vue", "svelte", "preact", "solid-js"];

/// An application with fewer modules is a sketch.
const FEW: usize = 8;

/// Finds what is deployed, sorted by path.
pub(super) fn all<'p>(model: &ProjectModel<'p>) -> Vec<Unit<'p>> {
    let mut found = packages(model);
    found.extend(applications(model));
    found.sort_by_key(|it| it.path);
    found
}

fn packages<'p>(model: &ProjectModel<'p>) -> Vec<Unit<'p>> {
    let manifests: Vec<ProjectFile<'p>> =
        model.files().filter(|it| it.source.path.file_name() == "package.json").collect();
    let folders: Vec<&str> = manifests.iter().map(|it| it.source.path.folder()).collect();
    let mut modules: BTreeMap<&str, usize> = BTreeMap::new();
    for file in model.files().filter(|it| it.facts.script().is_some()) {
        let aside = Roles::TEST | Roles::STORY | Roles::GENERATED | Roles::VENDORED | Roles::MINIFIED;
        let path = file.source.path.as_str();
        let around =
            |folder: &&&str| folder.is_empty() || path.strip_prefix(**folder).is_some_and(|it| it.starts_with('/'));
        let is_config =
            file.source.path.file_name().contains(".config.") || file.source.path.file_name().ends_with(".d.ts");
        if let Some(folder) = folders.iter().filter(around).max_by_key(|it| it.len())
            && !file.source.roles.intersects(aside)
            && !is_config
        {
            *modules.entry(folder).or_default() += 1;
        }
    }
    let unit = |file: &ProjectFile<'p>| {
        let path = &file.source.path;
        let count = modules.get(path.folder()).copied().unwrap_or(0);
        let tree = file.facts.document()?.tree()?.root()?;
        if is_aside(path) || count < FEW || !is_application(model, path, tree) {
            return None;
        }
        let name = tree.entry("name").filter(|it| it.value.text().is_some_and(|name| !name.is_empty()));
        let range = name.map_or_else(|| first_line(&file.source.text), |it| it.value.range());
        let name = name.and_then(|it| it.value.text()).unwrap_or(path.folder()).to_owned();
        Some(Unit { kind: UnitKind::Package, folder: path.folder(), name, path, range, modules: count })
    };
    manifests.iter().filter_map(unit).collect()
}

fn is_application(model: &ProjectModel<'_>, path: &RelPath, tree: Item<'_>) -> bool {
    let needs = |name: &&str| {
        ["dependencies", "devDependencies"].iter().any(|kind| tree.get(kind).and_then(|it| it.get(name)).is_some())
    };
    let is_library =
        ["exports", "module", "types", "typings", "peerDependencies"].iter().any(|it| tree.get(it).is_some());
    let folder = if path.folder().is_empty() { String::new() } else { format!("{}/", path.folder()) };
    let has_page = || {
        ["index.html", "public/index.html", "src/index.html", "vite.config.ts", "vite.config.js", "webpack.config.js"]
            .iter()
            .any(|name| model.inventory().has_file(&format!("{folder}{name}")))
    };
    !is_library && (FRAMEWORKS.iter().any(&needs) || LIBRARIES.iter().any(needs) && has_page())
}

/// Returns the folders with models or views of Django.
fn applications<'p>(model: &ProjectModel<'p>) -> Vec<Unit<'p>> {
    let mut found: BTreeMap<&'p str, ProjectFile<'p>> = BTreeMap::new();
    let mut modules: BTreeMap<&'p str, usize> = BTreeMap::new();
    let aside = Roles::TEST | Roles::VENDORED | Roles::MIGRATION;
    for (file, facts) in model.python_files().filter(|(it, _)| !it.source.roles.intersects(aside)) {
        let path = &file.source.path;
        let Some(folder) = application(path).filter(|it| !it.is_empty() && !is_aside(path)) else { continue };
        let is_full = path.file_name() != "__init__.py" && (!facts.classes.is_empty() || !facts.functions.is_empty());
        let speaks = ["django", "rest_framework"].iter().any(|it| file.facts.words.may_contain(it));
        if is_full {
            *modules.entry(folder).or_default() += 1;
            if speaks {
                found.entry(folder).or_insert(file);
            }
        }
    }
    let is_package = |folder: &str| model.inventory().has_file(&format!("{folder}/__init__.py"));
    let unit = |(folder, file): (&'p str, ProjectFile<'p>)| {
        let facts = file.facts.python()?;
        let first = facts.classes.first().map(|it| it.name_range);
        let range = first.or_else(|| facts.functions.first().map(|it| it.name_range))?;
        let name = folder.rsplit('/').next().unwrap_or(folder).to_owned();
        let modules = modules.get(folder).copied().unwrap_or(1);
        Some(Unit { kind: UnitKind::Application, folder, name, path: &file.source.path, range, modules })
    };
    found.into_iter().filter(|(folder, _)| is_package(folder)).filter_map(unit).collect()
}

/// Returns the folder of the application that a module of models or views belongs to.
fn application(path: &RelPath) -> Option<&str> {
    let folder = path.folder();
    match path.file_name() {
        "models.py" | "views.py" => Some(folder),
        _ => ["/models", "/views"].iter().find_map(|it| folder.strip_suffix(it)),
    }
}
