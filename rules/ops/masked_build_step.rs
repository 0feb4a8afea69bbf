//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::rule::Scope;
use arrears_core::source::RelPath;
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
            let found = Run { path: container.path, start: run.range.start(), text };
            found.check(&commands(text), ctx);
        }
    }
}

/// Chains of more commands are not followed to their end.
const LONGEST: usize = 200;

/// A `RUN` instruction.
struct Run<'a> {
    path: &'a RelPath,
    start: u32,
    text: &'a str,
}

/// How the failure of a step is hidden, by the place of what follows.
#[derive(Clone, Copy)]
enum Masked {
    /// Nothing happens.
    Passed(usize),
    /// The same is done without the lock file.
    Unlocked(usize),
}

impl Run<'_> {
    fn check(&self, steps: &[Simple], ctx: &mut ProjectContext<'_>) {
        let found = (0..steps.len()).filter_map(|at| Some((at, deed(&steps[at])?, masked(steps, at)?)));
        let mut by_handler: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for (at, deed, masked) in found {
            match masked {
                Masked::Passed(handler) => by_handler.entry(handler).or_default().push((at, deed)),
                Masked::Unlocked(handler) => {
                    let message = format!("where `{deed}` fails, other versions than the locked ones are installed");
                    let finding = ctx.report(self.path, self.step(&steps[at]), message);
                    finding.label(self.range(steps[handler].range()), "installs without the lock file");
                    finding.help("let the step fail, and bring the lock file up to date");
                }
            }
        }
        for (handler, hidden) in by_handler {
            self.passed(steps, handler, &hidden, ctx);
        }
    }

    /// Reports the steps whose failure one `|| true` hides.
    fn passed(&self, steps: &[Simple], handler: usize, hidden: &[(usize, String)], ctx: &mut ProjectContext<'_>) {
        let [(first, deed), others @ ..] = hidden else { return };
        let words: Vec<&str> = steps[handler].words.iter().map(|it| it.range.slice(self.text)).take(2).collect();
        let shown = format!("|| {}", words.join(" "));
        let is_far = handler > first + 1;
        let mut message = if is_far {
            format!("`{deed}` may fail unseen: `{shown}` counts for the whole chain before it")
        } else {
            format!("`{deed}` may fail unseen: `{shown}` lets the build go on")
        };
        if steps[*first].redirections.iter().any(|it| it.ends_with("/dev/null")) {
            message += ", and `/dev/null` takes the reason";
        }
        let finding = ctx.report(self.path, self.step(&steps[*first]), message);
        if is_far {
            finding.label(self.range(steps[handler].range()), "the failure ends here");
            let last = &steps[handler - 1];
            let program = last.words.first().map_or("…", |it| it.text.as_str());
            finding.help(format!("put the command that may fail into parentheses: `({program} … {shown})`"));
        } else {
            finding.help("let the step fail; variables that it asks for can have values of the build's own");
        }
        for (at, deed) in others.iter().take(3) {
            finding.label(self.step(&steps[*at]), format!("`{deed}` too"));
        }
    }

    fn step(&self, step: &Simple) -> TextRange {
        let start = step.arguments().first().map_or(0, |it| it.range.start());
        self.range(TextRange::new(start, step.range().end()))
    }

    fn range(&self, inner: TextRange) -> TextRange {
        TextRange::new(self.start + inner.start(), self.start + inner.end())
    }
}

/// Returns how a step's failure is hidden. An operator counts for its own group: `a && (b || true)` hides no `a`.
fn masked(steps: &[Simple], at: usize) -> Option<Masked> {
    let mut depth = steps.get(at)?.depth;
    for (last, step) in steps.iter().enumerate().skip(at).take(LONGEST) {
        if step.depth > depth {
            continue;
        }
        depth = step.depth;
        match step.next {
            Next::And => {}
            Next::Or => return handled(steps, at, last),
            Next::Then if last == at && steps.get(last + 1).is_some_and(is_fine) => {
                return Some(Masked::Passed(last + 1));
            }
            Next::Then | Next::Pipe | Next::End => return None,
        }
    }
    None
}

/// Returns what becomes of a failure that reaches `||`.
fn handled(steps: &[Simple], at: usize, last: usize) -> Option<Masked> {
    let (step, handler) = (steps.get(at)?, steps.get(last + 1)?);
    // `|| (echo again && npm run build)` tries again.
    let is_alone = handler.depth <= steps.get(last)?.depth;
    let says = is_alone && matches!(word(handler), "echo" | "printf");
    // `|| { echo failed; exit 1; }`
    let then = steps.get(last + 2).filter(|_| matches!(handler.next, Next::And | Next::Then));
    let fails = then.is_some_and(|it| matches!(word(it), "exit" | "false" | "return") && !is_fine(it));
    if is_fine(handler) || says && !fails {
        return Some(Masked::Passed(last + 1));
    }
    let is_same = last == at && deed(handler).is_some() && tool(handler) == tool(step);
    (is_same && is_locked(step) && !is_locked(handler)).then_some(Masked::Unlocked(last + 1))
}

fn word(step: &Simple) -> &str {
    step.words.first().map_or("", |it| it.text.as_str())
}

/// Returns whether a command does nothing but succeed.
fn is_fine(step: &Simple) -> bool {
    matches!(word(step), "true" | ":") || word(step) == "exit" && step.words.get(1).is_some_and(|it| it.text == "0")
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
        | "composer" => matches!(first, "install" | "sync" | "add") && !rest.contains(&"--fix-broken"),
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
