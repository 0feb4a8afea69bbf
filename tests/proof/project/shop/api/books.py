"""Views of books; each pair differs in what its queryset loads."""

from django.db.models import Count
from rest_framework import mixins, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.response import Response

from shop.api import serializers
from shop.models import Book


class BookViewSet(viewsets.ModelViewSet):
    queryset = Book.objects.all()  # case: api-nested
    serializer_class = serializers.BookSerializer


class BookJoinedViewSet(viewsets.ModelViewSet):
    queryset = Book.objects.select_related("author")  # case: api-nested-joined
    serializer_class = serializers.BookSerializer


class BookKeyViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.all()  # case: api-primary-key
    serializer_class = serializers.BookKeySerializer


class BookDetailViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Book.objects.all()  # case: api-retrieve
    serializer_class = serializers.BookSerializer


class BookHouseViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.select_related("author")  # case: api-source
    serializer_class = serializers.BookHouseSerializer


class BookHouseJoinedViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.select_related("author__publisher")  # case: api-source-joined
    serializer_class = serializers.BookHouseSerializer


class BookSlugViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.all()  # case: api-slug
    serializer_class = serializers.BookSlugSerializer


class BookSlugCatalogueViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.catalogue.all()  # case: api-slug-catalogue
    serializer_class = serializers.BookSlugSerializer


class BookReviewsViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.prefetch_related("reviews")  # case: api-string
    serializer_class = serializers.BookReviewsSerializer


class BookReviewsPrefetchedViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.prefetch_related("reviews__customer")  # case: api-string-prefetched
    serializer_class = serializers.BookReviewsSerializer


class BookAllViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.all()  # case: api-all-fields
    serializer_class = serializers.BookAllSerializer


class BookAllPrefetchedViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.prefetch_related("tags")  # case: api-all-fields-prefetched
    serializer_class = serializers.BookAllSerializer


class BookTagsViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.select_related("author")  # case: api-many-keys
    serializer_class = serializers.BookTagsSerializer


class BookTagsPrefetchedViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.prefetch_related("tags")  # case: api-many-keys-prefetched
    serializer_class = serializers.BookTagsSerializer


class BookStarsViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.all()  # case: api-method
    serializer_class = serializers.BookStarsSerializer


class BookStarsPrefetchedViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.prefetch_related("reviews")  # case: api-method-prefetched
    serializer_class = serializers.BookStarsSerializer


class BookBestViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.prefetch_related("reviews")  # case: api-method-defeated
    serializer_class = serializers.BookBestSerializer


class BookReviewCountViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.all()  # case: api-property
    serializer_class = serializers.BookReviewCountSerializer


class BookReviewTotalViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.annotate(review_total=Count("reviews"))  # case: api-annotated
    serializer_class = serializers.BookReviewTotalSerializer


class BookDroppedViewSet(viewsets.ModelViewSet):
    queryset = Book.objects.select_related("author")
    serializer_class = serializers.BookSerializer

    def get_queryset(self):
        return Book.objects.filter(is_in_print=True)  # case: api-dropped


class BookKeptViewSet(viewsets.ModelViewSet):
    queryset = Book.objects.select_related("author")
    serializer_class = serializers.BookSerializer

    def get_queryset(self):
        return super().get_queryset().filter(is_in_print=True)  # case: api-kept


class BookActionViewSet(viewsets.GenericViewSet):
    queryset = Book.objects.select_related("author")
    serializer_class = serializers.BookSerializer

    @action(detail=False)
    def newest(self, request):
        books = Book.objects.order_by("-pk")  # case: api-action
        return Response(self.get_serializer(books, many=True).data)


class BookActionKeptViewSet(viewsets.GenericViewSet):
    queryset = Book.objects.select_related("author")
    serializer_class = serializers.BookSerializer

    @action(detail=False)
    def newest(self, request):
        books = self.get_queryset().order_by("-pk")  # case: api-action-kept
        return Response(self.get_serializer(books, many=True).data)


class BookPerActionViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = serializers.BookSerializer

    def get_queryset(self):
        books = Book.objects.filter(is_in_print=True)  # case: api-joined-for-retrieve
        if self.action == "retrieve":
            books = books.select_related("author")
        return books


class BookPerActionJoinedViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = serializers.BookSerializer

    def get_queryset(self):
        books = Book.objects.filter(is_in_print=True)  # case: api-joined-for-list
        if self.action == "list":
            books = books.select_related("author")
        return books


class BookLightListViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.all()  # case: api-light-list

    def get_serializer_class(self):
        if self.action == "list":
            return serializers.BookKeySerializer
        return serializers.BookSerializer


@api_view()
def printed_books(request):
    books = Book.objects.in_print()  # case: api-function
    return Response(serializers.BookSerializer(books, many=True).data)


@api_view()
def printed_books_joined(request):
    books = Book.objects.in_print().with_people()  # case: api-function-joined
    return Response(serializers.BookSerializer(books, many=True).data)


@api_view()
def newest_book(request):
    book = Book.objects.order_by("-pk").first()  # case: api-function-one
    return Response(serializers.BookSerializer(book).data)
