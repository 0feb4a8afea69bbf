"""A module of the host has the last word."""

from .careless import *

try:
    from .host import *
except ImportError:
    pass
