"""What a field is: how it is called, how long it may be, what of a typed text is kept, and why a text is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catalog.fields.invalid import InvalidValue
from portal.core.text.deceptive import hidden_character, unseen_character
from portal.core.text.normalise import clean

NOTHING = frozenset(
    [
        "-",
        "--",
        "---",
        "—",
        "——",
        "———",
        "/",
        "//",
        "\\",
        "无",
        "暂无",
        "没有",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "空",
        "不详",
        "待定",
        "未知",
        ".",
        "。",
        "、",
        "*",
        "／",
        "－",
    ]
)
_LONGEST_NOTHING = max(map(len, NOTHING))
_SPACES_ALLOWED = 200  # of a text that is too long only because of what cleaning takes away


@dataclass(frozen=True)
class Field:
    """`rule` takes a text without what nobody can see, and gives what is stored, or raises InvalidValue.

    `is_required`: no row of the register is without it. `may_be_left_out`: a list that gives it badly is taken without it,
    and the operator is told; a form refuses it with the same sentence.
    """

    name: str
    label: str
    limit: int
    help: str = ""
    is_required: bool = False
    may_be_left_out: bool = False
    is_personal: bool = False  # never public, and quoted nowhere
    tidy: Callable[[str], str] = clean
    rule: Callable[[str], Any] = str
    empty: Any = ""
    is_key: bool = False  # chosen from a list: no word of it stands for nothing
    typed_limit: int = 0  # where more is typed than is stored: names of places become codes

    def read(self, raw: str) -> Any:
        """What is stored of a text; `empty` for one that says nothing. Raises InvalidValue, however long the text is at once."""
        longest = self.typed_limit or self.limit
        if len(raw) > 2 * longest + _SPACES_ALLOWED:
            raise self._too_long(len(raw), longest)
        if reason := hidden_character(raw):
            raise InvalidValue("hidden-character", label=self.label, reason=reason)
        text = self.tidy(raw)
        if not text or (says_nothing(text) and not self.is_key):
            return self.empty
        if len(text) > longest:
            raise self._too_long(len(text), longest)
        value = text if self.rule is str else self._ruled(text)
        if isinstance(value, str) and len(value) > self.limit:
            raise self._too_long(len(value), self.limit)
        return value

    def fault_of(self, stored: str) -> InvalidValue | None:
        """Why a text that was stored before the rule was asked cannot become public."""
        if reason := unseen_character(stored):
            return InvalidValue("hidden-character", label=self.label, reason=reason)
        try:
            self.read(stored)
        except InvalidValue as fault:
            return fault
        return None

    def _ruled(self, text: str) -> Any:
        try:
            return self.rule(text)
        except InvalidValue as fault:
            raise fault.of(self.label) from None

    def _too_long(self, size: int, limit: int) -> InvalidValue:
        return InvalidValue("too-long", label=self.label, size=size, limit=limit)


def says_nothing(text: str) -> bool:
    """Whether a clean text is empty, or one of the signs that people put for empty."""
    return not text or (len(text) <= _LONGEST_NOTHING and text.casefold() in NOTHING)
