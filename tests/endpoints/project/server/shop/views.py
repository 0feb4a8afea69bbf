from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_http_methods
from rest_framework import generics, mixins, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Customer, Line, Order
from .serializers import CustomerSerializer, LineSerializer, OrderSerializer


class Archivable:
    """What every archive of ours can do."""

    @action(detail=True, methods=["post"])
    def archive(self, request, pk=None):
        return Response({"archived": pk})


class OrderViewSet(Archivable, viewsets.ModelViewSet):
    queryset = Order.objects.order_by("pk")
    serializer_class = OrderSerializer

    @action(detail=False)
    def open(self, request):
        return Response({"open": self.get_queryset().count()})

    @action(detail=True, methods=["post"], url_path="close-now")
    def close(self, request, pk=None):
        return Response({"closed": pk})

    @action(detail=True)
    def note(self, request, pk=None):
        return Response({"note": ""})

    @note.mapping.delete
    def clear_note(self, request, pk=None):
        return Response({"note": None})

    @action(detail=False, url_path=r"by-state/(?P<state>[a-z]+)")
    def by_state(self, request, state=None):
        return Response({"state": state})


class CustomerViewSet(viewsets.ModelViewSet):
    queryset = Customer.objects.order_by("pk")
    serializer_class = CustomerSerializer
    http_method_names = ["get", "patch", "head", "options"]


class LineViewSet(mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet):
    queryset = Line.objects.order_by("pk")
    serializer_class = LineSerializer


class TagViewSet(viewsets.ViewSet):
    def list(self, request):
        return Response([])

    def retrieve(self, request, pk=None):
        return Response({"tag": pk})


class BasketViewSet(viewsets.ViewSet):
    def show(self, request):
        return Response({"basket": []})

    def fill(self, request):
        return Response({"basket": [1]})


class CustomerList(generics.ListCreateAPIView):
    queryset = Customer.objects.order_by("pk")
    serializer_class = CustomerSerializer


class CustomerDetail(generics.RetrieveUpdateDestroyAPIView):
    queryset = Customer.objects.order_by("pk")
    serializer_class = CustomerSerializer


class MeView(APIView):
    def get(self, request):
        return Response({"name": "me"})

    def put(self, request):
        return Response({"name": "me"})


class StockView(APIView):
    def get(self, request, sku=None):
        return Response({"sku": sku})


@api_view(["POST"])
def login(request):
    return Response({"token": "x"})


@api_view()
def totals(request):
    return Response({"total": 0})


@require_http_methods(["GET", "PUT"])
def preferences(request):
    return JsonResponse({"theme": "dark"})


@require_POST
def upload(request):
    return JsonResponse({"stored": True})


def health(request):
    return HttpResponse("ok")


def yearly_report(request, year):
    return JsonResponse({"year": year})


def search(request):
    return JsonResponse({"found": []})
