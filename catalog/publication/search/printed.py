"""Numbers and models as they are printed, found by most of their signs: from the postings, whatever the length of the list."""

from collections.abc import Iterator
from itertools import accumulate, pairwise

from pyroaring import AbstractBitMap, BitMap

from catalog.publication.models import EnterpriseLine, ProductLine
from portal.core.index.postings import fetch
from portal.core.text.han import is_han
from portal.core.text.runs import words

from .asking.slips import ALIKE, is_one_slip, likeness
from .asking.vocabulary import squeeze
from .documents import ENTERPRISES, PRODUCTS

MOST = 200  # looked at before the likeliest are chosen
GRAM, GRAMS_OF_A_SLIP = 3, 4  # an exchange of two signs spoils four threes, any other slip at most three
_SHORTEST, _SHORTEST_OF_LETTERS, _LONGEST = 4, 5, 40
_SHORT = 8  # below this a slip spoils too many of the threes: twos are compared
_MOST_WORDS = 8  # CABR-01(02)-(2025)-CGP-035 has six
_PRINTED = {
    PRODUCTS: (
        ProductLine,
        ("certificate_number", "number", "models_text", "brand", "name", "enterprise_uscc"),
    ),
    ENTERPRISES: (EnterpriseLine, ("uscc",)),
}
_NAMED = {
    PRODUCTS: (ProductLine, ("name", "brand", "enterprise_name")),
    ENTERPRISES: (EnterpriseLine, ("name",)),
}
_SHORTEST_NAME, _LONGEST_NAME = 3, 20


def lines_sharing(
    collection: str, text: str, spoiled: int, bitmap: AbstractBitMap, length: int = GRAM
) -> list[int]:
    """Lines of `bitmap` that have all runs of `length` signs of a text but `spoiled`, those with the most first. MOST of them."""
    text = text.lower()
    grams = {text[at : at + length] for at in range(len(text) - length + 1)}
    postings = fetch(collection, grams)
    missing: list[AbstractBitMap] = [BitMap(bitmap)]
    missing += [BitMap() for _ in range(spoiled)]
    for gram in grams:
        having = postings[gram]
        kept = [missing[0] & having]
        kept += [(now & having) | (before - having) for before, now in pairwise(missing)]
        missing = kept
    return [line for lines in missing for line in _newest(lines)][:MOST]


def printed_near(collection: str, typed: str, bitmap: AbstractBitMap) -> str:
    """The model or number, or the part of one, that is one slip away from what was typed; empty where there is none."""
    word = squeeze(typed)
    if all(map(is_han, word)):
        return _named_near(collection, word, bitmap)
    shortest = _SHORTEST if any(map(str.isdigit, word)) else _SHORTEST_OF_LETTERS
    if not shortest <= len(word) <= _LONGEST or any(map(is_han, word)):
        return ""
    length = GRAM if len(word) >= _SHORT else GRAM - 1
    spoiled = min(length + 1, len(word) - length)
    model, columns = _PRINTED[collection]
    lines = lines_sharing(collection, word, spoiled, bitmap, length)
    rows = model.objects.filter(pk__in=lines).values_list(*columns) if lines else ()
    near = (
        (printed != whole, key, printed)
        for whole in {text for row in rows for text in row}
        for key, printed in _parts(whole, len(word) + 1)
        if is_one_slip(word, key)
    )
    return min(near, default=(False, "", ""))[-1]


def _named_near(collection: str, word: str, bitmap: AbstractBitMap) -> str:
    """The part of a name, the same sound first."""
    if not _SHORTEST_NAME <= len(word) <= _LONGEST_NAME:
        return ""
    model, columns = _NAMED[collection]
    lines = lines_sharing(collection, word, min(3, len(word) - 2), bitmap, 2)
    rows = model.objects.filter(pk__in=lines).values_list(*columns) if lines else ()
    names = {squeeze(name) for row in rows for name in row}
    parts = {
        name[start : start + length]
        for name in names
        for length in (len(word), len(word) - 1, len(word) + 1)
        for start in range(len(name) - length + 1)
    }
    near = (
        (likeness(word, part), abs(len(part) - len(word)), part) for part in parts if is_one_slip(word, part)
    )
    rank, _difference, part = min(near, default=(0, 0, ""))
    return part if rank <= ALIKE or len(word) > _SHORTEST_NAME else ""


def _parts(text: str, longest: int) -> Iterator[tuple[str, str]]:
    """A text and the words in a row of it up to a length, squeezed and as they are shown: one product may have hundreds of models."""
    found = [word for word in words(text) if not any(map(is_han, word))]
    yield "".join(found), text
    for start in range(len(found)):
        for joined in accumulate(found[start : start + _MOST_WORDS]):
            if len(joined) > longest:
                break
            yield joined, joined.upper()


def _newest(lines: AbstractBitMap) -> Iterator[int]:
    return reversed(list(lines[max(0, len(lines) - MOST) :]) if lines else [])
