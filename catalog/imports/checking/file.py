"""Phase one: every row of every sheet is checked, every fault named, and what would be done is planned. Saves nothing."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Count, Max

from catalog.publication.models import Batch, BatchEntry
from portal.core.audit.models import Change
from portal.core.editions import clock
from portal.core.editions.models import Edition

from ..models import HeadingChoice
from ..reading.limits import Limits
from ..reading.refusals import Refused
from ..reading.sheets import Reading, Sheet
from ..understanding.ambiguity import ambiguities
from ..understanding.assigning import Column, Heading
from ..understanding.cleaning import LABELS
from ..understanding.fault_list import CHOICES_NAME, is_fault_list
from ..understanding.faults import Fault, sentence
from ..understanding.heading_words import PRODUCTS
from ..understanding.headings import LOOKED_AT, find_heading
from ..understanding.meanings import How
from ..understanding.rows import SheetRow, SheetRows
from .enterprises import EnterpriseCheck
from .planning import Plan, Preview
from .products import ProductCheck
from .questions import TAKE, Question, Questions, rows_key

CHUNK = 2_000
NAMES_OF_MARKUP = {"html": "网页表格", "xml": " XML 表格 2003（XML Spreadsheet 2003）"}
ENCODINGS = {
    "big5hkscs": "Big5（繁体）",
    "gb18030": "GB18030",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_NEEDED = {"products": "产品名称」或「证书编号", "enterprises": "企业名称"}

Progress = Callable[[int, int], None]  # rows so far, and of the sheets that are read


@dataclass(frozen=True)
class Order:
    """What is imported for whom, and against which draft it is compared."""

    register: str
    publisher: str
    batch: Batch | None = None
    is_complete: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)  # to questions about the file
    today: datetime.date = field(default_factory=clock.today)


@dataclass
class CheckedSheet:
    """One sheet that was read: its heading, and rows that hold something and are no data."""

    name: str
    is_hidden: bool
    heading: Heading
    rows: int = 0
    passed_over: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Outcome:
    """All that phase one found."""

    plan: Plan
    rows: int = 0
    faulty_rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)  # values left out of rows that are taken all the same
    sheets: list[CheckedSheet] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    preview: Preview = field(default_factory=Preview)
    relied_on: dict[str, int] = field(default_factory=dict)
    stamp: tuple[Any, ...] = ()

    @property
    def headings(self) -> dict[str, str | None]:
        """Heading as written -> field, over all sheets."""
        found: dict[str, str | None] = {}
        for sheet in self.sheets:
            for column in sheet.heading.columns:
                found[column.written] = column.field or found.get(column.written)
        return found

    @property
    def open_questions(self) -> list[Question]:
        return [question for question in self.questions if not question.answer]

    @property
    def changes_nothing(self) -> bool:
        return (
            not self.open_questions
            and not self.faults
            and not self.preview.counts["new"]
            and not self.preview.counts["changed"]
        )

    @property
    def faults_by_rule(self) -> Counter[str]:
        return Counter(fault.rule for fault in self.faults)


def check(
    reading: Reading, order: Order, folder: Path, *, limits: Limits, progress: Progress | None = None
) -> Outcome:
    """Check what was read. The plan lies in `folder` and lives as long as that. Raises Refused without any data row."""
    return _Check(reading, order, Plan(folder / "plan"), limits, progress).run()


def register_stamp() -> tuple[Any, ...]:
    """Moves whenever anything moves that a check compares with: working rows, entries, batches, what is public."""
    changes = Change.objects.aggregate(last=Max("pk"))["last"]
    entries = BatchEntry.objects.aggregate(last=Max("pk"), count=Count("pk"))
    batches = tuple(Batch.objects.order_by("pk").values_list("pk", "state"))
    return changes, entries["last"], entries["count"], batches, Edition.objects.current_number()


def heading_choices(register: str, publisher: str) -> dict[str, str | None]:
    chosen = HeadingChoice.objects.filter(register=register, publisher=publisher)
    return {key: name or None for key, name in chosen.values_list("heading_key", "field")}


class _Check:
    def __init__(self, reading: Reading, order: Order, plan: Plan, limits: Limits, progress: Progress | None):
        self.reading, self.order, self.limits, self.progress = reading, order, limits, progress
        self.outcome = Outcome(plan, stamp=register_stamp())
        self.missing_fields: dict[tuple[str, int, str], int] = defaultdict(int)
        self.questions = Questions(order.answers)
        self.total = 0

    def run(self) -> Outcome:
        headed = self._find_headings(heading_choices(self.order.register, self.order.publisher))
        checker = self._checker()
        self.total = sum(max(0, sheet.height - checked.heading.last) for sheet, checked in headed)
        if self.progress:
            self.progress(0, self.total)
        for sheet, checked in headed:
            self._check_sheet(sheet, checked, checker)
        self.outcome.questions = self.questions.asked
        if not self.outcome.rows and not self.questions.asked:
            raise Refused("no-rows", sheets="、".join(checked.name for _sheet, checked in headed))
        self.outcome.plan.close()
        # What nobody has decided about is in the file, and not missing from it.
        is_complete = self.order.is_complete and not self.questions.open
        checker.finish(self.outcome.preview, is_complete=is_complete)
        self.outcome.relied_on = dict(checker.relied_on)
        self._blame_sheets()
        order = {checked.name: at for at, checked in enumerate(self.outcome.sheets)}
        self.outcome.faults.sort(key=lambda fault: (order[fault.sheet], fault.row, fault.column))
        return self.outcome

    def _checker(self) -> ProductCheck | EnterpriseCheck:
        if self.order.register == PRODUCTS:
            return ProductCheck(self.order.publisher, self.order.batch, self.order.today)
        return EnterpriseCheck(self.order.publisher, self.order.batch)

    def _find_headings(self, choices: Mapping[str, str | None]) -> list[tuple[Sheet, CheckedSheet]]:
        self.outcome.skipped = list(self.reading.skipped)
        headed = [
            (sheet, heading) for sheet in self.reading.sheets if (heading := self._heading(sheet, choices))
        ]
        if not headed:
            raise self._no_heading()
        chosen = self._chosen(headed)
        self.outcome.sheets = [checked for _sheet, checked in chosen]
        return chosen

    def _heading(self, sheet: Sheet, choices: Mapping[str, str | None]) -> Heading | None:
        if is_fault_list(self.reading, sheet):
            self.outcome.skipped.append((sheet.name, "系统附加的问题清单"))
            return None
        if sheet.name == CHOICES_NAME:
            self.outcome.skipped.append((sheet.name, "模板自带的可选内容"))
            return None
        first = [cells for _number, cells in islice(self.reading.rows(sheet), LOOKED_AT + 1)]
        heading = find_heading(first, self.order.register, sheet.merges, choices)
        if heading is None:
            self.outcome.skipped.append((sheet.name, "没有可识别的标题行" if sheet.height else "空表"))
        return heading

    def _no_heading(self) -> Refused:
        if self.reading.kind in NAMES_OF_MARKUP:
            return Refused("web-table", what=NAMES_OF_MARKUP[self.reading.kind])
        names = "、".join(name for name, _why in self.outcome.skipped[:5])
        encoding = ENCODINGS.get(self.reading.encoding, "")
        read_as = f"，按 {encoding} 编码读取" if encoding else ""
        needed = _NEEDED[self.order.register]
        return Refused("no-heading-row", sheets=names, needed=needed, read_as=read_as)

    def _chosen(self, headed: list[tuple[Sheet, Heading]]) -> list[tuple[Sheet, CheckedSheet]]:
        """Without what is hidden or said twice, until somebody has decided. A file of hidden sheets alone was sent for them."""
        seen = [pair for pair in headed if not pair[0].hidden]
        taken = [
            pair for pair in headed if not pair[0].hidden or not seen or self.questions.about_sheet(*pair)
        ]
        left = self.questions.about_summary(self.reading, taken)
        for sheet, _heading in headed:
            if sheet.name in left:
                self.outcome.skipped.append((sheet.name, "有行与另一张工作表相同，只取了那一处"))
            elif not any(sheet is other for other, _heading in taken):
                self.outcome.skipped.append((sheet.name, "隐藏的工作表，没有选择读取"))
        for sheet, heading in taken:
            if not self.questions.about_columns(sheet, heading):
                heading.leave_out(sheet.hidden_columns, "隐藏列，按您的选择不取")
        return [
            (sheet, CheckedSheet(sheet.name, sheet.hidden, heading))
            for sheet, heading in taken
            if sheet.name not in left
        ]

    def _check_sheet(
        self, sheet: Sheet, checked: CheckedSheet, checker: ProductCheck | EnterpriseCheck
    ) -> None:
        takes_hidden = self.questions.answer_to(rows_key(sheet)) == TAKE
        register = self.order.register
        rows = SheetRows(
            self.reading, sheet, checked.heading, register, checker.section, takes_hidden, checked.passed_over
        )
        is_clear = not checked.heading.ambiguous()
        for chunk in _chunks(iter(rows)):
            self.outcome.rows += len(chunk)
            checked.rows += len(chunk)
            if self.outcome.rows > self.limits.rows:
                raise Refused("too-many-rows", sheet=sheet.name, limit=f"{self.limits.rows:,}")
            for planned in checker.check([row for row in chunk if not row.is_closed]):
                if is_clear:
                    self.outcome.plan.add(planned)
                    self.outcome.preview.add(planned, checker.shown)
                else:
                    self.outcome.faulty_rows += 1
            self._collect(chunk, checked.heading)
            if self.progress:
                self.progress(self.outcome.rows, self.total)
        self.questions.about_rows(sheet, rows.unseen)

    def _collect(self, chunk: list[SheetRow], heading: Heading) -> None:
        for row in chunk:
            self.outcome.warnings += row.warnings
            if row.is_sound:
                continue
            self.outcome.faulty_rows += 1
            self.outcome.faults += row.faults
            for name in row.missing_fields:
                self.missing_fields[row.sheet, heading.last, name] += 1

    def _blame_sheets(self) -> None:
        """Faults of a heading: said once, not once a row."""
        labels = LABELS[self.order.register]
        for (sheet, row, name), count in self.missing_fields.items():
            message = sentence("column-missing", label=labels[name], count=count)
            self.outcome.faults.append(Fault("column-missing", sheet, row, 0, "", message))
        for checked in self.outcome.sheets:
            self.outcome.faults += ambiguities(checked.name, checked.heading, self.order.register)


def _chunks(rows: Iterator[SheetRow]) -> Iterator[list[SheetRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def column_note(column: Column) -> str:
    """How a column came to its field, or why it has none, in words."""
    return (
        column.why
        or {
            How.BY_HAND: "按指定",
            How.EXACT: "",
            How.WITHOUT_NOTE: "括号里的说明不计",
            How.ENDING: "按标题末尾的词理解",
            How.SPARE: "未采用：另一列更明确",
            How.AMBIGUOUS: "有两列相同，请指定",
            How.UNLIKE: "",
            How.IGNORED: "本名册不收录",
            How.UNKNOWN: "未能理解，未采用",
        }[column.how]
    )
