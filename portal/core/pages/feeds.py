"""Atom feeds of records: what readers may subscribe to, with the edition that each answer was read at."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt
from portal.core.pages.records import Records
from portal.core.workflow.records import Version

Wording = TypeVar("Wording", bound=Version)
MOST = 40
SUMMARY = 200
CONTENT_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """One record in a feed. A withdrawn one stays, and says so: a reader's copy is corrected by it."""

    id: str
    version: Any
    href: str
    cited_href: str
    published: datetime.datetime
    updated: datetime.datetime
    summary: str


@dataclass(frozen=True)
class Told:
    """An entry of what has no versions: a line of a list, a state of a batch."""

    id: str
    title: str
    summary: str
    edition: int
    updated: datetime.datetime
    href: str
    cited_href: str

    @classmethod
    def of(cls, space: uuid.UUID, name: str, title: str, summary: str, edition: Edition, page: str) -> "Told":
        cited = absolute(Query().put(edition=edition.number).link(page))
        return cls(urn(space, name), title, summary, edition.number, edition.at, absolute(page), cited)


def feed_of(
    request: HttpRequest, reading: ReadAt, title: str, list_href: str, entries: Sequence[Told]
) -> HttpResponse:
    """A feed of them; its name is the address that it was asked at, its parameters in their one order."""
    address = Query.of(request).drop(*PARAMETERS).link(request.path).rstrip("?")
    context = {
        "id": urn(namespace(), address),
        "title": title,
        "self_href": absolute(address),
        "list_href": absolute(list_href),
        "updated": max((entry.updated for entry in entries), default=clock.end_of(reading.day)),
        "entries": entries,
        "reading": reading,
    }
    return render(request, "pages/entries.xml", context, content_type=CONTENT_TYPE)


class WithFeed(Records[Wording]):
    """Records whose versions have `title`, `kind` and `source`: a feed of all, and one of each kind."""

    feed_name: ClassVar[str]  # in the names of the feeds, for ever
    page_name: ClassVar[str]  # the name of the address of a record

    def summary_of(self, version: Wording) -> str:
        raise NotImplementedError

    def feed(self, kind: str = "") -> HttpResponse:
        self.query.refuse_unknown(single=PARAMETERS)
        kinds = dict(self.model.Kind.choices)  # type: ignore[attr-defined]
        if kind and kind not in kinds:
            raise Http404
        space = namespace()
        entries = [self.entry(*pair, space) for pair in self.newest(kind)]
        context = {
            "id": urn(space, f"{self.feed_name}/{kind}"),
            "title": kinds.get(kind, f"全部{self.label}"),
            "self_href": absolute(self.request.path),
            "list_href": absolute(Query().put(kind=kind or None).link(reverse(self.address))),
            "updated": max((entry.updated for entry in entries), default=clock.end_of(self.reading.day)),
            "entries": entries,
        }
        return self.answer("pages/feed.xml", context, content_type=CONTENT_TYPE)

    def newest(self, kind: str) -> list[tuple[Wording, Wording]]:
        """By the moment of their last change: the version that is read, and the one that visitors read first."""
        visible = self.visible().filter(kind=kind) if kind else self.visible()
        identity = f"{self.model.IDENTITY}_id"
        columns = ("from_edition__at", "publish_on", "pk")
        last_first = enumerate(visible.newest_first().reverse().values_list(*columns))  # type: ignore[attr-defined]
        moments = sorted(
            ((readable_from(at, publish_on), place, pk) for place, (at, publish_on, pk) in last_first),
            reverse=True,
        )
        numbers = [pk for _moment, _place, pk in moments[:MOST]]
        read = visible.select_related("from_edition").in_bulk(numbers)
        numbers_of = [getattr(version, identity) for version in read.values()]
        known = self.model.objects.filter(**{f"{identity}__in": numbers_of})
        rows = known.ever_visible(self.reading.day, self.reading.edition).select_related("from_edition")
        rows = rows.filter(from_edition__lte=self.reading.edition).order_by("-from_edition_id")
        firsts = {getattr(version, identity): version for version in rows}
        return [(read[pk], firsts[getattr(read[pk], identity)]) for pk in numbers]  # type: ignore[misc]

    def entry(self, version: Wording, first: Wording, space: uuid.UUID) -> Entry:
        address = reverse(self.page_name, args=[getattr(version, f"{version.IDENTITY}_id")])
        text = self.summary_of(version)
        return Entry(
            id=urn(space, version.key),
            version=version,
            href=absolute(address),
            cited_href=absolute(Query().put(**version.cited).link(address)),
            published=updated_at(first),
            updated=updated_at(version),
            summary=text[:SUMMARY] + ("…" if len(text) > SUMMARY else ""),
        )


def updated_at(version: Version) -> datetime.datetime:
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
