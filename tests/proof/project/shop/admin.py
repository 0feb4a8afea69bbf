"""Three sites over the same models: the desk loads what its change lists show, the counter offers no actions."""

from django.contrib import admin
from django.db.models import Count

from shop.models import Author, Award, Book, Customer, Order, OrderLine, Review, Tag

desk = admin.AdminSite(name="desk")
counter = admin.AdminSite(name="counter")


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name", "country"]  # case: admin-callable

    def country(self, author):
        return author.publisher.country.name


@admin.register(Author, site=desk)
class AuthorDeskAdmin(admin.ModelAdmin):
    list_display = ["name", "country"]  # case: admin-callable-joined
    list_select_related = ["publisher__country"]

    def country(self, author):
        return author.publisher.country.name


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "translator"]  # case: admin-nullable-key


@admin.register(Book, site=desk)
class BookDeskAdmin(admin.ModelAdmin):
    list_display = ["title", "author"]  # case: admin-key


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["__str__"]  # case: admin-text


@admin.register(Order, site=desk)
class OrderDeskAdmin(admin.ModelAdmin):
    list_display = ["__str__"]  # case: admin-text-joined
    list_select_related = ["customer"]


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ["name", "order_total"]  # case: admin-count

    @admin.display(description="orders")
    def order_total(self, customer):
        return customer.orders.count()


@admin.register(Customer, site=desk)
class CustomerDeskAdmin(admin.ModelAdmin):
    list_display = ["name", "order_total"]  # case: admin-count-annotated

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(order_total=Count("orders"))

    @admin.display(description="orders")
    def order_total(self, customer):
        return customer.order_total


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "shelf_label"]  # case: admin-method


@admin.register(Tag, site=desk)
class TagDeskAdmin(admin.ModelAdmin):
    list_display = ["name", "shelf_label"]  # case: admin-method-prefetched

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("books")


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    # Each row's checkbox is labelled with the row's text, which reads the customer.
    list_display = ["stars"]  # case: admin-checkbox


@admin.register(Review, site=counter)
class ReviewCounterAdmin(admin.ModelAdmin):
    list_display = ["stars"]  # case: admin-no-checkbox
    actions = None


@admin.register(Review, site=desk)
class ReviewDeskAdmin(admin.ModelAdmin):
    # `book` made Django call `select_related()`, which goes on to the author that `Book.__str__` reads.
    list_display = ["stars", "book"]  # case: admin-key-chain


@admin.register(OrderLine)
class OrderLineAdmin(admin.ModelAdmin):
    list_display = ["quantity", "price"]
    list_filter = ["book"]  # case: admin-filter


@admin.register(Award, site=desk)
class AwardDeskAdmin(admin.ModelAdmin):
    list_display = ["name", "writer"]  # case: admin-select-everything
    list_select_related = True

    def writer(self, award):
        return award.book.author.name
