//! See [`RULE`].

use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::django::ModelId;
use arrears_model::endpoint::Methods;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::python::body::Expr;
use arrears_model::rest::defaults::RestDefault;
use arrears_model::rest::extent::Extent;
use arrears_model::rest::{Handler, Pages, View};
use arrears_model::settings::value::Value;

rule! {
    /// Finds lists of the REST framework that answer with the whole table.
    ///
    /// With a hundred rows nobody notices. With a hundred thousand each call reads, serializes and sends all of them;
    /// the worker is busy for seconds and the client runs out of memory.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework", "shop"]
    /// REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
    /// ```
    /// ```python bad path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     created = models.DateTimeField(auto_now_add=True)
    /// ```
    /// ```python bad path=shop/views.py
    /// from rest_framework import viewsets
    /// from shop.models import Order
    ///
    /// class OrderViewSet(viewsets.ModelViewSet):
    ///     queryset = Order.objects.all()
    /// ```
    /// ```python bad path=shop/urls.py
    /// router.register("orders", OrderViewSet)
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework", "shop"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    ///     "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    ///     "PAGE_SIZE": 50,
    /// }
    /// ```
    /// ```python good path=shop/models.py
    /// from django.db import models
    ///
    /// class Order(models.Model):
    ///     created = models.DateTimeField(auto_now_add=True)
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework import viewsets
    /// from shop.models import Order
    ///
    /// class OrderViewSet(viewsets.ModelViewSet):
    ///     queryset = Order.objects.all()
    /// ```
    /// ```python good path=shop/urls.py
    /// router.register("orders", OrderViewSet)
    /// ```
    ///
    /// Also actions and methods that serialize a whole queryset with `many=True` past the view's paginator; and
    /// `DEFAULT_PAGINATION_CLASS` without a `PAGE_SIZE`, which cuts nothing. Not flagged: querysets that are cut, or
    /// narrowed to one user, one parent, one key; own ways to page (`paginate` in a base); models without relations and
    /// times, which are small lists; `pagination_class = None` on a list that somebody keeps by hand.
    pub(crate) const RULE = {
        code: "api/list-without-pagination",
        summary: "list answers with the whole table",
        check: Check::Project { run: check },
        scope: Scope::Project,
        exempt: RuleMeta::RUN_ONCE.union(Roles::COMMAND),
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for view in &model.rest().views {
        if !model.is_routed(&view.name) || pages_itself(model, view) {
            continue;
        }
        let is_cut = is_cut(model, view);
        if view.lists && is_cut == Some(false) && view.is_known {
            listed(model, ctx, view);
        }
        for handler in &view.handlers {
            if handler.methods.contains(Methods::GET) && handler.name != "retrieve" {
                past_pages(model, ctx, view, handler, is_cut == Some(true));
            }
        }
    }
}

/// Returns whether a base of the view, or the view, has a way of its own to page.
fn pages_itself(model: &ProjectModel<'_>, view: &View<'_>) -> bool {
    let is_own = |name: &str| name.contains("paginat") || name.contains("Paginat");
    let in_class = view.ancestry.classes.iter().any(|class| {
        let Some(facts) = model.python(class.path) else { return true };
        facts.functions.iter().any(|it| it.class == Some(class.id) && is_own(&it.name))
    });
    in_class || view.ancestry.outside.iter().any(|base| is_own(base.rsplit('.').next().unwrap_or(base)))
}

/// Returns whether the lists of a view are cut into pages.
fn is_cut(model: &ProjectModel<'_>, view: &View<'_>) -> Option<bool> {
    match view.pages {
        Pages::Some => return Some(true),
        Pages::None(_) => return Some(false),
        Pages::Default => {}
    }
    let path = view.place.path;
    match model.rest_default(path, "DEFAULT_PAGINATION_CLASS") {
        RestDefault::Missing => Some(false),
        RestDefault::Unknown => None,
        RestDefault::Set(setting) => match &setting.by_default().value {
            Value::None => Some(false),
            Value::Text(name) if name.starts_with("rest_framework.") && !name.contains("Cursor") => {
                match model.rest_default(path, "PAGE_SIZE") {
                    RestDefault::Missing => Some(false),
                    RestDefault::Set(size) if matches!(size.by_default().value, Value::None) => Some(false),
                    _ => Some(true),
                }
            }
            _ => Some(true),
        },
    }
}

/// A list by the framework's own code.
fn listed<'p>(model: &ProjectModel<'p>, ctx: &mut ProjectContext<'_>, view: &View<'p>) {
    let Extent::Whole(rows, place) = view.extent(model) else { return };
    let is_kept_by_hand = matches!(view.pages, Pages::None(_)) && has_order(model, rows);
    if model.models().is_list_of_names(rows) || is_kept_by_hand {
        return;
    }
    let name = &model.models().get(rows).name;
    let message = format!("`{}` answers with every `{name}` there is: its list is not paginated", view.name);
    let finding = ctx.report(view.place.path, view.place.range, message);
    match view.pages {
        Pages::None(none) => {
            finding.help("take `pagination_class = None` out, or name a paginator");
            finding.label_once(none, "switched off here");
        }
        Pages::Default | Pages::Some => {
            finding.help("set `DEFAULT_PAGINATION_CLASS` and `PAGE_SIZE`, or `pagination_class` of the view");
        }
    }
    finding.label_once(place, "all rows, from here");
    finding.property("view", view.name.clone());
    finding.property("model", name.clone());
}

