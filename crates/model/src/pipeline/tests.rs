use arrears_core::source::{Language, RelPath, Roles, SourceFile};

use super::work::Work;
use crate::extract::{document, words_only};
use crate::facts::Facts;
use crate::project::{ProjectFile, ProjectModel};

fn with<T>(files: &[(&str, &str)], ask: impl FnOnce(&ProjectModel<'_>) -> T) -> T {
    let read = |(path, text): &(&str, &str)| {
        let path = RelPath::new(path);
        let language = Language::of(&path).unwrap_or(Language::Text);
        let source = SourceFile::new(path, *text, language, Roles::empty());
        let facts = if language == Language::Python { words_only(&source) } else { document(&source) };
        (source, facts)
    };
    let files: Vec<(SourceFile, Facts)> = files.iter().map(read).collect();
    ask(&ProjectModel::join(files.iter().map(|(source, facts)| ProjectFile { source, facts })))
}

/// Returns what the workflows of a repository do together.
fn work(files: &[(&str, &str)]) -> Work {
    with(files, |model| model.pipelines().workflows.iter().fold(Work::empty(), |all, it| all | it.work()))
}

fn run(script: &str, others: &[(&str, &str)]) -> Work {
    let text = format!(
        "on: push\njobs:\n  ci:\n    steps:\n      - run: |\n          {}\n",
        script.replace('\n', "\n          ")
    );
    let mut files = vec![(".github/workflows/ci.yml", text.as_str())];
    files.extend(others);
    work(&files)
}

#[test]
fn programs_are_seen_behind_their_runners() {
    let tests = [
        "uv run pytest",
        "poetry run coverage run -m pytest",
        "python -Wa manage.py test",
        "docker compose exec -T web python manage.py test",
        "xvfb-run npx playwright test",
        "timeout 60 ./manage.py test",
        "DJANGO_SETTINGS_MODULE=a.b pytest -n auto",
        "bash -c 'cd web && vitest run'",
        "tox",
        "yarn jest",
    ];
    for script in tests {
        assert!(run(script, &[]).contains(Work::TEST), "{script}");
    }
    for script in ["ruff check .", "npm ci", "pip install pytest", "echo pytest", "npm run build"] {
        assert!(!run(script, &[]).contains(Work::TEST), "{script}");
    }
}

#[test]
fn scripts_of_the_repository_are_followed() {
    let makefile = ("Makefile", "check: unit lint\nunit:\n\tcd api && pytest\nlint:\n\truff check\n");
    assert_eq!(run("make check", &[makefile]), Work::TEST | Work::LINT);
    assert_eq!(run("make lint", &[makefile]), Work::LINT);
    let package = ("web/package.json", r#"{"scripts": {"ci": "npm run unit && tsc --noEmit", "unit": "vitest run"}}"#);
    assert_eq!(run("cd web\nnpm run ci", &[package]), Work::TEST | Work::LINT);
    let script = ("ops/check.sh", "#!/bin/sh\nset -e\nmypy .\n");
    assert_eq!(run("./ops/check.sh", &[script]), Work::LINT);
    assert!(run("./ops/other.sh", &[script]).contains(Work::UNKNOWN));
}

#[test]
fn scripts_that_run_each_other_end() {
    let package = ("package.json", r#"{"scripts": {"a": "npm run b", "b": "npm run a"}}"#);
    assert_eq!(run("npm run a", &[package]), Work::empty());
    assert_eq!(run("make a", &[("Makefile", "a: b\n\tmake b\nb: a\n\tmake a\n")]), Work::empty());
}

#[test]
fn other_systems_are_read() {
    let files = [
        (".gitlab-ci.yml", "unit:\n  script:\n    - pip install -r requirements.txt\n    - pytest\n"),
        ("Jenkinsfile", "pipeline { stages { stage('t') { steps { sh 'pytest' } } } }"),
        (".circleci/config.yml", "jobs:\n  t:\n    steps:\n      - checkout\n      - run: pytest\n"),
        ("azure-pipelines.yml", "steps:\n- script: pytest\n"),
        ("bitbucket-pipelines.yml", "pipelines:\n  default:\n    - step:\n        script:\n          - pytest\n"),
        ("buildspec.yml", "phases:\n  build:\n    commands:\n      - pytest\n"),
        (".travis.yml", "script: pytest\n"),
    ];
    for file in files {
        assert_eq!(work(&[file]), Work::TEST, "{}", file.0);
    }
}

#[test]
fn places_in_block_scalars_are_exact() {
    let text = "on: [push]\njobs:\n  é:\n    steps:\n    - run: |\n        pip list\n        pytest || true\n";
    with(&[(".github/workflows/ci.yml", text)], |model| {
        let found = model.pipelines().workflows.iter().flat_map(|it| it.steps()).flat_map(|it| &it.commands);
        let masks: Vec<_> = found.filter_map(|(it, _)| Some(it.mask.as_ref()?.range.slice(text))).collect();
        assert_eq!(masks, ["|| true"]);
    });
}

#[test]
fn a_workflow_below_the_root_does_not_run() {
    with(&[("api/.github/workflows/ci.yml", "on: push\njobs: {}\n")], |model| {
        assert!(model.pipelines().is_empty() && model.pipelines().workflows.len() == 1);
    });
}
