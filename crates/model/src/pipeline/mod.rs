//! Continuous integration: what the workflows of a repository run, and what becomes of a failure.
//!
//! A reader for each system gives jobs of steps (`github`, `gitlab`, `systems`, `jenkins`); `shell` splits their scripts into
//! commands with exact places; `work` says what a command does, following make targets, scripts of packages and shell
//! scripts of the repository.

mod find;
mod follow;
mod github;
mod gitlab;
mod jenkins;
mod program;
pub mod shell;
mod systems;
#[cfg(test)]
mod tests;
pub mod work;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use shell::{Command, Script};
use work::Work;

/// The workflows of a repository.
#[derive(Debug, Default)]
pub struct Pipelines<'p> {
    /// All that are read, sorted by path; those that never run, too.
    pub workflows: Vec<Workflow<'p>>,
    /// Files and folders of systems that are not read, or files that are broken.
    pub others: Vec<String>,
}

/// What runs workflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// GitHub Actions.
    GitHub,
    /// GitLab.
    GitLab,
    /// Jenkins.
    Jenkins,
    /// CircleCI.
    Circle,
    /// Azure Pipelines.
    Azure,
    /// Bitbucket Pipelines.
    Bitbucket,
    /// AWS CodeBuild.
    CodeBuild,
    /// Travis.
    Travis,
}

/// A file of continuous integration.
#[derive(Debug)]
pub struct Workflow<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// What runs it.
    pub system: System,
    /// Its name, where it states one.
    pub name: Option<String>,
    /// Where it states its name; else its first key.
    pub place: TextRange,
    /// Whether it lies where the system looks for it.
    pub is_at_root: bool,
    /// The events that start it; none where the system does not ask for any.
    pub triggers: Vec<String>,
    /// Its jobs, in the order of the file.
    pub jobs: Vec<Job>,
    /// Whether it takes jobs from outside the repository, or from files that are not read.
    pub has_gaps: bool,
}

/// A job.
#[derive(Debug, Default)]
pub struct Job {
    /// Its key or name.
    pub name: String,
    /// Where that is written.
    pub place: TextRange,
    /// What lets the job succeed whatever its steps do.
    pub tolerance: Option<TextRange>,
    /// The images of the services that run beside it.
    pub services: Vec<(String, TextRange)>,
    /// Variables of its environment and its steps', with their places.
    pub env: Vec<(String, String, TextRange)>,
    /// The reusable workflow that it calls.
    pub calls: Option<String>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Default)]
pub struct Step {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// How other steps call it.
    pub id: Option<String>,
    /// Where it begins.
    pub place: TextRange,
    /// The action that it uses.
    pub uses: Option<String>,
    /// What lets the job go on when the step fails.
    pub tolerance: Option<TextRange>,
    /// Whether a pipe fails with its first command.
    pub pipes_fail: bool,
    /// The folder in which it runs, from the root.
    pub folder: String,
    /// Its scripts.
    pub scripts: Vec<Script>,
    /// The commands of its scripts, with what they do.
    pub commands: Vec<(Command, Work)>,
    /// What it does, its action included.
    pub work: Work,
}

impl Workflow<'_> {
    /// Returns all steps of all jobs.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.jobs.iter().flat_map(|job| &job.steps)
    }

    /// Returns what all steps do together.
    pub fn work(&self) -> Work {
        let own = self.steps().fold(Work::empty(), |all, step| all | step.work);
        own | if self.has_gaps { Work::UNKNOWN } else { Work::empty() }
    }

    /// Returns whether something starts it when code changes.
    pub fn runs_on_changes(&self) -> bool {
        const CHANGES: [&str; 5] = ["push", "pull_request", "pull_request_target", "merge_group", "workflow_call"];
        self.is_at_root
            && (self.system != System::GitHub || self.triggers.iter().any(|it| CHANGES.contains(&it.as_str())))
    }
}

impl Pipelines<'_> {
    /// Returns the workflows that run.
    pub fn running(&self) -> impl Iterator<Item = &Workflow<'_>> {
        self.workflows.iter().filter(|it| it.is_at_root)
    }

    /// Returns whether nothing runs, in this repository, of any system that is known.
    pub fn is_empty(&self) -> bool {
        self.others.is_empty() && !self.workflows.iter().any(|it| it.is_at_root)
    }
}
