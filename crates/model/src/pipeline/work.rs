//! What a command does, by its program and its arguments.

use super::program::{by_program, is_test_name};
use serde::{Deserialize, Serialize};

bitflags::bitflags! {
    /// What a command, a step or a workflow does.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct Work: u16 {
        /// Runs tests.
        const TEST = 1;
        /// Checks style or types.
        const LINT = 1 << 1;
        /// Looks for weaknesses, in dependencies or in code.
        const AUDIT = 1 << 2;
        /// Makes what is delivered.
        const BUILD = 1 << 3;
        /// Changes the schema of a database, or checks that no change is missing.
        const MIGRATE = 1 << 4;
        /// Runs tests in a browser or on a device.
        const BROWSER = 1 << 5;
        /// Measures what the tests cover.
        const COVERAGE = 1 << 6;
        /// Asks for a share of covered lines.
        const GATE = 1 << 7;
        /// Runs what is not read: it may do anything.
        const UNKNOWN = 1 << 8;
    }
}

impl Work {
    /// Returns whether a failure tells that something is wrong with the code.
    pub fn is_check(self) -> bool {
        self.intersects(Self::TEST | Self::LINT | Self::AUDIT | Self::BUILD | Self::MIGRATE)
    }

    /// Says it in a word, the weightiest first: `test`, `lint`.
    pub fn describe(self) -> &'static str {
        let names = [
            (Self::TEST, "test"),
            (Self::MIGRATE, "migration"),
            (Self::AUDIT, "audit"),
            (Self::BUILD, "build"),
            (Self::LINT, "lint"),
        ];
        names.iter().find(|(work, _)| self.contains(*work)).map_or("check", |(_, name)| name)
    }
}

/// What a command turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It does this itself.
    Is(Work),
    /// It runs scripts of a `package.json` by these names, in some package or everywhere.
    Package(Vec<String>),
    /// It makes these targets, with the folder that is asked for.
    Make(Vec<String>, Option<String>),
    /// It runs these recipes of a justfile.
    Just(Vec<String>),
    /// It runs tox or nox with these environments; none for the default ones.
    Environments(&'static str, Vec<String>),
    /// It runs a script of the repository.
    File(String),
    /// It runs a script that is given in the arguments.
    Script(String),
}

/// Runners in front of a command, with how many words they are.
const RUNNERS: [&[&str]; 20] = [
    &["uv", "run"],
    &["poetry", "run"],
    &["pipenv", "run"],
    &["pdm", "run"],
    &["rye", "run"],
    &["hatch", "run"],
    &["conda", "run"],
    &["pixi", "run"],
    &["uv", "tool", "run"],
    &["pipx", "run"],
    &["uvx"],
    &["npx"],
    &["bunx"],
    &["pnpm", "exec"],
    &["pnpm", "dlx"],
    &["yarn", "dlx"],
    &["yarn", "exec"],
    &["npm", "exec"],
    &["coverage", "run"],
    &["bundle", "exec"],
];

/// Words that stand before a command and change nothing about it.
const PREFIXES: [&str; 9] = ["sudo", "time", "exec", "command", "env", "xvfb-run", "nohup", "nice", "dotenv"];

/// Options of runners that take a word.
const VALUED: [&str; 22] = [
    "--with",
    "--group",
    "--extra",
    "--python",
    "-p",
    "--project",
    "--env-file",
    "--directory",
    "-n",
    "--name",
    "-e",
    "-f",
    "--file",
    "--user",
    "-u",
    "-w",
    "--workdir",
    "--only-group",
    "--from",
    "--source",
    "--omit",
    "--rcfile",
];

/// Reads what a command does.
pub(super) fn meaning(words: &[&str]) -> Meaning {
    read(words, 10)
}

