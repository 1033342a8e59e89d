"""The filters of the list of batches."""

from typing import Self

import django_filters
from django.db.models import QuerySet

from catalog.publication.models import Batch
from catalog.publication.publishers import publisher_names
from portal.core.pages.filters import YEARS, DeclaredFilters
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt


class BatchFilters(DeclaredFilters):
    publisher = django_filters.ChoiceFilter(label="发布方", choices=lambda: publisher_names().items())
    year = django_filters.ChoiceFilter(label="年份", choices=YEARS)

    @classmethod
    def of(cls, query: Query, reading: ReadAt, more: tuple[str, ...] = ("page",)) -> Self:
        return cls.read(query, public_batches(reading), reading, more=more)


def public_batches(reading: ReadAt) -> QuerySet[Batch]:
    """The newest first."""
    editions = ("edition", "notice_edition", "cancelled_edition")
    return Batch.objects.public(reading.edition).select_related(*editions).order_by("-id")
