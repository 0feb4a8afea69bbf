//! The files of a project by the paths that specifiers give them.

use arrears_core::source::{Language, RelPath};
use rustc_hash::{FxHashMap, FxHashSet};

use super::is_script;
use crate::project::ProjectFile;

/// What a module's name ends with, the preferred one first.
pub(crate) const EXTENSIONS: [&str; 9] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts"];
/// What a module for one platform has before its extension.
const PLATFORMS: [&str; 7] = [".native", ".web", ".ios", ".android", ".windows", ".macos", ".mobile"];

/// The files of a project.
pub(crate) struct Files<'p> {
    all: Vec<ProjectFile<'p>>,
    by_path: FxHashMap<&'p str, ProjectFile<'p>>,
    /// Modules by their path without extension and platform, the preferred one first.
    by_stem: FxHashMap<&'p str, Vec<&'p RelPath>>,
    folders: FxHashSet<&'p str>,
}

impl<'p> Files<'p> {
    pub(crate) fn find(files: impl Iterator<Item = ProjectFile<'p>>) -> Self {
        let mut found = Self {
            all: Vec::new(),
            by_path: FxHashMap::default(),
            by_stem: FxHashMap::default(),
            folders: FxHashSet::default(),
        };
        for file in files.filter(|it| it.source.language == Language::Text || is_script(*it)) {
            found.all.push(file);
            let path = &file.source.path;
            found.by_path.insert(path.as_str(), file);
            let mut folder = path.folder();
            while !folder.is_empty() && found.folders.insert(folder) {
                folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
            }
            if is_script(file) {
                let stem = stem(path.as_str());
                found.by_stem.entry(stem).or_default().push(path);
                if let Some(shared) = without_platform(stem) {
                    found.by_stem.entry(shared).or_default().push(path);
                }
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for paths in found.by_stem.values_mut() {
            paths.sort_by_key(|path| rank(path.as_str()));
        }
        found
    }

    pub(crate) fn all(&self) -> &[ProjectFile<'p>] {
        &self.all
    }

    pub(crate) fn get(&self, path: &str) -> Option<ProjectFile<'p>> {
        self.by_path.get(path).copied()
    }

    pub(crate) fn is_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// Returns the modules that share a path without extension and platform, the preferred one first.
    pub(crate) fn of_stem(&self, stem: &str) -> &[&'p RelPath] {
        self.by_stem.get(stem).map_or(&[], Vec::as_slice)
    }

    /// Returns the modules that stand in for each other on different platforms, the given one among them.
    pub(crate) fn variants(&self, path: &str) -> &[&'p RelPath] {
        let stem = stem(path);
        self.of_stem(without_platform(stem).unwrap_or(stem))
    }
}

/// Returns a module's path without its extension.
pub(crate) fn stem(path: &str) -> &str {
    let ends = EXTENSIONS.iter().rev().find_map(|extension| path.strip_suffix(extension));
    ends.unwrap_or(path)
}

fn without_platform(stem: &str) -> Option<&str> {
    PLATFORMS.iter().find_map(|platform| stem.strip_suffix(platform))
}

fn rank(path: &str) -> (bool, usize) {
    let extension = EXTENSIONS.iter().rposition(|it| path.ends_with(it)).unwrap_or(EXTENSIONS.len());
    (without_platform(stem(path)).is_some(), extension)
}
