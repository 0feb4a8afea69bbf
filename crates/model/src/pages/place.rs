//! Where a path that a page names leads: to a file, to nothing, or to somewhere that nobody here knows.

use std::collections::{BTreeMap, BTreeSet};

use crate::frontend::paths::{join, upwards};
use crate::pages::ignored::Ignored;
use crate::project::ProjectModel;
use crate::project::inventory::Inventory;

/// What is known of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// There is such a file or folder.
    Exists,
    /// There is none, and there should be one here; with where the file went, if that is clear.
    Missing(Option<String>),
    /// There is none, and its first folder is none of the repository's either.
    Foreign,
    /// It may be there without being kept: git ignores it, or a program writes it.
    Unknown,
}

/// The paths of a repository, by their ends.
pub(crate) struct Places<'a> {
    inventory: &'a Inventory,
    ignored: Ignored,
    /// Files by name.
    files: BTreeMap<&'a str, Vec<&'a str>>,
    /// Folders by name.
    folders: BTreeMap<&'a str, Vec<&'a str>>,
    /// Folders in which programs are started: those of manifests.
    roots: BTreeSet<&'a str>,
    /// Packages that manifests declare, by the names of the indexes.
    packages: BTreeSet<&'a str>,
}

/// Names that so many files have that none of them says where another one went.
const COMMON: &[&str] = &[
    "__init__.py",
    "admin.py",
    "api.py",
    "app.py",
    "apps.py",
    "base.html",
    "base.py",
    "client.py",
    "config.json",
    "config.py",
    "conftest.py",
    "constants.py",
    "dev.py",
    "forms.py",
    "index.html",
    "index.js",
    "index.md",
    "index.ts",
    "index.tsx",
    "layout.tsx",
    "main.py",
    "main.tsx",
    "manage.py",
    "models.py",
    "package.json",
    "page.tsx",
    "permissions.py",
    "production.py",
    "README.md",
    "route.ts",
    "routes.py",
    "schemas.py",
    "serializers.py",
    "settings.py",
    "setup.py",
    "signals.py",
    "tasks.py",
    "tests.py",
    "tsconfig.json",
    "types.ts",
    "urls.py",
    "utils.py",
    "utils.ts",
    "views.py",
];

impl<'a> Places<'a> {
    pub(crate) fn find(model: &'a ProjectModel<'_>) -> Self {
        let inventory = model.inventory();
        let name = |path: &'a str| path.rsplit('/').next().unwrap_or(path);
        let mut found = Self {
            inventory,
            ignored: Ignored::find(model),
            files: BTreeMap::new(),
            folders: BTreeMap::new(),
            roots: BTreeSet::new(),
            packages: packages(model),
        };
        for path in inventory.files().map(arrears_core::source::RelPath::as_str) {
            found.files.entry(name(path)).or_default().push(path);
            if matches!(name(path), "package.json" | "manage.py" | "pyproject.toml" | "setup.py") {
                found.roots.insert(path.rsplit_once('/').map_or("", |(folder, _)| folder));
            }
        }
        for folder in inventory.folders() {
            found.folders.entry(name(folder)).or_default().push(folder);
        }
        found
    }

    /// Returns what is known of a path that a page in a folder names.
    pub(crate) fn standing(&self, folder: &str, path: &str) -> Standing {
        let from_here = join(folder, path);
        let from_root = plain(path);
        if from_here.as_deref().is_some_and(|it| self.is_there(it)) || self.is_end(&from_root) {
            return Standing::Exists;
        }
        // The first folder may be that of the repository itself.
        if from_root.split_once('/').is_some_and(|(_, rest)| self.is_there(rest)) {
            return Standing::Exists;
        }
        if self.ignored.holds(&from_root) || from_here.is_some_and(|it| self.ignored.holds(&it)) {
            return Standing::Unknown;
        }
        let moved = self.moved(&from_root);
        if self.is_anchored(folder, path) {
            return Standing::Missing(moved);
        }
        // Without its first folder a path is one of the repository's only if it is known under another one.
        let is_kin = |it: &String| it.split('/').rev().skip(1).any(|part| from_root.split('/').any(|own| own == part));
        moved.filter(is_kin).map_or(Standing::Foreign, |moved| Standing::Missing(Some(moved)))
    }

