"""Which product lines are sold in a place: those of the enterprises that registered it, or a place around it, as where they sell."""

import datetime

from django.db.models import Q
from pyroaring import FrozenBitMap

from catalog.enterprises.selling import NATIONWIDE
from catalog.publication.models import EnterpriseLine, ProductLine

from .bitmaps import remembered


def sold_in(edition: int, day: datetime.date, place: str) -> FrozenBitMap:
    """The range is codes with a sign between them; each above the place, or the place itself, reaches it."""
    return remembered(f"sold-{place}", edition, day, lambda: _sold_in(edition, place))


def _sold_in(edition: int, place: str) -> FrozenBitMap:
    wanted = Q(sells_in=NATIONWIDE)
    for code in {place, f"{place[:4]}00", f"{place[:2]}0000"}:
        wanted |= Q(sells_in__contains=code)
    makers = EnterpriseLine.objects.public(edition).filter(wanted).values("enterprise")
    lines = ProductLine.objects.public(edition).filter(enterprise__in=makers)
    return FrozenBitMap(lines.values_list("pk", flat=True))
