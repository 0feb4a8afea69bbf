//! An open document and what is shown in it.

use std::path::Path;

use arrears_core::source::RelPath;
use arrears_linter::analyze::analyze_again;
use arrears_linter::report::Reported;
use arrears_linter::workspace::Workspace;
use gen_lsp_types::Uri;

use crate::buffer::{Buffer, Replaced};
use crate::convert::{Found, Text};
use crate::host::Host;
use crate::position::Encoding;
use crate::project::Project;
use crate::worker::{FileReport, ProjectId};

/// Text of more than this many bytes is kept, and not analysed.
const LARGEST: usize = 1 << 20;
/// How many edits are remembered for a report that is under way; more than these drop its findings.
const MOST_EDITS: usize = 10_000;

/// A document that the client has opened.
#[derive(Debug)]
pub(crate) struct Document {
    /// The address, as the client wrote it.
    pub(crate) uri: Uri,
    /// The project that it lies in.
    pub(crate) project: ProjectId,
    /// Where, once the project is open.
    pub(crate) path: Option<RelPath>,
    pub(crate) buffer: Buffer,
    /// What the quick rules found in the text as it is.
    quick: Vec<Found>,
    /// What only the whole project shows, moved by the edits since.
    whole: Vec<Found>,
    /// The edits since the last report was asked for, each with the version it made.
    edits: Vec<(i32, Replaced)>,
    /// Whether `check` reads the file too: it is neither ignored nor excluded.
    pub(crate) is_read: bool,
    /// Whether the quick rules are to run.
    pub(crate) is_stale: bool,
    /// Whether the text changed since the last report was asked for.
    pub(crate) is_changed: bool,
    /// Whether a report came since the document was opened.
    pub(crate) is_reported: bool,
}

impl Document {
    pub(crate) fn new(uri: Uri, project: ProjectId, buffer: Buffer) -> Self {
        Self {
            uri,
            project,
            path: None,
            buffer,
            quick: Vec::new(),
            whole: Vec::new(),
            edits: Vec::new(),
            is_read: true,
            is_stale: true,
            is_changed: true,
            is_reported: false,
        }
    }

    /// Returns the text and its lines.
    pub(crate) fn text(&self) -> Text<'_> {
        Text { text: &self.buffer.text, lines: &self.buffer.lines }
    }

    /// Returns whether the document is looked at: `check` reads the file, and it is small enough.
    pub(crate) fn is_looked_at(&self) -> bool {
        self.is_read && self.buffer.text.len() <= LARGEST
    }

    /// Says where the document lies, as far as its project is open.
    pub(crate) fn place(&mut self, project: &Project, path: &Path, host: &dyn Host) {
        self.project = project.id;
        self.path = project.relative(path);
        self.is_read = match (&self.path, project.root()) {
            (Some(path), Some(root)) if project.is_folder => host.is_read(root, path),
            _ => true,
        };
    }

    /// Takes note of an edit that was made.
    pub(crate) fn edited(&mut self, replaced: Replaced) {
        self.is_changed = true;
        move_all(&mut self.quick, replaced);
        move_all(&mut self.whole, replaced);
        self.edits.push((self.buffer.version, replaced));
        if self.edits.len() > MOST_EDITS {
            self.edits.clear();
            self.whole.clear();
        }
    }

    /// Runs the quick rules over the text.
    pub(crate) fn refresh(&mut self, host: &dyn Host, root: &Path, rules: &Workspace, encoding: Encoding) {
        self.is_stale = false;
        self.quick.clear();
        let Some(path) = self.path.clone().filter(|_| self.is_looked_at()) else { return };
        let Some(source) = host.source(root, &path, self.buffer.text.clone()) else { return };
        let (analysis, tree) = analyze_again(source, rules.rules(), self.buffer.tree.as_ref());
        self.buffer.tree = tree;
        let found = rules.alone(&analysis);
        let text = self.text();
        let text_of = |wanted: &RelPath| (*wanted == path).then_some(text);
        self.quick = found.into_iter().map(|it| Found::new(it, encoding, &text_of)).collect();
        self.whole.retain(|it| !rules.is_silenced(&it.reported.diagnostic, &analysis));
    }

    /// Takes what a report says about the document, which may have been edited since.
    pub(crate) fn take(&mut self, report: &FileReport) {
        let is_quick =
            |found: &Found| report.quick.iter().any(|it: &Reported| it.diagnostic == found.reported.diagnostic);
        self.whole = report.all.iter().filter(|found| !is_quick(found)).cloned().collect();
        self.edits.retain(|(version, _)| *version > report.version);
        for (_, replaced) in &self.edits {
            move_all(&mut self.whole, *replaced);
        }
        self.is_reported = true;
    }

    /// Returns all that is to be shown, in the order of the text.
    pub(crate) fn findings(&self) -> Vec<&Found> {
        let mut all: Vec<&Found> = self.quick.iter().chain(&self.whole).collect();
        all.sort_by(|left, right| left.reported.diagnostic.sort_key().cmp(&right.reported.diagnostic.sort_key()));
        all
    }

    /// Returns what the quick rules found.
    pub(crate) fn quick(&self) -> impl Iterator<Item = &Found> {
        self.quick.iter()
    }

    /// Returns what only the whole project shows.
    pub(crate) fn whole(&self) -> impl Iterator<Item = &Found> {
        self.whole.iter()
    }
}

/// Moves findings by an edit; those that it overlaps are gone, and so are fixes that it overlaps.
fn move_all(found: &mut Vec<Found>, replaced: Replaced) {
    found.retain_mut(|it| {
        let diagnostic = &mut it.reported.diagnostic;
        let Some(range) = replaced.moved(diagnostic.primary.range) else { return false };
        diagnostic.primary.range = range;
        let edits = diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        let mut is_whole = true;
        for edit in edits {
            match replaced.moved(edit.range) {
                Some(range) => edit.range = range,
                None => is_whole = false,
            }
        }
        if !is_whole {
            diagnostic.fix = None;
        }
        true
    });
}
