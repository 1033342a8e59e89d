"""The yearly reports: one record a year and region, and one a year for the whole campaign."""

import datetime
from functools import cached_property
from typing import Self

from django.db import models
from django.urls import reverse

from catalog.publication.models import NATIONAL
from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .counted import Column, Line

NATIONWIDE = "全国"
FIRST_YEAR = 2022  # of the campaign
LONG, LONGER = 3000, 6000


class Report(Identity):
    """What stays the same of a report: its year, and the region that it is of; without one it is of the campaign."""

    KIND = "report"
    SCOPE = "scope"

    year = models.PositiveSmallIntegerField("年度")
    scope = models.CharField("地区", max_length=6, blank=True)

    class Meta:
        verbose_name = "年度报告"
        verbose_name_plural = "年度报告"
        constraints = [models.UniqueConstraint(fields=["year", "scope"], name="report_once_a_year")]

    @property
    def key(self) -> str:
        """Year and place stand in it: a seal is over them, too."""
        return f"{self.KIND}/{self.year}/{self.place}"

    @property
    def place(self) -> str:
        """As addresses have it: `national`, or the code of a province."""
        return self.scope or NATIONAL

    @property
    def href(self) -> str:
        return reverse("reports:detail", args=[self.year, self.place])


class ReportVersionQuerySet(VersionQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-report__year", "report__scope")

    def of(self, year: int) -> Self:
        return self.filter(report__year=year)


class ReportVersion(Version):
    """One wording of a report, with the figures that were counted for it.

    `lines` and `regions` are what `counted` reads: never written in a form, counted anew by a step of its own, and under the
    seal. `counted_edition` and `counted_on` say when.
    """

    IDENTITY = "report"
    EDIT, REVIEW = "reports.edit", "reports.review"
    SEALED = (
        "report_id",
        "place_name",
        "unit",
        "summary",
        "work",
        "problems",
        "plans",
        "lines",
        "regions",
        "counted_edition",
        "counted_on",
        *Version.SAID,
    )

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions", verbose_name="年度报告")
    place_name = models.CharField("地区名称", max_length=40, editable=False)
    unit = models.CharField("报送单位", max_length=100, blank=True, help_text="写单位，不写个人。")
    summary = models.TextField("概述", max_length=LONG, blank=True)
    work = models.TextField("主要做法和成效", max_length=LONGER, blank=True)
    problems = models.TextField("问题和不足", max_length=LONG, blank=True)
    plans = models.TextField("下一年打算", max_length=LONG, blank=True)
    lines = models.JSONField("数字", default=list, editable=False)
    regions = models.JSONField("各地数字", default=list, editable=False)
    counted_edition = models.PositiveIntegerField("统计于第几版", default=0, editable=False)
    counted_on = models.DateField("统计日期", null=True, editable=False)

    objects = ReportVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "年度报告"
        verbose_name_plural = "年度报告"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("reportversion", "report"),
            models.CheckConstraint(
                condition=models.Q(from_edition__isnull=True)
                | (~models.Q(unit="") & ~models.Q(summary="") & models.Q(counted_on__isnull=False)),
                name="reportversion_public_is_whole",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def year(self) -> int:
        return self.report.year

    @property
    def title(self) -> str:
        place = self.place_name if self.report.scope else ""
        return f"{place}{self.year}年绿色建材下乡活动年度报告"

    @property
    def last_day(self) -> datetime.date | None:
        """Up to which day the year was counted."""
        return min(self.counted_on, datetime.date(self.year, 12, 31)) if self.counted_on else None

    @property
    def is_whole_year(self) -> bool:
        """Whether the year was over when it was counted."""
        return self.counted_on is not None and self.counted_on.year > self.year

    @cached_property
    def figures(self) -> list[Line]:
        return [Line.read(one) for one in self.lines]

    @cached_property
    def columns(self) -> list[Column]:
        return [Column.read(one) for one in self.regions]
