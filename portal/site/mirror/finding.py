"""The search of a copy: the postings of the site's own index, in parts that a browser loads as it needs them.

A part is a script that hands its content to `mirror.js`, because a page opened from a stick may load scripts and read no
files. Things are numbered by what never changes (products by their number, enterprises in the order in which they came), so
that a new edition changes the parts that it touches and no others.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db.models import Subquery
from pyroaring import BitMap

from catalog.publication.exporting.columns import enterprise_row, product_row
from catalog.publication.exporting.rows import SOURCES, Rows
from catalog.publication.models import EnterpriseLine
from catalog.publication.search.documents import ENTERPRISES, PRODUCTS
from catalog.publication.search.listing import FoundLines
from portal.core.index.models import IndexState, Posting
from portal.core.text.han import simplified_pairs
from portal.core.text.numbers import parse_number
from portal.core.text.pinyin import SYLLABLES

from .subject import Subject

DOCUMENTS = 100  # of one part
BYTES_A_PART = 30_000  # of postings, about
LONGEST_TERM = 16  # two syllables of pinyin
CURRENT = "*"  # the term of what is current
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SHOWN = {
    "products": ("number", "name", "models", "brand", "enterprise", "star_word", "status_word"),
    "enterprises": ("uscc", "name", "division", "status_word"),
}
Files = Iterator[tuple[str, bytes]]


def part(name: str, content: object) -> tuple[str, bytes]:
    """The file, and a script that gives a browser this content under its name."""
    said = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"{name}.js", f"copied({json.dumps(name)},{said});\n".encode()


def files(subject: Subject, pages: dict[str, str]) -> Files:
    """`pages` are the titles of the other pages, by file."""
    sizes = {}
    for one in (_products(subject), _enterprises(subject)):
        yield from _documents(one, _rows(subject, one))
        postings = _postings(one)
        sizes[one.letter] = _power_of_two(sum(map(len, postings.values())) // BYTES_A_PART)
        yield from _parts(one.letter, postings, sizes[one.letter])
    yield part("search/pages", sorted(pages.items()))
    yield part("search/old-signs", simplified_pairs())
    yield part("search/about", {"parts": sizes, "documents": DOCUMENTS, "syllables": sorted(SYLLABLES)})


@dataclass(frozen=True)
class Collection:
    """One register in the copy: `numbers` has the number of the thing for each line."""

    letter: str
    register: str
    collection: str
    found: FoundLines
    names: dict[int, str]  # by line: what the thing is called in addresses
    numbers: dict[int, int]


def _products(subject: Subject) -> Collection:
    names = subject.products
    numbers = {pk: parse_number(number) or 0 for pk, number in names.items()}
    return Collection("p", "products", PRODUCTS, subject.found_products(), names, numbers)


def _enterprises(subject: Subject) -> Collection:
    numbers = _in_order(subject)
    found = subject.found_enterprises()
    return Collection("e", "enterprises", ENTERPRISES, found, subject.enterprises, numbers)


def _in_order(subject: Subject) -> dict[int, int]:
    """Enterprises have no number of their own that is public: each has its place among all that were ever listed."""
    lines = EnterpriseLine.objects.filter(from_edition__lte=subject.edition.number).order_by("pk")
    places: dict[int, int] = {}
    for enterprise in lines.values_list("enterprise_id", flat=True).iterator():
        places.setdefault(enterprise, len(places) + 1)
    public = EnterpriseLine.objects.public(subject.edition.number).values_list("pk", "enterprise_id")
    return {pk: places[enterprise] for pk, enterprise in public if pk in subject.enterprises}


# -- what is shown of a thing -------------------------------------------------------------------------------------------


def _rows(subject: Subject, one: Collection) -> Iterator[dict[str, str]]:
    """A line of each thing as the files of lists say it."""
    columns = {"products": product_row, "enterprises": enterprise_row}[one.register](subject.reading)
    wanted = [column for column in columns if column.name in SHOWN[one.register]]
    source = SOURCES[one.register][0](subject.reading)
    for lines in Rows(source, wanted, one.found.everything(), one.found.total).json():
        yield from map(json.loads, lines)


def _documents(one: Collection, rows: Iterable[dict[str, str]]) -> Files:
    names = SHOWN[one.register]
    number_of = {name: one.numbers[pk] for pk, name in one.names.items()}
    said = sorted((number_of[row[names[0]]], [row[name] or "" for name in names]) for row in rows)
    for place, group in groupby(said, key=lambda pair: pair[0] // DOCUMENTS):
        yield part(f"search/{one.letter}/{place}", dict(group))


# -- which things a term stands for -------------------------------------------------------------------------------------


def _postings(one: Collection) -> dict[str, str]:
    numbers, wanted = one.numbers, BitMap(one.numbers)
    generation = IndexState.objects.filter(pk=one.collection).values("generation")[:1]
    rows = Posting.objects.filter(collection=one.collection, generation=Subquery(generation))
    current = one.found.bitmaps.of("current") & wanted
    postings = {CURRENT: written(sorted({numbers[pk] for pk in current}))}
    for term, stored in rows.values_list("term", "bitmap").iterator(chunk_size=5_000):
        if not is_asked(term):
            continue
        if lines := BitMap.deserialize(bytes(stored)) & wanted:
            postings[term] = written(sorted({numbers[pk] for pk in lines}))
    return postings


def is_asked(term: str) -> bool:
    """By whoever types two signs or more, pinyin or initials; `n:` tells what a thing itself is called."""
    front, _mark, body = term.rpartition(":")
    return len(body) > 1 and front in ("", "n", "p", "i") and len(term) <= LONGEST_TERM


def written(numbers: list[int]) -> str:
    """Ascending numbers as text: the gap to each run of neighbours, and how long the run is where it is more than one."""
    signs: list[str] = []
    before = 0
    runs = groupby(enumerate(numbers), key=lambda one: one[1] - one[0])
    for _difference, run in runs:
        members = list(map(itemgetter(1), run))
        is_long = len(members) > 1
        _append(signs, (members[0] - before) * 2 + is_long)
        if is_long:
            _append(signs, len(members) - 2)
        before = members[-1]
    return "".join(signs)


def _append(signs: list[str], number: int) -> None:
    """Five bits a sign, the sixth says that more follow."""
    while number >= 32:
        signs.append(SIGNS[number % 32 + 32])
        number //= 32
    signs.append(SIGNS[number])


def _parts(letter: str, postings: dict[str, str], count: int) -> Files:
    parts: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for term in sorted(postings):
        parts[part_of(term, count)][term] = postings[term]
    for place in range(count):
        yield part(f"search/{letter}/terms-{place}", parts[place])


def part_of(term: str, count: int) -> int:
    """FNV-1a of the characters, as the browser computes it."""
    mixed = 2166136261
    for char in term:
        mixed = (mixed ^ ord(char)) * 16777619 & 0xFFFFFFFF
    return mixed % count


def _power_of_two(number: int) -> int:
    return 1 << max(number, 1).bit_length() - 1
