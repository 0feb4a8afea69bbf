"""Function views, template views and views of one object."""

from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.views.generic import DetailView, TemplateView

from shop.models import Author, Book, Order, Tag


def book_table(request):
    books = Book.objects.all()  # case: page-key
    return render(request, "shop/book_table.html", {"books": books})


def book_table_joined(request):
    books = Book.objects.select_related("author")  # case: page-key-joined
    return render(request, "shop/book_table.html", {"books": books})


def book_rows(request):
    books = Book.objects.values("title", author_name=F("author__name"))  # case: page-values
    return render(request, "shop/book_rows.html", {"books": books})


def book_titles(request):
    books = Book.objects.all()  # case: page-comment
    return render(request, "shop/book_titles.html", {"books": books})


def book_pages(request):
    pages = Paginator(Book.objects.order_by("title"), 50)  # case: page-paginated
    return render(request, "shop/book_pages.html", {"page": pages.get_page(request.GET.get("page"))})


def book_pages_joined(request):
    books = Book.objects.order_by("title").select_related("author")  # case: page-paginated-joined
    pages = Paginator(books, 50)
    return render(request, "shop/book_pages.html", {"page": pages.get_page(request.GET.get("page"))})


def order_rows(request):
    orders = Order.objects.all()  # case: page-dicts
    rows = [{"order": order, "number": number} for number, order in enumerate(orders, start=1)]
    return render(request, "shop/order_rows.html", {"rows": rows})


def order_rows_joined(request):
    orders = Order.objects.select_related("customer")  # case: page-dicts-joined
    rows = [{"order": order, "number": number} for number, order in enumerate(orders, start=1)]
    return render(request, "shop/order_rows.html", {"rows": rows})


def one_order(request, pk):
    order = get_object_or_404(Order, pk=pk)  # case: page-one-order
    return render(request, "shop/one_order.html", {"order": order})


class Shelf(TemplateView):
    template_name = "shop/shelf.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["books"] = Book.objects.filter(is_in_print=True)  # case: page-text
        return context


class ShelfJoined(TemplateView):
    template_name = "shop/shelf.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["books"] = Book.catalogue.filter(is_in_print=True)  # case: page-text-joined
        return context


class Cities(TemplateView):
    template_name = "shop/cities.html"

    def get_context_data(self, **kwargs):
        orders = Order.objects.select_related("customer")  # case: page-regroup
        return super().get_context_data(orders=orders, **kwargs)


class CitiesJoined(TemplateView):
    template_name = "shop/cities.html"

    def get_context_data(self, **kwargs):
        orders = Order.objects.select_related("customer__profile")  # case: page-regroup-joined
        return super().get_context_data(orders=orders, **kwargs)


class TagPage(DetailView):
    model = Tag  # case: detail-children
    template_name = "shop/tag.html"


class TagPageJoined(DetailView):
    queryset = Tag.objects.prefetch_related("books__author")  # case: detail-children-prefetched
    template_name = "shop/tag.html"


class AuthorPage(DetailView):
    model = Author  # case: detail-one
    template_name = "shop/author.html"
