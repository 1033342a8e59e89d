"""The filters of the list of activities, and of the reported figures."""

from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from catalog.campaigns.models import Campaign
from catalog.regions.filters import InRegion
from portal.core.pages.filters import YEARS, AnyOf, DeclaredFilters, Words

from .models import ActivityVersion, Indicator, ResultVersionQuerySet, When
from .models.activities import when_condition
from .periods import Period, period_words, read_code
from .results import Total, totals


def campaign_choices() -> list[tuple[str, str]]:
    return list(Campaign.objects.values_list("slug", "name"))


class Filters(DeclaredFilters):
    q = Words(label="搜索词")
    when = AnyOf(label="时间", choices=When.choices, condition=when_condition, is_whole=True)
    kind = AnyOf(label="类别", choices=ActivityVersion.Kind.choices)
    region = InRegion(label="地区", field_name="division", open_count=10)
    campaign = AnyOf(label="活动年度", choices=campaign_choices, field_name="campaign__slug", is_drawn=False)
    year = AnyOf(label="开始年份", choices=YEARS, field_name="first_on", lookup_expr="year", open_count=10)


class PeriodField(forms.CharField):
    def clean(self, value: Any) -> Period | None:
        try:
            return read_code(value) if value else None
        except ValueError:
            raise ValidationError("") from None


class DuringPeriod(django_filters.Filter):
    field_class = PeriodField

    def filter(self, rows: ResultVersionQuerySet, period: Period | None) -> ResultVersionQuerySet:
        return rows.filter(from_on=period[0], until_on=period[1]) if period else rows


class ResultFilters(DeclaredFilters):
    indicator = django_filters.ModelChoiceFilter(
        label="指标", queryset=Indicator.objects.all(), to_field_name="code"
    )
    period = DuringPeriod(label="期间")
    region = InRegion(label="地区", field_name="division")

    @cached_property
    def totals(self) -> list[Total]:
        return totals(self.qs)

    @property
    def total(self) -> int:
        return sum(one.rows for one in self.totals)

    def chip_words(self, name: str, value: str) -> str:
        return period_words(*self.cleaned[name]) if name == "period" else super().chip_words(name, value)
