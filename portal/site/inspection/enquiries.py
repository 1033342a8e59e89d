"""Whether everybody who wrote was answered within three months."""

from django.urls import reverse

from events.enquiries.models import Enquiry
from portal.core.pages.reading import ReadAt

from .checks import Check, Finding
from .freshness import WARNING_DAYS, months_after

ITEM, REQUIREMENT, MONTHS = "留言答复", "3 个月内全部答复", 3


def answers(reading: ReadAt) -> Check:
    """No personal data: numbers and days only."""
    waiting = list(Enquiry.objects.waiting().order_by("received_on", "id"))
    found = [finding for enquiry in waiting for finding in _findings(enquiry, reading)]
    measured = f"{len(waiting)} 件在办" if waiting else "没有在办的"
    if waiting:
        measured += f"，最早收到的是 {waiting[0].received_on}"
    return Check(ITEM, REQUIREMENT, measured, tuple(found))


def _findings(enquiry: Enquiry, reading: ReadAt) -> list[Finding]:
    due_on = months_after(enquiry.received_on, MONTHS)
    days_left = (due_on - reading.day).days
    if days_left > WARNING_DAYS:
        return []
    where = reverse("admin:enquiries_enquiry_changelist") + f"?q={enquiry.number}"
    name = f"{enquiry.get_kind_display()} {enquiry.number}（{enquiry.received_on} 收到）"
    if days_left < 0:
        sentence = f"{name}超过 3 个月没有答复，晚了 {-days_left} 天。"
    else:
        sentence = f"{name}还没有答复，到 {due_on} 满 3 个月，还有 {days_left} 天。"
    return [Finding(sentence, where, "由办理单位答复，或转办并催办", is_warning=days_left >= 0)]
