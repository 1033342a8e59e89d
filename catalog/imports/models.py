"""Runs of the import, and what people said once about headings that no word list knows."""

from django.conf import settings
from django.db import models

from catalog.publication.models import NATIONAL

from .sources import source_of


class ImportRunQuerySet(models.QuerySet):
    def in_scope(self, user) -> "ImportRunQuerySet":
        """Runs for the publishers that `user` may work for."""
        scopes = user.scopes("imports.read")
        if scopes is None:
            return self
        return self.filter(publisher__in=[f"{code[:2]}0000" for code in scopes])

    def unfinished(self) -> "ImportRunQuerySet":
        """Runs of which a part lies in a draft: begun, and neither saved nor taken back whole."""
        whole = [ImportRun.State.SAVED, ImportRun.State.TAKEN_BACK]
        return self.filter(batch__isnull=False).exclude(state__in=whole)


class ImportRun(models.Model):
    """One file on its way into a draft batch. `report` is what the check found, as people are shown it.

    `done` counts the rows that were saved, or taken back, in the steps so far: none of them holds the database for long,
    and a job that was killed between two is taken up where it stood.
    """

    class Register(models.TextChoices):
        PRODUCTS = "products", "产品清单"
        ENTERPRISES = "enterprises", "企业名录"

    class Scope(models.TextChoices):
        ADDITIONS = "additions", "只有新增和变更"
        COMPLETE = "complete", "完整清单"

    class State(models.TextChoices):
        UPLOADED = "uploaded", "等待检查"
        CHECKING = "checking", "正在检查"
        CHECKED = "checked", "已检查"
        SAVING = "saving", "正在保存"
        SAVED = "saved", "已导入"
        REFUSED = "refused", "已拒绝"
        FAILED = "failed", "未完成"
        DISCARDED = "discarded", "已放弃"
        UNDOING = "undoing", "正在撤回"
        TAKEN_BACK = "taken_back", "已撤回"

    register = models.CharField("名册", max_length=12, choices=Register)
    publisher = models.CharField("发布方", max_length=8, default=NATIONAL)
    scope = models.CharField("范围", max_length=10, choices=Scope, default=Scope.ADDITIONS)
    is_valid_only = models.BooleanField("仅导入无误行", default=False)
    batch_slug = models.CharField("指定批次", max_length=20, blank=True)
    batch = models.ForeignKey(
        "publication.Batch", models.PROTECT, null=True, related_name="imports", verbose_name="批次"
    )
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", verbose_name="文件")
    marked = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="标注后的文件"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.UPLOADED, editable=False)
    progress = models.PositiveIntegerField("已检查行数", default=0, editable=False)
    total = models.PositiveIntegerField("文件行数", default=0, editable=False)  # of the sheets, for the bar
    done = models.PositiveIntegerField("已办行数", default=0, editable=False)
    report = models.JSONField("检查结果", default=dict, editable=False)
    answers = models.JSONField("对文件的决定", default=dict, editable=False)  # question -> what was chosen
    mended = models.JSONField(
        "就地改的格", default=dict, editable=False
    )  # address of a cell -> what it holds now
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = ImportRunQuerySet.as_manager()
    step_rows = (
        500  # of one transaction: some tenths of a second of the write lock; fewer where it took longer
    )

    class Meta:
        verbose_name = "导入"
        verbose_name_plural = "导入"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.get_register_display()}「{self.file.name}」"

    @property
    def scope_division(self) -> str:
        return "" if self.publisher == NATIONAL else self.publisher

    @property
    def source(self) -> str:
        return source_of(self.pk)

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.UPLOADED, self.State.CHECKING, *IN_STEPS)

    @property
    def is_unfinished(self) -> bool:
        """As `unfinished()` asks it of many."""
        return self.batch_id is not None and self.state not in (self.State.SAVED, self.State.TAKEN_BACK)


IN_STEPS = (ImportRun.State.SAVING, ImportRun.State.UNDOING)  # a job goes on with them, step by step


class HeadingChoice(models.Model):
    """What a heading means in the files of one publisher, said by hand once. An empty field: the column is not used."""

    publisher = models.CharField("发布方", max_length=8)
    register = models.CharField("名册", max_length=12, choices=ImportRun.Register)
    heading_key = models.CharField(max_length=100)
    heading = models.CharField("标题", max_length=100)
    field = models.CharField("对应内容", max_length=20, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="指定人"
    )
    chosen_at = models.DateTimeField("指定时间", auto_now=True)

    class Meta:
        verbose_name = "标题对应"
        verbose_name_plural = "标题对应"
        constraints = [
            models.UniqueConstraint(
                fields=["publisher", "register", "heading_key"], name="heading_choice_once"
            )
        ]

    def __str__(self):
        return self.heading
