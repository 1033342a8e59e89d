"""How exactly a date was stated: the choices of every precision column of this room."""

from django.db import models


class Precision(models.TextChoices):
    YEAR = "year", "年"
    MONTH = "month", "月"
    DAY = "day", "日"
