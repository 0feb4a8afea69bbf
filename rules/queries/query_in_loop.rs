//! See [`RULE`].

use arrears_core::rule::{RuleMeta, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::{LoopQuery, Place};
use arrears_model::project::ProjectModel;

use arrears_model::queryset::words::{is_short, model_name};

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
    ///
    /// A query that a called function makes counts too, several calls away. Not flagged: batches that are fetched with
    /// `__in`, loops over a few literals or a short `range`, querysets that are only built in the loop, migrations.
    pub(crate) const RULE = {
        code: "queries/query-in-loop",
        summary: "one query per turn of a loop",
        check: Check::Project { run: check },
        scope: Scope::Project,
        exempt: RuleMeta::RUN_ONCE,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for query in model.flow().loop_queries.iter().filter(|it| !it.writes && it.shown.is_none()) {
        let text = model.file(query.around.path).map_or("", |file| file.source.text.as_ref());
        if is_short(text.get(query.around.range.to_usize()).unwrap_or("")) {
            continue;
        }
        report(query, ctx);
    }
}

fn report(query: &LoopQuery<'_>, ctx: &mut ProjectContext<'_>) {
    let name = model_name(&query.model);
    let method = query.method.as_str();
    let by = match method {
        "iterate" | "list" | "for" => String::new(),
        _ => format!(", by `{method}`"),
    };
    let message = format!("`{name}` is queried once per turn of this loop{by}");
    let finding = ctx.report(query.place.path, query.place.range, message);
    finding.help(help(method, name));
    finding.label_once(query.around, "the loop");
    finding.label_way(&query.steps, query.asked, "asked here");
    let is_inside = |made: &Place<'_>| made.path == query.asked.path && query.asked.range.contains(made.range);
    if let Some(made) = query.made.filter(|made| !is_inside(made)) {
        finding.label_once(made, "the queryset");
    }
    finding.property("model", query.model.as_str()).property("method", method);
}

fn help(method: &str, name: &str) -> String {
    match method {
        "count" | "acount" => format!(
            "count before the loop, with `{name}.objects.values(…).annotate(Count(\"pk\"))`, or annotate the rows"
        ),
        "exists" | "aexists" | "contains" => {
            format!("load the keys that exist before the loop, with `{name}.objects.filter(…__in=…).values_list(…)`")
        }
        "aggregate" | "aaggregate" => "annotate the rows with the aggregate before the loop".to_owned(),
        "get" | "aget" | "first" | "afirst" | "last" | "alast" => {
            format!(
                "load all rows before the loop, with `{name}.objects.in_bulk(…)` or one `filter(…__in=…)`, and look them up in a dictionary"
            )
        }
        _ => format!(
            "load all rows before the loop, with one `{name}.objects.filter(…__in=…)`, and group them in Python"
        ),
    }
}
