//! What programs do, by their names.

use super::work::Work;

/// Returns whether a name speaks of tests: `test`, `run-tests`, `test:unit`, `py313-tests`.
pub(super) fn is_test_name(name: &str) -> bool {
    name.split(|it: char| !it.is_ascii_alphabetic()).any(|word| {
        matches!(word, "test" | "tests" | "testing" | "runtests" | "unittest" | "unittests" | "e2e" | "pytest" | "spec")
    })
}

/// Returns what a program does by its name and arguments.
pub(super) fn by_program<S: AsRef<str>>(name: &str, rest: &[S]) -> Work {
    let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
    let first = rest.iter().copied().find(|it| !it.starts_with('-')).unwrap_or("");
    let tests = tester(name, first, &rest);
    let all = [tests, toolchain(name, first, &rest), checker(name, &rest), builder(name, first)];
    all.into_iter().find(|it| !it.is_empty()).unwrap_or_default()
}

fn starts(rest: &[&str], word: &str) -> bool {
    rest.iter().any(|it| it.starts_with(word))
}

fn tester(name: &str, first: &str, rest: &[&str]) -> Work {
    let has = |word: &str| rest.contains(&word);
    let coverage = if starts(rest, "--cov") { Work::COVERAGE } else { Work::empty() };
    let gate = if starts(rest, "--cov-fail-under") || starts(rest, "--coverageThreshold") {
        Work::GATE
    } else {
        Work::empty()
    };
    match name {
        "pytest"
        | "py.test"
        | "nosetests"
        | "nose2"
        | "unittest"
        | "trial"
        | "stestr"
        | "behave"
        | "robot"
        | "ward"
        | "mocha"
        | "jest"
        | "ava"
        | "karma"
        | "rspec"
        | "phpunit"
        | "bats"
        | "ctest"
        | "busted"
        | "schemathesis"
        | "newman"
        | "test-storybook"
        | "start-server-and-test"
        | "wtr"
        | "web-test-runner"
        | "uvu"
        | "tap" => Work::TEST | coverage | gate,
        "vitest" if first != "bench" => Work::TEST | coverage | gate,
        "runtests.py" | "runtests" | "run_tests.py" | "run-tests" | "run_tests.sh" | "run-tests.sh" | "runtests.sh" => {
            Work::TEST
        }
        "playwright" if has("test") => Work::TEST | Work::BROWSER,
        "cypress" if first == "run" || has("--e2e") => Work::TEST | Work::BROWSER,
        "detox" | "maestro" if has("test") => Work::TEST | Work::BROWSER,
        "node" if has("--test") => Work::TEST,
        "coverage" if first == "report" => {
            Work::COVERAGE | if starts(rest, "--fail-under") { Work::GATE } else { Work::empty() }
        }
        _ => Work::empty(),
    }
}

/// Programs that do everything, by their first argument.
fn toolchain(name: &str, first: &str, rest: &[&str]) -> Work {
    match name {
        "react-scripts" | "craco" | "ng" | "deno" | "go" | "cargo" | "gradle" | "gradlew" | "mvn" | "mvnw"
        | "dotnet" | "swift" | "flutter" | "rails" | "mix" | "expo" | "next" | "react-app-rewired" | "umi"
        | "quasar" => match first {
            "test" | "nextest" | "check" | "verify" => Work::TEST,
            "lint" | "clippy" | "fmt" => Work::LINT,
            "build" | "export" => Work::BUILD,
            "audit" | "deny" => Work::AUDIT,
            _ => Work::empty(),
        },
        "manage.py" | "django-admin" | "django-admin.py" | "manage" => django(first, rest),
        "flask" | "alembic" if rest.contains(&"upgrade") || rest.contains(&"check") => Work::MIGRATE,
        "prisma" | "knex" | "typeorm" if starts(rest, "migrat") => Work::MIGRATE,
        _ => Work::empty(),
    }
}

fn django(command: &str, rest: &[&str]) -> Work {
    match command {
        "test" | "pytest" => Work::TEST,
        "migrate" | "makemigrations" | "check_migrations" | "lintmigrations" => Work::MIGRATE,
        "check" | "validate_templates" => Work::LINT,
        "collectstatic" | "compilemessages" | "compress" => Work::BUILD,
        "spectacular" if rest.contains(&"--validate") || rest.contains(&"--fail-on-warn") => Work::LINT,
        _ => Work::empty(),
    }
}

fn checker(name: &str, rest: &[&str]) -> Work {
    let has = |word: &str| rest.contains(&word);
    match name {
        "ruff" | "flake8" | "pylint" | "black" | "isort" | "eslint" | "prettier" | "biome" | "oxlint" | "oxfmt"
        | "mypy" | "pyright" | "basedpyright" | "pyrefly" | "ty" | "stylelint" | "pre-commit" | "prek" | "djlint"
        | "curlylint" | "yamllint" | "hadolint" | "shellcheck" | "actionlint" | "pyflakes" | "pycodestyle"
        | "pydocstyle" | "codespell" | "vulture" | "knip" | "luacheck" | "sqlfluff" | "golangci-lint" | "dmypy"
        | "lint-staged" | "markdownlint" | "markdownlint-cli2" | "vue-tsc" | "interrogate" | "deptry" | "djhtml" => {
            if has("install") || has("--version") {
                Work::empty()
            } else {
                Work::LINT
            }
        }
        "tsc" => {
            if has("--noEmit") {
                Work::LINT
            } else {
                Work::BUILD
            }
        }
        "bandit" | "safety" | "pip-audit" | "semgrep" | "trivy" | "snyk" | "gitleaks" | "trufflehog"
        | "osv-scanner" | "grype" | "checkov" | "audit-ci" | "uv-secure" | "detect-secrets" => {
            if has("login") || has("auth") || has("--version") { Work::empty() } else { Work::AUDIT }
        }
        _ => Work::empty(),
    }
}

fn builder(name: &str, first: &str) -> Work {
    let is_build = match name {
        "vite" | "parcel" | "eas" | "remix" | "astro" | "mkdocs" | "poetry" | "uv" | "hatch" | "flit" => {
            first == "build"
        }
        "webpack" | "webpack-cli" | "rollup" | "esbuild" | "tsup" | "sphinx-build" | "build" => first != "serve",
        _ => false,
    };
    if is_build { Work::BUILD } else { Work::empty() }
}
