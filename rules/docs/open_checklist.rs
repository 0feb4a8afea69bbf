//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pages::Page;
use arrears_model::pages::kind::PageKind;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds pages with unchecked boxes: work that was written down and not done.
    ///
    /// Nobody gets a reminder of a box in a file. What is still to be done belongs where somebody looks every week.
    ///
    /// ```markdown bad path=docs/launch.md
    /// # Launch
    ///
    /// - [x] domain
    /// - [ ] backups
    /// ```
    /// ```markdown good path=docs/launch.md
    /// # Launch
    ///
    /// - [x] domain
    /// - [x] backups
    /// ```
    ///
    /// One finding for each page, at its first open box. Not flagged: templates, archives, change logs, what contributors tick
    /// for each change, and lists none of whose boxes is checked, which are followed again and again.
    pub(crate) const RULE = {
        code: "docs/open-checklist",
        summary: "a page has unchecked boxes",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        exempt: Roles::empty(),
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for page in &model.pages().all {
        let is_plan = page.kind == PageKind::Plan;
        if !matches!(page.kind, PageKind::Guide | PageKind::Record | PageKind::Plan) || is_for_each_change(page) {
            continue;
        }
        let (mut open, mut done, mut first) = (0_usize, 0_usize, None);
        for (item, is_done) in page.markdown.tasks() {
            if is_done {
                done += 1;
            } else {
                open += 1;
                first = first.or(Some(item.range));
            }
        }
        let Some(first) = first.filter(|_| done > 0 || is_plan) else { continue };
        let line = page.first_line(first);
        let all = open + done;
        ctx.report(&page.source.path, line, format!("{open} of the {all} boxes of this page are open"))
            .help("do it, move it to the tracker, or strike it out")
            .property("open", open.to_string());
    }
}

/// Returns whether a page tells contributors what to tick for each change.
fn is_for_each_change(page: &Page<'_>) -> bool {
    let name = page.source.path.file_name().to_ascii_lowercase();
    ["pull_request", "contributing", "checklist", "review", "releas"].iter().any(|word| name.contains(word))
}
