"""The calendar of working days: Monday to Friday, and the days on which the State Council decides otherwise."""

from django.db import models


class CalendarDay(models.Model):
    """One day that is not as its weekday says: a holiday, or a weekend day that is worked."""

    day = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班", default=False, help_text="不勾选即放假。")
    reason = models.CharField("说明", max_length=60)
    source = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "放假与调休"
        verbose_name_plural = "放假与调休"
        ordering = ["-day"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="calendarday_says_why",
                violation_error_message="请写明是什么假日，或为哪个假日调休。",
            )
        ]

    def __str__(self):
        return f"{self.day} {'上班' if self.is_workday else '放假'}（{self.reason}）"
