"""Batches: what is compiled, frozen, approved by another person, shown for objection and published together."""

import datetime

from django.conf import settings
from django.db import models

from catalog.standing.days import reaches
from portal.core.audit.sources import source_words
from portal.core.editions import clock
from portal.core.editions.protection_rule import Protection

from .acts import Action, ReasonCode

NATIONAL = "national"


class BatchQuerySet(models.QuerySet):
    def public(self, edition: int) -> "BatchQuerySet":
        """Batches that a visitor of that edition can open: announced for objection, or published."""
        return self.filter(models.Q(edition__lte=edition) | models.Q(notice_edition__lte=edition))

    def ever_public(self) -> "BatchQuerySet":
        """At whatever edition: what a visitor may name."""
        return self.exclude(edition=None, notice_edition=None)

    def published(self, edition: int) -> "BatchQuerySet":
        return self.filter(edition__lte=edition)

    def frozen(self) -> "BatchQuerySet":
        """Those with lines. One that was cancelled before its notice keeps the digest of lines that are gone."""
        dropped = models.Q(state=Batch.State.CANCELLED, notice_edition__isnull=True)
        return self.exclude(digest="").exclude(dropped)

    def open(self) -> "BatchQuerySet":
        return self.exclude(state__in=[Batch.State.PUBLISHED, Batch.State.CANCELLED])

    def in_scope(self, user) -> "BatchQuerySet":
        scopes = user.scopes("batches.read")
        if scopes is None:
            return self
        return self.filter(publisher__in=[f"{code[:2]}0000" for code in scopes])


class Batch(models.Model):
    """One numbered publication of one publisher. `digest` names exactly what was frozen, approved and published."""

    class Kind(models.TextChoices):
        BATCH = "batch", "批次"
        ADJUSTMENT = "adjustment", "动态调整"
        ERRATUM = "erratum", "勘误"

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        SUBMITTED = "submitted", "待批准"
        APPROVED = "approved", "已批准"
        IN_NOTICE = "in_notice", "公示中"
        PUBLISHED = "published", "已公布"
        CANCELLED = "cancelled", "已取消"

    PROTECTION = Protection("publication_batch", public_column="edition_id")

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="batches", verbose_name="活动年度"
    )
    publisher = models.CharField("发布方", max_length=8, default=NATIONAL)
    kind = models.CharField("种类", max_length=10, choices=Kind, default=Kind.BATCH)
    year = models.PositiveSmallIntegerField("年度")
    ordinal = models.PositiveSmallIntegerField("序号")
    slug = models.CharField("批次编号", max_length=20, unique=True)
    title = models.CharField("标题", max_length=120)
    basis = models.CharField("依据", max_length=300, blank=True)
    notice_days = models.PositiveSmallIntegerField("公示天数", default=0)
    notice_waiver = models.CharField("不公示的书面依据", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT, editable=False)
    digest = models.CharField("批次摘要", max_length=64, blank=True, editable=False)
    notice_from = models.DateField("公示开始", null=True, blank=True, editable=False)
    notice_until = models.DateField("公示截止", null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="编制人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="提交人",
    )
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="批准人",
    )
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)
    notice_opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="开始公示人",
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="公布人",
    )
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="取消人",
    )
    cancelled_reason = models.CharField("取消理由", max_length=300, blank=True, editable=False)
    notice_edition = models.ForeignKey(
        "editions.Edition", models.PROTECT, null=True, related_name="+", editable=False, verbose_name="公示版"
    )
    cancelled_edition = models.ForeignKey(
        "editions.Edition", models.PROTECT, null=True, related_name="+", editable=False, verbose_name="取消版"
    )
    edition = models.OneToOneField(
        "editions.Edition",
        models.PROTECT,
        null=True,
        related_name="batch",
        editable=False,
        verbose_name="版次",
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "批次"
        verbose_name_plural = "批次"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publisher", "kind", "year", "ordinal"], name="batch_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["publisher", "kind"],
                condition=models.Q(state="draft"),
                name="batch_one_open_draft",
                violation_error_message="该发布方已有一个同类批次在编制中。",
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_by__isnull=True, submitted_at__isnull=True)
                | models.Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="batch_submission_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="batch_approval_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(state="published", edition__isnull=False, published_by__isnull=False)
                | (~models.Q(state="published") & models.Q(edition__isnull=True)),
                name="batch_published_has_edition",
            ),
            models.CheckConstraint(
                condition=models.Q(notice_until__isnull=True)
                | models.Q(notice_until__gte=models.F("notice_from")),
                name="batch_notice_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.title}（{self.slug}）"

    @property
    def scope_division(self) -> str:
        return "" if self.publisher == NATIONAL else self.publisher

    @property
    def is_open(self) -> bool:
        """As `BatchQuerySet.open`: not published, not given up."""
        return self.state not in {self.State.PUBLISHED, self.State.CANCELLED}

    def is_notice_over(self, on: datetime.date | None = None) -> bool:
        return not reaches(self.notice_until, on or clock.today())


class BatchEntry(models.Model):
    """What a draft batch wants to do to one working row; freezing turns entries into lines."""

    batch = models.ForeignKey(
        Batch, models.CASCADE, related_name="entries", db_index=False, verbose_name="批次"
    )
    publisher = models.CharField("发布方", max_length=8)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    certificate = models.ForeignKey(
        "products.Certificate", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    product = models.ForeignKey("products.Product", models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField("动作", max_length=8, choices=Action)
    reason_code = models.CharField("原因", max_length=24, choices=ReasonCode, blank=True)
    reason = models.CharField("原因说明", max_length=300, blank=True)
    fact_on = models.DateField("事实日期", null=True, blank=True)
    authority = models.CharField("认定机关", max_length=100, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    source = models.CharField("来源", max_length=60, blank=True, db_index=True)

    class Meta:
        verbose_name = "编制条目"
        verbose_name_plural = "编制条目"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False, certificate__isnull=True, product__isnull=True)
                | models.Q(enterprise__isnull=True, certificate__isnull=False, product__isnull=True)
                | models.Q(enterprise__isnull=True, certificate__isnull=True, product__isnull=False),
                name="entry_has_one_target",
            ),
            # What is looked for stands first: these are the indexes of the columns as well.
            models.UniqueConstraint(
                fields=["enterprise", "batch", "publisher"],
                condition=models.Q(enterprise__isnull=False),
                name="entry_enterprise_once",
            ),
            models.UniqueConstraint(
                fields=["certificate", "batch"],
                condition=models.Q(certificate__isnull=False),
                name="entry_certificate_once",
            ),
            models.UniqueConstraint(fields=["batch", "publisher", "product"], name="entry_product_once"),
            models.CheckConstraint(
                condition=~models.Q(action__in=["suspend", "remove", "correct"]) | ~models.Q(reason_code=""),
                name="entry_act_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.get_action_display()} {self.enterprise or self.certificate or self.product}"

    @property
    def origin(self) -> str:
        return source_words(self.source)


class SerialCounter(models.Model):
    """The last product serial given, in one locked row: numbers have no gaps to guess from and are never reused."""

    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "编号计数"
        verbose_name_plural = "编号计数"

    def __str__(self):
        return str(self.last)
