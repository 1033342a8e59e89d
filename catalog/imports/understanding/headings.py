"""Finds the heading rows of a sheet, under title rows and merged cells, and doubts what the values below contradict."""

import re
from collections.abc import Collection, Mapping, Sequence

from .assigning import Column, Heading, assign, is_heading
from .likeness import values_of, why_unlike
from .meanings import How, meaning, normalise, without_note, words_of

LOOKED_AT = 60  # rows from the top in which a heading row may stand
_FEWEST_AGAIN = 3  # headings in mid sheet that make a second one
SHORTEST_SURE = 3  # characters of a heading believed against its values: 单位 and 等级 mean many things
SURE_THOUGH_SHORT = frozenset(["星级", "税号", "网址", "官网"])
SAMPLES = 3

Merges = Sequence[tuple[int, int, int, int]]


def find_heading(
    rows: Sequence[Sequence[object]],
    register: str,
    merges: Merges = (),
    choices: Mapping[str, str | None] | None = None,
) -> Heading | None:
    """The heading among the first rows of a sheet, or None.

    `choices` are assignments by hand, normalised heading -> field (None for 'not used'); they go before all words.
    The row that names the most fields wins, the upper one of equals; two rows are tried where headings stand above
    headings.
    """
    best: tuple[Heading, list[str]] | None = None
    for index in range(min(len(rows), LOOKED_AT)):
        if sum(1 for text in _texts(rows[index]) if text) < 2:
            continue
        for heading, labels in _candidates(rows, index, register, merges, choices or {}):
            if is_heading(heading, register) and (best is None or heading.score > best[0].score):
                best = heading, labels
    return _doubted(*best, rows, register, choices or {}) if best else None


def _doubted(
    heading: Heading,
    labels: list[str],
    rows: Sequence[Sequence[object]],
    register: str,
    choices: Mapping[str, str | None],
) -> Heading | None:
    """The heading without the columns whose values are something else; what they leave free another column may take."""
    below = rows[heading.last :]
    if below and _is_translation(below[0]):
        heading.last, below = heading.last + 1, below[1:]
    unlike: dict[int, str] = {}
    while True:
        columns = assign(labels, register, choices, unlike)
        bad = {column.number: why for column in columns if (why := _why_unlike(column, below, register))}
        if not bad:
            break
        unlike |= bad
    for column in columns:
        column.samples = values_of(below, column.number)[:SAMPLES]
    heading.columns = columns
    headed = {column.number for column in columns}
    width = max(map(len, below), default=0)
    heading.unheaded = [at for at in range(1, width + 1) if at not in headed and values_of(below, at)]
    return heading if is_heading(heading, register) else None


def _why_unlike(column: Column, rows: Sequence[Sequence[object]], register: str) -> str:
    field = column.meant if column.how is How.AMBIGUOUS else column.field
    if field is None or column.how is How.BY_HAND:
        return ""
    is_exact = column.rank[0] < 2 and not column.rank[1]
    word = without_note(column.written)
    is_sure = is_exact and (len(word) >= SHORTEST_SURE or word in SURE_THOUGH_SHORT)
    return why_unlike(register, field, values_of(rows, column.number), is_sure=is_sure)


def _is_translation(row: Sequence[object]) -> bool:
    """A row under the heading that says the same in another language: words, without a Chinese character or a digit."""
    texts = [cell for cell in row if not (cell is None or cell == "")]
    return len(texts) >= _FEWEST_AGAIN and all(
        isinstance(text, str) and re.fullmatch(r"[^\d\u3400-\u9fff]*[A-Za-z]{3}[^\d\u3400-\u9fff]*", text)
        for text in texts
    )


def heading_again(
    row: Sequence[object], number: int, before: Heading, register: str, written: Collection[object]
) -> Heading | None:
    """A heading in mid sheet: the same again on a new page, or that of a second table with another order.

    `written`: the headings so far. Only a row that says some of them, or words of the table, is looked at closely.
    """
    words = words_of(register)
    if sum(1 for cell in row if isinstance(cell, str) and (cell in words or cell in written)) < _FEWEST_AGAIN:
        return None
    known = {normalise(column.written): column.field for column in before.columns}
    found = Heading(number, number, assign(_texts(row), register, known, {}))
    return found if is_heading(found, register) and found.score >= _FEWEST_AGAIN else None


