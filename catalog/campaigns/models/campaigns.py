"""The yearly campaigns, and what is said of each of them."""

from typing import TypedDict

from django.db import models

from portal.core.workflow.records import Identity, Version


class Campaign(Identity):
    """One campaign; it may span years. Batches and activities are filed under one, by its dates."""

    KIND = "campaign"

    slug = models.SlugField("地址名", max_length=20, unique=True)
    name = models.CharField("名称", max_length=100)
    from_on = models.DateField("开始")
    until_on = models.DateField("结束")

    class Meta:
        verbose_name = "活动年度"
        verbose_name_plural = "活动年度"
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")), name="campaign_dates_in_order"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def key(self) -> str:
        return f"{self.KIND}/{self.slug}"

    @classmethod
    def of_year(cls, year: int) -> "Campaign | None":
        return cls.objects.filter(from_on__year__lte=year, until_on__year__gte=year).first()

    @property
    def basis(self) -> str:
        """The notice on which it rests, as far as its present page names one; one query."""
        current = CampaignVersion.objects.current().filter(campaign=self).first()
        return f"{current.basis_number}《{current.basis_title}》" if current else ""


class Deployment(TypedDict):
    """What one office set out at a meeting."""

    office: str
    points: list[str]


class CampaignVersion(Version):
    """What is said of a campaign from one edition to another, each part with its source."""

    IDENTITY = "campaign"
    SEALED = (
        "campaign_id",
        "name",
        "theme",
        "from_on",
        "until_on",
        "period",
        "basis_number",
        "basis_title",
        "reach",
        "is_nationwide",
        "work_plan",
        "work_plan_source",
        "meeting",
        "meeting_on",
        "meeting_place",
        "deployments",
        "meeting_source",
        "source",
        *Version.SAID,
    )

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="versions", verbose_name="活动年度")
    name = models.CharField("名称", max_length=100)
    theme = models.CharField("主题", max_length=100, blank=True)
    from_on = models.DateField("开始")
    until_on = models.DateField("结束")
    period = models.CharField("活动时间", max_length=100, help_text="照文件写，例如「2022年3月至12月」。")
    basis_number = models.CharField("依据文号", max_length=60)
    basis_title = models.CharField("依据文件", max_length=200)
    reach = models.CharField("开展范围", max_length=200, blank=True)
    is_nationwide = models.BooleanField("在全国开展，不再审批试点", default=False)
    work_plan = models.TextField("工作安排", max_length=3000, blank=True)
    work_plan_source = models.CharField("工作安排出处", max_length=300, blank=True)
    meeting = models.CharField("部署会议", max_length=100, blank=True)
    meeting_on = models.DateField("会议日期", null=True, blank=True)
    meeting_place = models.CharField("会议地点", max_length=100, blank=True)
    deployments = models.JSONField("各司局部署要点", default=list, blank=True)
    meeting_source = models.CharField("部署要点出处", max_length=300, blank=True)
    source = models.CharField("出处", max_length=300)

    class Meta(Version.Meta):
        verbose_name = "活动年度页面"
        verbose_name_plural = "活动年度页面"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("campaignversion", "campaign"),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")),
                name="campaignversion_dates_in_order",
                violation_error_message="结束日期早于开始日期。",
            ),
            models.CheckConstraint(
                condition=models.Q(work_plan="") | ~models.Q(work_plan_source=""),
                name="campaignversion_plan_has_source",
                violation_error_message="工作安排须写明出处。",
            ),
        ]

    def __str__(self):
        return self.name

    def covers(self, year: int) -> bool:
        return self.from_on.year <= year <= self.until_on.year
