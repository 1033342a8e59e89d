"""What a workbook holds that nobody sees when opening it, and what it holds twice: the operator decides, nothing is silent."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..reading.cells import address, column_letters
from ..reading.sheets import Reading, Sheet
from ..understanding.assigning import Heading
from ..understanding.cell_text import shown

TAKE, LEAVE, WHOLE, PARTS = "take", "leave", "whole", "parts"
NUMBERS_NAMED, NAMES_NAMED = 20, 3
OVERLAP = 0.5  # of a sheet's rows that stand in another one too, from which on it is asked about
_TAKEN_OR_NOT = ((TAKE, "一起取"), (LEAVE, "不取"))


@dataclass
class Question:
    """`key` is stable over the checks of a file; `answer` is empty until somebody gives one."""

    rule: str
    key: str
    sheet: str
    message: str
    rows: list[int] = field(default_factory=list)
    choices: tuple[tuple[str, str], ...] = _TAKEN_OR_NOT
    answer: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def as_fault(self) -> dict[str, str]:
        """For scripts: where it is, and how it is answered."""
        cell = address(self.sheet, self.rows[0], 0) if self.rows else self.sheet
        ways = "，或 ".join(f"--answer {self.key}={value}（{label}）" for value, label in self.choices)
        return {"rule": self.rule, "cell": cell, "value": "", "message": f"{self.message}请决定：{ways}。"}


class Questions:
    """Those of one check, with the answers given so far."""

    def __init__(self, answers: Mapping[str, str]):
        self.answers = answers
        self.asked: list[Question] = []

    @property
    def open(self) -> list[Question]:
        return [question for question in self.asked if not question.answer]

    def ask(self, question: Question) -> str:
        """The answer, '' while there is none."""
        given = self.answers.get(question.key, "")
        question.answer = given if given in dict(question.choices) else ""
        self.asked.append(question)
        return question.answer

    def answer_to(self, key: str) -> str:
        return self.answers.get(key, "")

    def about_sheet(self, sheet: Sheet, heading: Heading) -> bool:
        """Whether a hidden sheet is read."""
        count = max(0, sheet.height - heading.last)
        message = f"隐藏的工作表「{sheet.name}」有 {count:,} 行，标题能识别。"
        return self.ask(Question("hidden-sheet", f"sheet:{sheet.name}", sheet.name, message)) == TAKE

    def about_columns(self, sheet: Sheet, heading: Heading) -> bool:
        """Whether hidden columns that are understood are read; they are, until somebody says otherwise."""
        hidden = [
            column for column in heading.columns if column.number in sheet.hidden_columns and column.field
        ]
        if not hidden:
            return True
        named = "、".join(f"{column_letters(column.number)} 列「{column.written}」" for column in hidden)
        message = f"「{sheet.name}」的 {named}是隐藏列。"
        return self.ask(Question("hidden-columns", f"columns:{sheet.name}", sheet.name, message)) != LEAVE

    def about_rows(self, sheet: Sheet, unseen: list[tuple[int, str]]) -> None:
        """Rows that were passed while the sheet was walked; whether they were taken was asked before, by the key."""
        if not unseen:
            return
        numbers = [number for number, _name in unseen]
        names = "、".join(dict.fromkeys(name for _number, name in unseen[:NAMES_NAMED] if name))
        why = "被筛选隐藏" if sheet.is_filtered else "是隐藏行"
        message = f"「{sheet.name}」第 {_listed(numbers)} 行{why}，共 {len(numbers):,} 行{f'：{names}' if names else ''}。"
        self.ask(Question("hidden-rows", rows_key(sheet), sheet.name, message, numbers[:NUMBERS_NAMED]))

    def about_summary(self, reading: Reading, headed: list[tuple[Sheet, Heading]]) -> frozenset[str]:
        """Sheets that are left out because what they say stands in another one too."""
        if len(headed) < 2:
            return frozenset()
        said = {sheet.name: _fingerprints(reading, sheet, heading) for sheet, heading in headed}
        whole = max(said, key=lambda name: len(said[name]))
        parts = [name for name in said if name != whole and _overlap(said[name], said[whole]) >= OVERLAP]
        if not parts:
            return frozenset()
        twice = len(said[whole].intersection(*[set().union(*(said[name] for name in parts))]))
        named = "、".join(f"「{name}」" for name in parts)
        message = (
            f"「{whole}」和{named}有 {twice:,} 行相同，多半一处是汇总，一处是分表。只取一处，才不会重复。"
        )
        choices = ((WHOLE, f"只取「{whole}」"), (PARTS, f"只取{named}"))
        answer = self.ask(Question("sheets-alike", f"alike:{whole}", whole, message, choices=choices))
        return frozenset([whole]) if answer == PARTS else frozenset(parts)


def rows_key(sheet: Sheet) -> str:
    return f"rows:{sheet.name}"


def _listed(numbers: list[int]) -> str:
    listed = "、".join(map(str, numbers[:NUMBERS_NAMED]))
    return f"{listed} 等" if len(numbers) > NUMBERS_NAMED else listed


def _fingerprints(reading: Reading, sheet: Sheet, heading: Heading) -> set[int]:
    """One number for each row, from the cells that say what it is about."""
    places = heading.places()
    named = [places[name][0] for name in sorted(places) if name in _TELLING]
    found = set()
    for _number, cells in reading.rows(sheet, heading.last + 1):
        said = tuple(shown(cells[at - 1]).strip() if at <= len(cells) else "" for at in named)
        if any(said):
            found.add(hash(said))
    return found


_TELLING = frozenset(["enterprise", "name", "models_text", "certificate_number", "uscc", "serial"])


def _overlap(part: set[int], whole: Iterable[int]) -> float:
    return len(part.intersection(whole)) / len(part) if part else 0.0
