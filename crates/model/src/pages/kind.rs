//! What a page is for, by its path, its title and its first lines: what it says of the repository holds today, or held once.

use arrears_core::source::{RelPath, Roles, SourceFile};
use arrears_syntax::document::markdown::Markdown;

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageKind {
    /// Describes how things are.
    Guide,
    /// Tells what changed from one version to another: change logs, release notes, notes for upgrades.
    History,
    /// Tells what was done or found at some time: reports, summaries, status pages.
    Record,
    /// Tells what is to be done: plans, proposals, lists of tasks.
    Plan,
    /// Is kept in a folder of what is no longer current.
    Archive,
    /// Is filled in by somebody else: templates of issues, of pull requests, of projects.
    Template,
    /// Is written by a program, belongs to somebody else, or is data.
    Foreign,
}

const ARCHIVES: &[&str] =
    &["archive", "archives", "archived", "attic", "deprecated", "historical", "legacy", "obsolete", "old", "outdated"];

const FOREIGN: &[&str] = &[
    "__snapshots__",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "i18n",
    "locale",
    "locales",
    "sample",
    "samples",
    "testdata",
    "translations",
];

const HISTORY: &[&str] = &[
    "breaking",
    "changelog",
    "changelogs",
    "migrate",
    "migrating",
    "migration",
    "releases",
    "upgrade",
    "upgrades",
    "upgrading",
    "whatsnew",
];

/// Names that say so only alone.
const HISTORIES: &[&str] =
    &["authors", "changes", "contributors", "history", "news", "release-notes", "release_notes", "releasenotes"];

const RECORD: &[&str] = &[
    "assessment",
    "audit",
    "audits",
    "cleanup",
    "complete",
    "completed",
    "completion",
    "consolidation",
    "findings",
    "fixed",
    "fixes",
    "handoff",
    "handover",
    "incident",
    "incidents",
    "meeting",
    "meetings",
    "minutes",
    "modernization",
    "postmortem",
    "postmortems",
    "progress",
    "refactor",
    "refactoring",
    "remediation",
    "report",
    "reports",
    "results",
    "retrospective",
    "retrospectives",
    "review",
    "reviews",
    "status",
    "summaries",
    "summary",
    "verification",
];

const PLAN: &[&str] = &[
    "adr",
    "adrs",
    "backlog",
    "decisions",
    "ideas",
    "improvements",
    "plan",
    "planning",
    "plans",
    "prd",
    "prds",
    "prompt",
    "prompts",
    "proposal",
    "proposals",
    "proposed",
    "rfc",
    "rfcs",
    "roadmap",
    "spec",
    "specs",
    "strategy",
    "tasks",
    "todo",
    "todos",
    "vision",
];

/// Returns what a page is for.
pub(crate) fn kind(source: &SourceFile, page: &Markdown) -> PageKind {
    let path = &source.path;
    let name = path.file_name().to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let folders: Vec<String> = path.folders().map(str::to_ascii_lowercase).collect();
    let in_folder = |wanted: &[&str]| folders.iter().any(|folder| wanted.contains(&folder.as_str()));
    let words = |text: &str, wanted: &[&str]| words_of(text).any(|word| wanted.contains(&word));
    // A number or a part of the name may stand before a folder's name: `11-reports`, `wip_plans`.
    let folder_says = |wanted: &[&str]| folders.iter().any(|folder| words(folder, wanted));
    if source.roles.intersects(Roles::GENERATED | Roles::VENDORED | Roles::MINIFIED)
        || in_folder(FOREIGN)
        || is_generated(&source.text)
    {
        return PageKind::Foreign;
    }
    if name.contains("template") || folder_says(&["template", "templates", "cookiecutter", "scaffold", "scaffolds"]) {
        return PageKind::Template;
    }
    if folders.iter().any(|folder| words_of(folder).any(|word| ARCHIVES.contains(&word)) && !folder.contains("test"))
        || words_of(stem).any(|word| matches!(word, "old" | "archived" | "deprecated" | "obsolete"))
    {
        return PageKind::Archive;
    }
    let title = page.title().map(|it| it.range.slice(&source.text).to_ascii_lowercase()).unwrap_or_default();
    // `SUMMARY.md` is the table of contents of a book.
    let is_contents = stem == "summary";
    if words(stem, HISTORY)
        || HISTORIES.contains(&stem)
        || folder_says(HISTORY)
        || in_folder(HISTORIES)
        || is_version(stem)
        || is_history_title(&title)
    {
        return PageKind::History;
    }
    if !is_contents && (words(stem, RECORD) || is_dated(stem))
        || folder_says(&["reports", "report", "status", "audits", "incidents", "postmortems", "meetings", "minutes"])
        || folders.iter().any(|folder| is_dated(folder) || is_stage(folder))
        || words_of(stem).any(is_stage)
        || is_record_title(&title)
    {
        return PageKind::Record;
    }
    if words(stem, PLAN)
        || folder_says(PLAN)
        || words_of(&title).any(|word| matches!(word, "plan" | "roadmap" | "proposal" | "rfc" | "todo" | "adr"))
    {
        return PageKind::Plan;
    }
    PageKind::Guide
}