/// Returns whether a model has a column by which somebody orders its rows.
fn has_order(model: &ProjectModel<'_>, rows: ModelId) -> bool {
    ["order", "display_order", "sort_order", "position", "ordering", "rank", "weight", "sequence"]
        .iter()
        .any(|name| model.models().field(rows, name).is_some())
}

/// A method that serializes a whole queryset itself.
fn past_pages<'p>(
    model: &ProjectModel<'p>,
    ctx: &mut ProjectContext<'_>,
    view: &View<'p>,
    handler: &Handler<'p>,
    is_cut: bool,
) {
    let function = handler.function;
    let Some((file, facts)) = model.file(function.path).zip(model.function(function)) else { return };
    let text = &file.source.text;
    let body = facts.range.slice(text);
    if !body.contains("many=True") || speaks_of_pages(body) || handler.pages == Pages::Some {
        return;
    }
    let Some(bodies) = file.facts.python().and_then(|it| it.bodies.as_deref()) else { return };
    let Some(block) = bodies.function(function.id).map(|it| it.block) else { return };
    let inside = bodies.statements(block).into_iter().flat_map(|id| bodies.own(id)).flat_map(|id| bodies.within(id));
    let mut seen = Vec::new();
    for id in inside {
        let Expr::Call { args, .. } = bodies.expr(id) else { continue };
        let is_many = bodies.keyword(args, "many", text).is_some_and(|it| bodies.expr(it) == Expr::True);
        let rows = bodies.positional(args, 0).or_else(|| bodies.keyword(args, "instance", text));
        let Some(rows) = rows.filter(|_| is_many && bodies.keyword(args, "data", text).is_none()) else { continue };
        let Extent::Whole(shown, made) = view.extent_of(model, function, rows) else { continue };
        let is_own = matches!(view.extent(model), Extent::Whole(own, _) if own == shown);
        let is_small =
            if is_own && is_cut { model.models().is_bare(shown) } else { model.models().is_list_of_names(shown) };
        if is_small || seen.contains(&bodies.span(rows)) {
            continue;
        }
        seen.push(bodies.span(rows));
        let place = Place { path: function.path, range: bodies.span(rows) };
        past(ctx, model, (view, handler), (shown, place, made), is_own && is_cut);
    }
}

fn past(
    ctx: &mut ProjectContext<'_>,
    model: &ProjectModel<'_>,
    (view, handler): (&View<'_>, &Handler<'_>),
    (shown, place, made): (ModelId, Place<'_>, Place<'_>),
    is_cut: bool,
) {
    let name = &model.models().get(shown).name;
    let who = if view.name == handler.name { view.name.clone() } else { format!("{}.{}", view.name, handler.name) };
    let past = if is_cut { ", past the paginator of the view" } else { "" };
    let finding = ctx.report(place.path, place.range, format!("`{who}` answers with every `{name}` there is{past}"));
    finding.help("page it: `page = self.paginate_queryset(…)`, then `self.get_paginated_response(…)`");
    finding.label_once(made, "all rows, from here");
    finding.property("view", view.name.clone());
    finding.property("model", name.clone());
}

/// Returns whether a body cuts what it answers in some way; comments aside.
fn speaks_of_pages(body: &str) -> bool {
    const MARKS: [&str; 7] = ["aginat", "[:", "page", "limit", "offset", "cursor", "chunk"];
    let mut code = body.lines().map(|line| line.split('#').next().unwrap_or(line));
    code.any(|line| MARKS.iter().any(|mark| line.contains(mark)))
}
