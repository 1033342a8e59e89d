"""The numbers in what somebody typed or pasted: labels, quotes, addresses of this site and talk around them are left out.

Marks, case and width of a number itself are no concern here; `bare_number` compares without them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

from portal.core.text.han import is_han
from portal.core.text.normalise import bare_number
from portal.core.text.numbers import parse_number
from portal.core.text.uscc import verdict

# Of any host: a page is also handed on by the address of a mirror or by a path. Taken word by word and with nothing greedy
# in front: a pattern that may begin anywhere costs the square of what a stranger pastes.
_WORD = re.compile(r"[!-~\uff08\uff09\uff0d\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")
_SIGNS = {
    ord("№"): "No.",
    **dict.fromkeys(range(0x2460, 0x249C), "\n"),
}  # ① ⑴ ⒈ count numbers and are no part of one
_OF_A_PAGE = re.compile(r"/(?:products|enterprises)/([^/?#]+)", re.I)
_OF_A_CHECK = re.compile(r"/check/\?", re.I)
_ASKED = re.compile(r"[?&]number=([^&#]+)", re.I)
_LONGEST_ADDRESS = 500
_LABEL = re.compile(
    r"[\u4e00-\u9fff][\u4e00-\u9fff()]{0,13}\s*:|(?:认证)?证书编?号码?|清单编号|产品编号|统一社会信用代码|信用代码|编号"
    r"|(?:^|(?<=[\s:\u4e00-\u9fff]))NO\s*[.:]\s*",
    re.I,
)
_PARTING = re.compile(r"[\n\r\t,;、。|!?]+")
_QUOTES = " \"'`“”‘’「」『』《》〈〉.:"
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_LATIN = re.compile(r"[0-9A-Za-z][^\s\u4e00-\u9fff]*")
_SHORTEST, _SURE = 4, 8  # signs of what may be a number, and of what nobody would take for anything else


@dataclass(frozen=True)
class Piece:
    """What stood between two breaks: one number, or several with spaces or words between them."""

    whole: str
    parts: tuple[str, ...]


def pieces(text: str) -> list[Piece]:
    text = unicodedata.normalize("NFKC", _WORD.sub(_number_of_address, text).translate(_SIGNS))
    written = dict.fromkeys(part.strip(_QUOTES) for part in _PARTING.split(_LABEL.sub("\n", text)))
    found = {bare_number(part): Piece(part, tuple(_parts(part))) for part in written if _says(part)}
    with_digits = [piece for piece in found.values() if _has_digit(piece.whole)]
    long = [piece for piece in with_digits if len(bare_number(piece.whole)) >= _SHORTEST]
    return long or with_digits or list(found.values())


def candidates_in(text: str) -> list[str]:
    """Every text that `numbers_in` may ask about: look them up at once."""
    return [text, *(one for piece in pieces(text) for one in (piece.whole, *piece.parts))]


def numbers_in(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """What is asked for, in the order of the text, each once. A space may stand inside a number or between two: `is_known`
    says of a text whether it is a number, and decides.
    """
    if is_known(text):
        return [text.strip(_QUOTES)]
    numbers = {bare_number(number): number for piece in pieces(text) for number in _read(piece, is_known)}
    if any(map(is_known, numbers.values())):
        numbers = {bare: number for bare, number in numbers.items() if _is_sure(number) or is_known(number)}
    return list(numbers.values()) or [text]


def is_code(text: str) -> bool:
    """Whether its check digit says that it is a product number or a credit code."""
    return parse_number(text) is not None or verdict(text).is_valid


def _read(piece: Piece, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    if is_known(piece.whole):
        return (piece.whole,)
    sure = tuple(part for part in piece.parts if _is_sure(part))
    if known := [part for part in piece.parts if is_known(part)]:
        others = (part for part in sure if not any(one in part for one in known))
        return tuple(part for part in piece.parts if part in {*known, *others})
    is_several = len(sure) > 1 and len(sure) == len(piece.parts)
    is_in_words = len(sure) == 1 and any(map(is_han, piece.whole)) and len(bare_number(sure[0])) > _SURE
    return sure if is_several or is_in_words else (piece.whole,)


def _parts(piece: str) -> Iterator[str]:
    for word in piece.split():
        for part in _LATIN.findall(word) if any(map(is_han, word)) else [word]:
            halves = part.split("/") if "/" in part else []
            for one in (part, *halves):
                one = one.strip(_QUOTES)
                if len(bare_number(one)) >= _SHORTEST and _has_digit(one) and not _DATE.fullmatch(one):
                    yield one


def _number_of_address(match: re.Match[str]) -> str:
    word: str = match[0]
    if len(word) > _LONGEST_ADDRESS:
        return word
    found = _OF_A_PAGE.search(word)
    if found is None and (check := _OF_A_CHECK.search(word)):
        found = _ASKED.search(word, check.end() - 1)
    return f"\n{unquote_plus(found[1])}\n" if found else word


def _is_sure(text: str) -> bool:
    """Nobody would take it for anything but a number."""
    return len(bare_number(text)) >= _SURE and not any(map(is_han, text))


def _says(part: str) -> bool:
    """Something, and more than a date."""
    return bool(bare_number(part)) and not _DATE.fullmatch(part)


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)
