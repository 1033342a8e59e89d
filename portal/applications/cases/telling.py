"""Messages about a case. They are written with the step that they tell of, and leave once it is committed."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from catalog.enterprises.models import Enterprise, Membership
from portal.core.accounts.models import User
from portal.core.mail import send

from .deadlines import correct_by
from .models import Act, ActKind, Application, ApplicationKind, ApplicationState, Side
from .offices import Offices, staffed_region
from .reasons import words_of_reason

HEADLINES = {
    ActKind.RETURNED: "退回补正",
    ActKind.ITEMS_DECIDED: "部分产品已通过，其余待补正",
    ActKind.APPROVED: "已通过",
    ActKind.REJECTED: "不予通过",
    ActKind.PASSED: "已转办",
    ActKind.MESSAGE: "有新的留言",
    ActKind.RECHECKED: "复核发现问题",
}


def tell_enterprise(application: Application, act: Act) -> None:
    """What an office did, to everybody who acts for the enterprise; an internal note is nothing to tell."""
    if act.is_internal or act.kind not in HEADLINES:
        return
    due_on = correct_by(application) if application.state == ApplicationState.RETURNED else None
    context = _context(application, act) | {"due_on": due_on}
    for user in _enterprise_side(application):
        if user != act.by:
            send("case_told", to=user, context=context, link=link_of(application))


def tell_office(application: Application, act: Act) -> None:
    """A message of the enterprise, to whoever has the case in hand; without one it waits in the queue."""
    if application.assigned_to is not None and application.assigned_to.is_active:
        link = office_link_of(application)
        send("case_told", to=application.assigned_to, context=_context(application, act), link=link)


def tell_working_group(application: Application, act: Act) -> None:
    """That a second look found something wrong, to whoever can put it right on the lists."""
    publishers = User.objects.filter(grants__role="publisher", is_active=True, is_staff=True)
    for user in publishers.order_by("pk").distinct():
        if user != act.by:
            send("case_told", to=user, context=_context(application, act), link=office_link_of(application))


def office_link_of(application: Application) -> str:
    """The page of a case at the review desk."""
    return reverse("admin:desk_application_change", args=[application.pk])


def tell_owners_of_dispute(application: Application) -> None:
    """That somebody claims their enterprise; not who, and not with which papers."""
    assert application.enterprise is not None  # noqa: S101 - a dispute is about one
    for user in _members(application.enterprise, [Membership.Role.OWNER]):
        send("case_disputed", to=user, context=_office(application) | _named(application.enterprise))


def tell_former_members(application: Application, users: Iterable[User]) -> None:
    assert application.enterprise is not None  # noqa: S101
    for user in users:
        send("membership_ended", to=user, context=_office(application) | _named(application.enterprise))


def tell_member(membership: Membership, *, reason: str) -> None:
    """That an office ended what this account does for the enterprise, and why."""
    office = Offices().of(staffed_region(membership.enterprise.scope_division))
    context = {"office": office.name, "phone": office.phone, "reason": reason}
    if membership.user.is_active:
        send("membership_closed", to=membership.user, context=context | _named(membership.enterprise))


def link_of(application: Application) -> str:
    """The page of a case at the counter."""
    return reverse("counter:case", args=[application.number])


def _context(application: Application, act: Act) -> dict[str, Any]:
    reasons = [reason for reason in act.reasons if reason["field"] not in ("opinion", "recheck", "helper")]
    is_helper = any(reason["field"] == "helper" for reason in act.reasons)
    lines = dict(application.items.values_list("pk", "position")) if reasons else {}
    return _office(application) | {
        "headline": HEADLINES[ActKind(act.kind)],
        "kind": application.get_kind_display(),
        "number": application.number,
        "reasons": [_reason(application, reason, lines) for reason in reasons],
        "text": act.text,
        "is_from_enterprise": act.side == Side.ENTERPRISE,
        "is_from_helper": is_helper,
    }


def _reason(application: Application, reason: dict[str, Any], lines: dict[int, int]) -> str:
    place = lines.get(reason.get("item") or 0)
    words = words_of_reason(application.kind, reason)
    return f"第 {place} 行 {words}" if place else words


def _office(application: Application) -> dict[str, str]:
    office = Offices().of(application.office)
    return {"office": office.name, "phone": office.phone}


def _named(enterprise: Enterprise) -> dict[str, str]:
    return {"enterprise": enterprise.name, "uscc": enterprise.uscc}


def _enterprise_side(application: Application) -> list[User]:
    if application.kind == ApplicationKind.REGISTER or application.enterprise is None:
        return [application.created_by] if application.created_by.is_active else []
    return _members(application.enterprise, [Membership.Role.OWNER, Membership.Role.EDITOR])


def _members(enterprise: Enterprise, roles: list[str]) -> list[User]:
    memberships = Membership.objects.active().filter(enterprise=enterprise, role__in=roles)
    return list(User.objects.filter(pk__in=memberships.values("user"), is_active=True).order_by("pk"))
