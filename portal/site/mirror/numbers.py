"""All numbers of a copy in one sorted list, in pages: a browser goes to the page of a number, a person finds it there by eye.

What is said of a number is what `check/many` says of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from catalog.publication.models import CertificateLine, ProductLine
from catalog.publication.showing.many import Verdict, verdicts
from portal.core.text.normalise import bare_number

from .subject import Subject

ROWS_A_PAGE = 200


@dataclass(frozen=True)
class Row:
    """A number with one of its verdicts, and the products that rest on it."""

    key: str
    verdict: Verdict
    products: list[str]


@dataclass(frozen=True)
class Span:
    """From which number to which a page of the list goes."""

    address: str
    first: str
    last: str
    keys: tuple[str, str]
    count: int


@dataclass(frozen=True)
class Sheet:
    """One page of the list."""

    place: int
    rows: list[Row]

    @property
    def span(self) -> Span:
        first, last = self.rows[0], self.rows[-1]
        address = f"/check/numbers-{self.place}.html"
        count = len({row.verdict.asked for row in self.rows})  # two bodies may use one number
        return Span(address, first.verdict.asked, last.verdict.asked, (first.key, last.key), count)


def key_of(number: str) -> str:
    """As the browser makes it, too: letters and digits alone, large."""
    return "".join(char for char in bare_number(number) if char.isalnum())


def sheets(subject: Subject) -> Iterator[Sheet]:
    products = _products_by_certificate(subject)
    certificates = _certificates(subject, products)
    numbers = {*certificates, *subject.products.values(), *subject.enterprises.values()}
    ordered = sorted(numbers, key=lambda number: (key_of(number), number))
    for place, page in enumerate(_pages(ordered), start=1):
        said = verdicts(page, subject.reading)
        yield Sheet(place, [Row(key_of(one.asked), one, products.get(one.asked, [])) for one in said])


def _pages(ordered: list[str]) -> Iterator[list[str]]:
    """Numbers that differ in their marks alone have one key and stay together: a browser goes to one page."""
    page: list[str] = []
    for _key, alike in groupby(ordered, key_of):
        if len(page) >= ROWS_A_PAGE:
            yield page
            page = []
        page.extend(alike)
    if page:
        yield page


def _products_by_certificate(subject: Subject) -> dict[str, list[str]]:
    lines = ProductLine.objects.public(subject.edition.number).order_by("number")
    found: dict[str, list[str]] = {}
    for pk, certificate, number in lines.values_list("pk", "certificate_number", "number").iterator():
        if certificate and pk in subject.products and number not in found.setdefault(certificate, []):
            found[certificate].append(number)
    return found


def _certificates(subject: Subject, products: dict[str, list[str]]) -> list[str]:
    """Of a part only those that its products rest on."""
    lines = CertificateLine.objects.public(subject.edition.number).exclude(number="")
    numbers = lines.values_list("number", flat=True)
    return [number for number in numbers if not subject.regions or number in products]
