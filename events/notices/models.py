"""Notices: an identity row that carries the address, and the versions that the public reads."""

from django.db import models

from portal.text.dates import PartialDate
from portal.workflow.records import Identity, Version, VersionQuerySet


class Notice(Identity):
    """What stays the same of a notice whatever is corrected in it: its number, which is its address."""

    KIND = "notice"

    class Meta:
        verbose_name = "通知公告"
        verbose_name_plural = "通知公告"


class NoticeVersionQuerySet(VersionQuerySet):
    def newest_first(self) -> "NoticeVersionQuerySet":
        return self.order_by("-dated_on", "-notice_id")


class NoticeVersion(Version):
    """What a notice says from one edition to another. Of reprinted documents `source` tells where they were read."""

    IDENTITY = "notice"
    SEALED = (
        "notice_id",
        "kind",
        "title",
        "document_number",
        "issuer",
        "dated_on",
        "dated_precision",
        "date_note",
        "in_force",
        "summary",
        "body",
        "source",
        "original_link",
        *Version.SAID,
    )

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", "通知公告"
        CONSULTATION = "consultation", "公示"
        NEWS = "news", "工作动态"
        POLICY = "policy", "政策文件"
        MEDIA = "media", "媒体报道"

    class Precision(models.TextChoices):
        DAY = "day", "日"
        MONTH = "month", "月"

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="versions", verbose_name="通知公告")
    kind = models.CharField("栏目", max_length=12, choices=Kind)
    title = models.CharField("标题", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文机关", max_length=200, blank=True)
    dated_on = models.DateField("日期", db_index=True)
    dated_precision = models.CharField("日期精度", max_length=5, choices=Precision, default=Precision.DAY)
    date_note = models.CharField("日期说明", max_length=100, blank=True)
    in_force = models.CharField("施行", max_length=60, blank=True)
    summary = models.CharField("摘要", max_length=400, blank=True)
    body = models.TextField("正文", blank=True)
    source = models.CharField("来源", max_length=300)
    original_link = models.URLField("原文链接", max_length=300, blank=True)

    objects = NoticeVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "通知公告版本"
        verbose_name_plural = "通知公告版本"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("noticeversion", "notice"),
        ]

    def __str__(self):
        return self.title

    @property
    def dated(self) -> PartialDate:
        """The date exactly as far as it is known."""
        day = self.dated_on.day if self.dated_precision == self.Precision.DAY else None
        return PartialDate(self.dated_on.year, self.dated_on.month, day)
