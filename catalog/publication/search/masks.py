"""What is on the lists at an edition, and which of it is in what state on a day: kept in memory by edition and day.

A line that is on a list is in exactly one state; `ending` is a part of `current`.
"""

import datetime
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from django.db.models import Q
from pyroaring import BitMap, FrozenBitMap

from catalog.products.models import Certificate
from catalog.publication.models import Batch, ListingStatus, ProductLine
from portal.editions.models import Edition
from portal.index.postings import fetch
from portal.index.search import alive

from .documents import ENTERPRISES, PRODUCTS, facet
from .preparation import ends, opens

DAYS_BEFORE_THE_END = 90
STATES = ("current", "ending", "expired", "suspended", "revoked", "cancelled", "removed")
KEPT = 16


@dataclass(frozen=True)
class Masks:
    """Every line that is public, and the lines of each state. All are bitmaps of line numbers."""

    everything: FrozenBitMap
    states: dict[str, FrozenBitMap] = field(default_factory=dict)

    def of(self, validity: str) -> FrozenBitMap:
        """The lines for a value of the filter `validity`: a state, or `all`."""
        return self.everything if validity == "all" else self.states[validity]

    @property
    def left_out(self) -> dict[str, FrozenBitMap]:
        """By state, what the default list does not show."""
        return {name: mask for name, mask in self.states.items() if name not in {"current", "ending"}}


def product_masks(edition: int, day: datetime.date) -> Masks:
    return _remembered(PRODUCTS, edition, day, lambda: _product_masks(edition, day))


def enterprise_masks(edition: int, day: datetime.date) -> Masks:
    return _remembered(ENTERPRISES, edition, day, lambda: _enterprise_masks(edition))


def _product_masks(edition: int, day: datetime.date) -> Masks:
    everything, removed, suspended = _listing(PRODUCTS, edition)
    states = {name: BitMap() for name in STATES}
    states["removed"], states["suspended"] = removed, suspended
    taken = removed | suspended
    for pk, status, valid_until in _troubled_products(edition, day):
        if pk in taken:
            continue
        if status != Certificate.Status.VALID:
            states[status].add(pk)
        elif valid_until < day:
            states["expired"].add(pk)
        else:
            states["ending"].add(pk)
    out = BitMap.union(*(states[name] for name in STATES if name not in {"current", "ending"}))
    states["current"] = everything - out
    return Masks(
        FrozenBitMap(everything), {name: FrozenBitMap(mask & everything) for name, mask in states.items()}
    )


def _troubled_products(edition: int, day: datetime.date):
    """(line, status, last day) of the public products whose certificate is not in force, or ends within 90 days."""
    public_at = Q(certificate__lines__until_edition__isnull=True) | Q(
        certificate__lines__until_edition__gt=edition
    )
    soon = day + datetime.timedelta(days=DAYS_BEFORE_THE_END)
    # All conditions stand on one join; a negated one would ask for a certificate without any such line.
    not_valid = [status for status in Certificate.Status if status != Certificate.Status.VALID]
    troubled = Q(certificate__lines__status__in=not_valid) | Q(certificate__lines__valid_until__lte=soon)
    return (
        ProductLine.objects.public(edition)
        .filter(public_at & troubled, certificate__lines__from_edition__lte=edition)
        .values_list("pk", "certificate__lines__status", "certificate__lines__valid_until")
        .iterator(chunk_size=10_000)
    )


def _enterprise_masks(edition: int) -> Masks:
    everything, removed, suspended = _listing(ENTERPRISES, edition)
    states = {name: BitMap() for name in STATES}
    states |= {"removed": removed, "suspended": suspended, "current": everything - removed - suspended}
    return Masks(FrozenBitMap(everything), {name: FrozenBitMap(mask) for name, mask in states.items()})


def _listing(collection: str, edition: int) -> tuple[BitMap, BitMap, BitMap]:
    """All public lines of an edition, those removed and those suspended by their publisher."""
    batches = list(Batch.objects.published(edition).values_list("pk", flat=True))
    everything = alive(collection, map(opens, batches), map(ends, batches))
    removed, suspended = (
        facet("status", status) for status in (ListingStatus.REMOVED, ListingStatus.SUSPENDED)
    )
    postings = fetch(collection, [removed, suspended])
    return everything, BitMap(postings[removed] & everything), BitMap(postings[suspended] & everything)


def forget() -> None:
    """Drop what is remembered: after an index was built anew."""
    with _lock:
        _masks.clear()


def _remembered(collection: str, edition: int, day: datetime.date, compute) -> Masks:
    """Under the token of the edition: numbers come again in another database, and after a restore."""
    token = Edition.objects.filter(pk=edition).values_list("token", flat=True).first()
    key = (collection, token, day)
    with _lock:
        if key in _masks:
            _masks.move_to_end(key)
            return _masks[key]
    masks = compute()
    if token is not None:
        with _lock:
            _masks[key] = masks
            while len(_masks) > KEPT:
                _masks.popitem(last=False)
    return masks


_lock = Lock()
_masks: OrderedDict[tuple, Masks] = OrderedDict()
