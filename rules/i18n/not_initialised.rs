//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::frontend::localisation::Missing;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds libraries of translations that a `package.json` declares and no code sets up.
    ///
    /// The dependency says that the application speaks several languages; it speaks one. Where components already ask
    /// for translations, users read keys such as `orders.title`.
    ///
    /// ```json bad path=web/package.json
    /// { "dependencies": { "i18next": "25", "react": "19", "react-i18next": "16" } }
    /// ```
    /// ```tsx bad
    /// export const Orders = () => <h1>Orders</h1>;
    /// ```
    /// ```json good path=web/package.json
    /// { "dependencies": { "i18next": "25", "react": "19", "react-i18next": "16" } }
    /// ```
    /// ```tsx good
    /// import i18n from "i18next";
    /// import { initReactI18next, useTranslation } from "react-i18next";
    /// i18n.use(initReactI18next).init({ resources: { en: { translation: { orders: "Orders" } } } });
    /// export function Orders() {
    ///   return <h1>{useTranslation().t("orders")}</h1>;
    /// }
    /// ```
    ///
    /// i18next, react-intl, Lingui, next-intl, i18n-js and typesafe-i18n are known, among `dependencies`. Everything
    /// below the manifest counts as a use, and a set-up anywhere in the repository that is not known to be unused.
    /// Knip and depcheck speak of an unused dependency, and are silent once something imports it.
    pub(crate) const RULE = {
        code: "i18n/not-initialised",
        summary: "library of translations that nothing sets up",
        check: Check::Project { run: check },
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for library in model.frontend().idle_libraries() {
        let names = format!("`{}`", library.packages.join("` and `"));
        let is = if library.packages.len() == 1 { "is a dependency" } else { "are dependencies" };
        let it = if library.packages.len() == 1 { "it" } else { "them" };
        match library.missing {
            Missing::Import { has_code } => {
                let why = if has_code { "no code imports" } else { "no code lies beside this manifest to import" };
                ctx.report(library.manifest, library.range, format!("{names} {is}, but {why} {it}"))
                    .help(format!("set {it} up where the application starts, or take {it} out of the manifest"));
            }
            Missing::Start(place) => {
                ctx.report(library.manifest, library.range, format!("{names} {is}, but nothing initialises {it}"))
                    .help("initialise it where the application starts: until then, keys are shown")
                    .label_in(place.path, place.range, "used here");
            }
            Missing::Reach(place, start) => {
                let message = format!("{names} {is}, but nothing leads to `{start}`, which initialises {it}");
                ctx.report(library.manifest, library.range, message)
                    .help(format!("import `{start}` where the application starts"))
                    .label_in(place.path, place.range, "used here");
            }
        }
    }
}
