from django.urls import path
from shop.views import prices

urlpatterns = [path("prices/", prices)]
