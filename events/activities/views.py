"""The activities and their results as visitors read them: list, month, one activity, calendar files."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.urls import reverse

from catalog.publication.models import EnterpriseLine
from portal.core.pages.calendar_files import MEDIA_TYPE
from portal.core.pages.reading import PARAMETERS, ReadAt
from portal.core.pages.records import Crumb, Records

from .entries import Entry, entries
from .ics import calendar_of, is_dated
from .listing import Filters, ResultFilters
from .models import ActivityVersion, ActivityVersionQuerySet, ResultVersion
from .month import WEEKDAYS, Month, Neighbours, sheet_of

PLACE = "division__parent__parent"


class Activities(Records[ActivityVersion]):
    model, what, unit = ActivityVersion, "活动", "场"
    label, address, template = "活动日历", "activities:list", "activities/activity"
    filters = Filters
    listed_with, read_with = (PLACE,), (PLACE, "campaign")

    def shown(self, rows: QuerySet[ActivityVersion]) -> list[Entry]:
        return entries(rows, self.reading.day)

    def beside_list(self, filters: Filters, rows: list[Entry]) -> dict[str, Any]:
        return {
            "ics_href": self.ics_href,
            "month_href": self.query.drop("page").link(reverse("activities:month")),
        }

    @property
    def ics_href(self) -> str:
        return self.query.keep(*Filters.base_filters).link(reverse("activities:ics_all"))

    def month(self) -> HttpResponse:
        filters = self.chosen("month")
        shown = Month.asked(self.query, self.reading.day)
        list_href = self.query.drop("month").link(reverse("activities:list"))
        touching = filters.qs.touching(shown.first_day, shown.last_day).soonest_first()
        context = {
            "sheet": sheet_of(shown, touching, self.reading.day),
            "weekdays": WEEKDAYS,
            "listing": filters.around(self.request.path, without=["year"]),
            "ics_href": self.ics_href,
            "list_href": list_href,
            "neighbours": Neighbours.among(filters.qs, shown),
            "present": Month.of(self.reading.day),
            "crumbs": [(self.label, list_href), (str(shown), None)],
        }
        return self.answer("activities/month.html", context)

    def crumbs_of(self, version: ActivityVersion) -> list[Crumb]:
        kind_href = self.query.put(kind=version.kind).link(reverse(self.address))
        return [(self.label, self.list_href), (version.get_kind_display(), kind_href), (version.title, None)]

    def told(self, version: ActivityVersion, versions: list[ActivityVersion]) -> dict[str, Any]:
        ics_href = self.query.link(reverse("activities:ics", args=[version.activity_id]))
        results = Results(self.request, self.reading).rows()
        return {
            "entry": Entry(version, version.when(self.reading.day)),
            "enterprises": with_pages(version.enterprises, self.reading),
            "results": results.filter(activity=version.activity_id),
            "takes": [("加入日历", ics_href)] if is_dated(version) else [],
        }

    def ics(self, number: int) -> HttpResponse:
        """One activity. Where it was withdrawn or cancelled, calendars are told so."""
        self.query.refuse_unknown(single=PARAMETERS)
        version = for_calendar(self.visible().filter(activity=number)).first()
        if version is None:
            return self.came_later(number)
        return HttpResponse(calendar_of(version.title, [version]), content_type=MEDIA_TYPE)

    def ics_all(self) -> HttpResponse:
        """All activities, or those of kinds, regions and years: what a calendar subscribes to."""
        filters = Filters.read(self.query, self.visible(), self.reading, more=())
        chips = [chip.label for chip in filters.around(self.request.path).chips]
        name = "·".join(["绿色建材下乡活动", *chips])
        return HttpResponse(calendar_of(name, for_calendar(filters.qs)), content_type=MEDIA_TYPE)


def with_pages(enterprises: list[dict], reading: ReadAt) -> list[tuple[str, str]]:
    """Names with the code of the enterprise's page, where it has one."""
    codes = {one["uscc"] for one in enterprises} - {""}
    known = EnterpriseLine.objects.filter(uscc__in=codes, from_edition__lte=reading.edition)
    public = set(known.values_list("uscc", flat=True)) if codes else set()
    return [(one["name"], one["uscc"] if one["uscc"] in public else "") for one in enterprises]


def for_calendar(rows: Any) -> ActivityVersionQuerySet:
    """With what a calendar file says of each: place, moment of publication, number of versions before it."""
    earlier = ActivityVersion.objects.filter(
        activity=OuterRef("activity"), from_edition__lt=OuterRef("from_edition")
    )
    revision = earlier.order_by().values("activity").annotate(n=Count("pk")).values("n")
    counted = rows.annotate(revision=Coalesce(Subquery(revision), 0))
    return counted.select_related("from_edition").with_places().soonest_first()


class Results(Records[ResultVersion]):
    """Sums by indicator and period, and the rows that they are made of."""

    model, what, unit = ResultVersion, "成果", "行"
    label, address, template = "活动成果", "activities:results", "activities/result"
    trail = ((Activities.label, Activities.address),)
    filters = ResultFilters
    listed_with = read_with = ("indicator", PLACE)

    def told(self, version: ResultVersion, versions: list[ResultVersion]) -> dict[str, Any]:
        held = Activities(self.request, self.reading).visible().filter(activity=version.activity_id)
        return {"held": held.first()}
