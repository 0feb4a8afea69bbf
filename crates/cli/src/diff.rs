//! Changes as a unified diff that shows no secrets.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::Range;

use arrears_core::secret::{self, Kind};
use arrears_core::source::{Language, RelPath, Roles, SourceFile};
use similar::udiff::UnifiedDiffHunk;
use similar::{ChangeTag, DiffOp, TextDiff};

/// How many lines are shown before and after a change.
const CONTEXT: usize = 3;

/// What had to be left out.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Hidden {
    /// Changed lines that hold secrets, which no tool can apply.
    pub(crate) lines: usize,
    /// Changes right above a secret: git asks for `--unidiff-zero`.
    pub(crate) bare: usize,
}

/// Writes what a file becomes.
///
/// Lines around a change that hold secrets are left out, so that the rest stays applicable.
pub(crate) fn write(path: &RelPath, old: &str, new: &str, out: &mut dyn Write) -> io::Result<Hidden> {
    let diff = TextDiff::from_lines(old, new);
    let (before, after) = (secrets(path, old), secrets(path, new));
    let (old_starts, new_starts) = (starts(diff.iter_old_slices()), starts(diff.iter_new_slices()));
    let lines = lines_with(&old_starts, &before);
    let mut hidden = Hidden::default();
    let mut is_first = true;
    for group in diff.grouped_ops(CONTEXT) {
        for ops in apart(&group, &lines) {
            if is_first {
                writeln!(out, "--- a/{path}\n+++ b/{path}")?;
                is_first = false;
            }
            let ends = ops.last().map_or(0, |op| op.old_range().end);
            let is_bare = !matches!(ops.last(), Some(DiffOp::Equal { .. })) && ends < diff.old_len();
            hidden.bare += usize::from(is_bare);
            let hunk = UnifiedDiffHunk::new(ops, &diff, true);
            writeln!(out, "{}", hunk.header())?;
            for change in hunk.iter_changes() {
                let (starts, places, index) = match change.tag() {
                    ChangeTag::Insert => (&new_starts, &after, change.new_index()),
                    ChangeTag::Delete | ChangeTag::Equal => (&old_starts, &before, change.old_index()),
                };
                let start = index.and_then(|at| starts.get(at)).copied().unwrap_or(0);
                let line = change.value();
                let shown = secret::mask(line, start, places);
                hidden.lines += usize::from(*shown != *line);
                write!(out, "{}{shown}", change.tag())?;
                if change.missing_newline() {
                    writeln!(out, "\n\\ No newline at end of file")?;
                }
            }
        }
    }
    Ok(hidden)
}

fn secrets(path: &RelPath, text: &str) -> Vec<Range<usize>> {
    let language = Language::of(path).unwrap_or(Language::Text);
    secret::places(text, Kind::of(&SourceFile::new(path.clone(), text, language, Roles::empty())))
}

/// Returns where lines start, and where the last one ends.
fn starts<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<usize> {
    let mut starts = vec![0];
    for line in lines {
        starts.push(starts.last().map_or(0, |last| last + line.len()));
    }
    starts
}

/// Returns the lines that hold secrets, counted from 0.
fn lines_with(starts: &[usize], places: &[Range<usize>]) -> BTreeSet<usize> {
    let line = |at: usize| starts.partition_point(|start| *start <= at).saturating_sub(1);
    places.iter().flat_map(|place| line(place.start)..=line(place.end.saturating_sub(1))).collect()
}

/// Splits a group of changes where unchanged lines between them hold secrets.
fn apart(group: &[DiffOp], lines: &BTreeSet<usize>) -> Vec<Vec<DiffOp>> {
    let mut groups: Vec<Vec<DiffOp>> = vec![Vec::new()];
    for op in group {
        let DiffOp::Equal { old_index, new_index, len } = *op else {
            if let Some(last) = groups.last_mut() {
                last.push(*op);
            }
            continue;
        };
        let part = |from: usize, to: usize| DiffOp::Equal {
            old_index: from,
            new_index: new_index + from - old_index,
            len: to - from,
        };
        let end = old_index + len;
        let within = || lines.range(old_index..end);
        let (Some(first), Some(last)) = (within().next(), within().next_back()) else {
            if let Some(last) = groups.last_mut() {
                last.push(*op);
            }
            continue;
        };
        if let Some(group) = groups.last_mut().filter(|_| *first > old_index) {
            group.push(part(old_index, *first));
        }
        groups.push(if last + 1 < end { vec![part(last + 1, end)] } else { Vec::new() });
    }
    let changes = |ops: &Vec<DiffOp>| ops.iter().any(|op| !matches!(op, DiffOp::Equal { .. }));
    groups.retain(changes);
    groups
}
