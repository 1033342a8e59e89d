"""Certificate numbers that differ from a given one by one slip of the hand."""

from dataclasses import dataclass
from string import ascii_uppercase, digits

from catalog.publication.models import CertificateLine
from catalog.publication.standing import certificate_standing
from portal.core.pages.reading import ReadAt

ALPHABET = digits + ascii_uppercase + "-()/."
LONGEST = 40
MOST = 200  # looked at before the likeliest are chosen
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
    """Public certificates whose number is one slip away: a wrong, missing, additional or exchanged character, or 0 for O.

    Every such number is made and asked for by the index in one query, so the length of the register does not matter.
    """
    if not 2 <= len(key) <= LONGEST:
        return []
    found = CertificateLine.objects.public(reading.edition).filter(number_key__in=slips(key)).order_by("-id")
    nearest = sorted(found[:MOST], key=lambda line: likelihood(key, line.number_key))[:limit]
    return [
        Near(line, difference_in_words(key, line.number_key), certificate_standing(line, reading.day).code)
        for line in nearest
    ]


def likelihood(asked: str, found: str) -> int:
    """0 for signs that look alike, 1 for two exchanged, 2 for any other slip."""
    if asked.translate(LOOK_ALIKE) == found.translate(LOOK_ALIKE):
        return 0
    return 1 if sorted(asked) == sorted(found) else 2


def slips(key: str) -> set[str]:
    """Every key that one slip would turn into this one."""
    cuts = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    exchanged = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    shortened = {head + tail[1:] for head, tail in cuts if tail}
    wrong = {head + char + tail[1:] for head, tail in cuts if tail for char in ALPHABET}
    lengthened = {head + char + tail for head, tail in cuts for char in ALPHABET}
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
