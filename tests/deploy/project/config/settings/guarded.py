"""Security is on where `DEBUG` is off."""

import os

from .base import *

DEBUG = "SHOP_DEBUG" in os.environ
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["shop.example"]
DATABASES = {"default": {"ENGINE": "warehouse", "NAME": "shop", "CONN_MAX_AGE": 60}}
if not DEBUG:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
