"""Mends half of what it takes over."""

from .careless import *

DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
