"""The addresses of a list of products: with one more, with one less, made anew."""

from typing import Any

from django.urls import reverse

from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

SAVED = ("since", "since_day")


class Links:
    """The addresses of a list with one more product, and with one less; each says when it was made."""

    def __init__(self, query: Query, reading: ReadAt, numbers: tuple[str, ...]):
        self.query, self.reading, self.numbers = query, reading, numbers

    def _with(self, numbers: tuple[str, ...]) -> str:
        saved: dict[str, Any] = dict.fromkeys(SAVED)
        if numbers:
            saved = {"since": self.reading.edition, "since_day": self.reading.day.isoformat()}
        return self.query.put(item=numbers, **saved).link(reverse("build"))

    def more(self, number: str) -> str:
        return self._with((*self.numbers, number))

    def less(self, number: str) -> str:
        return self._with(tuple(one for one in self.numbers if one != number))

    @property
    def renewed(self) -> str:
        """The same list, made now."""
        return self._with(self.numbers)
