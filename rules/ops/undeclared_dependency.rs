//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::dependencies::{Ecosystem, Undeclared, Why};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds packages that code imports and no manifest around it declares.
    ///
    /// It works on the machine where somebody once ran `pip install`. A fresh container stops at the import, or, where
    /// another package happens to bring the module along, on the day that package no longer does.
    ///
    /// ```text bad path=requirements.txt
    /// django>=5.2
    /// ```
    /// ```python bad path=shop/reports.py
    /// from django.http import HttpResponse
    /// from openpyxl import Workbook
    /// ```
    /// ```text good path=requirements.txt
    /// django>=5.2
    /// openpyxl>=3.1
    /// ```
    /// ```python good path=shop/reports.py
    /// from django.http import HttpResponse
    /// from openpyxl import Workbook
    /// ```
    ///
    /// One finding for each module, at its first import; the manifest that should name it is shown beside. Imports below
    /// a condition may be missing and are left out, as are tests and scripts that are run by hand. Nothing is said
    /// where a manifest is computed, cannot be read, or names no framework that the code uses, and of what a command installs.
    /// What another declared package is known to bring along, and what is imported in `try`, is shown under `all`.
    ///
    /// Two manifests of one folder that both name the framework describe the same application: what one declares, the code
    /// uses and the other lacks is reported at the one that lacks it. deptry and knip find the imports, and not the drift.
    pub(crate) const RULE = {
        code: "ops/undeclared-dependency",
        summary: "imported package that no manifest declares",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for undeclared in model.dependencies().undeclared(model) {
        report(&undeclared, ctx);
    }
}

fn report(undeclared: &Undeclared<'_>, ctx: &mut ProjectContext<'_>) {
    let (Some(first), name) = (undeclared.places.first(), &undeclared.name) else { return };
    if undeclared.why == Why::Drifted {
        let other = undeclared.manifest.map_or("", |it| it.path.file_name());
        let message = format!("`{name}` is missing in this manifest: the code uses it, and only `{other}` declares it");
        let finding = ctx.report(first.path, first.range, message);
        finding
            .help(format!("declare `{name}` here too, or keep one of the two manifests"))
            .severity(Severity::Warning);
        if let Some(manifest) = undeclared.manifest {
            finding.label_in(manifest.path, manifest.range, "declared here");
        }
        return;
    }
    let more = match undeclared.places.len() {
        0 | 1 => String::new(),
        2 => ", here and in another file".to_owned(),
        more => format!(", here and in {} other files", more - 1),
    };
    let finding =
        ctx.report(first.path, first.range, format!("`{name}` is imported{more}, but no manifest declares it"));
    let called = &undeclared.distribution;
    match undeclared.manifest {
        Some(manifest) => {
            let as_called = if called == name { String::new() } else { format!(" (the package is called `{called}`)") };
            finding.help(format!("add `{called}` to `{}`{as_called}", manifest.path));
            finding.label_in(manifest.path, manifest.range, format!("`{called}` is not declared beside this"));
        }
        None => {
            finding.help(format!("declare `{called}`"));
        }
    }
    if matches!(undeclared.why, Why::Brought | Why::Guarded) {
        finding.preset(Preset::All).severity(Severity::Info);
    } else if undeclared.ecosystem == Ecosystem::Node {
        finding.severity(Severity::Warning);
    }
}
