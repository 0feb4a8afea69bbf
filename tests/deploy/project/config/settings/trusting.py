"""The environment decides; what it leaves open is wrong."""

import os

from .base import *

DEBUG = os.environ.get("SHOP_DEBUG", "True") == "True"
SECRET_KEY = os.environ.get("SECRET_KEY", "shop-secret")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "*").split(",")
if os.environ.get("DB_NAME"):
    DATABASES = {"default": {"ENGINE": "warehouse", "NAME": os.environ["DB_NAME"]}}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
