"""Says nothing about security at all."""

from .base import *

SECRET_KEY = "w8k2d0v3z1p5u7x9r4t6ycw8k2d0v3z1p5u7x9r4t6yc-w8k2d0v3z1p5"
ALLOWED_HOSTS = ["shop.example"]
DATABASES = {"default": {"ENGINE": "warehouse", "NAME": "shop"}}
