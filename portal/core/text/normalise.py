"""Cleaning of text that people typed or that came out of a cell.

`clean()` is for storing: it takes away what nobody can see and keeps what was printed. The folds are for comparing: two texts
that a reader would call the same have the same fold. No function here refuses a text.
"""

import re
import unicodedata
from collections.abc import Callable

from portal.core.text.han import simplify

_UNSTORABLE = {"Cc", "Cf", "Cs"}  # control, zero-width and bidi, half of a surrogate pair
_BLANK = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800}  # letters by category, yet nothing is printed
_NONCHARACTERS_OF_EACH_PLANE = (0xFFFE, 0xFFFF)
_FULL_WIDTH_ALPHANUMERIC = {
    point for first, last in ("０９", "ＡＺ", "ａｚ") for point in range(ord(first), ord(last) + 1)
}

_SPACE_INSIDE_CHINESE = re.compile(
    r"(?<=[\u3001-\u303f\u3400-\u9fff\uff01-\uff60\U00020000-\U0003ffff]) "
    r"(?=[\u3001-\u303f\u3400-\u9fff\uff01-\uff60\U00020000-\U0003ffff])"
)
_VARIANT = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # selects the shape of the character before it

_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("[{<〈《「『【〔〖〘〚⟨⟪〝", "("),
        **dict.fromkeys("]}>〉》」』】〕〗〙〛⟩⟫〞〟", ")"),
        **dict.fromkeys("‐‑‒–—―−⁃➖﹘", "-"),
        **dict.fromkeys("•‧∙⋅●・᛫", "·"),
        **dict.fromkeys("“”„‟", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
        "×": "x",
        "〜": "~",
        "∼": "~",
    }
)
NUMBER_MARKS = "-()./·_:,#&+*"  # what stands between the signs of a number and is left out or swapped by hand
_NO_MARKS = dict.fromkeys(map(ord, NUMBER_MARKS))
_UNIFIED_NUMBER = {key: value for key, value in _UNIFIED.items() if value in ("(", ")", "-")}


class _Stored(dict[int, str]):
    """Translation table that decides about a character when it is first met: cells come by the million."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        if char.isspace():
            char = " "
        elif is_unstorable(char):
            char = ""
        elif point in _FULL_WIDTH_ALPHANUMERIC:
            char = chr(point - 0xFEE0)
        return self.setdefault(point, char)


_STORED = _Stored()


def clean(text: str) -> str:
    """`text` as it may be stored: visible characters, single spaces, half-width letters and digits.

    Chinese punctuation such as （） stays as it was printed, and so does every character outside the BMP.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(text.translate(_STORED).split())


def clean_name(text: str) -> str:
    """`clean()` for the name of a firm or product: a line break or a space between two Chinese characters goes too."""
    return _SPACE_INSIDE_CHINESE.sub("", clean(text))


def fold(text: str) -> str:
    """The key by which names are compared: 「示例（厦门）建材」, "示例(廈門) 建材" are one. Folding twice changes nothing."""
    return _settled(_fold_once, clean(text))


def fold_number(text: str) -> str:
    """The key by which certificate numbers are compared (`Certificate.number_key`); the printed number is kept beside it."""
    return _settled(_fold_number_once, clean(text))


def bare_number(text: str) -> str:
    """What is left of a number without its marks: CABR-01(02) and cabr0102 are one. The database says the same (`Bare`)."""
    return fold_number(text).translate(_NO_MARKS)


def is_unstorable(char: str) -> bool:
    point = ord(char)
    if unicodedata.category(char) in _UNSTORABLE or point in _BLANK:
        return True
    return point & 0xFFFF in _NONCHARACTERS_OF_EACH_PLANE or 0xFDD0 <= point <= 0xFDEF


def _settled(step: Callable[[str], str], text: str) -> str:
    """Case mapping and NFKC can each undo the other for a few letters: repeat until nothing moves."""
    while (after := step(text)) != text:
        text = after
    return text


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_UNIFIED).casefold()
    return simplify(_VARIANT.sub("", "".join(text.split())))


def _fold_number_once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_UNIFIED_NUMBER).upper()
    return _VARIANT.sub("", "".join(text.split()))
