//! See [`RULE`].

use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds responses whose body tells of an error while the status is 200.
    ///
    /// Clients, caches, monitoring and retries go by the status. A frontend that checks `response.ok` shows the
    /// success page; the error rate of the dashboard stays at zero.
    ///
    /// ```python bad
    /// def order(request, pk):
    ///     if pk not in stock:
    ///         return JsonResponse({"error": "out of stock"})
    ///     return JsonResponse({"order": pk})
    /// ```
    /// ```python good
    /// def order(request, pk):
    ///     if pk not in stock:
    ///         return JsonResponse({"error": "out of stock"}, status=409)
    ///     return JsonResponse({"order": pk})
    /// ```
    ///
    /// Not flagged: GraphQL, which answers 200 by its specification. Where most error responses of a project carry no
    /// status, that is its envelope: one note says so, at the first of them.
    pub(crate) const RULE = {
        code: "errors/error-body-with-ok-status",
        summary: "error body is returned with status 200",
        check: Check::Project { run: check },
        scope: Scope::Project,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
    }
}

/// From how many error responses on a habit counts as an envelope.
const ENVELOPE: usize = 10;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let (mut without, mut total) = (Vec::new(), 0_usize);
    for (file, facts) in model.python_files() {
        if file.source.roles.intersects(RULE.meta.exempt) || file.source.path.as_str().contains("graphql") {
            continue;
        }
        for response in &facts.error_responses {
            total += 1;
            if response.says_error && !response.has_status {
                without.push((file, response));
            }
        }
    }
    if without.len() >= ENVELOPE && without.len() * 2 > total {
        if let Some((file, response)) = without.first() {
            let message = format!("{} of {total} error responses of this project carry no status", without.len());
            ctx.report(&file.source.path, response.range, message).severity(arrears_core::diagnostic::Severity::Info);
        }
        return;
    }
    for (file, response) in without {
        let message = format!("the body tells of an error under `{}`, the status says 200", response.key);
        ctx.report(&file.source.path, response.range, message)
            .help("pass `status=`: 400 for the client's mistake, 500 for ours");
    }
}
