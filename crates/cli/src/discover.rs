//! Which files the project has: a parallel walk by git's rules, and what it leaves out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use arrears_core::source::{Language, RelPath};
use arrears_core::text::TextRange;
use arrears_linter::config::ConfigError;
use arrears_linter::report::Skipped;
use arrears_model::project::inventory::Inventory;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::error::Failure;
use crate::project::Project;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) path: RelPath,
    pub(crate) full: PathBuf,
    pub(crate) language: Language,
    pub(crate) size: u64,
}

/// The files of a project, and what was left out.
#[derive(Debug, Default)]
pub(crate) struct Discovered {
    pub(crate) files: Vec<Found>,
    pub(crate) skipped: Vec<Skipped>,
    /// All files that are not ignored, read or not.
    pub(crate) paths: Vec<RelPath>,
    /// The files that git tracks; none without git.
    pub(crate) tracked: Option<Vec<RelPath>>,
}

impl Discovered {
    /// Returns which files the repository has.
    pub(crate) fn inventory(&self) -> Inventory {
        let tracked = self.tracked.as_ref().map(|tracked| tracked.iter().cloned().collect());
        Inventory::new(self.paths.iter().cloned(), tracked)
    }
}

/// Hidden folders that hold configuration of the project, not of a tool on somebody's machine.
const HIDDEN_FOLDERS: [&str; 8] =
    [".github", ".gitlab", ".circleci", ".envs", ".devcontainer", ".husky", ".storybook", ".maestro"];

/// Walks the project. Ignored files that git does not track, `node_modules`, and most hidden folders are not looked at.
pub(crate) fn discover(project: &Project, threads: usize) -> Result<Discovered, Failure> {
    let excluded = exclusions(project)?;
    let found = Mutex::new(Discovered::default());
    let tracked = std::thread::scope(|scope| {
        let tracked = scope.spawn(|| tracked_names(project, &[]));
        walk(project, threads, &excluded, &found);
        tracked.join().ok().flatten()
    });
    let mut found = found.into_inner().unwrap_or_default();
    found.files.sort();
    let missed = missed(project, tracked.as_deref().unwrap_or_default(), &excluded, &found.files);
    found.tracked = tracked.map(|names| names.iter().map(|name| RelPath::new(name)).collect());
    found.files.extend(missed);
    found.files.sort();
    found.skipped.sort();
    Ok(found)
}

