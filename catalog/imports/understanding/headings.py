"""Finds the heading row of a sheet, under title rows and merged cells, and which column holds what."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from portal.core.text.han import simplify
from portal.core.text.normalise import clean

from ..reading.cells import column_letters
from .heading_words import FIELDS, FOREIGN, IGNORED, Field

LOOKED_AT = 60  # rows from the top in which a heading row may stand
LONGEST = 60  # characters; a longer cell is no heading

_NOISE = re.compile(r"[\s*:：、,，;；。.·…_\-—/\\|#＊※★☆\"'“”‘’]+")
_BRACKETS = re.compile(r"[(（\[【〔{〈《<][^()（）\[\]【】〔〕{}〈〉《》<>]*[)）\]】〕}〉》>]")
_BRACKET = re.compile(r"[()（）\[\]【】〔〕{}〈〉《》<>]")
_NUMBERING = re.compile(r"^(?:[(（]?[一二三四五六七八九十]{1,2}[)）、.．]|[(（]?\d{1,2}[)）、.．])\s*")
_AND = ("及", "和", "与", "或")

Merges = Sequence[tuple[int, int, int, int]]


class How(StrEnum):
    """How a column came to its field, or why it has none."""

    BY_HAND = "by_hand"
    EXACT = "exact"
    WITHOUT_NOTE = "without_note"  # after its bracketed note was left out
    ENDING = "ending"  # by the words it ends with
    SPARE = "spare"  # understood, but another column names the field better
    AMBIGUOUS = "ambiguous"  # two columns name the field equally well
    IGNORED = "ignored"  # understood, has no place in this register
    UNKNOWN = "unknown"


@dataclass
class Column:
    """One column with a heading; `number` counts from 1."""

    number: int
    written: str
    field: str | None = None
    how: How = How.UNKNOWN
    also: str | None = None  # a second field that the same cells answer
    rank: tuple[int, int] = (9, 9)

    @property
    def letters(self) -> str:
        return column_letters(self.number)


@dataclass
class Heading:
    """The heading of one sheet: rows `first` to `last` of it, and its columns."""

    first: int
    last: int
    columns: list[Column] = field(default_factory=list)

    def places(self) -> dict[str, list[int]]:
        """Field -> its columns; more than one only where columns are joined."""
        places: dict[str, list[int]] = {}
        for column in self.columns:
            for name in (column.field, column.also):
                if name:
                    places.setdefault(name, []).append(column.number)
        return places

    def ambiguous(self) -> list[Column]:
        return [column for column in self.columns if column.how is How.AMBIGUOUS]

    @property
    def score(self) -> int:
        return len(self.places())


def normalise(text: str) -> str:
    """A heading without spaces, line breaks, numbering, brackets and marks: what the word table holds."""
    text = _NUMBERING.sub("", unicodedata.normalize("NFKC", simplify(clean(text))).strip().lstrip("*＊"))
    return _BRACKET.sub("", _NOISE.sub("", text)).casefold()


def without_note(text: str) -> str:
    """The same without what stands in brackets: 「星级（一/二/三）」 -> 星级."""
    text = unicodedata.normalize("NFKC", clean(text))
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    return normalise(text.split("(")[0] if "(" in text else text)


def shown(text: str) -> str:
    """A heading on one line, as it is named to people."""
    return " ".join(text.split())


@dataclass(frozen=True)
class _Meaning:
    field: str | None
    how: How
    rank: tuple[int, int]  # smaller is surer: how it was found, strong or weak word
    else_field: str = ""


_NOTHING = _Meaning(None, How.UNKNOWN, (9, 9))


@lru_cache(maxsize=4)
def _words(register: str) -> dict[str, tuple[Field, int]]:
    """Word -> field and whether it is a weak word (1) or not (0)."""
    words: dict[str, tuple[Field, int]] = {}
    for entry in FIELDS[register]:
        for weak, text in enumerate((entry.words, entry.weak)):
            for word in text.split():
                words.setdefault(word, (entry, weak))
    return words


@lru_cache(maxsize=4)
def _ignored(register: str) -> frozenset[str]:
    return frozenset(IGNORED[register].split())


@lru_cache(maxsize=4096)
def meaning(written: str, register: str) -> _Meaning:
    """What a heading says by itself, without its neighbours."""
    if not written.strip() or len(written) > LONGEST:
        return _NOTHING
    words, ignored = _words(register), _ignored(register)
    for order, (how, text) in enumerate(
        ((How.EXACT, normalise(written)), (How.WITHOUT_NOTE, without_note(written)))
    ):
        if found := words.get(text):
            return _Meaning(found[0].name, how, (order, found[1]), found[0].else_field if found[1] else "")
        if text in ignored:
            return _Meaning(None, How.IGNORED, (9, 9))
    return _by_ending(without_note(written) or normalise(written), register)


def _by_ending(text: str, register: str) -> _Meaning:
    """Chinese headings end with what they are: 绿色建材产品认证证书编号 is a 证书编号."""
    words, ignored = _words(register), _ignored(register)
    for start in range(1, len(text) - 1):
        before, ending = text[:start], text[start:]
        if ending in ignored:
            return _Meaning(None, How.IGNORED, (9, 9))
        found = words.get(ending)
        if not found:
            continue
        if any(word in before for word in FOREIGN) or _is_another(before, found[0], words):
            return _NOTHING
        return _Meaning(found[0].name, How.ENDING, (2, found[1]), found[0].else_field if found[1] else "")
    return _NOTHING


def _is_another(before: str, found: Field, words: Mapping[str, tuple[Field, int]]) -> bool:
    """「产品名称及规格型号」 is two things in one cell: nothing is taken for either."""
    if not before.endswith(_AND):
        return False
    other = words.get(before[:-1])
    return other is not None and other[0] is not found


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
    best: Heading | None = None
    for index in range(min(len(rows), LOOKED_AT)):
        single = _texts(rows[index])
        if len([text for text in single if text]) < 2:
            continue
        for heading in _candidates(rows, index, register, merges, choices or {}):
            if _is_heading(heading, register) and (best is None or heading.score > best.score):
                best = heading
    return best


def _candidates(
    rows: Sequence[Sequence[object]],
    index: int,
    register: str,
    merges: Merges,
    choices: Mapping[str, str | None],
) -> list[Heading]:
    number = index + 1
    found = [Heading(number, number, _assign(_texts(rows[index]), register, choices))]
    if index + 1 < len(rows) and (labels := _two_rows(rows, index, merges, register, choices)):
        both = Heading(number, number + 1, _assign(labels, register, choices))
        below = Heading(number + 1, number + 1, _assign(_texts(rows[index + 1]), register, choices))
        if both.score > below.score:  # else the upper row was a title, and adds nothing
            found.append(both)
    return found


def _texts(row: Sequence[object]) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else "" for cell in row]


def _two_rows(
    rows: Sequence[Sequence[object]],
    index: int,
    merges: Merges,
    register: str,
    choices: Mapping[str, str | None],
) -> list[str] | None:
    """The labels of a heading of two rows: 「证书信息」 above 「编号」 and 「有效期」; None when this is none."""
    upper, lower = _texts(rows[index]), _texts(rows[index + 1])
    if any(not isinstance(cell, str) for cell in rows[index + 1]):
        return None  # numbers and dates: a row of data
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    parents = _parents(upper, lower, index + 1, merges)
    labels = [_label(parents[at], upper[at], lower[at], register) for at in range(width)]
    below = [at for at in range(width) if lower[at]]
    understood = [at for at in below if _is_understood(labels[at], register, choices)]
    both = [
        at for at in below if upper[at] and lower[at] and upper[at] != lower[at] and parents[at] == upper[at]
    ]
    grouped = len(below) > len(both) or any(parents[at] for at in below)
    if not below or not grouped or len(understood) * 2 < len(below):
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


def _is_heading(heading: Heading, register: str) -> bool:
    places = heading.places()
    return len(places) >= 2 and any(entry.is_key and entry.name in places for entry in FIELDS[register])


def _assign(labels: Sequence[str], register: str, choices: Mapping[str, str | None]) -> list[Column]:
    """Give every labelled column its field; each field goes to the columns that name it best."""
    columns, wishes = [], {}
    for number, label in enumerate(labels, 1):
        if not label:
            continue
        column = Column(number, label)
        columns.append(column)
        if normalise(label) in choices:
            column.field, column.how = choices[normalise(label)], How.BY_HAND
            continue
        found = meaning(label, register)
        column.how, column.rank = found.how, found.rank
        if found.field:
            wishes[number] = found
    taken: set[str | None] = {column.field for column in columns if column.field}
    by_number = {column.number: column for column in columns}
    _settle(wishes, by_number, taken, register)
    _lend(columns, taken, register)
    return columns


def _settle(
    wishes: dict[int, _Meaning], columns: dict[int, Column], taken: set[str | None], register: str
) -> None:
    joined = {entry.name for entry in FIELDS[register] if entry.is_joined}
    second: dict[int, _Meaning] = {}
    for wished in dict.fromkeys(found.field for found in wishes.values()):
        numbers = [number for number, found in wishes.items() if found.field == wished]
        best = min(wishes[number].rank for number in numbers)
        first = [number for number in numbers if wishes[number].rank == best and wished not in taken]
        if wished in joined and len({normalise(columns[number].written) for number in first}) == len(first):
            chosen, unsure = first, False
        else:
            chosen, unsure = first[:1], len(first) > 1
        for number in numbers:
            column, found = columns[number], wishes[number]
            if number in chosen:
                column.field, column.how = wished, How.AMBIGUOUS if unsure else found.how
            elif number in first:
                column.how = How.AMBIGUOUS
            elif found.else_field:
                second[number] = _Meaning(found.else_field, found.how, found.rank)
            else:
                column.how = How.SPARE
        if chosen:
            taken.add(wished)
    for number, found in second.items():
        column = columns[number]
        column.field, column.how = (None, How.SPARE) if found.field in taken else (found.field, found.how)
        taken.add(found.field)


def _lend(columns: list[Column], taken: set[str | None], register: str) -> None:
    """A list that names only the parties of the certificate still names a maker."""
    if register != "products" or "enterprise" in taken:
        return
    for role in ("applicant_name", "maker_name", "factory_name"):
        for column in columns:
            if column.field == role:
                column.field, column.also = "enterprise", role
                return
