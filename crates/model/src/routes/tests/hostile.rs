use std::fmt::Write as _;

use super::{Project, routes, routes_of};
use crate::endpoint::UrlPath;

#[test]
fn includes_that_include_themselves_end() {
    let files = [
        ("shop/settings.py", "ROOT_URLCONF = 'shop.urls'\n"),
        ("shop/urls.py", "from django.urls import include, path\nurlpatterns = [path('a/', include('shop.more'))]\n"),
        (
            "shop/more.py",
            "from django.urls import include, path
from shop import urls
urlpatterns = [path('b/', include(urls)), path('c/', include('shop.more'))]
urlpatterns.append(path('d/', include(urlpatterns)))
urlpatterns += urlpatterns
",
        ),
    ];
    assert!(routes_of(&files).len() < 2000);
}

#[test]
fn routers_that_hold_themselves_end() {
    let found = routes(
        "from django.urls import include, path
from rest_framework.routers import DefaultRouter
from rest_framework_nested.routers import NestedSimpleRouter
from . import views
a = DefaultRouter()
b = DefaultRouter()
a.register('x', views.OrderViewSet)
a.registry.extend(b.registry)
b.registry.extend(a.registry)
n = NestedSimpleRouter(a, 'x', lookup='x')
n.parent_router = n
urlpatterns = [path('', include(a.urls)), path('', include(n.urls))]
def f(x): return f(f(x))
urlpatterns += f(urlpatterns)
",
    );
    assert!(!found.is_empty());
}

#[test]
fn huge_expressions_are_anything() {
    let mut urls = String::from("from django.urls import re_path\nfrom . import views\nurlpatterns = [\n");
    let _ = writeln!(urls, "    re_path(r'^{}$', views.home),", "(a|b)".repeat(300));
    let _ = writeln!(urls, "    re_path(r'^{}$', views.home),", "(".repeat(500));
    let _ = writeln!(urls, "    re_path(r'^{}[', views.home),", "(?P<a".repeat(100));
    let _ = writeln!(urls, "    re_path(r'^{}$', views.home),", "x".repeat(5000));
    urls.push(']');
    assert!(routes(&urls).len() <= 40);
}

#[test]
fn loops_and_conditions_without_end_are_cut() {
    let mut urls = String::from(
        "from django.urls import path\nfrom . import views\nn = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\nurlpatterns = []\n",
    );
    for depth in 0..12 {
        let _ = writeln!(urls, "{}for a{depth} in n:", "    ".repeat(depth));
    }
    let _ = writeln!(urls, "{}urlpatterns.append(path('a/', views.home))", "    ".repeat(12));
    assert!(!routes(&urls).is_empty());
}

#[test]
fn a_path_finds_its_routes_in_order() {
    let project = Project::new(&[
        ("shop/settings.py", "ROOT_URLCONF = 'shop.urls'\n"),
        (
            "shop/urls.py",
            "from django.urls import include, path
from . import views
urlpatterns = [
    path('orders/<int:pk>/', views.a, name='number'),
    path('orders/recent/', views.a, name='recent'),
    path('orders/<str:any>/', views.a, name='any'),
    path('else/', include('somewhere')),
    path('<path:rest>', views.a, name='rest'),
]",
        ),
    ]);
    let model = project.model();
    let routes = model.routes();
    let names = |path: &str| {
        let found = routes.find(&UrlPath::of_text(path));
        found.iter().filter_map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("/orders/recent/"), ["recent", "any", "rest"]);
    assert_eq!(names("/orders/12/"), ["number", "any", "rest"]);
    assert_eq!(names("/x/y/z"), ["rest"]);
    assert!(routes.is_undecided(&UrlPath::of_text("/else/x/")));
    assert!(!routes.is_undecided(&UrlPath::of_text("/orders/")));
}
