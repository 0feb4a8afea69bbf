//! Paths that git ignores and paths that programs write: a page names them rightly although nobody keeps them.

use crate::frontend::paths::{is_below, matches_glob};
use crate::project::ProjectModel;

/// The patterns of the `.gitignore` files of a repository.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    /// The folder of its file.
    folder: String,
    glob: String,
    is_anchored: bool,
    is_folder: bool,
    is_negated: bool,
}

/// How many patterns are read.
const MANY: usize = 5_000;

/// Folders that programs fill.
const WRITTEN: &[&str] = &[
    "__pycache__",
    "_build",
    "_site",
    "artifacts",
    "backups",
    "blob-report",
    "build",
    "builds",
    "cache",
    "certs",
    "coverage",
    "credentials",
    "dist",
    "downloads",
    "dumps",
    "env",
    "generated",
    "htmlcov",
    "log",
    "logs",
    "media",
    "node_modules",
    "out",
    "output",
    "outputs",
    "playwright-report",
    "results",
    "secrets",
    "site-packages",
    "staticfiles",
    "storybook-static",
    "target",
    "temp",
    "test-reports",
    "test-results",
    "tmp",
    "uploads",
    "venv",
];

impl Ignored {
    pub(crate) fn find(model: &ProjectModel<'_>) -> Self {
        let files = model.files().filter(|file| file.source.path.file_name() == ".gitignore");
        let read = files.flat_map(|file| {
            file.source.text.lines().filter_map(|line| pattern(file.source.path.folder(), line)).collect::<Vec<_>>()
        });
        Self { patterns: read.take(MANY).collect() }
    }

    /// Returns whether a path, from the root of the repository, is ignored or written by a program.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let mut folders = path.split('/').rev().skip(1);
        if folders.any(|folder| WRITTEN.contains(&folder) || folder.starts_with('.') && is_cache(folder)) {
            return true;
        }
        let ends: Vec<usize> = path.match_indices('/').map(|(at, _)| at).chain([path.len()]).collect();
        ends.iter().any(|end| {
            let part = path.get(..*end).unwrap_or(path);
            let last = self.patterns.iter().rev().find(|it| it.matches(part, *end < path.len()));
            last.is_some_and(|it| !it.is_negated)
        })
    }
}

fn is_cache(folder: &str) -> bool {
    folder.contains("cache") || matches!(folder, ".next" | ".nuxt" | ".venv" | ".turbo" | ".git" | ".tox" | ".auth")
}

fn pattern(folder: &str, line: &str) -> Option<Pattern> {
    let line = line.trim();
    let (line, is_negated) = line.strip_prefix('!').map_or((line, false), |rest| (rest, true));
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let is_folder = line.ends_with('/');
    let line = line.trim_end_matches('/');
    let is_anchored = line.contains('/');
    let glob = line.trim_start_matches('/').to_owned();
    Some(Pattern { folder: folder.to_owned(), glob, is_anchored, is_folder, is_negated })
}

impl Pattern {
    fn matches(&self, path: &str, is_folder: bool) -> bool {
        if self.is_folder && !is_folder || !is_below(path, &self.folder) {
            return false;
        }
        let path = if self.is_anchored {
            path.get(self.folder.len()..).unwrap_or(path).trim_start_matches('/')
        } else {
            path.rsplit('/').next().unwrap_or(path)
        };
        if self.glob.contains(['*', '?', '[', '{']) {
            matches_glob(&self.glob.replace("[cod]", "?"), path)
        } else {
            self.glob == path
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ignored, pattern};

    #[test]
    fn the_last_pattern_decides() {
        let lines = ["*.log", "/data/", "!keep.log", "docs/*.tmp.md", "# no", "lib"];
        let ignored = Ignored { patterns: lines.iter().filter_map(|line| pattern("", line)).collect() };
        let held = ["a/b.log", "data/x.json", "docs/a.tmp.md", "src/lib/a.ts", "web/dist/a.js"];
        let free = ["a/keep.log", "src/data/x.json", "a/docs/a.tmp.md", "src/library/a.ts"];
        assert!(held.iter().all(|path| ignored.holds(path)));
        assert!(!free.iter().any(|path| ignored.holds(path)));
    }
}
