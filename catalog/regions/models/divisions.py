"""Administrative divisions (GB/T 2260)."""

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
        return province_of(self.code)


def province_of(code: str) -> str:
    """The code of the province-level unit in which a division lies: 350583 → 350000."""
    return f"{code[:2]}0000"
