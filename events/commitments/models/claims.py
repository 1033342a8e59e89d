"""What was said of an organisation: each claim with who said it, when, and where it was read."""

from django.db import models

from portal.core.text.dates import PartialDate
from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .stated import Precision


class Claim(Identity):
    KIND = "claim"

    class Meta:
        verbose_name = "机构陈述"
        verbose_name_plural = "机构陈述"


class ClaimVersionQuerySet(VersionQuerySet):
    def newest_first(self) -> "ClaimVersionQuerySet":
        return self.order_by("-stated_on", "claim_id")


class ClaimVersion(Version):
    """A sentence that held on a date, never without it. `figure` is its number as printed, where it has one."""

    IDENTITY = "claim"
    SEALED = (
        "claim_id",
        "organisation_id",
        "figure",
        "statement",
        "stated_on",
        "stated_precision",
        "stated_by",
        "source",
        "source_link",
        *Version.SAID,
    )

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="versions", verbose_name="机构陈述")
    organisation = models.ForeignKey(
        "campaigns.Organisation", models.PROTECT, related_name="+", verbose_name="机构"
    )
    figure = models.CharField("数字（照原文）", max_length=30, blank=True, help_text="例如：700余张。")
    statement = models.CharField("陈述", max_length=300)
    stated_on = models.DateField("陈述日期")
    stated_precision = models.CharField("日期的精度", max_length=5, choices=Precision)
    stated_by = models.CharField("由谁陈述", max_length=120, blank=True)
    source = models.CharField("来源", max_length=300)
    source_link = models.URLField("来源地址", max_length=300, blank=True)

    objects = ClaimVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "机构陈述"
        verbose_name_plural = "机构陈述"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("claimversion", "claim"),
        ]

    def __str__(self):
        return self.statement

    @property
    def stated(self) -> PartialDate:
        return PartialDate.of(self.stated_on, self.stated_precision)
