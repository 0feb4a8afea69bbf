"""The cases: where each one is marked, how it is driven, whether its queries grow, what has to be said of it.

A marker is a comment `# case: NAME` on the line of the queryset. `drive` is a path of a view, or `module:function`.
"""

from dataclasses import dataclass

N_PLUS_ONE = "queries/n-plus-one"
IN_LOOP = "queries/query-in-loop"
DEFEATED = "queries/prefetch-defeated"
CODES = (N_PLUS_ONE, IN_LOOP, DEFEATED)

# The kinds of `queries/n-plus-one`: each has to be proved by at least one case.
VIAS = ("foreign-key", "related", "serializer-field", "serializer-method", "eager-loading-dropped", "template", "admin")
HIDDEN = ("method",)


@dataclass(frozen=True)
class Case:
    """One place to judge. Of `codes`, `via` and `relation`, any is right; no `via` or `relation` asks for none."""

    name: str
    file: str
    drive: str
    grows: bool
    codes: tuple = (N_PLUS_ONE,)
    via: tuple = ()
    relation: tuple = ()
    # A literal slice bounds the rows: a notice is true, a warning is not.
    bounded: bool = False
    # From this version on, Django behaves otherwise, and the case is left out.
    until: tuple = ()


CASES = []


def bad(name, file, drive, relation, *via, codes=(N_PLUS_ONE,), until=()):
    """Adds a case whose queries grow with the rows."""
    CASES.append(Case(name, f"shop/{file}.py", drive, True, codes, via, tuple(relation.split()), until=until))


def good(name, file, drive, bounded=False, until=()):
    """Adds a case that looks like one whose queries grow, and whose queries do not."""
    CASES.append(Case(name, f"shop/{file}.py", drive, False, bounded=bounded, until=until))


def reports(module, rows):
    """Adds the cases of a module of functions: name, function, and for bad ones the relation and its ways."""
    for name, function, *expected in rows:
        drive = f"shop.reports.{module}:{function}"
        if expected:
            bad(name, f"reports/{module}", drive, *expected)
        else:
            good(name, f"reports/{module}", drive)


reports("keys", [
    ("book-author", "book_authors", "author", "foreign-key"),
    ("book-author-joined", "book_authors_joined"),
    ("book-author-id", "book_author_ids"),
    ("book-author-values", "book_author_rows"),
    ("book-author-annotated", "book_author_annotated"),
    ("book-author-loaded-later", "book_authors_loaded_later"),
    ("book-author-reset", "book_authors_reset", "author", "foreign-key"),
    ("book-author-branch", "book_authors_branch", "author", "foreign-key"),
    ("author-country", "author_countries", "publisher__country", "foreign-key"),
    ("author-country-joined", "author_countries_joined"),
    ("translator-bare-select", "translators", "translator", "foreign-key"),
    ("author-bare-select", "publishers_of_books"),
    ("book-sorted", "books_by_author", "author", "foreign-key", "method"),
    ("book-sorted-joined", "books_by_author_joined"),
    ("order-grouped", "orders_by_city", "customer customer__profile", "foreign-key", "method"),
    ("order-grouped-joined", "orders_by_city_joined"),
    ("author-assigned", "books_moved_to_first_author"),
    ("one-book", "one_book"),
])
good("book-author-few", "reports/keys", "shop.reports.keys:book_authors_few", bounded=True)

reports("managers", [
    ("book-reviews", "book_stars", "reviews", "related"),
    ("book-reviews-prefetched", "book_stars_prefetched"),
    ("reviewer", "reviewers", "reviews__customer", "related", "foreign-key"),
    ("reviewer-prefetched", "reviewers_prefetched"),
    ("tag-count", "tag_totals", "tags", "related"),
    ("tag-count-annotated", "tag_totals_annotated"),
    ("tag-count-prefetched", "tag_totals_prefetched"),
    ("book-award", "awarded", "award", "related", "foreign-key"),
    ("book-award-joined", "awarded_joined"),
    ("book-notes", "notes", "notes", "related"),
    ("book-notes-prefetched", "notes_prefetched"),
    ("best-reviews-counted-here", "best_reviews_counted_here"),
    ("reviews-beside", "best_reviews_beside", "reviews", "related"),
    ("reviews-apart", "best_reviews_apart"),
    ("reviews-in-batches", "stars_in_batches"),
    ("back-reference", "books_and_their_authors"),
])
bad("best-reviews", "reports/managers", "shop.reports.managers:best_reviews", "reviews", codes=(DEFEATED,))

