"""Falls back to a literal, and refuses to serve with it."""

import os

from django.core.exceptions import ImproperlyConfigured

from .production import *

SECRET_KEY = os.environ.get("SHOP_KEY", "for-development-only")

if not DEBUG and SECRET_KEY == "for-development-only":
    raise ImproperlyConfigured("set SHOP_KEY")
