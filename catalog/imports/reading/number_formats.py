"""What a number looks like under the number format of its cell, where that is more than its digits: 00123456, CTC-0017.

Rounding, grouping and scientific notation hide digits and add none: such a format leaves the number as it is.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from functools import lru_cache

BUILT_IN = {2: "0.00", 4: "#,##0.00", 9: "0%", 10: "0.00%", 12: "# ?/?", 13: "# ??/??"}
DATES_BUILT_IN = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])

_SECTION = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[^;]', re.S)
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|(\[[^\]]*\])|_.|\*.|(General|G/通用格式)|(.)', re.S | re.I
)
_DATE = re.compile(r"[ymdhs]|AM/PM|上午", re.I)
_LEFT_OUT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|General|G/通用格式|[Ee][+-]', re.S)
_CONDITION = re.compile(r"\[\s*[<>=]")


class NotFollowed(ValueError):
    """What the sheet shows cannot be worked out."""


@dataclass(frozen=True)
class _Section:
    """`parts`: literals, and 0 # ? for digits, on both sides of the point."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    percents: int = 0
    is_general: bool = False

    @property
    def is_plain(self) -> bool:
        if self.is_general:
            return not (self.before or self.after)
        places = [part for part in self.before if part in _PLACES]
        return bool(places) and not self.after and places == list(self.before) and places.count("d0") < 2


_PLACES = ("d0", "d#", "d?")


@dataclass(frozen=True)
class Shape:
    """A format that shows more than the digits."""

    code: str
    sections: tuple[_Section, ...]

    def show(self, value: float) -> str | None:
        """The text; None where the number itself says more. Raises NotFollowed."""
        section, number = self._section(value)
        if not (section.before or section.after or section.is_general):
            raise NotFollowed(self.code)  # ;;; shows nothing at all
        if section.is_general:
            return "".join((*section.before, f"{number:.15g}", *section.after))
        places = len([part for part in section.after if part in _PLACES])
        try:
            exact = Decimal(repr(number)) * 100**section.percents
            shown = round(exact, places)
            is_rounded = abs(shown - exact) > Decimal("1e-9")
        except DecimalException as error:  # more digits than it counts, or no number at all
            raise NotFollowed(self.code) from error
        if is_rounded:
            if section.before.count("d0") > 1:
                raise NotFollowed(self.code)
            return None
        whole, _, rest = f"{abs(shown):.{places}f}".partition(".")
        sign = "-" if shown < 0 else ""
        return sign + _whole(section.before, whole) + _rest(section.after, rest)

    def _section(self, value: float) -> tuple[_Section, float]:
        if not self.sections:
            raise NotFollowed(self.code)
        if value < 0 and len(self.sections) > 1:
            return self.sections[1], -value
        if value == 0 and len(self.sections) > 2:
            return self.sections[2], value
        return self.sections[0], value


def is_date(code: str) -> bool:
    return bool(_DATE.search(_LEFT_OUT.sub("", code)))


@lru_cache(maxsize=512)
def follow(code: str) -> Shape | None:
    """How a format shows numbers; None where it adds nothing to the digits, or makes them a day."""
    if not code or code == "@" or is_date(code):
        return None
    texts = _sections(code)
    numeric = [text for text in texts if "@" not in _LEFT_OUT.sub("", text)]
    if _CONDITION.search(code) or any("/" in _LEFT_OUT.sub("", text) for text in numeric):
        return Shape(code, ())
    if any(re.search(r"[0#?]\s*[Ee][+-]", text) for text in numeric):
        return None
    sections = tuple(map(_section, numeric))
    return None if all(section.is_plain for section in sections) else Shape(code, sections)


def _sections(code: str) -> list[str]:
    """Parted at the semicolons that stand outside of quotes."""
    texts, start = [], 0
    while start <= len(code):
        at = start
        while at < len(code) and code[at] != ";":
            match = _SECTION.match(code, at)
            at = match.end() if match else at + 1
        texts.append(code[start:at])
        start = at + 1
    return texts


def _section(text: str) -> _Section:
    before: list[str] = []
    after: list[str] = []
    side, percents, general = before, 0, False
    for quoted, escaped, currency, bracket, is_general, char in _TOKEN.findall(text):
        if bracket:
            continue  # a colour
        if is_general:
            general, side = True, after
        elif literal := quoted or escaped or currency:
            side.append(literal)
        elif char == ".":
            side = after
        elif char and char in "0#?":
            side.append(f"d{char}")
        elif char == "%":
            percents += 1
            side.append(char)
        elif char and char != ",":
            side.append(char)
    return _Section(tuple(before), tuple(after), percents, general)


def _whole(parts: tuple[str, ...], digits: str) -> str:
    """Digits go to their places from the right; those left over stand at the first place."""
    digits = digits.lstrip("0")
    places = [at for at, part in enumerate(parts) if part in _PLACES]
    shown = list(parts)
    for at in reversed(places):
        digits, digit = digits[:-1], digits[-1:]
        shown[at] = digit or ("0" if parts[at] == "d0" else "")
    if places and digits:
        shown[places[0]] = digits + shown[places[0]]
    return "".join(shown)


def _rest(parts: tuple[str, ...], digits: str) -> str:
    """Behind the point; 0 keeps its place, the others only for a digit."""
    left, shown = digits, []
    for part in parts:
        if part not in _PLACES:
            shown.append(part)
            continue
        digit, left = left[:1], left[1:]
        shown.append(digit if part == "d0" or (digit + left).strip("0") else "")
    point = "." if any(part in _PLACES for part in parts) and any(text.isdigit() for text in shown) else ""
    return point + "".join(shown)
