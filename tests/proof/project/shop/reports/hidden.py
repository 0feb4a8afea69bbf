"""Loops whose query is in a property, a method, another function, or the caller."""

from shop.letters import greeting
from shop.models import Author, Book, Order, Review
from shop.selectors import all_orders, orders_with_customers


def houses():
    return [author.house for author in Author.objects.all()]  # case: author-house


def houses_joined():
    return [author.house for author in Author.objects.select_related("publisher")]  # case: author-house-joined


def signatures():
    lines = []
    for author in Author.objects.select_related("publisher"):  # case: author-signature
        lines.append(author.signature())
    return lines


def signatures_joined():
    lines = []
    for author in Author.objects.select_related("agent"):  # case: author-signature-joined
        lines.append(author.signature())
    return lines


def order_totals():
    return sum(order.total() for order in Order.objects.all())  # case: order-total


def order_totals_prefetched():
    return sum(order.total() for order in Order.objects.prefetch_related("lines"))  # case: order-total-prefetched


def book_tag_names():
    books = Book.objects.all()  # case: tag-names
    return [", ".join(book.tag_names) for book in books if book.tag_names]


def book_tag_names_prefetched():
    books = Book.objects.prefetch_related("tags")  # case: tag-names-prefetched
    return [", ".join(book.tag_names) for book in books if book.tag_names]


def review_lines():
    return [f"* {review}" for review in Review.objects.all()]  # case: review-text


def review_lines_joined():
    return [f"* {review}" for review in Review.objects.select_related("customer")]  # case: review-text-joined


def printed_books():
    return [str(book) for book in Book.objects.in_print()]  # case: book-text-in-print


def printed_books_with_people():
    return [str(book) for book in Book.objects.in_print().with_people()]  # case: book-text-with-people


def catalogue():
    return [str(book) for book in Book.catalogue.in_print()]  # case: book-text-catalogue


def letters():
    return [greeting(order) for order in Order.objects.select_related("customer")]  # case: letter


def letters_joined():
    orders = Order.objects.select_related("customer__profile")  # case: letter-joined
    return [greeting(order) for order in orders]


def customers_of_orders():
    return [order.customer.name for order in all_orders()]


def customers_of_joined_orders():
    return [order.customer.name for order in orders_with_customers()]
