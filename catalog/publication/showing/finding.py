"""What `/check/` says of one public certificate, at one edition and on one day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Max

from catalog.products.models import CertificateCheck
from catalog.publication.models import (
    Action,
    CertificateLine,
    Hold,
    ListingStatus,
    ProductLine,
)
from catalog.publication.search.rows import UNSHOWN
from catalog.publication.showing.history import published_on
from catalog.publication.showing.product_page import checks_of, renewal_of
from catalog.publication.standing import Standings, certificate_standing
from catalog.standing.days import days_left
from catalog.standing.judging import Standing
from catalog.standing.registers import FINDING
from portal.core.editions import clock
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared

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
        return self.listings[0][1].code if found.code == "off_list" else found.code

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
        return bool(self.listings) and not self.listed_count

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
        return _products(edition=self.reading.edition, certificate=self.line.certificate_id)

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
    def listings(self) -> list[tuple[ProductLine, Standing]]:
        """How its products stand on the lists, listed ones first."""
        pairs = [(line, self.standings.listing(line)) for line in self.product_lines[:MOST_PRODUCTS]]
        return sorted(pairs, key=lambda pair: not pair[1].is_current)

    @cached_property
    def products(self) -> list[ListedProduct]:
        listed_on = self._listed_on()
        return [
            ListedProduct(
                line,
                self.publishers.get(line.publisher, line.publisher),
                standing,
                listed_on[line.product_id, line.publisher]
                if line.listing_status == ListingStatus.LISTED
                else published_on(line),
            )
            for line, standing in self.listings
        ]

    @property
    def has_more_products(self) -> bool:
        return len(self.product_lines) > MOST_PRODUCTS

    @property
    def listed_count(self) -> int:
        """Products, not lines: one that two publishers list is one."""
        return len({line.product_id for line, standing in self.listings if standing.is_current})

    def _listed_on(self) -> dict[tuple[int, str], date]:
        products = {line.product_id for line in self.product_lines}
        firsts = _first_listed(edition=self.reading.edition, products=products)
        return {(product, publisher): clock.day_of(at) for product, publisher, at in firsts}


@prepared
def _products(edition, certificate):
    lines = ProductLine.objects.public(edition).filter(certificate=certificate).defer(*UNSHOWN)
    return lines.select_related("from_edition").order_by("-id")[: MOST_PRODUCTS + 1]


@prepared
def _first_listed(edition, products):
    lines = ProductLine.objects.filter(
        product__id__in=products, from_edition__lte=edition, action__in=[Action.LIST, Action.RELIST]
    )
    return lines.order_by().values_list("product", "publisher").annotate(at=Max("from_edition__at"))
