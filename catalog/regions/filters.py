"""Filtering by place: a division, and everything inside it."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models

from portal.core.accounts.roles import prefix_of
from portal.core.pages.filters import AnyOf

from .models import Division
from .tiles import PLACES

PROVINCES = [(code, place[1]) for code, place in sorted(PLACES.items())]


class InRegion(AnyOf):
    """By a foreign key to a division. Provinces are offered; a smaller division may be asked for by its code."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, choices=PROVINCES, **kwargs)

    def known(self, asked: Collection[str]) -> list[tuple[str, str]]:
        smaller = set(asked) - dict(PROVINCES).keys()
        divisions = Division.objects.filter(pk__in=smaller).order_by("code") if smaller else None
        return [*PROVINCES, *(divisions.values_list("code", "name") if divisions is not None else ())]

    def q(self, value: str) -> models.Q:
        return models.Q(**{f"{self.field_name}__code__startswith": prefix_of(value)})

    def counts(self, rows: models.QuerySet, values: Iterable[str]) -> dict[str, int]:
        held = rows.filter(**{f"{self.field_name}__isnull": False}).values_list(f"{self.field_name}_id")
        found = list(held.annotate(models.Count("pk")))
        return {
            value: sum(count for code, count in found if code.startswith(prefix_of(value)))
            for value in values
        }
