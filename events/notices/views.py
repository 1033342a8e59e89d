"""The notice board: a list by column, year and region, and each notice with what was corrected in it."""

import datetime
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.cache import public_page
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt, read_at

from .article import body_words, pieces
from .board import excerpts
from .filters import Filters
from .models import NoticeVersion
from .related import related_of


@require_safe
@public_page
def notice_list(request: HttpRequest) -> HttpResponse:
    filters, reading = Filters.read(Query.of(request)), read_at(request)
    board = filters.board(reading)
    page = page_of(filters.query, board.total)
    notices = board.page(page.number, page.size)
    return render(
        request,
        "notices/notice_list.html",
        {
            "query": filters.query,
            "reading": reading,
            "listing": filters.listing(request.path, board),
            "page": page,
            "rows": [row_of(version, filters.words, reading) for version in notices],
            "words": filters.words,
            "search_value": filters.words,
            "kinds": NoticeVersion.Kind.choices,
            "cited_href": cited(request, reading),
            "crumbs": [("通知公告", None)],
        },
    )


@dataclass(frozen=True)
class ListedNotice:
    """A notice in a list, with the words around what was searched for."""

    version: NoticeVersion
    excerpt: str
    is_pinned: bool
    is_open: bool


def row_of(version: NoticeVersion, words: str, reading: ReadAt) -> ListedNotice:
    texts = [version.summary, body_words(version)] if words else []
    excerpt = next(excerpts(words, texts), "") if words else ""
    return ListedNotice(version, excerpt, version.is_pinned(reading.day), version.is_open(reading.day))


@require_safe
@public_page
def notice_detail(request: HttpRequest, number: int) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    reading = read_at(request)
    ever_public = NoticeVersion.objects.filter(notice_id=number).ever_visible(reading.today)
    version = ever_public.visible(reading.edition, reading.day).select_related("from_edition").first()
    if version is not None:
        return render(request, "notices/notice_detail.html", detail_context(request, version, reading))
    if not ever_public.exists():
        raise Http404
    context = {"query": query, "reading": reading, "crumbs": [("通知公告", reverse("notices:list"))]}
    return render(request, "notices/notice_later.html", context)


def detail_context(request: HttpRequest, version: NoticeVersion, reading: ReadAt) -> dict:
    """What the page of one version shows; also of one that is not public yet, for the desk's preview."""
    query = Query.of(request)
    column = query.keep(*PARAMETERS).put(kind=version.kind or None)
    story = story_of(version, reading)
    return {
        "query": query,
        "reading": reading,
        "version": version,
        "pieces": pieces(version),
        "related": related_of(version, reading),
        "changes": story[:-1],
        "first": story[-1] if story else None,
        "is_open": version.is_open(reading.day),
        "cited_href": cited(request, reading),
        "crumbs": [
            ("通知公告", query.keep(*PARAMETERS).link(reverse("notices:list"))),
            (version.get_kind_display() or "未选栏目", column.link(reverse("notices:list"))),
            (str(version.dated or "未写日期"), None),
        ],
        **neighbours(version, reading),
    }


@dataclass(frozen=True)
class PastVersion:
    """A version, the day since when it is read, and where the one before it is read (empty for the first)."""

    version: NoticeVersion
    on: datetime.date
    before_href: str = ""


def story_of(version: NoticeVersion, reading: ReadAt) -> list[PastVersion]:
    """The first version and its corrections up to the withdrawal, as far as readers of this edition know, newest first."""
    versions = list(
        NoticeVersion.objects.filter(notice_id=version.notice_id, from_edition__lte=reading.edition)
        .ever_visible(reading.day)
        .select_related("from_edition")
        .order_by("from_edition_id")
    )
    address = reverse("notices:detail", args=[version.notice_id])
    return [
        PastVersion(
            after,
            shown_on(after),
            Query().put(edition=before.from_edition_id).link(address) if before else "",
        )
        for before, after in pairwise([None, *versions])
        if after
    ][::-1]


def shown_on(version: NoticeVersion) -> datetime.date:
    """The first day on which a visitor read this version."""
    assert version.from_edition is not None  # noqa: S101 - only asked of public versions
    published = version.from_edition.day
    return max(published, version.publish_on) if version.publish_on else published


def neighbours(version: NoticeVersion, reading: ReadAt) -> dict[str, NoticeVersion | None]:
    """The notices just before and after this one in the list's order."""
    if version.dated_on is None:
        return {"previous": None, "next": None}
    standing = NoticeVersion.objects.visible(reading.edition, reading.day).standing()
    day, same_day = version.dated_on, Q(dated_on=version.dated_on)
    before = Q(dated_on__lt=day) | same_day & Q(notice_id__lt=version.notice_id)
    after = Q(dated_on__gt=day) | same_day & Q(notice_id__gt=version.notice_id)
    # The comparison with the day alone says the same once more, in a form for which databases use their index.
    return {
        "previous": standing.filter(before, dated_on__lte=day).newest_first().first(),
        "next": standing.filter(after, dated_on__gte=day).newest_first().reverse().first(),
    }


def cited(request: HttpRequest, reading: ReadAt) -> str:
    """The address that yields this very page for ever."""
    return Query.of(request).put(**reading.cited).link(request.path)


def preview_reading(version: NoticeVersion) -> ReadAt:
    """The present, on the day from which the version will be read."""
    today, newest = clock.today(), Edition.objects.current_number()
    day = max(today, version.publish_on) if version.publish_on else today
    return ReadAt(newest, day, newest, day)
