"""Loops that read a foreign key or a one-to-one of each row."""

from itertools import groupby

from django.db.models import F, prefetch_related_objects

from shop.models import Author, Book, Order


def book_authors():
    lines = []
    for book in Book.objects.all():  # case: book-author
        lines.append(f"{book.title}, {book.author.name}")
    return lines


def book_authors_joined():
    lines = []
    for book in Book.objects.select_related("author"):  # case: book-author-joined
        lines.append(f"{book.title}, {book.author.name}")
    return lines


def book_author_ids():
    return [(book.title, book.author_id) for book in Book.objects.all()]  # case: book-author-id


def book_author_rows():
    rows = Book.objects.values("title", "author__name")  # case: book-author-values
    return [(row["title"], row["author__name"]) for row in rows]


def book_author_annotated():
    books = Book.objects.annotate(author_name=F("author__name"))  # case: book-author-annotated
    return [(book.title, book.author_name) for book in books]


def book_authors_loaded_later():
    books = list(Book.objects.all())  # case: book-author-loaded-later
    prefetch_related_objects(books, "author")
    return [book.author.name for book in books]


def book_authors_few():
    return [book.author.name for book in Book.objects.all()[:2]]  # case: book-author-few


def book_authors_reset():
    books = Book.objects.select_related("author")
    books = books.select_related(None).order_by("title")  # case: book-author-reset
    return [book.author.name for book in books]


def book_authors_branch(alphabetical=True):
    books = Book.objects.select_related("author")
    if alphabetical:
        books = Book.objects.order_by("title")  # case: book-author-branch
    return [book.author.name for book in books]


def author_countries():
    authors = Author.objects.select_related("publisher")  # case: author-country
    return [author.publisher.country.name for author in authors]


def author_countries_joined():
    authors = Author.objects.select_related("publisher__country")  # case: author-country-joined
    return [author.publisher.country.name for author in authors]


def translators():
    names = set()
    for book in Book.objects.select_related():  # case: translator-bare-select
        if book.translator:
            names.add(book.translator.name)
    return sorted(names)


def publishers_of_books():
    names = set()
    for book in Book.objects.select_related():  # case: author-bare-select
        names.add(book.author.publisher.name)
    return sorted(names)


def books_by_author():
    books = Book.objects.all()  # case: book-sorted
    return [book.title for book in sorted(books, key=lambda book: book.author.name)]


def books_by_author_joined():
    books = Book.objects.select_related("author")  # case: book-sorted-joined
    return [book.title for book in sorted(books, key=lambda book: book.author.name)]


def orders_by_city():
    orders = Order.objects.order_by("customer__profile__city")  # case: order-grouped
    cities = groupby(orders, key=lambda order: order.customer.profile.city)
    return [(city, len(list(rows))) for city, rows in cities]


def orders_by_city_joined():
    orders = Order.objects.order_by("customer__profile__city")
    orders = orders.select_related("customer__profile")  # case: order-grouped-joined
    cities = groupby(orders, key=lambda order: order.customer.profile.city)
    return [(city, len(list(rows))) for city, rows in cities]


def books_moved_to_first_author():
    author = Author.objects.order_by("pk").first()
    books = list(Book.objects.all())  # case: author-assigned
    for book in books:
        book.author = author
    Book.objects.bulk_update(books, ["author"])
    return [book.author_id for book in books]


def one_book():
    book = Book.objects.get(pk=1)  # case: one-book
    return [book.author.name, book.author.publisher.name, book.reviews.count()]
