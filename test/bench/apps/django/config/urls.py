from django.http import JsonResponse
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from parcels.models import Parcel
from parcels.views import Parcels

GREETING = "parcels"


def health(request):
    return JsonResponse({"app": GREETING, "parcels": list(Parcel.objects.values_list("code", flat=True))})


router = DefaultRouter()
router.register("parcels", Parcels)

urlpatterns = [
    path("health", health),
    path("schema", SpectacularAPIView.as_view()),
    path("api/", include(router.urls)),
]
