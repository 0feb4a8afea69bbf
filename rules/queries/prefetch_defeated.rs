//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::LazyLoad;
use arrears_model::project::ProjectModel;

use arrears_model::queryset::words::{is_write, model_name, row_name};

rule! {
    /// Finds relations that are prefetched and then asked for again, once per row.
    ///
    /// `.filter()`, `.order_by()`, `.first()` and their like do not read what `prefetch_related` has loaded: they ask
    /// the database. The prefetch costs one query more, and the N+1 is still there.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///
    /// class Item(models.Model):
    ///     order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    ///     is_gift = models.BooleanField(default=False)
    ///
    /// def gifts():
    ///     orders = Order.objects.prefetch_related("items")
    ///     return [list(order.items.filter(is_gift=True)) for order in orders]
    /// ```
    /// ```python good
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///
    /// class Item(models.Model):
    ///     order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    ///     is_gift = models.BooleanField(default=False)
    ///
    /// def gifts():
    ///     orders = Order.objects.prefetch_related("items")
    ///     return [[item for item in order.items.all() if item.is_gift] for order in orders]
    /// ```
    ///
    /// Not flagged: `.all()`, `.count()` and `.exists()`, `len()` and iteration, which read what was loaded, and
    /// attributes that `Prefetch(to_attr=…)` fills.
    pub(crate) const RULE = {
        code: "queries/prefetch-defeated",
        summary: "prefetched relation is queried again per row",
        check: Check::Project { run: check },
        scope: Scope::Project,
        exempt: RuleMeta::RUN_ONCE,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for load in model.flow().lazy_loads.iter().filter(|it| it.is_defeated && !it.again.as_deref().is_some_and(is_write))
    {
        report(load, ctx);
    }
}

fn report(load: &LazyLoad<'_>, ctx: &mut ProjectContext<'_>) {
    let name = model_name(&load.model);
    let dotted = load.relation.replace("__", ".");
    let last = load.relation.rsplit("__").next().unwrap_or(&load.relation);
    let method = load.again.as_deref().unwrap_or("filter");
    let message = format!("`{name}.{dotted}` is prefetched, and `.{method}()` asks for it again once per row");
    let finding = ctx.report(load.site.path, load.site.range, message);
    finding.at(format!("2 queries here, then 1 per {}", row_name(&load.model)));
    finding.help(match method {
        "first" | "last" | "latest" | "earliest" | "order_by" | "reverse" => format!(
            "order `{last}` in `Prefetch(\"{}\", queryset=….order_by(…))` and read `.all()`, which was loaded",
            load.relation
        ),
        _ => format!(
            "choose in Python from `{last}.all()`, which was loaded, or prefetch the choice with `Prefetch(\"{}\", queryset=…, to_attr=…)`",
            load.relation
        ),
    });
    finding.label_way(&load.steps, load.access, "asked again here");
    if let Some(definition) = load.definition {
        finding.label_once(definition, "the relation");
    }
    finding.property("model", load.model.as_str());
    finding.property("relation", load.relation.as_str());
    finding.property("via", load.via.as_str());
    if load.is_assumed {
        finding.property("confidence", "medium").preset(Preset::All);
    }
    if let Some(bound) = load.bound {
        finding.severity(Severity::Info).property("bound", bound.to_string());
    }
}
