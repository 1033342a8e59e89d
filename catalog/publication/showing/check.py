"""The answer of `/check/`: what is publicly known of a certificate number, at one edition and on one day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Max, Q

from catalog.products.models import CertificateCheck
from catalog.publication.models import (
    Action,
    CertificateLine,
    EnterpriseLine,
    Hold,
    ListingStatus,
    ProductLine,
)
from catalog.publication.publishers import publisher_names
from catalog.publication.showing.batch_page import in_notice
from catalog.publication.showing.history import published_on
from catalog.publication.showing.nearest import Near, near_numbers
from catalog.publication.showing.product_page import checks_of, renewal_of
from catalog.publication.standing import Standings, certificate_standing
from catalog.standing.days import days_left
from catalog.standing.judging import Standing
from catalog.standing.registers import FINDING
from portal.core.editions import clock
from portal.core.pages.reading import ReadAt
from portal.core.text.normalise import fold_number
from portal.core.text.numbers import format_number, parse_number
from portal.core.text.uscc import normalise as normalise_uscc

MOST_PRODUCTS = 20


@dataclass(frozen=True)
class ListedProduct:
    """A product that rests on the certificate, on one publisher's list."""

    line: ProductLine
    publisher: str
    standing: Standing
    since: date


class Finding:
    """One public certificate with the number asked for. Two bodies may use one number, so there may be several."""

    def __init__(self, line: CertificateLine, reading: ReadAt, publishers: dict[str, str]):
        self.line = line
        self.reading = reading
        self.publishers = publishers

    @cached_property
    def code(self) -> str:
        """The one word for it: what the body says first, then the date, then what the lists say."""
        found = FINDING.of(self, self.reading.day)
        return self.products[0].standing.code if found.code == "off_list" else found.code

    @property
    def status(self) -> str:
        return self.line.status

    @property
    def valid_until(self) -> date:
        return self.line.valid_until

    @property
    def is_replaced(self) -> bool:
        return self.renewal is not None

    @property
    def is_held(self) -> bool:
        return self.hold is not None

    @property
    def is_off_list(self) -> bool:
        """Products rest on it, and not one of them is on a list now."""
        return bool(self.products) and not self.listed_count

    @property
    def frame(self) -> str:
        """Class of the certificate card: green in force, grey over, red revoked or removed."""
        return {
            "revoked": "void",
            "removed": "void",
            "expired": "gone",
            "cancelled": "gone",
            "replaced": "gone",
        }.get(self.code, "")

    @cached_property
    def standing(self) -> Standing:
        return certificate_standing(self.line, self.reading.day)

    @cached_property
    def renewal(self) -> CertificateLine | None:
        return renewal_of(self.line, self.reading)

    @cached_property
    def checks(self) -> list[CertificateCheck]:
        return checks_of(self.line, self.reading)

    @property
    def check(self) -> CertificateCheck | None:
        return self.checks[0] if self.checks else None

    @property
    def days_left(self) -> int:
        return days_left(self.line.valid_until, self.reading.day)

    @cached_property
    def product_lines(self) -> list[ProductLine]:
        lines = ProductLine.objects.public(self.reading.edition).filter(certificate=self.line.certificate_id)
        return list(lines.select_related("from_edition").order_by("-id")[: MOST_PRODUCTS + 1])

    @cached_property
    def standings(self) -> Standings:
        return Standings(self.reading, [self.line, *self.product_lines])

    @property
    def hold(self) -> Hold | None:
        """A hold on the certificate, or one that covers everything that rests on it."""
        own = self.standings.hold(self.line)
        held = [self.standings.hold(line) for line in self.product_lines]
        return own or (held[0] if held and all(held) else None)

    @cached_property
    def products(self) -> list[ListedProduct]:
        """Listed ones first."""
        listed_on = self._listed_on()
        products = [
            ListedProduct(
                line,
                self.publishers.get(line.publisher, line.publisher),
                self.standings.listing(line),
                listed_on[line.product_id, line.publisher]
                if line.listing_status == ListingStatus.LISTED
                else published_on(line),
            )
            for line in self.product_lines[:MOST_PRODUCTS]
        ]
        return sorted(products, key=lambda product: not product.standing.is_current)

    @property
    def has_more_products(self) -> bool:
        return len(self.product_lines) > MOST_PRODUCTS

    @property
    def listed_count(self) -> int:
        return sum(product.standing.is_current for product in self.products)

    def _listed_on(self) -> dict[tuple[int, str], date]:
        lines = ProductLine.objects.filter(
            product__in={line.product_id for line in self.product_lines},
            from_edition__lte=self.reading.edition,
            action__in=[Action.LIST, Action.RELIST],
        )
        firsts = lines.order_by().values("product", "publisher").annotate(at=Max("from_edition__at"))
        return {(row["product"], row["publisher"]): clock.day_of(row["at"]) for row in firsts}


class Answer:
    """What `/check/` says about the text that was typed."""

    def __init__(self, asked: str, reading: ReadAt):
        self.asked = asked
        self.key = fold_number(asked)
        self.reading = reading

    @cached_property
    def findings(self) -> list[Finding]:
        lines = CertificateLine.objects.public(self.reading.edition).filter(number_key=self.key[:80])
        publishers = publisher_names()
        return [Finding(line, self.reading, publishers) for line in lines.order_by("id")]

    @cached_property
    def announced(self) -> list[CertificateLine]:
        """Lines with this number in batches that are in their notice period: known, but not published."""
        not_public = Q(from_edition__isnull=True) | Q(from_edition__gt=self.reading.edition)
        lines = CertificateLine.objects.filter(not_public, number_key=self.key[:80])
        return list(lines.filter(batch__in=in_notice(self.reading)).select_related("batch"))

    @cached_property
    def announced_products(self) -> list[ProductLine]:
        """Products in notice that rest on a certificate found."""
        not_public = Q(from_edition__isnull=True) | Q(from_edition__gt=self.reading.edition)
        certificates = [finding.line.certificate_id for finding in self.findings]
        lines = ProductLine.objects.filter(not_public, certificate__in=certificates)
        return list(lines.filter(batch__in=in_notice(self.reading)).select_related("batch")[:MOST_PRODUCTS])

    @property
    def is_unknown(self) -> bool:
        return not (self.findings or self.announced)

    @cached_property
    def near(self) -> list[Near]:
        return near_numbers(self.key, self.reading)

    @cached_property
    def product(self) -> ProductLine | None:
        """The product, where its own number was typed instead of a certificate's."""
        serial = parse_number(self.asked)
        lines = ProductLine.objects.public(self.reading.edition)
        return lines.filter(number=format_number(serial)).order_by("id").first() if serial else None

    @cached_property
    def enterprise(self) -> EnterpriseLine | None:
        """The enterprise, where its code was typed."""
        code = normalise_uscc(self.asked)
        lines = EnterpriseLine.objects.public(self.reading.edition)
        return lines.filter(uscc=code).order_by("id").first() if len(code) == 18 else None

    @cached_property
    def open_notices(self) -> list:
        return list(in_notice(self.reading).order_by("-id")[:3])
