//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::Scope;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::nearest::nearest;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::{Cause, Finding};
use arrears_model::project::ProjectModel;

use arrears_model::queryset::words::{keyword_before, model_name};

rule! {
    /// Finds names in querysets that the model does not have.
    ///
    /// `filter`, `order_by` and `select_related` with such a name raise `FieldError`, `prefetch_related` raises
    /// `AttributeError` as soon as there is a row: in a branch that no test enters, that is production.
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
    /// def orders():
    ///     return Order.objects.select_related("custmer")
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
    /// def orders():
    ///     return Order.objects.select_related("customer")
    /// ```
    ///
    /// Also flagged: `select_related` of a relation that leads to many rows, which Django refuses.
    ///
    /// Not flagged: annotations, attributes of `Prefetch(to_attr=…)`, computed names, and models of which a part lies
    /// outside the repository.
    pub(crate) const RULE = {
        code: "queries/unknown-relation",
        summary: "name in a queryset that the model does not have",
        check: Check::Project { run: check },
        severity: Severity::Error,
        fix: Applicability::DisplayOnly,
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for found in &model.flow().findings {
        let text = model.file(found.place.path).map_or("", |file| file.source.text.as_ref());
        match &found.cause {
            Cause::UnknownName { name, path, names } => unknown(found, [name, path], names, text, ctx),
            Cause::JoinsMany { relation } => joins_many(found, relation, ctx),
            Cause::ShadowsProperty { .. } | Cause::ShadowsField { .. } | Cause::LenOfQuery => {}
        }
    }
}

fn unknown(
    found: &Finding<'_>,
    [name, path]: [&String; 2],
    names: &[String],
    text: &str,
    ctx: &mut ProjectContext<'_>,
) {
    let owner = model_name(&found.model);
    let range = written(text, found.place.range, name, path).unwrap_or(found.place.range);
    let whole = if name == path { String::new() } else { format!(" (in `{path}`)") };
    let finding = ctx.report(found.place.path, range, format!("`{owner}` has no field or relation `{name}`{whole}"));
    match nearest(name, names.iter().map(String::as_str)) {
        Some(right) => {
            finding.help(format!("did you mean `{right}`?"));
            if text.get(range.to_usize()) == Some(name) {
                finding.fix(Fix::suggestion(format!("Write `{right}`"), Edit::replace(range, right)));
            }
        }
        None => {
            finding.help(format!("name a field or relation of `{owner}`, or take the name away"));
        }
    }
    label_model(finding, found);
    finding.property("model", found.model.as_str()).property("name", name.as_str());
}

fn joins_many(found: &Finding<'_>, relation: &str, ctx: &mut ProjectContext<'_>) {
    let owner = model_name(&found.model);
    let message = format!("`{owner}.{relation}` leads to many rows, which `select_related` refuses to join");
    let finding = ctx.report(found.place.path, found.place.range, message);
    finding.help("load it with `prefetch_related` instead");
    for place in &found.labels {
        finding.label_once(*place, "the relation");
    }
    finding.property("model", found.model.as_str()).property("relation", relation);
}

fn label_model(finding: &mut arrears_linter::finding::Finding, found: &Finding<'_>) {
    for place in &found.labels {
        finding.label_once(*place, "the model");
    }
}

/// Returns where a name is written: in the string, or as the keyword before the value.
fn written(text: &str, place: TextRange, name: &str, path: &str) -> Option<TextRange> {
    let range = place.to_usize();
    let value = text.get(range.clone())?;
    // A string holds the path, its quotation marks and a minus; everything else is the value of a keyword.
    let inside = value.find(path).filter(|_| value.len() <= path.len() + 8).map(|at| range.start + at);
    let start = inside.or_else(|| Some(keyword_before(text, place, path)?.to_usize().start))?;
    let at = start
        + path
            .split("__")
            .scan(0, |at, part| {
                let begin = *at;
                *at += part.len() + 2;
                Some((begin, part))
            })
            .find(|(_, part)| *part == name)?
            .0;
    Some(TextRange::new(u32::try_from(at).ok()?, u32::try_from(at + name.len()).ok()?))
}
