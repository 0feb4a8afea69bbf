"""A database server that needs no driver, as nothing connects to it."""

from django.db.backends.dummy.base import DatabaseWrapper as Dummy


class DatabaseWrapper(Dummy):
    vendor = "warehouse"
