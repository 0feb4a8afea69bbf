from rest_framework import serializers

from shop.models import Author, Book, Order, OrderLine, Tag


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ["id", "name"]


class BookSerializer(serializers.ModelSerializer):
    author = AuthorSerializer(read_only=True)

    class Meta:
        model = Book
        fields = ["id", "title", "author"]


class BookKeySerializer(serializers.ModelSerializer):
    """Keys are written as `author_id`, which costs nothing."""

    class Meta:
        model = Book
        fields = ["id", "title", "author", "translator"]


class BookHouseSerializer(serializers.ModelSerializer):
    house = serializers.CharField(source="author.publisher.name", read_only=True)

    class Meta:
        model = Book
        fields = ["id", "house"]


class BookSlugSerializer(serializers.ModelSerializer):
    author = serializers.SlugRelatedField(slug_field="name", read_only=True)

    class Meta:
        model = Book
        fields = ["id", "author"]


class BookReviewsSerializer(serializers.ModelSerializer):
    reviews = serializers.StringRelatedField(many=True)

    class Meta:
        model = Book
        fields = ["id", "reviews"]


class BookAllSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = "__all__"


class BookTagsSerializer(serializers.ModelSerializer):
    tags = serializers.PrimaryKeyRelatedField(many=True, queryset=Tag.objects.all())

    class Meta:
        model = Book
        fields = ["id", "tags"]


class BookStarsSerializer(serializers.ModelSerializer):
    stars = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["id", "stars"]

    def get_stars(self, book):
        return [review.stars for review in book.reviews.all()]


class BookBestSerializer(serializers.ModelSerializer):
    best = serializers.SerializerMethodField(method_name="count_best")

    class Meta:
        model = Book
        fields = ["id", "best"]

    def count_best(self, book):
        return book.reviews.filter(stars=5).count()


class BookReviewCountSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["id", "review_count"]


class BookReviewTotalSerializer(serializers.ModelSerializer):
    review_total = serializers.IntegerField(read_only=True)

    class Meta:
        model = Book
        fields = ["id", "review_total"]


class AuthorSignatureSerializer(serializers.ModelSerializer):
    written = serializers.CharField(source="signature", read_only=True)

    class Meta:
        model = Author
        fields = ["id", "written"]


class OrderCitySerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "reference"]

    def to_representation(self, instance):
        data = super().to_representation(instance)
        data["city"] = instance.customer.profile.city
        return data


class OrderDeepSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "customer"]
        depth = 1


class LineSerializer(serializers.ModelSerializer):
    title = serializers.ReadOnlyField(source="book.title")

    class Meta:
        model = OrderLine
        fields = ["quantity", "title"]


class OrderSerializer(serializers.ModelSerializer):
    lines = LineSerializer(many=True, read_only=True)

    class Meta:
        model = Order
        fields = ["id", "reference", "lines"]
