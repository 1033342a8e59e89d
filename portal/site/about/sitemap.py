"""Addresses of current records, for sitemap.xml."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from catalog.campaigns.models import OrganisationVersion
from catalog.products.models import KindGuideVersion
from catalog.publication.models import EnterpriseLine, ListingStatus, ProductLine
from events.activities.models import ActivityVersion
from events.commitments.models import AgreementVersion, LetterVersion
from events.notices.models import NoticeVersion
from portal.core.pages.navigation import LOOK_UP, MAIN, href_of
from portal.core.pages.reading import ReadAt

MOST = 50_000  # addresses that one sitemap file may have, by the protocol


def sections(reading: ReadAt) -> list[str]:
    """Paths, lists first, at most `MOST` of them."""
    paths = ["/", *(href for entry in (*MAIN, *LOOK_UP) if (href := href_of(entry.name)))]
    paths += [reverse("guide")]
    for more in (_notices(reading), _events(reading), _enterprises(reading), _products(reading)):
        paths += more
    return list(dict.fromkeys(paths))[:MOST]


def _products(reading: ReadAt) -> Iterable[str]:
    listed = ProductLine.objects.public(reading.edition).filter(listing_status=ListingStatus.LISTED)
    return (
        reverse("products:detail", args=[number]) for number in listed.values_list("number", flat=True)[:MOST]
    )


def _enterprises(reading: ReadAt) -> Iterable[str]:
    listed = EnterpriseLine.objects.public(reading.edition).filter(listing_status=ListingStatus.LISTED)
    return (
        reverse("enterprises:detail", args=[uscc]) for uscc in listed.values_list("uscc", flat=True)[:MOST]
    )


def _notices(reading: ReadAt) -> Iterable[str]:
    standing = NoticeVersion.objects.visible(reading.edition, reading.day).standing()
    return (
        reverse("notices:detail", args=[pk]) for pk in standing.values_list("notice_id", flat=True)[:MOST]
    )


def _events(reading: ReadAt) -> Iterable[str]:
    """Activities, letters, agreements, organisations and kinds, and the lists that the navigation does not name."""
    records: tuple[tuple[Any, str], ...] = (
        (ActivityVersion, "activities:detail"),
        (LetterVersion, "commitments:letter"),
        (AgreementVersion, "commitments:agreement"),
        (OrganisationVersion, "organisations:detail"),
        (KindGuideVersion, "kinds:detail"),
    )
    lists = (
        "check-many",
        "activities:results",
        "commitments:agreements",
        "commitments:templates",
        "commitments:adoptions",
    )
    yield from (reverse(name) for name in (*lists, "organisations:list"))
    for model, name in records:
        standing = model.objects.visible(reading.edition, reading.day).standing().order_by("pk")
        yield from (reverse(name, args=[one.identity.pk]) for one in standing.select_related(model.IDENTITY))
