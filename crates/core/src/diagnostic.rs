//! Findings: what is wrong, where, and what to do about it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rule::RuleCode;
use crate::source::RelPath;
use crate::text::TextRange;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Overdue.
    Warning,
    /// Breaks, or hides that something broke.
    Error,
}

impl Severity {
    /// Returns the word that outputs use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place, and what it has to do with the finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Label {
    /// The file.
    pub path: RelPath,
    /// The bytes.
    pub range: TextRange,
    /// What is to be seen there; the primary place may leave it empty.
    pub message: String,
}

/// How safe a fix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// Shown, never applied in bulk.
    DisplayOnly,
    /// Changes what the program does; applied with `--unsafe-fixes`.
    Unsafe,
    /// Keeps what the program does; applied with `--fix`.
    Safe,
}

/// One replacement in the file of the finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edit {
    /// What goes.
    pub range: TextRange,
    /// What comes.
    pub content: String,
}

impl Edit {
    /// Puts `content` in the place of `range`.
    pub fn replace(range: TextRange, content: impl Into<String>) -> Self {
        Self { range, content: content.into() }
    }

    /// Puts `content` at `offset`.
    pub fn insert(offset: u32, content: impl Into<String>) -> Self {
        Self::replace(TextRange::empty(offset), content)
    }

    /// Takes `range` away.
    pub fn delete(range: TextRange) -> Self {
        Self::replace(range, "")
    }
}

/// A change that mends a finding. All edits are in the finding's own file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, as a command.
    pub title: String,
    /// How safe it is.
    pub applicability: Applicability,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps what the program does.
    pub fn safe_edit(title: impl Into<String>, edit: Edit) -> Self {
        Self { title: title.into(), applicability: Applicability::Safe, edits: vec![edit] }
    }

    /// A fix that changes what the program does.
    pub fn unsafe_edit(title: impl Into<String>, edit: Edit) -> Self {
        Self { title: title.into(), applicability: Applicability::Unsafe, edits: vec![edit] }
    }

    /// A fix to look at.
    pub fn suggestion(title: impl Into<String>, edit: Edit) -> Self {
        Self { title: title.into(), applicability: Applicability::DisplayOnly, edits: vec![edit] }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The rule.
    pub code: RuleCode,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong here: lower case, no full stop, no line numbers.
    pub message: String,
    /// Where.
    pub primary: Label,
    /// The other places, in the order they are told.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// The change that does it.
    pub fix: Option<Fix>,
    /// The named function or class around the place, part of the identity.
    pub symbol: String,
    /// Facts for programs.
    pub properties: BTreeMap<String, String>,
}

impl Diagnostic {
    /// Returns the file of the primary place.
    pub fn path(&self) -> &RelPath {
        &self.primary.path
    }

    /// Returns what findings are sorted by: path, range, code.
    pub fn sort_key(&self) -> (&str, TextRange, &str, &str) {
        (self.primary.path.as_str(), self.primary.range, self.code.as_str(), &self.message)
    }
}
