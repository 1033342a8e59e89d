"""What checking and saving cost beside bare reading and bare inserts of the same rows: `manage.py benchmark import`.

The bare cost is what nobody can avoid: the parser hands out every row of the file, and every row that the import writes,
into whatever table, is built and inserted with `bulk_create`, its keys ready made. Each measure fills an empty database.
"""

import datetime
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import models, transaction
from python_calamine import CalamineWorkbook

from catalog.campaigns import facts as campaign_facts
from catalog.enterprises.models import Enterprise
from catalog.imports.importing import ImportRequest, import_file
from catalog.products import facts as product_facts
from catalog.products.models import Category, Certificate, CertificationBody, Product
from catalog.publication.compiling.numbering import current_draft
from catalog.publication.models import NATIONAL, Action, Batch, BatchEntry
from catalog.regions import facts as region_facts
from portal.core.accounts.models import User
from portal.core.audit.models import Change
from portal.core.text.uscc import check_character

HEADINGS = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "产品类别",
    "产品名称",
    "品牌",
    "规格型号",
    "认证机构",
    "证书编号",
    "星级",
    "发证日期",
    "有效期至",
    "认证依据",
]
PRODUCTS_OF_A_MAKER = 10
PRODUCTS_OF_A_CERTIFICATE = 2
CHUNK = 2_000
ISSUED, UNTIL = datetime.date(2025, 6, 6), datetime.date(2099, 6, 5)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Measured:
    """Seconds; and megabytes at the highest point of this process and its reading child together."""

    rows: int
    reading: float
    inserting: float
    importing: float
    peak: float

    @property
    def ratio(self) -> float:
        return self.importing / (self.reading + self.inserting)

    def __str__(self) -> str:
        return (
            f"{self.rows:,} rows: bare reading {self.reading:.2f} s + bare inserts {self.inserting:.2f} s; "
            f"checked and saved in {self.importing:.2f} s: ratio {self.ratio:.2f}; peak memory {self.peak:.0f} MB"
        )


def prepare() -> User:
    """Facts, and an account that may import."""
    region_facts.seed()
    product_facts.seed()
    campaign_facts.seed()
    return User.objects.create(username="benchmark", is_superuser=True)


def measure_import(rows: int, path: Path) -> tuple[float, float]:
    """Seconds, and megabytes at the highest point, of importing one new list into an empty register."""
    by = prepare()
    register_makers(rows)
    with _watched_memory() as peak:
        seconds = timed(lambda: _import(path, by))
    return seconds, peak[0]


def measure_bare(rows: int, path: Path) -> tuple[float, float]:
    """Seconds of bare reading, and of bare inserts into an empty register."""
    by = prepare()
    register_makers(rows)
    return timed(lambda: _read(path)), timed(lambda: insert(rows, by))


def register_makers(rows: int) -> None:
    register(range(-(-rows // PRODUCTS_OF_A_MAKER)))


def register(makers: Iterable[int]) -> None:
    rows = [
        Enterprise(uscc=_code(n), name=_maker(n), name_key=_maker(n), division_id="330700") for n in makers
    ]
    Enterprise.objects.bulk_create(rows, batch_size=CHUNK)


def write_list(path: Path, rows: int, *, start: int = 0, maker: int | None = None) -> Path:
    """A workbook as an office sends it: a title, a heading row, text, numbers and dates. Of one maker where it is given."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False})
    sheet, day = book.add_worksheet("产品清单"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, "绿色建材下乡产品清单（测速用）")
    sheet.write_row(1, 0, HEADINGS)
    for row, n in enumerate(range(start, start + rows), start=2):
        made_by = n // PRODUCTS_OF_A_MAKER if maker is None else maker
        name, model = _product(n)
        cells = [n + 1, _maker(made_by), _code(made_by), "纸面石膏板", name, "示例牌", model, "国检集团"]
        sheet.write_row(row, 0, [*cells, _number(n // PRODUCTS_OF_A_CERTIFICATE), "三星级"])
        sheet.write_datetime(row, 10, datetime.datetime.combine(ISSUED, datetime.time()), day)
        sheet.write_string(row, 11, UNTIL.isoformat())
        sheet.write_string(row, 12, "T/CECS 10056-2019")
    book.close()
    return path


def _maker(n: int) -> str:
    return f"示例{n:05d}号建筑材料有限公司"


def _code(n: int) -> str:
    front = f"91330702{n:09d}"
    return front + check_character(front)


def _product(n: int) -> tuple[str, str]:
    return f"示例纸面石膏板{n}号", f"P-{n} 2400×1200×{9 + n % 6}"


def _number(n: int) -> str:
    return f"CTC-01(02)-(2025)-CGP-{n:06d}"


def _read(path: Path) -> None:
    with CalamineWorkbook.from_path(str(path)) as book:
        for _row in book.get_sheet_by_index(0).iter_rows():
            pass


def _import(path: Path, by: User) -> None:
    imported = import_file(path, ImportRequest("products", NATIONAL, by))
    if imported.outcome.faults or not imported.is_saved:
        raise RuntimeError(f"The benchmark's own list was not saved: {imported.outcome.faults[:3]}")


@transaction.atomic
def insert(rows: int, by: User) -> None:
    """Insert what the import writes."""
    _insert_all(rows, current_draft(NATIONAL, Batch.Kind.BATCH, by=by))


def _insert_all(rows: int, batch: Batch) -> None:
    body = CertificationBody.objects.get(code="ctc").pk
    category = Category.objects.get(name="纸面石膏板").pk
    makers = list(Enterprise.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, rows, CHUNK):
        numbers = range(start, min(start + CHUNK, rows))
        made = {n // PRODUCTS_OF_A_CERTIFICATE: None for n in numbers}
        certificates = dict(zip(made, _put([bare_certificate(n, body) for n in made]), strict=True))
        products = _put([bare_product(n, makers, certificates, category) for n in numbers])
        entries = [
            BatchEntry(
                batch=batch, publisher=NATIONAL, product_id=row.pk, action=Action.LIST, source="import:0"
            )
            for row in products
        ]
        BatchEntry.objects.bulk_create(entries)


def _put(rows: list[Any]) -> list[Any]:
    """Working rows, each with the record that it is new."""
    model: type[models.Model] = type(rows[0])
    model._base_manager.bulk_create(rows)
    label = model._meta.label_lower
    Change.objects.bulk_create(
        Change(target=label, target_id=str(row.pk), source="import:0", is_created=True) for row in rows
    )
    return rows


def bare_certificate(n: int, body: int) -> Certificate:
    return Certificate(
        body_id=body,
        number=_number(n),
        number_key=_number(n),
        star="3",
        standard="T/CECS 10056-2019",
        issued_on=ISSUED,
        valid_until=UNTIL,
    )


def bare_product(n: int, makers: list[int], certificates: dict[int, Certificate], category: str) -> Product:
    name, model = _product(n)
    return Product(
        enterprise_id=makers[n // PRODUCTS_OF_A_MAKER],
        certificate_id=certificates[n // PRODUCTS_OF_A_CERTIFICATE].pk,
        category_id=category,
        name=name,
        name_key=name,
        models_text=model,
        models_key=model,
        brand="示例牌",
    )


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _watched_memory() -> Iterator[list[float]]:
    """The highest resident memory of this process and its children together, in megabytes, looked at 50 times a second."""
    peak, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            peak[0] = max(peak[0], _resident(os.getpid()) / MEGABYTE)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _resident(process: int) -> int:
    """Bytes in memory of a process and of those it started (Linux)."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGESIZE") + sum(_resident(int(child)) for child in children)
