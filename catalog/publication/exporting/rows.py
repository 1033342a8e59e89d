"""The rows of a file, read a few thousand at a time: no reader, however slow, holds a cursor of the database open."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce

from catalog.publication.models import (
    Batch,
    CertificateLine,
    EnterpriseLine,
    Line,
    ListingStatus,
    ProductLine,
)
from catalog.publication.search.listing import FoundLines
from catalog.publication.search.rows import held
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt

from .columns import (
    COUNTED,
    SAID,
    Column,
    batch_columns,
    certificate_columns,
    edition_columns,
    enterprise_columns,
    product_columns,
)
from .expressions import CsvLine, JsonLine

Numbers = Iterable[list[int]]
LINES: dict[str, type[Line]] = {
    "products": ProductLine,
    "enterprises": EnterpriseLine,
    "certificates": CertificateLine,
}
ROWS_AT_A_TIME = 2_000


class LostRowsError(Exception):
    """A row that was found is not there: a file without it would not say that it is short."""


@dataclass(frozen=True)
class Rows:
    """Rows of `source` in the order of their numbers, chunk by chunk."""

    source: QuerySet[Any]
    columns: list[Column]
    numbers: Numbers
    total: int

    @property
    def in_tables(self) -> list[Column]:
        return [column for column in self.columns if column.heading]

    def csv(self) -> Iterator[list[str]]:
        return self._said(CsvLine(*self.in_tables))

    def json(self) -> Iterator[list[str]]:
        return self._said(JsonLine(*self.columns))

    def cells(self) -> Iterator[list[tuple]]:
        asked = self.source.values_list("pk", *(column.value for column in self.in_tables))
        return self._in_order(asked, lambda row: (row[0], row[1:]))

    def _said(self, line: Combinable) -> Iterator[list[str]]:
        return self._in_order(self.source.values_list("pk", line), tuple)

    def _in_order(self, asked: QuerySet[Any], entry: Any) -> Iterator[list[Any]]:
        for numbers in self.numbers:
            found = dict(map(entry, asked.filter(pk__in=_these(numbers)).order_by()))
            try:
                yield [found[number] for number in numbers]
            except KeyError as error:
                raise LostRowsError(f"{self.source.model.__name__} {error}") from error


def product_rows(found: FoundLines, reading: ReadAt) -> Rows:
    return Rows(products_at(reading), product_columns(reading), found.everything(), found.total)


def enterprise_rows(found: FoundLines, reading: ReadAt) -> Rows:
    return Rows(enterprises_at(reading), enterprise_columns(reading), found.everything(), found.total)


def whole_rows(register: str, reading: ReadAt) -> Rows:
    """Every public line, the newest first: as a list of all states, but without the index, which may be being mended
    while a file is made that stays."""
    if register == "editions":
        editions = Edition.objects.filter(number__lte=reading.edition).order_by("-pk")
        return _numbered(Edition.objects.all(), edition_columns(reading), editions)
    public = LINES[register].objects.public(reading.edition).order_by("-pk")
    source, columns = SOURCES[register]
    return _numbered(source(reading), columns(reading), public)


def batch_rows(batch: Batch, register: str, reading: ReadAt) -> Rows:
    """The lines of one register as they were frozen, by their place in the batch."""
    lines = LINES[register].objects.all()
    return _numbered(lines, batch_columns(register, reading), lines.filter(batch=batch).order_by("pk"))


def _numbered(source: QuerySet[Any], columns: list[Column], ordered: QuerySet[Any]) -> Rows:
    numbers = list(ordered.values_list("pk", flat=True))
    chunks = (numbers[start : start + ROWS_AT_A_TIME] for start in range(0, len(numbers), ROWS_AT_A_TIME))
    return Rows(source, columns, chunks, len(numbers))


def products_at(reading: ReadAt) -> QuerySet[Any]:
    return ProductLine.objects.annotate(
        **{SAID: _public_certificate(reading.edition)},
        is_held=_is_held(reading, "product", "certificate", "enterprise"),
    )


def enterprises_at(reading: ReadAt) -> QuerySet[Any]:
    return EnterpriseLine.objects.annotate(
        **{COUNTED: _listed_products(reading.edition)}, is_held=_is_held(reading, "enterprise")
    )


def _these(numbers: list[int]) -> Any:
    """For `pk__in`. SQLite takes thousands of parameters, but slowly."""
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(numbers)])
    return numbers


def _public_certificate(edition: int) -> FilteredRelation:
    """What is said of the certificate at an edition: one line at most."""
    until = Q(certificate__lines__until_edition__isnull=True) | Q(
        certificate__lines__until_edition__gt=edition
    )
    return FilteredRelation(
        "certificate__lines", condition=until & Q(certificate__lines__from_edition__lte=edition)
    )


def certificates_at(reading: ReadAt) -> QuerySet[Any]:
    return CertificateLine.objects.all()


SOURCES = {
    "products": (products_at, product_columns),
    "enterprises": (enterprises_at, enterprise_columns),
    "certificates": (certificates_at, certificate_columns),
}


def _is_held(reading: ReadAt, *targets: str) -> Combinable:
    """Whether a line, its certificate or its enterprise is being looked into."""
    reached = held(reading.edition, reading.day, *targets)
    return Case(When(reached, then=Value(True)), default=Value(False), output_field=BooleanField())


def _listed_products(edition: int) -> Combinable:
    """How many products of the enterprise stand on some list."""
    listed = ProductLine.objects.public(edition).filter(
        enterprise=OuterRef("enterprise"), listing_status=ListingStatus.LISTED
    )
    counted = listed.order_by().values("enterprise").annotate(count=Count("product", distinct=True))
    return Coalesce(Subquery(counted.values("count")), Value(0))
