"""Addresses of current records with the day of their last change, for sitemap.xml."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.urls import reverse

from catalog.campaigns.models import OrganisationVersion
from catalog.products.models import KindGuideVersion
from catalog.publication.models import Batch, EnterpriseLine, ListingStatus, ProductLine
from catalog.regions.models import RegionVersion
from events.activities.models import ActivityVersion
from events.commitments.models import AgreementVersion, LetterVersion
from events.notices.models import NoticeVersion
from events.reports.models import ReportVersion
from portal.core.editions import clock
from portal.core.pages.navigation import LOOK_UP, MAIN, href_of
from portal.core.pages.reading import ReadAt

from .guides import BY_SLUG

MOST = 50_000  # addresses that one sitemap file may have, by the protocol
Address = tuple[str, date | None]
LISTS = (
    "check-many",
    "activities:results",
    "commitments:agreements",
    "commitments:templates",
    "commitments:adoptions",
    "organisations:list",
    "about:data",
    "api-page",
    "log:page",
)
# By model: the address of a record, and the column with its number.
RECORDS: tuple[tuple[Any, str, str], ...] = (
    (NoticeVersion, "notices:detail", "notice_id"),
    (RegionVersion, "regions:detail", "page_id"),
    (ActivityVersion, "activities:detail", "activity_id"),
    (LetterVersion, "commitments:letter", "letter_id"),
    (AgreementVersion, "commitments:agreement", "agreement_id"),
    (OrganisationVersion, "organisations:detail", "organisation_id"),
    (KindGuideVersion, "kinds:detail", "kind_id"),
)
REGISTERS: tuple[tuple[Any, str, str], ...] = (
    (EnterpriseLine, "enterprises:detail", "uscc"),
    (ProductLine, "products:detail", "number"),
)


@dataclass(frozen=True)
class Part:
    """What one file says: lists and records, or some of the lines of a register."""

    register: tuple[Any, str, str] | None = None
    start: int = 0

    def addresses(self, reading: ReadAt) -> list[Address]:
        if self.register is None:
            return _front(reading)
        model, name, column = self.register
        rows = _lines(model, column, reading).order_by(column)[self.start : self.start + MOST]
        return [(reverse(name, args=[number]), clock.day_of(at)) for number, at in rows]


def parts(reading: ReadAt) -> list[Part]:
    """Lists and records first, in one; then each register, in as many as it takes."""
    found = [Part()]
    for register in REGISTERS:
        model, _name, column = register
        found += [Part(register, start) for start in range(0, _lines(model, column, reading).count(), MOST)]
    return found


def sections(reading: ReadAt) -> list[Address] | None:
    """All addresses, where one file may have them."""
    front = _front(reading)
    listed = sum(_lines(model, column, reading).count() for model, _name, column in REGISTERS)
    if len(front) + listed > MOST:
        return None
    return front + [address for part in parts(reading)[1:] for address in part.addresses(reading)]


def _front(reading: ReadAt) -> list[Address]:
    """What stands apart in the navigation is somebody's own."""
    entries = (entry for entry in (*MAIN, *LOOK_UP) if not entry.is_apart)
    paths = ["/", *(href for entry in entries if (href := href_of(entry.name))), reverse("guide")]
    paths += [reverse("guide-detail", args=[slug]) for slug in BY_SLUG]
    found: dict[str, date | None] = dict.fromkeys([*paths, *map(reverse, LISTS)])
    for addresses in (_batches(reading), _reports(reading), _records(reading)):
        for path, changed in addresses:
            found[path] = max(filter(None, (found.get(path), changed)))
    return list(found.items())[:MOST]


def _batches(reading: ReadAt) -> Iterator[Address]:
    states = ("edition__at", "cancelled_edition__at", "notice_edition__at")
    for slug, *moments in Batch.objects.public(reading.edition).values_list("slug", *states):
        yield reverse("batches:detail", args=[slug]), clock.day_of(max(filter(None, moments)))


def _reports(reading: ReadAt) -> Iterator[Address]:
    """Each at its year and place."""
    standing = ReportVersion.objects.visible(reading.edition, reading.day).standing()
    for version in standing.select_related("report", "from_edition").newest_first():
        yield version.report.href, version.read_from


def _records(reading: ReadAt) -> Iterator[Address]:
    for model, name, column in RECORDS:
        standing = model.objects.visible(reading.edition, reading.day).standing().order_by("pk")
        for number, at in standing.values_list(column, "from_edition__at")[:MOST]:
            yield reverse(name, args=[number]), clock.day_of(at)


def _lines(model: Any, column: str, reading: ReadAt) -> Any:
    """What is listed, once however many publishers list it, with the moment of its last change."""
    listed = model.objects.public(reading.edition).filter(listing_status=ListingStatus.LISTED)
    return listed.order_by().values_list(column).annotate(changed=Max("from_edition__at"))
