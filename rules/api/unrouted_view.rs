//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::rule::Scope;
use arrears_core::source::{RelPath, Roles};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ClassRef, ProjectModel};
use arrears_model::python::ClassId;
use arrears_model::routes::ViewRef;

rule! {
    /// Finds views that no URL leads to.
    ///
    /// The view was written, reviewed and is kept in step with the models, and no client can reach it. Often the line in
    /// the URL configuration was lost, or never came.
    ///
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```python bad path=shop/urls.py
    /// from django.urls import path
    /// from shop.views import OrderView
    ///
    /// urlpatterns = [path("orders/", OrderView.as_view())]
    /// ```
    /// ```python bad path=shop/views.py
    /// from rest_framework.views import APIView
    ///
    /// class OrderView(APIView):
    ///     def get(self, request):
    ///         return Response(orders())
    ///
    /// class RefundView(APIView):
    ///     def post(self, request):
    ///         return Response(refund())
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```python good path=shop/urls.py
    /// from django.urls import path
    /// from shop.views import RefundView
    ///
    /// urlpatterns = [path("refunds/", RefundView.as_view())]
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework.views import APIView
    ///
    /// class RefundView(APIView):
    ///     def post(self, request):
    ///         return Response(refund())
    /// ```
    ///
    /// An import, a re-export, `__all__` and a test are no use of a view. Not flagged: bases and mixins, classes with a
    /// decorator that may register them, projects whose settings name no `ROOT_URLCONF` that was found, projects in
    /// which a module does not parse.
    pub(crate) const RULE = {
        code: "api/unrouted-view",
        summary: "view that no URL leads to",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
    }
}

/// Bases that make a class a view.
const VIEWS: [&str; 26] = [
    "View",
    "TemplateView",
    "RedirectView",
    "ListView",
    "DetailView",
    "FormView",
    "CreateView",
    "UpdateView",
    "DeleteView",
    "APIView",
    "GenericAPIView",
    "ListAPIView",
    "CreateAPIView",
    "RetrieveAPIView",
    "UpdateAPIView",
    "DestroyAPIView",
    "ListCreateAPIView",
    "RetrieveUpdateAPIView",
    "RetrieveDestroyAPIView",
    "RetrieveUpdateDestroyAPIView",
    "ViewSet",
    "GenericViewSet",
    "ModelViewSet",
    "ReadOnlyModelViewSet",
    "ObtainAuthToken",
    "TokenObtainPairView",
];

/// Decorators that do not register what they stand at.
const HARMLESS: [&str; 4] = ["extend_schema_view", "extend_schema", "method_decorator", "permission_classes"];

/// Words of code that looks for views by their names, or by what they descend from.
const SEEKERS: [&str; 8] =
    ["getmembers", "__subclasses__", "locate", "import_string", "import_module", "__import__", "globals", "vars"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let routes = model.routes();
    if !routes.has_settled_root() || !model.python_is_complete() || seeks_views(model) {
        return;
    }
    let routed: BTreeSet<ViewRef<'_>> = routes.routes.iter().filter_map(|route| route.view).collect();
    for (file, facts) in model.python_files() {
        if file.source.roles.intersects(Roles::TEST | Roles::MIGRATION) || facts.bodies.is_none() {
            continue;
        }
        for (id, class) in (0..).map(ClassId).zip(&facts.classes) {
            let view = ClassRef { path: &file.source.path, id };
            if class.is_nested || is_base_name(&class.name) || routed.contains(&ViewRef::Class(view)) {
                continue;
            }
            let ancestry = model.ancestry(view);
            if !ancestry.is_whole || !is_view(&ancestry.outside) || is_registered(model, view) {
                continue;
            }
            if model.is_class_used(view) {
                continue;
            }
            ctx.report(&file.source.path, class.name_range, format!("no URL leads to `{}`", class.name))
                .help(help(routes.roots.first().map(|root| root.path)));
        }
    }
}

fn help(root: Option<&RelPath>) -> String {
    let place =
        root.map_or_else(|| "the URL configuration".to_owned(), |path| format!("what `{}` includes", path.as_str()));
    format!("add it to {place}, or delete it")
}

fn is_view(outside: &[String]) -> bool {
    outside.iter().any(|base| {
        let last = base.rsplit('.').next().unwrap_or(base);
        VIEWS.contains(&last) && (base.starts_with("django.") || base.starts_with("rest_framework"))
    })
}

/// Returns whether the name says that others descend from it.
fn is_base_name(name: &str) -> bool {
    ["Base", "Mixin", "Abstract", "Generic"].iter().any(|word| name.contains(word)) || name.starts_with('_')
}

/// Returns whether a decorator may register the class somewhere.
fn is_registered(model: &ProjectModel<'_>, class: ClassRef<'_>) -> bool {
    let Some(file) = model.file(class.path) else { return true };
    let Some(bodies) = file.facts.python().and_then(|facts| facts.bodies.as_deref()) else { return true };
    let text = &file.source.text;
    bodies.class(class.id).is_none_or(|body| {
        body.decorators.iter().any(|id| {
            let words = bodies.span(*id).slice(text);
            let name = words.split('(').next().unwrap_or("").rsplit('.').next().unwrap_or("").trim();
            !HARMLESS.contains(&name)
        })
    })
}

/// Returns whether some module that makes routes may find views without naming them.
fn seeks_views(model: &ProjectModel<'_>) -> bool {
    model.python_files().any(|(file, _)| {
        let words = &file.facts.words;
        let text = &file.source.text;
        let has = |word: &&str| words.may_contain(word);
        // `getattr(views, name)`, but not `getattr(settings, "DEBUG")`.
        let gets =
            || text.match_indices("getattr(").any(|(at, _)| !text[at + 8..].trim_start().starts_with("settings"));
        !file.source.roles.contains(Roles::TEST)
            && ["urlpatterns", "router", "as_view"].iter().any(has)
            && (words.may_contain("urlpatterns") || file.source.path.as_str().contains("url"))
            && (SEEKERS.iter().any(has) || has(&"getattr") && gets())
    })
}
