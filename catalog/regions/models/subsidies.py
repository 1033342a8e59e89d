"""Subsidy rules: where, for what, how much, from when until when, on what paper, and how to claim."""

import datetime

from django.db import models

from catalog.standing.spans import SUBSIDY
from portal.core.accounts.roles import covers
from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .divisions import Division, province_of

ALL_CATEGORIES = "全部品类"
LOOK = {
    "upcoming": ("approved", "未开始"),
    "expired": ("expired", "过期"),
    "ending": ("ending", "即将到期"),
    "running": ("listed", "现行"),
}


class SubsidyRuleQuerySet(models.QuerySet):
    def of_province(self, code: str) -> "SubsidyRuleQuerySet":
        """Rules of the province and of every division in it."""
        return self.filter(division__code__startswith=province_of(code)[:2])


class SubsidyRule(Identity):
    """A rule of one division, at whatever level it was made; another division is another rule."""

    KIND = "subsidy"
    SCOPE = "division__code"

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="subsidy_rules", verbose_name="适用地区"
    )

    objects = SubsidyRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "补贴规则"
        verbose_name_plural = "补贴规则"

    @property
    def scope_division(self) -> str:
        return self.division_id


class SubsidyQuerySet(VersionQuerySet):
    def of_province(self, code: str) -> "SubsidyQuerySet":
        """Rules of the province and of every division in it."""
        return self.filter(division_code__startswith=province_of(code)[:2])

    def newest_first(self) -> "SubsidyQuerySet":
        return self.order_by("-from_on", "-rule_id")


class SubsidyVersion(Version):
    """What a rule says from one edition to another. Money is whole fen for one unit; no sum where it is no sum of money."""

    IDENTITY = "rule"
    SEALED = (
        "rule_id",
        "division_code",
        "division_name",
        "title",
        "category_codes",
        "category_names",
        "amount_text",
        "amount_fen",
        "amount_unit",
        "from_on",
        "until_on",
        "document_title",
        "document_number",
        "document_link",
        "how_to_claim",
        "source",
        *Version.SAID,
    )

    rule = models.ForeignKey(SubsidyRule, models.PROTECT, related_name="versions", verbose_name="补贴规则")
    division_code = models.CharField("区划代码", max_length=6, editable=False, db_index=True)
    division_name = models.CharField("适用地区", max_length=80, editable=False)
    title = models.CharField("名称", max_length=100)
    category_codes = models.JSONField("品类", default=list, blank=True)
    category_names = models.JSONField("品类名称", default=list, blank=True, editable=False)
    amount_text = models.CharField(
        "补贴标准", max_length=200, help_text="照文件写，例如「每平方米 6 元，每户最多 1,200 元」。"
    )
    amount_fen = models.PositiveIntegerField("金额（分）", null=True, blank=True)
    amount_unit = models.CharField("计量单位", max_length=20, blank=True, help_text="例如平方米、樘、户。")
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True, help_text="文件没有写截止日期的留空。")
    document_title = models.CharField("依据文件", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    document_link = models.URLField("文件链接", max_length=300, blank=True)
    how_to_claim = models.TextField("办理方法", max_length=1000)
    source = models.CharField("出处", max_length=300, blank=True)

    objects = SubsidyQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "补贴规则"
        verbose_name_plural = "补贴规则"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("subsidyversion", "rule"),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="subsidyversion_dates_in_order",
                violation_error_message="截止日期早于开始日期。",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen__isnull=True) | ~models.Q(amount_unit=""),
                name="subsidyversion_amount_has_unit",
                violation_error_message="填了金额，就须填计量单位。",
            ),
        ]

    def __str__(self):
        return f"{self.division_name} {self.title}"

    @property
    def category_words(self) -> str:
        return "、".join(self.category_names) or ALL_CATEGORIES

    @property
    def place_words(self) -> str:
        """The division as a table of its province names it."""
        names = self.division_name.split(" ")
        return " ".join(names[1:]) or f"全{names[0][-1:]}"

    @property
    def amount_words(self) -> str:
        """6 元每平方米; the words of the document where it names no sum."""
        if self.amount_fen is None:
            return self.amount_text
        yuan, fen = divmod(self.amount_fen, 100)
        return f"{yuan:,}{f'.{fen:02}' if fen else ''} 元每{self.amount_unit}"

    @property
    def amount_note(self) -> str:
        """What the words of the document say beyond the sum."""
        plain = {self.amount_words, f"每{self.amount_unit}{self.amount_words.partition('每')[0]}".strip()}
        return (
            ""
            if self.amount_text.replace(" ", "") in {words.replace(" ", "") for words in plain}
            else self.amount_text
        )

    @property
    def province_code(self) -> str:
        return province_of(self.division_code)

    def holds_on(self, day: datetime.date) -> bool:
        """Whether one can claim on that day, the last day included."""
        return SUBSIDY.of(self, day).is_current

    def status_on(self, day: datetime.date) -> tuple[str, str]:
        """Code and word of a status of the look, for the day asked."""
        return LOOK[SUBSIDY.of(self, day).code]

    def is_for(self, codes: set[str]) -> bool:
        """Whether the rule is for a product of the kind and group in `codes`."""
        return not self.category_codes or not codes.isdisjoint(self.category_codes)

    def reaches(self, place: str) -> bool:
        """Whether somebody who lives in that division can claim: the rule's division is it or lies above it."""
        return covers(self.division_code, place)

    def lies_within(self, place: str) -> bool:
        """Whether the rule is for a part of that division only."""
        return not self.reaches(place) and covers(place, self.division_code)
