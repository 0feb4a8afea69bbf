//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds repositories in which the commands for everyday work are written down nowhere as something to run.
    ///
    /// How to test, to format, to load data is then passed on by word of mouth, and differs from desk to desk.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```make good path=Makefile
    /// test:
    /// 	python manage.py test
    /// ```
    ///
    /// A `Makefile`, a `justfile`, a `Taskfile`, `tasks.py`, tox, nox, scripts of `package.json` or `pyproject.toml`, a
    /// folder of scripts, a dev container: any of them is enough.
    pub(crate) const RULE = {
        code: "ops/no-task-runner",
        summary: "no command for everyday work",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
    }
}

const FILES: [&str; 20] = [
    "makefile",
    "gnumakefile",
    "justfile",
    ".justfile",
    "taskfile.yml",
    "taskfile.yaml",
    "tasks.py",
    "noxfile.py",
    "tox.ini",
    "dodo.py",
    "fabfile.py",
    "earthfile",
    "rakefile",
    "pavement.py",
    "procfile.dev",
    "mise.toml",
    ".mise.toml",
    "devcontainer.json",
    "pantsfile",
    "build.bazel",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let is_runner = |name: &str| FILES.contains(&name) || name.ends_with(".mk") || name.ends_with(".sh");
    let has_file = model.inventory().files().any(|path| is_runner(&path.file_name().to_ascii_lowercase()));
    let has_folder =
        model.inventory().folders().any(|it| matches!(it.rsplit('/').next(), Some("scripts" | "bin" | "script")));
    let has_scripts = model.documents().any(|(file, document)| {
        let root = document.tree().and_then(|it| it.root());
        let keys: &[&[&str]] = match file.source.path.file_name() {
            "package.json" => &[&["scripts"]],
            "Pipfile" => &[&["scripts"]],
            "pyproject.toml" => &[
                &["tool", "poe", "tasks"],
                &["tool", "pdm", "scripts"],
                &["tool", "hatch", "envs"],
                &["tool", "taskipy", "tasks"],
                &["tool", "tox"],
                &["tool", "rye", "scripts"],
                &["tool", "pixi", "tasks"],
            ],
            _ => &[],
        };
        keys.iter().any(|it| root.and_then(|root| root.at(it)).is_some_and(|it| it.entries().next().is_some()))
    });
    if has_file || has_folder || has_scripts {
        return;
    }
    let Some((path, range)) = model.manifest().filter(|(path, _)| path.file_name() == "manage.py") else { return };
    ctx.report(path, range, "no `Makefile`, `justfile` or scripts tell how to test, check and run this project")
        .help("write down the commands of the everyday as targets: `make test`, `make lint`, `make run`");
}