fn read(words: &[&str], depth: u32) -> Meaning {
    let nothing = Meaning::Is(Work::empty());
    let (Some(depth), Some((program, rest))) = (depth.checked_sub(1), words.split_first()) else { return nothing };
    let name = program.rsplit('/').next().unwrap_or(program);
    let is_own = program.contains('/') && !program.contains("node_modules/") && !program.starts_with('/');
    if PREFIXES.contains(&name) {
        return read(after_options(rest), depth);
    }
    if name == "timeout" {
        return read(after_options(rest).get(1..).unwrap_or(&[]), depth);
    }
    if let Some(runner) = RUNNERS.iter().find(|it| words.starts_with(it)) {
        let inner = after_options(words.get(runner.len()..).unwrap_or(&[]));
        let inner = if inner.first() == Some(&"-m") { inner.get(1..).unwrap_or(&[]) } else { inner };
        let found = read(inner, depth);
        let is_coverage = runner.first() == Some(&"coverage");
        return if is_coverage { with(found, Work::COVERAGE | Work::TEST) } else { found };
    }
    match name {
        "python" | "python3" | "python3.11" | "python3.12" | "python3.13" | "python3.14" | "py" => python(rest, depth),
        "docker" | "docker-compose" | "podman" => container(rest, depth),
        "bash" | "sh" | "zsh" | "source" | "." | "dash" => shell(rest),
        "make" | "gmake" => {
            let folder = rest.iter().position(|it| *it == "-C").and_then(|at| rest.get(at + 1));
            let is_target = |it: &&&str| !it.starts_with('-') && !it.contains('=') && Some(**it) != folder.copied();
            Meaning::Make(owned(rest.iter().filter(is_target)), folder.map(|it| (*it).to_owned()))
        }
        "just" => Meaning::Just(owned(rest.iter().filter(|it| !it.starts_with('-')))),
        "npm" | "pnpm" | "yarn" | "bun" | "turbo" | "nx" | "lerna" | "rush" => package(name, rest),
        "tox" | "nox" => environments(if name == "tox" { "tox" } else { "nox" }, rest),
        "invoke" | "inv" | "task" | "poe" | "doit" | "bazel" | "pants" | "earthly" | "dagger" | "act" => {
            let tests = rest.iter().any(|it| is_test_name(it));
            Meaning::Is(if tests { Work::TEST | Work::UNKNOWN } else { Work::UNKNOWN })
        }
        _ if is_own || name.ends_with(".sh") || name.ends_with(".py") => {
            let by_name = by_program(name, rest);
            if by_name.is_empty() { Meaning::File((*program).to_owned()) } else { Meaning::Is(by_name) }
        }
        _ => Meaning::Is(by_program(name, rest)),
    }
}

fn with(meaning: Meaning, work: Work) -> Meaning {
    match meaning {
        Meaning::Is(own) => Meaning::Is(own | work),
        Meaning::File(path) if is_test_name(&path) => Meaning::Is(work | Work::TEST),
        Meaning::File(_)
        | Meaning::Script(_)
        | Meaning::Package(_)
        | Meaning::Make(..)
        | Meaning::Just(_)
        | Meaning::Environments(..) => Meaning::Is(work),
    }
}

fn owned<'a>(words: impl Iterator<Item = &'a &'a str>) -> Vec<String> {
    words.map(|it| (*it).to_owned()).collect()
}

/// Passes over options, with the words they take, and over assignments.
fn after_options<'a, 'w>(mut words: &'a [&'w str]) -> &'a [&'w str] {
    while let Some((first, rest)) = words.split_first() {
        if *first == "-m" {
            return words;
        }
        let takes = VALUED.contains(first);
        if *first == "--" {
            return rest;
        }
        let is_assignment = first.contains('=') && !first.contains('/');
        if !first.starts_with('-') && !is_assignment {
            return words;
        }
        words = if takes { rest.get(1..).unwrap_or(&[]) } else { rest };
    }
    words
}

fn python(rest: &[&str], depth: u32) -> Meaning {
    let mut rest = rest;
    while let Some((first, after)) = rest.split_first() {
        match *first {
            "-m" => return read(after, depth),
            "-W" | "-X" => rest = after.get(1..).unwrap_or(&[]),
            "-c" => {
                let code = after.first().copied().unwrap_or("");
                let tests = ["pytest", "unittest", "call_command('test'"].iter().any(|it| code.contains(it));
                return Meaning::Is(if tests { Work::TEST } else { Work::empty() });
            }
            _ if first.starts_with('-') => rest = after,
            _ => {
                let name = first.rsplit('/').next().unwrap_or(first);
                let by_name = by_program(name, after);
                return if by_name.is_empty() { Meaning::File((*first).to_owned()) } else { Meaning::Is(by_name) };
            }
        }
    }
    Meaning::Is(Work::empty())
}

