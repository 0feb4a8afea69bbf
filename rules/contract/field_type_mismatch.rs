//! See [`RULE`].

use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::pair::What;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds fields of the client's types that are of another kind than what the serializer sends.
    ///
    /// The compiler believes the type, so what breaks breaks in the browser: a comparison that never holds, a list that is
    /// none, a method that the value does not have.
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
    ///   size: string;
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
    /// Strings, numbers, booleans, lists and objects are told apart; a key is of the kind of the other row's primary key.
    /// A `Date` where a date arrives as a string is shown under `strict` only: some clients convert all of them.
    ///
    /// A type belongs to a serializer where both are called alike (`Order`, `IOrder`, `OrderDetail` and
    /// `OrderSerializer`) and share at least three fields, and three of five of the smaller one.
    ///
    /// Not flagged: unions of which one member fits; `any` and types that are not found; fields that another serializer of
    /// the model sends as the type says; serializers whose `to_representation` names the field, or computes the names it
    /// sets; types of what the client sends (`OrderPayload`, `CreateOrder`); generated types; types that are declared
    /// twice and disagree. Decimals are `contract/decimal-typed-as-number`.
    pub(crate) const RULE = {
        code: "contract/field-type-mismatch",
        summary: "field is of another kind than what the serializer sends",
        check: Check::Project { run: check },
        scope: Scope::CrossStack,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for what in [What::OtherKind, What::TextAsDate] {
        for (pair, it) in model.pairs().differences(what) {
            let Some(served) = &it.served else { continue };
            let (owner, field, serializer) = (&pair.declaration.name, &it.field, it.serializer);
            let Some(file) = model.file(it.place.path) else { continue };
            let written = it.type_range.slice(&file.source.text);
            let is_short = written.len() <= 40 && !written.contains('\n');
            let typed = if is_short { format!("`{written}`") } else { "another type".to_owned() };
            let sent = served.kind.describe();
            let message = format!("`{owner}.{field}` is {typed}, but `{serializer}` sends {sent}");
            let finding = ctx.report(it.place.path, it.place.range, message);
            finding.help(match what {
                What::TextAsDate => "type it as `string`, and make a `Date` of it where one is needed".to_owned(),
                _ => format!("type `{field}` as what arrives, or change what `{serializer}` sends"),
            });
            finding.label_in(served.place.path, served.place.range, format!("`{serializer}` sends {sent}"));
            if let Some(column) = &served.column {
                finding.label_in(column.place.0, column.place.1, format!("`{}` is declared here", column.name));
            }
            if what == What::TextAsDate {
                finding.preset(Preset::Strict);
            }
            finding.property("serializer", serializer);
        }
    }
}
