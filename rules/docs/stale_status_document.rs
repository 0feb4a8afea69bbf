//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pages::Page;
use arrears_model::pages::kind::{PageKind, archive};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds reports and status pages most of whose files are gone, and archives of such pages.
    ///
    /// A report that says "complete" outlives what it reports on. Whoever searches the repository finds it beside the guide
    /// and cannot tell which of both holds.
    ///
    /// ```markdown bad path=docs/REPORT_2024_03.md
    /// # Checkout: completion report
    ///
    /// - `shop/checkout/cart.py`
    /// - `shop/checkout/pay.py`
    /// - `shop/checkout/ship.py`
    /// ```
    /// ```python bad path=shop/orders.py
    /// ORDERS = []
    /// ```
    /// ```markdown good path=docs/REPORT_2024_03.md
    /// # Checkout: completion report
    ///
    /// - `shop/orders.py`
    /// ```
    /// ```python good path=shop/orders.py
    /// ORDERS = []
    /// ```
    ///
    /// A report is stale where at least three, and three in ten, of the paths that it names as present are gone. A folder
    /// called `archive` or the like gets one finding for all its pages, at the first of them that names such a path.
    pub(crate) const RULE = {
        code: "docs/stale-status-document",
        summary: "a report describes files that are gone",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        exempt: Roles::empty(),
    }
}

/// How many paths have to be gone.
const FEW: usize = 3;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut archives: BTreeMap<&str, Vec<&Page<'_>>> = BTreeMap::new();
    for page in &model.pages().all {
        match page.kind {
            PageKind::Record => report(page, ctx),
            PageKind::Archive => {
                if let Some(folder) = archive(&page.source.path) {
                    archives.entry(folder).or_default().push(page);
                }
            }
            PageKind::Guide | PageKind::History | PageKind::Plan | PageKind::Template | PageKind::Foreign => {}
        }
    }
    for (folder, pages) in archives {
        report_archive(folder, &pages, ctx);
    }
}

fn report(page: &Page<'_>, ctx: &mut ProjectContext<'_>) {
    let gone = page.claimed().count();
    let all = gone + page.found;
    let Some(first) = page.claimed().next().filter(|_| gone >= FEW && gone * 10 >= all * 3) else { return };
    let place = page.title_line().unwrap_or(first.range);
    let finding =
        ctx.report(&page.source.path, place, format!("{gone} of the {all} paths that this report names are gone"));
    for missing in page.claimed().take(FEW) {
        finding.label(missing.range, "does not exist");
    }
    finding.help("delete it, put it into an archive, or say at its top what has replaced it");
}

fn report_archive(folder: &str, pages: &[&Page<'_>], ctx: &mut ProjectContext<'_>) {
    let gone: usize = pages.iter().map(|page| page.missing.len()).sum();
    let all: usize = gone + pages.iter().map(|page| page.found).sum::<usize>();
    let Some(page) = pages.iter().find(|page| !page.missing.is_empty()).filter(|_| gone >= FEW) else { return };
    let Some(place) = page.title_line().or_else(|| page.missing.first().map(|it| it.range)) else { return };
    let count = pages.len();
    let holds = if count == 1 { "1 page that is".to_owned() } else { format!("{count} pages that are") };
    let message = format!("`{folder}` keeps {holds} no longer current; {gone} of the {all} paths named there are gone");
    ctx.report(&page.source.path, place, message)
        .help("delete the folder: the history of the repository keeps its pages");
}