/// Returns the outermost folder around a page that keeps what is no longer current.
pub fn archive(path: &RelPath) -> Option<&str> {
    let mut end = 0;
    for folder in path.folders() {
        end += folder.len();
        let lower = folder.to_ascii_lowercase();
        if words_of(&lower).any(|word| ARCHIVES.contains(&word)) {
            return path.as_str().get(..end);
        }
        end += 1;
    }
    None
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_history_title(title: &str) -> bool {
    words_of(title).any(|word| matches!(word, "changelog" | "migrating" | "migration" | "upgrading" | "upgrade"))
        || title.contains("release notes")
        || title.contains("what's new")
}

fn is_record_title(title: &str) -> bool {
    let says = |word: &str| {
        matches!(
            word,
            "report"
                | "summary"
                | "complete"
                | "completed"
                | "completion"
                | "audit"
                | "retrospective"
                | "postmortem"
                | "status"
                | "progress"
        )
    };
    words_of(title).any(says) || title.contains('✅')
}

/// Returns whether a name is that of a version: `5.2`, `v1.2.3`.
fn is_version(stem: &str) -> bool {
    let plain = stem.strip_prefix('v').unwrap_or(stem);
    plain.contains(['.', '_'])
        && plain.starts_with(|it: char| it.is_ascii_digit())
        && plain.split(['.', '_', '-']).all(|part| part.chars().all(|it| it.is_ascii_digit() || it == 'x'))
}

/// Returns whether a name holds a year of this age.
pub(crate) fn is_dated(name: &str) -> bool {
    words_of(name).any(|word| {
        let year = word.get(..4).unwrap_or("");
        (word.len() == 4 || word.len() == 8)
            && year.starts_with("20")
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && year.as_bytes().get(2).is_some_and(|it| matches!(it, b'1'..=b'3'))
    })
}

/// Returns whether a name is that of a stage of some work: `week2`, `phase1`.
fn is_stage(name: &str) -> bool {
    ["phase", "week", "sprint", "day", "milestone"].iter().any(|word| {
        name.strip_prefix(word).is_some_and(|rest| rest.bytes().all(|it| it.is_ascii_digit() || it == b'-'))
    }) && name.bytes().any(|it| it.is_ascii_digit())
}

/// Returns whether the first lines say that a program writes the page.
fn is_generated(text: &str) -> bool {
    let head = text.get(..text.floor_char_boundary(600)).unwrap_or(text).to_ascii_lowercase();
    ["auto-generated", "autogenerated", "automatically generated", "generated by", "do not edit"]
        .iter()
        .any(|mark| head.contains(mark))
}

#[cfg(test)]
mod tests {
    use arrears_core::source::{Language, RelPath, Roles, SourceFile};
    use arrears_syntax::document::markdown;

    use super::{PageKind, kind};

    #[test]
    fn a_page_is_known_by_its_path_and_its_title() {
        let found = |path: &str, text: &str| {
            let source = SourceFile::new(RelPath::new(path), text, Language::Markdown, Roles::empty());
            kind(&source, &markdown::read(text))
        };
        let pages = [
            ("README.md", "# Shop", PageKind::Guide),
            ("docs/SUMMARY.md", "# Summary of contents", PageKind::Record),
            ("docs/SUMMARY.md", "# Contents", PageKind::Guide),
            ("CHANGELOG.md", "", PageKind::History),
            ("docs/releases/5.2.md", "", PageKind::History),
            ("docs/v1.2.3.md", "", PageKind::History),
            ("docs/11-reports/auth.md", "", PageKind::Record),
            ("docs/auth.md", "# Authentication: implementation complete", PageKind::Record),
            ("docs/CLEANUP_2025_09.md", "", PageKind::Record),
            ("docs/phase2/auth.md", "", PageKind::Record),
            ("docs/ROADMAP.md", "", PageKind::Plan),
            ("docs/Archive/2024/plan.md", "", PageKind::Archive),
            (".github/ISSUE_TEMPLATE/bug.md", "", PageKind::Template),
            ("docs/api.md", "<!-- Auto-generated by make docs -->", PageKind::Foreign),
            ("examples/shop/README.md", "", PageKind::Foreign),
            ("docs/system-design.md", "# System design", PageKind::Guide),
        ];
        for (path, text, expected) in pages {
            assert_eq!(found(path, text), expected, "{path}");
        }
    }
}
