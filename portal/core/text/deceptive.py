"""Characters that make a text another one than a reader sees. Here a text is told about, never changed."""

import re
import unicodedata
from functools import lru_cache

from portal.core.text.normalise import is_unstorable

_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_LIKE_LATIN = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTYXaesijopcyxdqw" + "ABEZHIKMNOPTYXo",
        strict=True,
    )
)
_ALIKE = re.compile(f"[{''.join(_LIKE_LATIN)}\u2e80-\u2fdf]")
# What names are made of nearly always: only the rest is looked up one by one.
_RARE = re.compile(r"[^\x00-\x7f\u3000-\u3030\u3400-\u9fff\uff00-\uff5e]")


def hidden_character(text: str) -> str:
    """A sentence about the first character that nobody can see and that steers machines or turns the text round; else ''."""
    if (found := _HIDDEN.search(text)) is None:
        return ""
    kind = "控制字符" if unicodedata.category(found[0]) in ("Cc", "Cs") else "方向控制符"
    return f"第 {found.start() + 1} 个字符是看不见的{kind}，请删去它，或重新键入这一项。"


def unseen_character(text: str) -> str:
    """The same about any character that cleaning would have taken away: for texts that were stored uncleaned."""
    if text.isascii() and text.isprintable():
        return ""
    unseen = [char for char in set(text) if _is_unseen(char)]
    if not unseen:
        return ""
    place = min(text.index(char) for char in unseen) + 1
    return f"第 {place} 个字符看不见，请删去它，或重新键入这一项。"


@lru_cache(maxsize=16_384)
def _is_unseen(char: str) -> bool:
    return is_unstorable(char) and not char.isspace()


def lookalike_character(text: str) -> str:
    """A sentence about the first letter of another alphabet, or radical, that is drawn like the character meant; else ''."""
    if text.isascii() or not _ALIKE.search(text):
        return ""
    for found in _ALIKE.finditer(text):
        char = found[0]
        if char in _LIKE_LATIN:
            return f"“{char}”是外文字母，只是看起来像“{_LIKE_LATIN[char]}”，请用键盘重新键入它。"
        if (meant := unicodedata.normalize("NFKC", char)) != char:
            return f"“{char}”是部首符号，不是汉字“{meant}”，请用输入法重新键入它。"
    return ""


def foreign_letter(text: str) -> str:
    """A sentence about the first letter that no registered name has: neither Chinese nor Latin; else ''."""
    if not _RARE.search(text):
        return ""
    for found in _RARE.finditer(text):
        char = found[0]
        name = unicodedata.name(char, "") if char.isalpha() else "LATIN"
        if not name.startswith(("CJK", "LATIN", "FULLWIDTH LATIN", "IDEOGRAPHIC")):
            return f"“{char}”不是汉字或拉丁字母，登记的名称里不会有它，请核对后重新键入。"
    return ""
