//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pipeline::{System, Workflow};
use arrears_model::project::ProjectModel;
use arrears_model::project::inventory::Inventory;

rule! {
    /// Finds workflows that were taken from GitHub's collection of starters and fit nothing in the repository.
    ///
    /// One click adds them. They fail on every push, or succeed and check nothing; either way people stop looking at
    /// the results of the others.
    ///
    /// ```yaml bad path=.github/workflows/rust.yml
    /// name: Rust
    /// on: [push]
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: actions/checkout@v4
    ///       - run: cargo build --verbose
    /// ```
    /// ```yaml good path=.github/workflows/django.yml
    /// name: Django CI
    /// on: [push]
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: actions/checkout@v4
    ///       - run: python manage.py test
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    ///
    /// Starters for Jekyll, Node, Rust, Go, Ruby, PHP, Java, .NET, C and Terraform where no file of that kind exists; the
    /// blank one that says hello; placeholders of the starters for clouds and for SLSA. Not flagged: a workflow that
    /// names a folder to work in, or that makes the files it needs.
    pub(crate) const RULE = {
        code: "ops/template-workflow",
        summary: "starter workflow that does not fit the repository",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Project,
    }
}

/// What a starter runs, and the files of which it needs one: names, or endings.
const NEEDS: [(&str, &[&str], &str); 13] = [
    ("actions/jekyll-build-pages", &["_config.yml", "_config.yaml", "Gemfile"], "Jekyll"),
    ("jekyll build", &["_config.yml", "_config.yaml", "Gemfile"], "Jekyll"),
    ("npm ci", &["package.json"], "Node"),
    ("npm install", &["package.json"], "Node"),
    ("cargo build", &["Cargo.toml"], "Rust"),
    ("go build", &["go.mod", ".go"], "Go"),
    ("bundle exec rake", &["Gemfile", "Rakefile", ".gemspec"], "Ruby"),
    ("composer validate", &["composer.json"], "PHP"),
    ("mvn -B package", &["pom.xml"], "Maven"),
    ("./gradlew build", &["build.gradle", "build.gradle.kts", "gradlew"], "Gradle"),
    ("dotnet build", &[".csproj", ".sln", ".fsproj", ".slnx"], ".NET"),
    ("make distcheck", &["configure", "configure.ac", "Makefile.am"], "autotools"),
    ("terraform init", &[".tf"], "Terraform"),
];

/// Placeholders that a starter asks to be replaced.
const PLACEHOLDERS: [&str; 9] = [
    "MY_AWS_REGION",
    "MY_ECR_REPOSITORY",
    "MY_ECS_SERVICE",
    "your-app-name",
    "your-cluster-name",
    "'my-project'",
    "echo \"artifact1\" > artifact1",
    "Hello, world!",
    "my-image-name:$(date +%s)",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for workflow in model.pipelines().running().filter(|it| it.system == System::GitHub) {
        let Some(file) = model.file(workflow.path) else { continue };
        let text = &*file.source.text;
        let name = workflow.name.as_deref().unwrap_or_else(|| workflow.path.file_name());
        if let Some((word, range)) = placeholder(text) {
            let message = format!("`{name}` is an unmodified starter: `{word}` was to be replaced");
            ctx.report(workflow.path, range, message).help("finish it, or delete the file");
        } else if let Some((what, range)) = stranger(workflow, text, model.inventory()) {
            let message = format!("`{name}` is a starter for {what}, and the repository holds nothing of the kind");
            ctx.report(workflow.path, range, message).help("delete the file, or fit it to this project");
        }
    }
}

fn placeholder(text: &str) -> Option<(&'static str, TextRange)> {
    let at = |word: &str| {
        let found = text.find(word)?;
        let line = text.get(..found)?.rfind('\n').map_or(0, |it| it + 1);
        (!text.get(line..found)?.trim_start().starts_with('#')).then_some(found)
    };
    // The blank starter says hello and invites to more; others greet for reasons of their own.
    let is_blank = |word: &str| word != "Hello, world!" || text.contains("Add other actions to build");
    let found = PLACEHOLDERS.iter().filter(|it| is_blank(it)).find_map(|word| Some((*word, at(word)?)));
    found.map(|(word, at)| (word.trim_matches('\''), TextRange::of(at..at + word.len())))
}

/// Returns what a workflow is a starter for, where nothing in the repository is of that kind.
fn stranger(workflow: &Workflow<'_>, text: &str, inventory: &Inventory) -> Option<(&'static str, TextRange)> {
    let moves =
        ["working-directory", "cd ", "git clone", "npm init", "cargo new", "cargo install", "--prefix", "path:"];
    if moves.iter().any(|it| text.contains(it)) || workflow.jobs.iter().any(|it| it.calls.is_some()) {
        return None;
    }
    let has = |wanted: &&str| {
        inventory.files().any(|path| {
            let name = path.file_name();
            name == *wanted || wanted.starts_with('.') && name.ends_with(wanted)
        })
    };
    let (mark, _, what) = NEEDS.iter().find(|(mark, files, _)| runs(workflow, mark) && !files.iter().any(has))?;
    let at = text.find(mark)?;
    Some((what, TextRange::of(at..at + mark.len())))
}

/// Returns whether a step uses an action, or begins a command with these words.
fn runs(workflow: &Workflow<'_>, mark: &str) -> bool {
    let words: Vec<&str> = mark.split(' ').collect();
    workflow.steps().any(|step| {
        let uses = step.uses.as_deref().is_some_and(|it| it.split('@').next() == Some(mark));
        // `npm install -g tool` installs a tool.
        let is_it = |all: &[String]| {
            let rest = all.get(words.len()..).unwrap_or(&[]);
            all.iter().zip(&words).filter(|(left, right)| left == right).count() == words.len()
                && (words.first() != Some(&"npm") || rest.iter().all(|it| it.starts_with("--")))
        };
        uses || step.commands.iter().any(|(it, _)| is_it(&it.words))
    })
}
