//! A project as the server knows it: whether it is open, what waits to be told to it, what was found wrong with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use arrears_core::source::RelPath;
use arrears_linter::workspace::Workspace;

use crate::convert::relative;
use crate::worker::{Change, ProjectId};

/// How long nobody types before the rules of the project run.
const IDLE: Duration = Duration::from_millis(700);
/// How long after a file changed on the disk they run: more may come.
const SETTLE: Duration = Duration::from_millis(100);
/// More changed files than these are a new start: another branch, or a build.
pub(crate) const MANY: usize = 5_000;

/// A folder of the client, or a file that lies in none.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) id: ProjectId,
    /// What was opened, links resolved: a file, or folders that share a root.
    pub(crate) paths: Vec<PathBuf>,
    /// The folder that the configuration makes the root.
    pub(crate) place: PathBuf,
    pub(crate) is_folder: bool,
    pub(crate) state: State,
    /// Files that changed since the thread was told last.
    pub(crate) changes: BTreeMap<RelPath, Change>,
    /// Whether the thread is at work for it.
    pub(crate) is_busy: bool,
    /// When a report is due.
    due: Option<Instant>,
    /// How far the index is, where the client shows it.
    pub(crate) percentage: u32,
}

/// Whether a project can be asked.
#[derive(Debug)]
pub(crate) enum State {
    /// It is being indexed.
    Opening,
    /// It is.
    Open {
        /// The folder that paths are relative to.
        root: PathBuf,
        /// No files: only the rules to run while somebody types.
        quick: Box<Workspace>,
    },
    /// It cannot be; the client was told why.
    Failed,
}

impl Project {
    pub(crate) fn new(id: ProjectId, paths: Vec<PathBuf>, place: PathBuf, is_folder: bool) -> Self {
        let state = State::Opening;
        Self { id, paths, place, is_folder, state, changes: BTreeMap::new(), is_busy: true, due: None, percentage: 0 }
    }

    /// Returns the root, once the project is open.
    pub(crate) fn root(&self) -> Option<&Path> {
        match &self.state {
            State::Open { root, .. } => Some(root),
            State::Opening | State::Failed => None,
        }
    }

    /// Returns whether a file belongs to what was opened.
    pub(crate) fn holds(&self, path: &Path) -> bool {
        self.paths.iter().any(|it| if self.is_folder { path.starts_with(it) } else { path == it })
    }

    /// Returns a path as the project names it; none while it is not open.
    pub(crate) fn relative(&self, path: &Path) -> Option<RelPath> {
        relative(self.root()?, path)
    }

    /// Wants a report now.
    pub(crate) fn hurry(&mut self) {
        self.due = Some(Instant::now());
    }

    /// Wants a report once nobody types any more.
    pub(crate) fn wait(&mut self) {
        self.due = Some(Instant::now() + IDLE);
    }

    /// Wants a report once the disk is quiet.
    pub(crate) fn settle(&mut self) {
        self.due = Some(Instant::now() + SETTLE);
    }

    /// Returns when a report is to be asked for; none where none is wanted, or the thread is at work.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.due.filter(|_| !self.is_busy && self.root().is_some())
    }

    /// Returns whether a report is to be asked for now, and forgets that.
    pub(crate) fn is_due(&mut self) -> bool {
        let is_due = self.deadline().is_some_and(|at| at <= Instant::now());
        if is_due {
            self.due = None;
        }
        is_due
    }
}
