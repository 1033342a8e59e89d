"""What a file of the whole list costs beside a bare cursor over the same columns: `manage.py benchmark exports`.

The lines are put straight into the tables, published and with the postings of their batch alone: an export of the whole
list asks the index for nothing else, and making its terms would take longer than everything that is measured here.
"""

import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from pyroaring import BitMap

from catalog.campaigns.models import Campaign
from catalog.enterprises.models import Enterprise
from catalog.products.models import Category, Certificate, CertificationBody, Product
from catalog.publication.exporting.rows import Rows, product_rows
from catalog.publication.exporting.writing import as_bytes
from catalog.publication.models import Batch, CertificateLine, ProductLine
from catalog.publication.search.listing import Question, list_products
from catalog.publication.search.preparation import REGISTERS, opens
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.editions.release import announce
from portal.core.index.postings import put
from portal.core.index.state import hold_all
from portal.core.pages.reading import ReadAt

from . import imports
from .imports import CHUNK, MEGABYTE

TIMES = 3  # each measure is the best of so many
GOALS = {"csv": 1.5}
MOST_SECONDS = {"xlsx": 10.0}
MOST_MEGABYTES = 40.0
HEADINGS = "rows | file | bare cursor, s | ours, s | ratio | goal | held | memory at the peak, MB"


@dataclass(frozen=True)
class Exported:
    """Seconds of processor time; `memory` is what it held at most."""

    rows: int
    extension: str
    bare: float
    seconds: float
    memory: float

    @property
    def goal(self) -> str:
        if self.extension in GOALS:
            return f"ratio {GOALS[self.extension]}"
        return f"{MOST_SECONDS[self.extension]:.0f} s" if self.extension in MOST_SECONDS else "none"

    @property
    def is_held(self) -> bool:
        is_quick = self.seconds <= min(
            GOALS.get(self.extension, float("inf")) * self.bare,
            MOST_SECONDS.get(self.extension, float("inf")),
        )
        return is_quick and self.memory <= MOST_MEGABYTES

    def __str__(self) -> str:
        ratio = self.seconds / self.bare
        held = "yes" if self.is_held else "no"
        return (
            f"{self.rows:,} | {self.extension} | {self.bare:.2f} | {self.seconds:.2f} | {ratio:.2f} | "
            f"{self.goal} | {held} | {self.memory:.0f}"
        )


def measure_exports(rows: int) -> Iterable[Exported]:
    reading = lay(rows)
    bare = _best(lambda: _drained(_rows(reading)))
    for extension in ("csv", "jsonl", "xlsx"):
        seconds = _best(lambda extension=extension: _written(extension, reading))
        yield Exported(
            rows, extension, bare, seconds, _peak(lambda extension=extension: _written(extension, reading))
        )


def lay(rows: int) -> ReadAt:
    """A published list of so many products; ten of a maker, two of a certificate."""
    by = imports.prepare()
    imports.register_makers(rows)
    with transaction.atomic():
        edition = announce(cause=Edition.Cause.BATCH, subject="2025-1", root="0" * 64, header={})
        batch = Batch.objects.create(
            campaign=Campaign.objects.first(),
            year=2025,
            ordinal=1,
            slug="2025-1",
            title="测速用",
            created_by=by,
            published_by=by,
            state=Batch.State.PUBLISHED,
            edition=edition,
            digest="0" * 64,
        )
        _put_lines(rows, batch)
        hold_all(register.collection for register in REGISTERS)
        for register in REGISTERS:
            lines = register.lines.objects.filter(batch=batch).values_list("pk", flat=True)
            put(register.collection, {opens(batch.pk): BitMap(lines)})
    return ReadAt(edition.number, clock.today(), edition.number, clock.today())


def _put_lines(rows: int, batch: Batch) -> None:
    body, kind = CertificationBody.objects.get(code="ctc"), Category.objects.get(name="纸面石膏板")
    makers = list(Enterprise.objects.order_by("pk"))
    certificates = _inserted(
        imports.bare_certificate(n, body.pk) for n in range(-(-rows // imports.PRODUCTS_OF_A_CERTIFICATE))
    )
    _inserted(_certificate_line(n, one, batch, body) for n, one in enumerate(certificates))
    keys, made = [maker.pk for maker in makers], dict(enumerate(certificates))
    products = _inserted(imports.bare_product(n, keys, made, kind.pk) for n in range(rows))
    _inserted(
        _product_line(n, one, makers[n // imports.PRODUCTS_OF_A_MAKER], certificates, batch, kind)
        for n, one in enumerate(products)
    )


def _inserted(made: Iterable[Any]) -> list[Any]:
    rows = list(made)
    type(rows[0])._base_manager.bulk_create(rows, batch_size=CHUNK)
    return rows


def _certificate_line(n: int, one: Certificate, batch: Batch, body: CertificationBody) -> CertificateLine:
    return CertificateLine(
        batch=batch,
        from_edition=batch.edition,
        certificate=one,
        position=n + 1,
        publisher=batch.publisher,
        action="list",
        key=f"certificate/{one.number}",
        body_code=body.code,
        body_name=body.name,
        number=one.number,
        number_key=one.number,
        star=one.star,
        issued_on=one.issued_on,
        valid_until=one.valid_until,
        status="valid",
    )


def _product_line(
    n: int, one: Product, maker: Enterprise, certificates: list[Certificate], batch: Batch, kind: Category
) -> ProductLine:
    number, certificate = f"{n + 1:07d}-0", certificates[n // imports.PRODUCTS_OF_A_CERTIFICATE]
    return ProductLine(
        batch=batch,
        from_edition=batch.edition,
        product=one,
        enterprise=maker,
        certificate=certificate,
        position=n + 1,
        publisher=batch.publisher,
        action="list",
        key=f"product/{number}/{batch.publisher}",
        listed_in=batch.slug,
        number=number,
        name=one.name,
        models_text=one.models_text,
        brand=one.brand,
        category_code=kind.code,
        category_name=kind.name,
        enterprise_uscc=maker.uscc,
        enterprise_name=maker.name,
        division_code="330700",
        division_name="浙江省金华市",
        basis=ProductLine.Basis.CERTIFICATE,
        body_code="ctc",
        certificate_number=certificate.number,
    )


def _rows(reading: ReadAt) -> Rows:
    return product_rows(list_products(Question(reading.edition, reading.day)), reading)


def _drained(rows: Rows) -> None:
    """One statement over the whole table, each row a tuple that nobody looks at. Plain columns: codes in place of the
    words, and no judgement of the state."""
    words = (
        "status",
        "status_word",
        *(column.name for column in rows.columns if column.name.endswith("_word")),
    )
    columns = (column.value for column in rows.columns if column.name not in words)
    public = rows.source.filter(from_edition__isnull=False, until_edition__isnull=True)
    sql, params = public.order_by("-pk").values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while cursor.fetchmany(CHUNK):
            pass


def _written(extension: str, reading: ReadAt) -> None:
    for _block in as_bytes(extension, _rows(reading), "测速用", reading):
        pass


def _best(work: Callable[[], object]) -> float:
    seconds = []
    for _time in range(TIMES):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


def _peak(work: Callable[[], object]) -> float:
    """Megabytes of objects at the highest point, in a run of its own: looking takes longer than working."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / MEGABYTE
