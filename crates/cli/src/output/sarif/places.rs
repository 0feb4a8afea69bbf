//! Places in files: addresses, regions, snippets.

use arrears_core::secret;
use arrears_core::source::{RelPath, SourceFile};
use arrears_core::text::TextRange;

use super::schema::{ArtifactLocation, ContextRegion, Location, PhysicalLocation, Region, Text};
use crate::output::Outcome;

/// What paths are relative to: the root of the repository, wherever it is checked out.
pub(super) const ROOT: &str = "%SRCROOT%";
/// How many bytes a snippet may have; a line for machines is left out rather than cut.
const LARGEST_SNIPPET: u32 = 2000;

/// Returns a place.
pub(super) fn location(outcome: &Outcome<'_>, path: &RelPath, range: TextRange) -> Location {
    let source = outcome.workspace.file(path).map(|file| &file.source);
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: artifact(outcome, path),
            region: Some(Region { snippet: source.and_then(|it| snippet(it, range)), ..region(outcome, path, range) }),
            context_region: source.and_then(|source| context(source, range)),
        },
        message: None,
    }
}

/// Returns a file as a whole.
pub(super) fn file(outcome: &Outcome<'_>, path: &RelPath) -> Location {
    let physical_location =
        PhysicalLocation { artifact_location: artifact(outcome, path), region: None, context_region: None };
    Location { id: None, physical_location, message: None }
}

/// Returns the address of a file.
pub(super) fn artifact(outcome: &Outcome<'_>, path: &RelPath) -> ArtifactLocation {
    ArtifactLocation { uri: encoded(&outcome.in_repository(path)), uri_base_id: ROOT }
}

/// Returns lines and columns, without text.
pub(super) fn region(outcome: &Outcome<'_>, path: &RelPath, range: TextRange) -> Region {
    let (start, end) = outcome.positions(path, range);
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
        snippet: None,
    }
}

/// Percent-encodes each segment of a path.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

fn snippet(source: &SourceFile, range: TextRange) -> Option<Text> {
    let is_shown = !range.is_empty() && range.len() <= LARGEST_SNIPPET;
    is_shown.then(|| Text { text: secret::masked(source, range.to_usize()) })
}

/// Returns the lines of a range with one more on each side; none where there are no more lines or very long ones.
fn context(source: &SourceFile, range: TextRange) -> Option<ContextRegion> {
    let lines = &source.lines;
    let (first, last) = (lines.line(range.start()), lines.line(range.end()));
    let before = first.saturating_sub(1);
    // What follows the last line end is no line to look at.
    let after = if lines.line_range(last + 1).is_empty() { last } else { last + 1 };
    let shown = TextRange::new(lines.line_range(before).start(), lines.line_range(after).end());
    let is_more = before < first || last < after;
    (is_more && shown.len() <= LARGEST_SNIPPET).then(|| ContextRegion {
        start_line: before + 1,
        end_line: after + 1,
        snippet: Text { text: secret::masked(source, shown.to_usize()) },
    })
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn segments_are_encoded_and_slashes_kept() {
        assert_eq!(encoded("app/[slug]/a b/é:%.tsx"), "app/%5Bslug%5D/a%20b/%C3%A9%3A%25.tsx");
    }
}
