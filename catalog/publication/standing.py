"""How a line stands on a day: the rules of time and status, computed for the day asked and never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from catalog.publication.models import CertificateLine, EnterpriseLine, Hold, ListingStatus, ProductLine
from catalog.publication.search.listing import public_certificates
from catalog.publication.search.masks import DAYS_BEFORE_THE_END
from portal.pages.reading import ReadAt

SOON = timedelta(days=DAYS_BEFORE_THE_END)
WORDS = {
    "valid": "有效",
    "ending": "即将到期",
    "expired": "过期",
    "suspended": "暂停",
    "revoked": "撤销",
    "cancelled": "注销",
    "checking": "核查中",
    "removed": "已移出",
    "local": "地方清单·未经认证",
    "listed": "现行",
    "replaced": "已换证",
}


@dataclass(frozen=True)
class Standing:
    """`code` names the status in the look (`{% status %}`); `is_current` says whether default lists show the line."""

    code: str
    is_current: bool

    @property
    def word(self) -> str:
        return WORDS[self.code]


def certificate_standing(line: CertificateLine, day: date) -> Standing:
    """By status first, then by date: the last day is inclusive, 即将到期 within 90 days of it."""
    if line.status != "valid":
        return Standing(line.status, False)
    if day > line.valid_until:
        return Standing("expired", False)
    return Standing("ending" if line.valid_until - day <= SOON else "valid", True)


def listing_standing(line: EnterpriseLine | ProductLine, is_held: bool) -> Standing:
    """Whether a line stands on its publisher's list, whatever its certificate says."""
    if line.listing_status == ListingStatus.REMOVED:
        return Standing("removed", False)
    if is_held:
        return Standing("checking", False)
    if line.listing_status == ListingStatus.SUSPENDED:
        return Standing("suspended", False)
    return Standing("listed", True)


def product_standing(
    line: ProductLine, certificate: CertificateLine | None, day: date, is_held: bool
) -> Standing:
    """One status of a listed product: what its publisher says of it, then what its certificate says."""
    listing = listing_standing(line, is_held)
    if not listing.is_current:
        return listing
    if line.basis == ProductLine.Basis.LOCAL:
        return Standing("local", True)
    return certificate_standing(certificate, day) if certificate else Standing("expired", False)


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
        return listing_standing(line, self.hold(line) is not None)

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
        holds = Hold.objects.public(self.reading.edition).filter(wanted).order_by("id")
        return {
            (target, getattr(hold, target)): hold
            for hold in holds
            if hold.is_in_effect(self.reading.day)
            for target in ("product_id", "certificate_id", "enterprise_id")
            if getattr(hold, target) is not None
        }
