//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds repositories with an application but without continuous integration.
    ///
    /// Tests, migrations and builds are tried where somebody remembers to; a broken branch is noticed by whoever
    /// pulls it, or by the users.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=orders/__init__.py
    /// ```
    /// ```python bad path=orders/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.IntegerField()
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=orders/__init__.py
    /// ```
    /// ```python good path=orders/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.IntegerField()
    /// ```
    /// ```yaml good path=.github/workflows/ci.yml
    /// on: [push]
    /// jobs:
    ///   test:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: actions/checkout@v4
    ///       - run: pip install -r requirements.txt && python manage.py test
    /// ```
    ///
    /// Said once, at `manage.py` or the nearest manifest to the root. Looked for are GitHub, GitLab, Jenkins, CircleCI,
    /// Azure, Bitbucket, CodeBuild, Travis, and the files of a dozen others. Not flagged: a repository without an
    /// application, one whose README shows the badge of a service, one whose only workflows lie where they never run
    /// (`ops/workflow-not-at-root` says so), and a folder that git does not know as a repository.
    pub(crate) const RULE = {
        code: "ops/no-ci",
        summary: "nothing builds or tests what is pushed",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        asks_git: true,
    }
}

/// Services whose badge in a README says that the builds are configured elsewhere.
const SERVICES: [&str; 17] = [
    "travis-ci",
    "zuul",
    "shippable",
    "concourse",
    "bamboo",
    "cirrus-ci",
    "circleci.com",
    "buildkite.com",
    "teamcity",
    "semaphoreci",
    "codeship",
    "jenkins",
    "drone.",
    "appveyor",
    "dev.azure.com",
    "gitlab.com",
    "actions/workflows",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let pipelines = model.pipelines();
    if !pipelines.is_empty() || !pipelines.workflows.is_empty() || model.suites().units.is_empty() {
        return;
    }
    let is_readme = |path: &str| path.to_ascii_lowercase().starts_with("readme");
    let readmes = model.files().filter(|it| is_readme(it.source.path.as_str()));
    let declares = |text: &str| SERVICES.iter().any(|it| text.contains(it));
    if readmes.into_iter().any(|it| declares(&it.source.text.to_ascii_lowercase())) {
        return;
    }
    let Some((path, range)) = model.manifest() else { return };
    let tests = model.suites().count();
    let message = match tests {
        0 => "no workflow builds or checks what is pushed to this repository".to_owned(),
        1 => "no workflow runs the one test of this repository".to_owned(),
        _ => format!("no workflow runs the {tests} tests of this repository"),
    };
    ctx.report(path, range, message).help(
        "add `.github/workflows/ci.yml` (or your host's file) that installs the dependencies and runs lint, tests and \
         `makemigrations --check`",
    );
}
