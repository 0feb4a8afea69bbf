//! `pyproject.toml` as a manifest: PEP 621, dependency groups, Poetry, PDM, uv, Hatch.

use arrears_syntax::document::requirements::requirement;
use arrears_syntax::document::tree::{Entry, Item};

use super::names::normalised;
use super::pip::{DEVELOPMENT, comments_around, declaration, included};
use super::{Declaration, Ecosystem, Kind, Manifest};
use crate::project::{ProjectFile, ProjectModel};

/// Reads a `pyproject.toml`; none, where it only configures tools.
pub(super) fn read<'p>(model: &ProjectModel<'p>, file: ProjectFile<'p>) -> Option<Manifest<'p>> {
    let path = &file.source.path;
    let root = file.facts.document()?.tree()?.root()?;
    let text = &*file.source.text;
    let mut found = Vec::new();
    let project = root.get("project");
    listed(project.and_then(|it| it.get("dependencies")), Kind::Runtime, text, &mut found);
    for extra in project.and_then(|it| it.get("optional-dependencies")).into_iter().flat_map(Item::entries) {
        let kind = if is_for_development(extra.key) { Kind::Dev } else { Kind::Optional };
        listed(Some(extra.value), kind, text, &mut found);
    }
    for group in root.get("dependency-groups").into_iter().flat_map(Item::entries) {
        let is_production = matches!(group.key, "main" | "prod" | "production" | "deploy" | "server");
        listed(Some(group.value), if is_production { Kind::Runtime } else { Kind::Dev }, text, &mut found);
    }
    listed(root.at(&["build-system", "requires"]), Kind::Build, text, &mut found);
    let tool = root.get("tool");
    let at = |keys: &[&str]| tool.and_then(|it| it.at(keys));
    tables(at(&["poetry", "dependencies"]), Kind::Runtime, text, &mut found);
    tables(at(&["poetry", "dev-dependencies"]), Kind::Dev, text, &mut found);
    for group in at(&["poetry", "group"]).into_iter().flat_map(Item::entries) {
        let is_production = matches!(group.key, "main" | "prod" | "production" | "deploy" | "server");
        let kind = if is_production { Kind::Runtime } else { Kind::Dev };
        tables(group.value.get("dependencies"), kind, text, &mut found);
    }
    listed(at(&["uv", "dev-dependencies"]), Kind::Dev, text, &mut found);
    for group in at(&["pdm", "dev-dependencies"]).into_iter().flat_map(Item::entries) {
        listed(Some(group.value), Kind::Dev, text, &mut found);
    }
    for environment in at(&["hatch", "envs"]).into_iter().flat_map(Item::entries) {
        listed(environment.value.get("dependencies"), Kind::Dev, text, &mut found);
        listed(environment.value.get("extra-dependencies"), Kind::Dev, text, &mut found);
    }
    let is_project = project.is_some() || at(&["poetry", "dependencies"]).is_some();
    if found.is_empty() && !is_project {
        return None;
    }
    let (includes, is_complete) = taken_over(model, path.folder(), root);
    let is_library = at(&["poetry", "package-mode"]).and_then(Item::bool) != Some(false)
        && project.and_then(|it| it.get("classifiers")).is_some()
        && root.get("build-system").is_some();
    Some(Manifest {
        path,
        ecosystem: Ecosystem::Python,
        kind: Kind::Runtime,
        covers: path.folder(),
        declarations: found,
        includes,
        is_complete,
        is_lock: false,
        is_library,
    })
}

/// Returns the lists that the metadata is filled from, and whether all of them are read.
fn taken_over<'p>(
    model: &ProjectModel<'p>,
    folder: &str,
    root: Item<'_>,
) -> (Vec<&'p arrears_core::source::RelPath>, bool) {
    let dynamic = root.at(&["project", "dynamic"]).into_iter().flat_map(Item::items).filter_map(Item::text);
    let is_dynamic = dynamic.into_iter().any(|it| it == "dependencies");
    let of_setuptools = root.at(&["tool", "setuptools", "dynamic", "dependencies", "file"]);
    let of_hatch = root.at(&["tool", "hatch", "metadata", "hooks", "requirements_txt", "files"]);
    let files = [of_setuptools, of_hatch].into_iter().flatten();
    let names: Vec<&str> = files.flat_map(|it| it.items().chain([it])).filter_map(Item::text).collect();
    let includes: Vec<_> = names.iter().filter_map(|name| included(model, folder, name)).collect();
    let is_complete = !is_dynamic || !names.is_empty() && includes.len() == names.len();
    (includes, is_complete)
}

/// Takes a list of requirements.
fn listed(list: Option<Item<'_>>, kind: Kind, text: &str, found: &mut Vec<Declaration>) {
    for item in list.into_iter().flat_map(Item::items) {
        let Some(written) = item.text() else { continue };
        let quotes = if item.range().slice(text).starts_with("\"\"\"") { 3 } else { 1 };
        let Some(read) = requirement(written, item.range().to_usize().start + quotes) else { continue };
        found.push(Declaration { kind, ..declaration(&read, text) });
    }
}

/// Takes a table of names with versions.
pub(super) fn tables(table: Option<Item<'_>>, kind: Kind, text: &str, found: &mut Vec<Declaration>) {
    for entry in table.into_iter().flat_map(Item::entries).filter(|it| it.key != "python") {
        found.push(of_entry(entry, kind, text));
    }
}

fn of_entry(entry: Entry<'_>, kind: Kind, text: &str) -> Declaration {
    let value = entry.value;
    let field = |name: &str| value.get(name);
    let written = value.text().or_else(|| field("version").and_then(Item::text)).unwrap_or("");
    let is_optional = field("optional").and_then(Item::bool) == Some(true);
    let extras = field("extras").into_iter().flat_map(Item::items).filter_map(Item::text).map(str::to_owned);
    Declaration {
        name: entry.key.to_owned(),
        key: normalised(entry.key),
        range: entry.key_range,
        kind: if is_optional && kind == Kind::Runtime { Kind::Optional } else { kind },
        extras: extras.collect(),
        versions: if written == "*" { String::new() } else { written.to_owned() },
        is_conditional: ["markers", "python", "platform", "sys_platform"].iter().any(|it| field(it).is_some()),
        is_addressed: ["git", "path", "url", "file"].iter().any(|it| field(it).is_some()),
        comment: comments_around(text, entry.key_range.to_usize().start),
    }
}

pub(super) fn is_for_development(name: &str) -> bool {
    name.split(['-', '_']).any(|word| DEVELOPMENT.contains(&word.to_ascii_lowercase().as_str()))
}
