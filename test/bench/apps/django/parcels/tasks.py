from celery import shared_task
from structlog import get_logger

from .models import Parcel


@shared_task
def weigh(code, grams):
    """Notes what a scale has told."""
    Parcel.objects.filter(code=code).update(grams=grams)
    get_logger().info("weighed", code=code, grams=grams)
