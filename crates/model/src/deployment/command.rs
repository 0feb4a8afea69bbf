//! Follows commands: launchers are taken off, scripts of the repository and of its packages are read.

use std::cell::Cell;
use std::collections::BTreeMap;

use arrears_core::source::{Language, RelPath};
use arrears_syntax::document::dockerfile::Copy;
use arrears_syntax::shell;

use super::launcher::{Step, step};
use super::process::{Process, Runs, base};
use crate::flow::Place;
use crate::project::{ProjectFile, ProjectModel};

/// More programs than this are not collected for one service.
const MOST: usize = 120;

/// More commands, and kilobytes of scripts, than this are not read for one service.
const EFFORT: usize = 3_000;

/// Nor more than this for all services together.
const ALL_EFFORT: usize = 60_000;

/// Follows the commands of a repository.
pub(super) struct Follower<'m, 'p> {
    project: &'m ProjectModel<'p>,
    by_name: BTreeMap<&'p str, Vec<ProjectFile<'p>>>,
    effort: Cell<usize>,
}

/// Where a command is run.
#[derive(Default)]
pub(super) struct Scene<'a> {
    /// The folders that scripts are looked for in, the nearest first.
    pub(super) folders: Vec<String>,
    /// What the image copies from the repository.
    pub(super) copies: Vec<&'a Copy>,
}

impl<'m, 'p> Follower<'m, 'p> {
    pub(super) fn new(project: &'m ProjectModel<'p>) -> Self {
        let mut by_name: BTreeMap<&'p str, Vec<ProjectFile<'p>>> = BTreeMap::new();
        for file in project.files().filter(|file| file.source.language == Language::Text) {
            by_name.entry(file.source.path.file_name()).or_default().push(file);
        }
        Self { project, by_name, effort: Cell::new(0) }
    }

    /// Returns what a text comes to run, as a shell reads it.
    pub(super) fn text(&self, text: &str, place: Place<'p>, scene: &Scene<'_>) -> Runs<'p> {
        let mut runs = Runs::default();
        self.follow_text(text, place, scene, &[], 4, &mut runs);
        runs
    }

    /// Returns what a list of words comes to run.
    pub(super) fn words(&self, words: Vec<String>, place: Place<'p>, scene: &Scene<'_>) -> Runs<'p> {
        let mut runs = Runs::default();
        self.follow(words, place, scene, &[], 4, &mut runs);
        runs
    }

    fn count(&self, effort: usize, runs: &mut Runs<'p>) {
        runs.effort += effort;
        self.effort.set(self.effort.get() + effort);
    }

    fn may_go_on(&self, runs: &Runs<'p>) -> bool {
        runs.effort < EFFORT && self.effort.get() < ALL_EFFORT
    }

    fn follow_text(
        &self,
        text: &str,
        place: Place<'p>,
        scene: &Scene<'_>,
        given: &[String],
        depth: u32,
        runs: &mut Runs<'p>,
    ) {
        self.count(text.len() / 1024, runs);
        for simple in shell::commands(text) {
            let words = simple.words.into_iter().map(|word| word.text).collect();
            self.follow(words, place, scene, given, depth, runs);
        }
    }

    /// Follows a command; `given` are the arguments of the script around it.
    fn follow(
        &self,
        words: Vec<String>,
        place: Place<'p>,
        scene: &Scene<'_>,
        given: &[String],
        depth: u32,
        runs: &mut Runs<'p>,
    ) {
        self.count(1, runs);
        let Some(depth) = depth.checked_sub(1).filter(|_| self.may_go_on(runs)) else {
            runs.has_gaps = true;
            return;
        };
        let mut words = words;
        for _ in 0..16 {
            if runs.processes.len() >= MOST {
                runs.has_gaps = true;
                return;
            }
            runs.drops_privileges |= words.first().is_some_and(|it| drops(base(it)));
            match step(words) {
                Step::Words(rest) => words = rest,
                Step::Text(text) => return self.follow_text(&text, place, scene, given, depth, runs),
                Step::Script(name, rest) => {
                    let Some(text) = self.package_script(&name, scene) else {
                        runs.processes.push(Process { words: [vec![name], rest].concat(), place });
                        runs.has_gaps = true;
                        return;
                    };
                    let text = format!("{text} {}", rest.join(" "));
                    return self.follow_text(&text, place, scene, given, depth, runs);
                }
                Step::Done(words) => return self.done(words, place, scene, given, depth, runs),
            }
        }
        runs.has_gaps = true;
    }

    fn done(
        &self,
        words: Vec<String>,
        place: Place<'p>,
        scene: &Scene<'_>,
        given: &[String],
        depth: u32,
        runs: &mut Runs<'p>,
    ) {
        let Some(first) = words.first().map(String::as_str) else { return };
        if matches!(first, "$@" | "${@}" | "$*" | "${*}" | "$1") || first.starts_with("${@:") {
            if !given.is_empty() {
                self.follow(given.to_vec(), place, scene, &[], depth, runs);
            }
            return;
        }
        if is_builtin(first) {
            return;
        }
        let rest = words.get(1..).unwrap_or_default();
        if let Some(script) = self.script(first, scene) {
            let text: &'p str = &script.source.text;
            self.count(text.len() / 1024, runs);
            if !self.may_go_on(runs) {
                runs.has_gaps = true;
                return;
            }
            for simple in shell::commands(text) {
                let place = Place { path: &script.source.path, range: simple.range() };
                let words = simple.words.into_iter().map(|word| word.text).collect();
                self.follow(words, place, scene, rest, depth, runs);
            }
            return;
        }
        if is_script(first) {
            // What an entrypoint from elsewhere is given, it runs as a rule.
            runs.has_gaps = true;
            runs.has_unread_script = true;
            if !rest.is_empty() && !rest.iter().any(|it| it.starts_with('-'))
                || rest.first().is_some_and(|it| is_server(it))
            {
                self.follow(rest.to_vec(), place, scene, &[], depth, runs);
            }
        }
        runs.has_gaps |=
            matches!(base(first), "make" | "just" | "task" | "invoke" | "honcho" | "foreman" | "supervisord");
        runs.processes.push(Process { words, place });
    }

    /// Returns the script of the repository that a word names in an image.
    pub(super) fn script(&self, word: &str, scene: &Scene<'_>) -> Option<ProjectFile<'p>> {
        if word.contains('$') || word.starts_with('-') {
            return None;
        }
        let is_whole = word.contains('/') || word.ends_with(".sh") || word.ends_with(".bash");
        let name = base(word);
        let copied = scene.copies.iter().find_map(|copy| {
            let [source] = copy.sources.as_slice() else { return None };
            let is_it = copy.target == word || base(&copy.target) == name && base(source) != name;
            let is_it = is_it || copy.target.ends_with('/') && base(source) == name && is_whole;
            is_it.then_some(source.trim_start_matches("./").trim_start_matches('/'))
        });
        if let Some(found) = copied.and_then(|source| self.below(scene, source)) {
            return Some(found);
        }
        if !is_whole || word.starts_with("/usr/bin") || word.starts_with("/bin") {
            return None;
        }
        let candidates = self.by_name.get(name)?;
        let near = |file: &&ProjectFile<'p>| {
            let path = file.source.path.as_str();
            let shared = path.rsplit('/').zip(word.rsplit('/')).take_while(|(a, b)| a == b).count();
            let is_below = scene.folders.iter().position(|folder| is_in(path, folder)).unwrap_or(scene.folders.len());
            (usize::MAX - shared, is_below, path.len())
        };
        candidates.iter().filter(|it| is_shell(&it.source.text, name)).min_by_key(near).copied()
    }

    fn below(&self, scene: &Scene<'_>, source: &str) -> Option<ProjectFile<'p>> {
        let join = |folder: &str| if folder.is_empty() { source.to_owned() } else { format!("{folder}/{source}") };
        let paths = scene.folders.iter().map(|it| join(it)).chain([source.to_owned()]);
        let mut files = paths.filter_map(|path| self.project.file(&RelPath::new(&path)));
        files.find(|it| is_shell(&it.source.text, it.source.path.file_name()))
    }

    /// Returns the text of a script of the package that is run.
    fn package_script(&self, name: &str, scene: &Scene<'_>) -> Option<String> {
        let copied = scene.copies.iter().flat_map(|copy| &copy.sources).filter(|it| base(it).starts_with("package"));
        let copied = copied.map(|it| it.trim_start_matches("./").rsplit_once('/').map_or("", |(folder, _)| folder));
        let folders = copied.chain(scene.folders.iter().map(String::as_str));
        for folder in folders {
            let path = if folder.is_empty() { "package.json".to_owned() } else { format!("{folder}/package.json") };
            let Some(tree) = self.project.document(&RelPath::new(&path)).and_then(|it| it.tree()) else { continue };
            let script = tree.root().and_then(|root| root.at(&["scripts", name])).and_then(|it| it.text());
            if let Some(script) = script {
                return Some(script.to_owned());
            }
        }
        None
    }
}

