//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::SourceFile;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds modules that no import leads to from where a program starts.
    ///
    /// They are read, searched, renamed, type-checked and kept up with new versions, and nobody would notice if they
    /// broke. Often they are the half of a change that was never connected: the screen shows another component of the
    /// same name.
    ///
    /// ```json bad path=web/package.json
    /// { "name": "web", "dependencies": { "react": "19", "react-dom": "19" } }
    /// ```
    /// ```html bad path=web/index.html
    /// <script type="module" src="/src/main.tsx"></script>
    /// ```
    /// ```tsx bad path=web/src/main.tsx
    /// import { createRoot } from "react-dom/client";
    /// import { App } from "./App";
    /// createRoot(document.body).render(<App />);
    /// ```
    /// ```tsx bad path=web/src/App.tsx
    /// export const App = () => <main>Orders</main>;
    /// ```
    /// ```tsx bad path=web/src/Card.tsx
    /// export const Card = () => <section>Order</section>;
    /// ```
    /// ```tsx good
    /// export const Card = () => <section>Order</section>;
    /// ```
    ///
    /// In the frontend, starts are the scripts of pages, the entries that manifests and bundlers name, routes that are
    /// files, commands and configurations; a barrel nobody imports keeps nothing alive. In Python, a module counts as
    /// used where an import, a dotted name in any text, or a name that Django or a runner looks for leads to it. Where
    /// the start of a package is not known, and for whatever a computed or unresolved import may load, nothing is
    /// said. Knip finds the same in the frontend once it is configured; vulture looks at names, not at modules.
    pub(crate) const RULE = {
        code: "duplication/unused-module",
        summary: "module that nothing leads to",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    check_python(model, ctx);
    let frontend = model.frontend();
    for (file, _) in frontend.scripts() {
        let path = &file.source.path;
        if !frontend.is_unused(path) {
            continue;
        }
        let importer = frontend.importers(path).find(|it| *it != path);
        let (message, help) = if frontend.reached_by_tests_only(path) {
            ("only tests and stories lead to this module", "delete it together with its tests, or use it")
        } else if importer.is_some() {
            ("only modules that are unused themselves lead to this module", "delete them together, or use one of them")
        } else {
            ("nothing leads to this module", "delete it, or use it where it was meant to be used")
        };
        let finding = ctx.report(path, first_line(file.source), message);
        finding.help(help);
        if let Some(importer) = importer.and_then(|it| model.file(it)) {
            finding.label_in(&importer.source.path, first_line(importer.source), "imported here");
        }
    }
}

/// Says which modules of Python nothing leads to.
fn check_python(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for module in model.unused_modules() {
        let Some(file) = model.file(module.path) else { continue };
        let (message, help) = match (module.importer, module.is_tested) {
            (_, true) => ("only tests lead to this module", "delete it together with its tests, or use it"),
            (Some(_), false) => (
                "only modules that are unused themselves lead to this module",
                "delete them together, or use one of them",
            ),
            (None, false) => {
                ("nothing imports or names this module", "delete it, or use it where it was meant to be used")
            }
        };
        let finding = ctx.report(module.path, first_line(file.source), message);
        finding.help(help);
        if let Some(importer) = module.importer.and_then(|it| model.file(it)) {
            finding.label_in(&importer.source.path, first_line(importer.source), "imported here");
        }
    }
}

/// The first line that holds something.
fn first_line(source: &SourceFile) -> TextRange {
    let text = &source.text;
    let start = text.len() - text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).len();
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    TextRange::of(start..start + line.trim_end().len())
}
