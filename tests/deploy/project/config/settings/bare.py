"""Most of the middleware is gone."""

import os

from .base import *

MIDDLEWARE = [name for name in MIDDLEWARE if "csrf" not in name]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
SECRET_KEY = os.environ["SECRET_KEY"]
DATABASES = {"default": {"ENGINE": "warehouse", "NAME": "shop", "CONN_MAX_AGE": 60}}
