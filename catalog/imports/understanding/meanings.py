"""What a heading says by itself: in the words of the table, without notes and numbering, or by the words it ends with."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from portal.core.text.han import simplify
from portal.core.text.normalise import clean

from .heading_words import BARE, FIELDS, FOREIGN, FOREIGN_TO, GRADES, IGNORED, OF_THE_CERTIFICATE, Field

LONGEST = 60  # characters; a longer cell is no heading
LONGEST_CHOSEN = 100  # of one that somebody gave its field by hand
_LONGEST_READ = (
    4 * LONGEST_CHOSEN
)  # every cell of the first rows may be a heading, and hold what Excel allows
_NOISE = re.compile(r"[\s*:：、,，;；。.·…_\-—/\\|#＊※★☆\"'“”‘’]+")
_BRACKETS = re.compile(r"[(（\[【〔{〈《<][^()（）\[\]【】〔〕{}〈〉《》<>]*[)）\]】〕}〉》>]")
_BRACKET = re.compile(r"[()（）\[\]【】〔〕{}〈〉《》<>]")
_NUMBERING = re.compile(r"^(?:[(（]?[一二三四五六七八九十]{1,2}[)）、.．]|[(（]?\d{1,2}[)）、.．])\s*")
_FOREIGN_WORDS = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ.'’&/ -]*[A-Za-zÀ-ɏ.]")
_IN_ANOTHER_LANGUAGE = re.compile(r"(?<!中)(?:英文|外文|英语|拼音)")
HAN = re.compile(r"[\u3400-\u9fff]")
_AND = ("及", "和", "与", "或")


class How(StrEnum):
    """How a column came to its field, or why it has none."""

    BY_HAND = "by_hand"
    EXACT = "exact"
    WITHOUT_NOTE = "without_note"  # after its bracketed note was left out
    ENDING = "ending"  # by the words it ends with
    SPARE = "spare"  # understood, but another column names the field better
    AMBIGUOUS = "ambiguous"  # two columns name the field equally well
    UNLIKE = "unlike"  # the heading is understood, and the values are something else
    IGNORED = "ignored"  # understood, has no place in this register
    UNKNOWN = "unknown"


def normalise(text: str) -> str:
    """A heading without spaces, line breaks, numbering, brackets and marks: what the word table holds."""
    text = unicodedata.normalize("NFKC", simplify(clean(text[:_LONGEST_READ])))
    text = _NUMBERING.sub("", text.strip().lstrip("*＊"))
    return _BRACKET.sub("", _NOISE.sub("", text)).casefold()[:LONGEST_CHOSEN]


def without_note(text: str) -> str:
    """The same without what stands in brackets: 「星级（一/二/三）」 -> 星级."""
    text = unicodedata.normalize("NFKC", clean(text))
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    return normalise(text.split("(")[0] if "(" in text else text)


def chinese_in(text: str) -> str:
    """The Chinese half of a heading in two languages; '' where there are no two."""
    rest = _FOREIGN_WORDS.sub("", unicodedata.normalize("NFKC", clean(text)))
    return normalise(rest) if rest != text and HAN.search(rest) else ""


def shown(text: str) -> str:
    """A heading on one line, as it is named to people."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Meaning:
    field: str | None
    how: How
    rank: tuple[int, int]  # smaller is surer: how it was found, strong or weak word
    else_field: str = ""


NOTHING = Meaning(None, How.UNKNOWN, (9, 9))


@lru_cache(maxsize=4)
def words_of(register: str) -> dict[str, tuple[Field, int]]:
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
def meaning(written: str, register: str) -> Meaning:
    """What a heading says by itself, without its neighbours."""
    if not written.strip() or len(written) > LONGEST or _IN_ANOTHER_LANGUAGE.search(written):
        return NOTHING
    words, ignored = words_of(register), _ignored(register)
    chinese = chinese_in(written)
    for order, (how, text) in enumerate(
        (
            (How.EXACT, normalise(written)),
            (How.WITHOUT_NOTE, without_note(written)),
            (How.WITHOUT_NOTE, chinese),
        )
    ):
        order = min(order, 1)
        if found := words.get(text):
            return Meaning(found[0].name, how, (order, found[1]), found[0].else_field if found[1] else "")
        if text in ignored:
            return Meaning(None, How.IGNORED, (9, 9))
    ending = _by_ending(without_note(written) or normalise(written), register)
    return _by_ending(chinese, register) if ending is NOTHING and chinese else ending


def _by_ending(text: str, register: str) -> Meaning:
    """Chinese headings end with what they are: 绿色建材产品认证证书编号 is a 证书编号."""
    words, ignored = words_of(register), _ignored(register)
    for start in range(1, len(text) - 1):
        before, ending = text[:start], text[start:]
        if ending in ignored:
            return Meaning(None, How.IGNORED, (9, 9))
        found = words.get(ending)
        if not found:
            continue
        foreign = (*FOREIGN, *FOREIGN_TO.get(found[0].name, ()))
        if found[0].name == "star" and before in GRADES:
            return NOTHING
        is_bare = ending in BARE and not any(word in before for word in OF_THE_CERTIFICATE)
        if is_bare or any(word in before for word in foreign) or _is_another(before, found[0], words):
            return NOTHING
        return Meaning(found[0].name, How.ENDING, (2, found[1]), found[0].else_field if found[1] else "")
    return NOTHING


def _is_another(before: str, found: Field, words: Mapping[str, tuple[Field, int]]) -> bool:
    """「产品名称及规格型号」 is two things in one cell: nothing is taken for either."""
    if not before.endswith(_AND):
        return False
    other = words.get(before[:-1])
    return other is not None and other[0] is not found
