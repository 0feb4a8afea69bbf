"""What the shop writes to its customers."""


def greeting(order):
    return f"{salutation(order.customer)}, your order {order.reference} is on its way"


def salutation(customer):
    return f"Dear {customer.name} in {customer.profile.city}"
