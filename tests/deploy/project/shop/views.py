from django.core.cache import cache
from django.core.mail import send_mail
from django.http import JsonResponse


def prices(request):
    return JsonResponse(cache.get_or_set("prices", dict, 60))


def thank(order):
    send_mail("Thank you", "Your order is on its way.", None, [order.email])
