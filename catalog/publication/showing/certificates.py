"""The filters of public certificates, for readers that want them all: people look one up at `/check/`."""

import django_filters
from django.db.models import QuerySet

from catalog.products.models import Certificate
from catalog.publication.models import CertificateLine
from catalog.publication.models.bare import Bare
from catalog.standing.registers import CERTIFICATE
from portal.core.pages.filters import AnyOf, DeclaredFilters
from portal.core.pages.reading import ReadAt
from portal.core.text.normalise import bare_number, fold_number

STATES = [(one.code, one.word) for one in CERTIFICATE.standings.values()]


class OfNumber(django_filters.CharFilter):
    """A printed number, its marks aside, as `/check/` reads it."""

    def filter(self, rows: QuerySet, number: str) -> QuerySet:
        bare = bare_number(fold_number(number)) if number else ""
        return rows.alias(bare=Bare("number_key")).filter(bare=bare) if number else rows


class CertificateFilters(DeclaredFilters):
    number = OfNumber(label="编号")
    star = AnyOf(label="星级", choices=Certificate.Star.choices)
    validity = AnyOf(
        label="有效状态",
        choices=STATES,
        condition=lambda value, day: CERTIFICATE.condition([value], day),
    )


def public_certificates(reading: ReadAt) -> QuerySet[CertificateLine]:
    """The newest first."""
    return CertificateLine.objects.public(reading.edition).order_by("-pk")
