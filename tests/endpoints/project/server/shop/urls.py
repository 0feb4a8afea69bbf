from django.urls import include, path
from rest_framework.routers import DefaultRouter, SimpleRouter

from . import views

router = DefaultRouter()
router.register("orders", views.OrderViewSet)
router.register(r"customers", views.CustomerViewSet, basename="customer")

lines = SimpleRouter()
lines.register("lines", views.LineViewSet)
router.registry.extend(lines.registry)

plain = SimpleRouter(trailing_slash=False)
plain.register("tags", views.TagViewSet, basename="tag")

people = [
    path("", views.CustomerList.as_view()),
    path("me/", views.MeView.as_view()),
    path("<int:pk>/", views.CustomerDetail.as_view()),
]

urlpatterns = [
    path("", include(router.urls)),
    path("", include(plain.urls)),
    path("people/", include(people)),
    path("basket/", views.BasketViewSet.as_view({"get": "show", "post": "fill"})),
    path("auth/login/", views.login),
]

urlpatterns += [
    path("totals/", views.totals),
    path("preferences/", views.preferences),
    path("upload/", views.upload),
]
