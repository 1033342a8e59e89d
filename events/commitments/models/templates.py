"""The text that letters are signed under: numbered clauses, in versions that stay readable."""

from typing import TypedDict

from django.db import models

from portal.core.workflow.records import Identity, Version, VersionQuerySet


class Clause(TypedDict):
    title: str
    text: str


class ClauseTemplate(Identity):
    """One kind of letter; its wordings follow each other as versions."""

    KIND = "clause-template"

    class Meta:
        verbose_name = "承诺书文本"
        verbose_name_plural = "承诺书文本"


class TemplateVersionQuerySet(VersionQuerySet):
    def oldest_first(self) -> "TemplateVersionQuerySet":
        return self.order_by("from_edition_id")


class TemplateVersion(Version):
    """One wording. `ordinal` counts the wordings of a template and is part of the address of a comparison.

    `is_draft_text`: no source gives the text, so the portal says 示范文本 until the working group replaces it.
    """

    IDENTITY = "template"
    SEALED = (
        "template_id",
        "ordinal",
        "title",
        "is_draft_text",
        "preamble",
        "clauses",
        "closing",
        "effective_on",
        "source",
        *Version.SAID,
    )

    template = models.ForeignKey(
        ClauseTemplate, models.PROTECT, related_name="versions", verbose_name="承诺书文本"
    )
    ordinal = models.PositiveSmallIntegerField("文本序号", default=1, editable=False)
    title = models.CharField("名称", max_length=100)
    is_draft_text = models.BooleanField(
        "示范文本", default=True, help_text="没有公开来源的文字，页面注明「示范文本」。"
    )
    preamble = models.TextField("引言", blank=True, max_length=1000)
    clauses = models.JSONField("条款", default=list)
    closing = models.TextField("结语", blank=True, max_length=1000)
    effective_on = models.DateField("启用日期", null=True, blank=True)
    source = models.CharField("来源", max_length=300)

    objects = TemplateVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "承诺书文本"
        verbose_name_plural = "承诺书文本"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("templateversion", "template"),
        ]

    def __str__(self):
        return f"{self.title}（第{self.ordinal}稿）"
