//! Counts tests.

use arrears_core::source::{Language, RelPath, Roles};

use super::{Suites, TestFile, unit};
use crate::project::{ProjectFile, ProjectModel};
use crate::python::PythonFacts;

/// Words of tools that drive a browser or a device.
const DRIVERS: [&str; 10] = [
    "playwright",
    "cypress",
    "selenium",
    "detox",
    "webdriver",
    "puppeteer",
    "LiveServerTestCase",
    "StaticLiveServerTestCase",
    "splinter",
    "testcafe",
];

impl<'p> Suites<'p> {
    /// Finds the tests and the deployed parts of a repository.
    pub(crate) fn find(model: &ProjectModel<'p>) -> Self {
        let files = model.files().filter_map(|file| {
            let is_python = file.facts.python().is_some();
            let tests = match file.facts.python() {
                Some(facts) => python(&file.source.path, facts),
                None if is_script_test(&file.source.path) => script(&file),
                None => 0,
            };
            let is_end_to_end = || {
                let path = &file.source.path;
                path.folders().any(|it| matches!(it, "e2e" | "cypress" | "playwright" | "end2end"))
                    || [".cy.", ".e2e."].iter().any(|it| path.file_name().contains(it))
                    || DRIVERS.iter().any(|it| file.facts.words.may_contain(it))
            };
            let path = &file.source.path;
            (tests > 0).then(|| TestFile { path, is_python, tests, is_end_to_end: is_end_to_end() })
        });
        let files: Vec<TestFile<'p>> = files.collect();
        let has_others = model.inventory().files().any(|path| {
            matches!(path.extension(), "robot" | "feature" | "bats" | "hurl" | "rs" | "go" | "rb" | "java" | "kt")
                && !path.as_str().contains("node_modules/")
                && path.as_str().to_ascii_lowercase().contains("test")
                || path.extension() == "feature"
                || path.folders().any(|it| it == ".maestro")
        });
        Self { files, units: unit::all(model), has_others }
    }
}

/// Counts the functions of a module that a runner collects.
fn python(path: &RelPath, facts: &PythonFacts) -> usize {
    let name = path.file_name();
    let is_module = name.starts_with("test") || name.ends_with("_test.py") || name.ends_with("_tests.py");
    let in_tests = path.folders().any(|it| it == "tests" || it == "test");
    let named = |name: &str| name.starts_with("test");
    let functions = facts.functions.iter().filter(|it| named(&it.name) && it.outer.is_none());
    // Elsewhere, only the methods of test cases are tests.
    functions
        .filter(|it| {
            let class = it.class.and_then(|id| facts.class(id));
            is_module
                || in_tests && class.is_none_or(|it| it.name.contains("Test"))
                || class.is_some_and(|it| it.bases.iter().any(|base| base.ends_with("TestCase")))
        })
        .count()
}

/// Returns whether a runner of JavaScript collects a file by its name.
fn is_script_test(path: &RelPath) -> bool {
    let name = path.file_name();
    let language = Language::of(path);
    let is_script = matches!(language, Some(Language::TypeScript | Language::Tsx | Language::JavaScript));
    let marks = [".test.", ".spec.", ".cy.", ".e2e.", "-test.", "_test.", "-spec.", ".unit.", ".int."];
    is_script
        && (marks.iter().any(|it| name.contains(it))
            || path.folders().any(|it| matches!(it, "__tests__" | "tests" | "test" | "cypress" | "e2e" | "spec")))
}

/// Counts calls of `it` and `test` that begin a statement.
fn script(file: &ProjectFile<'_>) -> usize {
    if file.source.roles.intersects(Roles::VENDORED | Roles::MINIFIED) {
        return 0;
    }
    // A screen about tests lies in a folder `tests`; what tests says so by its runner.
    let begins = |line: &&str| {
        let line = line.trim_start();
        ["it", "test", "Deno.test", "specify", "fit", "xit", "setup", "scenario"].iter().any(|name| {
            line.strip_prefix(name).is_some_and(|rest| {
                let method = rest.strip_prefix('.').and_then(|it| it.find('('));
                let rest = method.map_or(rest, |at| rest.get(at + 1..).unwrap_or(""));
                rest.starts_with(['(', '`', '<'])
            })
        })
    };
    file.source.text.lines().filter(begins).count()
}
