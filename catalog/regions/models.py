"""Administrative divisions (GB/T 2260) and the pilot regions among them."""

from django.db import models


class Division(models.Model):
    """A province, prefecture or county; `code` is its 6-digit GB/T 2260 code."""

    class Level(models.TextChoices):
        PROVINCE = "province", "省级"
        PREFECTURE = "prefecture", "地级"
        COUNTY = "county", "县级"

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=40)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )

    class Meta:
        verbose_name = "行政区划"
        verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self):
        return self.name

    @property
    def full_name(self) -> str:
        """From the province down; one query for each level that was not selected along. See also `naming`."""
        return f"{self.parent.full_name} {self.name}" if self.parent else self.name

    @property
    def province_code(self) -> str:
        return f"{self.code[:2]}0000"


class PilotRegion(models.Model):
    """A province that was approved as a pilot; dates are as exact as their source, never more."""

    class Precision(models.TextChoices):
        DAY = "day", "日"
        MONTH = "month", "月"

    division = models.OneToOneField(Division, models.PROTECT, related_name="pilot", verbose_name="省级区划")
    approval_batch = models.PositiveSmallIntegerField("试点批次")
    year = models.PositiveSmallIntegerField("批准年度")
    approval = models.CharField("批准情况", max_length=100)
    launched_on = models.DateField("启动日期", null=True, blank=True)
    launched_precision = models.CharField("日期精度", max_length=5, choices=Precision, blank=True)
    launch_place = models.CharField("启动地点", max_length=100, blank=True)
    source = models.CharField("出处", max_length=300)

    class Meta:
        verbose_name = "试点地区"
        verbose_name_plural = "试点地区"
        ordering = ["approval_batch", "division"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(launched_on__isnull=True) ^ ~models.Q(launched_precision=""),
                name="pilot_launch_has_precision",
            )
        ]

    def __str__(self):
        return self.division.name
