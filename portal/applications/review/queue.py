"""What waits for whom: the counters of the queue, and the same questions as filters of its list."""

import datetime
from dataclasses import dataclass

from django.db import models

from portal.applications.cases.deadlines import Deadlines, queue_of
from portal.applications.cases.models import Act, ActKind, Application, ApplicationState
from portal.core.accounts.models import User
from portal.core.accounts.roles import prefix_of
from portal.core.editions import clock

State = ApplicationState
Cases = models.QuerySet[Application]


def lacks_opinion(cases: Cases, user: User) -> Cases:
    """Those that wait for the opinion of a region: of an officer's own region, where the person is one."""
    given = Act.objects.filter(
        application=models.OuterRef("pk"), kind=ActKind.OPINION, at__gte=models.OuterRef("submitted_at")
    )
    asked = cases.filter(state=State.SUBMITTED).exclude(opinion_division="")
    return asked.filter(_of_region(user)).exclude(models.Exists(given))


def _of_region(user: User) -> models.Q:
    scopes = user.scopes("cases.handle")
    if scopes is None or not scopes:
        return models.Q()
    within = models.Q(pk__in=[])
    for division in scopes:
        within |= models.Q(opinion_division__startswith=prefix_of(division))
    return within


def own_queue(cases: Cases, user: User) -> Cases:
    """Of `cases` those of the person's office, or given to the person; for whoever only reads, all of them."""
    if not user.may_somewhere("cases.decide"):
        return cases
    return cases.filter(pk__in=queue_of(user).values("pk"))


@dataclass(frozen=True)
class Counter:
    """One number above the queue. `code` is a status of the look, `waits` the value of the filter behind it."""

    code: str
    label: str
    waits: str
    count: int
    note: str = ""


LABELS = {
    "mine": "待我处理",
    "enterprise": "待企业补正",
    "late": "已逾期",
    "opinion": "待地区意见",
}
CODES = {"mine": "approved", "enterprise": "suspended", "late": "revoked", "opinion": "notice"}


def narrowed(cases: Cases, waits: str, user: User, deadlines: Deadlines | None = None) -> Cases:
    """The cases behind one counter."""
    if waits == "opinion":
        return lacks_opinion(cases, user)
    own = own_queue(cases, user)
    if waits == "mine":
        return own.filter(state=State.SUBMITTED)
    if waits == "enterprise":
        return own.filter(state=State.RETURNED)
    return (deadlines or Deadlines()).overdue(own)


def counters(user: User) -> list[Counter]:
    """Four numbers, with how old the oldest case is."""
    cases, deadlines = Application.objects.in_scope(user), Deadlines()
    found = []
    for waits, label in LABELS.items():
        told = narrowed(cases, waits, user, deadlines).aggregate(
            count=models.Count("pk"), oldest=models.Min("clock_on")
        )
        note = _age(deadlines, told["oldest"]) if waits != "enterprise" else "在等企业"
        found.append(Counter(CODES[waits], label, waits, told["count"], note if told["count"] else ""))
    return found


def _age(deadlines: Deadlines, oldest: datetime.date | None) -> str:
    if oldest is None:
        return ""
    days = deadlines.workdays.between(oldest, clock.today())
    return f"最早 {days} 个工作日前" if days else "今天提交"