reports("hidden", [
    ("author-house", "houses", "publisher", *HIDDEN, "foreign-key"),
    ("author-house-joined", "houses_joined"),
    ("author-signature", "signatures", "agent", "method", "foreign-key"),
    ("author-signature-joined", "signatures_joined"),
    ("order-total", "order_totals", "lines", "method", "related"),
    ("order-total-prefetched", "order_totals_prefetched"),
    ("tag-names", "book_tag_names", "tags", "method", "related"),
    ("tag-names-prefetched", "book_tag_names_prefetched"),
    ("review-text", "review_lines", "customer", "method", "foreign-key"),
    ("review-text-joined", "review_lines_joined"),
    ("book-text-in-print", "printed_books", "author", "method", "foreign-key"),
    ("book-text-with-people", "printed_books_with_people"),
    ("book-text-catalogue", "catalogue"),
    ("letter", "letters", "customer__profile", "method", "foreign-key"),
    ("letter-joined", "letters_joined"),
])
bad("order-selector", "selectors", "shop.reports.hidden:customers_of_orders", "customer", "foreign-key", "method")
good("order-selector-joined", "selectors", "shop.reports.hidden:customers_of_joined_orders")

reports("queries", [
    ("count-at-once", "books_of_each_author_at_once"),
    ("get-at-once", "translators_of_ids_at_once"),
    ("batches", "books_in_batches"),
    ("lazy-in-loop", "books_with_tags"),
    ("models-in-loop", "model_totals"),
    ("content-type", "content_types_of_books"),
    ("other-get", "look_alikes"),
    ("bulk", "missing_countries"),
])
bad("count-in-loop", "reports/queries", "shop.reports.queries:books_of_each_author", "", codes=(IN_LOOP,))
bad("get-in-loop", "reports/queries", "shop.reports.queries:translators_of_ids", "", codes=(IN_LOOP,))

bad("page-key", "views/pages", "/books/", "author", "template")
good("page-key-joined", "views/pages", "/books-joined/")
good("page-values", "views/pages", "/book-rows/")
good("page-comment", "views/pages", "/book-titles/")
bad("page-paginated", "views/pages", "/book-pages/", "author", "template")
good("page-paginated-joined", "views/pages", "/book-pages-joined/")
bad("page-dicts", "views/pages", "/orders/", "customer", "template")
good("page-dicts-joined", "views/pages", "/orders-joined/")
good("page-one-order", "views/pages", "/orders/1/")
bad("page-text", "views/pages", "/shelf/", "author", "template")
good("page-text-joined", "views/pages", "/shelf-joined/")
bad("page-regroup", "views/pages", "/cities/", "customer__profile", "template")
good("page-regroup-joined", "views/pages", "/cities-joined/")
bad("detail-children", "views/pages", "/tags/1/", "books__author", "template")
good("detail-children-prefetched", "views/pages", "/tags-joined/1/")
good("detail-one", "views/pages", "/authors/1/")
bad("list-include", "views/lists", "/reviewed/", "reviews", "template")
good("list-include-prefetched", "views/lists", "/reviewed-prefetched/")
bad("list-one-hop-short", "views/lists", "/reviewers/", "reviews__customer", "template")
good("list-prefetch-object", "views/lists", "/reviewers-prefetched/")
bad("list-count", "views/lists", "/tag-totals/", "tags", "template")
good("list-count-prefetched", "views/lists", "/tag-totals-prefetched/")
bad("list-with", "views/lists", "/houses/", "publisher__country", "template")
good("list-with-joined", "views/lists", "/houses-joined/")
bad("list-block", "views/lists", "/cells/", "translator", "template")
good("list-block-joined", "views/lists", "/cells-joined/")
bad("list-method", "views/lists", "/signatures/", "agent", "template")
good("list-method-joined", "views/lists", "/signatures-joined/")

