"""Published answers: a list by kind, and each answer with what was corrected in it."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from catalog.regions.filters import PROVINCES
from portal.core.accounts.roles import prefix_of
from portal.core.pages.filters import YEARS, AnyOf, DeclaredFilters
from portal.core.pages.records import Crumb, Records

from ..models import AnswerVersion, Kind
from ..office_names import OfficeNames


def in_region(region: str, _day: date) -> Q:
    return Q(place__startswith=prefix_of(region))


class AnswerFilters(DeclaredFilters):
    kind = AnyOf(label="种类", choices=Kind.choices, is_whole=True)
    region = AnyOf(label="地区", choices=PROVINCES, condition=in_region)
    year = AnyOf(label="答复年份", choices=YEARS, field_name="answered_on", lookup_expr="year")


class Answers(Records[AnswerVersion]):
    model, what, unit = AnswerVersion, "答复", "则"
    label, address, template = "公开答复", "enquiries:answers", "enquiries/answer"
    filters = AnswerFilters
    order = ("-answered_on", "-answer_id")
    read_with = ("replaces__from_edition",)

    def above(self) -> list[Crumb]:
        """The page of the enquiries is read as of now, and knows no other moment."""
        return [("咨询投诉", reverse("enquiries:list"))]

    def name_of(self, version: AnswerVersion) -> str:
        return f"第 {version.answer_id} 则"

    def told(self, version: AnswerVersion, versions: list[AnswerVersion]) -> dict[str, Any]:
        names = OfficeNames()
        return {"office": names.of(version), "place": names.place(version.place)}
