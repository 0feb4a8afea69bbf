from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import cached_property

from shop.managers import BookQuerySet, CatalogueManager


class Named(models.Model):
    name = models.CharField(max_length=80)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Country(Named):
    pass


class Publisher(Named):
    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="publishers")


class Agent(Named):
    pass


class Author(Named):
    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, related_name="authors")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="authors")

    @property
    def house(self):
        return self.publisher.name

    def signature(self):
        return f"{self.name}, represented by {self.agent.name}" if self.agent_id else self.name


class Tag(Named):
    def shelf_label(self):
        return f"{self.name}: " + ", ".join(book.title for book in self.books.all())


class Note(models.Model):
    text = models.CharField(max_length=80)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")


class Book(models.Model):
    title = models.CharField(max_length=80)
    is_in_print = models.BooleanField(default=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    translator = models.ForeignKey(Author, null=True, on_delete=models.SET_NULL, related_name="translations")
    tags = models.ManyToManyField(Tag, related_name="books")
    notes = GenericRelation(Note)

    objects = BookQuerySet.as_manager()
    catalogue = CatalogueManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.title} by {self.author.name}"

    @property
    def review_count(self):
        return self.reviews.count()

    @cached_property
    def tag_names(self):
        return [tag.name for tag in self.tags.all()]


class Award(Named):
    book = models.OneToOneField(Book, on_delete=models.CASCADE, related_name="award")


class Customer(Named):
    pass


class Profile(models.Model):
    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="profile")
    city = models.CharField(max_length=80)


class Review(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="reviews")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="reviews")
    stars = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.stars} stars from {self.customer.name}"


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    reference = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.reference} for {self.customer.name}"

    def total(self):
        return sum(line.quantity * line.price for line in self.lines.all())


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="order_lines")
    quantity = models.PositiveIntegerField(default=1)
    price = models.PositiveIntegerField(default=10)

    class Meta:
        ordering = ["pk"]
