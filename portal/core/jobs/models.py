"""The processes that do jobs. The jobs themselves lie in the table of django-tasks-db."""

import datetime

from django.db import models
from django.db.models.functions import Now

from .processes import is_gone

SILENT = datetime.timedelta(seconds=40)  # after which a worker on another machine counts as dead


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> "WorkerQuerySet":
        """Heard of a moment ago, by the clock of the database: those of two machines differ."""
        return self.filter(stopped_at=None, beat_at__gte=Now() - SILENT)


class Worker(models.Model):
    """One process that does jobs. It writes `beat_at` every ten seconds while it can."""

    id = models.CharField("编号", max_length=64, primary_key=True)
    process = models.CharField("进程", max_length=200)
    host = models.CharField("主机", max_length=100)
    started_at = models.DateTimeField("启动时间")
    beat_at = models.DateTimeField("最近心跳", db_index=True)
    stopped_at = models.DateTimeField("停止时间", null=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务进程"
        ordering = ["-beat_at"]

    def __str__(self) -> str:
        return f"{self.host} {self.id[:8]}"

    def is_dead(self, *, is_silent: bool) -> bool:
        """Whether it will do nothing more. On its own machine the process table knows; elsewhere its silence says it."""
        if self.stopped_at:
            return True
        gone = is_gone(self.process)
        return is_silent if gone is None else gone
