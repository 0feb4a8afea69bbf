//! Packages: the `package.json` files of a repository, and what they offer to each other.

use std::collections::BTreeMap;

use arrears_core::source::RelPath;
use serde_json::Value;

use super::files::Files;
use super::json;
use super::paths::{star, upwards};

/// The packages of a repository.
pub(crate) struct Packages<'p> {
    by_folder: BTreeMap<String, Package<'p>>,
    /// The folders of the packages that have a name.
    by_name: BTreeMap<String, String>,
}

/// A package: a folder with a `package.json`.
#[derive(Debug, Clone)]
pub struct Package<'p> {
    /// Its folder, without a trailing slash.
    pub folder: &'p str,
    /// Its `package.json`.
    pub path: &'p RelPath,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The whole `package.json`.
    pub manifest: Value,
}

impl<'p> Packages<'p> {
    pub(crate) fn find(files: &Files<'p>) -> Self {
        let mut found = Self { by_folder: BTreeMap::new(), by_name: BTreeMap::new() };
        for file in files.all().iter().filter(|it| it.source.path.file_name() == "package.json") {
            let path = &file.source.path;
            let Some(manifest) = json::parse(&file.source.text).filter(Value::is_object) else { continue };
            let name = manifest.get("name").and_then(Value::as_str).map(str::to_owned);
            if let Some(name) = &name {
                found.by_name.entry(name.clone()).or_insert_with(|| path.folder().to_owned());
            }
            let package = Package { folder: path.folder(), path, name, manifest };
            found.by_folder.insert(path.folder().to_owned(), package);
        }
        found
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Package<'p>> {
        self.by_folder.values()
    }

    /// Returns the package that a folder belongs to.
    pub(crate) fn around(&self, folder: &str) -> Option<&Package<'p>> {
        upwards(folder).find_map(|folder| self.by_folder.get(folder))
    }

    /// Returns the packages around a folder, the innermost first.
    pub(crate) fn enclosing<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Package<'p>> {
        upwards(folder).filter_map(|folder| self.by_folder.get(folder))
    }

    /// Returns the package of the repository that a specifier names, and the rest of the specifier.
    pub(crate) fn named<'s>(&self, specifier: &'s str) -> Option<(&Package<'p>, &'s str)> {
        let (name, rest) = split(specifier);
        Some((self.by_folder.get(self.by_name.get(name)?)?, rest))
    }
}

impl Package<'_> {
    /// Returns whether the manifest declares a package as a dependency of any kind.
    pub fn declares(&self, name: &str) -> bool {
        ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]
            .iter()
            .any(|kind| self.manifest.get(kind).and_then(|it| it.get(name)).is_some())
    }

    /// Returns whether the manifest declares a package that the product needs when it runs.
    pub fn needs(&self, name: &str) -> bool {
        self.manifest.get("dependencies").and_then(|it| it.get(name)).is_some()
    }

    /// Returns a field that is a text.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.manifest.get(field)?.as_str()
    }

    /// Returns the files that `exports` or `imports` give for a key such as `./button` or `#lib/x`, the sources first.
    pub(crate) fn mapped(&self, field: &str, key: &str) -> Vec<String> {
        let Some(map) = self.manifest.get(field) else { return Vec::new() };
        let mut found = Vec::new();
        match map.as_object() {
            Some(entries) if entries.keys().any(|it| it.starts_with(['.', '#'])) => {
                for (pattern, value) in entries {
                    if let Some(rest) = star(pattern, key) {
                        leaves(value, 6, &mut |leaf| found.push(leaf.replace('*', rest)));
                    }
                }
            }
            _ if key == "." => leaves(map, 6, &mut |leaf| found.push(leaf.to_owned())),
            _ => {}
        }
        found.sort_by_key(|leaf| !leaf.contains("src/"));
        found
    }

    /// Returns the paths that the package itself, without anything after its name, may mean.
    pub(crate) fn main(&self) -> Vec<String> {
        let mut found = self.mapped("exports", ".");
        for field in ["source", "module", "main", "browser", "react-native", "types", "typings"] {
            found.extend(self.text(field).map(str::to_owned));
        }
        found
    }
}

/// Calls a function with each path in an entry of `exports`, whatever its conditions.
fn leaves(value: &Value, depth: u32, found: &mut dyn FnMut(&str)) {
    let mut paths = Vec::new();
    json::strings(value, depth, &mut paths);
    paths.into_iter().for_each(found);
}

/// Splits a bare specifier into the name of its package and the rest, without the slash between them.
pub(crate) fn split(specifier: &str) -> (&str, &str) {
    let scope = if specifier.starts_with('@') { specifier.find('/').map_or(specifier.len(), |at| at + 1) } else { 0 };
    let after = specifier.get(scope..).unwrap_or("");
    let end = scope + after.find('/').unwrap_or(after.len());
    (specifier.get(..end).unwrap_or(specifier), specifier.get(end + 1..).unwrap_or(""))
}
