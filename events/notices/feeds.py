"""Atom feeds: what readers may subscribe to, with the edition that each answer was read at."""

import datetime
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.cache import public_page
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt, read_at

from .article import body_words
from .models import NoticeVersion

MOST = 40
SUMMARY = 200
CONTENT_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """One notice in a feed. A withdrawn one stays, and says so: a reader's copy is corrected by it."""

    id: str
    version: NoticeVersion
    href: str
    cited_href: str
    published: datetime.datetime
    updated: datetime.datetime
    summary: str


@require_safe
@public_page
def feed(request: HttpRequest, kind: str = "") -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    if kind and kind not in NoticeVersion.Kind.values:
        raise Http404
    reading, space = read_at(request), namespace()
    entries = entries_of(reading, space, kind)
    context = {
        "id": urn(space, f"notices/{kind}"),
        "title": NoticeVersion.Kind(kind).label if kind else "全部通知公告",
        "self_href": absolute(request.path),
        "list_href": absolute(Query().put(kind=kind or None).link(reverse("notices:list"))),
        "updated": max((entry.updated for entry in entries), default=clock.end_of(reading.day)),
        "reading": reading,
        "entries": entries,
    }
    return render(request, "notices/feed.xml", context, content_type=CONTENT_TYPE)


def entries_of(reading: ReadAt, space: uuid.UUID, kind: str = "") -> list[Entry]:
    """The newest first, by the moment of their last change."""
    visible = NoticeVersion.objects.visible(reading.edition, reading.day)
    if kind:
        visible = visible.filter(kind=kind)
    moments = [
        (readable_from(at, publish_on), dated_on, notice, pk)
        for at, publish_on, dated_on, notice, pk in visible.values_list(
            "from_edition__at", "publish_on", "dated_on", "notice_id", "pk"
        )
    ]
    newest = [pk for *_order, pk in sorted(moments, reverse=True)[:MOST]]
    versions = visible.select_related("from_edition").in_bulk(newest)
    firsts = first_versions([version.notice_id for version in versions.values()], reading)
    return [_entry(versions[pk], firsts[versions[pk].notice_id], space) for pk in newest]


def first_versions(notices: list[int], reading: ReadAt) -> dict[int, NoticeVersion]:
    """By notice, the version that visitors read first."""
    versions = (
        NoticeVersion.objects.filter(notice_id__in=notices, from_edition__lte=reading.edition)
        .ever_visible(reading.day)
        .select_related("from_edition")
        .order_by("-from_edition_id")
    )
    return {version.notice_id: version for version in versions}


def updated_at(version: NoticeVersion) -> datetime.datetime:
    """The moment from which visitors read this version."""
    assert version.from_edition is not None  # noqa: S101 - only asked of public versions
    return readable_from(version.from_edition.at, version.publish_on)


def readable_from(published: datetime.datetime, publish_on: datetime.date | None) -> datetime.datetime:
    if publish_on is None or publish_on <= clock.day_of(published):
        return published
    return clock.end_of(publish_on - datetime.timedelta(days=1))


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def namespace() -> uuid.UUID:
    """Another one in every installation, and the same when the site moves to another host."""
    first = Edition.objects.filter(number=1).values_list("token", flat=True).first()
    return uuid.UUID(first) if first else uuid.NAMESPACE_OID


def urn(space: uuid.UUID, name: str) -> str:
    """A name for ever."""
    return uuid.uuid5(space, name).urn


def _entry(version: NoticeVersion, first: NoticeVersion, space: uuid.UUID) -> Entry:
    address = reverse("notices:detail", args=[version.notice_id])
    text = version.summary or body_words(version)
    return Entry(
        id=urn(space, version.key),
        version=version,
        href=absolute(address),
        cited_href=absolute(Query().put(edition=version.from_edition_id).link(address)),
        published=updated_at(first),
        updated=updated_at(version),
        summary=text[:SUMMARY] + ("…" if len(text) > SUMMARY else ""),
    )
