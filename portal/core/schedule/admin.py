"""The administrator's page of what the portal does by itself."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin, Waiting
from portal.core.accounts.signed_in import person

from . import standing
from .models import ScheduledRun

SHOWN = 30


@admin.register(ScheduledRun)
class ScheduledRunAdmin(ReadOnlyAdmin):
    read = "schedule.read"
    menu_place = Place(Group.OTHER, "定时事项", 73)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        if not self.may_read(person(request)):
            raise PermissionDenied
        troubled = ScheduledRun.objects.filter(state__in=("failed", "found"))
        context = {
            **self.admin_site.each_context(request),
            "title": "定时事项",
            "conditions": standing.conditions(),
            "troubled": [(run, standing.label_of(run)) for run in troubled[:SHOWN]],
        }
        return TemplateResponse(request, "schedule/acts.html", context)

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        found = [one for one in standing.conditions() if one.is_trouble]
        if not found:
            return ()
        href = reverse("admin:schedule_scheduledrun_changelist")
        return [
            Waiting("revoked", "定时事项要看", len(found), href, "、".join(one.act.label for one in found))
        ]
