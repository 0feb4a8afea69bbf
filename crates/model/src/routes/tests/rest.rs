use super::{SETTINGS, VIEWS, routes, routes_of};

const HEAD: &str = "from django.urls import include, path
from rest_framework.decorators import action
from rest_framework.routers import DefaultRouter, SimpleRouter
from rest_framework import viewsets
from . import views
";

fn urls(text: &str) -> Vec<String> {
    routes(&format!("{HEAD}{text}"))
}

#[test]
fn a_router_makes_list_and_detail() {
    let found = urls(
        "router = DefaultRouter()
router.register(r'orders', views.OrderViewSet)
router.register('read', views.Reader, basename='reader')
urlpatterns = [path('api/', include(router.urls))]
",
    );
    let wanted = [
        "/api/orders/ GET POST OrderViewSet order-list",
        "/api/orders/{pk}/ GET PUT PATCH DELETE OrderViewSet order-detail",
        "/api/read/ GET Reader reader-list",
        "/api/read/{slug}/ GET Reader reader-detail",
        "/api/ GET APIRootView api-root",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn extra_actions_have_routes_of_their_own() {
    let found = urls(
        "class Base(viewsets.GenericViewSet):
    @action(detail=False)
    def recent(self, request): ...

class Orders(Base):
    http_method_names = ['get', 'post']
    lookup_url_kwarg = 'order'
    lookup_value_regex = '[0-9]+'

    def list(self, request): ...
    def destroy(self, request): ...

    @action(detail=True, methods=['post'], url_path='mark-paid')
    def mark_paid(self, request): ...

    @action(['get'], detail=True)
    def lines(self, request): ...

    @lines.mapping.post
    def add_line(self, request): ...

    @action(detail=True, url_path=r'lines/(?P<line>\\d+)', url_name='line')
    def line(self, request): ...

router = SimpleRouter(trailing_slash=False)
router.register('orders', Orders, 'orders')
urlpatterns = router.urls
",
    );
    let wanted = [
        "/orders GET Orders orders-list",
        "/orders/recent GET Orders orders-recent",
        "/orders/{order}  Orders orders-detail",
        "/orders/{order}/mark-paid POST Orders orders-mark-paid",
        "/orders/{order}/lines GET POST Orders orders-lines",
        "/orders/{order}/lines/{line} GET Orders orders-line",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn routers_nest() {
    let found = urls(
        "from rest_framework_nested.routers import NestedSimpleRouter
router = SimpleRouter()
router.register('shops', views.Reader, basename='shops')
orders = NestedSimpleRouter(router, 'shops', lookup='shop')
orders.register('orders', views.Reader, basename='orders')
lines = NestedSimpleRouter(orders, 'orders', lookup='order')
lines.register('lines', views.OrderList, basename='lines')
urlpatterns = [*router.urls, *orders.urls, path('', include(lines.urls))]
",
    );
    assert_eq!(found[2], "/shops/{shop_slug}/orders/ GET Reader orders-list");
    assert_eq!(found[3], "/shops/{shop_slug}/orders/{slug}/ GET Reader orders-detail");
    assert_eq!(found.len(), 4);
}

#[test]
fn routers_are_filled_in_many_ways() {
    let files = [
        SETTINGS,
        ("shop/__init__.py", ""),
        ("shop/views.py", VIEWS),
        (
            "shop/routers.py",
            "from rest_framework.routers import DefaultRouter
class Loose(DefaultRouter):
    include_root_view = False
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.trailing_slash = '/?'
router = Loose()
PREFIX = 'v1'
",
        ),
        (
            "cart/urls.py",
            "from rest_framework.routers import SimpleRouter
from shop import views
cart = SimpleRouter()
cart.register('cart', views.Reader, basename='cart')
def add(router):
    router.register('added', views.Reader, basename='added')
    return router
",
        ),
        (
            "shop/urls.py",
            "from django.urls import include, path
from shop import views
from shop.routers import PREFIX, router
from cart.urls import add, cart
for name, view in {'a': views.Reader, 'b': views.Reader}.items():
    router.register(f'{PREFIX}/{name}', view, basename=name)
router.registry.extend(cart.registry)
router = add(router)
urlpatterns = [path('api/', include((router.urls, 'api')))]
",
        ),
    ];
    let found = routes_of(&files);
    let paths: Vec<&str> = found.iter().map(String::as_str).collect();
    let wanted = [
        "/api/v1/a GET Reader api:a-list",
        "/api/v1/a/{slug} GET Reader api:a-detail",
        "/api/v1/b GET Reader api:b-list",
        "/api/v1/b/{slug} GET Reader api:b-detail",
        "/api/cart GET Reader api:cart-list",
        "/api/cart/{slug} GET Reader api:cart-detail",
        "/api/added GET Reader api:added-list",
        "/api/added/{slug} GET Reader api:added-detail",
        "/api/ GET APIRootView api:api-root",
    ];
    assert_eq!(paths, wanted);
}

#[test]
fn a_map_of_methods_is_what_a_view_set_answers() {
    let found = urls(
        "ACTIONS = {'get': 'list', 'post': 'create'}
urlpatterns = [
    path('a/', views.OrderViewSet.as_view(ACTIONS)),
    path('b/', views.OrderViewSet.as_view({'delete': 'destroy'})),
]",
    );
    assert_eq!(found, ["/a/ GET POST OrderViewSet", "/b/ DELETE OrderViewSet"]);
}

#[test]
fn methods_of_a_class_with_an_unknown_base_are_not_known() {
    let found = urls(
        "from library import Something
class Strange(Something):
    def get(self, request): ...
urlpatterns = [path('a/', Strange.as_view())]",
    );
    assert_eq!(found, ["/a/ any Strange"]);
}
