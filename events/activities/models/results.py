"""Results: one figure a row, of one indicator, for one period, with who stated it and where."""

from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models

from events.activities.periods import period_code, period_words
from portal.core.accounts.roles import prefix_of
from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .activities import Activity

MOST_DECIMALS = 6


class Indicator(models.Model):
    """What is counted, and in which unit. Values are whole numbers of the smallest part: 万元 with 6 decimals is fen.

    A public figure rests on its indicator, so an indicator is never edited once a result names it.
    """

    code = models.SlugField("代码", max_length=30, unique=True)
    name = models.CharField("指标", max_length=40, unique=True)
    unit = models.CharField("单位", max_length=10)
    decimals = models.PositiveSmallIntegerField(
        "小数位", default=0, validators=[MaxValueValidator(MOST_DECIMALS)]
    )
    meaning = models.CharField("口径", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "成果指标"
        verbose_name_plural = "成果指标"
        ordering = ["position", "id"]

    def __str__(self):
        return f"{self.name}（{self.unit}）"

    def amount(self, value: int) -> str:
        """12345678 with 6 decimals is 「12.345678」; zeros at the end are left out."""
        number = Decimal(value).scaleb(-self.decimals)
        text = f"{number:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class Result(Identity):
    """What stays the same of a reported figure: its number, and the region whose officers report it."""

    KIND = "result"
    SCOPE = "scope"

    scope = models.CharField("归口地区", max_length=6, blank=True, help_text="省级区划代码；全国性成果留空。")

    class Meta:
        verbose_name = "成果"
        verbose_name_plural = "成果"


class ResultVersionQuerySet(VersionQuerySet):
    def within(self, division: str) -> Self:
        return self.filter(division__code__startswith=prefix_of(division))

    def newest_first(self) -> Self:
        return self.order_by("-until_on", "-from_on", "indicator__position", "-result_id")


class ResultVersion(Version):
    """One figure as it was stated. It may belong to an activity, to a region, to both or to the whole campaign."""

    IDENTITY = "result"
    SEALED = (
        "result_id",
        "indicator_id",
        "value",
        "is_at_least",
        "from_on",
        "until_on",
        "activity_id",
        "division_id",
        "stated_by",
        "stated_on",
        "source",
        "source_link",
        "note",
        *Version.SAID,
    )

    result = models.ForeignKey(Result, models.PROTECT, related_name="versions", verbose_name="成果")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="results", verbose_name="指标")
    value = models.BigIntegerField("数值")
    is_at_least = models.BooleanField("原文为「余」「以上」", default=False)
    from_on = models.DateField("期间开始")
    until_on = models.DateField("期间结束")
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动"
    )
    division = models.ForeignKey(
        "regions.Division", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="地区"
    )
    stated_by = models.CharField("由谁报告", max_length=120)
    stated_on = models.DateField("报告日期", null=True, blank=True)
    source = models.CharField("来源", max_length=300)
    source_link = models.URLField("来源地址", max_length=300, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    objects = ResultVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "成果"
        verbose_name_plural = "成果"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("resultversion", "result"),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")),
                name="result_period_in_order",
                violation_error_message="期间的结束早于开始。",
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=0),
                name="result_not_negative",
                violation_error_message="数值不能小于零。",
            ),
        ]

    def __str__(self):
        return f"{self.indicator.name} {self.amount} {self.indicator.unit}（{self.period}）"

    @property
    def amount(self) -> str:
        return self.indicator.amount(self.value) + ("余" if self.is_at_least else "")

    @property
    def period(self) -> str:
        return period_words(self.from_on, self.until_on)

    @property
    def period_code(self) -> str:
        return period_code(self.from_on, self.until_on)
