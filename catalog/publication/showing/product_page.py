"""Everything that the page of one product says, at one edition and on one day."""

from functools import cached_property

from catalog.products.models import CertificateCheck
from catalog.publication.models import CertificateLine, EnterpriseLine, ProductLine
from catalog.publication.search.rows import UNSHOWN
from catalog.publication.showing.dossier import Dossier
from catalog.publication.showing.history import Event, timeline
from catalog.publication.showing.tables import listed_products
from catalog.publication.standing import certificate_standing
from catalog.standing.days import days_left
from catalog.standing.judging import Standing
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared


class ProductPage(Dossier[ProductLine]):
    @classmethod
    def read(cls, number: str, reading: ReadAt) -> "ProductPage | None":
        """None where the product was not public yet in that edition, or never."""
        lines = _lines(edition=reading.edition, number=number)
        return cls(lines, reading) if lines else None

    @property
    def standing(self) -> Standing:
        return self.standings.product(self.main)

    @cached_property
    def certificate(self) -> CertificateLine | None:
        return self.standings.certificate(self.main)

    @property
    def certificate_standing(self) -> Standing | None:
        return certificate_standing(self.certificate, self.reading.day) if self.certificate else None

    @property
    def days_left(self) -> int:
        return days_left(self.certificate.valid_until, self.reading.day) if self.certificate else 0

    @cached_property
    def renewal(self) -> CertificateLine | None:
        """The certificate that was issued in place of this product's."""
        return renewal_of(self.certificate, self.reading) if self.certificate else None

    @cached_property
    def checks(self) -> list[CertificateCheck]:
        """Newest first."""
        return checks_of(self.certificate, self.reading) if self.certificate else []

    @property
    def check(self) -> CertificateCheck | None:
        return self.checks[0] if self.checks else None

    @cached_property
    def enterprise(self) -> EnterpriseLine | None:
        lines = _makers(edition=self.reading.edition, enterprise=self.main.enterprise_id)
        by_publisher = {line.publisher: line for line in lines}
        return by_publisher.get(self.main.publisher) or next(iter(by_publisher.values()), None)

    @cached_property
    def sibling_count(self) -> int:
        """Products of the enterprise that the list shows."""
        return listed_products({self.main.enterprise_id}, self.reading).get(self.main.enterprise_id, 0)

    @cached_property
    def history(self) -> list[Event]:
        asked = {line.certificate_id for line in self.lines} - {None}
        certificates = _certificates(edition=self.reading.edition, certificates=asked)
        return timeline([*self.lines, *certificates], self.checks, self.publishers)


def renewal_of(certificate: CertificateLine, reading: ReadAt) -> CertificateLine | None:
    """The certificate that replaced this one (换证), if that is public."""
    found = _renewals(edition=reading.edition, number=certificate.number, body=certificate.body_code)
    return found[0] if found else None


def checks_of(certificate: CertificateLine, reading: ReadAt) -> list[CertificateCheck]:
    """Newest first, as far as they were public."""
    return _checks(edition=reading.edition, certificate=certificate.certificate_id, day=reading.day)


@prepared
def _lines(edition, number):
    lines = ProductLine.objects.filter(number=number, from_edition__lte=edition)
    return lines.select_related("batch", "from_edition", "replaces").order_by("from_edition_id", "id")


@prepared
def _makers(edition, enterprise):
    return EnterpriseLine.objects.public(edition).filter(enterprise=enterprise).defer(*UNSHOWN)


@prepared
def _certificates(edition, certificates):
    lines = CertificateLine.objects.filter(certificate__id__in=certificates, from_edition__lte=edition)
    return lines.select_related("batch", "from_edition", "replaces")


@prepared
def _renewals(edition, number, body):
    renewals = CertificateLine.objects.public(edition).filter(renews_number=number, body_code=body)
    return renewals.defer(*UNSHOWN).order_by("id")[:1]


@prepared
def _checks(edition, certificate, day):
    checks = CertificateCheck.objects.public(edition).filter(certificate=certificate, checked_on__lte=day)
    return checks.defer(*UNSHOWN).order_by("-checked_on", "-id")