    /// Returns whether a path begins like one of an installed package: `django/contrib/admin/options.py`.
    pub(crate) fn is_installed(&self, path: &str) -> bool {
        let first = plain(path).split('/').next().unwrap_or("").to_ascii_lowercase().replace('_', "-");
        self.packages.contains(first.as_str()) || first.starts_with("django") || first.starts_with("rest-framework")
    }

    /// Returns what is known of a path from the root of the repository to which a link leads.
    pub(crate) fn target(&self, path: &str) -> Standing {
        if self.is_there(path) {
            Standing::Exists
        } else if self.ignored.holds(path) {
            Standing::Unknown
        } else {
            Standing::Missing(self.moved(path))
        }
    }

    /// Returns whether there is such a file or folder, as far as git can tell.
    pub(crate) fn is_there(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty()
            || self.inventory.has_file(path)
            || self.inventory.has_folder(path)
            // What lies below a file is in another repository, or behind a link.
            || upwards(path).skip(1).any(|part| !part.is_empty() && self.inventory.has_file(part))
    }

    /// Returns whether some file lies below a folder.
    pub(crate) fn has_folder(&self, folder: &str) -> bool {
        folder.is_empty() || self.inventory.has_folder(folder)
    }

    /// Returns whether some path ends so.
    fn is_end(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let name = path.rsplit('/').next().unwrap_or(path);
        let ends =
            |known: &&str| known.strip_suffix(path).is_some_and(|before| before.is_empty() || before.ends_with('/'));
        let mut known = self.files.get(name).into_iter().chain(self.folders.get(name)).flatten();
        path.is_empty() || known.any(ends)
    }

    /// Returns whether the first folder of a path is one of the repository's, where a reader would look for it.
    fn is_anchored(&self, folder: &str, path: &str) -> bool {
        if path.starts_with("../") {
            let parent = join(folder, path).and_then(|it| it.rsplit_once('/').map(|(parent, _)| parent.to_owned()));
            return parent.is_some_and(|it| self.inventory.has_folder(&it));
        }
        let path = plain(path);
        let first = path.split('/').next().unwrap_or("");
        let holds = |outer: &str| join(outer, first).is_some_and(|it| self.inventory.has_folder(&it));
        upwards(folder).any(holds) || self.roots.iter().any(|root| holds(root))
    }

    /// Returns where a file went, if only one file has its name, or only one ends as it does.
    fn moved(&self, path: &str) -> Option<String> {
        let (folder, name) = path.rsplit_once('/')?;
        let known = self.files.get(name)?;
        let mut known = known.iter().filter(|it| !is_put_away(it));
        let parent = folder.rsplit('/').next().unwrap_or(folder);
        let mut near = known.clone().filter(|it| it.rsplit('/').nth(1) == Some(parent));
        if let (Some(only), None) = (near.next(), near.next()) {
            return Some((*only).to_owned());
        }
        match (known.next(), known.next()) {
            (Some(only), None) if !COMMON.contains(&name) => Some((*only).to_owned()),
            _ => None,
        }
    }
}

fn packages<'a>(model: &'a ProjectModel<'_>) -> BTreeSet<&'a str> {
    let manifests = model.dependencies().manifests().iter();
    manifests.flat_map(|it| &it.declarations).map(|it| it.key.as_str()).collect()
}

/// Returns a path without `./`, `../` and `/` at its start.
fn plain(path: &str) -> String {
    let mut path = path;
    while let Some(rest) = ["./", "../", "/"].iter().find_map(|mark| path.strip_prefix(mark)) {
        path = rest;
    }
    path.trim_end_matches('/').to_owned()
}

fn is_put_away(path: &str) -> bool {
    path.to_ascii_lowercase().split('/').any(|it| matches!(it, "archive" | "archived" | "node_modules" | "vendor"))
}
