"""The page of a province-level unit: whether it is a pilot, who is responsible, where to complain."""

from django.db import models

from portal.core.text.dates import PartialDate
from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .divisions import Division


class RegionPage(Identity):
    """One province-level unit; its code is its address and the front of every grant that reaches it."""

    KIND = "region"
    SCOPE = "division__code"

    division = models.OneToOneField(
        Division, models.PROTECT, primary_key=True, related_name="page", verbose_name="省级区划"
    )

    class Meta:
        verbose_name = "地区"
        verbose_name_plural = "地区"

    @property
    def scope_division(self) -> str:
        return self.division_id


class RegionVersionQuerySet(VersionQuerySet):
    def pilots(self) -> "RegionVersionQuerySet":
        return self.filter(approval_batch__isnull=False)


class RegionVersion(Version):
    """What is said of a region from one edition to another; dates are as exact as their source, never more."""

    IDENTITY = "page"
    SEALED = (
        "page_id",
        "approval_batch",
        "approval_year",
        "approval",
        "launched_on",
        "launched_precision",
        "launch_place",
        "summary",
        "plan_title",
        "plan_number",
        "plan_link",
        "responsible_unit",
        "responsible_phone",
        "complaint_channel",
        "complaint_phone",
        "complaint_link",
        "complaint_note",
        "checked_on",
        "source",
        *Version.SAID,
    )

    class Precision(models.TextChoices):
        DAY = "day", "日"
        MONTH = "month", "月"

    page = models.ForeignKey(RegionPage, models.PROTECT, related_name="versions", verbose_name="地区")
    approval_batch = models.PositiveSmallIntegerField(
        "试点批次", null=True, blank=True, help_text="不是试点地区的留空。"
    )
    approval_year = models.PositiveSmallIntegerField("批准年度", null=True, blank=True)
    approval = models.CharField("批准情况", max_length=100, blank=True)
    launched_on = models.DateField("启动日期", null=True, blank=True)
    launched_precision = models.CharField(
        "日期精度", max_length=5, choices=Precision, blank=True, help_text="只知道月份的，日期写该月1日。"
    )
    launch_place = models.CharField("启动地点", max_length=100, blank=True)
    summary = models.TextField("开展情况", max_length=1000, blank=True)
    plan_title = models.CharField("工作方案", max_length=200, blank=True)
    plan_number = models.CharField("方案文号", max_length=60, blank=True)
    plan_link = models.URLField("方案原文链接", max_length=300, blank=True)
    responsible_unit = models.CharField("责任单位", max_length=100, blank=True)
    responsible_phone = models.CharField("责任单位电话", max_length=40, blank=True)
    complaint_channel = models.CharField("投诉受理单位", max_length=100, blank=True)
    complaint_phone = models.CharField("投诉电话", max_length=40, blank=True)
    complaint_link = models.URLField("投诉网址", max_length=300, blank=True)
    complaint_note = models.CharField(
        "投诉说明", max_length=200, blank=True, help_text="受理时间、所需材料等。"
    )
    checked_on = models.DateField("核对日期", null=True, blank=True)
    source = models.CharField("出处", max_length=300)

    objects = RegionVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "地区页面"
        verbose_name_plural = "地区页面"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("regionversion", "page"),
            models.CheckConstraint(
                condition=models.Q(approval_batch__isnull=True, approval_year__isnull=True)
                | models.Q(approval_batch__isnull=False, approval_year__isnull=False),
                name="regionversion_approval_whole",
                violation_error_message="试点批次和批准年度须一同填写，或一同留空。",
            ),
            models.CheckConstraint(
                condition=models.Q(launched_on__isnull=True, launched_precision="")
                | (models.Q(launched_on__isnull=False) & ~models.Q(launched_precision="")),
                name="regionversion_launch_has_precision",
                violation_error_message="启动日期和日期精度须一同填写，或一同留空。",
            ),
        ]

    def __str__(self):
        return self.page.division.name

    @property
    def name(self) -> str:
        return self.page.division.name

    @property
    def is_pilot(self) -> bool:
        return self.approval_batch is not None

    @property
    def launched(self) -> PartialDate | None:
        """The day or the month of the launch, exactly as far as it is known."""
        if self.launched_on is None:
            return None
        day = self.launched_on.day if self.launched_precision == self.Precision.DAY else None
        return PartialDate(self.launched_on.year, self.launched_on.month, day)

    @property
    def has_complaint_channel(self) -> bool:
        """A unit and a way to reach it."""
        return bool(self.complaint_channel and (self.complaint_phone or self.complaint_link))
