"""How search sees a text: every character in its plainest form, in runs of Chinese and runs of letters and digits.

Each character is changed by itself, so a part of a text looks the same as the same part inside the whole: that is what makes a
half-remembered name or number findable.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from portal.core.text.han import CUT, is_han, simplify

_BREAK = "\n"  # between two things in one text: nothing is matched across it
_SPACE = " "
_MARK = "\t"  # punctuation inside a name or number: matched across
_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029,;、，；。|｜")
_TIMES = frozenset("×✕✖╳*＊")

# 600 800 are two sizes, not 600800; OCTO TILE on the other hand is also typed OCTOTILE.
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) (?= *[0-9])")
_WORD = re.compile(r"[^\n\t ]+")


class Run(NamedTuple):
    text: str
    is_han: bool

    def grams(self, length: int) -> list[str]:
        return [self.text[start : start + length] for start in range(len(self.text) - length + 1)]

    @property
    def is_latin(self) -> bool:
        return self.text.isascii() and self.text.isalpha()


def plain_char(char: str) -> str:
    """Half width, no accent, lower case, simplified; the marks above stand for what is no letter or digit."""
    if char in _BREAKS:
        return _BREAK
    if char.isspace():
        return _SPACE
    if char in _TIMES:
        return "x"
    decomposed = "".join(
        part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)
    )
    plain = unicodedata.normalize("NFKD", simplify(decomposed.casefold()))
    return "".join(part if part.isalnum() or is_han(part) else _MARK for part in plain)


class _Plain(dict[int, str]):
    def __missing__(self, point: int) -> str:
        return self.setdefault(point, plain_char(chr(point)))


_PLAIN = _Plain()


@lru_cache(256)
def plain(text: str) -> str:
    """`text` with marks, spaces and breaks still in their places. Kept while the same text is asked for segments and words."""
    spread = text.translate(_PLAIN)
    return _BETWEEN_DIGITS.sub(_BREAK, spread) if _SPACE in spread else spread


def segments(text: str) -> list[str]:
    """The parts between breaks, with all marks and spaces taken out: "CABR-01(02)" → ["cabr0102"]."""
    squeezed = plain(text).replace(_MARK, "").replace(_SPACE, "")
    return [segment for segment in squeezed.split(_BREAK) if segment]


def positions(text: str) -> tuple[str, list[int]]:
    """The segments in one string with breaks between them, and for each of its characters the place in `text` it came from."""
    spread = [(part, place) for place, char in enumerate(text) for part in _PLAIN[ord(char)]]
    marked = _BETWEEN_DIGITS.sub(_BREAK, "".join(part for part, _ in spread))
    kept = [
        (part, place) for part, (_, place) in zip(marked, spread, strict=True) if part not in (_MARK, _SPACE)
    ]
    return "".join(part for part, _ in kept), [place for _, place in kept]


def words(text: str) -> list[str]:
    """The parts between breaks, spaces and marks: "CABR-01(02)" → ["cabr", "01", "02"]."""
    return _WORD.findall(plain(text))


def runs(segment: str) -> list[Run]:
    """A segment or word cut where Chinese meets letters and digits."""
    if segment.isascii():
        return [Run(segment, is_han=False)] if segment else []
    return [Run(part[0], part[1] is not None) for part in CUT.finditer(segment)]
