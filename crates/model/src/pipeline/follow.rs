//! What a command does, through the scripts of the repository that it runs.

use std::collections::BTreeSet;

use arrears_core::source::RelPath;
use arrears_syntax::document::tree::Item;

use super::program::{by_program, is_test_name};
use super::shell::{Command, Script};
use super::work::{Meaning, Work, meaning};
use crate::project::{ProjectFile, ProjectModel};

/// How many steps lie between a command and what it does; a script takes two.
const DEEPEST: u32 = 10;

/// Follows commands through the repository.
pub(super) struct Follower<'m, 'p> {
    model: &'m ProjectModel<'p>,
    manifests: Vec<ProjectFile<'p>>,
    seen: BTreeSet<String>,
}

impl<'m, 'p> Follower<'m, 'p> {
    /// Prepares for the scripts of a repository.
    pub(super) fn new(model: &'m ProjectModel<'p>) -> Self {
        let manifests = model.files().filter(|it| it.source.path.file_name() == "package.json").collect();
        Self { model, manifests, seen: BTreeSet::new() }
    }

    /// Returns what the commands of a script do, each one; `folder` is where they run.
    pub(super) fn commands(&mut self, script: &Script, folder: &mut String) -> Vec<(Command, Work)> {
        let mut found = Vec::new();
        for command in script.commands() {
            self.seen.clear();
            let work = self.work(&command.words, folder, DEEPEST);
            found.push((command, work));
        }
        found
    }

    fn work(&mut self, words: &[String], folder: &mut String, depth: u32) -> Work {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let ["cd" | "pushd", target, ..] = words.as_slice() {
            *folder = joined(folder, target);
            return Work::empty();
        }
        let Some(depth) = depth.checked_sub(1) else { return Work::UNKNOWN };
        match meaning(&words) {
            Meaning::Is(work) => work,
            Meaning::Script(text) => self.script(&text, folder, depth),
            Meaning::Package(names) => {
                let folder = asked_folder(&words).map_or_else(|| folder.clone(), |asked| joined(folder, asked));
                names.iter().fold(Work::empty(), |all, name| all | self.package(name, &folder, depth))
            }
            Meaning::Make(targets, asked) => {
                let folder = asked.map_or_else(|| folder.clone(), |asked| joined(folder, &asked));
                self.recipes(&["Makefile", "makefile", "GNUmakefile"], &targets, &folder, depth)
            }
            Meaning::Just(targets) => self.recipes(&["justfile", "Justfile", ".justfile"], &targets, folder, depth),
            Meaning::Environments(tool, names) => self.environments(tool, &names, depth),
            Meaning::File(path) => self.file(&path, folder, depth),
        }
    }

    /// Returns what the lines of a script do together.
    fn script(&mut self, text: &str, folder: &str, depth: u32) -> Work {
        let mut folder = folder.to_owned();
        let commands = Script::plain(text, 0).commands();
        commands.iter().fold(Work::empty(), |all, it| all | self.work(&it.words, &mut folder, depth))
    }

    fn package(&mut self, name: &str, folder: &str, depth: u32) -> Work {
        let own = self.manifests.iter().filter(|it| it.source.path.folder() == folder).copied();
        let all = self.manifests.iter().copied();
        let candidates: Vec<ProjectFile<'p>> = own.chain(all).collect();
        for manifest in candidates {
            let tree = manifest.facts.document().and_then(|it| it.tree()).and_then(|it| it.root());
            let script = tree.and_then(|it| it.at(&["scripts", name])).and_then(Item::text);
            let Some(script) = script else { continue };
            if !self.seen.insert(format!("{}#{name}", manifest.source.path)) {
                return Work::empty();
            }
            let before = tree.and_then(|it| it.at(&["scripts", &format!("pre{name}")])).and_then(Item::text);
            let folder = manifest.source.path.folder();
            let more = before.map_or(Work::empty(), |before| self.script(before, folder, depth));
            return self.script(script, folder, depth) | more;
        }
        by_name(name)
    }

    fn recipes(&mut self, names: &[&str], targets: &[String], folder: &str, depth: u32) -> Work {
        let places = [folder, ""];
        let found = places.iter().find_map(|folder| names.iter().find_map(|name| self.at(&joined(folder, name))));
        let Some(file) = found else {
            return targets.iter().fold(Work::UNKNOWN, |all, target| all | by_name(target));
        };
        let first = rules(&file.source.text).next().map(|(name, ..)| name.to_owned());
        let wanted: Vec<String> = if targets.is_empty() { first.into_iter().collect() } else { targets.to_vec() };
        let folder = file.source.path.folder().to_owned();
        wanted.iter().fold(Work::empty(), |all, target| all | self.recipe(file, target, &folder, depth))
    }

