from django.urls import include, path
from rest_framework.routers import SimpleRouter

from shop.api import books, orders

router = SimpleRouter()
router.register("nested", books.BookViewSet, basename="nested")
router.register("nested-joined", books.BookJoinedViewSet, basename="nested-joined")
router.register("keys", books.BookKeyViewSet, basename="keys")
router.register("retrieve", books.BookDetailViewSet, basename="retrieve")
router.register("source", books.BookHouseViewSet, basename="source")
router.register("source-joined", books.BookHouseJoinedViewSet, basename="source-joined")
router.register("slug", books.BookSlugViewSet, basename="slug")
router.register("slug-catalogue", books.BookSlugCatalogueViewSet, basename="slug-catalogue")
router.register("string", books.BookReviewsViewSet, basename="string")
router.register("string-prefetched", books.BookReviewsPrefetchedViewSet, basename="string-prefetched")
router.register("all", books.BookAllViewSet, basename="all")
router.register("all-prefetched", books.BookAllPrefetchedViewSet, basename="all-prefetched")
router.register("many-keys", books.BookTagsViewSet, basename="many-keys")
router.register("many-keys-prefetched", books.BookTagsPrefetchedViewSet, basename="many-keys-prefetched")
router.register("method", books.BookStarsViewSet, basename="method")
router.register("method-prefetched", books.BookStarsPrefetchedViewSet, basename="method-prefetched")
router.register("method-defeated", books.BookBestViewSet, basename="method-defeated")
router.register("property", books.BookReviewCountViewSet, basename="property")
router.register("annotated", books.BookReviewTotalViewSet, basename="annotated")
router.register("dropped", books.BookDroppedViewSet, basename="dropped")
router.register("kept", books.BookKeptViewSet, basename="kept")
router.register("action", books.BookActionViewSet, basename="action")
router.register("action-kept", books.BookActionKeptViewSet, basename="action-kept")
router.register("joined-for-retrieve", books.BookPerActionViewSet, basename="joined-for-retrieve")
router.register("joined-for-list", books.BookPerActionJoinedViewSet, basename="joined-for-list")
router.register("light-list", books.BookLightListViewSet, basename="light-list")

urlpatterns = [
    path("", include(router.urls)),
    path("printed/", books.printed_books),
    path("printed-joined/", books.printed_books_joined),
    path("newest/", books.newest_book),
    path("cities/", orders.OrderCities.as_view()),
    path("cities-joined/", orders.OrderCitiesJoined.as_view()),
    path("deep/", orders.DeepOrders.as_view()),
    path("deep-joined/", orders.DeepOrdersJoined.as_view()),
    path("lines/", orders.OrderLines.as_view()),
    path("lines-prefetched/", orders.OrderLinesPrefetched.as_view()),
    path("signatures/", orders.Signatures.as_view()),
    path("signatures-joined/", orders.SignaturesJoined.as_view()),
]