def _candidates(
    rows: Sequence[Sequence[object]],
    index: int,
    register: str,
    merges: Merges,
    choices: Mapping[str, str | None],
) -> list[tuple[Heading, list[str]]]:
    """The row by itself, and with one or two rows below it, where headings stand under headings."""
    number, single = index + 1, _texts(rows[index])
    found = [(Heading(number, number, assign(single, register, choices, {})), single)]
    below = found[0][0]
    for more in (1, 2):
        if not (labels := _joined(rows, index, more, merges, register, choices)):
            break
        alone = Heading(number + 1, number + 1, assign(_texts(rows[index + 1]), register, choices, {}))
        both = Heading(number, number + more, assign(labels, register, choices, {}))
        if both.score > max(alone.score, below.score if more > 1 else 0):  # else the upper row was a title
            found.append((both, labels))
            below = both
    return found


def _joined(
    rows: Sequence[Sequence[object]],
    index: int,
    more: int,
    merges: Merges,
    register: str,
    choices: Mapping[str, str | None],
) -> list[str] | None:
    """The labels of a heading of two or three rows; None when this is none."""
    if index + more >= len(rows):
        return None
    if more == 1:
        return _two_rows(_texts(rows[index]), rows[index + 1], index + 1, merges, register, choices)
    lower = _two_rows(_texts(rows[index + 1]), rows[index + 2], index + 2, merges, register, choices)
    return _two_rows(_texts(rows[index]), lower, index + 1, merges, register, choices) if lower else None


def _texts(row: Sequence[object]) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else "" for cell in row]


def _two_rows(
    upper: list[str],
    below: Sequence[object],
    row: int,
    merges: Merges,
    register: str,
    choices: Mapping[str, str | None],
) -> list[str] | None:
    """The labels of a heading of two rows: 「证书信息」 above 「编号」 and 「有效期」; None when this is none."""
    if any(not isinstance(cell, str) for cell in below):
        return None  # numbers and dates: a row of data
    lower = _texts(below)
    width = max(len(upper), len(lower))
    upper = upper + [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    parents = _parents(upper, lower, row, merges)
    labels = [_label(parents[at], upper[at], lower[at], register) for at in range(width)]
    names = [at for at in range(width) if lower[at]]
    understood = [at for at in names if _is_understood(labels[at], register, choices)]
    both = [
        at for at in names if upper[at] and lower[at] and upper[at] != lower[at] and parents[at] == upper[at]
    ]
    grouped = len(names) > len(both) or any(parents[at] for at in names)
    if not names or not grouped or len(understood) * 2 < len(names):
        return None
    return labels


def _parents(upper: list[str], lower: list[str], row: int, merges: Merges) -> list[str]:
    """For each column the heading above it that spans several; without merges the last one to the left."""
    parents = [""] * len(upper)
    across = [merge for merge in merges if merge[0] <= row <= merge[2] and merge[3] > merge[1]]
    for _, left, bottom, right in across:
        if bottom == row:
            for column in range(left, min(right, len(upper)) + 1):
                parents[column - 1] = upper[left - 1]
    if across:
        return parents
    for at in range(1, len(upper)):
        if lower[at] and not upper[at]:
            parents[at] = parents[at - 1] or upper[at - 1]
            if lower[at - 1] and upper[at - 1]:
                parents[at - 1] = upper[at - 1]
    return parents


def _label(parent: str, upper: str, lower: str, register: str) -> str:
    """The words for one column: the lower ones with or without the upper ones, whichever is understood."""
    if not lower:
        return upper
    above = parent or upper
    if not above:
        return lower
    stem = re.sub(r"(?:基本)?(?:信息|情况|资料|内容)$", "", above)
    labels = (f"{above} {lower}", f"{stem} {lower}", lower)
    return min(labels, key=lambda label: meaning(label, register).rank)


def _is_understood(label: str, register: str, choices: Mapping[str, str | None]) -> bool:
    found = meaning(label, register)
    return bool(found.field) or found.how is How.IGNORED or normalise(label) in choices
