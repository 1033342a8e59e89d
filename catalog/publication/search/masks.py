"""What is on the lists at an edition, and which of it is in what state on a day: kept in memory by edition and day.

A line that is on a list is in exactly one state; `ending` is a part of `current`.
"""

import datetime
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from pyroaring import AbstractBitMap, BitMap, FrozenBitMap

from catalog.publication.models import (
    NATIONAL,
    Batch,
    CertificateLine,
    EnterpriseLine,
    Hold,
    ListingStatus,
    ProductLine,
)
from catalog.standing.conditions import Condition, Is
from catalog.standing.registers import ALL, ASKED, CERTIFICATE, CURRENT, ENDING, EXPIRED, LISTING, SHOWN
from portal.core.editions.models import Edition
from portal.core.index.generations import built_columns
from portal.core.index.postings import fetch
from portal.core.index.search import alive
from portal.core.pages.cache import seen
from portal.core.pages.memory import MEGABYTE, Memory

from .documents import ENTERPRISES, PRODUCTS, facet
from .preparation import ends, opens

KEPT = 16


@dataclass(frozen=True)
class Masks:
    """Every line that is public, and the lines of each state. All are bitmaps of line numbers.

    What several publishers list is one thing, and stands for itself in one line: a current one before others, the national
    one before the others'. `repeats` are its other lines, so that whoever counts without them counts things, and each thing
    in one state. `ranked` has the lines of such things in this order, each with its thing.
    """

    everything: FrozenBitMap
    states: dict[str, FrozenBitMap] = field(default_factory=dict)
    repeats: FrozenBitMap = field(default_factory=FrozenBitMap)
    ranked: dict[int, int] = field(default_factory=dict)

    def once(self, lines: AbstractBitMap) -> AbstractBitMap:
        """Of these lines the first of each thing."""
        if not lines.intersect(self.repeats):
            return lines
        first: dict[int, int] = {}
        again = [pk for pk, thing in self.ranked.items() if pk in lines and first.setdefault(thing, pk) != pk]
        return lines - FrozenBitMap(again)

    def of(self, validity: str) -> FrozenBitMap:
        """The lines for a value of the filter `validity`: a state, or `all`."""
        return self.everything if validity == ALL else self.states[validity]

    @property
    def left_out(self) -> dict[str, FrozenBitMap]:
        """By state, what the default list does not show."""
        return {name: mask for name, mask in self.states.items() if name not in SHOWN}


def product_masks(edition: int, day: datetime.date) -> Masks:
    return remembered(PRODUCTS, edition, day, lambda: _product_masks(edition, day))


def enterprise_masks(edition: int, day: datetime.date) -> Masks:
    return remembered(ENTERPRISES, edition, day, lambda: _enterprise_masks(edition, day))


def _product_masks(edition: int, day: datetime.date) -> Masks:
    everything, parts = _listed(PRODUCTS, edition, day)
    listed = parts.pop(LISTING.otherwise.code)
    for code, lines in _grounds(edition, day).items():
        parts[code] = parts.get(code, BitMap()) | (listed & lines)
    return _masks_of(ProductLine, "product", edition, everything, parts)


def _grounds(edition: int, day: datetime.date) -> dict[str, BitMap]:
    """By state, the public products whose certificate is not in force any more or not much longer; the rest is in force."""
    found: defaultdict[str, BitMap] = defaultdict(BitMap)
    troubled = _troubled(edition, day).union(_without_certificate(edition), all=True)
    for pk, code in troubled.iterator(chunk_size=10_000):
        found[code].add(pk)
    return found


def _troubled(edition: int, day: datetime.date) -> QuerySet:
    public_at = Q(certificate__lines__until_edition__isnull=True) | Q(
        certificate__lines__until_edition__gt=edition
    )
    # All conditions stand on one join; a negated one would ask for a certificate without any such line.
    columns = {name: f"certificate__lines__{name}" for name in ("status", "valid_until")}
    touched = CERTIFICATE.touched(ASKED, day, columns)
    return (
        ProductLine.objects.public(edition)
        .filter(public_at & touched, certificate__lines__from_edition__lte=edition)
        .annotate(code=CERTIFICATE.case(day, columns))
        .values_list("pk", "code")
    )


def _without_certificate(edition: int) -> QuerySet:
    """Products that rest on a certificate of which nothing is public."""
    said = CertificateLine.objects.public(edition).filter(certificate=OuterRef("certificate"))
    rests_on_it = ProductLine.objects.public(edition).filter(basis=ProductLine.Basis.CERTIFICATE)
    code = Value(EXPIRED.standing.code, output_field=CharField())
    return rests_on_it.filter(~Exists(said)).annotate(code=code).values_list("pk", "code")


def _enterprise_masks(edition: int, day: datetime.date) -> Masks:
    everything, parts = _listed(ENTERPRISES, edition, day)
    return _masks_of(EnterpriseLine, "enterprise", edition, everything, parts)


def _masks_of(model: Any, target: str, edition: int, everything: BitMap, parts: dict[str, BitMap]) -> Masks:
    """What is in no state that default lists leave out is current."""
    left_out = [parts.get(code, BitMap()) for code in ASKED if code not in SHOWN]
    current = everything - BitMap.union(*left_out)
    states = {CURRENT: current, **{code: parts.get(code, BitMap()) for code in ASKED}}
    states = {CURRENT: current, **{code: parts.get(code, BitMap()) for code in ASKED}}
    ranked = _ranked(model, target, edition, states)
    repeats = FrozenBitMap(again[0] for before, again in pairwise(ranked.items()) if before[1] == again[1])
    frozen = {name: FrozenBitMap(mask) for name, mask in states.items()}
    return Masks(FrozenBitMap(everything), frozen, repeats, ranked)


def _ranked(model: Any, target: str, edition: int, states: dict[str, BitMap]) -> dict[int, int]:
    """Lines of what has several, by thing; in it current ones first, then in the order national, publisher's code."""
    public = model.objects.public(edition)
    several = public.order_by().values(target).annotate(lines=Count("pk")).filter(lines__gt=1).values(target)
    rows = public.filter(**{f"{target}__in": several}).values_list(target, "publisher", "pk")
    by_rank = [lines for code, lines in states.items() if code != ENDING.standing.code]
    ordered = sorted(
        (
            thing,
            next(rank for rank, lines in enumerate(by_rank) if pk in lines),
            publisher != NATIONAL,
            publisher,
            pk,
        )
        for thing, publisher, pk in rows
    )
    return {pk: thing for thing, *_rank, pk in ordered}


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
    first edition. One query, and none within the second in which this process read what pages are kept under."""
    state = seen.fresh()
    if state is None or not state.token:
        return _read_from(edition)
    return _sources.kept((state, edition), lambda: _read_from(edition))  # type: ignore[arg-type,return-value]  # nothing is not kept


def _read_from(edition: int) -> tuple | None:
    built = built_columns((PRODUCTS, ENTERPRISES))
    return Edition.objects.filter(pk=edition).annotate(**built).values_list("token", *built).first()


_sources: Memory[tuple | None] = Memory(MEGABYTE)
_lock = Lock()
_masks: OrderedDict[tuple, Any] = OrderedDict()
