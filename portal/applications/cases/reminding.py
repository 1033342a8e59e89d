"""What enterprises are reminded of: certificates that end, and cases that wait for them. Each reminder goes out once."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse

from catalog.enterprises.models import Membership
from catalog.products.models import Certificate
from catalog.standing.days import SOON, days_left
from catalog.standing.registers import CERTIFICATE
from portal.core import mail
from portal.core.accounts.models import User
from portal.core.editions import clock
from portal.core.schedule.acts import Report

from .models import Act, ActKind, Application, SentReminder, Side

# Days; the nearest that holds is sent, so that a missed day sends one letter, not three.
BEFORE_THE_END = (7, 30, SOON)
IDLE = (30, 14)
# An end that long ago is told no more: whoever begins with this command now knows.
LATEST = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Reminder:
    """One letter to one account. `key` is what it is sent once for."""

    key: str
    user: User
    template: str
    context: dict[str, Any]
    href: str
    application: Application | None = field(default=None, compare=False)


def due(today: datetime.date) -> Iterator[Reminder]:
    yield from _endings(today)
    yield from _untouched(today)


def send_all(today: datetime.date) -> int:
    """Send what is due and was not sent; how many letters that were. Safe daily, twice a day, and twice at once."""
    return sum(send(reminder) for reminder in due(today))


@transaction.atomic
def send(reminder: Reminder) -> bool:
    """The key is taken before the letter is written: of two at once, one finds it taken."""
    _row, is_new = SentReminder.objects.get_or_create(key=reminder.key, defaults={"user": reminder.user})
    if not is_new:
        return False
    mail.send(reminder.template, to=reminder.user, context=reminder.context, link=reminder.href)
    if reminder.application is not None:
        Act.objects.create(
            application=reminder.application,
            kind=ActKind.REMINDED,
            side=Side.SYSTEM,
            text=f"退回后 {reminder.context['days']} 天没有补正，已提醒。",
        )
    return True


def _endings(today: datetime.date) -> Iterator[Reminder]:
    """Of certificates that nothing replaced and that the enterprise's products still rest on."""
    ending = Certificate.objects.filter(
        CERTIFICATE.condition(["ending", "expired"], today),
        valid_until__gte=today - LATEST,
        renewed_by__isnull=True,
        products__isnull=False,
    )
    pairs = ending.order_by("valid_until", "pk").values_list("pk", "products__enterprise").distinct()
    certificates = Certificate.objects.in_bulk([pk for pk, _enterprise in pairs])
    for pk, enterprise in pairs:
        certificate = certificates[pk]
        days = days_left(certificate.valid_until, today)
        mark = "ended" if days < 0 else next(limit for limit in BEFORE_THE_END if days <= limit)
        for membership in _writers(enterprise):
            own = membership.enterprise
            yield Reminder(
                f"certificate:{pk}:{certificate.valid_until}:{mark}:{own.pk}:{membership.user_id}",
                membership.user,
                "certificate_ending",
                {
                    "certificate": certificate.number,
                    "enterprise": own.name,
                    "valid_until": certificate.valid_until,
                    "days": days,
                    "is_over": days < 0,
                },
                f"{reverse('counter:begin', args=[own.uscc, 'renewal'])}?certificate={pk}",
            )


def _untouched(today: datetime.date) -> Iterator[Reminder]:
    """Of returned cases that their enterprise did not save for that long; what an office does does not count."""
    returned = Application.objects.filter(state=Application.State.RETURNED).select_related("enterprise")
    for application in returned.order_by("pk"):
        touched_on = clock.day_of(max(application.saved_at, application.returned_at or application.saved_at))
        days = (today - touched_on).days
        mark = next((limit for limit in IDLE if days >= limit), None)
        if mark is None:
            continue
        for user in _who_works_on(application):
            yield Reminder(
                f"case:{application.pk}:{touched_on}:{mark}:{user.pk}",
                user,
                "case_untouched",
                {"number": application.number, "kind": application.get_kind_display(), "days": mark},
                reverse("counter:case", args=[application.number]),
                application,
            )


def _writers(enterprise: int) -> list[Membership]:
    roles = (Membership.Role.OWNER, Membership.Role.EDITOR)
    found = Membership.objects.active().filter(enterprise=enterprise, role__in=roles, user__is_active=True)
    return list(found.select_related("user", "enterprise").order_by("pk"))


def _who_works_on(application: Application) -> list[User]:
    if application.kind == Application.Kind.REGISTER or application.enterprise_id is None:
        return [application.created_by] if application.created_by.is_active else []
    return [membership.user for membership in _writers(application.enterprise_id)]


def by_itself() -> Report:
    return Report(f"发出 {send_all(clock.today())} 条提醒。")
