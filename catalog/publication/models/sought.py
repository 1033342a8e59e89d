"""Numbers that people look for in vain: the number, the day and how often; nothing of who asked."""

from django.db import models


class SoughtNumber(models.Model):
    """One number on one day. It is kept without its marks, and only where it cannot be a person's (`sought.countable`)."""

    number = models.CharField("编号（不计标点）", max_length=40)
    day = models.DateField("日期", db_index=True)
    count = models.PositiveIntegerField("次数", default=0)

    class Meta:
        verbose_name = "查不到的编号"
        verbose_name_plural = "查不到的编号"
        ordering = ["-day", "-count"]
        constraints = [models.UniqueConstraint(fields=["number", "day"], name="sought_number_once_a_day")]

    def __str__(self):
        return self.number
