from django.urls import include, path, re_path

from shop import views

versioned = [
    path("stock/", views.StockView.as_view(), name="stock"),
    path("stock/<slug:sku>/", views.StockView.as_view(), name="stock-of"),
]

urlpatterns = [
    path("health/", views.health),
    path("api/", include("shop.urls")),
    path("api/v2/", include((versioned, "v2"))),
    re_path(r"^api/reports/(?P<year>[0-9]{4})/$", views.yearly_report),
    re_path(r"^api/search/?$", views.search),
]
