"""The rows of the public tables: a line together with what is judged about it on the day asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from catalog.publication.models import CertificateLine, EnterpriseLine, ListingStatus, ProductLine
from catalog.publication.standing import Standing, Standings
from portal.pages.reading import ReadAt


@dataclass(frozen=True)
class ProductRow:
    line: ProductLine
    certificate: CertificateLine | None
    standing: Standing
    publisher: str


@dataclass(frozen=True)
class EnterpriseRow:
    line: EnterpriseLine
    standing: Standing
    publisher: str
    product_count: int


def in_order(queryset, ids: list[int]) -> list:
    """The rows with these keys, in the order of the keys."""
    found = queryset.in_bulk(ids)
    return [found[pk] for pk in ids]


def product_rows(
    lines: Iterable[ProductLine], reading: ReadAt, publishers: dict[str, str]
) -> list[ProductRow]:
    """Two queries beside the one that reads the lines."""
    lines = list(lines)
    standings = Standings(reading, lines)
    return [
        ProductRow(
            line,
            standings.certificate(line),
            standings.product(line),
            publishers.get(line.publisher, line.publisher),
        )
        for line in lines
    ]


def enterprise_rows(
    lines: Iterable[EnterpriseLine], reading: ReadAt, publishers: dict[str, str]
) -> list[EnterpriseRow]:
    """Two queries beside the one that reads the lines."""
    lines = list(lines)
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
    """How many products of each enterprise stand on some list in the edition read."""
    lines = ProductLine.objects.public(reading.edition).filter(
        enterprise__in=enterprises, listing_status=ListingStatus.LISTED
    )
    return dict(
        lines.order_by()
        .values("enterprise")
        .annotate(count=Count("product", distinct=True))
        .values_list("enterprise", "count")
    )
