//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::source::{RelPath, Roles};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_model::python::response::ErrorResponse;
use schemars::JsonSchema;
use serde::Deserialize;

rule! {
    /// Finds error responses that use another key than the rest of the API.
    ///
    /// A client that reads `detail` shows an empty message where an endpoint sends `error`. Somebody writes
    /// `data.detail || data.error || data.message` in the frontend, and it spreads.
    ///
    /// ```python bad
    /// def order(request): return Response({"detail": "no such order"}, status=404)
    /// def customer(request): return Response({"detail": "no such customer"}, status=404)
    /// def article(request): return Response({"detail": "no such article"}, status=404)
    /// def basket(request): return Response({"detail": "no such basket"}, status=404)
    /// def invoice(request): return Response({"detail": "no such invoice"}, status=404)
    /// def address(request): return Response({"detail": "no such address"}, status=404)
    /// def shipment(request): return Response({"detail": "no such shipment"}, status=404)
    /// def coupon(request): return Response({"detail": "no such coupon"}, status=404)
    /// def refund(request): return Response({"detail": "no such refund"}, status=404)
    /// def review(request): return Response({"error": "no such review"}, status=404)
    /// ```
    /// ```python good
    /// def order(request): return Response({"detail": "no such order"}, status=404)
    /// def customer(request): return Response({"detail": "no such customer"}, status=404)
    /// def article(request): return Response({"detail": "no such article"}, status=404)
    /// def basket(request): return Response({"detail": "no such basket"}, status=404)
    /// def invoice(request): return Response({"detail": "no such invoice"}, status=404)
    /// def address(request): return Response({"detail": "no such address"}, status=404)
    /// def shipment(request): return Response({"detail": "no such shipment"}, status=404)
    /// def coupon(request): return Response({"detail": "no such coupon"}, status=404)
    /// def refund(request): return Response({"detail": "no such refund"}, status=404)
    /// def review(request): return Response({"detail": "no such review"}, status=404)
    /// ```
    ///
    /// Option `min-responses` (default 10): with fewer error responses there is no habit to break. Versions of an API
    /// (`v1`, `v2` in the path) are judged apart.
    pub(crate) const RULE = {
        code: "errors/inconsistent-error-shape",
        summary: "error response uses another key than the rest of the API",
        check: Check::Project { run: check },
        options: Options,
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Project,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
    }
}

/// Options of `errors/inconsistent-error-shape`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    /// From how many error responses on there is a habit to break.
    min_responses: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { min_responses: 10 }
    }
}

type Responses<'m> = Vec<(ProjectFile<'m>, &'m ErrorResponse)>;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let options: Options = ctx.options();
    let mut versions: BTreeMap<String, Responses<'_>> = BTreeMap::new();
    for (file, facts) in model.python_files().filter(|(file, _)| !file.source.roles.intersects(RULE.meta.exempt)) {
        let responses = facts.error_responses.iter().map(|response| (file, response));
        versions.entry(version(&file.source.path)).or_default().extend(responses);
    }
    for responses in versions.values().filter(|responses| responses.len() >= options.min_responses) {
        check_version(responses, ctx);
    }
}

fn check_version(responses: &Responses<'_>, ctx: &mut ProjectContext<'_>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, response) in responses {
        *counts.entry(&response.key).or_default() += 1;
    }
    let Some((usual, count)) = counts.into_iter().max_by_key(|(key, count)| (*count, std::cmp::Reverse(*key))) else {
        return;
    };
    if count * 2 <= responses.len() {
        return;
    }
    for (file, response) in responses.iter().filter(|(_, response)| response.key != usual) {
        let message = format!(
            "this response tells its error under `{}`, {count} of {} use `{usual}`",
            response.key,
            responses.len()
        );
        ctx.report(&file.source.path, response.range, message).help(format!("tell it under `{usual}`"));
    }
}

fn version(path: &RelPath) -> String {
    let is_version = |folder: &&str| {
        folder
            .strip_prefix('v')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    path.folders().find(is_version).unwrap_or("").to_owned()
}
