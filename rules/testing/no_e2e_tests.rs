//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::suite::UnitKind;

rule! {
    /// Finds applications for a browser or a phone that no end-to-end test drives.
    ///
    /// Both sides may pass their own tests and still not work together: a renamed field, a missing header, a page that
    /// stays empty.
    ///
    /// ```json bad path=web/package.json
    /// { "name": "shop-web", "dependencies": { "next": "15" } }
    /// ```
    /// ```ts bad path=web/src/a.ts
    /// export const a = 1;
    /// ```
    /// ```ts bad path=web/src/b.ts
    /// export const b = 1;
    /// ```
    /// ```ts bad path=web/src/c.ts
    /// export const c = 1;
    /// ```
    /// ```ts bad path=web/src/d.ts
    /// export const d = 1;
    /// ```
    /// ```ts bad path=web/src/e.ts
    /// export const e = 1;
    /// ```
    /// ```ts bad path=web/src/f.ts
    /// export const f = 1;
    /// ```
    /// ```ts bad path=web/src/g.ts
    /// export const g = 1;
    /// ```
    /// ```ts bad path=web/src/h.ts
    /// export const h = 1;
    /// ```
    /// ```json good path=web/package.json
    /// { "name": "shop-web", "dependencies": { "next": "15" }, "devDependencies": { "@playwright/test": "1" } }
    /// ```
    ///
    /// Said once. Playwright, Cypress, Detox, Maestro, Selenium and their like are looked for in manifests, file names
    /// and tests. Not flagged: packages that are libraries.
    pub(crate) const RULE = {
        code: "testing/no-e2e-tests",
        summary: "no end-to-end test",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
    }
}

const TOOLS: [&str; 12] = [
    "playwright",
    "cypress",
    "detox",
    "maestro",
    "selenium",
    "puppeteer",
    "webdriverio",
    "nightwatch",
    "testcafe",
    "splinter",
    "appium",
    "codeceptjs",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let suites = model.suites();
    let is_driven = suites.has_others || suites.files.iter().any(|it| it.is_end_to_end);
    let speaks = |name: &str| TOOLS.iter().any(|tool| name.contains(tool));
    let by_name = || model.inventory().files().any(|it| speaks(&it.as_str().to_ascii_lowercase()));
    let by_word = || {
        TOOLS
            .iter()
            .any(|tool| model.files_with_word(tool).any(|it| !it.source.path.file_name().ends_with("lock.json")))
    };
    if is_driven || by_name() || by_word() {
        return;
    }
    let packages = suites.units.iter().filter(|it| it.kind == UnitKind::Package);
    let Some(unit) = packages.max_by_key(|it| it.modules) else { return };
    ctx.report(unit.path, unit.range, format!("no end-to-end test drives `{}`", unit.name))
        .help("begin with one that signs in and does what people come for: Playwright for the web, Maestro for phones");
}
