"""What is on the lists at an edition, and which of it is in what state on a day: kept in memory by edition and day.

A line that is on a list is in exactly one state; `ending` is a part of `current`. The bitmaps of an edition are made before it is
announced, from those of the one before, and stored with it: no reader waits for them, in whatever process.
"""

import datetime
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from pyroaring import BitMap, FrozenBitMap

from catalog.publication.models import Batch, EnterpriseLine, Hold, ListingStatus, ProductLine
from catalog.standing.conditions import Condition, Is
from catalog.standing.registers import ASKED, CURRENT, LISTING, SHOWN
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.index.postings import fetch
from portal.core.index.search import alive

from .changes import grounds, ranked
from .documents import ENTERPRISES, PRODUCTS, facet
from .moments import Bitmaps, Moment, nearest, remembered, store
from .preparation import ends, opens

__all__ = ["Bitmaps", "enterprise_bitmaps", "prepare_bitmaps", "product_bitmaps", "remembered"]

NOTHING_PUBLIC = Bitmaps(FrozenBitMap(), {code: FrozenBitMap() for code in (CURRENT, *ASKED)})


def product_bitmaps(edition: int, day: datetime.date) -> Bitmaps:
    return _bitmaps(PRODUCTS, edition, day, _product_bitmaps)


def enterprise_bitmaps(edition: int, day: datetime.date) -> Bitmaps:
    return _bitmaps(ENTERPRISES, edition, day, _enterprise_bitmaps)


def prepare_bitmaps(edition: Edition, day: datetime.date) -> None:
    """Make and store the bitmaps of an edition, in the transaction that announces it. None of it is remembered here: what a
    transaction sees that is taken back was never true."""
    for collection, compute in ((PRODUCTS, _product_bitmaps), (ENTERPRISES, _enterprise_bitmaps)):
        store(collection, edition.number, day, _made(collection, edition.number, day, compute))


@transaction.atomic
def prepare_newest() -> None:
    """Once more, for another day or another generation of the index."""
    if newest := Edition.objects.order_by("-number").first():
        prepare_bitmaps(newest, clock.today())


Compute = Callable[[int, datetime.date, Moment | None], Bitmaps]


def _bitmaps(collection: str, edition: int, day: datetime.date, compute: Compute) -> Bitmaps:
    """Those that are kept; else made from the nearest ones that are."""
    if not edition:
        return NOTHING_PUBLIC

    return remembered(collection, edition, day, lambda: _made(collection, edition, day, compute))


def _made(collection: str, edition: int, day: datetime.date, compute: Compute) -> Bitmaps:
    near = nearest(collection, edition, day)
    return near.bitmaps if near and near.is_at(edition, day) else compute(edition, day, near)


def _product_bitmaps(edition: int, day: datetime.date, near: Moment | None) -> Bitmaps:
    everything, parts = _listed(PRODUCTS, edition, day)
    listed = parts.pop(LISTING.otherwise.code)
    found = grounds(edition, day, everything, near)
    for code, lines in found.items():
        parts[code] = parts.get(code, BitMap()) | (listed & lines)
    states = _states(everything, parts)
    rows = ranked(ProductLine, "product", edition, states, near)
    return Bitmaps(FrozenBitMap(everything), states, rows, found)


def _enterprise_bitmaps(edition: int, day: datetime.date, near: Moment | None) -> Bitmaps:
    everything, parts = _listed(ENTERPRISES, edition, day)
    states = _states(everything, parts)
    return Bitmaps(
        FrozenBitMap(everything), states, ranked(EnterpriseLine, "enterprise", edition, states, near)
    )


def _states(everything: BitMap, parts: dict[str, BitMap]) -> dict[str, FrozenBitMap]:
    """What is in no state that default lists leave out is current."""
    left_out = [parts.get(code, BitMap()) for code in ASKED if code not in SHOWN]
    current = everything - BitMap.union(*left_out)
    states = {CURRENT: current, **{code: parts.get(code, BitMap()) for code in ASKED}}
    return {name: FrozenBitMap(bitmap) for name, bitmap in states.items()}


def _listed(collection: str, edition: int, day: datetime.date) -> tuple[BitMap, dict[str, BitMap]]:
    """All public lines of an edition, and by state what their publishers say of them."""
    everything, removed, suspended = _listing(collection, edition)
    fulfil: dict[Condition, BitMap] = {
        Is("listing_status", ListingStatus.REMOVED): removed,
        Is("listing_status", ListingStatus.SUSPENDED): suspended,
        Is("is_held", True): _held(collection, edition, day),
    }
    return everything, LISTING.split(everything, fulfil.__getitem__)


def _held(collection: str, edition: int, day: datetime.date) -> BitMap:
    """Lines that are being looked into: themselves, their certificate or their enterprise."""
    targets = ("product", "certificate", "enterprise") if collection == PRODUCTS else ("enterprise",)
    holds = list(Hold.objects.public(edition).in_effect(day))
    reached = Q(pk__in=[])
    for target in targets:
        reached |= Q(**{f"{target}__in": [getattr(hold, f"{target}_id") for hold in holds]})
    model = ProductLine if collection == PRODUCTS else EnterpriseLine
    return (
        BitMap(model.objects.public(edition).filter(reached).values_list("pk", flat=True))
        if holds
        else BitMap()
    )


def _listing(collection: str, edition: int) -> tuple[BitMap, BitMap, BitMap]:
    """All public lines of an edition, those removed and those suspended by their publisher."""
    batches = list(Batch.objects.published(edition).values_list("pk", flat=True))
    opened, ended = [opens(batch) for batch in batches], [ends(batch) for batch in batches]
    removed, suspended = (
        facet("status", status) for status in (ListingStatus.REMOVED, ListingStatus.SUSPENDED)
    )
    postings = fetch(collection, [*opened, *ended, removed, suspended])
    everything = alive(postings, opened, ended)
    return everything, BitMap(postings[removed] & everything), BitMap(postings[suspended] & everything)
