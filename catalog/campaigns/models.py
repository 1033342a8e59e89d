"""The yearly campaigns, and the organisations that guide, host and publish in them: facts with a source."""

from django.db import models


class Organisation(models.Model):
    """A department, association or institution that has a role in a campaign."""

    name = models.CharField("名称", max_length=100, unique=True)
    short_name = models.CharField("简称", max_length=40, blank=True)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"

    def __str__(self):
        return self.name


class Campaign(models.Model):
    """One campaign; it may span years. Batches and activities belong to one."""

    slug = models.SlugField("地址名", max_length=20, unique=True)
    name = models.CharField("名称", max_length=100)
    theme = models.CharField("主题", max_length=100, blank=True)
    from_on = models.DateField("开始")
    until_on = models.DateField("结束")
    basis_number = models.CharField("依据文号", max_length=60)
    basis_title = models.CharField("依据文件", max_length=200)
    source = models.CharField("出处", max_length=300)

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

    @classmethod
    def of_year(cls, year: int) -> "Campaign | None":
        return cls.objects.filter(from_on__year__lte=year, until_on__year__gte=year).first()


class CampaignRole(models.Model):
    """What an organisation is in a campaign."""

    class Role(models.TextChoices):
        DEPARTMENT = "department", "指导部门"
        HOST = "host", "主办单位"
        SUPPORT = "support", "技术支持机构"
        PARTNER = "partner", "重点合作伙伴"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="roles", verbose_name="活动年度")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roles", verbose_name="机构")
    role = models.CharField("角色", max_length=12, choices=Role)
    position = models.PositiveSmallIntegerField("次序", default=0)
    source = models.CharField("出处", max_length=300)

    class Meta:
        verbose_name = "机构角色"
        verbose_name_plural = "机构角色"
        ordering = ["campaign", "role", "position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "organisation", "role"], name="role_once")]

    def __str__(self):
        return f"{self.organisation} {self.get_role_display()}"
