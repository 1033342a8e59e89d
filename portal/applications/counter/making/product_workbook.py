"""A workbook of products for one certificate: its template, and its check by the same rules as a staff import.

What the form of the case says already (enterprise, body, number, dates) is put into every row before the check, so that
the workbook holds only what differs from product to product.
"""

import datetime
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from catalog.imports.checking.product_certificates import shown
from catalog.imports.checking.products import ProductCheck
from catalog.imports.checking.registers import Categories
from catalog.imports.reading.limits import Limits
from catalog.imports.reading.refusals import Refused
from catalog.imports.reading.sheets import Reading, Sheet, read
from catalog.imports.reporting.annotated import annotated
from catalog.imports.reporting.template import Column, categories, stars
from catalog.imports.reporting.template import template as blank
from catalog.imports.understanding.assigning import Heading
from catalog.imports.understanding.cleaning import LABELS
from catalog.imports.understanding.fault_list import CHOICES_NAME, is_fault_list
from catalog.imports.understanding.faults import MENDED, Fault
from catalog.imports.understanding.heading_words import PRODUCTS
from catalog.imports.understanding.headings import LOOKED_AT, find_heading
from catalog.imports.understanding.rows import SheetRow, SheetRows
from portal.applications.cases.models import Application
from portal.core.editions import clock
from portal.core.files.models import StoredFile
from portal.core.files.store import load
from portal.core.text import uscc as codes

ROWS = 1_000
LIMITS = Limits(bytes=5 * 1024 * 1024, rows=ROWS, columns=40, sheets=10)
CHUNK = 500
AS_SAID = ("body", "star", "standard", "applicant_name", "maker_name", "factory_name")
COMPARED = ("star", "certificate_number")  # where the sheet says it, too
NEEDED = ("body", "number", "star", "valid_until")  # without these a row cannot be judged


@dataclass
class Found:
    """What the check found. `sound` are rows as a case takes them."""

    rows: int = 0
    faulty_rows: int = 0
    sound: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def template() -> bytes:
    """An empty workbook whose cells for category and star offer what may stand there."""
    columns = [
        Column("产品名称", 30),
        Column("产品类别", 22, categories()),
        Column("规格型号", 44),
        Column("品牌", 16),
        Column("认证等级", 12, stars(), note="可以空着：空着就按表单里填的认证等级。"),
    ]
    return blank("产品", columns)


@contextmanager
def opened(content: bytes, name: str) -> Iterator[Reading]:
    """Guard and read in a child process. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        with read(path, name, LIMITS) as reading:
            yield reading


def check(content: bytes, name: str, application: Application) -> Found:
    """Check every row of a workbook for a case. Raises Refused for a file that is no list of products."""
    with opened(content, name) as reading:
        return check_reading(reading, application)


def check_reading(reading: Reading, application: Application) -> Found:
    found, today = Found(), clock.today()
    checker = ProductCheck(application.publisher, None, today)
    said = CaseAnswers.of(application)
    for sheet, heading in headed(reading):
        rows = iter(SheetRows(reading, sheet, heading, PRODUCTS))
        while chunk := list(islice(rows, CHUNK)):
            _check_chunk(chunk, checker, said, found)
            if found.rows > ROWS:
                raise Refused("too-many-rows", sheet=sheet.name, limit=f"{ROWS:,}")
    if not found.rows:
        raise Refused("no-rows", sheets="、".join(sheet.name for sheet in reading.sheets))
    return found


def headed(reading: Reading) -> list[tuple[Sheet, Heading]]:
    """The sheets that hold products; our own lists of choices and faults are none."""
    found = []
    for sheet in reading.sheets:
        if sheet.name == CHOICES_NAME or is_fault_list(reading, sheet):
            continue
        first = [cells for _number, cells in islice(reading.rows(sheet), LOOKED_AT + 1)]
        if heading := find_heading(first, PRODUCTS, sheet.merges):
            found.append((sheet, heading))
    if not found:
        names = "、".join(sheet.name for sheet in reading.sheets[:5])
        raise Refused("no-heading-row", sheets=names, needed="产品名称")
    return found


@dataclass(frozen=True)
class CaseAnswers:
    """What the form says of every row, as the check reads it."""

    values: dict[str, Any]

    @classmethod
    def of(cls, application: Application) -> "CaseAnswers":
        said, own = application.values, application.enterprise
        assert own is not None  # noqa: S101 - a product case has its enterprise
        until, issued = day_of(said.get("valid_until")), day_of(said.get("issued_on"))
        values = {
            "uscc": codes.verdict(own.uscc),
            "certificate_number": said.get("number"),
            "issued_on": issued,
            "valid_until": (issued, until) if until else None,
        } | {name: said.get(name) for name in AS_SAID}
        return cls({name: value for name, value in values.items() if value})

    def put_into(self, row: SheetRow) -> None:
        """The form goes before the sheet; where the sheet says something else, that cell is named."""
        for name, value in self.values.items():
            written = row.values.get(name)
            if name in COMPARED and name in row.places and written and written != value:
                row.add_error(
                    name,
                    "certificate-conflict",
                    where="表单",
                    label=LABELS[PRODUCTS][name],
                    other=shown(name, value),
                )
            row.values[name] = value
        row.values.pop("enterprise", None)
        row.values.pop("serial", None)
        row.values.pop("requirement", None)


def day_of(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _check_chunk(chunk: list[SheetRow], checker: ProductCheck, said: CaseAnswers, found: Found) -> None:
    for row in chunk:
        said.put_into(row)
    checker.check([row for row in chunk if not row.is_closed])
    categories = checker.categories
    for row in chunk:
        found.rows += 1
        # The enterprise writes of its own products: what a list would leave out is refused, as the form does.
        left_out = [told for told in row.warnings if told.rule not in MENDED]
        if not row.is_sound or left_out:
            found.faulty_rows += 1
            found.faults += [*row.faults, *left_out]
            found.faults += [_lacking(row, name) for name in sorted(row.missing_fields)]
            continue
        found.sound.append(
            {
                "name": row.values["name"],
                "models_text": row.values.get("models_text", ""),
                "brand": row.values.get("brand", ""),
                "category": _category(row, categories),
            }
        )


def _category(row: SheetRow, categories: Categories) -> str:
    named = row.values.get("category")
    if named:
        return categories.find(named, row.values.get("star", ""))
    by_standard = categories.of_standard(row.values["standard"]) if row.values.get("standard") else ""
    return by_standard or categories.called(row.values.get("name", ""))


def _lacking(row: SheetRow, name: str) -> Fault:
    label = LABELS[PRODUCTS][name]
    return Fault(
        "column-missing",
        row.sheet,
        row.number,
        0,
        "",
        f"缺少「{label}」列。请补上这一列，或用我们的模板填写。",
    )


def marked(file: StoredFile, application: Application) -> bytes:
    """The same workbook with the bad cells marked, made anew from the file that was uploaded."""
    with opened(load(file), file.name) as reading:
        return annotated(reading, check_reading(reading, application).faults)
