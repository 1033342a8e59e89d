"""Reported figures as the public reads them: added up only within one indicator, one unit and one period."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from .models import Indicator, ResultVersionQuerySet
from .periods import period_code, period_words


@dataclass(frozen=True)
class Total:
    """A sum, and how many rows it is made of."""

    indicator: Indicator
    first: datetime.date
    last: datetime.date
    value: int
    rows: int
    is_at_least: bool

    @property
    def amount(self) -> str:
        return self.indicator.amount(self.value) + ("余" if self.is_at_least else "")

    @property
    def period(self) -> str:
        return period_words(self.first, self.last)

    @property
    def period_code(self) -> str:
        return period_code(self.first, self.last)


def totals(rows: ResultVersionQuerySet) -> list[Total]:
    """Newest period first, then in the order of the indicators. Two queries."""
    groups = rows.order_by().values_list("indicator_id", "from_on", "until_on")
    summed = groups.annotate(Sum("value"), Count("pk"), at_least=Count("pk", filter=Q(is_at_least=True)))
    indicators = Indicator.objects.in_bulk()
    found = [
        Total(indicators[indicator], first, last, value, count, bool(at_least))
        for indicator, first, last, value, count, at_least in summed
    ]
    return sorted(found, key=lambda total: (total.last, total.first, -total.indicator.position), reverse=True)
