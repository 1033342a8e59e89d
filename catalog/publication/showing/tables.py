"""The rows of the public tables: a line together with what is judged about it on the day asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.search import rows
from catalog.publication.search.bitmaps import product_bitmaps
from catalog.publication.standing import Standings, product_standing
from catalog.standing.judging import Standing
from catalog.standing.registers import CURRENT
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared


@dataclass(frozen=True)
class ProductRow:
    line: ProductLine
    certificate: rows.Certified | None
    standing: Standing
    publisher: str


@dataclass(frozen=True)
class EnterpriseRow:
    line: EnterpriseLine
    standing: Standing
    publisher: str
    product_count: int


def product_rows(ids: Sequence[int], reading: ReadAt, publishers: dict[str, str]) -> list[ProductRow]:
    """Rows for line numbers, in their order, in a constant number of queries."""
    return [
        ProductRow(
            row.line,
            row.certificate,
            product_standing(row.line, row.certificate, reading.day, row.hold is not None),
            publishers.get(row.line.publisher, row.line.publisher),
        )
        for row in rows.product_rows(ids, reading.edition, reading.day)
    ]


def enterprise_rows(ids: Sequence[int], reading: ReadAt, publishers: dict[str, str]) -> list[EnterpriseRow]:
    """Rows for line numbers, in their order, in a constant number of queries."""
    lines = rows.enterprise_lines(ids)
    standings = Standings(reading, lines)
    counts = listed_products({line.enterprise_id for line in lines}, reading)
    return [
        EnterpriseRow(
            line,
            standings.listing(line),
            publishers.get(line.publisher, line.publisher),
            counts.get(line.enterprise_id, 0),
        )
        for line in lines
    ]


def listed_products(enterprises: set[int], reading: ReadAt) -> dict[int, int]:
    """How many products of each enterprise the list shows: each once, whoever lists it, and in force."""
    bitmaps = product_bitmaps(reading.edition, reading.day)
    shown = bitmaps.of(CURRENT) - bitmaps.repeats
    lines = _products_of(edition=reading.edition, enterprises=enterprises)
    return Counter(maker for pk, maker in lines if pk in shown)


@prepared
def _products_of(edition, enterprises):
    lines = ProductLine.objects.public(edition).filter(enterprise__id__in=enterprises)
    return lines.values_list("pk", "enterprise")
