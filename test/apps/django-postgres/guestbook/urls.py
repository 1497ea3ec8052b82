from django.db import connection
from django.http import JsonResponse
from django.urls import path

from .models import Visit


def visit(request):
    Visit.objects.create(headers=dict(request.headers))
    visits = Visit.objects.filter(headers__has_key="Host").count()
    version = connection.pg_version // 10000
    return JsonResponse({"app": "django-postgres", "database": f"PostgreSQL {version}", "visits": visits})


urlpatterns = [path("visit", visit)]
