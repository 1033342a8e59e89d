"""`/online/<platform>.json`: what a platform may show as listed, and what changed since an edition.

A platform keeps its rows by `number`. `added` and `changed` rows are put, `ended` ones are taken away; what results is the
list of the edition and day that the answer names.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse

from catalog.publication.models import Hold, ListingStatus, ProductLine
from catalog.publication.showing.dossier import speaks_louder
from catalog.publication.standing import Standings
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt

from .models import ShopVersion
from .rows import Link, OfferedProduct, rows_at

SCHEMA = 1


def as_value(row: OfferedProduct, link: Link) -> dict[str, Any]:
    """One row as the platform gets it. Fields are only ever added; anything else would be another `schema`."""
    line, certificate = row.line, row.certificate
    return {
        "number": line.number,
        "name": line.name,
        "brand": line.brand,
        "models": line.models_text,
        "category": line.category_name,
        "category_code": line.category_code,
        "enterprise": line.enterprise_name,
        "uscc": line.enterprise_uscc,
        "publishers": list(row.publishers),
        "certificate": certificate.number,
        "certification_body": certificate.body_name,
        "star": certificate.star,
        "valid_until": certificate.valid_until.isoformat(),
        "shop": {"kind": link.kind, "title": link.title, "url": link.url},
        "page": settings.SITE_URL + reverse("products:detail", args=[line.number]),
    }


@dataclass(frozen=True)
class Ended:
    """Why a product is no longer among the rows: `reason` is a stable code."""

    number: str
    reason: str

    def as_value(self) -> dict[str, str]:
        return {"number": self.number, "reason": self.reason}


class Feed:
    """The rows of a platform at one edition and day."""

    def __init__(self, platform: str, reading: ReadAt):
        self.platform = platform
        self.reading = reading

    @cached_property
    def values(self) -> dict[str, dict[str, Any]]:
        return values_at(self.platform, self.reading.edition, self.reading.day)

    @property
    def etag(self) -> str:
        """Of the rows alone: an edition that changed none of them leaves it as it is, also for answers to `since`."""
        said = json.dumps([SCHEMA, *self.values.values()], ensure_ascii=False, sort_keys=True)
        return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'

    def head(self) -> dict[str, Any]:
        edition = self.reading.edition
        chain = Edition.objects.filter(number=edition).values_list("head", flat=True).first() or ""
        address = settings.SITE_URL + reverse("online:feed", args=[self.platform])
        return {
            "schema": SCHEMA,
            "platform": self.platform,
            "edition": edition,
            "as_of": self.reading.day.isoformat(),
            "head": chain,
            "next": f"{address}?since={edition}&since_day={self.reading.day.isoformat()}",
        }

    def whole(self) -> dict[str, Any]:
        return {**self.head(), "count": len(self.values), "rows": list(self.values.values())}

    def since(self, edition: int, day: datetime.date | None) -> dict[str, Any]:
        """Rows that whoever read edition `edition` has to put and take away. `day` is the day of reading; without it every
        day on which that edition was the newest is allowed for.
        """
        days = [day] if day else days_of(edition, self.reading)
        befores = [values_at(self.platform, edition, one) for one in days]
        numbers = {number for before in befores for number in before}
        added = [
            value for number, value in self.values.items() if any(number not in before for before in befores)
        ]
        emptied = self.redacted_since(edition)
        changed = [
            value
            for number, value in self.values.items()
            if all(number in before for before in befores)
            and (number in emptied or any(before[number] != value for before in befores))
        ]
        gone = sorted(numbers - self.values.keys())
        return {
            **self.head(),
            "since": edition,
            "count": len(self.values),
            "added": added,
            "changed": changed,
            "ended": [ended.as_value() for ended in reasons(gone, self.reading)],
        }

    def redacted_since(self, edition: int) -> set[str]:
        """Numbers of rows out of which a word was taken: it went from the lines of before too, so that these look alike."""
        redactions = Edition.objects.filter(
            cause=Edition.Cause.REDACTION, number__gt=edition, number__lte=self.reading.edition
        )
        keys = {key for one in redactions for key, _field in one.header.get("redacted", [])}
        rows = rows_at(self.reading.edition, self.reading.day).rows if keys else ()
        return {row.number for row in rows if row.line.key in keys}


def values_at(platform: str, edition: int, day: datetime.date) -> dict[str, dict[str, Any]]:
    found = ((row, row.on(platform)) for row in rows_at(edition, day).rows)
    return {row.number: as_value(row, link) for row, link in found if link is not None}


def days_of(edition: int, reading: ReadAt) -> list[datetime.date]:
    """The first day of an edition, and each later one on which it was the newest and rows may have come back or begun:
    the day after a hold, the day that a version waited for. Rows that leave with a day need none of their own.
    """
    found = Edition.objects.filter(number=edition).first()
    if found is None:
        return [reading.day]
    following = Edition.objects.filter(number=edition + 1).first()
    first, last = found.day, following.day if following else reading.day
    holds = Hold.objects.public(edition).filter(until_on__gte=first, until_on__lt=last)
    begins = {until + datetime.timedelta(days=1) for until in holds.values_list("until_on", flat=True)}
    waiting = ShopVersion.objects.public(edition).filter(publish_on__gt=first, publish_on__lte=last)
    begins |= {day for day in waiting.values_list("publish_on", flat=True) if day}
    return [first, *sorted(begins - {first})]


def reasons(numbers: Iterable[str], reading: ReadAt) -> Iterator[Ended]:
    """Why each product left, told by what is public now: its listing first, then its certificate, else its link."""
    numbers = list(numbers)
    lines: dict[str, list[ProductLine]] = {}
    for start in range(0, len(numbers), 5000):
        public = ProductLine.objects.public(reading.edition).filter(number__in=numbers[start : start + 5000])
        for line in public.order_by("id"):
            lines.setdefault(line.number, []).append(line)
    standings = Standings(reading, [line for own in lines.values() for line in own])
    for number in numbers:
        own = [line for line in lines.get(number, []) if line.basis == ProductLine.Basis.CERTIFICATE]
        yield Ended(number, _reason(own, standings))


def _reason(lines: list[ProductLine], standings: Standings) -> str:
    """`lines` are the certified lines of one product that are public now."""
    if not lines:
        return "no_certificate"
    if any(standings.product(line).is_current for line in lines):
        return "shop_ended"
    line = max(lines, key=speaks_louder)
    code = standings.product(line).code
    if code == "checking":
        return code
    if line.listing_status != ListingStatus.LISTED:
        return line.reason_code or code
    return f"certificate_{code}"
