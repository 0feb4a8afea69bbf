//! What the server asks of the program around it: everything that touches the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use arrears_core::source::{RelPath, SourceFile};
use arrears_linter::ruleset::RuleSet;
use arrears_linter::workspace::Workspace;

/// The program that the server runs in.
pub trait Host: Send + Sync + 'static {
    /// Finds the project around a folder and analyses its files, as `arrears check` does.
    ///
    /// `progress` is told how many files are done, and of how many.
    ///
    /// # Errors
    ///
    /// What is wrong with the configuration or the folder, in a sentence for people.
    fn open(
        &self,
        folder: &Path,
        options: &Options,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Opened, String>;

    /// Returns the root of the project around a folder; none where the configuration is wrong.
    fn root(&self, folder: &Path) -> Option<PathBuf>;

    /// Finds the configuration around a file and takes the file alone, unread: it lies in no folder of the client.
    ///
    /// # Errors
    ///
    /// What is wrong with the configuration, in a sentence for people.
    fn open_alone(&self, file: &Path, options: &Options) -> Result<Opened, String>;

    /// Makes a source file of a text in an editor; none for a file that is not looked at.
    fn source(&self, root: &Path, path: &RelPath, text: String) -> Option<SourceFile>;

    /// Looks for files of a project on the disk; with its text, where `arrears check` reads it. Those that are gone, and
    /// those that it does not come to because they are ignored or excluded, are left out.
    fn look(&self, root: &Path, paths: &BTreeSet<RelPath>) -> BTreeMap<RelPath, Option<SourceFile>>;

    /// Returns the files of a project that git tracks; none without git.
    fn tracked(&self, root: &Path) -> Option<BTreeSet<RelPath>>;

    /// Returns whether `arrears check` reads a file of a project: it is neither ignored nor excluded. A file that is not
    /// there yet is read.
    fn is_read(&self, root: &Path, path: &RelPath) -> bool;

    /// Returns whether a file decides how the project is analysed: the configuration, ignore files, rules of its own.
    fn is_configuration(&self, path: &RelPath) -> bool;

    /// Returns whether a process runs. Where that cannot be told, it does.
    fn is_running(&self, process: u32) -> bool;

    /// Returns the page of a rule, in Markdown.
    fn page(&self, code: &str) -> Option<String>;
}

/// A project that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The folder that paths are relative to.
    pub root: PathBuf,
    /// All files, analysed.
    pub workspace: Workspace,
    /// The rules that look at one file and follow no values: those that run while somebody types.
    pub quick: RuleSet,
}

/// What the client configures.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// The preset; none for the project's own.
    pub preset: Option<String>,
    /// When to run the rules of single files.
    pub run: Run,
}

/// When the rules of single files run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Run {
    /// While somebody types, and on save.
    #[default]
    OnType,
    /// On save only.
    OnSave,
}
