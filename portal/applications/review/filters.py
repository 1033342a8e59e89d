"""The filters of the queue. All hold together."""

import datetime

from django.db import models
from django_filters import ChoiceFilter

from catalog.products.models import categories
from catalog.regions.naming import provinces
from portal.applications.cases.deadlines import Deadlines
from portal.applications.cases.models import OPEN_STATES, ApplicationKind, ApplicationState, Item
from portal.core.accounts.roles import prefix_of
from portal.core.desk.filters import DeskFilters

from .queue import LABELS, Cases, narrowed

EVERY = "every"
STATES = [pair for pair in ApplicationState.choices if pair[0] != ApplicationState.DRAFT]
AGES = [(days, f"{days} 个工作日以上") for days in ("3", "5", "10")]
ASSIGNED = [("me", "我"), ("nobody", "未分派"), ("others", "其他人")]
MARKS = [("disputed", "争议"), ("recheck", "抽中复核"), ("support", "请支持机构协助")]
MARK_COLUMNS = {"disputed": "is_disputed", "recheck": "is_recheck", "support": "wants_support"}


class QueueFilters(DeskFilters):
    """What is over stays out of the queue until it is asked for: by its state, a mark, or a search."""

    waits = ChoiceFilter(label="等谁", choices=list(LABELS.items()), method="waiting_for")
    state = ChoiceFilter(
        label="状态",
        choices=[*STATES, (EVERY, "全部，连同办结的")],
        empty_label="未办结",
        method="in_state",
    )
    kind = ChoiceFilter(label="种类", choices=ApplicationKind.choices)
    region = ChoiceFilter(label="企业所在地", choices=provinces, method="in_region")
    category = ChoiceFilter(label="品类", choices=categories, method="of_category")
    age = ChoiceFilter(label="已等", choices=AGES, method="waiting_since")
    assigned = ChoiceFilter(label="承办人", choices=ASSIGNED, method="assigned_to")
    mark = ChoiceFilter(label="标记", choices=MARKS, method="marked")

    @property
    def shows_open_only(self) -> bool:
        return not any(self.query.first(name) for name in ("state", "waits", "mark", "q"))

    def filtered(self, name: str, rows: models.QuerySet) -> models.QuerySet:
        if name == "state" and self.shows_open_only:
            return rows.filter(state__in=OPEN_STATES)
        return super().filtered(name, rows)

    def waiting_for(self, cases: Cases, _name: str, value: str) -> Cases:
        return narrowed(cases, value, self.user)

    def in_state(self, cases: Cases, _name: str, value: str) -> Cases:
        return cases if value == EVERY else cases.filter(state=value)

    def in_region(self, cases: Cases, _name: str, value: str) -> Cases:
        """Where the enterprise is, as the case says or as it is registered."""
        front = prefix_of(value)
        said = models.Q(values__division__startswith=front)
        registered = models.Q(enterprise__division__code__startswith=front)
        return cases.filter(said | (models.Q(values__division__isnull=True) & registered))

    def of_category(self, cases: Cases, _name: str, value: str) -> Cases:
        return cases.filter(pk__in=Item.objects.filter(category__code=value).values("application"))

    def waiting_since(self, cases: Cases, _name: str, value: str) -> Cases:
        """Since the newest submission, in working days."""
        deadlines = Deadlines()
        tomorrow = deadlines.today + datetime.timedelta(days=1)
        return cases.filter(clock_on__lte=deadlines.workdays.latest_overdue(tomorrow, int(value)))

    def assigned_to(self, cases: Cases, _name: str, value: str) -> Cases:
        if value == "nobody":
            return cases.filter(assigned_to__isnull=True)
        if value == "me":
            return cases.filter(assigned_to=self.user)
        return cases.filter(assigned_to__isnull=False).exclude(assigned_to=self.user)

    def marked(self, cases: Cases, _name: str, value: str) -> Cases:
        return cases.filter(**{MARK_COLUMNS[value]: True})
