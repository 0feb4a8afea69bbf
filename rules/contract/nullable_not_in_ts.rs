//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pair::What;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds fields that may be `null` in what the serializer sends, and cannot be in the client's type.
    ///
    /// `order.note.trim()` compiles and throws for the first order without a note.
    ///
    /// ```python bad path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///     note = models.TextField(null=True)
    ///     paid = models.BooleanField(default=False)
    /// ```
    /// ```python bad path=shop/serializers.py
    /// from rest_framework import serializers
    ///
    /// from shop.models import Order
    ///
    /// class OrderSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Order
    ///         fields = ["id", "number", "note", "paid"]
    /// ```
    /// ```ts bad path=web/src/orders.ts
    /// export interface Order {
    ///   id: number;
    ///   number: string;
    ///   note: string;
    ///   paid: boolean;
    /// }
    /// ```
    /// ```python good path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///     note = models.TextField(null=True)
    ///     paid = models.BooleanField(default=False)
    /// ```
    /// ```python good path=shop/serializers.py
    /// from rest_framework import serializers
    ///
    /// from shop.models import Order
    ///
    /// class OrderSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Order
    ///         fields = ["id", "number", "note", "paid"]
    /// ```
    /// ```ts good path=web/src/orders.ts
    /// export interface Order {
    ///   id: number;
    ///   number: string;
    ///   note: string | null;
    ///   paid: boolean;
    /// }
    /// ```
    ///
    /// A field may be `null` where its column is, where a relation's is, where `allow_null=True` or the annotation of a
    /// method says so.
    ///
    /// A type belongs to a serializer where both are called alike (`Order`, `IOrder`, `OrderDetail` and
    /// `OrderSerializer`) and share at least three fields, and three of five of the smaller one.
    ///
    /// Not flagged: fields that are optional or may be `undefined`: who handles those handles `null` as a rule; fields that
    /// are of the wrong kind anyway; fields that another serializer of the model never sends as `null`; types of what the
    /// client sends (`OrderPayload`, `CreateOrder`); generated types; types that are declared twice and disagree.
    pub(crate) const RULE = {
        code: "contract/nullable-not-in-ts",
        summary: "field may be `null`, but its type says otherwise",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for (pair, it) in model.pairs().differences(What::MayBeNull) {
        let Some(served) = &it.served else { continue };
        let (owner, field, serializer) = (&pair.declaration.name, &it.field, it.serializer);
        let message = format!("`{owner}.{field}` is never `null`, but `{serializer}` may send `null`");
        let finding = ctx.report(it.place.path, it.place.range, message);
        let file = model.file(it.place.path);
        let written = file.map_or("", |file| it.type_range.slice(&file.source.text));
        let is_short = !written.is_empty() && written.len() <= 40 && !written.contains('\n');
        finding.help(if is_short {
            format!("write `{field}: {written} | null`, and handle `null` where it is read")
        } else {
            "add `| null` to its type, and handle `null` where it is read".to_owned()
        });
        finding.label_in(served.place.path, served.place.range, format!("sent by `{serializer}`"));
        if let Some(column) = &served.column {
            finding.label_in(column.place.0, column.place.1, format!("`{}` has `null=True`", column.name));
        }
        finding.property("serializer", serializer);
    }
}
