"""The files of a shelf as a page offers them: with rows, size and digest where they were made already."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.urls import reverse

from catalog.publication.exporting.keeping import Made, known
from catalog.publication.exporting.shelves import TITLES, Export, Shelf
from catalog.publication.exporting.writing import WORDS
from portal.core.pages.licence import licence
from portal.core.pages.structured import SITE_NAME, thing


@dataclass(frozen=True)
class Offered:
    """`made` is None for a file that is made when it is asked for."""

    export: Export
    made: Made | None

    @property
    def word(self) -> str:
        return WORDS[self.export.extension]


@dataclass(frozen=True)
class Offer:
    shelf: Shelf
    registers: list[tuple[str, list[Offered]]]

    @classmethod
    def of(cls, shelf: Shelf) -> "Offer":
        return cls(shelf, list(_by_register(shelf.files)))


def _by_register(exports: Iterable[Export]) -> Iterable[tuple[str, list[Offered]]]:
    for register, these in groupby(exports, attrgetter("register")):
        yield TITLES[register], [Offered(export, known(export)) for export in these]


def dataset(offer: Offer) -> dict[str, Any]:
    """The lists as schema.org has them. What is not made yet says no size and no digest."""
    shelf = offer.shelf
    return thing(
        "Dataset",
        name="绿色建材下乡产品清单和企业名录",
        description="全部公开行，各种状态都在内；每版一次，可逐行核对。",
        url=f"{settings.SITE_URL}{reverse('data:index')}",
        version=str(shelf.edition.number),
        dateModified=shelf.edition.at.isoformat(),
        isAccessibleForFree=True,
        inLanguage="zh-CN",
        creator=thing("Organization", name=SITE_NAME, url=settings.SITE_URL),
        license=licence().get("url") or licence().get("name"),
        distribution=[_download(one) for _title, offered in offer.registers for one in offered],
    )


def _download(one: Offered) -> dict[str, Any]:
    return thing(
        "DataDownload",
        name=one.export.title,
        contentUrl=f"{settings.SITE_URL}{one.export.href}",
        encodingFormat=one.export.media_type.partition(";")[0],
        contentSize=f"{one.made.size} B" if one.made else None,
        sha256=one.made.sha256 if one.made else None,
    )
