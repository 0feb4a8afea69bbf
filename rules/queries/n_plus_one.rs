//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Fix, Severity};
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::effect::Via;
use arrears_model::flow::{LazyLoad, LoopQuery};
use arrears_model::project::ProjectModel;

use super::RUN_ONCE;
use super::change_list;
use super::extension::{Plan, extend, quote_of};
use super::words::{label_once, label_way, model_name, row_name};

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
        exempt: RUN_ONCE,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for load in model.flow().lazy_loads.iter().filter(|it| !it.is_defeated) {
        report(load, model, ctx);
    }
    for query in model.flow().loop_queries.iter().filter(|it| !it.writes) {
        if let Some(via) = query.shown {
            report_query(query, via, ctx);
        }
    }
}

/// Reports a query of another model that is made for each row that is shown.
fn report_query(query: &LoopQuery<'_>, via: Via, ctx: &mut ProjectContext<'_>) {
    let name = model_name(&query.model);
    let shown = match via {
        Via::Template => "the template",
        Via::Admin => "the change list",
        _ => "the serializer",
    };
    let message = format!("{shown} queries `{name}` once per row of this queryset");
    let finding = ctx.report(query.place.path, query.place.range, message);
    finding.at("1 query here, then 1 per row");
    finding.help(format!("load the `{name}` rows for all rows at once, or annotate the queryset with what is needed"));
    label_way(finding, &query.steps, query.asked, "asked here");
    finding.property("model", query.model.as_str()).property("via", via.as_str());
    if via == Via::Admin {
        finding.severity(Severity::Info);
    }
}

fn report(load: &LazyLoad<'_>, model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let plan = Plan::of(load, model.models());
    let text = model.file(load.site.path).map_or("", |file| file.source.text.as_ref());
    let help = match &load.again {
        Some(method) => help_again(method, &load.relation),
        None => help(load, &plan, model, text),
    };
    let fix = load.again.is_none().then(|| fix(load, &plan, model, text)).flatten();
    let finding = ctx.report(load.site.path, load.site.range, message(load));
    finding.help(help).at(cost(load));
    label_way(finding, &load.steps, load.access, "read here");
    if let Some(definition) = load.definition {
        label_once(finding, definition.path, definition, "the relation");
    }
    finding.property("model", load.model.as_str());
    finding.property("relation", load.relation.as_str());
    finding.property("via", load.via.as_str());
    if load.is_assumed {
        finding.property("confidence", "medium").preset(Preset::All);
    }
    if let Some(bound) = load.bound {
        finding.property("bound", bound.to_string());
    }
    if load.bound.is_some() || load.via == Via::Admin {
        finding.severity(Severity::Info);
    }
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

fn message(load: &LazyLoad<'_>) -> String {
    let dotted = format!("{}.{}", model_name(&load.model), load.relation.replace("__", "."));
    let what = match &load.again {
        Some(method) => format!("`{dotted}.{method}()` asks the database once per row"),
        None => format!("`{dotted}` is read once per row"),
    };
    let places = load.steps.iter().rev().map(|step| step.place.path.as_str());
    let files = std::iter::once(load.access.path.as_str()).chain(places);
    let template = files.map(|path| path.rsplit('/').next().unwrap_or(path)).find(|name| !name.ends_with(".py"));
    let through = match load.via {
        _ if load.is_assumed => " unless whoever made this row loaded it".to_owned(),
        Via::Admin => " of this change list".to_owned(),
        Via::Template => format!(" of this queryset, in `{}`", template.unwrap_or("a template")),
        Via::SerializerField => " of this queryset, by a serializer field".to_owned(),
        Via::SerializerMethod => " of this queryset, by a serializer method".to_owned(),
        Via::EagerLoadingDropped => " of this queryset, which the class's own `queryset` would have loaded".to_owned(),
        Via::ForeignKey | Via::Related | Via::Method => " of this queryset".to_owned(),
    };
    let bound = load.bound.map_or_else(String::new, |bound| format!(" (at most {bound} rows)"));
    format!("{what}{through}{bound}")
}

fn cost(load: &LazyLoad<'_>) -> String {
    let before = load.relation.rsplit_once("__").map(|(before, _)| before.replace("__", "."));
    match (load.bound, before) {
        _ if load.is_assumed => String::new(),
        (Some(bound), _) => format!("1 query here, then up to {bound} more"),
        (None, Some(before)) => format!("1 query here, then 1 per row of `{before}`"),
        (None, None) => format!("1 query here, then 1 per {}", row_name(&load.model)),
    }
}

fn help_again(method: &str, relation: &str) -> String {
    match method {
        "count" | "acount" => format!("annotate the queryset with `Count(\"{relation}\")` and read that"),
        "exists" | "aexists" => "annotate the queryset with `Exists(…)` and read that".to_owned(),
        "aggregate" | "aaggregate" => "annotate the queryset with the aggregate and read that".to_owned(),
        _ => format!(
            "load what `.{method}()` asks for with `Prefetch(\"{relation}\", queryset=…, to_attr=…)` and read that"
        ),
    }
}

fn help(load: &LazyLoad<'_>, plan: &Plan, model: &ProjectModel<'_>, text: &str) -> String {
    if load.via == Via::Admin && change_list::is_columns(text, load.site.range) {
        return change_list::help(load, plan, model, text);
    }
    let calls = plan.told();
    if load.is_assumed {
        return format!("add `{calls}` to the queryset that the row is from");
    }
    if load.chain.is_none() {
        return format!("give the view a queryset with `{calls}`");
    }
    format!("add `{calls}` to the queryset")
}

fn fix(load: &LazyLoad<'_>, plan: &Plan, model: &ProjectModel<'_>, text: &str) -> Option<Fix> {
    let mut edits = if load.via == Via::Admin && change_list::is_columns(text, load.site.range) {
        vec![change_list::edit(load, plan, model, text)?]
    } else {
        let chain = load.chain.filter(|chain| chain.path == load.site.path && !load.is_assumed)?;
        extend(text, &chain, plan)?
    };
    let quote = quote_of(text, load.site.range.to_usize().start);
    let first = edits.pop()?;
    let mut fix = Fix::unsafe_edit(format!("Add `{}`", plan.calls(quote).join("")), first);
    fix.edits.append(&mut edits);
    fix.edits.sort();
    Some(fix)
}
