//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pages::Page;
use arrears_model::pages::version::{Drift, drifts};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds versions in guides that no manifest of the repository admits.
    ///
    /// Whoever sets up a machine, looks up an API or plans an upgrade by the page does so for a version that is not in use.
    ///
    /// ```markdown bad path=README.md
    /// # Shop
    ///
    /// | layer | version |
    /// |---|---|
    /// | Django | 5.1.3 |
    /// ```
    /// ```text bad path=requirements.txt
    /// Django==5.2.8
    /// ```
    /// ```markdown good path=README.md
    /// # Shop
    ///
    /// | layer | version |
    /// |---|---|
    /// | Django | 5.2 |
    /// ```
    /// ```text good path=requirements.txt
    /// Django==5.2.8
    /// ```
    ///
    /// Held against `requirements*.txt`, `pyproject.toml`, `Pipfile` and `package.json`, by the first two numbers of the
    /// version; a range that admits the version is no difference, nor is any manifest that does.
    ///
    /// Not flagged: change logs, notes for upgrades, reports and plans; sentences about support, requirements, upgrades and
    /// other versions; lists of versions; what is declared without a version.
    pub(crate) const RULE = {
        code: "docs/version-drift",
        summary: "a guide states a version that is not in use",
        check: Check::Project { run: check },
        severity: Severity::Warning,
        scope: Scope::Repository,
        fix: Applicability::Unsafe,
        exempt: Roles::empty(),
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for (page, drift) in drifts(model, &model.pages().all) {
        report(page, &drift, ctx);
    }
}

fn report(page: &Page<'_>, drift: &Drift<'_>, ctx: &mut ProjectContext<'_>) {
    let Some(first) = drift.declared.first() else { return };
    let (name, stated) = (drift.name, &drift.stated);
    let version = same_length(&first.said, stated);
    let message = format!("the page says {name} {stated}, `{}` says {}", first.path, shown(&first.said));
    let finding = ctx.report(&page.source.path, drift.range, message);
    for declared in drift.declared.iter().take(3) {
        finding.label_in(declared.path, declared.range, "declared here");
    }
    let Some(version) = version else {
        finding.help("state the version that is in use, or leave it to the manifest");
        return;
    };
    finding.help(format!("write {name} {version}, or leave the version to the manifest"));
    let edit = Edit::replace(drift.range, version.as_str());
    finding.fix(Fix::unsafe_edit(format!("write {version}"), edit));
}

/// Returns a declaration as a reader says it: `5.2.8` of `==5.2.8`.
fn shown(said: &str) -> &str {
    said.trim_start_matches("==").trim_start_matches('=').trim()
}

/// Returns the declared version with as many numbers as the page has, where one is declared.
fn same_length(said: &str, stated: &str) -> Option<String> {
    let plain = said.trim_start_matches(['=', '^', '~']).trim();
    let is_one = plain.chars().all(|it| it.is_ascii_digit() || it == '.') && !plain.is_empty();
    let parts: Vec<&str> = plain.split('.').take(stated.split('.').count()).collect();
    is_one.then(|| parts.join("."))
}
