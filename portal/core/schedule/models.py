"""One row for each moment at which an act was due: that it is done once, and what it came to."""

import datetime

from django.db import models
from django.utils import timezone


class ScheduledRunQuerySet(models.QuerySet["ScheduledRun"]):
    def overdue(self, name: str, limit: datetime.datetime) -> "ScheduledRunQuerySet":
        """Ordered before `limit` and not through. Counted from the order: what is made up for after a week was not late
        when it was ordered.
        """
        open_states = (ScheduledRun.State.ORDERED, ScheduledRun.State.RUNNING)
        return self.filter(name=name, state__in=open_states, ordered_at__lt=limit)


class ScheduledRun(models.Model):
    class State(models.TextChoices):
        NOTED = "noted", "已排定"  # the act was seen for the first time: its first run is the next one
        ORDERED = "ordered", "等待办理"
        RUNNING = "running", "正在办理"
        GOOD = "good", "正常"
        FOUND = "found", "发现问题"
        FAILED = "failed", "没有办成"

    name = models.CharField("事项", max_length=40)
    due_at = models.DateTimeField("应办时间")
    state = models.CharField("结果", max_length=8, choices=State, default=State.ORDERED)
    ordered_at = models.DateTimeField("排定", default=timezone.now)
    began_at = models.DateTimeField("开始", null=True)
    ended_at = models.DateTimeField("结束", null=True)
    sentence = models.CharField("说明", max_length=500, blank=True)
    overdue_told = models.BooleanField("已提醒超时", default=False)

    objects = ScheduledRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "定时事项"
        ordering = ["-due_at", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="schedule_once_a_moment")]

    def __str__(self) -> str:
        return f"{self.name} {timezone.localtime(self.due_at):%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.ORDERED, self.State.RUNNING)
