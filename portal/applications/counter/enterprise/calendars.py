"""The dates of an enterprise as a calendar file under a secret address, which can be taken back."""

import datetime
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.enterprises.models import Enterprise, Membership
from portal.applications.cases.deadlines import correct_by, decide_by
from portal.applications.cases.models import Application, CalendarLink
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.pages.calendar_files import MEDIA_TYPE, ONE_DAY, calendar_file, event_of

from ..crumbs import HOME
from ..reach import at_the_counter, my_enterprise, never_stored
from .overview import certificates_of


@dataclass(frozen=True)
class Date:
    """One day of the enterprise's own; `key` is the same in every reading of the calendar."""

    key: str
    day: datetime.date
    words: str
    href: str


def dates_of(enterprise: Enterprise, today: datetime.date) -> Iterator[Date]:
    """Ends of certificates, and limits of open cases."""
    for own in certificates_of(enterprise, today):
        words = f"证书 {own.certificate.number} 到期（{own.product_count} 个产品）"
        href = reverse("counter:enterprise", args=[enterprise.uscc])
        yield Date(f"certificate-{own.certificate.pk}", own.certificate.valid_until, words, href)
    open_cases = Application.objects.filter(enterprise=enterprise).exclude(kind=Application.Kind.REGISTER)
    for case in open_cases.filter(state=Application.State.RETURNED):
        if day := correct_by(case):
            yield Date(
                f"correct-{case.pk}", day, f"补正期限：{case}", reverse("counter:case", args=[case.number])
            )
    for case in open_cases.filter(state=Application.State.SUBMITTED):
        if day := decide_by(case):
            yield Date(
                f"decide-{case.pk}", day, f"办理期限：{case}", reverse("counter:case", args=[case.number])
            )


def calendar_of(enterprise: Enterprise, today: datetime.date) -> bytes:
    now, host = timezone.now(), urlsplit(settings.SITE_URL).hostname
    events = (
        event_of(
            UID=f"{date.key}@{host}",
            DTSTAMP=now,
            DTSTART=date.day,
            DTEND=date.day + ONE_DAY,
            SUMMARY=date.words,
            URL=f"{settings.SITE_URL}{date.href}",
            TRANSP="TRANSPARENT",
        )
        for date in dates_of(enterprise, today)
    )
    return calendar_file("Desk", f"{enterprise.name}的重要日期", events)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@require_safe
@never_stored
def ics(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever has the address reads the dates, while its account is a member; calendars cannot sign in."""
    link = CalendarLink.objects.filter(secret_hash=hash_of(secret), revoked_at=None)
    found = link.select_related("enterprise", "user").first()
    if found is None or not found.user.is_active:
        raise Http404
    if not Membership.objects.of(found.user).filter(enterprise=found.enterprise).exists():
        raise Http404
    return HttpResponse(calendar_of(found.enterprise, clock.today()), content_type=MEDIA_TYPE)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def calendar(request: SignedInRequest, uscc: str) -> HttpResponse:
    """The addresses that this account has; a new one is shown once."""
    membership = my_enterprise(request.user, uscc)
    own, address = membership.enterprise, ""
    mine = CalendarLink.objects.filter(enterprise=own, user=request.user, revoked_at=None)
    if request.method == "POST":
        secret = secrets.token_urlsafe(24)
        mine.update(revoked_at=timezone.now())
        link = CalendarLink.objects.create(enterprise=own, user=request.user, secret_hash=hash_of(secret))
        record("calendar.linked", link, by=request.user, enterprise=own.uscc)
        address = settings.SITE_URL + reverse("counter:ics", args=[secret])
    context = {
        "enterprise": own,
        "address": address,
        "link": mine.first(),
        "dates": sorted(dates_of(own, clock.today()), key=lambda date: date.day),
        "crumbs": [HOME, (own.name, f"/desk/enterprises/{own.uscc}/"), ("重要日期", None)],
    }
    return render(request, "counter/calendar.html", context)


@require_POST
@at_the_counter
def revoke(request: SignedInRequest, uscc: str) -> HttpResponse:
    membership = my_enterprise(request.user, uscc)
    mine = CalendarLink.objects.filter(enterprise=membership.enterprise, user=request.user, revoked_at=None)
    for link in mine:
        record("calendar.revoked", link, by=request.user)
    mine.update(revoked_at=timezone.now())
    messages.success(request, "日历地址已停用，用它订阅的日历不再更新。")
    return redirect("counter:calendar", uscc=uscc)
