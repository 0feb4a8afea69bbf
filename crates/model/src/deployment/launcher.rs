//! Launchers: what stands before the program that is run, `uv run`, `exec`, `sh -c`, `npm run`.

use arrears_syntax::shell;

use super::process::base;

/// What becomes of a command line when its first word is understood.
pub(super) enum Step {
    /// A shorter one.
    Words(Vec<String>),
    /// A text for a shell.
    Text(String),
    /// A script of a package, with its arguments.
    Script(String, Vec<String>),
    /// The program itself.
    Done(Vec<String>),
}

/// Flags of `uv run` and its like that take a value.
const RUN_VALUES: [&str; 14] = [
    "--project",
    "--directory",
    "--group",
    "--extra",
    "--with",
    "--env-file",
    "-p",
    "--python",
    "--package",
    "-n",
    "--name",
    "-e",
    "--only-group",
    "--no-group",
];

/// Takes one launcher off a command line.
pub(super) fn step(words: Vec<String>) -> Step {
    let Some(first) = words.first().cloned() else { return Step::Done(words) };
    let rest = words.get(1..).unwrap_or_default();
    let after = |count: usize| Step::Words(words.get(count..).unwrap_or_default().to_vec());
    let dashes = rest.iter().position(|it| it == "--").map(|at| at + 2);
    match base(&first) {
        _ if shell::is_assignment(&first) => after(1),
        "exec"
        | "nohup"
        | "command"
        | "time"
        | "ddtrace-run"
        | "opentelemetry-instrument"
        | "npx"
        | "pnpx"
        | "bunx"
        | "runuser"
        | "cross-env"
        | "dotenv" => after(1 + flags(rest, &["-u", "-p", "-e", "-c", "-a"])),
        "newrelic-admin" => after(2),
        "env" => after(1 + flags(rest, &["-u"])),
        "sudo" => after(1 + flags(rest, &["-u", "-g", "-H"])),
        "gosu" | "su-exec" | "s6-setuidgid" | "setuidgid" | "chroot" => after(2),
        "tini" | "dumb-init" | "catatonit" | "setpriv" | "nice" | "ionice" | "stdbuf" | "xvfb-run" | "chamber"
        | "doppler" | "op" | "dockerize" | "flock" | "watchmedo" | "wait-for-it" | "wait-for-it.sh" | "wait-for"
        | "wait-for.sh" | "waitforit" | "wait" => match dashes {
            Some(at) => after(at),
            None => after(1 + flags(rest, &["-wait", "-timeout", "-n", "-c", "--reuid", "--regid", "-o", "-e", "-t"])),
        },
        "timeout" => after(2 + flags(rest, &["-s", "-k"])),
        "uv" | "poetry" | "pipenv" | "pdm" | "hatch" | "rye" | "micromamba" | "conda"
            if rest.first().is_some_and(|it| it == "run") =>
        {
            let options = rest.get(1..).unwrap_or_default();
            after(2 + flags(options, &RUN_VALUES))
        }
        "sh" | "bash" | "ash" | "dash" | "zsh" => of_shell(&words, rest),
        "su" => match rest.iter().position(|it| it == "-c").and_then(|at| rest.get(at + 1)) {
            Some(text) => Step::Text(text.clone()),
            None => Step::Done(words),
        },
        "npm" | "yarn" | "pnpm" | "bun" => of_packages(words.clone(), base(&first), rest),
        name if name.starts_with("python") || name.starts_with("pypy") => of_python(words),
        _ => Step::Done(words),
    }
}

/// `python -m gunicorn`, `python -u manage.py migrate`
fn of_python(words: Vec<String>) -> Step {
    let rest = words.get(1..).unwrap_or_default();
    let skipped = flags(rest, &["-W", "-X"]);
    let is_module = skipped > 0 && rest.get(skipped - 1).is_some_and(|it| it == "-m");
    let from = |at: usize| rest.get(at..).unwrap_or_default().to_vec();
    match rest.get(skipped).map(|it| base(it)) {
        Some("django") if is_module => Step::Words([vec!["django-admin".to_owned()], from(skipped + 1)].concat()),
        Some(_) if is_module => Step::Words(from(skipped)),
        Some("manage.py") => Step::Words(from(skipped)),
        _ => Step::Done(words),
    }
}

fn of_shell(words: &[String], rest: &[String]) -> Step {
    let is_text = |it: &String| it.starts_with('-') && !it.starts_with("--") && it.ends_with('c');
    if let Some(text) = rest.iter().position(is_text).and_then(|at| rest.get(at + 1)) {
        return Step::Text(text.clone());
    }
    let skipped = flags(rest, &["-o"]);
    match rest.get(skipped) {
        // A script that is read by a shell need not say so in its name.
        Some(script) if !script.contains('/') => {
            let script = format!("./{script}");
            Step::Done([vec![script], rest.get(skipped + 1..).unwrap_or_default().to_vec()].concat())
        }
        Some(_) => Step::Done(rest.get(skipped..).unwrap_or_default().to_vec()),
        None => Step::Done(words.to_vec()),
    }
}

/// Returns what a package manager runs.
fn of_packages(words: Vec<String>, program: &str, rest: &[String]) -> Step {
    const OWN: [&str; 22] = [
        "install",
        "ci",
        "add",
        "i",
        "config",
        "cache",
        "set",
        "exec",
        "dlx",
        "x",
        "workspace",
        "workspaces",
        "link",
        "pack",
        "publish",
        "update",
        "upgrade",
        "audit",
        "global",
        "--version",
        "-v",
        "prune",
    ];
    let skipped = flags(rest, &["--prefix", "--cwd", "-C", "--dir"]);
    let Some(first) = rest.get(skipped).map(String::as_str) else { return Step::Done(words) };
    let behind = |at: usize| {
        let given = rest.get(skipped + at..).unwrap_or_default();
        given.iter().filter(|it| *it != "--").cloned().collect::<Vec<_>>()
    };
    match (program, first) {
        (_, "exec" | "dlx" | "x") => Step::Words(behind(1)),
        (_, "run" | "run-script") => match rest.get(skipped + 1) {
            Some(name) => Step::Script(name.clone(), behind(2)),
            None => Step::Done(words),
        },
        (_, "start" | "test") => Step::Script(first.to_owned(), behind(1)),
        ("yarn" | "pnpm", _) if !OWN.contains(&first) && !first.starts_with('-') => {
            Step::Script(first.to_owned(), behind(1))
        }
        _ => Step::Done(words),
    }
}

/// Returns how many of the first words are flags, with the values of those that take one.
fn flags(words: &[String], with_value: &[&str]) -> usize {
    let mut count = 0;
    while let Some(word) = words.get(count).filter(|it| it.starts_with('-')) {
        if word == "--" {
            return count + 1;
        }
        count += if with_value.contains(&word.as_str()) { 2 } else { 1 };
        if word == "-m" {
            break;
        }
    }
    count
}
