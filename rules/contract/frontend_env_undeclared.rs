//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::environment::{Fallback, Read, Reader, is_of_system};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds variables that the frontend is built with and that nothing in the repository names.
    ///
    /// The value is put into the bundle when it is built. Where it is missing, the build is green and the app sends
    /// its requests to `undefined/orders`.
    ///
    /// ```ts bad path=web/src/api.ts
    /// export const api = axios.create({ baseURL: import.meta.env.VITE_API_URL });
    /// ```
    /// ```env good path=web/.env.example
    /// VITE_API_URL=http://localhost:8000
    /// ```
    ///
    /// One finding for each variable, at its first read. Looked for in `.env` files, compose files, workflows,
    /// Dockerfiles, scripts, `app.json`, `eas.json`, configurations of build tools, and documents. A variable that has
    /// a default wherever it is read is a note. Not flagged: what the build tool sets itself (`MODE`, `DEV`, `NODE_ENV`),
    /// tests and stories. Linters of `.env` files compare them with each other, not with the code.
    pub(crate) const RULE = {
        code: "contract/frontend-env-undeclared",
        summary: "variable of the frontend is declared nowhere",
        check: Check::Project { run: check },
        scope: Scope::Repository,
    }
}

/// What builds put into a bundle.
const PUBLIC: [&str; 7] =
    ["VITE_", "NEXT_PUBLIC_", "EXPO_PUBLIC_", "REACT_APP_", "NUXT_PUBLIC_", "VUE_APP_", "GATSBY_"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let environment = model.environment();
    for (name, reads) in environment.by_name() {
        let reads: Vec<&Read<'_>> = reads.into_iter().filter(|read| read.reader == Reader::Bundle).collect();
        let Some(first) = reads.iter().find(|it| it.fallback != Fallback::Default).or_else(|| reads.first()) else {
            continue;
        };
        let is_public = PUBLIC.iter().any(|prefix| name.starts_with(prefix));
        if !is_public || is_of_system(name) || environment.is_named(model, name) {
            continue;
        }
        let message = format!("`{name}` is read here, and nothing in the repository declares it");
        let finding = ctx.report(first.place.path, first.place.range, message);
        finding.help(format!("add `{name}=` to the `.env.example` of the frontend, and set it where the app is built"));
        for other in reads.iter().filter(|read| read.place != first.place).take(3) {
            finding.label_in(other.place.path, other.place.range, "read here too");
        }
        if first.fallback == Fallback::Default {
            finding.severity(Severity::Info);
        }
    }
}
