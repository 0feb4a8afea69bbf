//! The tests of a repository: which files hold them, how many, and what is deployed beside them.

mod find;
mod unit;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

/// The tests of a repository, and what they are for.
#[derive(Debug, Default)]
pub struct Suites<'p> {
    /// The files that hold tests, sorted by path; those that hold none are left out.
    pub files: Vec<TestFile<'p>>,
    /// What is deployed.
    pub units: Vec<Unit<'p>>,
    /// Whether tests are written in a language that is not read: Robot, Gherkin, shell.
    pub has_others: bool,
}

/// A file with tests.
#[derive(Debug, Clone, Copy)]
pub struct TestFile<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// Whether it is written in Python.
    pub is_python: bool,
    /// How many tests it holds.
    pub tests: usize,
    /// Whether they drive a browser or a device.
    pub is_end_to_end: bool,
}

/// Something that is deployed.
#[derive(Debug, Clone)]
pub struct Unit<'p> {
    /// What it is.
    pub kind: UnitKind,
    /// Its folder.
    pub folder: &'p str,
    /// What people call it.
    pub name: String,
    /// Where a finding about it stands.
    pub path: &'p RelPath,
    /// The line there.
    pub range: TextRange,
    /// How many modules it has.
    pub modules: usize,
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    /// A Django application with models or views.
    Application,
    /// A package of JavaScript that is an application.
    Package,
}

impl<'p> Suites<'p> {
    /// Returns how many tests there are.
    pub fn count(&self) -> usize {
        self.files.iter().map(|it| it.tests).sum()
    }

    /// Returns the files with tests below a folder.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a TestFile<'p>> {
        self.files.iter().filter(move |it| {
            folder.is_empty() || it.path.as_str().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        })
    }
}
