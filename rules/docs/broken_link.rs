//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pages::{Missing, Page};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds relative links and images of Markdown pages that lead to no file.
    ///
    /// The reader gets a page that says 404. Files move, and nothing but the links tells who pointed at them.
    ///
    /// ```markdown bad path=README.md
    /// # Shop
    ///
    /// See [how to deploy](docs/deploy.md).
    /// ```
    /// ```markdown bad path=docs/operations/deploy.md
    /// # Deployment
    /// ```
    /// ```markdown good path=README.md
    /// # Shop
    ///
    /// See [how to deploy](docs/operations/deploy.md#rollback).
    /// ```
    /// ```markdown good path=docs/operations/deploy.md
    /// # Deployment
    /// ```
    ///
    /// A link by reference is reported where it is defined. A page with more than five such links gets one finding, at its
    /// title.
    ///
    /// Not flagged: addresses, anchors, files that git ignores, pages in archives and in templates; below the configuration
    /// of a site generator (`mkdocs.yml`, Docusaurus, Sphinx, Hugo, VitePress, …) what may be a route of the site.
    pub(crate) const RULE = {
        code: "docs/broken-link",
        summary: "a link leads to no file",
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
    for page in &model.pages().all {
        if page.broken.len() > HANDFUL {
            report_page(page, ctx);
            continue;
        }
        for link in &page.broken {
            report(page, link, ctx);
        }
    }
}

fn report(page: &Page<'_>, link: &Missing, ctx: &mut ProjectContext<'_>) {
    let path = &link.path;
    let Some(moved) = link.moved.as_deref().map(|it| page.relative(it)) else {
        ctx.report(&page.source.path, link.range, format!("the link to `{path}` leads to no file"))
            .help("link to the file that took its place, or take the link away");
        return;
    };
    let edit = Edit::replace(link.range, moved.as_str());
    ctx.report(
        &page.source.path,
        link.range,
        format!("the link to `{path}` leads to no file; did you mean `{moved}`?"),
    )
    .help(format!("link to `{moved}`"))
    .fix(Fix::suggestion(format!("link to `{moved}`"), edit));
}

fn report_page(page: &Page<'_>, ctx: &mut ProjectContext<'_>) {
    let count = page.broken.len();
    let first = page.broken.first().map(|it| it.range);
    let Some(place) = page.title_line().or(first) else { return };
    let finding = ctx.report(&page.source.path, place, format!("{count} links of this page lead to no file"));
    for link in page.broken.iter().take(HANDFUL) {
        let told =
            link.moved.as_ref().map_or_else(|| "leads to no file".to_owned(), |moved| format!("`{moved}` exists"));
        finding.label(link.range, told);
    }
    finding.help("mend the links, or put the page away with what is no longer current");
    finding.property("broken", count.to_string());
}
