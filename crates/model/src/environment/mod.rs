//! Variables of the environment: which the code reads, and where the repository says that there are such.
//!
//! `python` and `script` find what is read; `declared` what `.env` files and services of compose files set. Whether anything
//! names a variable at all is asked of the words of every file that is no code.

mod declared;
mod python;
mod script;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{Language, RelPath, Roles};

use crate::flow::Place;
use crate::project::ProjectModel;

pub use declared::{Declared, EnvFile, Source};

/// The variables of a repository.
#[derive(Debug, Default)]
pub struct Environment<'p> {
    reads: Vec<Read<'p>>,
    declared: Vec<Declared<'p>>,
    dynamic: Vec<Dynamic<'p>>,
    /// Names that the code itself sets or that a build tool defines.
    set: BTreeSet<String>,
}

/// A place where code reads a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Read<'p> {
    /// Where.
    pub place: Place<'p>,
    /// The name.
    pub name: String,
    /// What happens where the variable is missing.
    pub fallback: Fallback,
    /// Which program reads it.
    pub reader: Reader,
}

/// What happens where a variable is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fallback {
    /// The program does not start, or the read fails.
    Fails,
    /// `None`, `undefined`
    Nothing,
    /// A default, or the code looks whether it is there.
    Default,
}

/// Which program reads a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// Python.
    Server,
    /// What a browser or a phone runs: the value is put in when it is built.
    Bundle,
    /// A script that Node runs: servers, build tools.
    Node,
}

/// A read of a variable whose name is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dynamic<'p> {
    /// Where.
    pub place: Place<'p>,
    /// Which program reads it.
    pub reader: Reader,
    /// Whether the name is put together, or all that begins so is taken. Otherwise it stands somewhere as a whole.
    pub is_composed: bool,
}

impl<'p> Environment<'p> {
    /// Finds the variables of a project.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        let mut found = Self { declared: declared::find(project), ..Self::default() };
        python::find(project, &mut found);
        script::find(project, &mut found);
        found.reads.sort();
        found.reads.dedup();
        found
    }

    /// Returns what code that is no test reads, sorted by place.
    pub fn reads(&self) -> &[Read<'p>] {
        &self.reads
    }

    /// Returns what is read by name, each with its places in their order.
    pub fn by_name(&self) -> BTreeMap<&str, Vec<&Read<'p>>> {
        let mut found: BTreeMap<&str, Vec<&Read<'p>>> = BTreeMap::new();
        for read in &self.reads {
            found.entry(&read.name).or_default().push(read);
        }
        found
    }

    /// Returns what `.env` files and services of compose files set, sorted by place.
    pub fn declared(&self) -> &[Declared<'p>] {
        &self.declared
    }

    /// Returns the reads whose names are computed: while one is composed, nothing proves that a variable is not read.
    pub fn dynamic(&self) -> &[Dynamic<'p>] {
        &self.dynamic
    }

    /// Returns whether some file that is no code names a variable: configuration, scripts of the shell, documents; or
    /// the code sets it itself.
    pub fn is_named(&self, project: &ProjectModel<'p>, name: &str) -> bool {
        self.set.contains(name)
            || project.files().any(|file| match file.source.language {
                Language::Text => file.facts.words.may_contain(name),
                Language::Markdown => has_word(&file.source.text, name),
                _ => false,
            })
    }
}

/// Variables of the machine, of languages and of tools.
const NAMES: [&str; 56] = [
    "PATH",
    "HOME",
    "USER",
    "USERNAME",
    "SHELL",
    "TERM",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "PWD",
    "TMPDIR",
    "TEMP",
    "TMP",
    "HOSTNAME",
    "CI",
    "EDITOR",
    "VISUAL",
    "DISPLAY",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONUNBUFFERED",
    "PYTEST_CURRENT_TEST",
    "PYTEST_XDIST_WORKER",
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_CONFIGURATION",
    "RUN_MAIN",
    "NODE_ENV",
    "MODE",
    "DEV",
    "PROD",
    "SSR",
    "BASE_URL",
    "PUBLIC_URL",
    "NEXT_RUNTIME",
    "NEXT_PHASE",
    "ANALYZE",
    "JEST_WORKER_ID",
    "VITEST",
    "npm_package_version",
    "DYNO",
    "KUBERNETES_SERVICE_HOST",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMFILES",
    "SYSTEMROOT",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SERVER_SOFTWARE",
];
/// Beginnings of what build services and hosts set.
const PREFIXES: [&str; 12] = [
    "GITHUB_",
    "GITLAB_",
    "CI_",
    "VERCEL",
    "NETLIFY",
    "HEROKU_",
    "RENDER_",
    "RAILWAY_",
    "FLY_",
    "npm_",
    "EAS_BUILD",
    "STORYBOOK",
];

/// Returns whether a variable belongs to the machine, the language or a tool and is no setting of the project.
pub fn is_of_system(name: &str) -> bool {
    NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Returns whether a text holds a word.
pub fn has_word(text: &str, word: &str) -> bool {
    let is_part = |next: char| next.is_ascii_alphanumeric() || next == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|rest| rest.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Returns whether what a file reads counts: production code.
fn is_production(path: &RelPath, roles: Roles) -> bool {
    let left_out = Roles::TEST | Roles::VENDORED | Roles::MINIFIED | Roles::GENERATED | Roles::STORY | Roles::SEEDER;
    !roles.intersects(left_out)
        && !path.folders().any(|folder| {
            matches!(folder, "docs" | "examples" | "example" | "e2e" | "cypress" | "playwright")
                || folder.contains("{{")
        })
}
