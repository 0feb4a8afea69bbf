//! What a description is for: production, development, tests, examples.

use arrears_core::source::{Language, RelPath};
use arrears_syntax::document::dockerfile::is_dockerfile;

use crate::project::ProjectModel;

/// What something that runs is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// It is named so, or platforms and clusters read nothing else.
    Production,
    /// Nothing says what it is for.
    Common,
    /// `Dockerfile.dev`, `docker-compose.override.yml`, a devcontainer, mounted sources.
    Development,
    /// Continuous integration, end-to-end tests.
    Test,
    /// Documents, templates, archives.
    Example,
}

impl Purpose {
    /// Returns whether it is not for development, tests or examples.
    pub fn may_be_production(self) -> bool {
        matches!(self, Self::Production | Self::Common)
    }
}

const PRODUCTION: [&str; 8] = ["prod", "production", "live", "deploy", "deployment", "release", "staging", "server"];
const DEVELOPMENT: [&str; 18] = [
    "dev",
    "devel",
    "develop",
    "development",
    "local",
    "override",
    "overrides",
    "devcontainer",
    "codespaces",
    "gitpod",
    "debug",
    "watch",
    "worktree",
    "sandbox",
    "playground",
    "hot",
    "workspace",
    "devenv",
];
const TEST: [&str; 14] = [
    "test",
    "tests",
    "testing",
    "unittest",
    "unittests",
    "ci",
    "cicd",
    "e2e",
    "integration",
    "cypress",
    "playwright",
    "lint",
    "benchmark",
    "travis",
];
const EXAMPLE: [&str; 20] = [
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "docs",
    "doc",
    "documentation",
    "template",
    "templates",
    "cookiecutter",
    "archive",
    "archived",
    "legacy",
    "deprecated",
    "old",
    "backup",
    "tutorial",
    "fixtures",
];

/// Returns what the words of a name say; none, where they say nothing.
pub fn of_words(name: &str) -> Option<Purpose> {
    let words: Vec<String> = name.split(|it: char| !it.is_ascii_alphanumeric()).map(str::to_ascii_lowercase).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let is_joined = || words.iter().any(|word| word.starts_with("dev") && word.ends_with("server"));
    if has(&EXAMPLE) {
        Some(Purpose::Example)
    } else if has(&TEST) {
        Some(Purpose::Test)
    } else if has(&DEVELOPMENT) || is_joined() {
        Some(Purpose::Development)
    } else if has(&PRODUCTION) {
        Some(Purpose::Production)
    } else {
        None
    }
}

/// Returns what a file is for by its name and its folders: folders count where their whole name is such a word.
pub fn of_path(path: &RelPath) -> Purpose {
    let stem = path.file_name();
    let folders = || {
        path.folders().filter_map(|folder| {
            let folder = folder.trim_start_matches('.').to_ascii_lowercase();
            let is_template = folder.contains("{{") || folder.contains("cookiecutter") || folder.contains("template");
            if is_template {
                return Some(Purpose::Example);
            }
            let lists: [(&[&str], Purpose); 4] = [
                (&EXAMPLE, Purpose::Example),
                (&TEST, Purpose::Test),
                (&DEVELOPMENT, Purpose::Development),
                (&PRODUCTION, Purpose::Production),
            ];
            let parts = || folder.split(['-', '_']);
            let is_one = |known: &[&str]| known.contains(&folder.as_str());
            let is_test = || parts().any(|it| matches!(it, "tests" | "unittests" | "e2e"));
            let is_container = || parts().any(|it| it == "worktree");
            lists
                .iter()
                .find(|(known, _)| is_one(known))
                .map(|(_, purpose)| *purpose)
                .or_else(|| is_test().then_some(Purpose::Test))
                .or_else(|| is_container().then_some(Purpose::Development))
        })
    };
    let found: Vec<Purpose> = folders().chain(of_words(stem)).collect();
    // An example for production is an example.
    found.iter().copied().filter(|it| *it != Purpose::Production).max().unwrap_or(if found.is_empty() {
        Purpose::Common
    } else {
        Purpose::Production
    })
}

/// Returns a file that says that something is deployed by means that are not read.
pub(super) fn elsewhere(project: &ProjectModel<'_>) -> Option<RelPath> {
    const NAMES: [&str; 20] = [
        "Chart.yaml",
        "serverless.yml",
        "serverless.yaml",
        "zappa_settings.json",
        "cdk.json",
        "Pulumi.yaml",
        "appspec.yml",
        "Dockerrun.aws.json",
        "fabfile.py",
        "heroku.yml",
        "ansible.cfg",
        "playbook.yml",
        "nixpacks.toml",
        "skaffold.yaml",
        "Tiltfile",
        "captain-definition",
        "shell.nix",
        "flake.nix",
        "taskdef.json",
        "cloudbuild.yaml",
    ];
    const FOLDERS: [&str; 10] =
        ["ansible", "terraform", ".ebextensions", "copilot", "pulumi", "helm", "puppet", "salt", "chef", "kamal"];
    let is_elsewhere = |path: &&RelPath| {
        let name = path.file_name();
        NAMES.contains(&name)
            || matches!(path.extension(), "tf" | "tfvars" | "nomad" | "bicep")
            || name.contains("task-definition")
            || name.contains("task_definition")
            || path.folders().any(|folder| FOLDERS.contains(&folder))
    };
    project.inventory().files().find(is_elsewhere).cloned()
}

/// Returns the descriptions that could not be read.
pub(super) fn unread<'p>(project: &ProjectModel<'p>) -> Vec<&'p RelPath> {
    let describes = |path: &RelPath| {
        let name = path.file_name().to_ascii_lowercase();
        is_dockerfile(path)
            || name.contains("compose")
            || name.contains("deployment")
            || path.folders().any(|folder| matches!(folder, "k8s" | "kubernetes" | "helm" | "manifests" | "charts"))
    };
    project
        .files()
        .filter(|file| file.source.language == Language::Text && file.facts.has_errors && describes(&file.source.path))
        .map(|file| &file.source.path)
        .collect()
}

#[cfg(test)]
mod tests {
    use arrears_core::source::RelPath;

    use super::{Purpose, of_path};

    #[test]
    fn names_say_what_files_are_for() {
        let of = |path: &str| of_path(&RelPath::new(path));
        assert_eq!(of("docker-compose.yml"), Purpose::Common);
        assert_eq!(of("docker-compose.prod.yml"), Purpose::Production);
        assert_eq!(of("docker-compose.override.yml"), Purpose::Development);
        assert_eq!(of("compose/local/django/Dockerfile"), Purpose::Development);
        assert_eq!(of("compose/production/django/Dockerfile"), Purpose::Production);
        assert_eq!(of(".devcontainer/Dockerfile"), Purpose::Development);
        assert_eq!(of("dev.Dockerfile"), Purpose::Development);
        assert_eq!(of("examples/production/docker-compose.yml"), Purpose::Example);
        assert_eq!(of("dev-portal/Dockerfile"), Purpose::Common);
        assert_eq!(of("docker/docker-compose.ci-test.yml"), Purpose::Test);
    }
}
