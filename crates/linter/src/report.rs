//! What a run found.

use arrears_core::diagnostic::{Diagnostic, Severity};
use arrears_core::rule::RuleCode;
use arrears_core::source::RelPath;

/// The final diagnostics and the counts of a run.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The findings, sorted by path, range and code, each with its fingerprint.
    pub diagnostics: Vec<Reported>,
    /// How many files of code were analysed.
    pub files: usize,
    /// How many of them were asked for.
    pub reported_files: usize,
    /// How many rules ran.
    pub rules: usize,
    /// How many findings a comment suppresses.
    pub suppressed: usize,
    /// What was left out, sorted by path.
    pub skipped: Vec<Skipped>,
    /// Rules that were asked for and did not run, each with the reason.
    pub not_run: Vec<NotRun>,
    /// Rules that panicked: the file and what was said.
    pub panics: Vec<(RelPath, String)>,
}

/// A finding with its identity.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Its identity.
    pub fingerprint: String,
}

/// A rule that was asked for and did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    /// The rule.
    pub code: RuleCode,
    /// Why.
    pub reason: &'static str,
}

/// A file that was not analysed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file or folder; a name that is no UTF-8 is shown with replacement characters.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl Report {
    /// Returns how many findings have a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|it| it.diagnostic.severity == severity).count()
    }
}
