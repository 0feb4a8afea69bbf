//! Fixtures: `fixtures/<group>/<name>/{bad,good}`, each a small repository whose flagged lines are marked `expect: code`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arrears_core::source::SourceFile;
use arrears_linter::report::{Report, Reported};
use arrears_linter::workspace::Workspace;
use arrears_syntax::document::dockerfile::is_dockerfile;

use crate::workspace::{inventory, paths_below, read_folder, registry, workspace_of};

/// A finding or an expectation: path, line counted from 1, code.
pub type Place = (String, u32, String);

/// The fixture of one rule.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The rule.
    pub code: String,
    /// The folder that holds `bad/` and `good/`.
    pub folder: PathBuf,
}

impl Fixture {
    /// Returns the files that hold the debt.
    pub fn bad(&self) -> Vec<SourceFile> {
        read_folder(&self.folder.join("bad"))
    }

    /// Returns the files without it.
    pub fn good(&self) -> Vec<SourceFile> {
        read_folder(&self.folder.join("good"))
    }

    /// Analyses the files of `bad` or `good` with every rule; git tracks all of them.
    pub fn workspace(&self, word: &str) -> Workspace {
        let folder = self.folder.join(word);
        workspace_of(read_folder(&folder)).with_inventory(inventory(paths_below(&folder)))
    }
}

/// Returns the folder of all fixtures.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// Returns the fixtures that there are, sorted by code.
pub fn all() -> Vec<Fixture> {
    let fixture = |code: &str| Fixture { code: code.to_owned(), folder: root().join(code) };
    let fixtures = registry().rules().iter().map(|rule| fixture(rule.meta.code.as_str())).collect::<Vec<_>>();
    fixtures.into_iter().filter(|fixture| fixture.folder.is_dir()).collect()
}

/// Returns where the findings of a report start.
pub fn places(workspace: &Workspace, report: &Report) -> BTreeSet<Place> {
    report.diagnostics.iter().map(|reported| place(workspace, reported)).collect()
}

/// Returns where a finding starts.
pub fn place(workspace: &Workspace, reported: &Reported) -> Place {
    let diagnostic = &reported.diagnostic;
    let line = workspace
        .file(diagnostic.path())
        .map_or(0, |file| file.source.lines.position(&file.source.text, diagnostic.primary.range.start()).line);
    (diagnostic.path().to_string(), line, diagnostic.code.to_string())
}

/// Reads the marks `expect: code` at the ends of lines, and `expect: code in path:line` for files that can hold none.
pub fn expectations(sources: &[SourceFile]) -> BTreeSet<Place> {
    let mut expected = BTreeSet::new();
    for source in sources {
        // An instruction of a Dockerfile has no room for a comment: there a line that is only a mark stands for the next.
        let has_own_lines = is_dockerfile(&source.path);
        for (line, text) in (1..).zip(source.text.lines()) {
            let line = if has_own_lines && text.starts_with("# expect:") { line + 1 } else { line };
            expected.extend(marks(text).map(|code| {
                let (path, line) = elsewhere(text, code).unwrap_or_else(|| (source.path.to_string(), line));
                (path, line, code.to_owned())
            }));
        }
    }
    expected
}

/// Returns the place of `expect: code in path:line`; the line is 0 where the file is not read.
fn elsewhere(line: &str, code: &str) -> Option<(String, u32)> {
    let (_, rest) = line.split_once(&format!("expect: {code} in "))?;
    let place = rest.trim_end();
    let numbered = place.rsplit_once(':').and_then(|(path, line)| Some((path.to_owned(), line.parse().ok()?)));
    Some(numbered.unwrap_or_else(|| (place.to_owned(), 0)))
}

/// Returns the codes that a line is marked with.
pub fn marks(line: &str) -> impl Iterator<Item = &str> {
    let code = |mark: &'_ str| -> usize {
        mark.find(|next: char| next.is_whitespace() || next == ',' || next == '*').unwrap_or(mark.len())
    };
    line.split("expect:").skip(1).map(str::trim_start).map(move |mark| &mark[..code(mark)])
}
