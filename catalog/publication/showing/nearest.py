"""Certificate numbers that differ from a given one by one slip of the hand, or by two."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase, digits

from django.db.models import QuerySet

from catalog.publication.models import CertificateLine, ProductLine
from catalog.publication.models.bare import Bare
from catalog.publication.search.bitmaps import product_bitmaps
from catalog.publication.search.documents import PRODUCTS
from catalog.publication.search.printed import GRAM, GRAMS_OF_A_SLIP, MOST, lines_sharing
from catalog.publication.search.rows import UNSHOWN
from catalog.publication.standing import certificate_standing
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared
from portal.core.text.normalise import bare_number

ALPHABET = digits + ascii_uppercase
LONGEST = 40
# Signs that are read for each other on paper.
LOOK_ALIKE = str.maketrans("OQIZSB", "001258")
LOOK_ALIKE_BACK = str.maketrans("01258", "OIZSB")


@dataclass(frozen=True)
class Near:
    """A public certificate with a similar number, in words what differs, and its status."""

    line: CertificateLine
    words: str
    code: str


def near_numbers(key: str, reading: ReadAt, limit: int = 3) -> list[Near]:
    """Public certificates whose number is one slip away: a wrong, missing, additional or exchanged sign, or 0 for O; where
    there is none, two slips. Marks do not count.

    Every number one slip away is made and asked for by the index in one query, and what is two slips away shares most of its
    threes in the postings, so the length of the register does not matter.
    """
    bare = bare_number(key)
    if not 2 <= len(bare) <= LONGEST:
        return []
    found = with_bare(slips(bare), reading) or two_slips_away(bare, reading)
    nearest = sorted(found, key=lambda line: likelihood(bare, bare_number(line.number_key)))[:limit]
    return [
        Near(line, words_for(key, line.number_key), certificate_standing(line, reading.day).code)
        for line in nearest
    ]


def with_bare(numbers: Iterable[str], reading: ReadAt) -> list[CertificateLine]:
    """Public certificate lines with one of these numbers, whatever their marks; the newest first, at most MOST."""
    return _with_bare(edition=reading.edition, numbers=set(numbers))


def keys_with_bare(numbers: Iterable[str], reading: ReadAt) -> list[str]:
    """What these numbers are with their marks, where they are public."""
    return _keys_with_bare(edition=reading.edition, numbers=set(numbers))


@prepared
def _with_bare(edition, numbers):
    return bearing(numbers, edition).order_by("-id")[:MOST]


@prepared
def _keys_with_bare(edition, numbers):
    return bearing(numbers, edition).order_by("-id").values_list("number_key", flat=True)[:MOST]


def bearing(numbers: Iterable[str], edition: int) -> QuerySet[CertificateLine]:
    lines = CertificateLine.objects.public(edition).alias(bare=Bare("number_key")).defer(*UNSHOWN)
    return lines.filter(bare__in=numbers)


def two_slips_away(bare: str, reading: ReadAt) -> list[CertificateLine]:
    """Of the products whose certificate has the most threes in common, those that are at most two slips away."""
    if len(bare) < GRAM * 2:
        return []
    spoiled = min(2 * GRAMS_OF_A_SLIP, len(bare) - GRAM)
    numbers = _certificates_of(_sharing(bare, spoiled, reading))
    return with_bare((one for one in numbers if is_within_two(bare, one)), reading)


def holding(bare: str, reading: ReadAt) -> list[CertificateLine]:
    """Certificates whose number has this part in it: a beginning or an end was left out."""
    if len(bare) < GRAM + 1:
        return []
    numbers = _certificates_of(_sharing(bare, 0, reading))
    return with_bare((one for one in numbers if bare in one), reading)


def _sharing(bare: str, spoiled: int, reading: ReadAt) -> list[int]:
    return lines_sharing(PRODUCTS, bare, spoiled, product_bitmaps(reading.edition, reading.day).everything)


def _certificates_of(lines: list[int]) -> set[str]:
    numbers = ProductLine.objects.filter(pk__in=lines).values_list("certificate_number", flat=True)
    return {bare_number(number) for number in numbers if number} if lines else set()


def is_within_two(one: str, other: str) -> bool:
    """Optimal string alignment: wrong, missing, additional and exchanged signs count one each."""
    if abs(len(one) - len(other)) > 2:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        before_that, before, row = before, row, [at]
        for place, there in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (sign != there))
            is_exchange = at > 1 and place > 1 and sign == other[place - 2] and one[at - 2] == there
            row.append(min(cost, before_that[place - 2] + 1) if is_exchange else cost)
    return row[-1] <= 2


def words_for(asked: str, found: str) -> str:
    """What differs, with places as they are printed where the marks are the same."""
    if found in slips(asked, ALPHABET + "-()/."):
        return difference_in_words(asked, found)
    asked, found = bare_number(asked), bare_number(found)
    if found in slips(asked):
        return f"不计括号和连字符，{difference_in_words(asked, found)}"
    return "有两处不同"


def likelihood(asked: str, found: str) -> int:
    """0 for signs that look alike, 1 for two exchanged, 2 for any other slip."""
    if asked.translate(LOOK_ALIKE) == found.translate(LOOK_ALIKE):
        return 0
    return 1 if sorted(asked) == sorted(found) else 2


def slips(key: str, alphabet: str = ALPHABET) -> set[str]:
    """Every key that one slip would turn into this one."""
    cuts = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    exchanged = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    shortened = {head + tail[1:] for head, tail in cuts if tail}
    wrong = {head + char + tail[1:] for head, tail in cuts if tail for char in alphabet}
    lengthened = {head + char + tail for head, tail in cuts for char in alphabet}
    return (
        exchanged
        | shortened
        | wrong
        | lengthened
        | {key.translate(LOOK_ALIKE), key.translate(LOOK_ALIKE_BACK)}
    ) - {key, ""}


def difference_in_words(asked: str, found: str) -> str:
    """「第 14 位是 1，您输入 7」: where two keys part, told from the found one."""
    start = next((at for at, pair in enumerate(zip(asked, found, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return "末尾多了一位" if len(asked) > len(found) else "末尾少了一位"
    place = start + 1
    if len(asked) > len(found):
        return f"您多输入了第 {place} 位的 {asked[start]}"
    if len(asked) < len(found):
        return f"您少输入了第 {place} 位的 {found[start]}"
    if (
        asked[start : start + 2] == found[start : start + 2][::-1]
        and asked[start + 2 :] == found[start + 2 :]
    ):
        return f"第 {place}、{place + 1} 位是 {found[start : start + 2]}，您输入 {asked[start : start + 2]}"
    if asked[start + 1 :] == found[start + 1 :]:
        return f"第 {place} 位是 {found[start]}，您输入 {asked[start]}"
    return "数字 0 与字母 O 一类的字符不同"
