//! See [`RULE`].

use arrears_core::diagnostic::Applicability;
use arrears_core::diagnostic::{Edit, Fix};
use arrears_core::rule::Scope;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pipeline::shell::{Command, Mask};
use arrears_model::pipeline::work::Work;
use arrears_model::pipeline::{Job, Step, Workflow};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds steps of continuous integration that test, check, build or migrate, and whose failure is thrown away.
    ///
    /// The step runs for minutes on every push and its result is green whatever it found. Whoever reads the badge
    /// believes that the tests pass.
    ///
    /// ```yaml bad path=.github/workflows/ci.yml
    /// on: [push]
    /// jobs:
    ///   test:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - run: pytest || true
    ///       - run: mypy .
    ///         continue-on-error: true
    /// ```
    /// ```yaml good path=.github/workflows/ci.yml
    /// on: [push]
    /// jobs:
    ///   test:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - run: pytest
    ///       - run: mypy .
    /// ```
    ///
    /// `|| true`, `|| echo …`, `continue-on-error: true`, `allow_failure: true`, and a pipe into `tee` where the shell
    /// forgets the first command's result. Not flagged: cleaning up, caches, notifications and uploads; a failure that
    /// is kept and asked for later (`|| EXIT=$?`, `steps.tests.outcome`); a tool that runs again in the same job
    /// without the mask; a report that a later command reads; what a matrix or an expression decides; jobs that are
    /// started by hand.
    pub(crate) const RULE = {
        code: "ops/ci-failure-masked",
        summary: "step of continuous integration cannot fail",
        check: Check::Project { run: check },
        scope: Scope::Project,
        fix: Applicability::Unsafe,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for workflow in model.pipelines().running() {
        let Some(file) = model.file(workflow.path) else { continue };
        let text = &*file.source.text;
        for job in &workflow.jobs {
            if let Some(range) = job.tolerance {
                check_job(workflow, job, range, ctx);
                continue;
            }
            for step in &job.steps {
                check_step(workflow, job, step, text, ctx);
            }
        }
    }
}

fn check_job(workflow: &Workflow<'_>, job: &Job, range: TextRange, ctx: &mut ProjectContext<'_>) {
    let work = job.steps.iter().fold(Work::empty(), |all, step| all | step.work);
    if work.is_check() && !is_optional(&job.name) {
        let message = format!("job `{}` is green whatever its {} finds", job.name, work.describe());
        ctx.report(workflow.path, range, message).help(
            "take it out; what is allowed to fail for now belongs into a job that no branch protection asks for, with an \
             issue that says until when",
        );
    }
}

fn check_step(workflow: &Workflow<'_>, job: &Job, step: &Step, text: &str, ctx: &mut ProjectContext<'_>) {
    let name = step.name.as_deref().unwrap_or("");
    if is_optional(name) || is_optional(&job.name) {
        return;
    }
    if let Some(range) = step.tolerance {
        let is_asked = step.id.as_deref().is_some_and(|id| asks(text, id));
        let is_again = step.commands.iter().filter(|(_, work)| work.is_check()).all(|(it, _)| runs_again(job, it));
        let has_commands = step.commands.iter().any(|(_, work)| work.is_check());
        if step.work.is_check() && !is_asked && !(has_commands && is_again) {
            let what = if name.is_empty() { "this step".to_owned() } else { format!("step `{name}`") };
            let message = format!("{what} cannot fail the job, whatever the {} finds", step.work.describe());
            let fix = Fix::unsafe_edit("take `continue-on-error` out", Edit::delete(whole_line(range, text)));
            ctx.report(workflow.path, range, message)
                .help("take it out, or mend what it finds first; a check that nobody has to obey is no check")
                .fix(fix);
        }
        return;
    }
    // What mends files and commits them fails whenever there is something to mend.
    let commits = step.scripts.iter().any(|it| it.text.contains("git commit") || it.text.contains("git push"));
    let mut last: Option<TextRange> = None;
    for (command, work) in &step.commands {
        if commits && *work == Work::LINT {
            continue;
        }
        let Some(mask) = command.mask.as_ref().filter(|_| work.is_check() && !command.is_condition) else { continue };
        let is_known = last == Some(mask.range) || mask.is_pipe && step.pipes_fail;
        if is_known || runs_again(job, command) || is_read_later(job, command) {
            continue;
        }
        last = Some(mask.range);
        report(workflow, command, *work, mask, ctx);
    }
}

