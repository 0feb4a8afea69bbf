//! Whether the words around a code span say that what it names is there.

use std::borrow::Cow;

use arrears_core::text::TextRange;
use arrears_syntax::document::markdown::{BlockKind, Markdown};

/// Words that tell a reader to make something, before what is to be made, and words that make it an example.
const BEFORE: &[&str] = &[
    "add",
    "adding",
    "build",
    "builds",
    "called",
    "can",
    "choose",
    "compile",
    "configure",
    "copies",
    "copy",
    "cp",
    "create",
    "creates",
    "creating",
    "define",
    "download",
    "drop",
    "dump",
    "emit",
    "emits",
    "export",
    "exports",
    "extract",
    "generate",
    "generates",
    "generating",
    "if",
    "imagine",
    "like",
    "make",
    "mkdir",
    "move",
    "name",
    "named",
    "new",
    "not",
    "no",
    "output",
    "outputs",
    "override",
    "paste",
    "place",
    "produce",
    "produces",
    "put",
    "rename",
    "save",
    "saved",
    "saves",
    "say",
    "store",
    "stores",
    "suppose",
    "touch",
    "unlike",
    "upload",
    "want",
    "without",
    "write",
    "writes",
    "written",
    "writing",
    "your",
];

/// Words that say anywhere in a sentence that something is not there, or not any more, or not yet.
const ANYWHERE: &[&str] = &[
    "absent",
    "archived",
    "became",
    "consolidated",
    "could",
    "delete",
    "deleted",
    "deleting",
    "deprecated",
    "dropped",
    "eg",
    "example",
    "formerly",
    "future",
    "gitignored",
    "generated",
    "hypothetical",
    "ignored",
    "instead",
    "legacy",
    "maybe",
    "merged",
    "might",
    "migrated",
    "missing",
    "moved",
    "obsolete",
    "optional",
    "optionally",
    "originally",
    "pending",
    "planned",
    "previously",
    "proposed",
    "remove",
    "removed",
    "removes",
    "removing",
    "renamed",
    "replace",
    "replaced",
    "replaces",
    "replacing",
    "retired",
    "should",
    "soon",
    "superseded",
    "suppose",
    "tbd",
    "todo",
    "unused",
    "upcoming",
    "was",
    "were",
    "will",
    "would",
];

/// Phrases of the same kind.
const PHRASES: &[&str] = &[
    " no longer",
    "not exist",
    "n't exist",
    "not found",
    "not yet",
    "to be ",
    "used to ",
    "e.g.",
    "for instance",
    "such as",
    "(new",
    "need to",
    "needs to",
    "have to",
    "→",
    "->",
    "=>",
    "❌",
    "🗑",
    "🚧",
    "⏳",
    "🔲",
    "⬜",
    "github.com/",
    "gitlab.com/",
    " repo ",
    " repository",
    "upstream",
    "n't have",
    "not have",
    "there is no",
];

/// Words that say so of all that stands under a heading, or in a list behind a line.
const OVER: &[&str] = &[
    "after",
    "add",
    "artifacts",
    "before",
    "changelog",
    "changes",
    "cleanup",
    "create",
    "creating",
    "delete",
    "deleted",
    "deprecated",
    "example",
    "examples",
    "former",
    "future",
    "generated",
    "generates",
    "history",
    "historical",
    "ideas",
    "improvements",
    "legacy",
    "migrate",
    "migrated",
    "migrating",
    "migration",
    "missing",
    "moved",
    "needed",
    "new",
    "obsolete",
    "old",
    "output",
    "outputs",
    "pending",
    "phase",
    "plan",
    "planned",
    "previous",
    "previously",
    "produces",
    "proposal",
    "proposed",
    "recommendation",
    "recommendations",
    "recommended",
    "refactor",
    "refactoring",
    "remaining",
    "remove",
    "removed",
    "renamed",
    "roadmap",
    "scaffold",
    "should",
    "suggested",
    "todo",
    "tutorial",
    "unused",
    "upcoming",
    "will",
    "would",
];

/// Returns whether the text around a span, of a block of a page, claims that what the span names is there.
pub(crate) fn is_claim(page: &Markdown, text: &str, block: u32, span: TextRange) -> bool {
    let is_struck = page
        .spans()
        .iter()
        .any(|it| it.kind == arrears_syntax::document::markdown::SpanKind::Struck && it.range.contains(span));
    if is_struck {
        return false;
    }
    let mut is_inner = true;
    for (at, outer) in page.around(block) {
        match outer.kind {
            BlockKind::Item(Some(false)) => return false,
            BlockKind::Paragraph | BlockKind::Heading(_) | BlockKind::Row | BlockKind::Item(_) if is_inner => {
                is_inner = false;
                let own = page.own(at);
                let own = if own.contains(span) { own } else { outer.range };
                if !is_present(own.slice(text), span.start().saturating_sub(own.start())) {
                    return false;
                }
            }
            BlockKind::Item(_) if !outer_is_present(page.own(at).slice(text)) => return false,
            BlockKind::List | BlockKind::Table | BlockKind::Paragraph => {
                let intro = page.before(at).filter(|(_, it)| it.kind == BlockKind::Paragraph);
                let is_intro = |it: &str| outer.kind != BlockKind::Paragraph || it.trim_end().ends_with(':');
                if intro.is_some_and(|(_, it)| {
                    let own = it.range.slice(text);
                    is_intro(own) && !outer_is_present(last_sentence(own))
                }) {
                    return false;
                }
            }
            _ => {}
        }
    }
    page.headings(block).all(|heading| outer_is_present(heading.range.slice(text)))
}