/// What runs in a container stands behind options, a service or an image: the first word that is a program begins it.
fn container(rest: &[&str], depth: u32) -> Meaning {
    const PROGRAMS: [&str; 26] = [
        "python",
        "python3",
        "pytest",
        "make",
        "npm",
        "npx",
        "pnpm",
        "yarn",
        "tox",
        "nox",
        "uv",
        "poetry",
        "bash",
        "sh",
        "coverage",
        "ruff",
        "mypy",
        "flake8",
        "manage.py",
        "./manage.py",
        "pre-commit",
        "playwright",
        "cypress",
        "pipenv",
        "env",
        "black",
    ];
    let rest = rest.strip_prefix(&["compose"]).unwrap_or(rest);
    let verb = rest.iter().position(|it| matches!(*it, "exec" | "run" | "build" | "up" | "buildx" | "start"));
    let Some((verb, inner)) = verb.and_then(|at| Some((rest.get(at)?, rest.get(at + 1..)?))) else {
        return Meaning::Is(Work::empty());
    };
    match *verb {
        "build" => Meaning::Is(Work::BUILD),
        "buildx" => Meaning::Is(if inner.contains(&"build") { Work::BUILD } else { Work::empty() }),
        "exec" | "run" => match inner.iter().position(|it| PROGRAMS.contains(it)) {
            Some(at) => read(inner.get(at..).unwrap_or(&[]), depth),
            None => {
                let tests = inner.iter().any(|it| is_test_name(it));
                Meaning::Is(if tests { Work::TEST | Work::UNKNOWN } else { Work::UNKNOWN })
            }
        },
        _ => Meaning::Is(if inner.iter().any(|it| is_test_name(it)) { Work::TEST } else { Work::UNKNOWN }),
    }
}

fn shell(rest: &[&str]) -> Meaning {
    let mut rest = rest;
    while let Some((first, after)) = rest.split_first() {
        if first.starts_with('-') && first.ends_with('c') && first.len() < 6 {
            return Meaning::Script(after.first().copied().unwrap_or("").to_owned());
        }
        if !first.starts_with('-') {
            return Meaning::File((*first).to_owned());
        }
        rest = after;
    }
    Meaning::Is(Work::empty())
}

fn package(name: &str, rest: &[&str]) -> Meaning {
    const OWN: [&str; 22] = [
        "install", "i", "ci", "add", "config", "set", "cache", "version", "publish", "pack", "info", "view", "link",
        "login", "init", "prune", "store", "fetch", "create", "global", "why", "up",
    ];
    // What follows `--` belongs to the script.
    let own = rest.split(|it| *it == "--").next().unwrap_or(&[]);
    if own.contains(&"audit") {
        return Meaning::Is(Work::AUDIT);
    }
    let mut names = Vec::new();
    let mut words = own.iter().peekable();
    while let Some(word) = words.next() {
        let takes = matches!(*word, "--filter" | "-F" | "--workspace" | "-w" | "--prefix" | "--cwd" | "-C" | "--dir")
            && !(name == "pnpm" && *word == "-w");
        if takes {
            words.next();
        } else if let Some(targets) = ["--target=", "--targets=", "-t="].iter().find_map(|it| word.strip_prefix(it)) {
            names.extend(targets.split(',').map(str::to_owned));
        } else if !word.starts_with('-') {
            names.push((*word).to_owned());
        }
    }
    if names.first().is_some_and(|it| it == "workspace") {
        names.drain(..names.len().min(2));
    }
    let is_verb = |it: &String| {
        matches!(it.as_str(), "run" | "run-script" | "exec" | "foreach" | "workspaces" | "affected" | "run-many")
    };
    let is_script = names.iter().any(is_verb);
    names.retain(|it| !is_verb(it));
    let all = matches!(name, "turbo" | "nx" | "lerna" | "rush");
    match names.first().map(String::as_str) {
        None => Meaning::Is(Work::empty()),
        Some(first) if !is_script && OWN.contains(&first) => Meaning::Is(Work::empty()),
        Some("t" | "tst") => Meaning::Package(vec!["test".to_owned()]),
        Some("it") if name == "npm" => Meaning::Package(vec!["test".to_owned()]),
        Some("test") if name == "bun" => Meaning::Is(Work::TEST),
        // `yarn jest`, `pnpm vitest`: a program of a package.
        Some(first) if !all => match by_program(first, names.get(1..).unwrap_or(&[])) {
            found if found.is_empty() || first == "test" => Meaning::Package(vec![first.to_owned()]),
            found => Meaning::Is(found),
        },
        Some(_) => Meaning::Package(names),
    }
}

fn environments(tool: &'static str, rest: &[&str]) -> Meaning {
    let mut found = Vec::new();
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match *word {
            "--" => break,
            "-e" | "-s" | "--session" | "--sessions" | "-t" => {
                found.extend(words.next().into_iter().flat_map(|it| it.split(',')).map(str::to_owned));
            }
            _ => found.extend(word.strip_prefix("-e").filter(|it| !it.is_empty()).map(str::to_owned)),
        }
    }
    Meaning::Environments(tool, found)
}
