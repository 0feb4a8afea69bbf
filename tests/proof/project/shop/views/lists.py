"""List views."""

from django.db.models import Prefetch
from django.views.generic import ListView

from shop.models import Author, Book, Review


class ReviewedBooks(ListView):
    model = Book  # case: list-include
    template_name = "shop/reviewed_books.html"


class ReviewedBooksPrefetched(ListView):
    queryset = Book.objects.prefetch_related("reviews")  # case: list-include-prefetched
    template_name = "shop/reviewed_books.html"


class Reviewers(ListView):
    queryset = Book.objects.prefetch_related("reviews")  # case: list-one-hop-short
    context_object_name = "books"
    template_name = "shop/reviewers.html"


class ReviewersPrefetched(ListView):
    queryset = Book.objects.prefetch_related(  # case: list-prefetch-object
        Prefetch("reviews", queryset=Review.objects.select_related("customer"))
    )
    context_object_name = "books"
    template_name = "shop/reviewers.html"


class TagTotals(ListView):
    template_name = "shop/tag_totals.html"
    paginate_by = 50

    def get_queryset(self):
        return Book.objects.filter(is_in_print=True)  # case: list-count


class TagTotalsPrefetched(ListView):
    template_name = "shop/tag_totals.html"
    paginate_by = 50

    def get_queryset(self):
        return Book.objects.filter(is_in_print=True).prefetch_related("tags")  # case: list-count-prefetched


class AuthorHouses(ListView):
    model = Author
    context_object_name = "authors"
    template_name = "shop/author_houses.html"

    def get_queryset(self):
        return super().get_queryset().select_related("publisher")  # case: list-with


class AuthorHousesJoined(ListView):
    model = Author
    context_object_name = "authors"
    template_name = "shop/author_houses.html"

    def get_queryset(self):
        return super().get_queryset().select_related("publisher__country")  # case: list-with-joined


class BookCells(ListView):
    model = Book  # case: list-block
    context_object_name = "rows"
    template_name = "shop/book_cells.html"


class BookCellsJoined(ListView):
    queryset = Book.objects.select_related("translator")  # case: list-block-joined
    context_object_name = "rows"
    template_name = "shop/book_cells.html"


class Signatures(ListView):
    queryset = Author.objects.select_related("publisher")  # case: list-method
    template_name = "shop/signatures.html"


class SignaturesJoined(ListView):
    queryset = Author.objects.select_related("agent")  # case: list-method-joined
    template_name = "shop/signatures.html"
