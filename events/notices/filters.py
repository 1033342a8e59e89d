"""The filters of the notice board: declared and cleaned here, found and counted by the index."""

import re
from functools import cached_property
from typing import Any

import django_filters
from django import forms

from catalog.publication.models import Batch
from catalog.regions.models import Division
from portal.core.pages.filters import AnyOf, DeclaredFilters
from portal.core.pages.pagination import Span
from portal.core.text.uscc import normalise

from .board import FACETS, Board, Question
from .models import NoticeVersion

USCC = re.compile(r"[0-9A-Z]{18}")
YEARS = [
    (str(year), f"{year}年") for year in range(2099, 1899, -1)
]  # documents may be older than the campaign


def province_choices() -> list[tuple[str, str]]:
    provinces = Division.objects.filter(level=Division.Level.PROVINCE).order_by("code")
    return list(provinces.values_list("code", "name"))


class UsccField(forms.RegexField):
    def __init__(self, **kwargs: Any):
        super().__init__(USCC, **kwargs)

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value) or "")


class OfEnterprise(django_filters.Filter):
    field_class = UsccField


class Filters(DeclaredFilters):
    q = django_filters.CharFilter(label="搜索")
    kind = AnyOf(label="栏目", choices=NoticeVersion.Kind.choices)
    year = AnyOf(label="年份", choices=YEARS, open_count=6)
    region = AnyOf(label="地区", choices=province_choices, open_count=6)
    batch = django_filters.ModelChoiceFilter(
        label="批次", queryset=Batch.objects.ever_public(), to_field_name="slug"
    )
    enterprise = OfEnterprise(label="企业")

    @property
    def words(self) -> str:
        return self.query.first("q")

    @cached_property
    def board(self) -> Board:
        chosen = {name: self.query.all(name) for name in (*FACETS, "batch")}
        chosen["enterprise"] = (self.cleaned["enterprise"],) if self.cleaned["enterprise"] else ()
        regions = [code for code, _name in self.form.fields["region"].choices]
        return Board(Question(self.reading.edition, self.reading.day, self.words, chosen, tuple(regions)))

    @property
    def total(self) -> int:
        return self.board.total

    def on(self, page: Span) -> list[NoticeVersion]:
        return self.board.between(page.start, page.stop)

    def counts(self, name: str) -> dict[str, int]:
        return self.board.counts(name)

    def chip_words(self, name: str, value: str) -> str:
        return (
            f"{self.filters[name].label}「{value}」" if name == "q" else f"{self.filters[name].label} {value}"
        )
