//! The thread that holds the projects: it indexes them, takes changed files, and reports.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrears_core::source::{RelPath, SourceFile};
use arrears_linter::analyze::analyze;
use arrears_linter::report::Reported;
use arrears_linter::ruleset::RuleSet;
use arrears_linter::workspace::Workspace;
use crossbeam_channel::{Receiver, Sender};

use crate::convert::{Found, Text};
use crate::host::{Host, Opened, Options};
use crate::position::Encoding;

/// Names a project for as long as the server runs.
pub(crate) type ProjectId = usize;

/// What the thread is asked for.
#[derive(Debug)]
pub(crate) enum Task {
    /// To index a folder, or a file that lies in none.
    Open { project: ProjectId, path: PathBuf, is_folder: bool, options: Options },
    /// To take changed files and say what is to be reported in some.
    Report { project: ProjectId, changes: BTreeMap<RelPath, Change>, wanted: Vec<(RelPath, i32)>, encoding: Encoding },
    /// To forget a project.
    Close(ProjectId),
}

/// Where the text of a file is that is not what the project was indexed with.
#[derive(Debug)]
pub(crate) enum Change {
    /// In an editor.
    Text(String),
    /// On the disk, if it is still there.
    Disk,
}

/// What the thread answers.
#[derive(Debug)]
pub(crate) enum Answer {
    /// How many files are indexed, and of how many.
    Progress { project: ProjectId, done: usize, total: usize },
    /// A project is indexed: its root, and the rules to run while somebody types.
    Opened { project: ProjectId, root: PathBuf, quick: Box<RuleSet>, files: usize },
    /// A project cannot be opened.
    Failed { project: ProjectId, message: String },
    /// What is to be reported; no file where nothing changed since the last report.
    Reported { project: ProjectId, files: Vec<FileReport> },
}

/// The findings of one file.
#[derive(Debug)]
pub(crate) struct FileReport {
    pub(crate) path: RelPath,
    pub(crate) version: i32,
    /// All of them.
    pub(crate) all: Vec<Found>,
    /// Those that the quick rules find too.
    pub(crate) quick: Vec<Reported>,
}

struct Project {
    root: PathBuf,
    workspace: Workspace,
    quick: Workspace,
    /// What was reported on last.
    reported: Vec<(RelPath, i32)>,
}

/// Works until the server hangs up.
pub(crate) fn run(host: &Arc<dyn Host>, tasks: &Receiver<Task>, answers: &Sender<Answer>) {
    let mut projects: BTreeMap<ProjectId, Project> = BTreeMap::new();
    for task in tasks {
        let answer = match task {
            Task::Open { project, path, is_folder, options } => {
                open(host.as_ref(), project, &path, is_folder, &options, answers).map(|(opened, answer)| {
                    projects.insert(project, opened);
                    answer
                })
            }
            Task::Close(project) => {
                projects.remove(&project);
                continue;
            }
            Task::Report { project, changes, wanted, encoding } => match projects.get_mut(&project) {
                Some(open) => {
                    Ok(Answer::Reported { project, files: open.report(host.as_ref(), changes, wanted, encoding) })
                }
                None => continue,
            },
        };
        let answer = answer.unwrap_or_else(|failed| failed);
        if answers.send(answer).is_err() {
            return;
        }
    }
}

fn open(
    host: &dyn Host,
    project: ProjectId,
    path: &Path,
    is_folder: bool,
    options: &Options,
    answers: &Sender<Answer>,
) -> Result<(Project, Answer), Answer> {
    let tell = |done, total| {
        // A server that is gone needs no progress.
        let _ = answers.send(Answer::Progress { project, done, total });
    };
    let opened = if is_folder { host.open(path, options, &tell) } else { host.open_alone(path, options) };
    let Opened { root, workspace, quick } = opened.map_err(|message| Answer::Failed { project, message })?;
    let files = workspace.files().count();
    let answer = Answer::Opened { project, root: root.clone(), quick: Box::new(quick.clone()), files };
    let quick = Workspace::new(quick, [], Vec::new());
    Ok((Project { root, workspace, quick, reported: Vec::new() }, answer))
}

impl Project {
    fn report(
        &mut self,
        host: &dyn Host,
        changes: BTreeMap<RelPath, Change>,
        wanted: Vec<(RelPath, i32)>,
        encoding: Encoding,
    ) -> Vec<FileReport> {
        let is_news = self.take(host, changes);
        if !is_news && self.reported == wanted {
            return Vec::new();
        }
        self.reported.clone_from(&wanted);
        let report = self.workspace.report(&|path| wanted.iter().any(|(it, _)| it == path));
        let text_of = |path: &RelPath| {
            let source = &self.workspace.file(path)?.source;
            Some(Text { text: &source.text, lines: &source.lines })
        };
        let mut by_path: BTreeMap<RelPath, Vec<Found>> = BTreeMap::new();
        for reported in report.diagnostics {
            let path = reported.diagnostic.path().clone();
            by_path.entry(path).or_default().push(Found::new(reported, encoding, &text_of));
        }
        let file = |(path, version): (RelPath, i32)| {
            let all = by_path.get(&path).cloned().unwrap_or_default();
            let quick = self.workspace.file(&path).map(|file| self.quick(&file.source)).unwrap_or_default();
            FileReport { path, version, all, quick }
        };
        wanted.into_iter().map(file).collect()
    }

    /// Takes changed files and what git tracks; returns whether anything is new.
    fn take(&mut self, host: &dyn Host, mut changes: BTreeMap<RelPath, Change>) -> bool {
        let untracked = self.workspace.set_tracked(host.tracked(&self.root));
        let mut is_news = untracked.is_some();
        for path in untracked.into_iter().flatten() {
            changes.entry(path).or_insert(Change::Disk);
        }
        let on_disk = changes.iter().filter(|(_, change)| matches!(change, Change::Disk));
        let on_disk: BTreeSet<RelPath> = on_disk.map(|(path, _)| path.clone()).collect();
        let mut seen = if on_disk.is_empty() { BTreeMap::new() } else { host.look(&self.root, &on_disk) };
        let mut sources = Vec::new();
        for (path, change) in changes {
            let source = match change {
                Change::Text(text) => {
                    is_news = true;
                    host.source(&self.root, &path, text)
                }
                Change::Disk => {
                    is_news |= self.workspace.set_present(&path, seen.contains_key(&path));
                    seen.remove(&path).flatten()
                }
            };
            let known = self.workspace.file(&path);
            match source {
                Some(source) if known.is_some_and(|it| it.source.text == source.text) => {}
                Some(source) => sources.push(source),
                None if known.is_none() => {}
                None => {
                    is_news = true;
                    self.workspace.remove(&path);
                }
            }
        }
        is_news |= !sources.is_empty();
        self.workspace.update_all(sources);
        is_news
    }

    fn quick(&self, source: &SourceFile) -> Vec<Reported> {
        self.quick.alone(&analyze(source.clone(), self.quick.rules()))
    }
}
