"""What is told of the product lines of an edition and is no term of the index: certificate, month of its end, reason of an act."""

import datetime
from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyroaring import FrozenBitMap

from catalog.publication.models import CertificateLine, ListingStatus, ProductLine

from .bitmaps import remembered
from .documents import facet

NAMES = ("ends", "reason")  # the filters that are answered from here
_EVER = datetime.date.min  # an edition says it whatever the day


@dataclass(frozen=True)
class Particulars:
    """`certificates` by line number, 0 where there is none; `given` are postings of the filters in `NAMES`."""

    certificates: array = field(default_factory=lambda: array("Q"))
    given: dict[str, FrozenBitMap] = field(default_factory=dict)

    def certificates_of(self, lines: Iterable[int]) -> int:
        """On how many certificates these products rest."""
        return len(set(map(self.certificates.__getitem__, lines)) - {0})


def particulars(edition: int) -> Particulars:
    """Two queries for an edition and process."""
    if not edition:
        return Particulars()
    found: Particulars = remembered("particulars", edition, _EVER, lambda: _read(edition))
    return found


def _read(edition: int) -> Particulars:
    ends = dict(CertificateLine.objects.public(edition).values_list("certificate_id", "valid_until"))
    columns = ("pk", "certificate_id", "listing_status", "reason_code")
    rows = ProductLine.objects.public(edition).order_by("pk").values_list(*columns)
    certificates, given = array("Q"), defaultdict(list)
    for pk, certificate, status, reason in rows.iterator(chunk_size=10_000):
        certificates.extend([0] * (pk - len(certificates)))
        certificates.append(certificate or 0)
        if certificate in ends:
            given[facet("ends", f"{ends[certificate]:%Y-%m}")].append(pk)
        if status != ListingStatus.LISTED:
            given[facet("reason", reason)].append(pk)
    return Particulars(certificates, {term: FrozenBitMap(lines) for term, lines in given.items()})
