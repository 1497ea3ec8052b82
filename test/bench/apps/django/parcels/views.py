from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from .models import Parcel


class ParcelSerializer(ModelSerializer):
    class Meta:
        model = Parcel
        fields = ["code", "grams"]


class Parcels(ModelViewSet):
    queryset = Parcel.objects.order_by("code")
    serializer_class = ParcelSerializer
    filterset_fields = ["grams"]
