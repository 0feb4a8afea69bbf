from django.db import models


class BookQuerySet(models.QuerySet):
    def in_print(self):
        return self.filter(is_in_print=True)

    def with_people(self):
        return self.select_related("author", "translator")


class CatalogueManager(models.Manager.from_queryset(BookQuerySet)):
    """The books as the catalogue shows them: never without their authors."""

    def get_queryset(self):
        return super().get_queryset().select_related("author")
