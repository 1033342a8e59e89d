"""The first page of the counter: what waits for whom, what ends soon, and for newcomers how it goes."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe

from catalog.enterprises.models import Enterprise, Membership
from catalog.products.models import Certificate
from catalog.standing.days import days_left
from catalog.standing.deadlines import Deadline
from catalog.standing.registers import CERTIFICATE
from portal.applications.cases.deadlines import Deadlines
from portal.applications.cases.models import Application
from portal.applications.cases.offices import Offices
from portal.core.pages.navigation import href_of

from .crumbs import title_of
from .offices_shown import withdrawable_until
from .reach import never_stored

RECENT = 5
State = Application.State


@dataclass(frozen=True)
class Waiting:
    """A case with the limit that runs now."""

    application: Application
    title: str
    deadline: Deadline | None = None
    office: str = ""
    withdrawable_until: datetime.datetime | None = None


@dataclass(frozen=True)
class Ending:
    certificate: Certificate
    enterprise: Enterprise
    days: int
    is_renewing: bool

    @property
    def is_over(self) -> bool:
        return self.days < 0


@require_safe
@never_stored
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "counter/welcome.html", welcome_context())
    memberships = list(
        Membership.objects.of(request.user)
        .select_related("enterprise__division")
        .order_by("enterprise__name")
    )
    cases = list(Application.objects.of_account(request.user).select_related("enterprise").order_by("id"))
    if not memberships and not cases:
        return render(request, "counter/welcome.html", welcome_context())
    return render(request, "counter/home.html", home_context(memberships, cases))


def welcome_context() -> dict[str, Any]:
    return {
        "decide_days": settings.CASE_DECIDE_DAYS,
        "correct_days": settings.CASE_CORRECT_DAYS,
        "notice_days": settings.NOTICE_DAYS,
        "login_href": f"{resolve_url(settings.LOGIN_URL)}?next=/desk/",
        "signup_href": href_of("account_signup"),
        "crumbs": [("企业办事", None)],
    }


def home_context(memberships: list[Membership], cases: list[Application]) -> dict[str, Any]:
    deadlines, offices = Deadlines(), Offices()

    def waiting(state: str) -> list[Waiting]:
        return [
            Waiting(
                case,
                title_of(case),
                deadlines.of(case),
                offices.of(case.office).name,
                withdrawable_until(case),
            )
            for case in cases
            if case.state == state
        ]

    return {
        "memberships": memberships,
        "for_us": waiting(State.RETURNED),
        "for_office": waiting(State.SUBMITTED),
        "drafts": waiting(State.DRAFT),
        "over": [Waiting(case, title_of(case)) for case in reversed(cases) if not case.is_open][:RECENT],
        "endings": endings_of([membership.enterprise for membership in memberships], deadlines.today),
        "crumbs": [("企业办事", None)],
    }


def endings_of(enterprises: list[Enterprise], today: datetime.date) -> list[Ending]:
    """Certificates that end soon or have ended, while products still rest on them; not what was revoked or suspended."""
    by_key = {enterprise.pk: enterprise for enterprise in enterprises}
    resting = Certificate.objects.filter(
        CERTIFICATE.condition(["ending", "expired"], today), products__enterprise__in=by_key
    )
    found = list(resting.order_by("valid_until", "pk").values_list("pk", "products__enterprise").distinct())
    certificates = Certificate.objects.in_bulk([pk for pk, _owner in found])
    renewing = set(
        Application.objects.filter(
            enterprise__in=by_key, kind=Application.Kind.RENEWAL, state__in=(State.SUBMITTED, State.RETURNED)
        ).values_list("target", flat=True)
    )
    return [
        Ending(
            certificates[pk],
            by_key[owner],
            days_left(certificates[pk].valid_until, today),
            f"certificate:{pk}" in renewing,
        )
        for pk, owner in found
    ]
