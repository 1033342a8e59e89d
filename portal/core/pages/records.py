"""The public pages of one kind of record: its list, and the page of each with its versions.

A room declares a `Records` and says only what differs. What was public once is never a bare 404: before its first day the
page says when it came.
"""

from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from portal.core.pages.cache import View, public_page
from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.missing import NeverPublic
from portal.core.pages.pagination import SIZE, page_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt, read_at
from portal.core.workflow.records import Version

Wording = TypeVar("Wording", bound=Version)
Crumb = tuple[str, str | None]


class Records(Generic[Wording]):
    """One instance answers one request; a method of it is a page: `Letters.view("listed")`, `Letters.view("detail")`.

    The list is drawn from `<template>_list.html` with `rows`, `page`, `filters` and `listing`, a record from
    `<template>_detail.html` with `version` and `versions`; `beside_list` and `told` add what a room has to say.
    """

    model: ClassVar[type[Version]]
    what: ClassVar[str]  # the record in 「没有公布过这一…」, and its list counted in `unit`
    unit: ClassVar[str] = "项"
    label: ClassVar[str]  # the heading of the list
    address: ClassVar[str]  # the name of the list's address
    template: ClassVar[str]
    trail: ClassVar[tuple[tuple[str, str], ...]] = ()  # labels and addresses of the pages above the list
    filters: ClassVar[type[DeclaredFilters]] = DeclaredFilters
    order: ClassVar[tuple[str, ...]] = ()  # where it is not `newest_first` of the queryset
    listed_with: ClassVar[tuple[str, ...]] = ()  # rows that the list needs beside its own
    read_with: ClassVar[tuple[str, ...]] = ()
    size: ClassVar[int | None] = SIZE  # None: all of them on one page

    def __init__(self, request: HttpRequest, reading: ReadAt | None = None):
        self.request, self.query = request, Query.of(request)
        if reading is not None:
            self.reading = reading

    @classmethod
    def view(cls, page: str) -> View:
        @require_safe
        @public_page
        def answer(request: HttpRequest, **given: Any) -> HttpResponse:
            return getattr(cls(request), page)(**given)

        return answer

    @cached_property
    def reading(self) -> ReadAt:
        return read_at(self.request)

    @property
    def moment(self) -> Query:
        """The moment that is read, without any other parameter."""
        return self.query.keep(*PARAMETERS)

    # -- the list ----------------------------------------------------------------------------------------------
    def visible(self) -> QuerySet[Any]:
        return self.model.objects.visible(self.reading.edition, self.reading.day)

    def rows(self) -> QuerySet[Any]:
        """What the list is of, in its order."""
        rows: Any = self.visible().standing()  # type: ignore[attr-defined]
        rows = rows.order_by(*self.order) if self.order else rows.newest_first()
        return rows.select_related(*self.listed_with)

    def chosen(self, *more: str) -> DeclaredFilters:
        """What the visitor asked for; `more` are parameters that are no filters. Raises BadParameter."""
        return self.filters.read(self.query, self.rows(), self.reading, more=more)

    def listed(self) -> HttpResponse:
        filters = self.chosen(*(["page"] if self.size else []))
        page = page_of(self.query, filters.total, self.size or max(1, filters.total))
        rows = self.shown(filters.on(page))
        context = {
            "filters": filters,
            "listing": filters.around(self.request.path),
            "page": page,
            "rows": rows,
            "crumbs": [*self.above(), (self.label, None)],
        }
        return self.drawn("list", {**context, **self.beside_list(filters, rows)})

    def shown(self, rows: Any) -> Any:
        """The rows of one page as the template draws them."""
        return rows

    def beside_list(self, filters: Any, rows: Any) -> dict[str, Any]:
        return {}

    # -- one record --------------------------------------------------------------------------------------------
    def versions(self, number: int | str) -> list[Wording]:
        """Every version that some visitor could have read by then, newest first; the first is read. One query.

        It is empty for a record that came later.
        """
        known = self.model.objects.filter(**{f"{self.model.IDENTITY}_id": number})
        rows = known.ever_visible(self.reading.day, self.reading.edition)
        rows = rows.filter(from_edition__lte=self.reading.edition)
        return list(rows.select_related("from_edition", *self.read_with).order_by("-from_edition_id"))  # type: ignore[arg-type]

    def detail(self, number: int | str) -> HttpResponse:
        self.query.refuse_unknown(single=PARAMETERS)
        versions = self.versions(number)
        if not versions:
            return self.came_later(number)
        return self.drawn("detail", self.context_of(versions[0], versions))

    def context_of(self, version: Wording, versions: list[Wording]) -> dict[str, Any]:
        context = {"version": version, "versions": versions, "takes": [], "crumbs": self.crumbs_of(version)}
        return {**context, **self.told(version, versions)}

    def told(self, version: Wording, versions: list[Wording]) -> dict[str, Any]:
        return {}

    def came_later(self, number: int | str) -> HttpResponse:
        """The page of a record for a moment before it. Raises NeverPublic where nobody could ever read it."""
        first = self.first_of(number)
        crumbs = [*self.above(), (self.label, self.list_href), ("当时尚未公布", None)]
        context = {"what": self.what, "first": first, "day": first.read_from, "crumbs": crumbs}
        return self.answer("pages/came_later.html", context)

    def first_of(self, number: int | str) -> Wording:
        """The version that visitors read first. Raises NeverPublic where nobody could ever read one."""
        known = self.model.objects.filter(**{f"{self.model.IDENTITY}_id": number})
        ever = known.ever_visible(self.reading.today)
        first = ever.select_related("from_edition").order_by("from_edition_id").first()
        if first is None:
            raise NeverPublic(f"没有公布过这一{self.what}。")
        return first  # type: ignore[return-value]

    # -- both --------------------------------------------------------------------------------------------------
    def drawn(self, which: str, context: dict[str, Any]) -> HttpResponse:
        return self.answer(f"{self.template}_{which}.html", context)

    def answer(self, template: str, context: dict[str, Any], **how: Any) -> HttpResponse:
        own = {"records": self, "query": self.query, "reading": self.reading}
        return render(self.request, template, {**own, **context}, **how)

    @property
    def list_href(self) -> str:
        return self.moment.link(reverse(self.address))

    def above(self) -> list[Crumb]:
        return [(label, self.moment.link(reverse(name))) for label, name in self.trail]

    def crumbs_of(self, version: Wording) -> list[Crumb]:
        return [*self.above(), (self.label, self.list_href), (self.name_of(version), None)]

    def name_of(self, version: Wording) -> str:
        return str(version)
