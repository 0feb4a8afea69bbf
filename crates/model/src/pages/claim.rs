//! What pages claim to be done, and nothing in the repository shows.

use arrears_core::source::{Language, Roles};
use arrears_core::text::TextRange;
use arrears_syntax::document::markdown::BlockKind;

use super::kind::{PageKind, is_dated};
use super::technology::{TECHNOLOGIES, Technology};
use super::{Page, tense};
use crate::project::ProjectModel;

/// A claim that nothing supports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed.
    pub technology: &'static Technology,
    /// Where.
    pub range: TextRange,
}

/// Signs that something is done.
const DONE: &[&str] = &["✅", "[x]", "[X]", "✓", "✔", "☑"];

/// Words that say so.
const SAYS_DONE: &[&str] =
    &["configured", "enabled", "implemented", "integrated", "installed", "active", "operational"];

/// Words of headings under which every item is what the project is made with.
const STACK: &[&str] = &["stack", "technologies", "built with", "tech"];

/// Words of lines that claim nothing.
const OPEN: &[&str] = &[
    "alternative",
    "alternatives",
    "avoid",
    "can",
    "consider",
    "could",
    "disabled",
    "e.g",
    "eg",
    "either",
    "etc",
    "example",
    "if",
    "instead",
    "lacks",
    "later",
    "like",
    "may",
    "missing",
    "need",
    "needed",
    "needs",
    "no",
    "not",
    "optional",
    "optionally",
    "or",
    "pending",
    "planned",
    "production",
    "recommend",
    "recommended",
    "removed",
    "replaced",
    "should",
    "similar",
    "soon",
    "support",
    "supported",
    "todo",
    "unless",
    "upcoming",
    "via",
    "when",
    "will",
    "without",
    "would",
    "deprecated",
    "migrated",
    "free",
];

/// Extensions of code that is not read.
const UNREAD: &[&str] =
    &["c", "cpp", "cs", "dart", "ex", "go", "java", "kt", "php", "rb", "rs", "scala", "svelte", "swift", "vue"];

/// Returns the claims of pages that nothing in code or configuration supports, the first place of each.
pub fn unsupported<'p, 'a>(model: &ProjectModel<'p>, pages: &'a [Page<'p>]) -> Vec<(&'a Page<'p>, Claim)> {
    let mut found: Vec<(&Page<'p>, Claim)> = Vec::new();
    for page in pages.iter().filter(|page| is_current(page)) {
        let mut seen: Vec<&str> = Vec::new();
        for claim in claims(page) {
            if !seen.contains(&claim.technology.name) {
                seen.push(claim.technology.name);
                found.push((page, claim));
            }
        }
    }
    if found.is_empty() || !is_complete(model) {
        return Vec::new();
    }
    let shown = shown(model, &found);
    found.retain(|(_, claim)| !shown.contains(&claim.technology.name));
    found
}

/// Returns whether a page says how things are: a guide, or a status page that is not of some day.
fn is_current(page: &Page<'_>) -> bool {
    let path = &page.source.path;
    match page.kind {
        PageKind::Guide => true,
        PageKind::Record => {
            !is_dated(path.as_str()) && !path.folders().any(|it| it.to_ascii_lowercase().contains("report"))
        }
        PageKind::History | PageKind::Plan | PageKind::Archive | PageKind::Template | PageKind::Foreign => false,
    }
}

/// Returns whether nearly all code of the repository is read.
fn is_complete(model: &ProjectModel<'_>) -> bool {
    let (mut read, mut unread) = (0_usize, 0_usize);
    for path in model.inventory().files() {
        read += usize::from(Language::of(path).is_some_and(|it| it.family().is_some()));
        unread += usize::from(UNREAD.contains(&path.extension()));
    }
    read >= 5 && unread * 20 <= read
}

fn claims(page: &Page<'_>) -> Vec<Claim> {
    let text = &*page.source.text;
    let mut found = Vec::new();
    for (at, block) in (0..).zip(page.markdown.blocks()) {
        if !matches!(block.kind, BlockKind::Row | BlockKind::Item(_)) || block.kind == BlockKind::Item(Some(false)) {
            continue;
        }
        let own = page.markdown.own(at);
        let line = own.slice(text).split("<!--").next().unwrap_or("");
        let lower = line.to_lowercase();
        let says = |words: &[&str]| words_of(&lower).any(|word| words.contains(&word));
        let headings =
            || page.markdown.headings(at).map(|it| tense::without_comments(it.range.slice(text)).to_lowercase());
        let is_done = block.kind == BlockKind::Item(Some(true))
            || DONE.iter().any(|mark| line.contains(mark))
            || says(SAYS_DONE)
            || headings().next().is_some_and(|it| STACK.iter().any(|word| it.contains(word)));
        if !is_done || line.len() > 400 || says(OPEN) || lower.contains('?') || lower.contains('❌') {
            continue;
        }
        let is_over = |it: String| {
            !tense::outer_is_present(&it) || words_of(&it).any(|word| OPEN.contains(&word) && word != "production")
        };
        if headings().any(is_over) || !tense::is_claim(page.markdown, text, at, TextRange::empty(own.start())) {
            continue;
        }
        for technology in TECHNOLOGIES {
            let place = technology.said.iter().find_map(|said| place_of(&lower, said).map(|at| (at, said.len())));
            // Lower-casing keeps places only where it keeps lengths.
            if let Some((at, length)) = place.filter(|_| lower.len() == line.len()) {
                let start = own.to_usize().start + at;
                found.push(Claim { technology, range: TextRange::of(start..start + length) });
            }
        }
    }
    found
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Returns where a name stands as words of its own, outside of addresses and paths.
fn place_of(line: &str, name: &str) -> Option<usize> {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '/' | '.' | '@');
    line.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = line.get(..*at).unwrap_or("");
        let after = line.get(*at + name.len()..).unwrap_or("");
        let goes_on = after.starts_with(is_part) && !after.starts_with(". ") && after.trim_end() != ".";
        !before.ends_with(is_part) && !goes_on
    })
}

/// Returns the names of the claimed technologies that something shows.
fn shown<'p>(model: &ProjectModel<'p>, claims: &[(&Page<'p>, Claim)]) -> Vec<&'static str> {
    let mut open: Vec<&'static Technology> = Vec::new();
    for (_, claim) in claims {
        if !open.contains(&claim.technology) {
            open.push(claim.technology);
        }
    }
    let mut shown = Vec::new();
    let mut meet = |open: &mut Vec<&'static Technology>, is_met: &dyn Fn(&Technology) -> bool| {
        open.retain(|it| {
            let is_met = is_met(it);
            if is_met {
                shown.push(it.name);
            }
            !is_met
        });
    };
    for path in model.inventory().files() {
        let lower = path.as_str().to_ascii_lowercase();
        meet(&mut open, &|it| it.files.iter().any(|file| lower.contains(file)));
    }
    for file in model.files().filter(|file| file.source.language != Language::Markdown) {
        if open.is_empty() || file.source.roles.intersects(Roles::VENDORED | Roles::MINIFIED) {
            continue;
        }
        let lower = file.source.text.to_ascii_lowercase();
        meet(&mut open, &|it| it.shown.iter().any(|sign| lower.contains(sign)));
    }
    shown
}
