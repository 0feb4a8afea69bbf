//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Cause;
use arrears_model::project::ProjectModel;

use arrears_model::queryset::words::{keyword_before, model_name};

rule! {
    /// Finds annotations that have the name of a property or field of the model.
    ///
    /// Django sets an annotation as an attribute of each row. A property without a setter refuses it: the first row
    /// raises `AttributeError`. A field's name is refused at once, with `ValueError`.
    ///
    /// ```python bad
    /// from django.db import models
    /// from django.db.models import Count
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///
    ///     @property
    ///     def item_count(self):
    ///         return self.items.count()
    ///
    /// class Item(models.Model):
    ///     order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    ///
    /// def orders():
    ///     return Order.objects.annotate(item_count=Count("items"))
    /// ```
    /// ```python good
    /// from django.db import models
    /// from django.db.models import Count
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///
    ///     @property
    ///     def item_count(self):
    ///         return self.items.count()
    ///
    /// class Item(models.Model):
    ///     order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    ///
    /// def orders():
    ///     return Order.objects.annotate(counted_items=Count("items"))
    /// ```
    ///
    /// Not flagged: properties with a setter, `cached_property`, `alias()`, and `annotate()` after `values()`, which
    /// makes no rows.
    pub(crate) const RULE = {
        code: "queries/annotation-shadows-property",
        summary: "annotation has the name of a property",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for found in &model.flow().findings {
        let owner = model_name(&found.model);
        let (name, message, label) = match &found.cause {
            Cause::ShadowsProperty { name } => (
                name,
                format!("annotation `{name}` cannot be set: `{owner}.{name}` is a property without a setter"),
                "the property",
            ),
            Cause::ShadowsField { name } => (
                name,
                format!("annotation `{name}` has the name of a field of `{owner}`, which Django refuses"),
                "the field",
            ),
            Cause::UnknownName { .. } | Cause::JoinsMany { .. } | Cause::LenOfQuery => continue,
        };
        let text = model.file(found.place.path).map_or("", |file| file.source.text.as_ref());
        let range = keyword_before(text, found.place.range, name).unwrap_or(found.place.range);
        let finding = ctx.report(found.place.path, range, message);
        finding.help(format!("give the annotation a name that `{owner}` does not have"));
        for place in &found.labels {
            finding.label_once(*place, label);
        }
        finding.property("model", found.model.as_str()).property("name", name.as_str());
    }
}
