"""Loops that read a many-relation, a reverse one-to-one or a generic relation of each row."""

from django.db.models import Count, Prefetch

from shop.models import Author, Book, Review


def book_stars():
    stars = {}
    for book in Book.objects.order_by("title"):  # case: book-reviews
        stars[book.title] = [review.stars for review in book.reviews.all()]
    return stars


def book_stars_prefetched():
    stars = {}
    for book in Book.objects.prefetch_related("reviews"):  # case: book-reviews-prefetched
        reviews = book.reviews.all()
        stars[book.title] = [len(reviews), *(review.stars for review in reviews)]
    return stars


def reviewers():
    books = Book.objects.prefetch_related("reviews")  # case: reviewer
    return [review.customer.name for book in books for review in book.reviews.all()]


def reviewers_prefetched():
    reviews = Review.objects.select_related("customer")
    books = Book.objects.prefetch_related(Prefetch("reviews", queryset=reviews))  # case: reviewer-prefetched
    return [review.customer.name for book in books for review in book.reviews.all()]


def tag_totals():
    return {book.title: book.tags.count() for book in Book.objects.all()}  # case: tag-count


def tag_totals_annotated():
    books = Book.objects.annotate(tag_total=Count("tags"))  # case: tag-count-annotated
    return {book.title: book.tag_total for book in books}


def tag_totals_prefetched():
    books = Book.objects.prefetch_related("tags")  # case: tag-count-prefetched
    return {book.title: (book.tags.count(), book.tags.exists()) for book in books}


def awarded():
    return [book.title for book in Book.objects.all() if hasattr(book, "award")]  # case: book-award


def awarded_joined():
    books = Book.objects.select_related("award")  # case: book-award-joined
    return [book.title for book in books if hasattr(book, "award")]


def notes():
    return [note.text for book in Book.objects.all() for note in book.notes.all()]  # case: book-notes


def notes_prefetched():
    books = Book.objects.prefetch_related("notes")  # case: book-notes-prefetched
    return [note.text for book in books for note in book.notes.all()]


def best_reviews():
    books = Book.objects.prefetch_related("reviews")  # case: best-reviews
    return [book.reviews.filter(stars=5).count() for book in books]


def best_reviews_counted_here():
    books = Book.objects.prefetch_related("reviews")  # case: best-reviews-counted-here
    return [sum(review.stars == 5 for review in book.reviews.all()) for book in books]


def best_reviews_beside():
    best = Prefetch("reviews", queryset=Review.objects.filter(stars=5), to_attr="best")
    books = Book.objects.prefetch_related(best)  # case: reviews-beside
    return [len(book.reviews.all()) for book in books]


def best_reviews_apart():
    best = Prefetch("reviews", queryset=Review.objects.filter(stars=5), to_attr="best")
    books = Book.objects.prefetch_related(best)  # case: reviews-apart
    return [len(book.best) for book in books]


def stars_in_batches():
    books = Book.objects.prefetch_related("reviews")  # case: reviews-in-batches
    return [len(book.reviews.all()) for book in books.iterator(chunk_size=500)]


def books_and_their_authors():
    titles = []
    for author in Author.objects.prefetch_related("books"):  # case: back-reference
        titles += [f"{book.title}, {book.author.name}" for book in author.books.all()]
    return titles
