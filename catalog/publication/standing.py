"""How the lines of a page stand: fetches what the judges of `catalog.standing` ask, for the day asked and never stored."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from catalog.publication.models import CertificateLine, EnterpriseLine, Hold, ProductLine
from catalog.publication.search.rows import Certified, hold_on, holds_at, public_certificates
from catalog.standing.judging import Standing
from catalog.standing.registers import CERTIFICATE, LISTING, PRODUCT
from portal.core.pages.reading import ReadAt


def certificate_standing(line: CertificateLine, day: date) -> Standing:
    return CERTIFICATE.of(line, day)


def listing_standing(line: EnterpriseLine | ProductLine, day: date, is_held: bool) -> Standing:
    """Whether a line stands on its publisher's list, whatever its certificate says."""
    return LISTING.of(line, day, is_held=is_held)


def product_standing(
    line: ProductLine, certificate: CertificateLine | Certified | None, day: date, is_held: bool
) -> Standing:
    """One status of a listed product: what its publisher says of it, then what its certificate says."""
    return PRODUCT.of(
        line,
        day,
        is_held=is_held,
        status=certificate and certificate.status,
        valid_until=certificate and certificate.valid_until,
    )


class Standings:
    """What is needed to judge the lines of one page: a query for their certificates, however many lines, and none for holds
    that this process knows."""

    def __init__(self, reading: ReadAt, lines: Iterable[ProductLine | EnterpriseLine | CertificateLine]):
        self.reading = reading
        self.lines = list(lines)
        self.holds = holds_at(reading.edition, reading.day)

    @cached_property
    def certificates(self) -> dict[int, CertificateLine]:
        numbers = (getattr(line, "certificate_id", None) for line in self.lines)
        asked = {number for number in numbers if number is not None}
        return public_certificates(asked, self.reading.edition) if asked else {}

    def certificate(self, line: ProductLine) -> CertificateLine | None:
        return self.certificates.get(line.certificate_id or 0)

    def product(self, line: ProductLine) -> Standing:
        return product_standing(line, self.certificate(line), self.reading.day, self.hold(line) is not None)

    def listing(self, line: EnterpriseLine | ProductLine) -> Standing:
        return listing_standing(line, self.reading.day, self.hold(line) is not None)

    def hold(self, line: EnterpriseLine | ProductLine | CertificateLine) -> Hold | None:
        return hold_on(line, self.holds)
