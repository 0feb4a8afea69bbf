//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds queries inside loops that could be one query before the loop.
    ///
    /// Each turn of the loop waits for the database. A hundred rows are a hundred round trips.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///
    /// def find(numbers):
    ///     return [Order.objects.get(number=number) for number in numbers]
    /// ```
    /// ```python good
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///
    /// def find(numbers):
    ///     return list(Order.objects.filter(number__in=numbers))
    /// ```
    pub(crate) const RULE = {
        code: "queries/query-in-loop",
        summary: "one query per turn of a loop",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for query in model.flow().loop_queries.iter().filter(|it| !it.writes && it.shown.is_none()) {
        let name = query.model.rsplit('.').next().unwrap_or(&query.model);
        let message = format!("one query per turn of the loop: `{name}` {}", query.method);
        let finding = ctx.report(query.place.path, query.place.range, message);
        finding.label_in(query.around.path, query.around.range, "the loop");
        if query.asked != query.place {
            finding.label_in(query.asked.path, query.asked.range, "asked here");
        }
        finding.property("model", query.model.clone());
    }
}
