//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_syntax::node::{descendants, field, parts, range};
use arrears_syntax::python::{called_name, keyword, positional};
use tree_sitter::Node;

rule! {
    /// Finds model instances that are handed to a task.
    ///
    /// JSON cannot carry an instance: the call fails with `Object of type Order is not JSON serializable`. Where a
    /// custom encoder lets it pass, the task works on a copy from the time of sending and saves old values over new
    /// ones.
    ///
    /// ```python bad
    /// from celery import shared_task
    /// from shop.models import Order
    ///
    /// @shared_task
    /// def send_receipt(order):
    ///     print(order)
    ///
    /// def pay(request, pk):
    ///     order = Order.objects.get(pk=pk)
    ///     send_receipt.delay(order)
    /// ```
    /// ```python good
    /// from celery import shared_task
    /// from shop.models import Order
    ///
    /// @shared_task
    /// def send_receipt(order_id):
    ///     print(Order.objects.get(pk=order_id))
    ///
    /// def pay(request, pk):
    ///     order = Order.objects.get(pk=pk)
    ///     send_receipt.delay(order.pk)
    /// ```
    ///
    /// Flagged only where the text shows an instance: `Model.objects.get(…)`, `create`, `first`, `get_object_or_404`,
    /// `serializer.save()`, `request.user`, a loop over a queryset, `self` in a model. Not flagged: projects whose
    /// messages are pickled.
    pub(crate) const RULE = {
        code: "celery/model-argument",
        summary: "model instance is passed to a task",
        check: Check::Node { language: Family::Python, kinds: &["call"], run: check },
        fix: Applicability::DisplayOnly,
        mentions: &["delay", "delay_on_commit", "apply_async"],
    }
}

fn check(call: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let Some(way @ ("delay" | "delay_on_commit" | "apply_async")) = called_name(call, ctx.text()) else { return };
    let arguments: Vec<Node<'_>> = if way == "apply_async" {
        let list = keyword(call, "args", ctx.text()).or_else(|| positional(call).next());
        let mapping = keyword(call, "kwargs", ctx.text()).or_else(|| positional(call).nth(1));
        let values = mapping.into_iter().flat_map(parts).filter_map(|pair| field(pair, "value"));
        list.into_iter().filter(|it| matches!(it.kind(), "list" | "tuple")).flat_map(parts).chain(values).collect()
    } else {
        let given = field(call, "arguments").into_iter().flat_map(parts);
        given.filter_map(|it| if it.kind() == "keyword_argument" { field(it, "value") } else { Some(it) }).collect()
    };
    for argument in arguments {
        if !is_instance(argument, call, ctx) {
            continue;
        }
        let written = ctx.slice(argument);
        ctx.report(range(argument), format!("`{written}` is a model instance, which a task message cannot carry"))
            .help(format!("pass `{written}.pk` and load the row in the task"))
            .fix(Fix::suggestion("Pass the primary key", Edit::insert(range(argument).end(), ".pk")))
            .only_if(Condition::TasksSpeakJson);
    }
}

fn is_instance(argument: Node<'_>, call: Node<'_>, ctx: &FileContext<'_, '_>) -> bool {
    match argument.kind() {
        "attribute" => matches!(ctx.slice(argument), "request.user" | "self.request.user"),
        "identifier" if ctx.slice(argument) == "self" => in_model(ctx),
        "identifier" => bound_to_instance(ctx.slice(argument), call, ctx),
        "call" => makes_instance(argument, ctx),
        _ => false,
    }
}

/// Returns whether the last thing that a function binds a name to before a call is an instance.
fn bound_to_instance(name: &str, call: Node<'_>, ctx: &FileContext<'_, '_>) -> bool {
    let Some(function) = ctx.enclosing().find(|scope| scope.kind() == "function_definition") else { return false };
    let mut is_instance = false;
    for node in field(function, "body").into_iter().flat_map(descendants) {
        if node.start_byte() >= call.start_byte() {
            break;
        }
        if !matches!(node.kind(), "assignment" | "for_statement" | "named_expression") {
            continue;
        }
        let target = field(node, "left").or_else(|| field(node, "name"));
        if target.is_none_or(|target| ctx.slice(target) != name) {
            continue;
        }
        let Some(value) = field(node, "right").or_else(|| field(node, "value")) else { continue };
        is_instance = if node.kind() == "for_statement" { makes_rows(value, ctx) } else { makes_instance(value, ctx) };
    }
    is_instance
}

fn makes_instance(value: Node<'_>, ctx: &FileContext<'_, '_>) -> bool {
    if value.kind() == "await" {
        return parts(value).next().is_some_and(|inner| makes_instance(inner, ctx));
    }
    let (Some(name), written) = (called_name(value, ctx.text()).filter(|_| value.kind() == "call"), ctx.slice(value))
    else {
        return false;
    };
    match name {
        "get" | "create" | "first" | "last" | "latest" | "earliest" | "aget" | "acreate" | "afirst" => {
            is_queryset(written)
        }
        "get_object_or_404" | "aget_object_or_404" => true,
        "save" => written.starts_with("serializer.save(") || written.starts_with("form.save("),
        "get_object" => written == "self.get_object()",
        _ => false,
    }
}

fn makes_rows(value: Node<'_>, ctx: &FileContext<'_, '_>) -> bool {
    let is_rows =
        |name: &str| matches!(name, "all" | "filter" | "exclude" | "order_by" | "select_related" | "iterator");
    let name = called_name(value, ctx.text()).filter(|_| value.kind() == "call");
    name.is_some_and(is_rows) && is_queryset(ctx.slice(value))
}

/// Returns whether a chain starts at a manager and still yields rows.
fn is_queryset(written: &str) -> bool {
    let chain: String = written.split_whitespace().collect();
    let starts = [".objects.", "._default_manager.", ".objects("].iter().any(|manager| chain.contains(manager));
    starts && ![".values(", ".values_list(", ".dates(", ".aggregate("].iter().any(|other| chain.contains(other))
}

fn in_model(ctx: &FileContext<'_, '_>) -> bool {
    let class = ctx.enclosing().find(|scope| scope.kind() == "class_definition");
    class
        .and_then(|class| field(class, "superclasses"))
        .is_some_and(|bases| parts(bases).any(|base| matches!(ctx.slice(base), "models.Model" | "Model")))
}