/// Returns the folder and those around it, the innermost first, the root last.
pub(super) fn upwards(folder: &str) -> Vec<String> {
    let outer = |inner: &String| {
        if inner.is_empty() { None } else { Some(inner.rsplit_once('/').map_or("", |(outer, _)| outer).to_owned()) }
    };
    std::iter::successors(Some(folder.to_owned()), outer).collect()
}

fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn is_shell(text: &str, name: &str) -> bool {
    let first = text.lines().next().unwrap_or("");
    first.starts_with("#!") && first.contains("sh") || name.ends_with(".sh") || name.ends_with(".bash")
}

fn is_script(word: &str) -> bool {
    let name = base(word);
    if name.ends_with(".py") {
        return false;
    }
    name.ends_with(".sh")
        || name.contains("entrypoint")
        || word.starts_with("./")
        || word.starts_with('/') && !["/usr/", "/bin/", "/sbin/", "/opt/"].iter().any(|it| word.starts_with(it))
}

fn is_server(word: &str) -> bool {
    matches!(base(word), "gunicorn" | "uvicorn" | "daphne" | "celery" | "python" | "python3" | "uwsgi" | "npm" | "node")
}

/// Returns whether a program gives up the rights of the superuser.
fn drops(program: &str) -> bool {
    matches!(program, "gosu" | "su-exec" | "setpriv" | "chroot" | "s6-setuidgid" | "setuidgid" | "runuser" | "su")
}

fn is_builtin(word: &str) -> bool {
    const WORDS: [&str; 36] = [
        "echo", "cd", "set", "export", "exit", "true", "false", "sleep", "mkdir", "rm", "chown", "chmod", "cp", "mv",
        "ls", "cat", "test", "[", "[[", ":", "return", "local", "read", "shift", "trap", "wait", "source", ".",
        "printf", "case", "for", "break", "continue", "esac", "unset", "function",
    ];
    WORDS.contains(&word) || word.ends_with("()") || shell::is_assignment(word)
}