/// Returns those of some files that a walk would come to; only the folders above them are looked at.
pub(crate) fn find(project: &Project, paths: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
    let Ok(excluded) = exclusions(project) else { return BTreeSet::new() };
    let on_the_way: BTreeSet<PathBuf> = paths
        .iter()
        .flat_map(|path| {
            let full = project.root.join(path.as_str());
            full.ancestors().take_while(|it| *it != project.root).map(Path::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let root = project.root.clone();
    let mut walk = builder(project, &excluded, move |entry| entry.path() == root || on_the_way.contains(entry.path()));
    let entries = walk.threads(1).build().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let relative = files.filter_map(|it| it.path().strip_prefix(&project.root).ok()?.to_str().map(RelPath::new));
    let mut found: BTreeSet<RelPath> = relative.filter(|path| paths.contains(path)).collect();
    // What git tracks is read although a pattern ignores it.
    let is_hidden = |path: &RelPath| {
        excluded.matched_path_or_any_parents(path.as_str(), false).is_ignore()
            || path.folders().any(|it| it == "node_modules" || is_private_folder(it))
    };
    let is_file = |path: &RelPath| project.root.join(path.as_str()).symlink_metadata().is_ok_and(|it| it.is_file());
    let missed = paths.difference(&found).filter(|path| !is_hidden(path) && is_file(path));
    let missed: BTreeSet<&str> = missed.map(RelPath::as_str).collect();
    if !missed.is_empty() {
        let tracked = tracked_names(project, &[]).unwrap_or_default();
        let tracked = tracked.iter().filter(|name| missed.contains(name.as_str())).map(|name| RelPath::new(name));
        found.extend(tracked.collect::<Vec<_>>());
    }
    found
}

/// Returns the files that git tracks; none without git.
pub(crate) fn tracked(project: &Project) -> Option<BTreeSet<RelPath>> {
    tracked_names(project, &[]).map(|names| names.iter().map(|name| RelPath::new(name)).collect())
}

fn walk(project: &Project, threads: usize, excluded: &Gitignore, found: &Mutex<Discovered>) {
    let walk = builder(project, excluded, |_| true).threads(threads).clone();
    walk.build_parallel().run(|| {
        let mut batch = Batch { all: found, own: Discovered::default() };
        Box::new(move |entry| {
            batch.visit(entry, &project.root);
            WalkState::Continue
        })
    });
}

/// Arranges a walk by git's rules and ours over the entries that `wants` them.
fn builder(
    project: &Project,
    excluded: &Gitignore,
    wants: impl Fn(&DirEntry) -> bool + Send + Sync + 'static,
) -> WalkBuilder {
    let (root, excluded) = (project.root.clone(), excluded.clone());
    let is_looked_at = move |entry: &DirEntry| {
        let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
        let is_dependency = is_dir && entry.file_name() == "node_modules";
        let path = entry.path().strip_prefix(&root).unwrap_or(entry.path());
        !is_dependency && !is_private(path, is_dir) && wants(entry) && !excluded.matched(path, is_dir).is_ignore()
    };
    let mut walk = WalkBuilder::new(&project.root);
    walk.add_custom_ignore_filename(".arrearsignore")
        .hidden(false)
        .git_global(false)
        .require_git(false)
        .filter_entry(is_looked_at);
    walk
}

/// Returns the files that git tracks although one of its patterns ignores them: they are part of the repository.
fn missed(project: &Project, tracked: &[String], excluded: &Gitignore, found: &[Found]) -> Vec<Found> {
    let file = |name: &String| {
        let path = RelPath::new(name);
        let language = Language::of(&path)?;
        let is_private = path.folders().any(|it| it == "node_modules" || is_private_folder(it));
        let is_excluded = || excluded.matched_path_or_any_parents(name, false).is_ignore();
        if is_private || found.binary_search_by(|it| it.path.cmp(&path)).is_ok() || is_excluded() {
            return None;
        }
        let full = project.root.join(name);
        let metadata = full.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some(Found { path, full, language, size: metadata.len() })
    };
    let mut missed: Vec<Found> = tracked.iter().filter_map(file).collect();
    if !missed.is_empty() {
        // The others are left out by an `.arrearsignore`. Git takes its time to tell which; it is asked only now.
        let ignored = tracked_names(project, &["--cached", "--ignored", "--exclude-standard"]).unwrap_or_default();
        missed.retain(|file| ignored.iter().any(|name| name == file.path.as_str()));
    }
    missed
}

/// Returns the names that `git ls-files` lists; none without git, or where it does not answer.
fn tracked_names(project: &Project, arguments: &[&str]) -> Option<Vec<String>> {
    project.git_root.as_ref()?;
    let mut command = Command::new("git");
    command.arg("-C").arg(&project.root).args(["ls-files", "-z"]).args(arguments).stderr(Stdio::null());
    let listed = command.output().ok().filter(|it| it.status.success())?;
    let names = listed.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Some(names.filter_map(|name| String::from_utf8(name.to_vec()).ok()).collect())
}

/// What one thread of the walk found; given to all when the thread ends.
struct Batch<'a> {
    all: &'a Mutex<Discovered>,
    own: Discovered,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            all.files.append(&mut self.own.files);
            all.skipped.append(&mut self.own.skipped);
            all.paths.append(&mut self.own.paths);
        }
    }
}

impl Batch<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>, root: &Path) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.skip(&error.to_string(), "cannot be read"),
        };
        let Some(kind) = entry.file_type() else { return };
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let Some(text) = relative.to_str() else {
            return self.skip(&relative.to_string_lossy(), "its name is not UTF-8");
        };
        let path = RelPath::new(text);
        let language = Language::of(&path);
        if kind.is_symlink() {
            if language.is_some_and(|language| language.family().is_some()) || entry.path().is_dir() {
                self.skip(text, "symbolic link");
            }
            return;
        }
        if kind.is_file() {
            self.own.paths.push(path.clone());
        }
        let Some(language) = language.filter(|_| kind.is_file()) else { return };
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        self.own.files.push(Found { path, full: entry.into_path(), language, size });
    }

    fn skip(&mut self, path: &str, reason: &str) {
        self.own.skipped.push(Skipped { path: path.to_owned(), reason: reason.to_owned() });
    }
}

/// Returns whether a path is a hidden folder that is none of the project's.
fn is_private(path: &Path, is_dir: bool) -> bool {
    is_dir && path.file_name().and_then(|name| name.to_str()).is_some_and(is_private_folder)
}

fn is_private_folder(name: &str) -> bool {
    name.starts_with('.') && name != "." && !HIDDEN_FOLDERS.contains(&name)
}

fn exclusions(project: &Project) -> Result<Gitignore, Failure> {
    let mut builder = GitignoreBuilder::new(&project.root);
    for glob in &project.config.exclude {
        let place = TextRange::of(glob.span());
        builder.add_line(None, glob.get_ref()).map_err(|error| wrong_glob(project, glob.get_ref(), place, &error))?;
    }
    builder.build().map_err(|error| Failure::Other(format!("`exclude`: {error}")))
}

fn wrong_glob(project: &Project, glob: &str, span: TextRange, error: &ignore::Error) -> Failure {
    let reason = match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    };
    let message = format!("`{glob}` is not a glob: {reason}");
    match &project.config_file {
        Some((path, text)) => Failure::in_file(path, text, ConfigError { message, span, help: None }),
        None => Failure::Other(message),
    }
}
