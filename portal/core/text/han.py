"""Chinese characters: which they are, and their simplified form."""

import re
from functools import lru_cache

_RANGES = (
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),  # 々 〆 〇
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFD),  # extensions B and later, compatibility supplement
)
_CLASS = "".join(f"{chr(first)}-{chr(last)}" for first, last in _RANGES)
CUT = re.compile(f"([{_CLASS}]+)|[^{_CLASS}]+")  # group 1 is there where the part is Chinese


def is_han(char: str) -> bool:
    point = ord(char)
    return any(first <= point <= last for first, last in _RANGES)


def simplify(text: str) -> str:
    """Traditional characters to simplified ones, each by itself.

    A converter that looks at phrases writes 乾 differently in 乾隆 and 乾貨, so a part of a text would not match the text it was
    cut from. Here 捲 is 卷 wherever it stands: right for comparing, not for printing.
    """
    return text if text.isascii() else text.translate(_simplified())


def simplified_pairs() -> tuple[str, str]:
    """The characters that are simplified, and in the same order what each becomes."""
    pairs = sorted((chr(point), plain) for point, plain in _simplified().items())
    return "".join(old for old, _new in pairs), "".join(new for _old, new in pairs)


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """About 5,100 pairs from OpenCC's tables, read in 40 ms at the first text that is not ASCII."""
    from opencc import OpenCC

    chars = [chr(point) for first, last in _RANGES for point in range(first, last + 1)]
    converted = OpenCC("t2s").convert("\n".join(chars)).split("\n")
    pairs = {char: plain for char, plain in zip(chars, converted, strict=True) if char != plain}
    return {ord(char): pairs.get(plain, plain) for char, plain in pairs.items()}
