"""What is on the lists at an edition, and which of it is in what state on a day: kept in memory by edition and day.

A line that is on a list is in exactly one state; `ending` is a part of `current`.
"""

import datetime
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import Any

from django.db.models import Count, Q
from pyroaring import BitMap, FrozenBitMap

from catalog.products.models import Certificate
from catalog.publication.models import NATIONAL, Batch, EnterpriseLine, Hold, ListingStatus, ProductLine
from portal.editions.models import Edition
from portal.index.generations import built_columns
from portal.index.postings import fetch
from portal.index.search import alive

from .documents import ENTERPRISES, PRODUCTS, facet
from .preparation import ends, opens

DAYS_BEFORE_THE_END = 90
STATES = ("current", "ending", "expired", "suspended", "checking", "revoked", "cancelled", "removed")
KEPT = 16


@dataclass(frozen=True)
class Masks:
    """Every line that is public, and the lines of each state. All are bitmaps of line numbers.

    `repeats` are current lines of what another publisher's current line shows already: the national one comes first.
    """

    everything: FrozenBitMap
    states: dict[str, FrozenBitMap] = field(default_factory=dict)
    repeats: FrozenBitMap = field(default_factory=FrozenBitMap)

    def of(self, validity: str) -> FrozenBitMap:
        """The lines for a value of the filter `validity`: a state, or `all`."""
        return self.everything if validity == "all" else self.states[validity]

    @property
    def left_out(self) -> dict[str, FrozenBitMap]:
        """By state, what the default list does not show."""
        return {name: mask for name, mask in self.states.items() if name not in {"current", "ending"}}


def product_masks(edition: int, day: datetime.date) -> Masks:
    return remembered(PRODUCTS, edition, day, lambda: _product_masks(edition, day))


def enterprise_masks(edition: int, day: datetime.date) -> Masks:
    return remembered(ENTERPRISES, edition, day, lambda: _enterprise_masks(edition, day))


def _product_masks(edition: int, day: datetime.date) -> Masks:
    everything, removed, suspended = _listing(PRODUCTS, edition)
    states = {name: BitMap() for name in STATES}
    states |= _listing_states(PRODUCTS, edition, day, removed, suspended)
    taken = removed | suspended | states["checking"]
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
        FrozenBitMap(everything),
        {name: FrozenBitMap(mask & everything) for name, mask in states.items()},
        _repeats(ProductLine, "product", edition, states["current"]),
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


def _enterprise_masks(edition: int, day: datetime.date) -> Masks:
    everything, removed, suspended = _listing(ENTERPRISES, edition)
    states = {name: BitMap() for name in STATES}
    states |= _listing_states(ENTERPRISES, edition, day, removed, suspended)
    states["current"] = everything - removed - suspended - states["checking"]
    return Masks(
        FrozenBitMap(everything),
        {name: FrozenBitMap(mask) for name, mask in states.items()},
        _repeats(EnterpriseLine, "enterprise", edition, states["current"]),
    )


def _repeats(model: Any, target: str, edition: int, current: BitMap) -> FrozenBitMap:
    """Current lines beyond the first of each product or enterprise, in the order national, then by publisher's code."""
    public = model.objects.public(edition)
    several = public.order_by().values(target).annotate(lines=Count("pk")).filter(lines__gt=1).values(target)
    rows = public.filter(**{f"{target}__in": several}).values_list(target, "publisher", "pk")
    ranked = sorted(
        (thing, publisher != NATIONAL, publisher, pk) for thing, publisher, pk in rows if pk in current
    )
    return FrozenBitMap(line[-1] for before, line in pairwise(ranked) if before[0] == line[0])


def _listing_states(
    collection: str, edition: int, day: datetime.date, removed: BitMap, suspended: BitMap
) -> dict[str, BitMap]:
    """Removal outranks a hold, a hold outranks a suspension."""
    checking = _held(collection, edition, day) - removed
    return {"removed": removed, "checking": checking, "suspended": suspended - checking}


def _held(collection: str, edition: int, day: datetime.date) -> BitMap:
    """Lines that are being looked into: themselves, their certificate or their enterprise."""
    targets = ("product", "certificate", "enterprise") if collection == PRODUCTS else ("enterprise",)
    holds = [hold for hold in Hold.objects.public(edition) if hold.is_in_effect(day)]
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


def remembered(collection: str, edition: int, day: datetime.date, compute):
    """What `compute` finds for an edition and a day, kept under the edition's token and the index that it was found in.

    The token, because numbers come again in another database and after a restore; the index, because what was read of one
    that was not whole is over when another one is built, here and in every other process.
    """
    key = (collection, read_from(edition), day)
    with _lock:
        if key in _masks:
            _masks.move_to_end(key)
            return _masks[key]
    masks = compute()
    if key[1] is not None:
        with _lock:
            _masks[key] = masks
            while len(_masks) > KEPT:
                _masks.popitem(last=False)
    return masks


def read_from(edition: int) -> tuple | None:
    """What rows of an edition depend on when the index picks them: its token and the generations in force. None before the
    first edition. One query."""
    built = built_columns((PRODUCTS, ENTERPRISES))
    return Edition.objects.filter(pk=edition).annotate(**built).values_list("token", *built).first()


_lock = Lock()
_masks: OrderedDict[tuple, Any] = OrderedDict()
