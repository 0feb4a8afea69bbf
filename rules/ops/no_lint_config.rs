//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pipeline::work::Work;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds repositories whose Python or whose frontend no linter or formatter is set up for.
    ///
    /// Every review then discusses blanks and unused imports, and every editor formats the same file anew.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/a.py
    /// def price(): return 1
    /// ```
    /// ```python bad path=shop/b.py
    /// def tax(): return 1
    /// ```
    /// ```python bad path=shop/c.py
    /// def total(): return 1
    /// ```
    /// ```python bad path=shop/d.py
    /// def discount(): return 1
    /// ```
    /// ```toml good path=pyproject.toml
    /// [tool.ruff]
    /// line-length = 100
    /// ```
    /// ```python good path=shop/a.py
    /// def price(): return 1
    /// ```
    ///
    /// A configuration of any linter or formatter counts, as does a dependency, a hook, or a step of continuous
    /// integration that runs one. Not said of fewer than five files.
    pub(crate) const RULE = {
        code: "ops/no-lint-config",
        summary: "no linter or formatter is configured",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
    }
}

const PYTHON: [&str; 11] =
    ["ruff", "flake8", "pylint", "black", "isort", "pycodestyle", "autopep8", "yapf", "pyflakes", "prospector", "mypy"];

const SCRIPT: [&str; 10] =
    ["eslint", "biome", "oxlint", "prettier", "standard", "xo", "tslint", "stylelint", "dprint", "jshint"];

/// Fewer files are a sketch.
const FEW: usize = 5;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let Some((path, range)) = model.manifest() else { return };
    let aside = Roles::VENDORED | Roles::MINIFIED | Roles::GENERATED;
    let own = || model.files().filter(|it| !it.source.roles.intersects(aside));
    let python = own().filter(|it| it.facts.python().is_some()).count();
    let script = own().filter(|it| it.facts.script().is_some()).count();
    if model.pipelines().running().any(|it| it.work().contains(Work::LINT)) {
        return;
    }
    for (count, language, tools) in [(python, "Python", PYTHON.as_slice()), (script, "JavaScript", SCRIPT.as_slice())] {
        if count < FEW || tools.iter().any(|tool| speaks(model, tool)) {
            continue;
        }
        let advice = if language == "Python" { "ruff" } else { "eslint or biome" };
        ctx.report(path, range, format!("no linter or formatter is set up for the {count} files of {language}"))
            .help(format!("set up {advice}, and run it in continuous integration"));
    }
}

/// Returns whether configuration names a tool, or a file is called after it.
fn speaks(model: &ProjectModel<'_>, tool: &str) -> bool {
    let named = |name: &str| name.trim_start_matches('.').to_ascii_lowercase().starts_with(tool);
    model.inventory().files().any(|path| named(path.file_name()))
        || model.files_with_word(tool).any(|file| {
            let name = file.source.path.file_name();
            file.facts.python().is_none()
                && file.facts.script().is_none()
                && !name.ends_with(".html")
                && !name.ends_with("lock.json")
        })
}
