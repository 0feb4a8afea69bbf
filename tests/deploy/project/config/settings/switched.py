"""Security hangs on `DEBUG`, and the words `False` and `0` are true."""

import os

from .base import *

DEBUG = os.environ.get("SHOP_DEBUG", "0")
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["shop.example"]
DATABASES = {"default": {"ENGINE": "warehouse", "NAME": "shop", "CONN_MAX_AGE": 60}}
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
