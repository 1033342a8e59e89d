"""The filters of a list, each declared once: label, values, parameter. What nobody declared is refused by name."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self

import django_filters
from django.db import models
from django.http import QueryDict

from portal.core.text.dates import FIRST_YEAR, LAST_YEAR

from .listing import Facet, Option
from .parameters import BadParameter, Problem, Query
from .reading import PARAMETERS

YEARS = [(str(year), f"{year}年") for year in range(LAST_YEAR, FIRST_YEAR - 1, -1)]


class AnyOf(django_filters.MultipleChoiceFilter):
    """Several values of one column; a row with one of them is in the list."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, distinct=False, **kwargs)


class DeclaredFilters(django_filters.FilterSet):
    """Filters of one list. `qs` are the rows that the choices leave, where the list is read from the database."""

    def __init__(self, query: Query, queryset: models.QuerySet):
        self.query = query
        data = QueryDict(mutable=True)
        for name, value in query.pairs:
            data.appendlist(name, value)
        super().__init__(data, queryset=queryset)
        for field in self.form.fields.values():
            field.choices = list(
                field.choices
            )  # a callable would be called, and query, for every value compared

    @classmethod
    def read(cls, query: Query, *given: Any, more: tuple[str, ...] = ("page",)) -> Self:
        """Raises BadParameter that names every unknown parameter or value at once."""
        several = [
            name
            for name, one in cls.base_filters.items()
            if isinstance(one, django_filters.MultipleChoiceFilter)
        ]
        single = [name for name in cls.base_filters if name not in several]
        query.refuse_unknown(single=(*single, *more, *PARAMETERS), several=several)
        filters = cls(query, *given)
        if not filters.is_sound():
            raise BadParameter(query, filters.problems(), filters.mended())
        return filters

    def is_sound(self) -> bool:
        return self.form.is_valid()

    def choices_of(self, name: str) -> Sequence[tuple[Any, Any]]:
        """Values and their labels."""
        return self.form.fields[name].choices

    def problems(self) -> list[Problem]:
        return [
            Problem(name, value, f"「{self.filters[name].label}」没有「{value}」这个值。")
            for name, value in self.bad_values()
        ]

    def bad_values(self) -> list[tuple[str, str]]:
        """Choices are compared one by one: the form names only the first that it does not know."""
        return [
            (name, value)
            for name in self.form.errors
            for value in self.query.all(name)
            if value not in self.known_values(name)
        ]

    def known_values(self, name: str) -> set[str]:
        return {str(value) for value, _label in self.choices_of(name)}

    def mended(self) -> Query:
        mended = self.query
        for name, value in self.bad_values():
            mended = mended.minus(name, value)
        return mended

    @property
    def cleaned(self) -> dict:
        return self.form.cleaned_data

    def offered(self, name: str, counts: Mapping[str, int], always: Collection[str] = ()) -> list[Option]:
        """Values with rows and those that are chosen; of the empty ones only those that are offered `always`."""
        chosen = self.cleaned[name]
        return [
            Option(value, str(label), counts.get(value, 0), value in chosen)
            for value, label in self.choices_of(name)
            if counts.get(value) or value in chosen or value in always
        ]

    def drawn(self, name: str, counts: Mapping[str, int], always: Collection[str] = ()) -> Facet:
        return Facet(name, str(self.filters[name].label), tuple(self.offered(name, counts, always)))
