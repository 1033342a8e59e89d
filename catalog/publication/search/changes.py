"""What of the bitmaps another edition or day changes: the rest is taken over, so that a publication costs what it brings."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from pyroaring import AbstractBitMap, BitMap, FrozenBitMap

from catalog.publication.models import NATIONAL, CertificateLine, ProductLine
from catalog.standing.registers import ASKED, CERTIFICATE, ENDING, EXPIRED
from portal.core.index.documents import in_lists

from .moments import Moment

LINES_A_QUERY = 5_000


def grounds(
    edition: int, day: datetime.date, everything: AbstractBitMap, near: Moment | None
) -> dict[str, FrozenBitMap]:
    """By state, the public products whose certificate is not in force any more or not much longer; the rest is in force.

    After another edition of the same day only the lines are asked about that came since, or whose certificate did.
    """
    found: defaultdict[str, BitMap] = defaultdict(BitMap)
    asked = Q()
    if near and near.day == day:
        asked = _since(edition, near.edition)
        changed = BitMap(ProductLine.objects.public(edition).filter(asked).values_list("pk", flat=True))
        for code, lines in near.bitmaps.grounds.items():
            found[code] |= (lines & everything) - changed
    troubled = _troubled(edition, day).filter(asked).values_list("pk", "code")
    missing = _without_certificate(edition).filter(asked).values_list("pk", "code")
    for pk, code in troubled.union(missing, all=True).iterator(chunk_size=10_000):
        found[code].add(pk)
    return {code: FrozenBitMap(lines) for code, lines in found.items() if lines}


def ranked(
    model: Any, target: str, edition: int, states: Mapping[str, AbstractBitMap], near: Moment | None
) -> dict[int, int]:
    """Lines of what has several, by thing; in it current ones first, then in the order national, publisher's code.

    After another moment only things are asked about of which a line stands otherwise than then.
    """
    public = model.objects.public(edition)
    by_rank = [lines for code, lines in states.items() if code != ENDING.standing.code]
    everything = BitMap.union(*map(BitMap, by_rank))
    changed = _changed(near.bitmaps.states, states) if near else everything
    if near is None or 2 * len(changed) > len(everything):
        several = public.order_by().values(target).annotate(lines=Count("pk")).filter(lines__gt=1)
        return _in_order(public.filter(**{f"{target}__in": several.values(target)}), target, by_rank)
    things = {
        thing
        for some in in_lists(changed, LINES_A_QUERY)
        for thing in model.objects.filter(pk__in=some).values_list(target, flat=True)
    }
    found = {pk: thing for pk, thing in near.bitmaps.ranked.items() if thing not in things}
    for some in in_lists(sorted(things), LINES_A_QUERY):
        found |= _in_order(public.filter(**{f"{target}__in": some}), target, by_rank)
    return found


def _changed(before: Mapping[str, AbstractBitMap], after: Mapping[str, AbstractBitMap]) -> BitMap:
    """Lines that came, went or stand in another state."""
    codes = [code for code in after if code != ENDING.standing.code]
    return BitMap.union(*(BitMap(before[code] ^ after[code]) for code in codes))


def _in_order(rows: QuerySet, target: str, by_rank: Sequence[AbstractBitMap]) -> dict[int, int]:
    """A line that is in no state is one that the index does not know yet."""
    ordered = sorted(
        (thing, rank, publisher != NATIONAL, publisher, pk)
        for thing, publisher, pk in rows.values_list(target, "publisher", "pk")
        if (rank := next((rank for rank, lines in enumerate(by_rank) if pk in lines), None)) is not None
    )
    count = Counter(thing for thing, *_rank in ordered)
    return {pk: thing for thing, *_rank, pk in ordered if count[thing] > 1}


def _since(edition: int, before: int) -> Q:
    """Product lines that came after the edition `before`, or whose certificate was said anew or taken back since."""
    span = {"gt": before, "lte": edition}
    came, went = (
        Q(**{f"{side}__{lookup}": number for lookup, number in span.items()})
        for side in ("from_edition", "until_edition")
    )
    said_anew = CertificateLine.objects.filter(came | went).values("certificate")
    return came | Q(certificate__in=said_anew)


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
    )


def _without_certificate(edition: int) -> QuerySet:
    """Products that rest on a certificate of which nothing is public."""
    said = CertificateLine.objects.public(edition).filter(certificate=OuterRef("certificate"))
    rests_on_it = ProductLine.objects.public(edition).filter(basis=ProductLine.Basis.CERTIFICATE)
    code = Value(EXPIRED.standing.code, output_field=CharField())
    return rests_on_it.filter(~Exists(said)).annotate(code=code)
