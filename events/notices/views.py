"""The notice board: a list by column, and each notice with what was corrected in it."""

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.pages.cache import public_page
from portal.pages.listing import Facet, Listing, Option
from portal.pages.pagination import page_of
from portal.pages.parameters import BadParameter, Query
from portal.pages.reading import PARAMETERS, ReadAt, read_at

from .models import NoticeVersion, NoticeVersionQuerySet


@require_safe
@public_page
def notice_list(request: HttpRequest) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=("page", *PARAMETERS), several=("kind",))
    reading = read_at(request)
    standing = NoticeVersion.objects.visible(reading.edition, reading.day).standing()
    facet = kind_facet(query, standing)
    kinds = query.all("kind")
    page = page_of(query, sum(option.count for option in facet if not kinds or option.is_chosen))
    rows = (standing.filter(kind__in=kinds) if kinds else standing).newest_first()
    return render(
        request,
        "notices/notice_list.html",
        {
            "query": query,
            "reading": reading,
            "listing": Listing(query, request.path, facets=(facet,)),
            "page": page,
            "notices": rows[page.start : page.stop],
            "crumbs": [("通知公告", None)],
        },
    )


@require_safe
@public_page
def notice_detail(request: HttpRequest, number: int) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    reading = read_at(request)
    ever_public = NoticeVersion.objects.filter(notice_id=number).ever_visible(reading.today)
    version = (
        ever_public.visible(reading.edition, reading.day).select_related("from_edition", "replaces").first()
    )
    if version is None and not ever_public.exists():
        raise Http404
    context = {"query": query, "reading": reading, "cited_href": cited(request, reading)}
    if version is None:
        return render(request, "notices/notice_later.html", context)
    kind_href = query.keep(*PARAMETERS).put(kind=version.kind).link(reverse("notices:list"))
    return render(
        request,
        "notices/notice_detail.html",
        context
        | neighbours(version, reading)
        | {
            "version": version,
            "crumbs": [
                ("通知公告", query.link(reverse("notices:list"))),
                (version.get_kind_display(), kind_href),
                (str(version.dated), None),
            ],
        },
    )


def kind_facet(query: Query, versions: NoticeVersionQuerySet) -> Facet:
    """The columns of the board with their numbers; a column that does not exist is told."""
    chosen = query.all("kind")
    for value in chosen:
        if value not in NoticeVersion.Kind.values:
            raise BadParameter.one(query, "kind", value)
    counts = dict(versions.order_by().values_list("kind").annotate(Count("pk")))
    options = tuple(
        Option(str(value), str(label), counts.get(value, 0), value in chosen)
        for value, label in NoticeVersion.Kind.choices
    )
    return Facet("kind", "栏目", options)


def neighbours(version: NoticeVersion, reading: ReadAt) -> dict[str, NoticeVersion | None]:
    """The notices just before and after this one in the list's order."""
    standing = NoticeVersion.objects.visible(reading.edition, reading.day).standing()
    same_day = Q(dated_on=version.dated_on)
    earlier = Q(dated_on__lt=version.dated_on) | same_day & Q(notice_id__lt=version.notice_id)
    later = Q(dated_on__gt=version.dated_on) | same_day & Q(notice_id__gt=version.notice_id)
    return {
        "previous": standing.filter(earlier).newest_first().first(),
        "next": standing.filter(later).newest_first().reverse().first(),
    }


def cited(request: HttpRequest, reading: ReadAt) -> str:
    """The address that yields this very page for ever."""
    return Query().put(**reading.cited).link(request.path)
