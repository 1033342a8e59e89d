"""The filters of the queue. All hold together; a value that none of them knows is told, not ignored."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest

from catalog.products.models import Category
from catalog.regions.models import Division
from portal.applications.cases.deadlines import Deadlines
from portal.applications.cases.models import OPEN_STATES, ApplicationKind, ApplicationState, Item
from portal.core.accounts.models import User
from portal.core.accounts.roles import prefix_of
from portal.core.accounts.signed_in import person
from portal.core.pages.parameters import LONGEST_VALUE, BadParameter, Problem, Query, has_control, label_of

from .queue import LABELS, narrowed

SOON_DAYS = 3
LISTED = frozenset({"q", "p", "o"})  # search, page and order of a change list


class Filter(admin.SimpleListFilter):
    """Base: `narrow(cases, value, user)` for a value that is one of `choices_for(user)`."""

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        return list(self.choices_for(person(request)))

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        value = self.value()
        return self.narrow(queryset, value, person(request)) if value else queryset

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        raise NotImplementedError

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        raise NotImplementedError


class WaitsFilter(Filter):
    title, parameter_name = "等谁", "waits"

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        return LABELS.items()

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        return narrowed(cases, value, user)


class RegionFilter(Filter):
    """Where the enterprise is, as the case says or as it is registered."""

    title, parameter_name = "企业所在地", "region"

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        provinces = Division.objects.filter(level="province").order_by("code")
        return provinces.values_list("code", "name")

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        front = prefix_of(value)
        said = models.Q(values__division__startswith=front)
        registered = models.Q(enterprise__division__code__startswith=front)
        return cases.filter(said | (models.Q(values__division__isnull=True) & registered))


class KindFilter(Filter):
    title, parameter_name = "种类", "kind"

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        return ApplicationKind.choices

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        return cases.filter(kind=value)


class CategoryFilter(Filter):
    title, parameter_name = "品类", "category"

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        return Category.objects.order_by("position", "code").values_list("code", "name")

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        return cases.filter(pk__in=Item.objects.filter(category__code=value).values("application"))


class AgeFilter(Filter):
    """How long it has waited since its newest submission, in working days."""

    title, parameter_name = "已等", "age"
    BOUNDS = {"3": "3 个工作日以上", "5": "5 个工作日以上", "10": "10 个工作日以上"}

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        return self.BOUNDS.items()

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        deadlines = Deadlines()
        tomorrow = deadlines.today + datetime.timedelta(days=1)
        return cases.filter(clock_on__lte=deadlines.workdays.latest_overdue(tomorrow, int(value)))


class AssignedFilter(Filter):
    title, parameter_name = "承办人", "assigned"

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        return [("me", "我"), ("nobody", "未分派"), ("others", "其他人")]

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        if value == "nobody":
            return cases.filter(assigned_to__isnull=True)
        if value == "me":
            return cases.filter(assigned_to=user)
        return cases.filter(assigned_to__isnull=False).exclude(assigned_to=user)


class MarkFilter(Filter):
    title, parameter_name = "标记", "mark"
    COLUMNS = {"disputed": "is_disputed", "recheck": "is_recheck", "support": "wants_support"}

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        return [("disputed", "争议"), ("recheck", "抽中复核"), ("support", "请支持机构协助")]

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        return cases.filter(**{self.COLUMNS[value]: True})


class StateFilter(Filter):
    """What is over stays out of the queue until it is asked for: by its state, a mark, or a search."""

    title, parameter_name = "状态", "state"
    EVERY = "every"

    def choices_for(self, user: User) -> Iterable[tuple[str, str]]:
        states = [pair for pair in ApplicationState.choices if pair[0] != ApplicationState.DRAFT]
        return [*states, (self.EVERY, "全部，连同办结的")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": "未办结"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if shows_open_only(request):
            return queryset.filter(state__in=OPEN_STATES)
        return super().queryset(request, queryset)

    def narrow(self, cases: models.QuerySet, value: str, user: User) -> models.QuerySet:
        return cases if value == self.EVERY else cases.filter(state=value)


def shows_open_only(request: HttpRequest) -> bool:
    return not any(request.GET.get(name) for name in ("state", "waits", "mark", "q"))


FILTERS: tuple[type[Filter], ...] = (
    WaitsFilter,
    StateFilter,
    KindFilter,
    RegionFilter,
    CategoryFilter,
    AgeFilter,
    AssignedFilter,
    MarkFilter,
)


def refuse_unknown(request: HttpRequest, page: admin.ModelAdmin) -> None:
    """Raises BadParameter: Django's list would lead on to all cases instead, without a word."""
    query = Query.of(request)
    known = {filter_class.parameter_name: filter_class for filter_class in FILTERS}
    problems = []
    for name, value in query.pairs:
        if has_control(value) or len(value) > LONGEST_VALUE:
            problems.append(Problem(name, "", f"「{label_of(name)}」含有不能识别的字符，或过长，请改写。"))
        elif name in known:
            asked = known[name](request, {name: [value]}, page.model, page)
            if value not in {str(choice) for choice, _label in asked.lookup_choices}:
                problems.append(Problem(name, value, f"「{asked.title}」没有「{value}」这个值。"))
        elif name not in LISTED:
            problems.append(Problem(name, value, f"本页没有「{name}」这个参数。"))
    if problems:
        raise BadParameter(query, problems)
