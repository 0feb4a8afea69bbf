//! Reads the files of `CircleCI`, Azure, Bitbucket, `CodeBuild` and Travis.

use arrears_core::text::TextRange;
use arrears_syntax::document::tree::{Entry, Item};

use super::gitlab::scripts;
use super::shell::Script;
use super::{Job, Step, Workflow};

/// How deep stages, parallel steps and conditions are looked into.
const DEEPEST: u32 = 8;

/// Reads `.circleci/config.yml`.
pub(super) fn circle(tree: Item<'_>, text: &str, workflow: &mut Workflow<'_>) {
    workflow.has_gaps = tree.get("orbs").is_some() || tree.get("setup").and_then(Item::bool) == Some(true);
    for kind in ["jobs", "commands"] {
        for entry in tree.get(kind).into_iter().flat_map(Item::entries) {
            let mut job = named(entry);
            for (at, image) in entry.value.get("docker").into_iter().flat_map(Item::items).enumerate() {
                let image = image.get("image").filter(|_| at > 0);
                job.services.extend(image.and_then(|it| Some((it.text()?.to_owned(), it.range()))));
            }
            circle_steps(entry.value.get("steps"), text, &mut job, DEEPEST);
            workflow.jobs.push(job);
        }
    }
}

fn circle_steps(steps: Option<Item<'_>>, text: &str, job: &mut Job, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for entry in steps.into_iter().flat_map(Item::items).flat_map(Item::entries) {
        if entry.key != "run" {
            circle_steps(entry.value.get("steps"), text, job, depth);
            continue;
        }
        let command = entry.value.get("command").unwrap_or(entry.value);
        job.steps.push(Step {
            name: entry.value.get("name").and_then(Item::text).map(str::to_owned),
            place: entry.key_range,
            folder: entry.value.get("working_directory").and_then(Item::text).unwrap_or("").to_owned(),
            scripts: Script::of(command, text).into_iter().collect(),
            pipes_fail: true,
            ..Step::default()
        });
    }
}

/// Reads `azure-pipelines.yml`: jobs and stages hold steps at any depth.
pub(super) fn azure(tree: Item<'_>, text: &str, workflow: &mut Workflow<'_>) {
    workflow.has_gaps = text.contains("template:");
    let place = workflow.place;
    let mut job = Job { name: "pipeline".to_owned(), place, ..Job::default() };
    let mut open = vec![(tree, DEEPEST)];
    while let Some((item, depth)) = open.pop() {
        let Some(depth) = depth.checked_sub(1) else { continue };
        job.steps.extend(item.get("steps").into_iter().flat_map(Item::items).filter_map(|it| azure_step(it, text)));
        for key in ["stages", "jobs", "strategy", "runOnce", "deploy"] {
            let inner = item.get(key);
            open.extend(
                inner.into_iter().flat_map(|it| it.items().chain([it]).collect::<Vec<_>>()).map(|it| (it, depth)),
            );
        }
        if open.len() > 2_000 {
            break;
        }
    }
    workflow.jobs.push(job);
}

fn azure_step(item: Item<'_>, text: &str) -> Option<Step> {
    let first = item.entries().next()?;
    let inline = ["script", "bash", "pwsh", "powershell"].iter().find_map(|key| item.get(key));
    let script = inline.or_else(|| item.at(&["inputs", "script"])).and_then(|it| Script::of(it, text));
    let tolerance = item.entry("continueOnError").filter(|it| it.value.bool() == Some(true));
    Some(Step {
        name: item.get("displayName").and_then(Item::text).map(str::to_owned),
        place: first.key_range,
        uses: item.get("task").and_then(Item::text).map(str::to_owned),
        tolerance: tolerance.map(|it| TextRange::new(it.key_range.start(), it.value.range().end())),
        folder: item.get("workingDirectory").and_then(Item::text).unwrap_or("").to_owned(),
        scripts: script.into_iter().collect(),
        pipes_fail: true,
        ..Step::default()
    })
}

/// Reads `bitbucket-pipelines.yml`: steps lie below branches, stages and parallel groups.
pub(super) fn bitbucket(tree: Item<'_>, text: &str, workflow: &mut Workflow<'_>) {
    let mut open = vec![(tree, 12_u32)];
    while let Some((item, depth)) = open.pop() {
        let Some(depth) = depth.checked_sub(1) else { continue };
        for entry in item.entries() {
            if entry.key == "script" {
                let step = step_of(entry, text);
                workflow.jobs.push(Job { place: entry.key_range, steps: vec![step], ..Job::default() });
            } else {
                open.push((entry.value, depth));
            }
        }
        open.extend(item.items().map(|it| (it, depth)));
        if open.len() > 2_000 {
            break;
        }
    }
    workflow.jobs.sort_by_key(|it| it.place);
}

/// Reads `buildspec.yml`.
pub(super) fn codebuild(tree: Item<'_>, text: &str, workflow: &mut Workflow<'_>) {
    for phase in tree.get("phases").into_iter().flat_map(Item::entries) {
        let mut job = named(phase);
        job.steps.extend(phase.value.entry("commands").map(|it| step_of(it, text)));
        workflow.jobs.push(job);
    }
}

/// Reads `.travis.yml`.
pub(super) fn travis(tree: Item<'_>, text: &str, workflow: &mut Workflow<'_>) {
    let place = workflow.place;
    let mut job = Job { name: "build".to_owned(), place, ..Job::default() };
    let included = ["jobs", "matrix"].iter().filter_map(|key| tree.at(&[key, "include"])).flat_map(Item::items);
    for item in included.chain([tree]) {
        for key in ["before_install", "install", "before_script", "script", "after_success"] {
            job.steps.extend(item.entry(key).map(|it| step_of(it, text)));
        }
    }
    // Languages have a script of their own where none is written.
    workflow.has_gaps = !text.contains("script:");
    workflow.jobs.push(job);
}

fn named(entry: Entry<'_>) -> Job {
    Job { name: entry.key.to_owned(), place: entry.key_range, ..Job::default() }
}

fn step_of(entry: Entry<'_>, text: &str) -> Step {
    Step { place: entry.key_range, scripts: scripts(entry.value, text), pipes_fail: true, ..Step::default() }
}