bad("api-nested", "api/books", "/api/nested/", "author", "serializer-field")
good("api-nested-joined", "api/books", "/api/nested-joined/")
good("api-primary-key", "api/books", "/api/keys/")
good("api-retrieve", "api/books", "/api/retrieve/1/")
bad("api-source", "api/books", "/api/source/", "author__publisher", "serializer-field")
good("api-source-joined", "api/books", "/api/source-joined/")
bad("api-slug", "api/books", "/api/slug/", "author", "serializer-field")
good("api-slug-catalogue", "api/books", "/api/slug-catalogue/")
bad("api-string", "api/books", "/api/string/", "reviews__customer", "serializer-field")
good("api-string-prefetched", "api/books", "/api/string-prefetched/")
bad("api-all-fields", "api/books", "/api/all/", "tags", "serializer-field")
good("api-all-fields-prefetched", "api/books", "/api/all-prefetched/")
bad("api-many-keys", "api/books", "/api/many-keys/", "tags", "serializer-field")
good("api-many-keys-prefetched", "api/books", "/api/many-keys-prefetched/")
bad("api-method", "api/books", "/api/method/", "reviews", "serializer-method")
good("api-method-prefetched", "api/books", "/api/method-prefetched/")
bad("api-method-defeated", "api/books", "/api/method-defeated/", "reviews", "serializer-method",
    codes=(DEFEATED, N_PLUS_ONE))
bad("api-property", "api/books", "/api/property/", "reviews", "serializer-field", "serializer-method", *HIDDEN)
good("api-annotated", "api/books", "/api/annotated/")
bad("api-dropped", "api/books", "/api/dropped/", "author", "eager-loading-dropped")
good("api-kept", "api/books", "/api/kept/")
bad("api-action", "api/books", "/api/action/newest/", "author", "serializer-field", "eager-loading-dropped")
good("api-action-kept", "api/books", "/api/action-kept/newest/")
bad("api-joined-for-retrieve", "api/books", "/api/joined-for-retrieve/", "author", "serializer-field")
good("api-joined-for-list", "api/books", "/api/joined-for-list/")
good("api-light-list", "api/books", "/api/light-list/")
bad("api-function", "api/books", "/api/printed/", "author", "serializer-field")
good("api-function-joined", "api/books", "/api/printed-joined/")
good("api-function-one", "api/books", "/api/newest/")
bad("api-representation", "api/orders", "/api/cities/", "customer__profile", "serializer-method")
good("api-representation-joined", "api/orders", "/api/cities-joined/")
bad("api-depth", "api/orders", "/api/deep/", "customer", "serializer-field")
good("api-depth-joined", "api/orders", "/api/deep-joined/")
bad("api-one-hop-short", "api/orders", "/api/lines/", "lines__book", "serializer-field")
good("api-every-hop", "api/orders", "/api/lines-prefetched/")
bad("api-source-method", "api/orders", "/api/signatures/", "agent", "serializer-field", "serializer-method", *HIDDEN)
good("api-source-method-joined", "api/orders", "/api/signatures-joined/")

bad("admin-callable", "admin", "/admin/shop/author/", "publisher publisher__country", "admin")
good("admin-callable-joined", "admin", "/desk/shop/author/")
# Before Django 6.1, a key among the columns made the change list call `select_related()` without names: it follows the
# keys that are not nullable, at every hop. Since 6.1 the change list names its columns, nullable or not, one hop deep.
bad("admin-nullable-key", "admin", "/admin/shop/book/", "translator", "admin", until=(6, 1))
good("admin-key-chain", "admin", "/desk/shop/review/", until=(6, 1))
good("admin-key", "admin", "/desk/shop/book/")
bad("admin-text", "admin", "/admin/shop/order/", "customer", "admin")
good("admin-text-joined", "admin", "/desk/shop/order/")
bad("admin-count", "admin", "/admin/shop/customer/", "orders", "admin")
good("admin-count-annotated", "admin", "/desk/shop/customer/")
bad("admin-method", "admin", "/admin/shop/tag/", "books", "admin")
good("admin-method-prefetched", "admin", "/desk/shop/tag/")
bad("admin-filter", "admin", "/admin/shop/orderline/", "book__author author", "admin")
bad("admin-checkbox", "admin", "/admin/shop/review/", "customer", "admin")
good("admin-no-checkbox", "admin", "/counter/shop/review/")
good("admin-select-everything", "admin", "/desk/shop/award/")
