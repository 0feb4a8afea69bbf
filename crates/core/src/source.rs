//! A file of the repository: its path, its text, its language and the part it plays.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::LineIndex;

/// A path relative to the project's root, with forward slashes and no leading `./`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RelPath(Arc<str>);

impl RelPath {
    /// Takes a relative path; backslashes become slashes and a leading `./` goes.
    pub fn new(path: &str) -> Self {
        let path = path.replace('\\', "/");
        Self(Arc::from(path.strip_prefix("./").unwrap_or(&path)))
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Returns the folder, without a trailing slash; the root is the empty string.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Returns the folders from the outermost to the innermost.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.folder().split('/').filter(|segment| !segment.is_empty())
    }

    /// Returns what follows the last dot of the file name, or the empty string.
    pub fn extension(&self) -> &str {
        self.file_name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// `.py`, `.pyi`
    Python,
    /// `.ts`, `.mts`, `.cts`
    TypeScript,
    /// `.tsx`
    Tsx,
    /// `.js`, `.jsx`, `.mjs`, `.cjs`: read with the TSX grammar.
    JavaScript,
    /// `.md`, `.markdown`: what people read; no word in it is a use of anything.
    Markdown,
    /// Configuration, templates and scripts.
    Text,
}

/// The languages that rules tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Python.
    Python,
    /// TypeScript, TSX, JavaScript and JSX.
    Script,
}

impl Language {
    /// Returns the language of a path, if it is one that is read.
    pub fn of(path: &RelPath) -> Option<Self> {
        Some(match path.extension() {
            "py" | "pyi" => Self::Python,
            "ts" | "mts" | "cts" => Self::TypeScript,
            "tsx" => Self::Tsx,
            "js" | "jsx" | "mjs" | "cjs" => Self::JavaScript,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" | "djhtml" | "yml" | "yaml" | "toml" | "json" | "cfg" | "ini" | "sh" | "bash" | "conf"
            | "env" | "service" | "tf" => Self::Text,
            "txt" | "xml" if path.folders().any(|folder| folder == "templates") => Self::Text,
            _ if is_named_configuration(path) => Self::Text,
            _ => return None,
        })
    }

    /// Returns the family that rules ask for; plain text has none.
    pub fn family(self) -> Option<Family> {
        match self {
            Self::Python => Some(Family::Python),
            Self::TypeScript | Self::Tsx | Self::JavaScript => Some(Family::Script),
            Self::Text | Self::Markdown => None,
        }
    }
}

/// Returns whether a file is configuration by its name: it has no extension that says so.
fn is_named_configuration(path: &RelPath) -> bool {
    const NAMES: [&str; 18] = [
        "Procfile",
        "Makefile",
        "makefile",
        "crontab",
        "Pipfile",
        "Jenkinsfile",
        "Caddyfile",
        "justfile",
        "Justfile",
        "entrypoint",
        ".gitignore",
        ".dockerignore",
        ".flake8",
        ".coveragerc",
        ".babelrc",
        ".eslintrc",
        ".prettierrc",
        ".stylelintrc",
    ];
    let name = path.file_name();
    let lower = name.to_ascii_lowercase();
    let is_docker = ["dockerfile", "containerfile"].iter().any(|word| {
        lower == *word
            || lower.starts_with(&format!("{word}."))
            || lower.ends_with(&format!(".{word}"))
            || lower.starts_with(&format!("{word}-"))
    });
    let is_requirements = || {
        path.extension() == "txt"
            && (lower.contains("requirements")
                || lower.contains("constraints")
                || path.folder().ends_with("requirements"))
            || path.extension() == "in" && (lower.contains("requirements") || path.folder().ends_with("requirements"))
    };
    // `start`, `entrypoint`, `celery/worker/start`: scripts without an extension lie beside what starts them.
    let is_script = || {
        !name.contains('.') && path.folders().any(|folder| matches!(folder, "compose" | "docker" | "bin" | "scripts"))
    };
    let is_env = name.starts_with(".env") || name.starts_with("env.") || name.contains(".env.");
    NAMES.contains(&name)
        || name.starts_with("Procfile.")
        || is_docker
        || is_env
        || path.folders().any(|folder| folder == ".envs")
        || is_requirements()
        || is_script()
}

bitflags::bitflags! {
    /// The parts that a file plays, decided from its path and its first lines.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct Roles: u16 {
        /// A Django migration.
        const MIGRATION = 1;
        /// A test, a fixture of tests, a factory.
        const TEST = 1 << 1;
        /// A module of Django settings.
        const SETTINGS = 1 << 2;
        /// Written by a program.
        const GENERATED = 1 << 3;
        /// Somebody else's code, kept in the repository.
        const VENDORED = 1 << 4;
        /// Made for machines: minified or bundled.
        const MINIFIED = 1 << 5;
        /// Fills a database for demonstrations or load tests: seeders, Locust files.
        const SEEDER = 1 << 6;
        /// A story or a playground page of the frontend.
        const STORY = 1 << 7;
        /// A management command or a script that is run by hand.
        const COMMAND = 1 << 8;
        /// JavaScript with the types of Flow, which are not read.
        const FLOW = 1 << 15;
    }
}

/// One file, read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Where it lies, relative to the project's root.
    pub path: RelPath,
    /// Its text, with the byte order mark if it has one.
    pub text: Arc<str>,
    /// What it is written in.
    pub language: Language,
    /// What parts it plays.
    pub roles: Roles,
    /// Its lines.
    pub lines: LineIndex,
}

impl SourceFile {
    /// Takes a text and reads its lines.
    pub fn new(path: RelPath, text: impl Into<Arc<str>>, language: Language, roles: Roles) -> Self {
        let text = text.into();
        let lines = LineIndex::new(&text);
        Self { path, text, language, roles, lines }
    }
}
