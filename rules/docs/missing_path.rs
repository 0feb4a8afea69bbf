//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pages::kind::PageKind;
use arrears_model::pages::{Missing, Page};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds paths in the repository's own guides that lead to no file.
    ///
    /// Whoever is new follows the guide, looks for the file, finds nothing and stops trusting the rest of the page. No checker
    /// of links sees it: the path is code, not a link.
    ///
    /// ```markdown bad path=README.md
    /// # Shop
    ///
    /// Prices are computed in `shop/prices/rules.py`.
    /// ```
    /// ```python bad path=shop/pricing/rules.py
    /// DISCOUNT = 5
    /// ```
    /// ```markdown good path=README.md
    /// # Shop
    ///
    /// Prices are computed in `shop/pricing/rules.py`. Taxes will move to `shop/taxes/rules.py`.
    /// ```
    /// ```python good path=shop/pricing/rules.py
    /// DISCOUNT = 5
    /// ```
    ///
    /// A path has a folder and an extension. It is looked for from the page's folder, from the root and as the end of any
    /// path of the repository; its first folder must be one of the repository's, or a file of its name must lie elsewhere.
    /// A page with more than five such paths gets one finding, at its title.
    ///
    /// Not flagged: what is planned, to be created, removed or an example by the words around it, unchecked boxes, paths
    /// that git ignores, stand-ins (`my_app/models.py`); change logs, reports, plans and archives, which tell of another day.
    pub(crate) const RULE = {
        code: "docs/missing-path",
        summary: "a guide names a file that does not exist",
        check: Check::Project { run: check },
        severity: Severity::Warning,
        scope: Scope::Repository,
        fix: Applicability::DisplayOnly,
        exempt: Roles::empty(),
    }
}

/// With more of them, the page is what is wrong.
const HANDFUL: usize = 5;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for page in model.pages().all.iter().filter(|page| page.kind == PageKind::Guide) {
        let missing: Vec<&Missing> = page.claimed().collect();
        if missing.len() > HANDFUL {
            report_page(page, &missing, ctx);
            continue;
        }
        for it in missing {
            report(page, it, ctx);
        }
    }
}

fn report(page: &Page<'_>, missing: &Missing, ctx: &mut ProjectContext<'_>) {
    let path = &missing.path;
    let Some(moved) = &missing.moved else {
        ctx.report(&page.source.path, missing.range, format!("`{path}` does not exist"))
            .help("name the file that took its place, or take the sentence away");
        return;
    };
    let edit = Edit::replace(missing.range, moved.as_str());
    ctx.report(&page.source.path, missing.range, format!("`{path}` does not exist; did you mean `{moved}`?"))
        .help(format!("write `{moved}`"))
        .fix(Fix::suggestion(format!("write `{moved}`"), edit));
}

fn report_page(page: &Page<'_>, missing: &[&Missing], ctx: &mut ProjectContext<'_>) {
    let (count, all) = (missing.len(), missing.len() + page.found);
    let first = missing.first().map(|it| it.range);
    let Some(place) = page.title_line().or(first) else { return };
    let finding =
        ctx.report(&page.source.path, place, format!("{count} of the {all} paths that this page names do not exist"));
    for it in missing.iter().take(HANDFUL) {
        let told = it.moved.as_ref().map_or_else(|| "does not exist".to_owned(), |moved| format!("`{moved}` exists"));
        finding.label(it.range, told);
    }
    finding.help("bring the page up to date, or put it away with what is no longer current");
    finding.property("missing", count.to_string());
}
