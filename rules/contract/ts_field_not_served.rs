//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pair::What;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds fields of the client's types that no serializer sends.
    ///
    /// The field is `undefined` for ever: what is shown from it stays empty, and nobody gets an error.
    ///
    /// ```python bad path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///     size = models.PositiveIntegerField()
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
    ///         fields = ["id", "number", "size", "paid"]
    /// ```
    /// ```ts bad path=web/src/orders.ts
    /// export interface Order {
    ///   id: number;
    ///   number: string;
    ///   size: number; weight: number;
    ///   paid: boolean;
    /// }
    /// ```
    /// ```python good path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///     size = models.PositiveIntegerField()
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
    ///         fields = ["id", "number", "size", "paid"]
    /// ```
    /// ```ts good path=web/src/orders.ts
    /// export interface Order {
    ///   id: number;
    ///   number: string;
    ///   size: number;
    ///   paid: boolean;
    /// }
    /// ```
    ///
    /// A type belongs to a serializer where both are called alike (`Order`, `IOrder`, `OrderDetail` and
    /// `OrderSerializer`) and share at least three fields, and three of five of the smaller one. All serializers of the
    /// model count together.
    ///
    /// Not flagged: a model of which some serializer is not known whole (`to_representation`, `get_fields`, bases from
    /// outside); names that a view or another module that knows of the model mentions; types of what the client sends
    /// (`OrderPayload`, `CreateOrder`); generated types; types that are declared twice and disagree.
    ///
    /// A field may belong to the client alone: a selection, something calculated. Then it belongs into a type of its own.
    pub(crate) const RULE = {
        code: "contract/ts-field-not-served",
        summary: "field that no serializer sends",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for (pair, it) in model.pairs().differences(What::NeverSent) {
        let (owner, field, serializer) = (&pair.declaration.name, &it.field, it.serializer);
        let message = format!("`{owner}.{field}` is never sent by `{serializer}`");
        let finding = ctx.report(it.place.path, it.place.range, message);
        finding.help(format!(
            "take `{field}` out of the type, or add it to `{serializer}`; what only the client knows gets a type of its own"
        ));
        finding.label_in(it.serializer_place.path, it.serializer_place.range, "sends other fields");
        finding.property("serializer", serializer);
    }
}