fn report(workflow: &Workflow<'_>, command: &Command, work: Work, mask: &Mask, ctx: &mut ProjectContext<'_>) {
    let program = program(command);
    if mask.is_pipe {
        let message = format!("the pipe succeeds whatever `{program}` finds: only the last command counts");
        ctx.report(workflow.path, mask.range, message)
            .help("set `shell: bash`, which turns `pipefail` on, or begin the script with `set -o pipefail`");
        return;
    }
    let message = format!("the {} cannot fail: `{}` follows `{program}`", work.describe(), shortened(&mask.text));
    ctx.report(workflow.path, mask.range, message)
        .help("take it out, or mend what it finds first; a check that nobody has to obey is no check")
        .fix(Fix::unsafe_edit("let the step fail", Edit::delete(mask.range)));
}

fn shortened(mask: &str) -> String {
    let cut: String = mask.chars().take(30).collect();
    if cut.len() < mask.len() { format!("{cut}…") } else { cut }
}

/// Returns the words of a command that name it, its runner left out: `ruff check`, `npm run lint`, `pytest`.
fn program(command: &Command) -> String {
    let runs = |it: &&String| {
        matches!(it.as_str(), "uv" | "run" | "poetry" | "pipenv" | "npx" | "python" | "python3") || it.starts_with('-')
    };
    let words: Vec<&String> = command.words.iter().collect();
    let is_npm = matches!(words.first().map(|it| it.as_str()), Some("npm" | "pnpm" | "yarn" | "bun"));
    let skipped = if is_npm { 0 } else { words.iter().copied().take_while(runs).count() };
    let is_name = |it: &&String| !it.starts_with('-') && !it.contains(['/', '.', '=', '$']) && it.len() < 30;
    let mut rest = words.iter().copied().skip(skipped);
    let first = rest.next().map_or("the command", |it| it.as_str());
    let more = rest.take_while(is_name).take(2).map(String::as_str);
    std::iter::once(first).chain(more).collect::<Vec<_>>().join(" ")
}

/// Returns whether a step or a job says that it may fail.
fn is_optional(name: &str) -> bool {
    const WORDS: [&str; 12] = [
        "experimental",
        "optional",
        "allowed",
        "nightly",
        "canary",
        "upload",
        "cleanup",
        "cache",
        "notify",
        "comment",
        "informational",
        "non-blocking",
    ];
    let lower = name.to_ascii_lowercase();
    WORDS.iter().any(|it| lower.contains(it))
}

/// Returns whether another step asks how a step ended.
fn asks(text: &str, id: &str) -> bool {
    ["outcome", "conclusion", "outputs"].iter().any(|it| text.contains(&format!("steps.{id}.{it}")))
}

/// Returns whether the job runs the same tool where it may fail: the first run writes a report, the second decides.
fn runs_again(job: &Job, command: &Command) -> bool {
    let tool = tool(command);
    let steps = job.steps.iter().filter(|step| step.tolerance.is_none());
    let others = steps.flat_map(|step| &step.commands).map(|(it, _)| it);
    tool.is_some()
        && others
            .filter(|it| it.range != command.range && it.mask.is_none() && !it.is_condition)
            .any(|it| self::tool(it) == tool)
}

/// Returns the program behind its runner, and its first argument for programs that do many things.
fn tool(command: &Command) -> Option<(&str, &str)> {
    const RUNNERS: [&str; 12] =
        ["uv", "run", "poetry", "npx", "python", "python3", "-m", "pipenv", "pnpm", "yarn", "npm", "exec"];
    let mut words = command.words.iter().map(String::as_str).filter(|it| !RUNNERS.contains(it));
    let first = words.next()?;
    let is_wide = matches!(first, "manage.py" | "./manage.py" | "docker" | "make" | "ruff" | "cargo" | "coverage");
    Some((first, if is_wide { words.next().unwrap_or("") } else { "" }))
}

/// Returns whether a command writes a report that another command of the job reads.
fn is_read_later(job: &Job, command: &Command) -> bool {
    let files = command.words.iter().filter_map(|word| {
        let plain = word.trim_start_matches(['>', '1', '2', '&']).rsplit('=').next()?;
        let name = plain.rsplit('/').next()?;
        ["json", "xml", "sarif", "txt", "log", "html", "md"].contains(&name.rsplit_once('.')?.1).then_some(name)
    });
    let end = command.range.end();
    files.into_iter().any(|name| {
        let scripts = job.steps.iter().flat_map(|step| &step.scripts);
        scripts.into_iter().any(|script| {
            script.text.match_indices(name).any(|(at, _)| {
                // Its own mention, and a listing of it, read nothing.
                u32::try_from(script.start + at).is_ok_and(|place| place >= end)
            })
        })
    })
}

fn whole_line(range: TextRange, text: &str) -> TextRange {
    let span = range.to_usize();
    let start = text.get(..span.start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let end = text.get(span.end..).and_then(|it| it.find('\n')).map_or(text.len(), |it| span.end + it + 1);
    let is_alone = text.get(start..span.start).is_some_and(|it| it.trim().is_empty());
    if is_alone { TextRange::of(start..end) } else { range }
}
