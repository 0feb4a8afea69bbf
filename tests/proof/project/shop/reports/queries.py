"""Loops beside queries: some ask the database in each turn, most only look so."""

from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache

from shop.models import Author, Book, Country, Tag


def books_of_each_author():
    totals = {}
    for author in Author.objects.all():
        totals[author.name] = Book.objects.filter(author=author).count()  # case: count-in-loop
    return totals


def books_of_each_author_at_once():
    authors = {author.pk: author.name for author in Author.objects.all()}  # case: count-at-once
    totals = dict.fromkeys(authors.values(), 0)
    for author_id in Book.objects.values_list("author_id", flat=True):
        totals[authors.get(author_id)] += 1
    return totals


def translators_of_ids():
    names = []
    for author_id in Book.objects.values_list("translator_id", flat=True):
        names.append(Author.objects.get(pk=author_id).name)  # case: get-in-loop
    return names


def translators_of_ids_at_once():
    ids = Book.objects.values_list("translator_id", flat=True)  # case: get-at-once
    authors = Author.objects.in_bulk(ids)
    return [authors[author_id].name for author_id in ids]


def books_in_batches():
    ids = list(Book.objects.values_list("pk", flat=True))
    titles = []
    for start in range(0, len(ids), 500):
        batch = ids[start : start + 500]
        titles += Book.objects.filter(pk__in=batch).values_list("title", flat=True)  # case: batches
    return titles


def books_with_tags():
    books = Book.objects.none()
    for tag in Tag.objects.all():
        books = books | tag.books.all()  # case: lazy-in-loop
    return [book.title for book in books.distinct()]


def model_totals():
    totals = {}
    for model in apps.get_app_config("shop").get_models():
        totals[model.__name__] = model._default_manager.filter(pk=1).count()  # case: models-in-loop
    return totals


def content_types_of_books():
    return [ContentType.objects.get_for_model(book).pk for book in Book.objects.all()]  # case: content-type


def look_alikes():
    seen, found = set(), {}
    for book in Book.objects.all():  # case: other-get
        seen.add(book.title)
        found[book.title] = (cache.get(f"book:{book.pk}"), Path(f"/covers/{book.pk}").exists())
    return [found.get(title) for title in sorted(seen)]


def missing_countries():
    known = set(Country.objects.values_list("name", flat=True))
    wanted = [Country(name=f"new {tag.name}") for tag in Tag.objects.all()]  # case: bulk
    Country.objects.bulk_create([country for country in wanted if country.name not in known])
    return len(wanted)
