//! Which files are workflows, and what they come to.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_syntax::document::tree::{Item, Tree};

use super::follow::Follower;
use super::program::is_test_name;
use super::work::Work;
use super::{Pipelines, System, Workflow, github, gitlab, jenkins, systems};
use crate::project::{ProjectFile, ProjectModel};

/// Paths at the root of systems that are not read.
const OTHERS: [&str; 20] = [
    ".drone.yml",
    ".drone.jsonnet",
    ".cirrus.yml",
    ".cirrus.star",
    "appveyor.yml",
    ".appveyor.yml",
    ".woodpecker.yml",
    ".woodpecker.yaml",
    ".semaphore/semaphore.yml",
    ".teamcity/settings.kts",
    "wercker.yml",
    "shippable.yml",
    "codefresh.yml",
    ".build.yml",
    ".zuul.yaml",
    "zuul.yaml",
    "cloudbuild.yaml",
    "cloudbuild.yml",
    "codemagic.yaml",
    "bamboo-specs/bamboo.yml",
];

/// Folders of systems that are not read.
const FOLDERS: [&str; 9] = [
    ".buildkite",
    ".woodpecker",
    ".teamcity",
    ".gitea/workflows",
    ".forgejo/workflows",
    ".tekton",
    ".zuul.d",
    ".harness",
    ".azuredevops",
];

impl<'p> Pipelines<'p> {
    /// Reads the workflows of a repository.
    pub(crate) fn find(model: &ProjectModel<'p>) -> Self {
        let mut found = Self::default();
        for file in model.files() {
            let Some((system, is_at_root)) = system(&file.source.path) else { continue };
            match read(file, system, is_at_root) {
                Some(workflow) => found.workflows.push(workflow),
                None if is_at_root => found.others.push(file.source.path.to_string()),
                None => {}
            }
        }
        let mut follower = Follower::new(model);
        for workflow in &mut found.workflows {
            work(model, &mut follower, workflow);
        }
        let inventory = model.inventory();
        found.others.extend(OTHERS.iter().filter(|it| inventory.has_file(it)).map(|it| (*it).to_owned()));
        found.others.extend(FOLDERS.iter().filter(|it| inventory.has_folder(it)).map(|it| (*it).to_owned()));
        found
    }
}

/// Returns what runs a file, and whether it lies where that looks for it.
fn system(path: &RelPath) -> Option<(System, bool)> {
    let is_yaml = matches!(path.extension(), "yml" | "yaml");
    let (folder, name) = (path.folder(), path.file_name());
    let is_at_root = folder.is_empty();
    if is_yaml && (folder == ".github/workflows" || folder.ends_with("/.github/workflows")) {
        return Some((System::GitHub, folder == ".github/workflows"));
    }
    if folder == ".circleci" || folder.ends_with("/.circleci") {
        return matches!(name, "config.yml" | "config.yaml").then_some((System::Circle, folder == ".circleci"));
    }
    match name {
        ".gitlab-ci.yml" | ".gitlab-ci.yaml" => Some((System::GitLab, is_at_root)),
        "bitbucket-pipelines.yml" => Some((System::Bitbucket, is_at_root)),
        ".travis.yml" => Some((System::Travis, is_at_root)),
        // The project at the service says where these lie.
        "Jenkinsfile" => Some((System::Jenkins, true)),
        "azure-pipelines.yml" | "azure-pipelines.yaml" => Some((System::Azure, true)),
        "buildspec.yml" | "buildspec.yaml" => Some((System::CodeBuild, true)),
        _ => None,
    }
}

