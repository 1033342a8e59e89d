"""Characters that make a text another one than a reader sees. Here a text is told about, never changed."""

import unicodedata

_DIRECTING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LIKE_LATIN = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTYXaesijopcyxdqw" + "ABEZHIKMNOPTYXo",
        strict=True,
    )
)
_RADICALS = range(0x2E80, 0x2FE0)


def hidden_character(text: str) -> str:
    """A sentence about the first character that nobody can see and that steers machines or turns the text round; else ''."""
    for place, char in enumerate(text, 1):
        if char in _DIRECTING:
            return f"第 {place} 个字符是看不见的方向控制符，请删去它，或重新键入这一项。"
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\r\n":
            return f"第 {place} 个字符是看不见的控制字符，请删去它，或重新键入这一项。"
    return ""


def lookalike_character(text: str) -> str:
    """A sentence about the first letter of another alphabet, or radical, that is drawn like the character meant; else ''."""
    for char in text:
        if char in _LIKE_LATIN:
            return f"“{char}”是外文字母，只是看起来像“{_LIKE_LATIN[char]}”，请用键盘重新键入它。"
        if ord(char) in _RADICALS and (meant := unicodedata.normalize("NFKC", char)) != char:
            return f"“{char}”是部首符号，不是汉字“{meant}”，请用输入法重新键入它。"
    return ""


def foreign_letter(text: str) -> str:
    """A sentence about the first letter that no registered name has: neither Chinese nor Latin; else ''."""
    for char in text:
        if not char.isalpha() or char.isascii():
            continue
        name = unicodedata.name(char, "")
        if not name.startswith(("CJK", "LATIN", "FULLWIDTH LATIN", "IDEOGRAPHIC")):
            return f"“{char}”不是汉字或拉丁字母，登记的名称里不会有它，请核对后重新键入。"
    return ""
