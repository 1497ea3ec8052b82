from django.db import models


class Parcel(models.Model):
    code = models.CharField(max_length=40, unique=True)
    grams = models.PositiveIntegerField()
