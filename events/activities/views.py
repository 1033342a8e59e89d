"""The activities as visitors read them: list, month, one activity, calendar files."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.models import EnterpriseLine
from portal.core.pages.cache import public_page
from portal.core.pages.calendar_files import MEDIA_TYPE
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt, read_at
from portal.core.pages.records import came_later, versions_until

from .entries import Entry, entries
from .ics import calendar_of, is_dated
from .listing import FILTERS, Filters
from .models import ActivityVersion, ActivityVersionQuerySet, ResultVersion
from .month import WEEKDAYS, Month, Neighbours, sheet_of
from .results import chosen_results, standing_results, totals


@require_safe
@public_page
def activity_list(request: HttpRequest) -> HttpResponse:
    query, reading = Query.of(request), read_at(request)
    filters = Filters.read(query, reading, more=("page",))
    rows = filters.rows().newest_first().with_places()
    page = page_of(query, rows.count())
    context = {
        "query": query,
        "reading": reading,
        "listing": filters.listing(request.path),
        "page": page,
        "entries": entries(rows[page.start : page.stop], reading.day),
        "ics_href": query.keep("q", *FILTERS).link(reverse("activities:ics_all")),
        "month_href": query.drop("page").link(reverse("activities:month")),
        "crumbs": [("活动日历", None)],
    }
    return render(request, "activities/activity_list.html", context)


@require_safe
@public_page
def month(request: HttpRequest) -> HttpResponse:
    query, reading = Query.of(request), read_at(request)
    filters = Filters.read(query, reading, more=("month",))
    shown = Month.asked(query, reading.day)
    activities = filters.rows().touching(shown.first_day, shown.last_day).soonest_first().with_places()
    context = {
        "query": query,
        "reading": reading,
        "sheet": sheet_of(shown, activities, reading.day),
        "weekdays": WEEKDAYS,
        "listing": filters.listing(request.path, of_month=True),
        "ics_href": query.keep("q", *FILTERS).link(reverse("activities:ics_all")),
        "list_href": query.drop("month").link(reverse("activities:list")),
        "neighbours": Neighbours.among(filters.rows(), shown),
        "present": Month.of(reading.day),
        "crumbs": [("活动日历", query.drop("month").link(reverse("activities:list"))), (str(shown), None)],
    }
    return render(request, "activities/month.html", context)


@require_safe
@public_page
def detail(request: HttpRequest, number: int) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    reading = read_at(request)
    versions = versions_until(ActivityVersion, number, reading, "division__parent__parent", "campaign")
    if not versions:
        return came_later(request, ActivityVersion, number, reading, what="活动")
    version = versions[0]
    crumbs = [
        ("活动日历", query.link(reverse("activities:list"))),
        (version.get_kind_display(), query.put(kind=version.kind).link(reverse("activities:list"))),
        (version.title, None),
    ]
    context = {
        "query": query,
        "reading": reading,
        "version": version,
        "versions": versions,
        "entry": Entry(version, version.when(reading.day)),
        "enterprises": with_pages(version.enterprises, reading),
        "results": standing_results(reading).filter(activity=number).newest_first().with_subjects(),
        "takes": [("加入日历", query.link(reverse("activities:ics", args=[number])))]
        if is_dated(version)
        else [],
        "crumbs": crumbs,
    }
    return render(request, "activities/activity_detail.html", context)


def with_pages(enterprises: list[dict], reading: ReadAt) -> list[tuple[str, str]]:
    """Names with the code of the enterprise's page, where it has one."""
    codes = {one["uscc"] for one in enterprises} - {""}
    known = EnterpriseLine.objects.filter(uscc__in=codes, from_edition__lte=reading.edition)
    public = set(known.values_list("uscc", flat=True)) if codes else set()
    return [(one["name"], one["uscc"] if one["uscc"] in public else "") for one in enterprises]


@require_safe
@public_page
def ics(request: HttpRequest, number: int) -> HttpResponse:
    """One activity. Where it was withdrawn or cancelled, calendars are told so."""
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    reading = read_at(request)
    visible = ActivityVersion.objects.visible(reading.edition, reading.day)
    version = for_calendar(visible.filter(activity=number)).first()
    if version is None:
        return came_later(request, ActivityVersion, number, reading, what="活动")
    return HttpResponse(calendar_of(version.title, [version]), content_type=MEDIA_TYPE)


@require_safe
@public_page
def ics_all(request: HttpRequest) -> HttpResponse:
    """All activities, or those of kinds, regions and years: what a calendar subscribes to."""
    query, reading = Query.of(request), read_at(request)
    filters = Filters.read(query, reading, with_withdrawn=True)
    chips = [chip.label for chip in filters.listing(request.path).chips]
    name = "·".join(["绿色建材下乡活动", *chips])
    return HttpResponse(calendar_of(name, for_calendar(filters.rows())), content_type=MEDIA_TYPE)


def for_calendar(rows: ActivityVersionQuerySet) -> ActivityVersionQuerySet:
    """With what a calendar file says of each: place, moment of publication, number of versions before it."""
    earlier = ActivityVersion.objects.filter(
        activity=OuterRef("activity"), from_edition__lt=OuterRef("from_edition")
    )
    revision = earlier.order_by().values("activity").annotate(n=Count("pk")).values("n")
    counted = rows.annotate(revision=Coalesce(Subquery(revision), 0))
    return counted.select_related("from_edition").with_places().soonest_first()


@require_safe
@public_page
def result_list(request: HttpRequest) -> HttpResponse:
    """Sums by indicator and period, and the rows that they are made of."""
    query = Query.of(request)
    query.refuse_unknown(single=("indicator", "period", "region", "page", *PARAMETERS))
    reading = read_at(request)
    rows = chosen_results(query, reading)
    page = page_of(query, rows.count())
    context = {
        "query": query,
        "reading": reading,
        "totals": totals(rows),
        "page": page,
        "results": rows.newest_first().with_subjects()[page.start : page.stop],
        "is_chosen": bool(query.drop("page", *PARAMETERS).pairs),
        "crumbs": [
            ("活动日历", query.keep(*PARAMETERS).link(reverse("activities:list"))),
            ("活动成果", None),
        ],
    }
    return render(request, "activities/result_list.html", context)


@require_safe
@public_page
def result_detail(request: HttpRequest, number: int) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    reading = read_at(request)
    versions = versions_until(ResultVersion, number, reading, "indicator", "division__parent__parent")
    if not versions:
        return came_later(request, ResultVersion, number, reading, what="成果")
    version = versions[0]
    held = ActivityVersion.objects.visible(reading.edition, reading.day).filter(activity=version.activity_id)
    context = {
        "query": query,
        "reading": reading,
        "version": version,
        "versions": versions,
        "held": held.first(),
        "takes": [],
        "crumbs": [
            ("活动日历", query.link(reverse("activities:list"))),
            ("活动成果", query.link(reverse("activities:results"))),
            (str(version), None),
        ],
    }
    return render(request, "activities/result_detail.html", context)