/// Returns whether a sentence that holds a span, which starts at a byte of it, says that what the span names is there.
fn is_present(text: &str, at: u32) -> bool {
    let (text, at) = near(text, at as usize);
    let (start, end) = sentence(text, at);
    let lower = without_comments(text.get(start..end).unwrap_or(text)).to_lowercase();
    let before = without_comments(text.get(start..at).unwrap_or("")).to_lowercase();
    !words(&lower).any(|word| ANYWHERE.contains(&word))
        && !words(&before).any(|word| BEFORE.contains(&word))
        && !PHRASES.iter().any(|phrase| lower.contains(phrase))
}

/// Returns whether a heading, or the line before a list, leaves what stands under it in the present.
pub(crate) fn outer_is_present(text: &str) -> bool {
    let lower = without_comments(text.get(..text.floor_char_boundary(LONG)).unwrap_or(text)).to_lowercase();
    !words(&lower).any(|word| OVER.contains(&word))
        && !["❌", "to be ", "next steps", "not yet", "no longer"].iter().any(|it| lower.contains(it))
}

/// Returns the words of a text, what stands in backticks left out.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split('`').step_by(2);
    prose.flat_map(|part| part.split(|it: char| !it.is_alphanumeric())).filter(|word| !word.is_empty())
}

/// Returns where the sentence around a byte begins and ends.
pub(crate) fn sentence(text: &str, at: usize) -> (usize, usize) {
    let ends = |part: &str| -> Vec<usize> {
        ["! ", "? ", ".\n", ". ", "\n\n", ".) "]
            .iter()
            .flat_map(|mark| part.match_indices(mark).map(|(at, found)| at + found.len()))
            .collect()
    };
    let is_end = |before: &str| !["e.g. ", "i.e. ", "etc. ", "eg. ", "cf. "].iter().any(|it| before.ends_with(it));
    let before = text.get(..at).unwrap_or("");
    let start = ends(before).into_iter().filter(|end| is_end(before.get(..*end).unwrap_or(""))).max().unwrap_or(0);
    let after = text.get(at..).unwrap_or("");
    let end = ends(after).into_iter().filter(|end| is_end(after.get(..*end).unwrap_or(""))).min();
    (start, end.map_or(text.len(), |end| at + end))
}

/// Returns a text without the comments of HTML in it.
pub(crate) fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("<!--") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = behind.split_once("-->").map_or("", |(_, behind)| behind);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// No sentence is longer, to either side of what is asked for.
const LONG: usize = 1_000;

/// Returns the part of a text around a byte that its sentence may lie in, and where the byte is there.
fn near(text: &str, at: usize) -> (&str, usize) {
    let start = text.floor_char_boundary(at.saturating_sub(LONG));
    let end = text.floor_char_boundary(at.saturating_add(LONG));
    (text.get(start..end).unwrap_or(text), at - start)
}

fn last_sentence(text: &str) -> &str {
    let (trimmed, _) = near(text.trim_end(), text.trim_end().len());
    let (start, _) = sentence(trimmed, trimmed.len());
    trimmed.get(start..).unwrap_or(trimmed)
}

#[cfg(test)]
mod tests {
    use arrears_syntax::document::markdown;

    use super::is_claim;

    /// Returns whether the first code span of a page is a claim.
    fn claims(text: &str) -> bool {
        let page = markdown::read(text);
        page.spans()
            .iter()
            .find(|it| it.kind == markdown::SpanKind::Code)
            .is_some_and(|it| is_claim(&page, text, it.block, it.range))
    }

    #[test]
    fn what_is_said_to_be_there_is_a_claim() {
        for text in [
            "The models live in `shop/models.py`.",
            "- `shop/tasks.py` - create the tables every night",
            "Create an order. See `shop/orders.py` for details.",
            "## Files\n\n| file | purpose |\n|---|---|\n| `shop/a.py` | orders |",
            "- [x] done in `shop/a.py`",
            "Key files:\n\n- `shop/a.py`",
        ] {
            assert!(claims(text), "{text}");
        }
    }

    #[test]
    fn what_is_to_be_made_or_is_gone_is_none() {
        for text in [
            "Create `shop/models.py` with this content.",
            "The importer will live in `shop/models.py`.",
            "- [ ] write `shop/models.py`",
            "- [ ] importer\n  - `shop/models.py`",
            "- `shop/models.py` (removed)",
            "- ❌ `shop/models.py`",
            "Put a lock next to the model (e.g. `orders/locks.py`).",
            "There is no `docs/labels.md`.",
            "## Planned files\n\n- `shop/a.py`",
            "Files to create:\n\n- `shop/a.py`",
            "~~`shop/a.py`~~",
            "- `a/b.py` → `c.py`",
            "Edit your `shop/settings.py`.",
            "The dump is written to `shop/a.json`.",
            "See `shop/a.py` in the [other](https://github.com/a/b) project.",
        ] {
            assert!(!claims(text), "{text}");
        }
    }
}
