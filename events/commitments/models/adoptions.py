"""认证采信: who recognises a certificate for what, in which region, by which document."""

import datetime

from django.db import models

from catalog.standing.spans import SPAN
from portal.core.accounts.roles import prefix_of
from portal.core.workflow.records import Identity, Version, VersionQuerySet

LOOK = {
    "upcoming": ("ending", "尚未开始"),
    "expired": ("expired", "已过期"),
    "running": ("listed", "现行"),
}


class Adoption(Identity):
    """One rule of recognition; a region's own rules are edited by its officers."""

    KIND = "adoption"
    SCOPE = "scope"

    scope = models.CharField("归口地区", max_length=6, blank=True, help_text="省级区划代码；全国性的留空。")

    class Meta:
        verbose_name = "认证采信"
        verbose_name_plural = "认证采信"


class AdoptionVersionQuerySet(VersionQuerySet):
    def within(self, division: str) -> "AdoptionVersionQuerySet":
        return self.filter(division__code__startswith=prefix_of(division))

    def newest_first(self) -> "AdoptionVersionQuerySet":
        return self.order_by("-from_on", "adoption_id")


class AdoptionVersion(Version):
    IDENTITY = "adoption"
    SEALED = (
        "adoption_id",
        "recognised_by",
        "recognised",
        "purpose",
        "division_id",
        "document_title",
        "document_number",
        "document_link",
        "from_on",
        "until_on",
        "source",
        *Version.SAID,
    )

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="versions", verbose_name="认证采信")
    recognised_by = models.CharField("采信方", max_length=120)
    recognised = models.CharField(
        "采信什么", max_length=200, help_text="例如：二星级及以上绿色建材产品认证证书。"
    )
    purpose = models.CharField("用于什么", max_length=300, help_text="例如：政府采购评审加分 3 分。")
    division = models.ForeignKey(
        "regions.Division", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用地区"
    )
    document_title = models.CharField("文件名称", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    document_link = models.URLField("文件地址", max_length=300, blank=True)
    from_on = models.DateField("起始日期", db_index=True)
    until_on = models.DateField("截止日期", null=True, blank=True)
    source = models.CharField("来源", max_length=300)

    objects = AdoptionVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "认证采信"
        verbose_name_plural = "认证采信"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("adoptionversion", "adoption"),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="adoption_dates_in_order",
                violation_error_message="截止日期早于起始日期。",
            ),
        ]

    def __str__(self):
        return f"{self.recognised_by}：{self.purpose}"

    def status_on(self, day: datetime.date) -> tuple[str, str]:
        """Code and word of the look; the last day is inclusive."""
        return LOOK[SPAN.of(self, day).code]
