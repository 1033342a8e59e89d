"""A difference as rows of a file: in JSON Lines one object a pair, in tables one row a column that changed."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from catalog.publication.exporting.columns import source_of
from catalog.publication.exporting.expressions import harmless
from catalog.publication.publishers import publisher_names
from portal.core.pages.statuses import word_of
from portal.core.pages.streaming import begun
from portal.core.workbook import Cell, Table, as_xlsx

from .comparing import CERTIFIED, COMPARED, Change, said
from .difference import Difference
from .groups import ABSENT
from .sides import Side
from .telling import Told

TITLE = "两版之间的差别"
HEADINGS = (
    *("类别", "编号", "名称", "发布方", "左边状态", "右边状态", "字段", "左边的值", "右边的值"),
    *(
        "动作",
        "原因",
        "依据",
        "日期",
        "版号",
        "批次",
        "左边版号",
        "左边日期",
        "右边版号",
        "右边日期",
        "右边链头",
    ),
)
DAYS = {"日期", "左边日期", "右边日期"}


def most_rows(difference: Difference) -> int:
    """Of a table, at most: a pair without changes has one row, too."""
    model = difference.scope.of.model
    return difference.total * (len(COMPARED[model]) + len(CERTIFIED))


def as_csv(difference: Difference) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, without which Excel guesses another encoding."""
    writing, parts = Writing.of(difference), begun(difference.everything())
    yield _written([HEADINGS], "\ufeff")
    for part in parts:
        yield _written([[harmless(str(cell)) for cell in row] for told in part for row in writing.rows(told)])


def as_workbook(difference: Difference) -> BinaryIO:
    writing, right = Writing.of(difference), difference.right
    about: list[tuple[str, str | int]] = [("内容", TITLE), ("左边", moment_of(difference.left))]
    about += [(heading, value) for _name, heading, value in source_of(right.reading)]
    table = Table(HEADINGS, [heading in DAYS for heading in HEADINGS], about, right.day)
    return as_xlsx(
        table, (row for part in difference.everything() for told in part for row in writing.rows(told))
    )


def as_jsonl(difference: Difference) -> Iterator[bytes]:
    writing = Writing.of(difference)
    for part in difference.everything():
        lines = (json.dumps(writing.object(told), ensure_ascii=False) for told in part)
        yield "".join(f"{line}\n" for line in lines).encode()


def moment_of(side: Side) -> str:
    return f"第{side.edition}版，截至 {side.day.isoformat()}"


class Writing:
    """What is said of every pair alike."""

    def __init__(self, publishers: dict[str, str], ends: list[str | int], source: dict[str, Any]):
        self.publishers, self.ends, self.source = publishers, ends, source

    @classmethod
    def of(cls, difference: Difference) -> "Writing":
        left, right = difference.left, difference.right
        source = {name: value for name, _heading, value in source_of(right.reading)}
        ends = [left.edition, left.day.isoformat(), right.edition, right.day.isoformat(), source["head"]]
        said = {"left": {"edition": left.edition, "as_of": left.day.isoformat()}, "right": source}
        return cls(publisher_names(), ends, said)

    def rows(self, told: Told) -> Iterator[list[Cell]]:
        line, act = told.line, told.act
        front = [
            told.group.label,
            number_of(line),
            name_of(line),
            self.publishers.get(line.publisher, line.publisher),
            standing_word(told.sign.was),
            standing_word(told.sign.now),
        ]
        back = [
            act.get_action_display() if act else "",
            told.reason,
            told.basis,
            told.day.isoformat() if told.day else "",
            (act and act.from_edition_id) or "",
            act.batch.slug if act else "",
            *self.ends,
        ]
        for change in told.changes or [Change("", "", "", "")]:
            yield [*front, change.label, change.before, change.after, *back]

    def object(self, told: Told) -> dict[str, Any]:
        line, act = told.line, told.act
        return {
            "group": told.group.code,
            "group_word": told.group.label,
            "key": line.key,
            "number": number_of(line),
            "name": name_of(line),
            "publisher": line.publisher,
            "publisher_word": self.publishers.get(line.publisher, line.publisher),
            "was": told.sign.was,
            "now": told.sign.now,
            "changes": [
                {"field": one.name, "label": one.label, "before": one.before, "after": one.after}
                for one in told.changes
            ],
            "action": act.action if act else None,
            "reason_code": act.reason_code if act else None,
            "reason": told.reason,
            "basis": told.basis,
            "day": told.day.isoformat() if told.day else None,
            "edition": act.from_edition_id if act else None,
            "batch": act.batch.slug if act else None,
            **self.source,
        }


def number_of(line: Any) -> str:
    """Under which the public finds it."""
    return str(getattr(line, "number", None) or getattr(line, "uscc", ""))


def name_of(line: Any) -> str:
    return said(line, "name") if hasattr(line, "name") else str(line.body_name)


def standing_word(code: str) -> str:
    return "" if code == ABSENT else word_of(code)


def _written(rows: Any, front: str = "") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return (front + stream.getvalue()).encode()
