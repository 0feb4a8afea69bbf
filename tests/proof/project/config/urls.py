from django.contrib import admin
from django.urls import include, path

from shop.admin import counter, desk

urlpatterns = [
    path("admin/", admin.site.urls),
    path("desk/", desk.urls),
    path("counter/", counter.urls),
    path("api/", include("shop.api.urls")),
    path("", include("shop.urls")),
]
