from django.urls import path

from shop.views import lists, pages

urlpatterns = [
    path("books/", pages.book_table),
    path("books-joined/", pages.book_table_joined),
    path("book-rows/", pages.book_rows),
    path("book-titles/", pages.book_titles),
    path("book-pages/", pages.book_pages),
    path("book-pages-joined/", pages.book_pages_joined),
    path("orders/", pages.order_rows),
    path("orders-joined/", pages.order_rows_joined),
    path("orders/<int:pk>/", pages.one_order),
    path("shelf/", pages.Shelf.as_view()),
    path("shelf-joined/", pages.ShelfJoined.as_view()),
    path("cities/", pages.Cities.as_view()),
    path("cities-joined/", pages.CitiesJoined.as_view()),
    path("tags/<int:pk>/", pages.TagPage.as_view()),
    path("tags-joined/<int:pk>/", pages.TagPageJoined.as_view()),
    path("authors/<int:pk>/", pages.AuthorPage.as_view()),
    path("reviewed/", lists.ReviewedBooks.as_view()),
    path("reviewed-prefetched/", lists.ReviewedBooksPrefetched.as_view()),
    path("reviewers/", lists.Reviewers.as_view()),
    path("reviewers-prefetched/", lists.ReviewersPrefetched.as_view()),
    path("tag-totals/", lists.TagTotals.as_view()),
    path("tag-totals-prefetched/", lists.TagTotalsPrefetched.as_view()),
    path("houses/", lists.AuthorHouses.as_view()),
    path("houses-joined/", lists.AuthorHousesJoined.as_view()),
    path("cells/", lists.BookCells.as_view()),
    path("cells-joined/", lists.BookCellsJoined.as_view()),
    path("signatures/", lists.Signatures.as_view()),
    path("signatures-joined/", lists.SignaturesJoined.as_view()),
]
