//! What the routes of small projects are.

mod django;
mod fastapi;
mod hostile;
mod rest;
mod sockets;

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use super::Routes;
use crate::extract::extract;
use crate::facts::Facts;
use crate::outline::Interest;
use crate::project::{ProjectFile, ProjectModel};
use crate::role::roles;

const SETTINGS: (&str, &str) = ("shop/settings.py", "ROOT_URLCONF = 'shop.urls'\n");

/// A project of some files.
struct Project(Vec<(SourceFile, Facts)>);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let interest = Interest { bodies: true, ..Interest::none(Grammar::Python) };
        let read = |(path, text): &(&str, &str)| {
            let path = RelPath::new(path);
            let roles = roles(&path, text, Language::Python);
            let source = SourceFile::new(path, *text, Language::Python, roles);
            let tree = parse::parse(Grammar::Python, text);
            let facts = extract(&source, &tree, &interest).0;
            (source, facts)
        };
        Self(files.iter().map(read).collect())
    }

    fn model(&self) -> ProjectModel<'_> {
        ProjectModel::join(self.0.iter().map(|(source, facts)| ProjectFile { source, facts }))
    }
}

fn show(routes: &Routes<'_>) -> Vec<String> {
    let shown = routes.routes.iter().map(|route| {
        let methods = route.methods.map_or("any".to_owned(), |it| {
            it.names().filter(|it| !matches!(*it, "HEAD" | "OPTIONS")).collect::<Vec<_>>().join(" ")
        });
        let name = route.name.as_deref().map_or(String::new(), |it| format!(" {it}"));
        let condition = if route.is_conditional { " if" } else { "" };
        format!("{} {methods} {}{name}{condition}", route.path, route.view_name)
    });
    let gaps = routes.gaps.iter().map(|gap| format!("gap {}: {}", gap.prefix, gap.reason));
    shown.chain(gaps).collect()
}

/// Shows the routes of a project: path, methods, view, name, whether it is conditional.
fn routes_of(files: &[(&str, &str)]) -> Vec<String> {
    let project = Project::new(files);
    show(project.model().routes())
}

/// Shows the routes of one module of URLs.
fn routes(urls: &str) -> Vec<String> {
    routes_of(&[SETTINGS, ("shop/__init__.py", ""), ("shop/urls.py", urls), ("shop/views.py", VIEWS)])
}

const VIEWS: &str = "
from django.views import View
from django.views.decorators.http import require_POST, require_http_methods
from rest_framework import viewsets, mixins, generics
from rest_framework.decorators import action, api_view
from rest_framework.views import APIView

def home(request): ...
@require_POST
def pay(request): ...
@require_http_methods(['GET', 'DELETE'])
def basket(request): ...
@api_view(['GET', 'POST'])
def orders(request): ...

class Page(View):
    def get(self, request): ...
    def post(self, request): ...

class Orders(APIView):
    def get(self, request): ...
    def delete(self, request): ...

class OrderList(generics.ListCreateAPIView):
    queryset = Order.objects.all()

class OrderViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.all()

class Reader(mixins.ListModelMixin, viewsets.GenericViewSet):
    lookup_field = 'slug'
    def retrieve(self, request, slug): ...
";
