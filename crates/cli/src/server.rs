//! `arrears server`: what the language server asks of the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrears_core::rule::Preset;
use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_linter::analyze::classify;
use arrears_linter::registry::Registry;
use arrears_linter::ruleset::RuleSet;
use arrears_linter::settings::{Choice, Settings};
use arrears_linter::workspace::Workspace;
use arrears_lsp::host::{Host, Opened, Options};
use arrears_lsp::{Connection, serve};
use clap::ValueEnum;

use crate::args::{PresetArg, ProjectArgs};
use crate::check::set_threads;
use crate::discover::{Found, discover, find, tracked};
use crate::error::Failure;
use crate::load::{limit, load, read_file};
use crate::page::markdown;
use crate::project::Project;

/// Serves an editor until it says good-bye; returns whether it left without.
pub(crate) fn run() -> Result<bool, Failure> {
    set_threads(0);
    let registry = Registry::new(arrears_rules::all())?;
    let (connection, _threads) = Connection::stdio();
    // The threads that read and write end with the process: a client that hangs keeps nothing alive.
    let is_clean =
        serve(&connection, Arc::new(Disk { registry })).map_err(|error| Failure::Other(error.to_string()))?;
    drop(connection);
    Ok(!is_clean)
}

/// The disk.
struct Disk {
    registry: Registry,
}

impl Host for Disk {
    fn open(
        &self,
        folder: &Path,
        options: &Options,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Opened, String> {
        let project = project(folder)?;
        let (rules, quick) = rules(&project, options)?;
        let found = discover(&project, 0).map_err(|failure| failure.to_string())?;
        let (inventory, total, done) = (found.inventory(), found.files.len(), AtomicUsize::new(0));
        let tick = || progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        let (analyses, skipped) = load(found.files, &rules, &tick);
        let workspace = Workspace::new(rules, analyses, skipped).with_inventory(inventory);
        Ok(Opened { root: project.root, workspace, quick })
    }

    fn root(&self, folder: &Path) -> Option<PathBuf> {
        project(folder).ok().map(|project| project.root)
    }

    fn open_alone(&self, file: &Path, options: &Options) -> Result<Opened, String> {
        let folder = file.parent().unwrap_or(Path::new("/"));
        let project = project(folder)?;
        let (rules, quick) = rules(&project, options)?;
        Ok(Opened { root: folder.to_owned(), workspace: Workspace::new(rules, [], Vec::new()), quick })
    }

    fn source(&self, _root: &Path, path: &RelPath, text: String) -> Option<SourceFile> {
        let language = Language::of(path)?;
        let is_small = text.len() as u64 <= limit(language.family().is_some());
        is_small.then(|| classify(path.clone(), text, language))
    }

    fn look(&self, root: &Path, paths: &BTreeSet<RelPath>) -> BTreeMap<RelPath, Option<SourceFile>> {
        let found = project(root).map(|project| find(&project, paths)).unwrap_or_default();
        found.into_iter().map(|path| (path.clone(), read(root, path))).collect()
    }

    fn tracked(&self, root: &Path) -> Option<BTreeSet<RelPath>> {
        tracked(&project(root).ok()?)
    }

    fn is_read(&self, root: &Path, path: &RelPath) -> bool {
        let wanted = BTreeSet::from([path.clone()]);
        !root.join(path.as_str()).exists() || project(root).is_ok_and(|project| !find(&project, &wanted).is_empty())
    }

    fn is_configuration(&self, path: &RelPath) -> bool {
        matches!(path.file_name(), "arrears.toml" | "pyproject.toml" | ".gitignore" | ".arrearsignore")
            || path.as_str().starts_with(".arrears/")
    }

    #[cfg(unix)]
    fn is_running(&self, process: u32) -> bool {
        let process = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
        process.is_none_or(|it| rustix::process::test_kill_process(it) != Err(rustix::io::Errno::SRCH))
    }

    #[cfg(not(unix))]
    fn is_running(&self, _process: u32) -> bool {
        true
    }

    fn page(&self, code: &str) -> Option<String> {
        let rule = self.registry.get(code)?;
        let (code, summary) = (rule.meta.code.as_str(), &rule.meta.summary);
        Some(format!("### {code}\n\n{summary}\n\n{}\n", markdown(&rule.meta.docs)))
    }
}

fn read(root: &Path, path: RelPath) -> Option<SourceFile> {
    let (full, language) = (root.join(path.as_str()), Language::of(&path)?);
    let size = full.symlink_metadata().ok()?.len();
    read_file(&Found { path, full, language, size })
}

fn project(folder: &Path) -> Result<Project, String> {
    let folder: PathBuf =
        folder.canonicalize().map_err(|error| format!("cannot open `{}`: {error}", folder.display()))?;
    Project::around(&folder, folder.clone(), &ProjectArgs::default()).map_err(|failure| failure.to_string())
}

/// Returns all rules that run, and the quick ones of them.
fn rules(project: &Project, options: &Options) -> Result<(RuleSet, RuleSet), String> {
    let preset = match &options.preset {
        None => None,
        Some(word) => Some(Preset::from(
            PresetArg::from_str(word, true)
                .map_err(|_| format!("no preset is called `{word}`: there are `recommended`, `strict` and `all`"))?,
        )),
    };
    let today = jiff::Zoned::now().date();
    let mut settings =
        Settings::resolve(&project.config, &project.registry, today).map_err(|error| match &project.config_file {
            Some((path, text)) => Failure::in_file(path, text, error).to_string(),
            None => error.to_string(),
        })?;
    let choice = Choice { preset, ..Choice::default() };
    settings.choose(&choice, &project.config, &project.registry).map_err(|error| error.to_string())?;
    let all = RuleSet::new(project.registry.clone(), settings);
    let quick = all.quick();
    Ok((all, quick))
}
