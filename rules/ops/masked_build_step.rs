//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_syntax::shell::{Next, Simple, commands};

rule! {
    /// Finds steps of an image's build that may fail without the build failing.
    ///
    /// The image is built, tagged and deployed, and only there is it seen that the static files or half of the packages
    /// are missing. What failed was written to `/dev/null`.
    ///
    /// ```dockerfile bad path=Dockerfile
    /// FROM python:3.13-slim
    /// RUN python manage.py collectstatic --noinput 2>/dev/null || true
    /// USER shop
    /// CMD ["gunicorn", "shop.asgi"]
    /// ```
    /// ```dockerfile good path=Dockerfile
    /// FROM python:3.13-slim
    /// RUN SECRET_KEY=for-the-build python manage.py collectstatic --noinput
    /// USER shop
    /// CMD ["gunicorn", "shop.asgi"]
    /// ```
    ///
    /// Steps that count install, build, collect, compile or migrate. A fallback that installs without the lock file
    /// (`npm ci || npm install`) is flagged too: it hides that the lock file is out of date. Not flagged: cleaning up, removing
    /// packages, creating users, steps that say what failed and fail, images for development.
    pub(crate) const RULE = {
        code: "ops/masked-build-step",
        summary: "build step hides its failure",
        check: Check::Project { run: check },
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for container in model.deployment().containers.iter().filter(|it| it.purpose.may_be_production()) {
        let Some(file) = model.file(container.path) else { continue };
        for run in container.file.stages.iter().flat_map(|it| &it.runs).filter(|it| it.words.is_none()) {
            let text = run.range.slice(&file.source.text);
            let steps = commands(text);
            for at in 0..steps.len() {
                let Some((deed, masked)) = deed(&steps[at]).and_then(|it| Some((it, masked(&steps, at)?))) else {
                    continue;
                };
                report(ctx, container.path, run.range, text, &steps[at], &deed, &masked);
            }
        }
    }
}

/// How the failure of a step is hidden.
enum Masked<'a> {
    /// Nothing happens.
    Passed(&'a Simple),
    /// The same is done without the lock file.
    Unlocked(&'a Simple),
}

fn report(
    ctx: &mut ProjectContext<'_>,
    path: &arrears_core::source::RelPath,
    run: TextRange,
    text: &str,
    step: &Simple,
    deed: &str,
    masked: &Masked<'_>,
) {
    let start = step.arguments().first().map_or(0, |it| it.range.start());
    let range = |inner: TextRange| TextRange::new(run.start() + inner.start(), run.start() + inner.end());
    let place = range(TextRange::new(start, step.range().end().max(start)));
    match masked {
        Masked::Passed(handler) => {
            let mut message = format!("`{deed}` may fail unseen: `{}` lets the build go on", shown(handler, text));
            if step.redirections.iter().any(|it| it.ends_with("/dev/null")) {
                message += ", and `/dev/null` takes the reason";
            }
            let finding = ctx.report(path, place, message);
            finding.help("let the step fail; variables that it asks for can have values of the build's own");
        }
        Masked::Unlocked(handler) => {
            let message = format!("where `{deed}` fails, other versions than the locked ones are installed");
            let finding = ctx.report(path, place, message);
            finding.label(range(handler.range()), "installs without the lock file");
            finding.help("let the step fail, and bring the lock file up to date");
        }
    }
}

fn shown(handler: &Simple, text: &str) -> String {
    let words: Vec<&str> = handler.words.iter().map(|it| it.range.slice(text)).take(2).collect();
    format!("|| {}", words.join(" "))
}

/// Returns how a step's failure is hidden.
fn masked(steps: &[Simple], at: usize) -> Option<Masked<'_>> {
    let mut last = at;
    while matches!(steps.get(last)?.next, Next::And) {
        last += 1;
    }
    let step = steps.get(last)?;
    let handler = steps.get(last + 1)?;
    let word = |simple: &Simple| simple.words.first().map(|it| it.text.clone()).unwrap_or_default();
    let is_fine_exit = |simple: &Simple| word(simple) == "exit" && simple.words.get(1).is_some_and(|it| it.text == "0");
    match step.next {
        Next::Or => {
            let says = matches!(word(handler).as_str(), "echo" | "printf");
            // `|| { echo failed; exit 1; }`
            let then = steps.get(last + 2).filter(|_| matches!(handler.next, Next::And | Next::Then));
            let fails =
                then.is_some_and(|it| matches!(word(it).as_str(), "exit" | "false" | "return") && !is_fine_exit(it));
            if matches!(word(handler).as_str(), "true" | ":") || is_fine_exit(handler) || says && !fails {
                return Some(Masked::Passed(handler));
            }
            let is_same = last == at && deed(handler).is_some() && tool(handler) == tool(steps.get(at)?);
            (is_same && is_locked(steps.get(at)?) && !is_locked(handler)).then_some(Masked::Unlocked(handler))
        }
        Next::Then if last == at && (word(handler) == "true" || is_fine_exit(handler)) => Some(Masked::Passed(handler)),
        _ => None,
    }
}

/// Returns the words of a step without what launches it.
fn words(step: &Simple) -> Vec<&str> {
    let mut words: Vec<&str> = step.arguments().iter().map(|it| it.text.as_str()).collect();
    for _ in 0..4 {
        let count = match words.as_slice() {
            ["uv" | "poetry" | "pipenv" | "pdm", "run", ..] => 2,
            [python, "-m", ..] if python.contains("python") => 2,
            [python, ..] if python.rsplit('/').next().is_some_and(|it| it.starts_with("python")) => 1,
            ["exec" | "sudo" | "env" | "npx" | "corepack", ..] => 1,
            [word, ..] if arrears_syntax::shell::is_assignment(word) => 1,
            _ => break,
        };
        words.drain(..count);
    }
    words
}

/// Returns what a step does for the image, in a few words: `manage.py collectstatic`.
fn deed(step: &Simple) -> Option<String> {
    let words = words(step);
    let [program, rest @ ..] = words.as_slice() else { return None };
    let program = program.rsplit('/').next().unwrap_or(program);
    let first = rest.iter().find(|it| !it.starts_with('-')).copied().unwrap_or("");
    let second = rest.iter().filter(|it| !it.starts_with('-')).nth(1).copied().unwrap_or("");
    let does = match program {
        "manage.py" | "django-admin" => {
            matches!(first, "collectstatic" | "migrate" | "compilemessages" | "compress" | "loaddata" | "tailwind")
        }
        "pip" | "pip3" | "pipenv" | "poetry" | "pdm" | "bundle" | "apk" | "apt-get" | "apt" | "dnf" | "yum"
        | "composer" => {
            matches!(first, "install" | "sync" | "add")
        }
        "uv" => first == "sync" || first == "pip" && matches!(second, "install" | "sync"),
        "npm" | "pnpm" | "yarn" | "bun" => {
            matches!(first, "" | "ci" | "install" | "i" | "build") || first == "run" && second.starts_with("build")
        }
        "vite" | "next" | "webpack" | "tsc" => matches!(first, "" | "build"),
        _ => false,
    };
    let shown = if first == "pip" || first == "run" {
        format!("{program} {first} {second}")
    } else {
        format!("{program} {first}")
    };
    does.then(|| shown.trim().to_owned())
}

fn tool(step: &Simple) -> String {
    words(step).first().map(|it| (*it).to_owned()).unwrap_or_default()
}

/// Returns whether a step installs what the lock file says, or fails.
fn is_locked(step: &Simple) -> bool {
    const FLAGS: [&str; 6] = ["--frozen", "--locked", "--frozen-lockfile", "--immutable", "ci", "--deploy"];
    words(step).iter().any(|it| FLAGS.contains(it))
}
