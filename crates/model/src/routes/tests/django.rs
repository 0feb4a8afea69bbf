use super::{SETTINGS, VIEWS, routes, routes_of};

const HEAD: &str = "from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.cache import cache_page
from . import views
";

fn urls(text: &str) -> Vec<String> {
    routes(&format!("{HEAD}{text}"))
}

#[test]
fn views_answer_with_their_methods() {
    let found = urls(
        "urlpatterns = [
    path('', views.home, name='home'),
    path('pay/', views.pay),
    path('basket', views.basket),
    path('orders/', views.orders),
    path('page/', views.Page.as_view()),
    path('cached/', cache_page(60)(views.Orders.as_view()), name='cached'),
    path('list/<int:pk>/', views.OrderList.as_view()),
    path('files/<path:rest>', views.home),
    path('old/', 'shop.views.pay'),
]",
    );
    let wanted = [
        "/ any home home",
        "/pay/ POST pay",
        "/basket GET DELETE basket",
        "/orders/ GET POST orders",
        "/page/ GET POST Page",
        "/cached/ GET DELETE Orders cached",
        "/list/{pk}/ GET POST OrderList",
        "/files/{rest*} any home",
        "/old/ POST pay",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn lists_are_built_in_many_ways() {
    let found = urls(
        "base = [path('a/', views.home)]
urlpatterns = [*base] + [path('b/', views.home)]
urlpatterns += [path('c/', views.home)]
urlpatterns.append(path('d/', views.home))
urlpatterns.extend([path(f'{name}/', views.home) for name in ('e', 'f')])
if settings.DEBUG:
    urlpatterns = [path('g/', views.home)] + urlpatterns
    urlpatterns += static('/media/')
for name, view in [('h', views.home), ('i', views.pay)]:
    urlpatterns.append(path('x/%s/' % name, view))
",
    );
    let wanted = [
        "/g/ any home if",
        "/a/ any home",
        "/b/ any home",
        "/c/ any home",
        "/d/ any home",
        "/e/ any home",
        "/f/ any home",
        "/media/{path*} GET serve if",
        "/x/h/ any home",
        "/x/i/ POST pay",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn includes_are_followed() {
    let files = [
        SETTINGS,
        ("shop/__init__.py", ""),
        ("shop/views.py", VIEWS),
        (
            "shop/urls.py",
            "from django.urls import include, path
from django.contrib import admin
from shop import cart
import cart.urls
from . import views
urlpatterns = [
    path('cart/', include('cart.urls')),
    path('again/', include(cart.urls, namespace='again')),
    path('own/', include(([path('x/', views.home, name='x')], 'own'))),
    path('admin/', admin.site.urls),
    path('auth/', include('dj_rest_auth.urls')),
    path('else/', include('somewhere.urls')),
]
",
        ),
        ("cart/__init__.py", ""),
        (
            "cart/urls.py",
            "from django.urls import path
from .more import urlpatterns as more
from shop import views
app_name = 'cart'
urlpatterns = [path('', views.home, name='index'), *more]
",
        ),
        (
            "cart/more.py",
            "from django.urls import path\nfrom shop import views\nurlpatterns = [path('m/', views.pay, name='m')]\n",
        ),
    ];
    let found = routes_of(&files);
    let start = [
        "/cart/ any home cart:index",
        "/cart/m/ POST pay cart:m",
        "/again/ any home again:index",
        "/again/m/ POST pay again:m",
        "/own/x/ any home own:x",
        "/auth/password/reset/ POST PasswordResetView",
    ];
    assert_eq!(found[..6], start);
    assert_eq!(found[found.len() - 2..], ["gap /admin/: admin.site.urls", "gap /else/: 'somewhere.urls'"]);
}

#[test]
fn regular_expressions_are_read_as_paths() {
    let found = urls(
        r"urlpatterns = [
    re_path(r'^orders/(?P<pk>\d+)/$', views.home),
    re_path(r'^slash/?$', views.home),
    re_path(r'^(?P<kind>open|closed)/list$', views.home),
    re_path(r'^user/(?P<name>[\w.-]+)/(?:edit/)?$', views.home),
    re_path(r'^open/', views.home),
    re_path(r'^all/(?P<rest>.*)$', views.home),
    re_path('^id/(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/$', views.home),
    re_path(r'^year-(?P<year>[0-9]{4})\.json$', views.home),
    re_path(r'^robots.txt$', views.home),
    re_path(r'^v1/', include([re_path(r'^x$', views.home)])),
]",
    );
    let wanted = [
        "/orders/{pk}/ any home",
        "/slash any home",
        "/open/list any home",
        "/closed/list any home",
        "/user/{name}/edit/ any home",
        "/user/{name}/ any home",
        "/open/ any home",
        "/open/{*} any home",
        "/all/{rest*} any home",
        "/id/{id}/ any home",
        "/year-{year}.json any home",
        "/robots.txt any home",
        "/v1/x any home",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn languages_stand_before_their_routes() {
    let found = urls(
        "from django.conf.urls.i18n import i18n_patterns
urlpatterns = [path('a/', views.home)] + i18n_patterns(path('b/', views.home))",
    );
    assert_eq!(found, ["/a/ any home", "/{language}/b/ any home"]);
}

#[test]
fn functions_and_conditions_are_run() {
    let found = urls(
        "from functools import reduce
from operator import add
def section(name, view):
    return [path(f'{name}/', view, name=name)]
groups = [section('a', views.home)]
if settings.EXTRA:
    groups.append(section('b', views.pay))
prefix = settings.PREFIX
urlpatterns = reduce(add, groups) + [path(prefix, include([path('c/', views.home)]))]
",
    );
    assert_eq!(found, ["/a/ any home a", "/b/ POST pay b if", "/{PREFIX*}/c/ any home"]);
}

#[test]
fn what_is_not_known_is_a_gap() {
    let found = urls(
        "urlpatterns = [path('a/', views.home)]
urlpatterns += settings.EXTRA_URLS
urlpatterns.append(path('b/', include(make_urls())))
",
    );
    assert_eq!(found[0], "/a/ any home");
    assert_eq!(found.len(), 3);
    assert!(found[2].starts_with("gap /b/"));
}

#[test]
fn modules_that_nobody_includes_are_roots_where_no_settings_are() {
    let files = [
        ("shop/views.py", VIEWS),
        ("shop/__init__.py", ""),
        (
            "shop/urls.py",
            "from django.urls import include, path\nurlpatterns = [path('c/', include('shop.cart.urls'))]\n",
        ),
        ("shop/cart/__init__.py", ""),
        (
            "shop/cart/urls.py",
            "from django.urls import path\nfrom shop import views\nurlpatterns = [path('d/', views.home)]\n",
        ),
    ];
    assert_eq!(routes_of(&files), ["/c/d/ any home"]);
}
