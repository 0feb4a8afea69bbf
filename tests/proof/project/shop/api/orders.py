"""Generic views of orders and authors."""

from rest_framework import generics

from shop.api import serializers
from shop.models import Author, Order


class OrderCities(generics.ListAPIView):
    queryset = Order.objects.select_related("customer")  # case: api-representation
    serializer_class = serializers.OrderCitySerializer


class OrderCitiesJoined(generics.ListAPIView):
    queryset = Order.objects.select_related("customer__profile")  # case: api-representation-joined
    serializer_class = serializers.OrderCitySerializer


class DeepOrders(generics.ListCreateAPIView):
    queryset = Order.objects.all()  # case: api-depth
    serializer_class = serializers.OrderDeepSerializer


class DeepOrdersJoined(generics.ListCreateAPIView):
    queryset = Order.objects.select_related("customer")  # case: api-depth-joined
    serializer_class = serializers.OrderDeepSerializer


class OrderLines(generics.ListAPIView):
    serializer_class = serializers.OrderSerializer

    def get_queryset(self):
        return Order.objects.prefetch_related("lines")  # case: api-one-hop-short


class OrderLinesPrefetched(generics.ListAPIView):
    serializer_class = serializers.OrderSerializer

    def get_queryset(self):
        return Order.objects.prefetch_related("lines__book")  # case: api-every-hop


class Signatures(generics.ListAPIView):
    queryset = Author.objects.all()  # case: api-source-method
    serializer_class = serializers.AuthorSignatureSerializer


class SignaturesJoined(generics.ListAPIView):
    queryset = Author.objects.select_related("agent")  # case: api-source-method-joined
    serializer_class = serializers.AuthorSignatureSerializer
