//! Reads workflows of GitHub Actions.

use arrears_syntax::document::tree::{Entry, Item};

use super::shell::Script;
use super::{Job, Step, Workflow};

/// Reads a workflow.
pub(super) fn read(tree: Item<'_>, text: &str, workflow: &mut Workflow<'_>) {
    // `on` is a truth value in older YAML.
    let on = tree.get("on").or_else(|| tree.get("true"));
    workflow.triggers = on.map(names).unwrap_or_default();
    let default = defaults(tree);
    for entry in tree.get("jobs").into_iter().flat_map(Item::entries) {
        workflow.jobs.push(job(entry, text, default));
    }
}

/// The shell and the folder that `defaults` give.
#[derive(Clone, Copy, Default)]
struct Defaults<'a> {
    shell: Option<&'a str>,
    folder: Option<&'a str>,
}

fn defaults(item: Item<'_>) -> Defaults<'_> {
    let run = item.at(&["defaults", "run"]);
    let get = |key: &str| run.and_then(|it| it.get(key)).and_then(Item::scalar);
    Defaults { shell: get("shell"), folder: get("working-directory") }
}

fn names(item: Item<'_>) -> Vec<String> {
    match item.scalar() {
        Some(name) => vec![name.to_owned()],
        None => {
            item.items().filter_map(Item::scalar).chain(item.entries().map(|it| it.key)).map(str::to_owned).collect()
        }
    }
}

fn job(entry: Entry<'_>, text: &str, outer: Defaults<'_>) -> Job {
    let item = entry.value;
    let own = defaults(item);
    let default = Defaults { shell: own.shell.or(outer.shell), folder: own.folder.or(outer.folder) };
    let mut job = Job {
        name: entry.key.to_owned(),
        place: entry.key_range,
        tolerance: tolerance(item),
        calls: item.get("uses").and_then(Item::text).map(str::to_owned),
        ..Job::default()
    };
    for service in item.get("services").into_iter().flat_map(Item::entries) {
        let image = service.value.get("image").or(Some(service.value)).filter(|it| it.text().is_some());
        job.services.extend(image.and_then(|it| Some((it.text()?.to_owned(), it.range()))));
    }
    environment(item, &mut job);
    for item in item.get("steps").into_iter().flat_map(Item::items) {
        let Some(mut step) = step(item, text) else { continue };
        if step.folder.is_empty() {
            default.folder.unwrap_or("").clone_into(&mut step.folder);
        }
        // Without a shell, pipes succeed with their last command.
        let shell = item.get("shell").and_then(Item::scalar).or(default.shell);
        step.pipes_fail = shell.is_some() || step.scripts.iter().any(|it| it.text.contains("pipefail"));
        environment(item, &mut job);
        job.steps.push(step);
    }
    job
}

/// Reads a step, of a job or of a composite action.
pub(super) fn step(item: Item<'_>, text: &str) -> Option<Step> {
    let place = item.entries().next()?.key_range;
    let scalar = |key: &str| item.get(key).and_then(Item::scalar).map(str::to_owned);
    Some(Step {
        name: scalar("name"),
        id: scalar("id"),
        place,
        uses: scalar("uses"),
        tolerance: tolerance(item),
        folder: scalar("working-directory").unwrap_or_default(),
        scripts: item.get("run").and_then(|it| Script::of(it, text)).into_iter().collect(),
        ..Step::default()
    })
}

/// Only what always holds: an expression asks the matrix, or the event.
fn tolerance(item: Item<'_>) -> Option<arrears_core::text::TextRange> {
    let entry = item.entry("continue-on-error")?;
    let holds = entry.value.scalar().is_some_and(|it| it == "true" || it.replace(' ', "") == "${{true}}");
    let range = arrears_core::text::TextRange::new(entry.key_range.start(), entry.value.range().end());
    holds.then_some(range)
}

fn environment(item: Item<'_>, job: &mut Job) {
    for entry in item.get("env").into_iter().flat_map(Item::entries) {
        if let Some(value) = entry.value.scalar() {
            job.env.push((entry.key.to_owned(), value.to_owned(), entry.key_range));
        }
    }
}
