"""Questions that are put into SQL once: for a wide row that takes Django five times as long as to ask and to read it.

    @prepared
    def lines_of(edition, numbers):
        return ProductLine.objects.public(edition).filter(number__in=numbers)

    lines_of(edition=7, numbers=["00000018"])

The function is called once for each database and for so many values, with places in place of the values: it may hand
them to filters and do nothing else with them. Several keys of a relation are asked for as `maker__id__in`: `maker__in` looks
at each.
"""

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import update_wrapper
from itertools import count
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from portal.core.replicas import reading_from

Row = TypeVar("Row")
MOST = 1024  # values of one parameter; more are asked as any queryset is
_PLACE = re.compile(r"(?<!%)%s")  # a name in its stead is what SQLite's backend need not look for in the text


class Place(Expression):
    """Stands in the SQL for a value that each question brings: a text, a whole number or a day."""

    def __init__(self, name: str, at: int | None = None):
        super().__init__()
        self.name, self.at = name, at

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def value_in(self, given: Mapping[str, Any]) -> Any:
        value = given[self.name]
        return value if self.at is None else value[self.at]


@dataclass(frozen=True)
class Statement:
    """`compiler` knows how rows of the SQL are read; none where nothing can be found, whatever is given. `converters` are what it
    would look for anew, column by column, for each question."""

    queryset: QuerySet[Any]
    compiler: SQLCompiler | None
    sql: str = ""
    parameters: tuple[Any, ...] = ()
    converters: dict[int, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, queryset: QuerySet[Any], alias: str) -> "Statement":
        compiler = queryset.query.get_compiler(alias)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return cls(queryset, None)
        numbers = count()
        named = _PLACE.sub(lambda _: f"%(p{next(numbers)})s", sql)
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        return cls(queryset, compiler, named, tuple(parameters), compiler.get_converters(columns))

    def rows(self, alias: str, given: Mapping[str, Any]) -> list[Any]:
        if self.compiler is None:
            return []
        connection = connections[alias]
        compiler: Any = copy(self.compiler)
        compiler.connection = connection  # each thread has its own
        bound = {f"p{n}": _bound(one, given, connection) for n, one in enumerate(self.parameters)}
        compiler.as_sql = lambda *_, **__: (self.sql, bound)
        compiler.get_converters = lambda _: self.converters
        source: Any = SimpleNamespace(
            db=alias,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            _known_related_objects={},
        )
        read: Any = self.queryset._iterable_class  # type: ignore[attr-defined]
        return list(read(source))


class Prepared(Generic[Row]):
    def __init__(self, make: Callable[..., QuerySet[Any, Row]]):
        self.make = make
        self._statements: dict[tuple, Statement] = {}
        update_wrapper(self, make)

    def __call__(self, **given: Any) -> list[Row]:
        given = {name: _filled(value) if _is_several(value) else value for name, value in given.items()}
        lengths = {name: len(value) if isinstance(value, tuple) else None for name, value in given.items()}
        if any(length and length > MOST for length in lengths.values()):
            return list(self.make(**given))
        alias = reading_from()
        key = (alias, *lengths.items())
        if key not in self._statements:
            self._statements[key] = Statement.of(self.make(**_places(lengths)), alias)
        return self._statements[key].rows(alias, given)


def prepared(make: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    return Prepared(make)


def _is_several(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str)


def _filled(values: Collection[Any]) -> tuple[Any, ...]:
    """The last once more, up to a power of two: so few statements answer for any number of values."""
    several = tuple(values)
    missing = (1 << max(len(several) - 1, 0).bit_length()) - len(several) if several else 0
    return several + several[-1:] * missing


def _places(lengths: Mapping[str, int | None]) -> dict[str, Any]:
    return {
        name: Place(name) if length is None else [Place(name, at) for at in range(length)]
        for name, length in lengths.items()
    }


def _bound(parameter: Any, given: Mapping[str, Any], connection: Any) -> Any:
    value = parameter.value_in(given) if isinstance(parameter, Place) else parameter
    return connection.ops.adapt_datefield_value(value) if isinstance(value, datetime.date) else value
