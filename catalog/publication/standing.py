"""How the lines of a page stand: fetches what the judges of `catalog.standing` ask, for the day asked and never stored."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from catalog.publication.models import CertificateLine, EnterpriseLine, Hold, ProductLine
from catalog.publication.search.listing import UNSHOWN, public_certificates
from catalog.standing.judging import Standing
from catalog.standing.registers import CERTIFICATE, LISTING, PRODUCT
from portal.core.pages.reading import ReadAt


def certificate_standing(line: CertificateLine, day: date) -> Standing:
    return CERTIFICATE.of(line, day)


def listing_standing(line: EnterpriseLine | ProductLine, day: date, is_held: bool) -> Standing:
    """Whether a line stands on its publisher's list, whatever its certificate says."""
    return LISTING.of(line, day, is_held=is_held)


def product_standing(
    line: ProductLine, certificate: CertificateLine | None, day: date, is_held: bool
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
    """What is needed to judge the lines of one page: two queries, however many lines."""

    def __init__(self, reading: ReadAt, lines: Iterable[ProductLine | EnterpriseLine | CertificateLine]):
        self.reading = reading
        lines = list(lines)
        certificates = {getattr(line, "certificate_id", None) for line in lines} - {None}
        self.certificates = public_certificates(certificates, reading.edition) if certificates else {}
        self.holds = self._holds(lines)

    def certificate(self, line: ProductLine) -> CertificateLine | None:
        return self.certificates.get(line.certificate_id or 0)

    def product(self, line: ProductLine) -> Standing:
        return product_standing(line, self.certificate(line), self.reading.day, self.hold(line) is not None)

    def listing(self, line: EnterpriseLine | ProductLine) -> Standing:
        return listing_standing(line, self.reading.day, self.hold(line) is not None)

    def hold(self, line: EnterpriseLine | ProductLine | CertificateLine) -> Hold | None:
        """The hold in effect on the line itself, its enterprise or its certificate."""
        for target in ("product_id", "certificate_id", "enterprise_id"):
            found = self.holds.get((target, getattr(line, target, 0)))
            if found:
                return found
        return None

    def _holds(self, lines: list) -> dict[tuple[str, int | None], Hold]:
        wanted = Q(pk__in=[])
        for target in ("product_id", "certificate_id", "enterprise_id"):
            wanted |= Q(**{f"{target}__in": {getattr(line, target, None) for line in lines} - {None}})
        holds = Hold.objects.public(self.reading.edition).in_effect(self.reading.day).defer(*UNSHOWN)
        return {
            (target, getattr(hold, target)): hold
            for hold in holds.filter(wanted).order_by("id")
            for target in ("product_id", "certificate_id", "enterprise_id")
            if getattr(hold, target) is not None
        }
