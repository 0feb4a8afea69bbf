//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix};
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pair::What;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds fields of the client's types that are `number` where the serializer sends a decimal.
    ///
    /// REST framework writes decimals as strings, so that no digit is lost. `order.total + order.shipping` is then
    /// `"19.904.50"`, `total.toFixed(2)` is a `TypeError`, and the compiler has seen nothing.
    ///
    /// ```python bad path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///     total = models.DecimalField(max_digits=9, decimal_places=2)
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
    ///         fields = ["id", "number", "total", "paid"]
    /// ```
    /// ```ts bad path=web/src/orders.ts
    /// export interface Order {
    ///   id: number;
    ///   number: string;
    ///   total: number;
    ///   paid: boolean;
    /// }
    /// ```
    /// ```python good path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     number = models.CharField(max_length=20)
    ///     total = models.DecimalField(max_digits=9, decimal_places=2)
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
    ///         fields = ["id", "number", "total", "paid"]
    /// ```
    /// ```ts good path=web/src/orders.ts
    /// export interface Order {
    ///   id: number;
    ///   number: string;
    ///   total: string;
    ///   paid: boolean;
    /// }
    /// ```
    ///
    /// A type belongs to a serializer where both are called alike (`Order`, `IOrder`, `OrderDetail` and
    /// `OrderSerializer`) and share at least three fields, and three of five of the smaller one.
    ///
    /// Not flagged: `COERCE_DECIMAL_TO_STRING = False`, `coerce_to_string=False`; a field that another serializer of the
    /// model sends as a number; a serializer whose `to_representation` names the field; types of what the client sends
    /// (`OrderPayload`, `CreateOrder`); generated types; types that are declared twice and disagree.
    pub(crate) const RULE = {
        code: "contract/decimal-typed-as-number",
        summary: "decimal that arrives as a string is typed as a number",
        check: Check::Project { run: check },
        scope: Scope::CrossStack,
        fix: Applicability::DisplayOnly,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for (pair, it) in model.pairs().differences(What::DecimalAsNumber) {
        let (owner, field, serializer) = (&pair.declaration.name, &it.field, it.serializer);
        let message = format!("`{owner}.{field}` is a number, but `{serializer}` sends a decimal as a string");
        let finding = ctx.report(it.place.path, it.place.range, message);
        finding.help(
            "type it as `string` and convert it where it is calculated with, or declare the serializer's field with \
             `coerce_to_string=False`",
        );
        if let Some(served) = &it.served {
            finding.label_in(served.place.path, served.place.range, format!("sent by `{serializer}`"));
            if let Some(column) = &served.column {
                finding.label_in(column.place.0, column.place.1, format!("`{}` is a decimal", column.name));
            }
        }
        if model.file(it.place.path).is_some_and(|file| it.type_range.slice(&file.source.text) == "number") {
            finding.fix(Fix::suggestion("type it as `string`", Edit::replace(it.type_range, "string")));
        }
        finding.property("serializer", serializer);
    }
}
