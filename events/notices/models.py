"""Notices: an identity row that carries the address, the versions that the public reads, and batches that need none."""

import datetime
from functools import cached_property

from django.conf import settings
from django.db import models

from catalog.standing.days import reaches
from portal.core.audit.models import AppendOnly
from portal.core.editions.protection_rule import Protection
from portal.core.files.shown import Attachment, Picture
from portal.core.text.dates import PartialDate
from portal.core.workflow.records import Identity, Version, VersionQuerySet

WEB = ("http", "https")


class Notice(Identity):
    """What stays the same of a notice whatever is corrected in it: its number, which is its address.

    `division` says whose staff may work on it: empty for the working group, a code for a pilot region.
    """

    KIND = "notice"
    SCOPE = "division"

    division = models.CharField("所属地区", max_length=6, blank=True, editable=False)

    class Meta:
        verbose_name = "通知公告"
        verbose_name_plural = "通知公告"


class NoticeVersionQuerySet(VersionQuerySet):
    def newest_first(self) -> "NoticeVersionQuerySet":
        return self.order_by("-dated_on", "-notice_id")


class NoticeVersion(Version):
    """What a notice says from one edition to another. Of reprinted documents `source` tells where they were read.

    `body` is sanitised prose. Pictures and attachments are values with digests (`portal.core.files.shown`): they are sealed
    with the rest. What a notice is about is named by public keys, so that a room above or beside may be meant.
    """

    IDENTITY = "notice"
    NAMES_FILES = ("pictures", "attachments")
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
        "open_until",
        "contact",
        "summary",
        "body",
        "source",
        "original_link",
        "pictures",
        "attachments",
        "batches",
        "regions",
        "enterprises",
        "activities",
        "pinned_until",
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
    kind = models.CharField("栏目", max_length=12, choices=Kind, blank=True)
    title = models.CharField("标题", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文机关", max_length=200, blank=True)
    dated_on = models.DateField("日期", null=True, blank=True)
    dated_precision = models.CharField("日期精度", max_length=5, choices=Precision, default=Precision.DAY)
    date_note = models.CharField("日期说明", max_length=100, blank=True)
    in_force = models.CharField("施行", max_length=60, blank=True)
    open_until = models.DateField("公示截止", null=True, blank=True)
    contact = models.CharField("反馈方式", max_length=200, blank=True)
    summary = models.CharField("摘要", max_length=400, blank=True)
    body = models.TextField("正文", blank=True)
    source = models.CharField("来源", max_length=300, blank=True)
    original_link = models.URLField("原文链接", max_length=300, blank=True)
    pictures = models.JSONField("图片", default=list, blank=True, editable=False)
    attachments = models.JSONField("附件", default=list, blank=True, editable=False)
    batches = models.JSONField("相关批次", default=list, blank=True)
    regions = models.JSONField("相关地区", default=list, blank=True)
    enterprises = models.JSONField("相关企业", default=list, blank=True)
    activities = models.JSONField("相关活动", default=list, blank=True)
    pinned_until = models.DateField("置顶至", null=True, blank=True)

    objects = NoticeVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "通知公告"
        verbose_name_plural = "通知公告"
        indexes = [models.Index(fields=["dated_on", "notice"], name="noticeversion_in_order")]
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("noticeversion", "notice"),
            models.CheckConstraint(
                condition=models.Q(from_edition__isnull=True)
                | (models.Q(dated_on__isnull=False) & ~models.Q(source="") & ~models.Q(kind="")),
                name="noticeversion_public_is_dated",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def dated(self) -> PartialDate | None:
        """The date exactly as far as it is known."""
        if self.dated_on is None:
            return None
        day = self.dated_on.day if self.dated_precision == self.Precision.DAY else None
        return PartialDate(self.dated_on.year, self.dated_on.month, day)

    @property
    def original_href(self) -> str:
        """The link to the original, if it leads to the web and nowhere else."""
        scheme, _, rest = self.original_link.partition("://")
        return self.original_link if scheme.lower() in WEB and rest else ""

    @cached_property
    def shown_pictures(self) -> list[Picture]:
        return [Picture.read(value) for value in self.pictures]

    @cached_property
    def shown_attachments(self) -> list[Attachment]:
        return [Attachment.read(value) for value in self.attachments]

    def is_open(self, on: datetime.date) -> bool:
        """Whether objections to a 公示 are still taken, the last day inclusive."""
        return reaches(self.open_until, on)

    def is_pinned(self, on: datetime.date) -> bool:
        return reaches(self.pinned_until, on)


class BatchWithoutNotice(AppendOnly):
    """Somebody decided, with a reason, that one phase of a batch needs no notice of its own."""

    class Phase(models.TextChoices):
        IN_NOTICE = "in_notice", "公示"
        PUBLISHED = "published", "公布"

    PROTECTION = Protection("notices_batchwithoutnotice")

    batch = models.ForeignKey("publication.Batch", models.PROTECT, related_name="+", verbose_name="批次")
    phase = models.CharField("阶段", max_length=10, choices=Phase)
    reason = models.CharField("理由", max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "不发公告的批次"
        verbose_name_plural = "不发公告的批次"
        constraints = [
            models.UniqueConstraint(fields=["batch", "phase"], name="batchwithoutnotice_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="batchwithoutnotice_says_why"),
        ]

    def __str__(self):
        return f"{self.batch_id} {self.get_phase_display()}"
