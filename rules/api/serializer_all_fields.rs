//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{field, range};
use arrears_syntax::python::string_value;
use tree_sitter::Node;

rule! {
    /// Finds model serializers that show every column: `fields = "__all__"`, or all but some.
    ///
    /// The day somebody adds `password_hint` or `margin` to the model, the interface answers with it. Nobody reviews
    /// the serializer, because nobody changed it.
    ///
    /// ```python bad
    /// from rest_framework import serializers
    ///
    /// class CustomerSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Customer
    ///         fields = "__all__"
    /// ```
    /// ```python good
    /// from rest_framework import serializers
    ///
    /// class CustomerSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Customer
    ///         fields = ["id", "name", "city"]
    /// ```
    ///
    /// An interface that only the own team uses may do with it. Ruff's DJ007 reports the same of forms, not of
    /// serializers.
    pub(crate) const RULE = {
        code: "api/serializer-all-fields",
        summary: "serializer shows every column, also those to come",
        check: Check::Node { language: Family::Python, kinds: &["assignment"], run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::VeryHigh,
        mentions: &["__all__", "exclude"],
    }
}

fn check<'t>(assignment: Node<'t>, ctx: &mut FileContext<'_, 't>) {
    let (Some(left), Some(right)) = (field(assignment, "left"), field(assignment, "right")) else { return };
    let name = ctx.slice(left);
    let is_all = name == "fields" && string_value(right, ctx.text()).as_deref() == Some("__all__");
    let is_rest = name == "exclude" && matches!(right.kind(), "list" | "tuple") && right.named_child_count() > 0;
    if !is_all && !is_rest {
        return;
    }
    let mut classes = ctx.enclosing().filter(|it| it.kind() == "class_definition");
    let (Some(meta), Some(class)) = (classes.next(), classes.next()) else { return };
    let name_of = |class: Node<'_>| field(class, "name").map(|it| ctx.slice(it)).unwrap_or_default();
    if name_of(meta) != "Meta" || !is_serializer(class, ctx) {
        return;
    }
    let owner = name_of(class).to_owned();
    let message = if is_all {
        format!("`{owner}` shows every column of its model, also those to come")
    } else {
        format!("`{owner}` shows every column but some, also those to come")
    };
    ctx.report(range(assignment), message).help("list the fields that clients need");
}

/// Returns whether a class is a serializer of a model, as far as its file tells.
fn is_serializer(class: Node<'_>, ctx: &FileContext<'_, '_>) -> bool {
    let Some(name) = field(class, "name").map(range) else { return false };
    let facts = ctx.python();
    let bases = facts.classes.iter().find(|it| it.name_range == name).map(|it| it.bases.as_slice()).unwrap_or_default();
    bases.iter().any(|base| base.rsplit('.').next().is_some_and(|last| last.ends_with("Serializer")))
}