    fn recipe(&mut self, file: ProjectFile<'p>, target: &str, folder: &str, depth: u32) -> Work {
        let Some(depth) = depth.checked_sub(1) else { return Work::UNKNOWN };
        if !self.seen.insert(format!("{}:{target}", file.source.path)) {
            return Work::empty();
        }
        let mut all = Work::empty();
        let mut is_found = false;
        for (_, needs, body) in rules(&file.source.text).filter(|(name, ..)| *name == target) {
            is_found = true;
            for line in body.lines() {
                let line = line.trim_start().trim_start_matches(['@', '-', '+']);
                let line = line.replace("$(MAKE)", "make").replace("${MAKE}", "make");
                all |= self.script(&line, folder, depth);
            }
            for need in needs.split_whitespace().take(20) {
                all |= self.recipe(file, need, folder, depth);
            }
        }
        if is_found { all } else { by_name(target) | Work::UNKNOWN }
    }

    fn environments(&mut self, tool: &str, names: &[String], depth: u32) -> Work {
        let is_tests = |name: &String| is_test_name(name) || name.starts_with("py");
        if names.is_empty() || names.iter().any(is_tests) {
            return Work::TEST;
        }
        let text = match tool {
            "tox" => ["tox.ini", "tox.toml", "setup.cfg", "pyproject.toml"].iter().find_map(|it| self.at(it)),
            _ => self.at("noxfile.py"),
        };
        let Some(file) = text.filter(|_| depth > 0) else { return Work::UNKNOWN };
        let mut all = names.iter().fold(Work::empty(), |all, name| all | by_name(name));
        for name in names {
            // Sections of tox share what they run through others; a mention of the runner is enough to be silent.
            let is_read = file.source.text.contains(name.as_str());
            all |= if is_read && !file.source.text.contains("pytest") { Work::empty() } else { Work::UNKNOWN };
        }
        all
    }

    fn file(&mut self, path: &str, folder: &str, depth: u32) -> Work {
        let named = if is_test_name(path) { Work::TEST } else { Work::empty() };
        let plain = path.trim_start_matches("./");
        let found = [joined(folder, plain), plain.to_owned()].iter().find_map(|it| self.at(it));
        let Some(file) = found else {
            return named | by_program(plain.rsplit('/').next().unwrap_or(plain), &[""; 0]) | Work::UNKNOWN;
        };
        if !self.seen.insert(file.source.path.to_string()) {
            return named;
        }
        if file.facts.python().is_some() {
            let runs =
                ["pytest", "unittest", "get_runner", "DiscoverRunner"].iter().any(|it| file.source.text.contains(it));
            return named | if runs { Work::TEST } else { Work::empty() };
        }
        if file.facts.script().is_some() {
            return named;
        }
        named | self.script(&file.source.text, folder, depth)
    }

    fn at(&self, path: &str) -> Option<ProjectFile<'p>> {
        self.model.file(&RelPath::new(path))
    }
}

/// Returns what a target, a script or an environment does by its name alone.
fn by_name(name: &str) -> Work {
    let says = |word: &str| name.split(|it: char| !it.is_ascii_alphanumeric()).any(|part| part == word);
    let mut work = Work::empty();
    work.set(Work::TEST, is_test_name(name));
    work.set(Work::LINT, ["lint", "typecheck", "mypy", "ruff", "flake8", "types", "style"].iter().any(|it| says(it)));
    work.set(Work::BUILD, says("build"));
    work.set(Work::AUDIT, says("audit"));
    work.set(Work::MIGRATE, says("migrate") || says("migrations"));
    work
}

/// Returns the folder that an option of a package manager names.
fn asked_folder<'w>(words: &[&'w str]) -> Option<&'w str> {
    let at = words.iter().position(|it| matches!(*it, "--prefix" | "--cwd" | "-C" | "--dir"))?;
    words.get(at + 1).copied()
}

/// Returns the rules of a Makefile or a justfile: the target, what it needs, and its lines.
fn rules(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let starts: Vec<usize> = text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        })
        .filter(|(_, line)| is_rule(line))
        .map(|(start, _)| start)
        .collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts.into_iter().zip(ends).flat_map(move |(from, to)| {
        let whole = text.get(from..to).unwrap_or("");
        let (head, body) = whole.split_once('\n').unwrap_or((whole, ""));
        let (names, needs) = head.split_once(':').unwrap_or((head, ""));
        let (needs, inline) = needs.split_once(';').unwrap_or((needs, ""));
        let body = if inline.is_empty() { body } else { inline };
        names.split_whitespace().map(move |name| (name.trim_start_matches('@'), needs, body)).collect::<Vec<_>>()
    })
}

fn is_rule(line: &str) -> bool {
    !line.starts_with([' ', '\t', '#', '\n', '.'])
        && line.split_once(':').is_some_and(|(names, rest)| !rest.starts_with('=') && !names.contains(['=', '"']))
}

/// Joins a folder and a path that is relative to it.
pub(super) fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    let path = path.strip_prefix("${{ github.workspace }}").unwrap_or(path);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
