//! Reads `.gitlab-ci.yml`.

use arrears_core::text::TextRange;
use arrears_syntax::document::tree::{Entry, Item};

use super::shell::Script;
use super::{Job, Step, Workflow};

/// Keys that are no jobs.
const RESERVED: [&str; 12] = [
    "stages",
    "variables",
    "include",
    "default",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "pages",
    "spec",
];

/// Reads the jobs; hidden ones are what others extend.
pub(super) fn read(tree: Item<'_>, text: &str, workflow: &mut Workflow<'_>) {
    workflow.has_gaps = tree.get("include").is_some();
    let before = tree.get("before_script").or_else(|| tree.at(&["default", "before_script"]));
    if let Some(before) = before {
        let step = Step { place: before.range(), scripts: scripts(before, text), pipes_fail: true, ..Step::default() };
        workflow.jobs.push(Job { name: "before_script".to_owned(), steps: vec![step], ..Job::default() });
    }
    let is_job =
        |it: &Entry<'_>| it.value.is_map() && (!RESERVED.contains(&it.key) || it.value.get("script").is_some());
    for entry in tree.entries().filter(is_job) {
        workflow.jobs.push(job(entry, text));
        workflow.has_gaps |= entry.value.get("trigger").is_some();
    }
}

fn job(entry: Entry<'_>, text: &str) -> Job {
    let item = entry.value;
    let tolerance = item.entry("allow_failure").filter(|it| it.value.bool() == Some(true));
    let is_manual = item.get("when").and_then(Item::text) == Some("manual");
    let tolerance = tolerance.filter(|_| !is_manual);
    let mut job = Job {
        name: entry.key.to_owned(),
        place: entry.key_range,
        tolerance: tolerance.map(|it| TextRange::new(it.key_range.start(), it.value.range().end())),
        ..Job::default()
    };
    for service in item.get("services").into_iter().flat_map(Item::items) {
        let image = service.get("name").or(Some(service)).filter(|it| it.text().is_some());
        job.services.extend(image.and_then(|it| Some((it.text()?.to_owned(), it.range()))));
    }
    for variable in item.get("variables").into_iter().flat_map(Item::entries) {
        if let Some(value) = variable.value.scalar() {
            job.env.push((variable.key.to_owned(), value.to_owned(), variable.key_range));
        }
    }
    for key in ["before_script", "script", "after_script"] {
        let Some(found) = item.entry(key) else { continue };
        job.steps.push(Step {
            name: Some(entry.key.to_owned()),
            place: found.key_range,
            scripts: scripts(found.value, text),
            pipes_fail: true,
            ..Step::default()
        });
    }
    job
}

/// Returns the scripts of a text or of a list, which may hold lists.
pub(super) fn scripts(item: Item<'_>, text: &str) -> Vec<Script> {
    let nested = item.items().flat_map(|it| it.items().chain([it]).collect::<Vec<_>>());
    nested.chain([item]).filter_map(|it| Script::of(it, text)).take(200).collect()
}
