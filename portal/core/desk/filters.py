"""Filters of a list at the desk, declared once like those of the public lists: label, values, parameter, condition.

Django's list would lead on to all rows, without a word, where it does not know a parameter or a value: here it is told.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.parameters import Query

from .list_parts import ListPart

LISTED = ("q", "p", "o")  # search, page and order of a change list


class DeskFilters(DeclaredFilters):
    """`user` is who looks at the list. Read once a request; everything beside it is asked of what was read."""

    def __init__(self, query: Query, queryset: models.QuerySet, user: Any):
        super().__init__(query, queryset)
        self.user = user

    @classmethod
    def of(cls, request: HttpRequest, model: type[models.Model]) -> Self:
        """Raises BadParameter."""
        known: Any = request
        if not hasattr(known, "desk_filters"):
            rows = model._default_manager.none()
            known.desk_filters = cls.read(Query.of(request), rows, request.user, more=LISTED)
        return known.desk_filters

    def filtered(self, name: str, rows: models.QuerySet) -> models.QuerySet:
        return self.filters[name].filter(rows, self.cleaned[name])


class DrawnFilter(admin.SimpleListFilter):
    """One of the filters, as a change list draws it."""

    declared: ClassVar[type[DeskFilters]]

    def __init__(self, request: HttpRequest, params: dict, model: type[models.Model], model_admin: Any):
        self.filters = self.declared.of(request, model)
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        fields: Any = self.filters.form.fields
        return [(value, label) for value, label in fields[self.parameter_name].choices if value]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """What stands for no choice is 全部, unless the filter has another word for it."""
        first, *others = super().choices(changelist)
        word = self.filters.filters[self.parameter_name].extra.get("empty_label")
        yield {**first, "display": word or first["display"]}
        yield from others

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return self.filters.filtered(str(self.parameter_name), queryset)


class FilteredAdmin(admin.ModelAdmin):
    """A change list with `filters`, and with what rooms above have for it; kept filters and an export stand beside them."""

    filters: ClassVar[type[DeskFilters]]
    list_views: tuple[tuple[str, str], ...] = ()
    shown_as_views: tuple[str, ...] = ()  # filters that the page offers as a line of links, not as a choice

    @property
    def part(self) -> ListPart | None:
        return self.admin_site.list_part(self.model)  # type: ignore[attr-defined]

    @cached_property
    def filter_set(self) -> type[DeskFilters]:
        if self.part is None:
            return self.filters
        return type(self.filters.__name__, (self.part.filters, self.filters), {})

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [
            type(
                name,
                (DrawnFilter,),
                {"title": one.label, "parameter_name": name, "declared": self.filter_set},
            )
            for name, one in self.filter_set.base_filters.items()
        ]

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), *(self.part.columns if self.part else ()))

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """All that say their order. Django would look for each in the columns of another call, where those that are made for
        a request are others."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        return self.part.annotate(rows) if self.part else rows

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        self.filter_set.of(request, self.model)
        return super().get_changelist_instance(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        self.filter_set.of(request, self.model)
        return super().changelist_view(request, extra_context)

    def offered_views(self) -> tuple[tuple[str, str], ...]:
        return (*self.list_views, *(self.part.views if self.part else ()))
