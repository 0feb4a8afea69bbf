//! Where a finding about the whole repository stands: at the file that says what the repository is.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use super::ProjectModel;

/// Files that say it, the most telling first.
const NAMES: [&str; 8] = [
    "manage.py",
    "pyproject.toml",
    "package.json",
    "setup.py",
    "setup.cfg",
    "requirements.txt",
    "Pipfile",
    "docker-compose.yml",
];

impl<'p> ProjectModel<'p> {
    /// Returns the nearest such file to the root, and its first line of code.
    pub fn manifest(&self) -> Option<(&'p RelPath, TextRange)> {
        let rank = |path: &RelPath| NAMES.iter().position(|it| *it == path.file_name());
        let known = self.files().filter(|it| !is_aside(&it.source.path));
        let found = known.filter_map(|it| Some((it.source.path.folders().count(), rank(&it.source.path)?, it)));
        let (.., file) = found.min_by_key(|(depth, rank, it)| (*depth, *rank, it.source.path.as_str()))?;
        Some((&file.source.path, first_line(&file.source.text)))
    }
}

/// Returns whether a file lies aside of what is deployed: examples, documents, templates of projects, somebody else's code.
pub fn is_aside(path: &RelPath) -> bool {
    const WORDS: [&str; 19] = [
        "example",
        "examples",
        "sample",
        "samples",
        "demo",
        "demos",
        "docs",
        "doc",
        "documentation",
        "template",
        "templates",
        "fixtures",
        "vendor",
        "vendored",
        "archive",
        "archived",
        "scaffold",
        "boilerplate",
        "cookiecutter",
    ];
    const WHOLE: [&str; 6] =
        ["node_modules", "third_party", "third-party", "site-packages", "testdata", "__fixtures__"];
    path.folders().any(|folder| {
        let lower = folder.to_ascii_lowercase();
        folder.contains("{{")
            || WHOLE.contains(&lower.as_str())
            || lower.split(['-', '_', '.', ' ']).any(|word| WORDS.contains(&word))
    })
}

/// Returns the first line that is neither empty nor a comment.
pub fn first_line(text: &str) -> TextRange {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with(['#', '/']) {
            let start = at + line.len() - line.trim_start().len();
            return TextRange::of(start..start + trimmed.len());
        }
        at += line.len();
    }
    TextRange::empty(0)
}
