"""What the desk says of the signed log: only that something is wrong with it. All else stands on its public page."""

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from portal.core.accounts.capability_admin import ReadOnlyAdmin, Waiting

from .models import LogKey
from .signing import disagreement


@admin.register(LogKey)
class LogKeyAdmin(ReadOnlyAdmin):
    read = "schedule.read"
    fields = ("key", "size", "at", "reason", "endorsement")
    list_display = ("key", "size", "at", "reason")

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        fault = disagreement()
        note = f"{fault}请停止公布，并按运维手册「The key of the open log」处理"
        return [Waiting("revoked", "公开日志与签过名的不符", 1, reverse("log:page"), note)] if fault else ()
