"""Telephone numbers as people write them, and the one way in which each is kept.

（0592）1234567, 0592 — 1234567 → 0592-1234567; 138 1234 1234 → 13812341234; 400-800-8000转8 → 400-800-8000 转 8;
several numbers in one text are kept with 、 between them, the short ends of a switchboard (1234567/68) with a stroke.
"""

import re

from catalog.fields.invalid import InvalidValue

FEWEST_DIGITS = 5  # service numbers such as 12345, 95598
MOST_DIGITS = 15  # E.164
_FEWEST_BETWEEN_SPACES = 7

_HALF_WIDTH = str.maketrans(
    {
        **dict.fromkeys("（［【〔", "("),
        **dict.fromkeys("）］】〕", ")"),
        **dict.fromkeys("‐‑‒–—―−－﹣", "-"),
        **dict.fromkeys("，；;、|", ","),
        "／": "/",
        "：": ":",
        "＋": "+",
        "＃": "#",
        "＊": "*",
    }
)
# A run is read from its beginning alone: begun anew at each of its signs it costs the square of what was typed.
_BETWEEN = re.compile(r"(?<!\s)\s*([,/])[\s,/]*")
_EXTENSION = re.compile(r"(?<![\s,(])[\s,(]*(?:转|分机|ext\.?|#|\*)[\s:]*([0-9]{1,6})\)?", re.IGNORECASE)
_EXTENSION_KEPT = re.compile(r"[0-9]{0,6}")  # 转 with nothing behind it is left out
_AREA = re.compile(r"\(\s*(\+?[0-9]{2,4})\s*\)[\s-]*")
_SEPARATOR = re.compile(r"[\s-]+")
_NUMBER = re.compile(r"\+?[0-9]+(?:[\s-]+[0-9]+)*")
_SHORT_END = re.compile(r"[0-9]{1,4}")
_LETTER = "0-9A-Za-z\u00c0-\u04ff"  # beside one of these a number may be half of a misspelt one
_WITHIN = re.compile(
    rf"(?<![{_LETTER}])(?<![{_LETTER}]-)\+?\(?[0-9][0-9() \-]{{5,}}[0-9](?:\s*[/,]\s*[0-9][0-9-]*)*"
    rf"(?:\s*(?:转|分机|ext\.?|#|\*)\s*[0-9]{{1,6}})?(?![{_LETTER}])",
    re.IGNORECASE,
)
_FILLING = re.compile(r"[\s,/:()（）;；-]+|(?:联系)?电话|手机|座机|tel\.?", re.IGNORECASE)
_MOBILE = re.compile(r"(\+86-?|0086-?|86-?)?(1[3-9][0-9]{9})")


def phone_numbers(text: str) -> str:
    """The numbers in a text in the way they are kept. Raises InvalidValue where anything else stands in it."""
    # Extensions first: the comma of 「1234567，转8」 parts no numbers.
    marked = _EXTENSION.sub(r"转\1", text.translate(_HALF_WIDTH))
    parts = _BETWEEN.split(marked.strip(" ,/"))
    kept = _several(parts[0])
    for between, part in zip(parts[1::2], parts[2::2], strict=True):
        kept += f"/{part}" if between == "/" and _SHORT_END.fullmatch(part) else f"、{_several(part)}"
    return kept


def numbers_within(text: str) -> tuple[str, str]:
    """The numbers in a text that says more, in the way they are kept, and what else it says. Raises InvalidValue without any.

    「张三 13800138000」 is a number and a name; 「0592—1234567（销售部）」 a number and a note.
    """
    halved = text.translate(_HALF_WIDTH)
    found = list(_WITHIN.finditer(halved))
    numbers = [kept for match in found if (kept := _readable(match[0]))]
    if not numbers:
        raise InvalidValue("phone")
    rest = _WITHIN.sub(lambda match: " " if _readable(match[0]) else match[0], halved)
    return "、".join(dict.fromkeys(numbers)), " ".join(_FILLING.sub(" ", rest).split())


def _readable(text: str) -> str:
    try:
        return phone_numbers(text.strip(" -,/"))
    except InvalidValue:
        return ""


def is_mobile(phone: str) -> bool:
    """Whether one of the numbers is a mobile one: it belongs to a person, and stays internal unless it is the unit's."""
    return any(_MOBILE.fullmatch(_SEPARATOR.sub("", number)) for number in re.split("[、/]", phone))


def _several(part: str) -> str:
    """One number; or several with only spaces between them, each long enough to be none's half."""
    pieces = part.split()
    if len(pieces) > 1 and all(map(_stands_alone, pieces)):
        return "、".join(map(_one, pieces))
    if one := _one(part):
        return one
    raise InvalidValue("phone")


def _stands_alone(piece: str) -> bool:
    """「1234567 7654321」 are two; with a country in front, 「00860592 1234567」 is one."""
    return (
        _digits(piece) >= _FEWEST_BETWEEN_SPACES and not piece.startswith(("+", "00")) and bool(_one(piece))
    )


def _one(text: str) -> str:
    """A single number as it is kept; '' where the text is none."""
    number, _, extension = text.partition("转")
    if not _EXTENSION_KEPT.fullmatch(extension):
        return ""
    number = _AREA.sub(r" \1-", number, count=1).strip()
    if not _NUMBER.fullmatch(number) or not FEWEST_DIGITS <= _digits(number) <= MOST_DIGITS:
        return ""
    if mobile := _MOBILE.fullmatch(_SEPARATOR.sub("", number)):
        kept = f"+86-{mobile[2]}" if mobile[1] else mobile[2]
    else:
        kept = _SEPARATOR.sub("-", number)
    return f"{kept} 转 {extension}" if extension else kept


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)
