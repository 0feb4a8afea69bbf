//! Which files a repository has, whether they are read or not.

use std::collections::BTreeSet;

use arrears_core::source::RelPath;

/// The paths of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    files: BTreeSet<RelPath>,
    folders: BTreeSet<String>,
    tracked: Option<BTreeSet<RelPath>>,
}

impl Inventory {
    /// Takes the paths of files that exist, and those that git tracks; none of these where git was not asked.
    pub fn new(files: impl IntoIterator<Item = RelPath>, tracked: Option<BTreeSet<RelPath>>) -> Self {
        let mut files: BTreeSet<RelPath> = files.into_iter().collect();
        files.extend(tracked.iter().flatten().cloned());
        let mut folders = BTreeSet::new();
        for file in &files {
            let mut folder = file.folder();
            while !folder.is_empty() && folders.insert(folder.to_owned()) {
                folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
            }
        }
        Self { files, folders, tracked }
    }

    /// Takes note of a file that came or went. What git tracks is a file of the repository even when it is gone.
    pub fn set(&mut self, path: &RelPath, exists: bool) {
        let mut folder = path.folder();
        if exists || self.is_tracked(path) == Some(true) {
            self.files.insert(path.clone());
            while !folder.is_empty() && self.folders.insert(folder.to_owned()) {
                folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
            }
            return;
        }
        self.files.remove(path);
        while !folder.is_empty() && self.files_below(folder).next().is_none() {
            self.folders.remove(folder);
            folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
        }
    }

    /// Takes what git tracks now; returns the files that it tracks no more, which may still exist, or nothing where
    /// nothing changed.
    pub fn set_tracked(&mut self, tracked: Option<BTreeSet<RelPath>>) -> Option<BTreeSet<RelPath>> {
        if self.tracked == tracked {
            return None;
        }
        let before = std::mem::replace(&mut self.tracked, tracked).unwrap_or_default();
        let now = self.tracked.clone().unwrap_or_default();
        now.difference(&before).for_each(|path| self.set(path, true));
        Some(before.difference(&now).cloned().collect())
    }

    /// Returns all files, sorted: those that no pattern of git ignores, and those that git tracks all the same.
    pub fn files(&self) -> impl Iterator<Item = &RelPath> {
        self.files.iter()
    }

    /// Returns the files below a folder, sorted; all for the empty one.
    pub fn files_below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a RelPath> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let from = RelPath::new(&start);
        self.files.range(from..).take_while(move |path| path.as_str().starts_with(&start))
    }

    /// Returns whether there is a file with this path.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains(&RelPath::new(path))
    }

    /// Returns whether some file lies below this folder, at any depth.
    pub fn has_folder(&self, folder: &str) -> bool {
        self.folders.contains(folder)
    }

    /// Returns all folders that hold files, sorted, the root left out.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(String::as_str)
    }

    /// Returns the files that git tracks; none, where there is no repository of git or git did not answer.
    pub fn tracked(&self) -> Option<&BTreeSet<RelPath>> {
        self.tracked.as_ref()
    }

    /// Returns whether git tracks a file; none, where git was not asked.
    pub fn is_tracked(&self, path: &RelPath) -> Option<bool> {
        self.tracked.as_ref().map(|tracked| tracked.contains(path))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use arrears_core::source::RelPath;

    use super::Inventory;

    #[test]
    fn a_folder_exists_where_a_file_lies_below_it() {
        let inventory = Inventory::new(["shop/api/views.py", "shop2/a.py"].map(RelPath::new), None);
        assert!(inventory.has_folder("shop/api") && inventory.has_folder("shop") && !inventory.has_folder("shop/a"));
        assert_eq!(inventory.files_below("shop").map(RelPath::as_str).collect::<Vec<_>>(), ["shop/api/views.py"]);
    }

    #[test]
    fn a_folder_goes_with_its_last_file() {
        let mut inventory = Inventory::new(["shop/api/views.py", "shop/models.py"].map(RelPath::new), None);
        inventory.set(&RelPath::new("shop/api/views.py"), false);
        inventory.set(&RelPath::new("docs/api/index.md"), true);
        assert_eq!(inventory.folders().collect::<Vec<_>>(), ["docs", "docs/api", "shop"]);
    }

    #[test]
    fn what_git_tracks_no_more_exists_until_it_is_looked_for() {
        let paths = |names: &[&str]| names.iter().map(|name| RelPath::new(name)).collect::<BTreeSet<_>>();
        let mut inventory = Inventory::new([], Some(paths(&["a.py", "b.py"])));
        inventory.set(&RelPath::new("a.py"), false);
        assert!(inventory.has_file("a.py"));
        assert_eq!(inventory.set_tracked(Some(paths(&["b.py", "c.py"]))), Some(paths(&["a.py"])));
        inventory.set(&RelPath::new("a.py"), false);
        assert!(!inventory.has_file("a.py") && inventory.has_file("c.py"));
        assert_eq!(inventory.set_tracked(Some(paths(&["b.py", "c.py"]))), None);
    }

    #[test]
    fn what_git_tracks_exists() {
        let tracked = [RelPath::new("db.sqlite3")].into_iter().collect();
        let inventory = Inventory::new([RelPath::new("manage.py")], Some(tracked));
        assert!(inventory.has_file("db.sqlite3"));
        assert_eq!(inventory.is_tracked(&RelPath::new("manage.py")), Some(false));
    }
}
