"""The filters of a list, each declared once: label, values, parameter, condition.

Form, chips, numbers and refusals come from the declaration; what nobody declared is refused by name. Lists of the database
are filtered and counted here, those of the index by their terms.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Self

import django_filters
from django import forms
from django.db import models
from django.http import QueryDict

from portal.core.text.dates import FIRST_YEAR, LAST_YEAR

from .listing import Chip, Facet, Listing, Option
from .pagination import Span
from .parameters import BadParameter, Problem, Query
from .reading import PARAMETERS, ReadAt

YEARS = [(str(year), f"{year}年") for year in range(LAST_YEAR, FIRST_YEAR - 1, -1)]
Condition = Callable[[str, date], models.Q]


class AnyOf(django_filters.MultipleChoiceFilter):
    """Several values of one column; a row with one of them is in the list.

    `condition` decides where it is more than a column: of a value and the day that is read. `is_whole` offers every value,
    also one without rows; what is not `is_drawn` has no place in the form, and a chip where it is chosen.
    """

    def __init__(
        self,
        *args: Any,
        condition: Condition | None = None,
        is_whole: bool = False,
        is_drawn: bool = True,
        open_count: int = 8,
        **kwargs: Any,
    ):
        super().__init__(*args, distinct=False, **kwargs)
        self.condition, self.is_whole = condition, is_whole
        self.is_drawn, self.open_count = is_drawn, open_count

    def known(self, asked: Collection[str]) -> list[tuple[str, str]]:
        """Values and labels. A callable is called once, since it would query for every value compared."""
        if not (asked or self.is_drawn):
            return []
        return [(str(value), str(label)) for value, label in self.field.choices]

    def q(self, value: str) -> models.Q:
        if self.condition is not None:
            return self.condition(value, self.parent.reading.day)
        return models.Q(**self.get_filter_predicate(value))

    def filter(self, rows: models.QuerySet, values: Collection[str]) -> models.QuerySet:
        return rows.filter(reduce(or_, map(self.q, values))) if values else rows

    def counts(self, rows: models.QuerySet, values: Iterable[str]) -> dict[str, int]:
        """How many rows each value has; one query."""
        if self.condition is not None:
            return rows.aggregate(**{value: models.Count("pk", filter=self.q(value)) for value in values})
        (column,) = self.get_filter_predicate("")
        return {str(value): count for value, count in rows.values_list(column).annotate(models.Count("pk"))}


class Words(django_filters.CharFilter):
    """What somebody typed, given to `matching` of the queryset."""

    def filter(self, rows: Any, words: str) -> models.QuerySet:
        return rows.matching(words) if words else rows


class DeclaredFilters(django_filters.FilterSet):
    """Filters of one list. `qs` are the rows that the choices leave, where the list is read from the database."""

    def __init__(self, query: Query, queryset: models.QuerySet, reading: ReadAt | None = None):
        self.query = query
        self.reading: Any = reading  # lists that are read as of now have none
        data = QueryDict(mutable=True)
        for name, value in query.pairs:
            data.appendlist(name, value)
        super().__init__(data, queryset=queryset)
        for name, field in self.form.fields.items():
            one = self.filters[name]
            if isinstance(one, AnyOf):
                field.choices = one.known(query.all(name))
            elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                # A callable would query for every value compared.
                field.choices = list(field.choices)  # type: ignore[arg-type]

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

    # -- what is refused ---------------------------------------------------------------------------------------
    def is_sound(self) -> bool:
        return self.form.is_valid()

    def choices_of(self, name: str) -> Sequence[tuple[Any, Any]]:
        """Values and their labels; none where a value is read and not chosen."""
        field = self.form.fields[name]
        is_choice = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
        return field.choices if is_choice else ()

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

    def known_values(self, name: str) -> Collection[str]:
        return {str(value) for value, _label in self.choices_of(name)}

    def mended(self) -> Query:
        mended = self.query
        for name, value in self.bad_values():
            mended = mended.minus(name, value)
        return mended

    # -- what is found -----------------------------------------------------------------------------------------
    @property
    def cleaned(self) -> dict:
        return self.form.cleaned_data

    @property
    def total(self) -> int:
        return self.qs.count()

    def on(self, page: Span) -> Any:
        """The rows of one page."""
        return self.qs[page.start : page.stop]

    def but(self, name: str) -> models.QuerySet:
        """The rows that all choices but those of one filter leave, in no order."""
        rows = self.queryset.order_by()
        for other, one in self.filters.items():
            if other != name:
                rows = one.filter(rows, self.cleaned[other])
        return rows

    def counts(self, name: str) -> Mapping[str, int]:
        """How many rows each value of a filter would show beside what else is chosen."""
        return self.filters[name].counts(self.but(name), self.known_values(name))

    # -- what is drawn -----------------------------------------------------------------------------------------
    def around(self, path: str, *, without: Collection[str] = ()) -> Listing:
        """The form and the chips. What is chosen of a filter `without` a place in the form is a chip all the same."""
        drawn = [
            name
            for name, one in self.filters.items()
            if getattr(one, "is_drawn", False) and name not in without
        ]
        return Listing(
            self.query,
            path,
            tuple(self.drawn(name, self.counts(name)) for name in drawn),
            tuple(self.chips(path, [name for name in self.filters if name not in drawn])),
        )

    def chips(self, path: str, names: Iterable[str]) -> list[Chip]:
        return [
            Chip(self.chip_words(name, value), self.query.minus(name, value).drop("page").link(path))
            for name in names
            for value in self.query.all(name)
        ]

    def chip_words(self, name: str, value: str) -> str:
        """The label of a choice; of what is no choice, what it is as well."""
        if isinstance(self.filters[name], Words):
            return f"含「{value}」"
        if not isinstance(self.filters[name], AnyOf):
            return f"{self.filters[name].label} {self.cleaned[name]}"
        return dict(self.form.fields[name].choices)[value]

    def offered(self, name: str, counts: Mapping[str, int], always: Collection[str] = ()) -> list[Option]:
        """Values with rows and those that are chosen; of the empty ones only those that are offered `always`."""
        chosen = self.cleaned[name]
        is_whole = getattr(self.filters[name], "is_whole", False)
        return [
            Option(value, str(label), counts.get(value, 0), value in chosen)
            for value, label in self.choices_of(name)
            if is_whole or counts.get(value) or value in chosen or value in always
        ]

    def drawn(self, name: str, counts: Mapping[str, int], always: Collection[str] = ()) -> Facet:
        one: Any = self.filters[name]
        return Facet(name, str(one.label), tuple(self.offered(name, counts, always)), one.open_count)
