//! Why a run could not start: one clear sentence, with the place and the nearest right word.

use std::path::{Path, PathBuf};

use arrears_core::text::{LineIndex, TextRange};
use arrears_linter::config::ConfigError;
use arrears_linter::registry::{RegistryError, UnknownRule};
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use thiserror::Error;

/// Why a run could not start.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// A configuration or rule file is wrong.
    #[error("{shown}:{line}: {}", .error.message)]
    InFile { shown: String, line: u32, text: Box<NamedSource<String>>, error: Box<ConfigError> },
    #[error("no such path: `{}`", .0.display())]
    NoSuchPath(PathBuf),
    #[error("{0}")]
    NothingToCheck(String),
    #[error(transparent)]
    UnknownRule(#[from] UnknownRule),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error("cannot {action} `{}`: {source}", .path.display())]
    Io { action: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// Puts an error into its file.
    pub(crate) fn in_file(path: &Path, text: &str, error: ConfigError) -> Self {
        let cwd = std::env::current_dir().and_then(|cwd| cwd.canonicalize()).unwrap_or_default();
        let shown = path.strip_prefix(cwd).unwrap_or(path).display().to_string();
        let line = LineIndex::new(text).position(text, error.span.start()).line;
        Self::InFile { text: Box::new(NamedSource::new(&shown, text.to_owned())), shown, line, error: Box::new(error) }
    }

    /// Wraps an error of the file system.
    pub(crate) fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }
}

impl Diagnostic for Failure {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Error)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        match self {
            Self::InFile { error, .. } => error.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>),
            Self::UnknownRule(unknown) => {
                let help = unknown.suggestion.as_ref().map_or_else(
                    || "`arrears rules` lists them all".to_owned(),
                    |right| format!("did you mean `{right}`? `arrears rules` lists them all"),
                );
                Some(Box::new(help))
            }
            Self::NoSuchPath(_) | Self::NothingToCheck(_) | Self::Registry(_) | Self::Io { .. } | Self::Other(_) => {
                None
            }
        }
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        match self {
            Self::InFile { text, .. } => Some(&**text),
            _ => None,
        }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        match self {
            Self::InFile { error, .. } => Some(Box::new(std::iter::once(span(error.span)))),
            _ => None,
        }
    }
}

fn span(range: TextRange) -> LabeledSpan {
    LabeledSpan::underline(range.to_usize())
}
