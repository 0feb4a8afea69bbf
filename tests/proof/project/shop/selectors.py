"""Querysets that several parts of the shop share."""

from shop.models import Order


def all_orders():
    return Order.objects.order_by("reference")  # case: order-selector


def orders_with_customers():
    return Order.objects.order_by("reference").select_related("customer")  # case: order-selector-joined
