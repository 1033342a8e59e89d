"""What an inspection leaves behind: every try to reach the site, and the newest readings of all pages."""

import datetime

from django.db import models
from django.db.models import Avg, Count, Max, Q

from portal.core.audit.models import AppendOnly, AppendOnlyQuerySet
from portal.core.editions import clock


class ProbeQuerySet(AppendOnlyQuerySet):
    def between(self, first: datetime.date, last: datetime.date) -> "ProbeQuerySet":
        """Tries on the days in Shanghai from `first` to `last`, both inclusive."""
        start = clock.end_of(first - datetime.timedelta(days=1))
        return self.filter(at__gte=start, at__lt=clock.end_of(last))

    def figures(self) -> dict:
        """tries, failed, slowest and mean (milliseconds of those that came through)."""
        through = Q(fault="")
        return self.order_by().aggregate(
            tries=Count("pk"),
            failed=Count("pk", filter=~through),
            slowest=Max("milliseconds", filter=through),
            mean=Avg("milliseconds", filter=through),
        )


class Probe(AppendOnly):
    """One try to open an address from outside. `fault` is empty where it came through in time."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    url = models.CharField("地址", max_length=300)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    milliseconds = models.PositiveIntegerField("用时（毫秒）")
    fault = models.CharField("不通的原因", max_length=200, blank=True)

    objects = ProbeQuerySet.as_manager()

    class Meta:
        verbose_name = "网站自查"
        verbose_name_plural = "网站自查"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.url}"


class Reading(AppendOnly):
    """What one reading of the public pages found: `checks` as `portal.site.inspection.checks.Check` writes them."""

    at = models.DateTimeField("时间", auto_now_add=True)
    edition = models.PositiveIntegerField("版")
    pages = models.PositiveIntegerField("读了几页")
    checks = models.JSONField("各项")

    class Meta:
        verbose_name = "通读"
        verbose_name_plural = "通读"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}"
