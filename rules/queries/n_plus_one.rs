//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::LazyLoad;
use arrears_model::flow::effect::Via;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds relations that are loaded once for each row of a queryset: N+1 queries.
    ///
    /// A page of fifty orders that shows each customer's name asks the database fifty-one times. It is quick on the
    /// developer's machine with three rows, and the reason why the list takes four seconds in production.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Customer(models.Model):
    ///     name = models.CharField(max_length=80)
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    ///
    /// def names():
    ///     return [order.customer.name for order in Order.objects.all()]
    /// ```
    /// ```python good
    /// from django.db import models
    ///
    /// class Customer(models.Model):
    ///     name = models.CharField(max_length=80)
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    ///
    /// def names():
    ///     return [order.customer.name for order in Order.objects.select_related("customer")]
    /// ```
    ///
    /// Rows are followed through functions, methods, properties, serializers, templates and change lists; the finding
    /// stands at the queryset, for that is what gets mended, and its labels tell the way to where the relation is
    /// read. A prefetch does not silence it unless it covers the relation that is read.
    ///
    /// Not flagged: `order.customer_id`, `values()`, a single object, what a manager or a `get_queryset` loads, and
    /// every queryset of which it is not known what it loads.
    pub(crate) const RULE = {
        code: "queries/n-plus-one",
        summary: "relation loaded once per row",
        check: Check::Project { run: check },
        scope: Scope::Project,
        fix: Applicability::Unsafe,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for load in model.flow().lazy_loads.iter().filter(|it| !it.is_defeated) {
        report(load, ctx);
    }
}

fn report(load: &LazyLoad<'_>, ctx: &mut ProjectContext<'_>) {
    let name = load.model.rsplit('.').next().unwrap_or(&load.model);
    let dotted = load.relation.replace("__", ".");
    let whole = load.paths.iter().max_by_key(|path| path.len()).unwrap_or(&load.relation);
    let message = match load.via {
        Via::Template => format!("`{name}.{dotted}` is read once per row by a template"),
        Via::SerializerField => format!("`{name}.{dotted}` is read once per row by a serializer field"),
        Via::SerializerMethod => format!("`{name}.{dotted}` is read once per row by a serializer method"),
        Via::Admin => format!("`{name}.{dotted}` is read once per row of the change list"),
        _ => format!("`{name}.{dotted}` is read once per row"),
    };
    let finding = ctx.report(load.site.path, load.site.range, message);
    let method = if load.joins { "select_related" } else { "prefetch_related" };
    finding.help(match &load.again {
        Some(again) => format!("`.{again}()` asks the database again for each row: annotate the queryset, or prefetch with `Prefetch(\"{}\", queryset=…)` and read that", load.relation),
        None => format!("add `.{method}(\"{whole}\")` to the queryset"),
    });
    finding.label_in(load.access.path, load.access.range, "read here");
    for step in load.steps.iter().take(3) {
        finding.label_in(step.place.path, step.place.range, step.what.clone());
    }
    if let Some(definition) = load.definition {
        finding.label_in(definition.path, definition.range, "the relation");
    }
    finding.property("model", load.model.clone());
    finding.property("relation", load.relation.clone());
    finding.property("via", load.via.as_str());
    if let Some(bound) = load.bound {
        finding.severity(Severity::Info);
        finding.property("bound", bound.to_string());
    }
    let chain = load.chain.filter(|chain| chain.path == load.site.path && load.again.is_none());
    if let Some(chain) = chain {
        let inside = if load.joins { chain.select } else { chain.prefetch };
        let edit = match inside {
            Some(inside) => Edit::insert(inside.end(), format!(", \"{whole}\"")),
            None => Edit::insert(chain.range.end(), format!(".{method}(\"{whole}\")")),
        };
        finding.fix(Fix::unsafe_edit(format!("load `{whole}` with the rows"), edit));
    }
}
