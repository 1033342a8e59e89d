"""The answer of `/check/`: what is publicly known of the numbers in a text, at one edition and on one day."""

from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from catalog.publication.models import (
    CertificateLine,
    EnterpriseLine,
    ProductLine,
)
from catalog.publication.models.bare import Bare
from catalog.publication.search.bitmaps import enterprise_bitmaps
from catalog.publication.search.documents import ENTERPRISES
from catalog.publication.search.rows import UNSHOWN
from catalog.publication.showing.batch_page import batches_in_notice, in_notice
from catalog.publication.showing.choices import Known
from catalog.publication.showing.finding import MOST_PRODUCTS, Finding
from catalog.publication.showing.nearest import Near, holding, keys_with_bare, near_numbers, with_bare
from catalog.publication.standing import Standings, certificate_standing
from portal.core.index.search import search
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared
from portal.core.text.han import is_han
from portal.core.text.normalise import bare_number, fold, fold_number
from portal.core.text.numbers import format_number, mended_numbers, parse_number
from portal.core.text.pasted import candidates_in, is_code, numbers_in
from portal.core.text.tokens import query_terms
from portal.core.text.uscc import normalise as normalise_uscc

MOST_HOLDING = 5
MOST_ANSWERS = 3  # on one page


class Answer:
    """What `/check/` says of one number that was asked for."""

    def __init__(self, asked: str, reading: ReadAt):
        self.asked = asked
        self.key = fold_number(asked)
        self.bare = bare_number(asked)
        self.reading = reading

    @cached_property
    def code(self) -> str:
        """The one word where no certificate has this number: what else it is, or what is wrong with it."""
        if self.product:
            return "product_number"
        if self.enterprise:
            return "enterprise_code"
        if self.meant:
            return "wrong_digit"
        if self.named:
            return "enterprise_name"
        return "incomplete" if self.holding else "unknown"

    @cached_property
    def findings(self) -> list[Finding]:
        publishers = Known.at(self.reading).publishers
        lines = self._written_alike(with_bare([self.bare], self.reading)[:MOST_PRODUCTS])
        return [Finding(line, self.reading, publishers) for line in sorted(lines, key=lambda line: line.pk)]

    @cached_property
    def announced(self) -> list[CertificateLine]:
        """Lines with this number in batches that are in their notice period: known, but not published."""
        batches = batches_in_notice(self.reading)
        if not batches:
            return []
        lines = _announced(edition=self.reading.edition, batches=batches, bare=self.bare)
        return self._written_alike(lines)

    @cached_property
    def announced_products(self) -> list[ProductLine]:
        """Products in notice that rest on a certificate found."""
        batches = batches_in_notice(self.reading)
        if not batches:
            return []
        certificates = [finding.line.certificate_id for finding in self.findings]
        return _announced_products(edition=self.reading.edition, batches=batches, certificates=certificates)

    @property
    def is_unknown(self) -> bool:
        return not (self.findings or self.announced)

    @cached_property
    def near(self) -> list[Near]:
        """Similar certificates; none where it is clear what the text is."""
        return near_numbers(self.key, self.reading) if self.code == "unknown" else []

    @cached_property
    def holding(self) -> list[Near]:
        """Certificates of whose number a part was typed."""
        lines = holding(self.bare, self.reading)[:MOST_HOLDING] if self._is_ascii else []
        return [
            Near(line, "您输入了其中一段", certificate_standing(line, self.reading.day).code)
            for line in lines
        ]

    @cached_property
    def product(self) -> ProductLine | None:
        """The product, where its own number was typed instead of a certificate's."""
        serial = parse_number(self.asked)
        return self._products([format_number(serial)]).first() if serial else None

    @cached_property
    def product_code(self) -> str:
        return Standings(self.reading, [self.product]).product(self.product).code if self.product else ""

    @cached_property
    def meant(self) -> list[ProductLine]:
        """Listed products that may have been meant by a product number with a wrong check digit, the likeliest first."""
        numbers = mended_numbers(self.asked)
        found = {line.number: line for line in self._products(numbers)} if numbers else {}
        return [found[number] for number in numbers if number in found][:MOST_HOLDING]

    @cached_property
    def enterprise(self) -> EnterpriseLine | None:
        """The enterprise, where its code was typed."""
        code = normalise_uscc(self.asked)
        lines = EnterpriseLine.objects.public(self.reading.edition)
        return lines.filter(uscc=code).order_by("id").first() if len(code) == 18 else None

    @cached_property
    def named(self) -> list[EnterpriseLine]:
        """The enterprises, where a name was typed."""
        return named_enterprises(self.asked, self.reading)

    @cached_property
    def open_notices(self) -> list:
        return list(in_notice(self.reading).order_by("-id")[:3])

    @property
    def _is_ascii(self) -> bool:
        return self.bare.isascii()

    def _products(self, numbers: list[str]) -> QuerySet[ProductLine]:
        return ProductLine.objects.public(self.reading.edition).filter(number__in=numbers).order_by("id")

    def _written_alike(self, lines: list[CertificateLine]) -> list[CertificateLine]:
        """A-11-2 and A-1-12 are two numbers: whoever writes the marks gets the one that he wrote."""
        return [line for line in lines if line.number_key == self.key] or lines


@prepared
def _announced(edition, batches, bare):
    lines = CertificateLine.objects.alias(bare=Bare("number_key")).defer(*UNSHOWN)
    lines = lines.filter(_not_public(edition), bare=bare, batch__id__in=batches)
    return lines.select_related("batch")[:MOST_PRODUCTS]


@prepared
def _announced_products(edition, batches, certificates):
    lines = ProductLine.objects.filter(_not_public(edition), certificate__id__in=certificates).defer(*UNSHOWN)
    return lines.filter(batch__id__in=batches).select_related("batch")[:MOST_PRODUCTS]


def _not_public(edition: Any) -> Q:
    return Q(from_edition__isnull=True) | Q(from_edition__gt=edition)


def answers_to(text: str, reading: ReadAt) -> list[Answer]:
    """One answer a number in the text."""
    candidates = {bare_number(one) for one in candidates_in(text)}
    known = {bare_number(key) for key in keys_with_bare(candidates, reading)}
    numbers = numbers_in(text, lambda one: is_code(one) or bare_number(one) in known)
    return [Answer(number, reading) for number in numbers[:MOST_ANSWERS]]


def named_enterprises(name: str, reading: ReadAt) -> list[EnterpriseLine]:
    """Enterprises with this name or former name, or a part of one; those that are called so first, one line each."""
    if sum(map(is_han, name)) < 2:
        return []
    everything = enterprise_bitmaps(reading.edition, reading.day).everything
    found = search(ENTERPRISES, query_terms(name), everything)
    lines = EnterpriseLine.objects.filter(pk__in=list(found[: MOST_PRODUCTS * 2]) if found else [])
    once = {line.enterprise_id: line for line in lines.order_by("-id")}
    return sorted(once.values(), key=lambda line: fold(line.name) != fold(name))[:MOST_HOLDING]
