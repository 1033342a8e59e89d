"""The yearly reports as visitors read them: the list with who has handed in, each report, and its files."""

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse

from catalog.publication.models import NATIONAL
from catalog.regions.filters import PROVINCES
from portal.core.pages.feeds import MOST, SUMMARY, Told, feed_of, namespace, updated_at
from portal.core.pages.filters import YEARS, AnyOf, DeclaredFilters
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS
from portal.core.pages.records import Records

from .handing_in import places, published
from .models import NATIONWIDE, ReportVersion
from .shown import Shown


def of_place(place: str, _day: date) -> Q:
    return Q(report__scope="" if place == NATIONAL else place)


class ReportFilters(DeclaredFilters):
    year = AnyOf(label="年度", choices=YEARS, field_name="report__year")
    region = AnyOf(label="地区", choices=[(NATIONAL, NATIONWIDE), *PROVINCES], condition=of_place)


class Reports(Records[ReportVersion]):
    model, what, unit = ReportVersion, "年度报告", "份"
    label, address, template = "年度报告", "reports:list", "reports/report"
    filters = ReportFilters
    listed_with = read_with = ("report", "from_edition")

    # -- the list ----------------------------------------------------------------------------------------------
    def beside_list(self, filters: ReportFilters, rows: Any) -> dict[str, Any]:
        years = self.years
        year = max(map(int, filters.cleaned["year"]), default=years[0] if years else self.reading.day.year)
        found = places(self.reading, year, published(self.reading, year))
        expected = [one for one in found if one.is_expected]
        lacking = [one for one in expected if not one.is_handed_in]
        return {"year": year, "places": found, "expected": expected, "lacking": lacking}

    @cached_property
    def years(self) -> list[int]:
        """Of which something is public, newest first."""
        rows = self.rows().order_by("-report__year").values_list("report__year", flat=True)
        return list(rows.distinct())

    def feed(self) -> HttpResponse:
        self.query.refuse_unknown(single=PARAMETERS)
        space = namespace()
        rows = self.visible().select_related("report", "from_edition").order_by("-from_edition_id")[:MOST]
        return feed_of(
            self.request, self.reading, self.label, self.list_href, [told(space, one) for one in rows]
        )

    # -- one report --------------------------------------------------------------------------------------------
    def of_place(self, year: int, place: str) -> HttpResponse:
        return self.detail(self.number_of(year, place))

    def number_of(self, year: int, place: str) -> int:
        """Raises NeverPublic where nobody could ever read such a report: a draft is no business of a visitor."""
        scope = "" if place == NATIONAL else place
        known = ReportVersion.objects.filter(report__year=year, report__scope=scope)
        number = known.ever_visible(self.reading.today).values_list("report_id", flat=True).first()
        if number is None:
            named = dict(PROVINCES).get(place, NATIONWIDE if not scope else f"「{place}」")
            raise NeverPublic(f"没有公布过{named}{year}年的年度报告。")
        return number

    def told(self, version: ReportVersion, versions: list[ReportVersion]) -> dict[str, Any]:
        return {"shown": Shown(version), "others": self.others(version), "files": self.files_of(version)}

    def others(self, version: ReportVersion) -> list[ReportVersion]:
        """Of the year before and after, and of the campaign."""
        report = version.report
        near = Q(report__scope=report.scope, report__year__in=(report.year - 1, report.year + 1))
        whole = Q(report__scope="", report__year=report.year)
        rows = self.rows().filter(near | whole).exclude(report=report)
        return list(rows.order_by("report__year", "report__scope"))

    def files_of(self, version: ReportVersion) -> list[tuple[str, str]]:
        if not version.from_edition_id or version.read_from > self.reading.today:
            return []  # of a preview
        moment = Query().put(**version.cited)
        parts = [version.year, version.report.place]
        return [
            (label, moment.link(reverse("reports:file", args=[*parts, extension])))
            for label, extension in (("PDF（A4）", "pdf"), ("Excel", "xlsx"), ("CSV", "csv"))
        ]


def told(space: Any, version: ReportVersion) -> Told:
    """The newest version of a report as an entry; its name is the report's, for ever."""
    assert version.from_edition is not None  # noqa: S101 - only asked of public versions
    words = f"{version.unit}：{version.summary}" if not version.is_withdrawn else version.change_note
    one = Told.of(
        space, version.key, version.title, words[:SUMMARY], version.from_edition, version.report.href
    )
    return replace(one, updated=updated_at(version))  # a version may wait for its day
