"""The environment decides; what it leaves open is right."""

import os

from .base import *


def flag(name, default):
    return os.environ.get(name, str(default)).lower() in ("1", "true", "yes")


DEBUG = flag("SHOP_DEBUG", False)
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "shop.example").split(",") if host]
DATABASES = {"default": {"ENGINE": "warehouse", "NAME": os.environ.get("DB_NAME", "shop")}}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = flag("COOKIES_SECURE", True)
SECURE_SSL_REDIRECT = flag("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", "3600"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
