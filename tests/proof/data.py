"""Fills the bookshop: `rows` rows of each kind, each with related objects of its own."""

from django.contrib.auth.models import User
from shop import models


def fill(rows):
    User.objects.create(username="owner", is_staff=True, is_superuser=True)
    shared = models.Tag.objects.create(name="everything")
    for number in range(rows):
        book = models.Book.objects.create(
            title=f"book {number}", author=author(f"author {number}"), translator=author(f"translator {number}")
        )
        book.tags.set([shared, *(models.Tag.objects.create(name=f"tag {number} {which}") for which in "ab")])
        book.notes.create(text=f"note {number}")
        if number % 2 == 0:
            models.Award.objects.create(name=f"award {number}", book=book)
        for which in "ab":
            reviewer = customer(f"reviewer {number} {which}")
            models.Review.objects.create(book=book, customer=reviewer, stars=5 if which == "a" else 3)
        order = models.Order.objects.create(customer=customer(f"customer {number}"), reference=f"order {number}")
        for quantity in (1, 2):
            models.OrderLine.objects.create(order=order, book=book, quantity=quantity)


def author(name):
    country = models.Country.objects.create(name=f"country of {name}")
    publisher = models.Publisher.objects.create(name=f"publisher of {name}", country=country)
    agent = models.Agent.objects.create(name=f"agent of {name}")
    return models.Author.objects.create(name=name, publisher=publisher, agent=agent)


def customer(name):
    buyer = models.Customer.objects.create(name=name)
    models.Profile.objects.create(customer=buyer, city=f"city of {name}")
    return buyer