fn read<'p>(file: ProjectFile<'p>, system: System, is_at_root: bool) -> Option<Workflow<'p>> {
    let text = &file.source.text;
    let tree = file.facts.document().and_then(|it| it.tree()).and_then(Tree::root);
    let mut workflow = Workflow {
        path: &file.source.path,
        system,
        name: None,
        place: TextRange::empty(0),
        is_at_root,
        triggers: Vec::new(),
        jobs: Vec::new(),
        has_gaps: false,
    };
    if system == System::Jenkins {
        jenkins::read(text, &mut workflow);
        return Some(workflow);
    }
    let tree = tree.filter(|it| it.is_map())?;
    let named = tree.get("name").filter(|it| it.text().is_some());
    workflow.name = named.and_then(Item::text).map(str::to_owned);
    let first = tree.entries().next().map(|it| it.key_range);
    workflow.place = named.map(Item::range).or(first)?;
    match system {
        System::GitHub => github::read(tree, text, &mut workflow),
        System::GitLab => gitlab::read(tree, text, &mut workflow),
        System::Circle => systems::circle(tree, text, &mut workflow),
        System::Azure => systems::azure(tree, text, &mut workflow),
        System::Bitbucket => systems::bitbucket(tree, text, &mut workflow),
        System::CodeBuild => systems::codebuild(tree, text, &mut workflow),
        System::Travis => systems::travis(tree, text, &mut workflow),
        System::Jenkins => {}
    }
    Some(workflow)
}

/// Fills in what the steps do.
fn work<'p>(model: &ProjectModel<'p>, follower: &mut Follower<'_, 'p>, workflow: &mut Workflow<'p>) {
    let path = workflow.path;
    // A project that lies below the root takes its own folder for it.
    let base = match path.as_str().find(".github/") {
        Some(at) => path.as_str().get(..at).unwrap_or("").trim_end_matches('/').to_owned(),
        None => String::new(),
    };
    for job in &mut workflow.jobs {
        if job.calls.as_deref().is_some_and(|it| !it.starts_with("./")) {
            workflow.has_gaps = true;
        }
        for step in &mut job.steps {
            let mut folder = super::follow::joined(&base, &step.folder);
            for script in &step.scripts {
                step.commands.extend(follower.commands(script, &mut folder));
            }
            step.work = step.commands.iter().fold(Work::empty(), |all, (_, work)| all | *work);
            if let Some(action) = &step.uses {
                step.work |= action_work(model, follower, action);
            }
        }
    }
}

/// Returns what an action does: one of the repository by its steps, another one by its name.
fn action_work<'p>(model: &ProjectModel<'p>, follower: &mut Follower<'_, 'p>, action: &str) -> Work {
    if let Some(local) = action.strip_prefix("./") {
        let file = ["action.yml", "action.yaml"]
            .iter()
            .find_map(|name| model.file(&RelPath::new(&super::follow::joined(local, name))));
        let Some(file) = file else { return Work::UNKNOWN };
        let tree = file.facts.document().and_then(|it| it.tree()).and_then(Tree::root);
        let Some(steps) = tree.and_then(|it| it.at(&["runs", "steps"])) else { return Work::UNKNOWN };
        let mut all = Work::empty();
        for step in steps.items().filter_map(|it| github::step(it, &file.source.text)).take(60) {
            for script in &step.scripts {
                let commands = follower.commands(script, &mut step.folder.clone());
                all |= commands.iter().fold(Work::empty(), |all, (_, work)| all | *work);
            }
            if step.uses.is_some_and(|it| is_test_name(&it)) {
                all |= Work::TEST;
            }
        }
        return all;
    }
    let name = action.split('@').next().unwrap_or(action).to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|it| name.contains(it));
    let mut work = Work::empty();
    work.set(Work::TEST | Work::BROWSER, name.starts_with("cypress-io/"));
    work.set(Work::TEST, says(&["pytest", "run-tests", "jest", "vitest", "tox", "chromatic"]) || is_test_name(&name));
    work.set(
        Work::LINT,
        says(&["ruff-action", "psf/black", "pre-commit/action", "super-linter", "megalinter", "prek-action", "eslint"]),
    );
    work.set(Work::AUDIT, says(&["gitleaks", "trivy", "codeql-action/analyze", "dependency-review", "zizmor", "snyk"]));
    work.set(Work::BUILD, says(&["docker/build-push-action", "docker/bake-action"]));
    work.set(Work::UNKNOWN, name.starts_with("docker://") || says(&["earthly", "dagger", "devcontainers/ci"]));
    work
}
