from django.http import JsonResponse
from django.urls import path

from .models import Book


def health(request):
    titles = list(Book.objects.values_list("title", flat=True))
    return JsonResponse({"app": "django", "titles": titles})


urlpatterns = [path("health", health)]
