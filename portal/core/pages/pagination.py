"""Pages of a list whose length is known before its rows are read."""

from dataclasses import dataclass
from typing import Protocol

from portal.core.pages.parameters import BadParameter, Query
from portal.core.text.digits import whole

SIZE = 20
NEIGHBOURS = 1


class Span(Protocol):
    """Which rows of a list: from place `start`, counted from 0, up to `stop`."""

    @property
    def start(self) -> int: ...

    @property
    def stop(self) -> int: ...


@dataclass(frozen=True)
class Page:
    """One page: its number, and which rows stand on it."""

    number: int
    total: int
    size: int = SIZE

    @property
    def count(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        return min(self.start + self.size, self.total)

    @property
    def first_row(self) -> int:
        return self.start + 1 if self.total else 0

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.count else None

    def numbers(self) -> list[int | None]:
        """Page numbers to link: the ends and the neighbours; None stands for those left out."""
        near = range(self.number - NEIGHBOURS, self.number + NEIGHBOURS + 1)
        shown = sorted({1, 2, self.count, *near} & set(range(1, self.count + 1)))
        numbers: list[int | None] = []
        for number in shown:
            previous = numbers[-1] if numbers else 0
            if previous is not None and number - previous == 2:
                numbers.append(number - 1)
            elif previous is not None and number - previous > 2:
                numbers.append(None)
            numbers.append(number)
        return numbers


def page_of(query: Query, total: int, size: int = SIZE) -> Page:
    """The page asked for in `page`; one that does not exist is told, with the last page offered."""
    given = query.first("page")
    if not given:
        return Page(1, total, size)
    number = whole(given, 9)
    if not number:
        raise BadParameter.one(query, "page", given, f"页码「{given}」不是正整数。")
    page = Page(number, total, size)
    if page.number > page.count:
        sentence = f"没有第 {page.number} 页，这份清单共 {page.count} 页。"
        last = query.put(page=page.count if page.count > 1 else None)
        raise BadParameter.one(query, "page", given, sentence, mended=last)
    return page
