"""What a notice is about: public keys, and the pages they stand for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from catalog.publication.models import Batch, EnterpriseLine
from catalog.regions.models import Division
from events.activities.models import ActivityVersion
from portal.core.pages.links import fault_of
from portal.core.pages.reading import ReadAt

from .models import NoticeVersion

PAGES = {
    "batches": "batches:detail",
    "enterprises": "enterprises:detail",
    "regions": "regions:detail",
    "activities": "activities:detail",
}
NUMBER = re.compile(r"[1-9][0-9]{0,14}")
WORDS = {"batches": "批次", "enterprises": "企业", "regions": "地区", "activities": "活动"}


@dataclass(frozen=True)
class Related:
    """One thing a notice names. `href` is empty while there is no page for it."""

    kind: str
    key: str
    label: str
    href: str

    @property
    def word(self) -> str:
        return WORDS[self.kind]


def related_of(version: NoticeVersion, reading: ReadAt) -> list[Related]:
    """In a constant number of queries; labels as they were at the moment that is read."""
    edition = reading.edition
    labels = {
        "batches": dict(Batch.objects.filter(slug__in=version.batches).values_list("slug", "title")),
        "enterprises": dict(
            EnterpriseLine.objects.public(edition)
            .filter(uscc__in=version.enterprises)
            .values_list("uscc", "name")
        ),
        "regions": region_names(version.regions),
        "activities": activity_names(version.activities, reading),
    }
    return [
        Related(kind, key, labels[kind].get(key, key), href_of(kind, key))
        for kind in ("batches", "activities", "regions", "enterprises")
        for key in getattr(version, kind)
    ]


def href_of(kind: str, key: str) -> str:
    """A place below the province has its page in that of the province."""
    if kind == "regions":
        key = f"{key[:2]}0000"
    if kind == "activities" and not NUMBER.fullmatch(key):
        return ""
    try:
        return reverse(PAGES[kind], args=[key])
    except NoReverseMatch:
        return ""


def activity_names(keys: list[str], reading: ReadAt) -> dict[str, str]:
    """By number, the names of activities that a visitor reads."""
    numbers = [int(key) for key in keys if NUMBER.fullmatch(key)]
    versions = ActivityVersion.objects.visible(reading.edition, reading.day).filter(activity__in=numbers)
    return {str(version.activity_id): version.title for version in versions}


def region_names(codes: list[str]) -> dict[str, str]:
    """By code, the name with that of its province where it is not the province itself."""
    divisions = Division.objects.filter(code__in=codes).select_related("parent__parent")
    return {division.code: division.full_name for division in divisions}


def keys_of(version: NoticeVersion) -> Iterator[tuple[str, str]]:
    for kind in PAGES:
        for key in getattr(version, kind):
            yield kind, key


def is_public(kind: str, key: str) -> bool:
    """Whether a visitor finds what is named; a division is known whether or not its region has a page."""
    if kind == "regions":
        return Division.objects.filter(code=key).exists()
    address = href_of(kind, key)
    return bool(address) and not fault_of(address)
